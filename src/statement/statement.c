#include "statement/statement.h"

#include <string.h>

#include "hash/blake2s.h"
#include "statement/kind.h"

static const statement_kind *const kinds[] = {&statement_wide_fibonacci, &statement_poseidon2,
                                              &statement_file_digest, &statement_cairo};

const statement_kind *statement_kind_find(uint32_t kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i]->kind == kind) return kinds[i];
    return NULL;
}

const char *sage_statement_name(uint32_t kind)
{
    const statement_kind *k = statement_kind_find(kind);
    return k ? k->name : NULL;
}

const char *sage_hash_family_name(uint32_t family)
{
    switch (family) {
    case SAGE_HASH_FAMILY_BLAKE2S: return "blake2s";
    case SAGE_HASH_FAMILY_POSEIDON252: return "poseidon252";
    default: return NULL;
    }
}

static sage_status find(uint32_t kind, const statement_kind **out, sage_errinfo *err)
{
    *out = statement_kind_find(kind);
    if (*out) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "statement.kind", kind, "unknown statement kind %u",
                     kind);
}

sage_status sage_statement_check(const sage_statement *s, sage_errinfo *err)
{
    const statement_kind *k;
    sage_status st = find(s->kind, &k, err);
    if (st) return st;
    if (s->n_public != k->n_public)
        return sage_fail(err, SAGE_EINVAL, "statement.public", s->n_public,
                         "%s has %u public values, not %u", k->name, k->n_public, s->n_public);
    return k->check(s, err);
}

sage_status sage_statement_provable(uint32_t kind, sage_errinfo *err)
{
    const statement_kind *k;
    sage_status st = find(kind, &k, err);
    if (!st && !k->layout)
        st = sage_fail(err, SAGE_EUNSUP, "statement.cairo", -1,
                       "a proof of %s is made from the program, not from the statement",
                       k->name);
    return st;
}

int sage_statement_equal(const sage_statement *a, const sage_statement *b)
{
    return a->kind == b->kind && a->n_public == b->n_public && a->n_public <= SAGE_MAX_PUBLIC &&
           !memcmp(a->public_words, b->public_words, a->n_public * sizeof *a->public_words);
}

sage_status sage_statement_choose_logs(const sage_statement *s,
                                       uint32_t *logs,
                                       uint32_t *n,
                                       sage_errinfo *err)
{
    const statement_kind *k = statement_kind_find(s->kind);
    sage_status st          = sage_statement_check(s, err);
    *n                      = 0;
    if (!st) st = sage_statement_provable(s->kind, err);
    if (st || !k->choose_logs) return st;
    return k->choose_logs(s, logs, n, err);
}

sage_status sage_statement_layout(const sage_statement *s,
                                  const uint32_t *logs,
                                  uint32_t n_logs,
                                  sage_layout *out,
                                  sage_errinfo *err)
{
    const statement_kind *k = statement_kind_find(s->kind);
    sage_status st          = sage_statement_check(s, err);
    if (!st) st = sage_statement_provable(s->kind, err);
    if (st) return st;
    if (!k->choose_logs && n_logs)
        return sage_fail(err, SAGE_EINVAL, "statement.logs", n_logs,
                         "%s has no component of variable size", k->name);
    *out = (sage_layout){0};
    return k->layout(s, logs, n_logs, out, err);
}

void sage_statement_mix(const sage_statement *s,
                        const uint32_t *logs,
                        uint32_t n_logs,
                        sage_channel *ch)
{
    uint32_t words[3 + SAGE_MAX_PUBLIC + SAGE_MAX_INSTANCES], n = 0;
    words[n++] = s->kind;
    words[n++] = s->n_public;
    for (uint32_t i = 0; i < s->n_public; i++)
        words[n++] = s->public_words[i];
    words[n++] = n_logs;
    for (uint32_t i = 0; i < n_logs; i++)
        words[n++] = logs[i];
    sage_channel_mix_u32s(ch, words, n);
}

sage_status sage_statement_public_sum(
    const sage_statement *s, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    const statement_kind *k = statement_kind_find(s->kind);
    *out                    = qm31_zero();
    return k->public_sum ? k->public_sum(s, z, alpha, out, err) : SAGE_OK;
}

sage_status statement_add_public(qm31 *sum,
                                 const sage_air *air,
                                 const char *name,
                                 const m31 *values,
                                 uint32_t n,
                                 bool use,
                                 qm31 z,
                                 const qm31 *alpha,
                                 sage_errinfo *err)
{
    for (uint32_t r = 0; r < air->n_relations; r++) {
        if (strcmp(air->relations[r].name, name) || air->relations[r].arity != n) continue;
        qm31 d = qm31_sub(qm31_from(air->relations[r].id), z);
        for (uint32_t i = 0; i < n; i++)
            d = qm31_add(d, qm31_scale(alpha[i + 1], values[i]));
        if (qm31_is_zero(d))
            return sage_fail(err, SAGE_EPROOF, "proof.logup", -1,
                             "a public lookup has a zero denominator");
        d    = qm31_inv(d);
        *sum = use ? qm31_add(*sum, d) : qm31_sub(*sum, d);
        return SAGE_OK;
    }
    return sage_fail(err, SAGE_EINTERNAL, "statement.relation", -1,
                     "%s has no relation %s of %u values", air->name, name, n);
}
