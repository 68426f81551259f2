/* cairo: public hash family, program[8], output[8], n_outputs. docs/statements.md. Only what a
 * statement is; its proofs are read and checked in cairo/, and cannot be made yet. */
#include "base/bytes.h"
#include "statement/kind.h"

enum { MAX_OUTPUTS = 1 << 24, FELT_WORDS = 8 };

/* 2^251 + 17 * 2^192 + 1 */
static const uint32_t prime[FELT_WORDS] = {1, 0, 0, 0, 0, 0, 17, 1u << 27};

static bool below_prime(const uint32_t *w)
{
    for (int i = FELT_WORDS - 1; i >= 0; i--)
        if (w[i] != prime[i]) return w[i] < prime[i];
    return false;
}

static sage_status check(const sage_statement *s, sage_errinfo *err)
{
    const uint32_t *w = s->public_words;
    if (!sage_hash_family_name(w[SAGE_CAIRO_WORD_HASH]))
        return sage_fail(err, SAGE_EINVAL, "statement.hash", w[SAGE_CAIRO_WORD_HASH],
                         "unknown hash family %u", w[SAGE_CAIRO_WORD_HASH]);
    if (!below_prime(w + SAGE_CAIRO_WORD_PROGRAM) || !below_prime(w + SAGE_CAIRO_WORD_OUTPUT))
        return sage_fail(err, SAGE_EINVAL, "statement.felt", -1,
                         "a hash is not below the felt252 prime");
    if (w[SAGE_CAIRO_WORD_N_OUTPUTS] > MAX_OUTPUTS)
        return sage_fail(err, SAGE_EINVAL, "statement.outputs", w[SAGE_CAIRO_WORD_N_OUTPUTS],
                         "%u outputs, allowed up to %d", w[SAGE_CAIRO_WORD_N_OUTPUTS],
                         MAX_OUTPUTS);
    return SAGE_OK;
}

const statement_kind statement_cairo = {
    .kind     = SAGE_STATEMENT_CAIRO,
    .n_public = SAGE_CAIRO_PUBLIC_WORDS,
    .name     = "cairo",
    .check    = check,
};

static void subtract_prime(uint32_t *w)
{
    uint64_t borrow = 0;
    for (int i = 0; i < FELT_WORDS; i++) {
        uint64_t d = (uint64_t)w[i] - prime[i] - borrow;
        w[i]       = (uint32_t)d;
        borrow     = d >> 63;
    }
}

/* A digest is below 2^256 < 32 * prime. */
static void put_felt(uint32_t *out, const uint8_t digest[32])
{
    for (int i = 0; i < FELT_WORDS; i++)
        out[i] = sage_load_le32(digest + 4 * i);
    while (!below_prime(out))
        subtract_prime(out);
}

sage_status sage_statement_cairo(sage_statement *out,
                                 uint32_t hash_family,
                                 const uint8_t program[32],
                                 const uint8_t output[32],
                                 uint32_t n_outputs,
                                 sage_errinfo *err)
{
    *out = (sage_statement){SAGE_STATEMENT_CAIRO, SAGE_CAIRO_PUBLIC_WORDS, {hash_family}};
    put_felt(out->public_words + SAGE_CAIRO_WORD_PROGRAM, program);
    put_felt(out->public_words + SAGE_CAIRO_WORD_OUTPUT, output);
    out->public_words[SAGE_CAIRO_WORD_N_OUTPUTS] = n_outputs;
    return sage_statement_check(out, err);
}
