#include "proto/types.h"

#include <string.h>

#include "base/hex.h"
#include "base/random.h"
#include "hash/blake2s.h"

static const char *const state_names[SAGE_JOB_STATES] = {
#define X(n, t) t,
    SAGE_JOB_STATE_LIST(X)
#undef X
};

static const char *const outcome_names[SAGE_LEASE_OUTCOMES] = {
#define X(n, t) t,
    SAGE_LEASE_OUTCOME_LIST(X)
#undef X
};

const char *sage_job_state_name(sage_job_state s)
{
    return (unsigned)s < SAGE_JOB_STATES ? state_names[s] : NULL;
}

const char *sage_lease_outcome_name(sage_lease_outcome o)
{
    return (unsigned)o < SAGE_LEASE_OUTCOMES ? outcome_names[o] : NULL;
}

static sage_status parse_word(const char *word,
                              const char *const *names,
                              unsigned n,
                              const char *where,
                              unsigned *out,
                              sage_errinfo *err)
{
    for (unsigned i = 0; i < n; i++)
        if (!strcmp(word, names[i])) {
            *out = i;
            return SAGE_OK;
        }
    return sage_fail(err, SAGE_EFORMAT, where, -1, "unknown value \"%.40s\"", word);
}

sage_status sage_job_state_parse(const char *word, sage_job_state *out, sage_errinfo *err)
{
    unsigned i     = 0;
    sage_status st = parse_word(word, state_names, SAGE_JOB_STATES, "proto.state", &i, err);
    if (!st) *out = (sage_job_state)i;
    return st;
}

sage_status
sage_lease_outcome_parse(const char *word, sage_lease_outcome *out, sage_errinfo *err)
{
    unsigned i = 0;
    sage_status st =
        parse_word(word, outcome_names, SAGE_LEASE_OUTCOMES, "proto.outcome", &i, err);
    if (!st) *out = (sage_lease_outcome)i;
    return st;
}

sage_status sage_statement_kind_parse(const char *word, uint32_t *out, sage_errinfo *err)
{
    for (uint32_t kind = 1; sage_statement_name(kind); kind++)
        if (!strcmp(word, sage_statement_name(kind))) {
            *out = kind;
            return SAGE_OK;
        }
    return sage_fail(err, SAGE_EFORMAT, "proto.kind", -1, "unknown value \"%.40s\"", word);
}

bool sage_kind_has_input(uint32_t kind)
{
    return kind == SAGE_STATEMENT_FILE_DIGEST || kind == SAGE_STATEMENT_CAIRO;
}

sage_status sage_id_new(sage_id *out, char letter, sage_errinfo *err)
{
    uint8_t raw[12];
    sage_status st = sage_random_fill(raw, sizeof raw, err);
    if (st) return st;
    out->text[0] = letter;
    out->text[1] = '-';
    sage_hex_encode(out->text + 2, raw, sizeof raw);
    return SAGE_OK;
}

sage_status sage_secret_new(sage_hex32 *out, sage_errinfo *err)
{
    uint8_t raw[32];
    sage_status st = sage_random_fill(raw, sizeof raw, err);
    if (st) return st;
    sage_hex_encode(out->text, raw, sizeof raw);
    sage_secret_zero(raw, sizeof raw);
    return SAGE_OK;
}

static bool all_hex(const char *text, size_t n)
{
    return strspn(text, "0123456789abcdef") == n && text[n] == 0;
}

bool sage_id_valid(const char *text, char letter)
{
    return text[0] == letter && text[1] == '-' && all_hex(text + 2, SAGE_ID_LEN - 2);
}

bool sage_hex32_valid(const char *text)
{
    return all_hex(text, SAGE_HEX32_LEN);
}

void sage_digest_bytes(sage_hex32 *out, const void *bytes, size_t len)
{
    uint8_t digest[32];
    sage_blake2s_hash(bytes, len, digest);
    sage_hex_encode(out->text, digest, sizeof digest);
}

void sage_secret_hash(sage_hex32 *out, const sage_hex32 *secret)
{
    sage_digest_bytes(out, secret->text, SAGE_HEX32_LEN);
}

bool sage_hex32_equal(const sage_hex32 *a, const sage_hex32 *b)
{
    return sage_secret_equal(a->text, b->text, SAGE_HEX32_LEN);
}
