/* tests/test_cairo_oracle.c -- the published Cairo proofs as oracles of our protocol.
 *
 * Two proofs of stwo-cairo 2b1fb4d (facts section 0; cairo_text.h says where the files are)
 * must be accepted as they stand; without the files those tests are skipped.
 * What is derived from the Blake2s proof and small is below and always checked. That changed
 * proofs are refused is shown by test_cairo_mutation.c, _structure.c and _texts.c. */
#include "base/test.h"

#include "cairo_judge.h"
#include "cairo_text.h"
#include "hash/blake2s.h"

/* Derived facts: all from the transcript and the last FRI layer of ALL_OPCODES. */
static const char interaction_digest[] =
    "24f5f29dff80511d9a83bc9b2348c10ccacbba39de67e9b893aa39ec4b615bfc";
static const uint64_t interaction_nonce = 0x80005a15e;
static const qm31 logup_z               = {{1724453436, 656701161, 997520552, 195617167}};
static const qm31 logup_alpha           = {{95425808, 26745409, 1910090746, 1267188173}};

static const char point_digest[] =
    "2e3181f51ab974ef8ed28e6ac8a60736be40bff3956c5dab520d7e2b4beba485";
static const secure_point oods_point = {{{1359393285, 1554860819, 325248175, 312971234}},
                                        {{979222963, 387875780, 2103437573, 1647248740}}};

static const char query_digest[] =
    "b198dfb9ffd0abefee477012620659690d3af1bf66f04c5568644faaf1c64f7d";
static const uint64_t query_nonce = 0x96000f2392;
static const uint32_t queries[70] = {
    15668,   45111,   68348,   83683,   89912,   90943,   118037,  118457,  125566,  147956,
    161511,  213401,  291297,  362415,  384225,  387792,  420799,  478151,  478515,  489744,
    507259,  557702,  573356,  593713,  618907,  634763,  651434,  658853,  674287,  701954,
    721876,  745651,  761694,  791379,  871047,  875490,  933065,  941250,  957785,  1050625,
    1056880, 1073429, 1095730, 1114638, 1133715, 1197986, 1234158, 1243194, 1251664, 1262298,
    1281612, 1289255, 1372440, 1512434, 1539466, 1550616, 1624397, 1640902, 1649558, 1770785,
    1851622, 1856444, 1858146, 1875507, 1899709, 1916737, 1950767, 1958315, 1969481, 2030565};

/* The last committed layer: 2^3 values on half_odds(3), four to a leaf, folded twice. */
static const char last_root[] =
    "5a54a4d0ccb3638fa2a3cd82770e2d6dae751aa4da789e7e25a1d9d14df82b5c";
static const qm31 last_alpha      = {{804004793, 2138168616, 281254378, 1640619097}};
static const qm31 last_value      = {{1721709792, 1370623707, 2122065661, 2146644763}};
static const qm31 layer_values[8] = {{{1912521076, 1479505154, 429254575, 844278409}},
                                     {{1706090177, 1824015486, 1749009411, 769576314}},
                                     {{2045298977, 1613884980, 1751564577, 1959360696}},
                                     {{1781926890, 1963599828, 1612898572, 1738463211}},
                                     {{748607255, 1564896441, 1432571590, 1880517682}},
                                     {{1165743502, 367353116, 665854880, 1550551047}},
                                     {{1353164362, 175362435, 937751020, 1448991344}},
                                     {{2030838354, 478426162, 359065998, 431618557}}};

static void from_hex(uint8_t out[32], const char *hex)
{
    for (int i = 0; i < 32; i++) {
        char byte[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i]       = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static sage_channel channel_at(const char *digest)
{
    sage_channel ch;
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
    from_hex(ch.digest, digest);
    return ch;
}

static void assert_qm31(qm31 a, qm31 b)
{
    for (int i = 0; i < 4; i++)
        assert_int_equal(a.v[i], b.v[i]);
}

static void test_facts_transcript(void **state)
{
    (void)state;
    sage_channel ch = channel_at(interaction_digest);
    assert_true(sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, interaction_nonce));
    assert_false(
        sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, interaction_nonce + 1));
    sage_channel_mix_u64(&ch, interaction_nonce);
    qm31 drawn[2];
    sage_channel_draw_felts(&ch, drawn, 2);
    assert_qm31(drawn[0], logup_z);
    assert_qm31(drawn[1], logup_alpha);

    ch             = channel_at(point_digest);
    secure_point p = sage_channel_draw_point(&ch);
    assert_qm31(p.x, oods_point.x);
    assert_qm31(p.y, oods_point.y);
}

static void test_facts_queries(void **state)
{
    (void)state;
    sage_channel ch = channel_at(query_digest);
    assert_true(sage_channel_pow_valid(&ch, 26, query_nonce));
    assert_false(sage_channel_pow_valid(&ch, 26, query_nonce ^ 1));
    sage_channel_mix_u64(&ch, query_nonce);
    uint32_t drawn[70];
    assert_int_equal(sage_draw_queries(&ch, 70, 21, drawn), 70);
    assert_memory_equal(drawn, queries, sizeof queries);
}

static void test_facts_last_layer(void **state)
{
    (void)state;
    uint8_t root[32], digests[64];
    uint32_t positions[2] = {0, 1};
    from_hex(root, last_root);
    for (int leaf = 0; leaf < 2; leaf++) {
        sage_blake2s h;
        sage_blake2s_init(&h);
        for (int i = 0; i < 4; i++)
            sage_blake2s_update_words(&h, layer_values[4 * leaf + i].v, 4);
        sage_blake2s_final(&h, digests + 32 * leaf);
    }
    assert_true(sage_merkle_verify(SAGE_HASH_BLAKE2S, root, 1, positions, digests, 2,
                                   (sage_view){NULL, 0}));

    qm31 v[8], alpha = last_alpha;
    memcpy(v, layer_values, sizeof v);
    for (uint32_t log = 3; log > 1; log--, alpha = qm31_sqr(alpha))
        for (uint32_t i = 0; i < 1u << (log - 1); i++) {
            m31 x    = line_at(log, bit_reverse(2 * i, log));
            qm31 sum = qm31_add(v[2 * i], v[2 * i + 1]);
            qm31 odd = qm31_scale(qm31_sub(v[2 * i], v[2 * i + 1]), m31_inv(x));
            v[i]     = qm31_add(sum, qm31_mul(alpha, odd));
        }
    assert_qm31(v[0], last_value);
    assert_qm31(v[1], last_value);
}

static void read_text(sage_cairo_proof *p, const cairo_text *t)
{
    sage_errinfo err = {0};
    sage_status s =
        sage_cairo_read(p, (const uint8_t *)t->bytes, t->len, SAGE_CAIRO_FORMAT_SERDE, &err);
    if (s != SAGE_OK) fail_msg("%s: %s", err.where, err.msg);
}

static void test_read_both(void **state)
{
    (void)state;
    static const char *const names[2] = {ALL_OPCODES, RET_OPCODE};
    for (int i = 0; i < 2; i++) {
        cairo_text t     = cairo_text_load(names[i]);
        sage_errinfo err = {0};
        sage_cairo_proof p;
        sage_pcs_shape shape;
        void *mem = NULL;
        assert_int_equal(t.n, i ? 64816 : 270641);
        read_text(&p, &t);
        assert_int_equal(p.hash, i ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S);
        assert_int_equal(p.variant,
                         i ? SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN : SAGE_CAIRO_CANONICAL);
        assert_int_equal(sage_cairo_shape(&p, &shape, &mem, &err), SAGE_OK);

        assert_int_equal(p.salt, i ? 42 : 0);
        assert_int_equal(p.claim.n_big, i ? 0 : 1);
        assert_int_equal(p.proof.claimed_sums.n, i ? 24 : 46);
        assert_int_equal(shape.tree[0].n_cols, i ? 105 : 161);
        assert_int_equal(shape.tree[1].n_cols, i ? 160 : 1464);
        assert_int_equal(shape.tree[2].n_cols, i ? 212 : 1032);
        const uint8_t *samples = p.n_samples;
        for (int k = 0; k < SAGE_MAX_TREES; samples += p.n_columns[k], k++) {
            assert_int_equal(p.n_columns[k], shape.tree[k].n_cols);
            assert_memory_equal(samples, shape.tree[k].samples, shape.tree[k].n_cols);
        }
        sage_fri_plan plan;
        sage_fri_plan_make(&plan, &shape.config, shape.log_ext);
        assert_int_equal(plan.n_layers, p.proof.n_layers);
        free(mem);
        sage_cairo_proof_free(&p);
        cairo_text_free(&t);
    }
}

/* The statement's part of the transcript, up to the interaction proof of work. */
static void test_transcript(void **state)
{
    (void)state;
    cairo_text t = cairo_text_load(ALL_OPCODES);
    sage_cairo_proof p;
    read_text(&p, &t);
    sage_channel ch, want = channel_at(interaction_digest);
    qm31 salt = qm31_from(p.salt);
    sage_channel_init(&ch, p.hash);
    sage_channel_mix_felts(&ch, &salt, 1);
    sage_config_mix(&p.proof.config, &ch);
    sage_channel_mix_root(&ch, sage_view_digest(p.proof.roots, 0));
    assert_int_equal(sage_cairo_claim_mix(&p.claim, &ch, NULL), SAGE_OK);
    sage_channel_mix_root(&ch, sage_view_digest(p.proof.roots, 1));
    assert_memory_equal(ch.digest, want.digest, sizeof ch.digest);
    assert_int_equal(p.proof.interaction_pow, interaction_nonce);
    assert_int_equal(p.proof.pow_nonce, query_nonce);
    sage_cairo_proof_free(&p);
    cairo_text_free(&t);
}

static void accept(const char *name)
{
    cairo_text t = cairo_text_load(name);
    sage_errinfo err;
    if (cairo_judge_text(t.bytes, t.len, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);
    cairo_text_free(&t);
}

static void test_accept_blake2s(void **state)
{
    (void)state;
    accept(ALL_OPCODES);
}

static void test_accept_poseidon252(void **state)
{
    (void)state;
    accept(RET_OPCODE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_transcript),   cmocka_unit_test(test_facts_queries),
        cmocka_unit_test(test_facts_last_layer),   cmocka_unit_test(test_read_both),
        cmocka_unit_test(test_transcript),         cmocka_unit_test(test_accept_blake2s),
        cmocka_unit_test(test_accept_poseidon252),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
