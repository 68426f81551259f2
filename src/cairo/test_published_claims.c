/* The claims of the two published proofs (facts section 0): they keep every rule, their
 * preprocessed roots are the known ones, mixing them leads to their interaction proof of work,
 * and their lookups balance. Skipped where the files are not at hand. */
#include "base/test.h"

#include "base/bytes.h"
#include "cairo/proof.h"
#include "cairo/public.h"

static const char *const names[] = {
    "stwo-cairo/test_prove_verify_all_opcode_components/proof.json",
    "stwo-cairo/test_prove_verify_ret_opcode/proof.json"};

enum { ALPHAS = 30 };

/* skip()s the test when the file is not there. */
static void load(sage_cairo_proof *p, const char *name)
{
    size_t len;
    char *text       = sage_test_vector(name, &len);
    sage_errinfo err = {0};
    if (sage_cairo_read(p, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);
    free(text);
}

static void rules(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        sage_cairo_proof p;
        sage_errinfo err = {0};
        load(&p, names[i]);
        if (sage_cairo_check_claim(&p.claim, p.variant, &err) != SAGE_OK)
            fail_msg("%s: %s", err.where, err.msg);

        uint8_t root[32];
        assert_true(
            sage_cairo_preprocessed_root(p.variant, p.hash, p.proof.config.log_blowup, root));
        assert_memory_equal(root, sage_view_digest(p.proof.roots, 0), sizeof root);
        sage_cairo_proof_free(&p);
    }
}

/* The Blake2s proof's program hash as Python's hashlib has it. */
static void program_hash(void **state)
{
    (void)state;
    static const uint32_t want[8] = {0xf84be996, 0x22e3a4f1, 0x16319a29, 0x82bfd9d6,
                                     0x2c2aab51, 0xcbb4c129, 0xbbdd0a9a, 0x66a23f54};
    sage_cairo_proof p;
    uint8_t digest[32];
    load(&p, names[0]);
    assert_int_equal(sage_cairo_section_hash(&p.claim.program, p.hash, digest, NULL), SAGE_OK);
    for (int i = 0; i < 8; i++)
        assert_int_equal(sage_load_le32(digest + 4 * i), want[i]);
    sage_cairo_proof_free(&p);
}

static qm31 total(const sage_cairo_proof *p, qm31 z, qm31 alpha)
{
    qm31 a[ALPHAS], sum;
    a[0] = qm31_one();
    for (int i = 1; i < ALPHAS; i++)
        a[i] = qm31_mul(a[i - 1], alpha);
    assert_int_equal(sage_cairo_public_sum(&p->claim, z, a, &sum, NULL), SAGE_OK);
    for (uint32_t i = 0; i < p->proof.claimed_sums.n; i++)
        sum = qm31_add(sum, sage_view_qm31(p->proof.claimed_sums, i));
    return sum;
}

/* Transcript steps 1 to 6 (facts A6), and the first thing that shows them right: a proof of
 * work of 24 bits. */
static void mix_statement(const sage_cairo_proof *p, sage_channel *ch)
{
    const qm31 salt = qm31_from(p->salt);
    sage_channel_init(ch, p->hash);
    sage_channel_mix_felts(ch, &salt, 1);
    sage_config_mix(&p->proof.config, ch);
    sage_channel_mix_root(ch, sage_view_digest(p->proof.roots, 0));
    assert_int_equal(sage_cairo_claim_mix(&p->claim, ch, NULL), SAGE_OK);
    sage_channel_mix_root(ch, sage_view_digest(p->proof.roots, 1));
}

static void balance(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        sage_cairo_proof p;
        sage_channel ch;
        qm31 z_alpha[2];
        load(&p, names[i]);
        mix_statement(&p, &ch);
        assert_true(
            sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, p.proof.interaction_pow));
        sage_channel_mix_u64(&ch, p.proof.interaction_pow);
        sage_channel_draw_felts(&ch, z_alpha, 2);
        assert_true(qm31_is_zero(total(&p, z_alpha[0], z_alpha[1])));

        /* Another last word of the program: other work, and no balance. */
        p.claim.program.at[p.claim.program.n - 1].value.w[0] ^= 1;
        assert_false(qm31_is_zero(total(&p, z_alpha[0], z_alpha[1])));
        mix_statement(&p, &ch);
        assert_false(
            sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, p.proof.interaction_pow));
        sage_cairo_proof_free(&p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules),
        cmocka_unit_test(program_hash),
        cmocka_unit_test(balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
