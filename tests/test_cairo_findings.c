/* tests/test_cairo_findings.c -- what audits and bug reports of STARK verifiers found elsewhere
 * (facts F2) and no test beside a module covers. docs/SOUNDNESS.md lists all of them, each with
 * the test that holds us to it. */
#include "base/test.h"

#include "cairo_airs.h"
#include "cairo_felts.h"
#include "cairo_judge.h"
#include "field/relation.h"

static qm31 random_value(uint64_t *seed)
{
    qm31 v;
    for (int i = 0; i < 4; i++)
        v.v[i] = (m31)(cairo_random(seed) % M31_P);
    return v;
}

/* ---- F2.3, F2.8, F2.13: constraints that were missing ---- */

enum { MAX_MASK = 2048, MAX_REGS = 1 << 16 };

/* A component's mask at a point, all of it random, as one array: preprocessed, trace and
 * interaction columns, then the last of these one row before. */
typedef struct random_mask {
    qm31 value[MAX_MASK], alpha[SAGE_AIR_MAX_ARITY + 1], z, shift, rho;
    m31 params[SAGE_AIR_MAX_PARAMS];
    uint32_t n;
} random_mask;

static void mask_fill(random_mask *m, const sage_air *air, uint64_t *seed)
{
    m->n = air->n_pre + air->trace.base + air->pairs.base + 1;
    assert_true(m->n <= MAX_MASK && !air->sized && air->code_regs <= MAX_REGS);
    for (uint32_t i = 0; i < m->n; i++)
        m->value[i] = random_value(seed);
    for (uint32_t i = 0; i < air->params; i++)
        m->params[i] = (m31)(cairo_random(seed) % M31_P);
    m->z = random_value(seed), m->shift = random_value(seed), m->rho = random_value(seed);
    qm31 alpha  = random_value(seed);
    m->alpha[0] = qm31_one();
    for (uint32_t i = 1; i <= SAGE_AIR_MAX_ARITY; i++)
        m->alpha[i] = qm31_mul(m->alpha[i - 1], alpha);
}

static qm31 mask_sum(const random_mask *m, const sage_air *air, qm31 *regs)
{
    qm31 acc               = qm31_zero();
    const qm31 *trace      = m->value + air->n_pre;
    const qm31 *inter      = trace + air->trace.base;
    const sage_air_mask at = {.pre        = m->value,
                              .trace      = trace,
                              .inter      = inter,
                              .inter_prev = inter[air->pairs.base],
                              .params     = m->params,
                              .alpha      = m->alpha,
                              .z          = m->z,
                              .shift      = m->shift};
    assert_int_equal(sage_air_at_point(air, &at, m->rho, regs, &acc), SAGE_OK);
    return acc;
}

/* A cell that no constraint and no lookup weighs could hold anything, and whatever was to follow
 * from it would not. Every column of every component changes the sum of its constraints. */
static void finding_3_free_cells(void **state)
{
    (void)state;
    random_mask *m = malloc(sizeof *m);
    qm31 *regs     = calloc(MAX_REGS, sizeof *regs);
    uint64_t seed  = 0x5a6e0004;
    uint32_t airs = 0, cells = 0;
    assert_non_null(m);
    assert_non_null(regs);
    for (const sage_air *const *a = sage_cairo_airs; *a; a++, airs++) {
        mask_fill(m, *a, &seed);
        qm31 sum = mask_sum(m, *a, regs);
        for (uint32_t i = 0; i < m->n; i++, cells++) {
            qm31 old    = m->value[i];
            m->value[i] = random_value(&seed);
            if (qm31_eq(mask_sum(m, *a, regs), sum))
                fail_msg("%s: column %u of its mask is free", (*a)->name, i);
            m->value[i] = old;
        }
        for (uint32_t i = 0; i < (*a)->params; i++) {
            m->params[i] ^= 1;
            assert_false(qm31_eq(mask_sum(m, *a, regs), sum));
            m->params[i] ^= 1;
        }
    }
    print_message("%u components, %u values of their masks\n", airs, cells);
    assert_true(airs >= 46 && cells > 1464 + 258);
    free(regs);
    free(m);
}

/* ---- tuples of different width that alias under Horner's rule ---- */

/* The sum of v_i alpha^i is that of a longer tuple that ends in zeros. So a relation has one
 * width wherever it is used, or the tuples that are shorter leave out zeros on purpose (facts
 * B2: small values have no high limbs), and no two relations share an id, which stands first. */
static void finding_tuple_widths(void **state)
{
    (void)state;
    const sage_air_relation *known[128];
    uint32_t n = 0;
    for (const sage_air *const *a = sage_cairo_airs; *a; a++)
        for (uint32_t i = 0; i < (*a)->n_relations; i++) {
            const sage_air_relation *r = &(*a)->relations[i];
            uint32_t k                 = 0;
            while (k < n && strcmp(known[k]->name, r->name) != 0)
                k++;
            if (k == n) known[n++] = r;
            assert_true(n < 128);
            assert_int_equal(r->arity, known[k]->arity);
            assert_int_equal(r->id, sage_relation_id(r->name));
            assert_int_not_equal(r->id, 0);
            assert_true(r->id < M31_P);
        }
    for (uint32_t a = 0; a < n; a++)
        for (uint32_t b = a + 1; b < n; b++)
            assert_int_not_equal(known[a]->id, known[b]->id);
    print_message("%u relations\n", n);
    assert_true(n >= 40);
}

/* ---- F2.13: bits of work ---- */

/* Nonces for the two digests at which ALL_OPCODES asks for work: one bit short, and other ones
 * that are long enough. Found by search. */
static const struct {
    uint64_t nonce;
    const char *where;
} interaction[] =
    {
        {12574144, "proof.pow.interaction"}, /* 23 bits */
        {11450842, "proof.logup"},           /* 24 bits, other z and alpha */
        {13837048, "proof.logup"},
},
  query[] = {
      {188229797, "proof.pow.query"},          /* 25 bits */
      {90186926, "proof.merkle.preprocessed"}, /* 26 bits, other queries */
      {120732486, "proof.merkle.preprocessed"},
      {141300544, "proof.merkle.preprocessed"},
};

/* Work that is done is no licence: the next check finds challenges that the proof was not made
 * for. And a bit short is short. */
static void finding_13_bits_of_work(void **state)
{
    (void)state;
    cairo_text t = cairo_text_load(ALL_OPCODES);
    cairo_felts m;
    sage_errinfo err;
    cairo_felts_open(&m, &t);
    sage_proof *p        = &m.proof.proof;
    const uint64_t first = p->interaction_pow, last = p->pow_nonce;
    for (size_t i = 0; i < sizeof interaction / sizeof *interaction; i++) {
        p->interaction_pow = interaction[i].nonce;
        assert_int_equal(cairo_judge(&m.proof, &err), SAGE_EPROOF);
        assert_string_equal(err.where, interaction[i].where);
    }
    p->interaction_pow = first;
    for (size_t i = 0; i < sizeof query / sizeof *query; i++) {
        p->pow_nonce = query[i].nonce;
        assert_int_equal(cairo_judge(&m.proof, &err), SAGE_EPROOF);
        assert_string_equal(err.where, query[i].where);
    }
    p->pow_nonce = last;
    assert_int_equal(cairo_judge(&m.proof, &err), SAGE_OK);
    cairo_felts_close(&m);
    cairo_text_free(&t);
}

/* ---- second encodings ---- */

/* A Poseidon252 digest and the same one plus P: two files of one proof, if both were taken. The
 * readers refuse the text; past them the verifier refuses the bytes. */
static void finding_non_canonical_digest(void **state)
{
    (void)state;
    static const uint8_t prime[32] = {[0] = 1, [24] = 17, [31] = 8};
    cairo_text t                   = cairo_text_load(RET_OPCODE);
    cairo_felts m;
    sage_errinfo err;
    uint32_t tried = 0;
    cairo_felts_open(&m, &t);
    for (uint32_t i = 0; i < m.n && tried < 8; i++) {
        cairo_felt *f = &m.felt[i];
        if (f->kind != FELT_DIGEST || !f->last || f->section == SEC_ROOT) continue;
        uint8_t *at = f->at, old[32];
        memcpy(old, at, sizeof old);
        uint32_t carry = 0;
        for (int k = 0; k < 32; k++) {
            carry += (uint32_t)at[k] + prime[k];
            at[k] = (uint8_t)carry;
            carry >>= 8;
        }
        assert_int_equal(carry, 0);
        assert_int_not_equal(cairo_judge(&m.proof, &err), SAGE_OK);
        if (f->section == SEC_SIBLINGS || f->section == SEC_FRI_SIBLINGS)
            assert_string_equal(err.where, "proof.format.digest");
        memcpy(at, old, sizeof old);
        tried++;
    }
    assert_int_equal(tried, 8);
    assert_int_equal(cairo_judge(&m.proof, &err), SAGE_OK);
    cairo_felts_close(&m);
    cairo_text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finding_3_free_cells),
        cmocka_unit_test(finding_tuple_widths),
        cmocka_unit_test(finding_13_bits_of_work),
        cmocka_unit_test(finding_non_canonical_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
