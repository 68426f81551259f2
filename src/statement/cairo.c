/* cairo: public hash family, program[8], output[8], n_outputs. docs/statements.md. Only what a
 * statement is; its proofs are made, read and checked in cairo/. */
#include "field/felt252.h"
#include "statement/kind.h"

enum { MAX_OUTPUTS = 1 << 24 };

static bool is_felt(const uint32_t words[8])
{
    felt252 v;
    return felt252_from_words(&v, words);
}

static sage_status check(const sage_statement *s, sage_errinfo *err)
{
    const uint32_t *w = s->public_words;
    if (!sage_hash_family_name(w[SAGE_CAIRO_WORD_HASH]))
        return sage_fail(err, SAGE_EINVAL, "statement.hash", w[SAGE_CAIRO_WORD_HASH],
                         "unknown hash family %u", w[SAGE_CAIRO_WORD_HASH]);
    if (!is_felt(w + SAGE_CAIRO_WORD_PROGRAM) || !is_felt(w + SAGE_CAIRO_WORD_OUTPUT))
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

/* A digest of P or more becomes its residue. */
static void put_felt(uint32_t out[8], const uint8_t digest[32])
{
    felt252 v;
    (void)!felt252_from_bytes(&v, digest);
    felt252_to_words(v, out);
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
