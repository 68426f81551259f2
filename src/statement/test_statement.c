/* Statements: ranges, layouts, the cover of a file's rows, proof files that do not parse. */
#include "base/test.h"

#include "backend/backend.h"
#include "base/hex.h"
#include "hash/blake2s.h"
#include "hash/poseidon2.h"
#include "stark/prover.h"
#include "statement/container.h"
#include "statement/statement.h"

static sage_statement file_of(uint64_t len)
{
    return (sage_statement){
        SAGE_STATEMENT_FILE_DIGEST, 10, {(uint32_t)len, (uint32_t)(len >> 32)}};
}

static void ranges(void **state)
{
    sage_statement st;
    sage_errinfo err;
    uint32_t start[16] = {0};
    (void)state;
    assert_int_equal(sage_statement_wide_fibonacci(&st, 2, 5, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.columns");
    assert_int_equal(sage_statement_wide_fibonacci(&st, 3, 3, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.log_rows");
    assert_int_equal(sage_statement_wide_fibonacci(&st, 3, 27, &err), SAGE_EINVAL);
    assert_int_equal(sage_statement_poseidon2(&st, 5, start, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.log_instances");
    start[3] = 0x7fffffff;
    assert_int_equal(sage_statement_poseidon2(&st, 7, start, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.state");
    st = file_of((uint64_t)SAGE_SPONGE_GROUP_BYTES << 24);
    assert_int_equal(sage_statement_check(&st, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "statement.length");
    st = (sage_statement){99, 0, {0}};
    assert_int_equal(sage_statement_check(&st, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.kind");
    st = (sage_statement){SAGE_STATEMENT_FILE_DIGEST, 9, {0}};
    assert_int_equal(sage_statement_check(&st, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.public");
    assert_null(sage_statement_name(0));
}

/* The parts hold every group; never more than one power of two would, nor more than three. */
static void cover(void **state)
{
    (void)state;
    for (uint64_t groups = 1; groups < 5000; groups += groups < 300 ? 1 : 37) {
        sage_statement st = file_of(groups * SAGE_SPONGE_GROUP_BYTES);
        uint32_t logs[SAGE_MAX_INSTANCES], n;
        uint64_t rows = 0, single = 16;
        while (single < groups)
            single *= 2;
        assert_int_equal(sage_statement_choose_logs(&st, logs, &n, NULL), SAGE_OK);
        assert_in_range(n, 1, 3);
        for (uint32_t i = 0; i < n; i++)
            rows += 1ull << logs[i];
        assert_true(rows >= groups && rows <= single);
        sage_layout l;
        assert_int_equal(sage_statement_layout(&st, logs, n, &l, NULL), SAGE_OK);
        assert_int_equal(l.n, n + 1);
        assert_int_equal(sage_layout_check(&l, &sage_config_production, NULL), SAGE_OK);
    }
}

static void layouts_refused(void **state)
{
    sage_statement st = file_of(SAGE_SPONGE_GROUP_BYTES * 100), f;
    sage_layout l;
    sage_errinfo err;
    uint32_t small[1] = {6}, wild[1] = {40}, four[4] = {5, 5, 5, 5};
    (void)state;
    assert_int_equal(sage_statement_layout(&st, small, 1, &l, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.logs");
    assert_int_equal(sage_statement_layout(&st, wild, 1, &l, &err), SAGE_EINVAL);
    assert_int_equal(sage_statement_layout(&st, four, 4, &l, &err), SAGE_EINVAL);
    assert_int_equal(sage_statement_layout(&st, NULL, 0, &l, &err), SAGE_EINVAL);
    assert_int_equal(sage_statement_wide_fibonacci(&f, 5, 5, NULL), SAGE_OK);
    assert_int_equal(sage_statement_layout(&f, small, 1, &l, &err), SAGE_EINVAL);
}

/* Claim data of the last group: zero limbs, the partial limb, its shift. */
static void padding(void **state)
{
    (void)state;
    enum { GROUP = SAGE_SPONGE_GROUP_BYTES, LIMBS = SAGE_SPONGE_GROUP_LIMBS };
    for (uint64_t len = 0; len <= 2 * GROUP; len++) {
        sage_statement st = file_of(len);
        sage_layout l;
        uint32_t log     = 4;
        uint64_t in_last = len <= GROUP ? len : len - GROUP;
        assert_int_equal(sage_statement_layout(&st, &log, 1, &l, NULL), SAGE_OK);
        const m31 *p = l.inst[0].params, *full = p + 1, *part = full + LIMBS, top = part[LIMBS];
        uint32_t bits = (uint32_t)(8 * in_last), partial = 0;
        assert_int_equal(p[0], len <= GROUP ? 1 : 2);
        for (uint32_t j = 0; j < LIMBS; j++) {
            assert_int_equal(full[j], 30 * j >= bits);
            assert_int_equal(part[j], 30 * j < bits && bits < 30 * (j + 1));
            partial += part[j];
            if (part[j]) assert_int_equal(top, (1u << 30) - (1u << (bits - 30 * j)));
        }
        assert_true(partial <= 1);
        if (!partial) assert_int_equal(top, 0);
    }
}

static void preprocessed_roots(void **state)
{
    const sage_backend *be;
    sage_device *dev;
    (void)state;
    assert_int_equal(sage_backend_find(NULL, &be, NULL), SAGE_OK);
    assert_int_equal(be->open(&dev, 1, NULL), SAGE_OK);
    for (uint32_t blowup = 1; blowup <= SAGE_MAX_BLOWUP; blowup++) {
        sage_statement st = file_of(1);
        sage_config c     = sage_config_test;
        sage_layout l;
        uint32_t log = 4;
        uint8_t made[32], known[32];
        char hex[65];
        c.log_blowup = blowup;
        assert_int_equal(sage_statement_layout(&st, &log, 1, &l, NULL), SAGE_OK);
        assert_int_equal(sage_prover_preprocessed_root(be, dev, &l, &c, made, NULL), SAGE_OK);
        assert_int_equal(sage_statement_preprocessed_root(&st, blowup, known, NULL), SAGE_OK);
        for (int i = 0; i < 32; i++)
            snprintf(hex + 2 * i, 3, "%02x", made[i]);
        if (memcmp(made, known, 32)) fail_msg("blowup %u: the root is %s", blowup, hex);
    }
    be->close(dev);
}

static void empty_root(void **state)
{
    sage_statement st;
    uint8_t root[32], empty[32];
    (void)state;
    assert_int_equal(sage_statement_wide_fibonacci(&st, 3, 4, NULL), SAGE_OK);
    assert_int_equal(sage_statement_preprocessed_root(&st, 1, root, NULL), SAGE_OK);
    sage_blake2s_hash(NULL, 0, empty);
    assert_memory_equal(root, empty, 32);
}

/* Digest and felt: a Blake2s program hash and construct_f252 of it, from the unit tests of
 * stwo-cairo 2b1fb4d (stwo_cairo_verifier/crates/verifier_utils). */
static const uint32_t digest_words[8] = {2421522214, 635981307,  2862863578, 1664236125,
                                         1878536921, 1607560013, 4274188691, 2957079540};
static const uint32_t felt_words[8]   = {0x90557f10, 0x25e84dfb, 0xaaa3d4da, 0x63323a5d,
                                         0x6ff832d9, 0x5fd16b4d, 0xfec2f01d, 0x004173f4};

static void cairo(void **state)
{
    const uint32_t prime[8] = {1, 0, 0, 0, 0, 0, 17, 1u << 27};
    sage_statement st, bad;
    sage_layout l;
    sage_errinfo err;
    uint8_t digest[32], ones[32];
    uint32_t logs[SAGE_MAX_INSTANCES], n;
    (void)state;
    for (int i = 0; i < 8; i++)
        sage_store_le32(digest + 4 * i, digest_words[i]);
    memset(ones, 0xff, sizeof ones);
    assert_int_equal(sage_statement_cairo(&st, SAGE_HASH_FAMILY_BLAKE2S, digest, ones, 7, &err),
                     SAGE_OK);
    assert_memory_equal(st.public_words + SAGE_CAIRO_WORD_PROGRAM, felt_words, 32);
    assert_int_equal(st.n_public, SAGE_CAIRO_PUBLIC_WORDS);
    assert_string_equal(sage_statement_name(st.kind), "cairo");

    bad                                       = st;
    bad.public_words[SAGE_CAIRO_WORD_PROGRAM] = 5;
    assert_false(sage_statement_equal(&st, &bad));
    bad                                    = st;
    bad.public_words[SAGE_CAIRO_WORD_HASH] = 2;
    assert_int_equal(sage_statement_check(&bad, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.hash");
    bad                                         = st;
    bad.public_words[SAGE_CAIRO_WORD_N_OUTPUTS] = (1 << 24) + 1;
    assert_int_equal(sage_statement_check(&bad, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.outputs");
    for (int at = SAGE_CAIRO_WORD_PROGRAM; at <= SAGE_CAIRO_WORD_OUTPUT; at += 8) {
        bad = st;
        memcpy(bad.public_words + at, prime, sizeof prime);
        assert_int_equal(sage_statement_check(&bad, &err), SAGE_EINVAL);
        assert_string_equal(err.where, "statement.felt");
        bad.public_words[at] = 0;
        assert_int_equal(sage_statement_check(&bad, &err), SAGE_OK);
    }

    assert_int_equal(sage_statement_provable(SAGE_STATEMENT_FILE_DIGEST, &err), SAGE_OK);
    assert_int_equal(sage_statement_provable(0, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "statement.kind");
    assert_int_equal(sage_statement_choose_logs(&st, logs, &n, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "statement.cairo");
    assert_int_equal(sage_statement_layout(&st, NULL, 0, &l, &err), SAGE_EUNSUP);
    assert_string_equal(err.where, "statement.cairo");
}

static void containers(void **state)
{
    sage_statement st = file_of(77);
    sage_sink sink    = {0};
    sage_container c;
    sage_errinfo err;
    uint32_t logs[2] = {7, 5};
    (void)state;
    sage_container_put_head(&sink, &st, logs, 2);
    assert_false(sink.failed);
    assert_int_equal(sage_container_parse(&c, sink.bytes, sink.len, NULL), SAGE_OK);
    assert_true(sage_statement_equal(&c.statement, &st));
    assert_int_equal(c.n_logs, 2);
    assert_int_equal(c.logs[1], 5);
    assert_int_equal(c.proof_len, 0);
    for (size_t n = 0; n < sink.len; n++) {
        uint8_t *cut = malloc(n + 1); /* exact size: a read beyond it is seen by ASan */
        assert_non_null(cut);
        memcpy(cut, sink.bytes, n);
        assert_int_equal(sage_container_parse(&c, cut, n, &err), SAGE_EFORMAT);
        assert_true(err.at >= 0 && (size_t)err.at <= n);
        free(cut);
    }
    memset(sink.bytes + 12, 0xff, 4);
    assert_int_equal(sage_container_parse(&c, sink.bytes, sink.len, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "container.public");
    free(sink.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges),     cmocka_unit_test(cover),
        cmocka_unit_test(padding),    cmocka_unit_test(layouts_refused),
        cmocka_unit_test(empty_root), cmocka_unit_test(preprocessed_roots),
        cmocka_unit_test(containers), cmocka_unit_test(cairo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
