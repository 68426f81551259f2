/* What a run's proof claims: of published programs, what their published proofs claim; and the
 * runs that cannot be proved, each refused by its name. */
#include "cairo/run_claim.h"

#include "base/test.h"
#include "cairo/proof.h"
#include "cairo/public.h"

static sage_errinfo err;

static uint8_t *vector(const char *program, const char *file, size_t *len)
{
    char name[160];
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/%s", program, file);
    return (uint8_t *)sage_test_vector(name, len);
}

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

static void assert_fails(sage_status s, sage_status want, const char *where)
{
    assert_int_equal(s, want);
    assert_string_equal(err.where, where);
}

static void run_input(sage_prover_input *out, const char *name)
{
    size_t len;
    uint8_t *bytes = vector(name, "compiled.json", &len);
    sage_program p;
    sage_run run;
    const sage_run_input none = {0};
    assert_ok(sage_program_read(&p, bytes, len, NULL, &err));
    assert_ok(sage_run_program(&run, &p, &none, &sage_run_default_limits, &err));
    assert_ok(sage_adapt(out, &run, &err));
    sage_run_free(&run);
    sage_program_free(&p);
    free(bytes);
}

static void read_input(sage_prover_input *out, const char *name)
{
    size_t len;
    uint8_t *bytes = vector(name, "prover_input.json", &len);
    assert_ok(sage_prover_input_read(out, bytes, len, &err));
    free(bytes);
}

static void assert_cells(const sage_cairo_cells *a, const sage_cairo_cells *b)
{
    assert_int_equal(a->n, b->n);
    for (uint32_t i = 0; i < a->n; i++) {
        assert_int_equal(a->at[i].id, b->at[i].id);
        assert_memory_equal(&a->at[i].value, &b->at[i].value, sizeof a->at[i].value);
    }
}

static void assert_claims(const sage_cairo_claim *have, const sage_cairo_claim *want)
{
    assert_cells(&have->program, &want->program);
    assert_cells(&have->output, &want->output);
    for (int i = 0; i < SAGE_CAIRO_SEGMENTS; i++)
        for (int j = 0; j < 4; j++)
            assert_int_equal(have->segments[i][j], want->segments[i][j]);
    assert_memory_equal(have->safe_call_ids, want->safe_call_ids, sizeof have->safe_call_ids);
    assert_memory_equal(have->initial, want->initial, sizeof have->initial);
    assert_memory_equal(have->final, want->final, sizeof have->final);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (have->log[i] != want->log[i])
            fail_msg("%s: 2^%u rows, not 2^%u", sage_cairo_components[i].name, have->log[i],
                     want->log[i]);
    assert_int_equal(have->n_big, want->n_big);
    assert_memory_equal(have->big_log, want->big_log, sizeof have->big_log);
}

static void assert_published(const char *name, const sage_prover_input *in)
{
    size_t len;
    uint8_t *text = vector(name, "proof.json", &len);
    sage_cairo_proof p;
    sage_cairo_claim have;
    assert_ok(sage_cairo_read(&p, text, len, SAGE_CAIRO_FORMAT_SERDE, &err));
    assert_ok(sage_cairo_claim_of_run(&have, in, p.variant, &err));
    assert_claims(&have, &p.claim);
    sage_cairo_claim_free(&have);
    sage_cairo_proof_free(&p);
    free(text);
}

static void published_runs(void **state)
{
    (void)state;
    static const char *const names[] = {"all_opcode_components", "ret_opcode"};
    for (int i = 0; i < 2; i++) {
        sage_prover_input in;
        run_input(&in, names[i]);
        assert_published(names[i], &in);
        sage_prover_input_free(&in);
    }
}

static void published_input(void **state)
{
    (void)state;
    sage_prover_input in;
    read_input(&in, "all_opcode_components");
    assert_published("all_opcode_components", &in);
    sage_prover_input_free(&in);
}

static sage_status claim_of(const sage_prover_input *in, sage_cairo_variant variant)
{
    sage_cairo_claim c;
    sage_status s = sage_cairo_claim_of_run(&c, in, variant, &err);
    if (s) assert_null(c.program.at);
    sage_cairo_claim_free(&c);
    return s;
}

/* Its builtins are named before anything is done for them. */
static void unproved_builtin(void **state)
{
    (void)state;
    sage_prover_input in;
    read_input(&in, "all_builtins");
    assert_fails(claim_of(&in, SAGE_CAIRO_CANONICAL), SAGE_EUNSUP, "prove.cairo.component");
    assert_non_null(strstr(err.msg, "_builtin"));
    sage_prover_input_free(&in);
}

static void no_runs(void **state)
{
    (void)state;
    sage_prover_input in, bad;
    run_input(&in, "ret_opcode");
    assert_ok(claim_of(&in, SAGE_CAIRO_CANONICAL_SMALL));

    bad = in; /* no step */
    memset(bad.states, 0, sizeof bad.states);
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");

    bad          = in; /* a stack beyond memory */
    bad.final.ap = in.n_addresses;
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");

    bad            = in; /* a program of no words */
    bad.initial.pc = in.initial.ap - 2;
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");

    bad            = in; /* another safe call */
    bad.initial.ap = in.initial.ap + 1;
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");

    bad            = in; /* a program that is not the one that a proof starts with */
    bad.initial.pc = in.initial.pc + 1;
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EUNSUP, "prove.cairo.claim");

    bad            = in; /* no pointer to the Pedersen segment */
    bad.present[1] = false;
    assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EUNSUP, "prove.cairo.segments");

    const sage_builtin_range ragged[] = {{10, 26 + 5}, {26, 10}, {10, 18}};
    for (int i = 0; i < 3; i++) { /* not a power of two, backwards, below 16 */
        bad                                   = in;
        bad.builtin[SAGE_BUILTIN_RANGE_CHECK] = ragged[i];
        assert_fails(claim_of(&bad, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");
    }
    sage_prover_input_free(&in);
}

static void holes(void **state)
{
    (void)state;
    sage_prover_input in;
    run_input(&in, "ret_opcode");
    const uint32_t address[] = {in.initial.pc + 1, in.initial.ap, in.final.ap - 1};
    for (int i = 0; i < 3; i++) { /* of program, segment starts and ends */
        uint32_t *id = &in.address_to_id[address[i]], kept = *id;
        *id = SAGE_MEMORY_NO_ID;
        assert_fails(claim_of(&in, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");
        *id = kept;
    }
    in.public_addresses[0] = in.n_addresses;
    assert_fails(claim_of(&in, SAGE_CAIRO_CANONICAL), SAGE_EINVAL, "prove.cairo.input");
    sage_prover_input_free(&in);
}

/* Sizes alone: the arrays behind the counts are not read for them. */
static void sizes(void **state)
{
    (void)state;
    sage_prover_input in;
    sage_cairo_claim c;
    run_input(&in, "ret_opcode");
    sage_prover_input much = in;

    much.n_big = (3u << SAGE_CAIRO_MAX_LOG) + 17;
    assert_ok(sage_cairo_claim_of_run(&c, &much, SAGE_CAIRO_CANONICAL, &err));
    assert_int_equal(c.n_big, 4);
    const uint8_t logs[] = {25, 25, 25, 5};
    assert_memory_equal(c.big_log, logs, sizeof logs);
    sage_cairo_claim_free(&c);
    assert_fails(claim_of(&much, SAGE_CAIRO_CANONICAL_SMALL), SAGE_EUNSUP,
                 "prove.cairo.variant");

    much.n_big = (16u << SAGE_CAIRO_MAX_LOG) + 1;
    assert_fails(claim_of(&much, SAGE_CAIRO_CANONICAL), SAGE_ELIMIT, "prove.cairo.cells");
    sage_prover_input_free(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(published_runs),
                                       cmocka_unit_test(published_input),
                                       cmocka_unit_test(unproved_builtin),
                                       cmocka_unit_test(no_runs),
                                       cmocka_unit_test(holes),
                                       cmocka_unit_test(sizes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
