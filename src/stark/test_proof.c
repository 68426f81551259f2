/* stark/test_proof.c -- the proof format: what parses, and that nothing else does. */
#include "base/test.h"

#include <malloc.h>

#include "hash/blake2s.h"
#include "stark/proof.h"

/* A proof of the right form and arbitrary content, with the places that matter noted. */
typedef struct sample {
    sage_sink s;
    size_t counts[64], felts[128];
    uint32_t n_counts, n_felts;
    size_t n_trees_at;
} sample;

static void put_count(sample *p, uint32_t n)
{
    p->counts[p->n_counts++] = p->s.len;
    sage_sink_u32(&p->s, n);
}

static void put_felts(sample *p, uint32_t words)
{
    for (uint32_t i = 0; i < words; i++) {
        p->felts[p->n_felts++] = p->s.len;
        sage_sink_u32(&p->s, 1000 + i);
    }
}

static void put_digests(sample *p, uint32_t n)
{
    for (uint32_t i = 0; i < 8 * n; i++)
        sage_sink_u32(&p->s, 0xffffff00u + i);
}

static void make(sample *p, uint32_t n_trees)
{
    static const uint32_t config[5] = {10, 1, 3, 1, 2};
    memset(p, 0, sizeof *p);
    for (int i = 0; i < 5; i++)
        sage_sink_u32(&p->s, config[i]);
    p->n_trees_at = p->s.len;
    sage_sink_u32(&p->s, n_trees);
    if (n_trees == 4) {
        sage_sink_u64(&p->s, 0x1122334455667788);
        put_count(p, 2);
        put_felts(p, 8);
    }
    put_digests(p, n_trees);
    put_count(p, 3);
    put_felts(p, 12);
    for (uint32_t t = 0; t < n_trees; t++) {
        put_count(p, t);
        put_digests(p, t);
        put_count(p, 2 * t);
        put_felts(p, 2 * t);
    }
    sage_sink_u64(&p->s, 0x99aabbccddeeff00);
    put_count(p, 2);
    for (uint32_t l = 0; l < 2; l++) {
        put_digests(p, 1);
        put_count(p, 1 + l);
        put_felts(p, 4 * (1 + l));
        put_count(p, 2);
        put_digests(p, 2);
    }
    put_count(p, 2);
    put_felts(p, 8);
    assert_false(p->s.failed);
}

/* Parses a copy that ends exactly where the bytes do, so that a sanitizer sees overreads, and
 * checks that nothing was allocated and a failure leaves an empty proof. */
static sage_status parse(const uint8_t *bytes, size_t len, sage_proof *out, sage_errinfo *err)
{
    uint8_t *copy = malloc(len ? len : 1);
    assert_non_null(copy);
    if (len) memcpy(copy, bytes, len);
    memset(err, 0, sizeof *err);
    memset(out, 0xa5, sizeof *out);
    size_t before  = mallinfo2().uordblks;
    sage_status st = sage_proof_parse(out, copy, len, err);
    assert_int_equal(mallinfo2().uordblks, before);
    if (st != SAGE_OK) {
        static const sage_proof empty;
        assert_memory_equal(out, &empty, sizeof empty);
        assert_memory_equal(err->where, "proof.format.", 13);
        assert_true(err->at >= 0 && (size_t)err->at <= len);
    }
    free(copy);
    return st;
}

static void refuse(const uint8_t *bytes, size_t len)
{
    sage_proof out;
    sage_errinfo err;
    assert_int_equal(parse(bytes, len, &out, &err), SAGE_EFORMAT);
}

static void test_reads_back(void **state)
{
    (void)state;
    for (uint32_t n_trees = 3; n_trees <= 4; n_trees++) {
        sample p;
        sage_proof out;
        make(&p, n_trees);
        assert_int_equal(sage_proof_parse(&out, p.s.bytes, p.s.len, NULL), SAGE_OK);
        assert_int_equal(out.config.log_last_layer, 1);
        assert_int_equal(out.config.n_queries, 3);
        assert_int_equal(out.config.fold_step, 2);
        assert_int_equal(out.n_trees, n_trees);
        assert_int_equal(out.roots.n, n_trees);
        assert_int_equal(out.claimed_sums.n, n_trees == 4 ? 2 : 0);
        assert_true(out.interaction_pow == (n_trees == 4 ? 0x1122334455667788 : 0));
        assert_true(out.pow_nonce == 0x99aabbccddeeff00);
        assert_int_equal(out.sampled.n, 3);
        assert_int_equal(sage_view_qm31(out.sampled, 2).v[3], 1011);
        assert_int_equal(out.queried[2].n, 4);
        assert_int_equal(sage_view_u32(out.queried[2], 3), 1003);
        assert_int_equal(out.hash_witness[1].n, 1);
        assert_int_equal(sage_view_digest(out.hash_witness[1], 0)[4], 1);
        assert_int_equal(out.n_layers, 2);
        assert_int_equal(out.layer[1].witness.n, 2);
        assert_int_equal(out.layer[1].hash_witness.n, 2);
        assert_int_equal(out.last_layer.n, 2);
        free(p.s.bytes);
    }
}

static void test_lengths(void **state)
{
    (void)state;
    for (uint32_t n_trees = 3; n_trees <= 4; n_trees++) {
        sample p;
        make(&p, n_trees);
        size_t len = p.s.len;
        for (size_t n = 0; n < len; n++)
            refuse(p.s.bytes, n);
        for (int i = 0; i < 8; i++) {
            sage_sink_put(&p.s, "", 1);
            refuse(p.s.bytes, p.s.len);
        }
        free(p.s.bytes);
    }
}

static void test_counts(void **state)
{
    (void)state;
    for (uint32_t n_trees = 3; n_trees <= 4; n_trees++) {
        sample p;
        make(&p, n_trees);
        for (uint32_t i = 0; i < p.n_counts; i++) {
            uint8_t *at   = p.s.bytes + p.counts[i];
            uint32_t v    = sage_load_le32(at);
            uint32_t to[] = {v + 1,      v - 1,      1u << 27,  1u << 28,
                             0x7fffffff, 0x80000000, UINT32_MAX};
            for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
                sage_store_le32(at, to[k]);
                refuse(p.s.bytes, p.s.len);
            }
            sage_store_le32(at, v);
        }
        static const uint32_t trees[] = {0, 1, 2, 5, UINT32_MAX};
        for (size_t k = 0; k < sizeof trees / sizeof *trees; k++) {
            sage_store_le32(p.s.bytes + p.n_trees_at, trees[k]);
            refuse(p.s.bytes, p.s.len);
        }
        sage_store_le32(p.s.bytes + p.n_trees_at, 7 - n_trees);
        refuse(p.s.bytes, p.s.len);
        free(p.s.bytes);
    }
}

static void test_canonical(void **state)
{
    (void)state;
    sample p;
    make(&p, 4);
    for (uint32_t i = 0; i < p.n_felts; i++) {
        static const uint32_t to[] = {0x7fffffff, 0x80000000, UINT32_MAX};
        uint8_t *at                = p.s.bytes + p.felts[i];
        uint32_t v                 = sage_load_le32(at);
        sage_proof out;
        sage_errinfo err;
        for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
            sage_store_le32(at, to[k]);
            assert_int_equal(parse(p.s.bytes, p.s.len, &out, &err), SAGE_EFORMAT);
            assert_int_equal(err.at, p.felts[i]);
        }
        sage_store_le32(at, 0x7ffffffe);
        assert_int_equal(parse(p.s.bytes, p.s.len, &out, &err), SAGE_OK);
        sage_store_le32(at, v);
    }
    free(p.s.bytes);
}

static void test_config(void **state)
{
    (void)state;
    static const uint32_t bad[5] = {SAGE_MAX_POW_BITS + 1, SAGE_MAX_BLOWUP + 1,
                                    SAGE_MAX_QUERIES + 1, SAGE_MAX_LAST_LOG + 1,
                                    SAGE_MAX_FOLD_STEP + 1};
    sample p;
    make(&p, 3);
    for (int i = 0; i < 5; i++) {
        uint8_t *at     = p.s.bytes + 4 * i;
        uint32_t v      = sage_load_le32(at);
        uint32_t give[] = {bad[i], 32, 64, UINT32_MAX};
        for (int k = 0; k < 4; k++) {
            if (give[k] < bad[i]) continue;
            sage_proof out;
            sage_errinfo err;
            sage_store_le32(at, give[k]);
            assert_int_equal(parse(p.s.bytes, p.s.len, &out, &err), SAGE_EFORMAT);
            assert_string_equal(err.where, "proof.format.config");
        }
        sage_store_le32(at, v);
    }
    free(p.s.bytes);
}

/* Whatever the bytes, parsing ends with a status and in bounds. */
static void test_noise(void **state)
{
    (void)state;
    sample p;
    make(&p, 4);
    uint64_t seed = 42;
    for (int round = 0; round < (sage_test_quick() ? 2000 : 20000); round++) {
        sage_proof out;
        sage_errinfo err;
        uint8_t *copy = malloc(p.s.len);
        assert_non_null(copy);
        memcpy(copy, p.s.bytes, p.s.len);
        for (int k = 0; k < 4; k++) {
            seed                         = seed * 6364136223846793005u + 1442695040888963407u;
            copy[(seed >> 40) % p.s.len] = (uint8_t)(seed >> 32);
        }
        sage_status st = parse(copy, p.s.len, &out, &err);
        assert_true(st == SAGE_OK || st == SAGE_EFORMAT);
        free(copy);
    }
    free(p.s.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_back), cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_counts),     cmocka_unit_test(test_canonical),
        cmocka_unit_test(test_config),     cmocka_unit_test(test_noise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
