/* What sage_cairo_verify refuses before it reads a commitment: weak parameters, false claims,
 * components and traces that are not known, relations used too often. */
#include "cairo/layout.h"
#include "cairo/test_claims.h"
#include "cairo/verify.h"
#include "stark/layout.h"

static const sage_config production = {26, 1, 70, 0, 3};

/* The claim of test_claims.h without builtins, whose constraints may not be here. */
static void make(test_claim *t, sage_cairo_proof *p)
{
    test_claim_make(t);
    for (uint32_t i = test_component("add_mod_builtin"); i <= test_component("ec_op_builtin");
         i++)
        t->c.log[i] = 0;
    for (int i = 1; i < SAGE_CAIRO_SEGMENTS; i++)
        test_set_segment(&t->c, i, 1000, 1000);
    memset(p, 0, sizeof *p);
    p->claim        = t->c;
    p->proof.config = production;
}

static void
assert_refused(const sage_cairo_proof *p, uint32_t bits, sage_status st, const char *where)
{
    sage_errinfo err = {0};
    assert_int_equal(sage_cairo_verify(p, bits, &err), st);
    assert_int_equal(err.code, st);
    assert_string_equal(err.where, where);
}

/* Finding 7: proofs of any security were taken. */
static void finding_7_security(void **state)
{
    (void)state;
    static const sage_config weak[] = {
        {26, 1, 69, 0, 3},  /* 95 bits */
        {19, 1, 255, 0, 3}, /* 274, of which 19 are work */
        {0, 4, 256, 0, 3},  /* 1024, none of them work */
    };
    static const sage_config odd[] = {{64, 1, 70, 0, 3}, {26, 0, 70, 0, 3}, {26, 31, 70, 0, 3}};
    test_claim t;
    sage_cairo_proof p;
    make(&t, &p);
    for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
        p.proof.config = weak[i];
        assert_refused(&p, 96, SAGE_EPROOF, "proof.config.security");
    }
    p.proof.config = weak[1]; /* nor when the caller asks for little */
    assert_refused(&p, 0, SAGE_EPROOF, "proof.config.security");
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        sage_errinfo err = {0};
        p.proof.config   = odd[i];
        assert_int_equal(sage_cairo_verify(&p, 0, &err), SAGE_EPROOF);
        assert_memory_equal(err.where, "config.", 7);
    }
}

/* The claim's rules stand before everything that is computed from it. */
static void false_claim(void **state)
{
    (void)state;
    test_claim t;
    sage_cairo_proof p;
    make(&t, &p);
    p.claim.final[SAGE_CAIRO_PC] = 4;
    assert_refused(&p, 96, SAGE_EPROOF, "cairo.claim.final_pc");
    make(&t, &p);
    p.claim.n_big = 17;
    assert_refused(&p, 96, SAGE_EPROOF, "cairo.claim.big_count");
}

static void unknown_roots(void **state)
{
    (void)state;
    test_claim t;
    sage_cairo_proof p;
    make(&t, &p);
    p.hash    = SAGE_HASH_POSEIDON252;
    p.variant = SAGE_CAIRO_CANONICAL_SMALL;
    assert_refused(&p, 96, SAGE_EUNSUP, "proof.preprocessed");
    p.variant = SAGE_CAIRO_CANONICAL;
    assert_refused(&p, 96, SAGE_EUNSUP, "proof.preprocessed");
}

/* Sixteen opcodes of 2^25 rows are within the bound on steps; with as many rounds of Blake2s
 * they may read 67 * 2^25 times from memory. */
static void relation_uses(void **state)
{
    (void)state;
    test_claim t;
    sage_cairo_proof p;
    make(&t, &p);
    for (uint32_t i = 0; i <= test_component("ret_opcode"); i++)
        p.claim.log[i] = i < 16 ? 25 : 0;
    test_set_log(&p.claim, "blake_round", 25);
    assert_int_equal(sage_cairo_check_claim(&p.claim, p.variant, NULL), SAGE_OK);
    assert_refused(&p, 96, SAGE_EPROOF, "layout.uses");
}

/* Uses of components alone stay below p; with enough public cells they do not. */
static void public_uses(void **state)
{
    (void)state;
    test_claim t;
    sage_cairo_proof p;
    sage_errinfo err = {0};
    sage_layout *l   = malloc(sizeof *l);
    assert_non_null(l);
    make(&t, &p);
    for (uint32_t i = 0; i <= test_component("ret_opcode"); i++)
        p.claim.log[i] = i < 16 ? 25 : 0;
    test_set_log(&p.claim, "blake_round", 24);
    assert_int_equal(sage_cairo_layout(&p.claim, p.variant, l, NULL), SAGE_OK);
    assert_int_equal(sage_layout_check(l, &production, NULL), SAGE_OK);

    /* Reads: 51 an opcode row of each, 16 a round, 1 an instruction. Cells beside the program:
     * 3 of output, 2 of the safe call, 22 pointers. Only the number of cells is looked at. */
    uint32_t uses     = (51u << 25) + (16u << 24) + (1u << 4);
    uint32_t most     = M31_P - 1 - uses - 27;
    p.claim.program.n = most;
    assert_int_equal(sage_cairo_check_uses(&p.claim, l, &err), SAGE_OK);
    p.claim.program.n = most + 1;
    assert_int_equal(sage_cairo_check_uses(&p.claim, l, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "cairo.claim.uses");
    free(l);
}

/* The public sum reads 30 powers of alpha, whatever components there are. */
static void enough_alphas(void **state)
{
    (void)state;
    test_claim t;
    sage_cairo_proof p;
    sage_layout *l = malloc(sizeof *l);
    assert_non_null(l);
    make(&t, &p);
    p.claim.n_big = 0;
    for (uint32_t i = 0; i < test_component("verify_bitwise_xor_12") + 1; i++)
        if (i != test_component("verify_instruction")) p.claim.log[i] = 0;
    assert_int_equal(sage_cairo_check_claim(&p.claim, p.variant, NULL), SAGE_OK);
    assert_int_equal(sage_cairo_layout(&p.claim, p.variant, l, NULL), SAGE_OK);
    assert_true(sage_layout_alphas(l) >= 30);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding_7_security), cmocka_unit_test(false_claim),
        cmocka_unit_test(unknown_roots),      cmocka_unit_test(relation_uses),
        cmocka_unit_test(enough_alphas),      cmocka_unit_test(public_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
