/* Lifted Merkle trees against facts A4 read naively: hash every leaf, hash every node. The
 * naive reading itself is held to trees that stwo 2.0.0 made, which only adds a 64-byte
 * prefix block to every message. */
#include "backend/test_rig.h"

#include <jansson.h>

#include "hash/blake2s.h"
#include "hash/kind.h"

typedef uint8_t digest[32];

/* ---- the naive tree ---- */

typedef struct shape {
    uint32_t n_cols, height, pack;
    sage_hash_kind hash;
    uint32_t *logs;
    uint32_t **cols; /* host; on CPU backends host memory is device memory, and columns of
                        their exact size let the sanitizers see a read beyond them */
} shape;

typedef struct naive {
    const char *leaf_prefix, *node_prefix; /* NULL: none */
    digest *level[32];
} naive;

static void put_prefix(sage_blake2s *h, const char *prefix)
{
    uint8_t block[64] = {0};
    if (!prefix) return;
    memcpy(block, prefix, strlen(prefix));
    sage_blake2s_update(h, block, sizeof block);
}

/* Facts A4: col[((q >> (H - k + 1)) << 1) | (q & 1)]. */
static uint32_t naive_word(const shape *s, uint32_t q, uint32_t word)
{
    if (s->pack) return s->cols[word % 4][4 * q + word / 4];
    uint32_t k = s->logs[word];
    return s->cols[word][((q >> (s->height - k + 1)) << 1) | (q & 1)];
}

static void naive_leaf(const naive *n, const shape *s, uint32_t q, digest out)
{
    const uint32_t words = s->n_cols << s->pack;
    uint8_t *bytes       = malloc(4 * (size_t)words + 1);
    sage_blake2s h;
    assert_non_null(bytes);
    for (uint32_t w = 0; w < words; w++) {
        uint32_t v = naive_word(s, q, w);
        for (int k = 0; k < 4; k++)
            bytes[4 * w + k] = (uint8_t)(v >> 8 * k);
    }
    if (s->hash) {
        sage_tree_hash_of(s->hash)->leaf(bytes, words, out);
    } else {
        sage_blake2s_init(&h);
        put_prefix(&h, n->leaf_prefix);
        sage_blake2s_update(&h, bytes, 4 * (size_t)words);
        sage_blake2s_final(&h, out);
    }
    free(bytes);
}

static void naive_node(const naive *n, const shape *s, const uint8_t *pair, digest out)
{
    sage_blake2s h;
    if (s->hash) {
        sage_tree_hash_of(s->hash)->node(pair, out);
        return;
    }
    sage_blake2s_init(&h);
    put_prefix(&h, n->node_prefix);
    sage_blake2s_update(&h, pair, 64);
    sage_blake2s_final(&h, out);
}

static void naive_build(naive *n, const shape *s)
{
    for (uint32_t l = 0; l <= s->height; l++) {
        n->level[l] = calloc((size_t)1 << (s->height - l), sizeof(digest));
        assert_non_null(n->level[l]);
    }
    for (uint32_t q = 0; q < 1u << s->height; q++)
        naive_leaf(n, s, q, n->level[0][q]);
    for (uint32_t l = 1; l <= s->height; l++)
        for (uint32_t i = 0; i < 1u << (s->height - l); i++)
            naive_node(n, s, n->level[l - 1][2 * i], n->level[l][i]);
}

static void naive_free(naive *n, uint32_t height)
{
    for (uint32_t l = 0; l <= height; l++)
        free(n->level[l]);
}

/* ---- shapes ---- */

static shape shape_make(uint32_t n_cols, uint32_t height, uint32_t pack, const uint32_t *logs)
{
    shape s       = {.n_cols = n_cols, .height = height, .pack = pack};
    uint64_t seed = 7 * n_cols + 1000 * height;
    s.logs        = calloc(n_cols + 1, sizeof *s.logs);
    s.cols        = calloc(n_cols + 1, sizeof *s.cols);
    assert_non_null(s.logs);
    assert_non_null(s.cols);
    for (uint32_t i = 0; i < n_cols; i++) {
        size_t words = (size_t)1 << logs[i];
        s.logs[i]    = logs[i];
        s.cols[i]    = malloc(words * sizeof **s.cols);
        assert_non_null(s.cols[i]);
        for (size_t k = 0; k < words; k++)
            s.cols[i][k] = rig_random(&seed);
    }
    return s;
}

static void shape_free(shape *s)
{
    for (uint32_t i = 0; i < s->n_cols; i++)
        free(s->cols[i]);
    free(s->cols);
    free(s->logs);
}

/* ---- kernel against naive ---- */

enum { CANARY = 0x5a5a5a5a, CANARY_WORDS = 64 };

static void check_level(rig *r, const sage_merkle *tree, uint32_t level, const digest *want)
{
    uint32_t n = 1u << (tree->log_height - level), index[64];
    uint8_t got[64][32];
    /* batches of 1, 2, 3 .. indices, so that all fillings of a vector occur */
    for (uint32_t at = 0, batch = 1; at < n && at < 600; at += batch, batch = batch % 37 + 1) {
        uint32_t some = n - at < batch ? n - at : batch;
        for (uint32_t i = 0; i < some; i++)
            index[i] = n - 1 - (at + i);
        assert_int_equal(r->be->merkle_digests(r->dev, tree, level, index, some, got, NULL),
                         SAGE_OK);
        for (uint32_t i = 0; i < some; i++)
            if (memcmp(got[i], want[index[i]], 32) != 0)
                fail_msg("%s: %u columns, height %u, level %u, node %u", r->be->name,
                         tree->n_cols, tree->log_height, level, index[i]);
    }
}

static void check_leaves(rig *r, const sage_merkle *tree, const shape *s)
{
    uint32_t words = s->n_cols << s->pack, leaves = 1u << s->height, index[3];
    uint32_t *row = malloc((3 * (size_t)words + 1) * sizeof *row);
    assert_non_null(row);
    for (uint32_t i = 0; i < 3; i++)
        index[i] = (i * 2654435761u + 1) % leaves;
    assert_int_equal(r->be->merkle_leaves(r->dev, tree, index, 3, row, NULL), SAGE_OK);
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t w = 0; w < words; w++)
            assert_int_equal(row[i * words + w], naive_word(s, index[i], w));
    free(row);
}

typedef struct expectation {
    const shape *s;
    const naive *n;
} expectation;

static void check_tree(rig *r, const void *arg)
{
    const expectation *e = arg;
    const shape *s       = e->s;
    size_t words         = r->be->merkle_words(s->height);
    uint32_t *nodes      = rig_words(r, words + CANARY_WORDS);
    for (uint32_t i = 0; i < CANARY_WORDS; i++)
        nodes[words + i] = CANARY;
    sage_merkle tree = {.cols       = (const uint32_t *const *)s->cols,
                        .logs       = s->logs,
                        .n_cols     = s->n_cols,
                        .log_height = s->height,
                        .log_pack   = s->pack,
                        .nodes      = nodes,
                        .hash       = s->hash};
    r->be->merkle_commit(r->dev, &tree);
    for (uint32_t i = 0; i < CANARY_WORDS; i++)
        assert_int_equal(nodes[words + i], CANARY);
    for (uint32_t level = 0; level <= s->height; level++)
        check_level(r, &tree, level, (const digest *)e->n->level[level]);
    check_leaves(r, &tree, s);

    sage_errinfo err = {0};
    uint32_t beyond  = 1u << s->height;
    uint8_t out[1][32];
    assert_int_equal(r->be->merkle_digests(r->dev, &tree, 0, &beyond, 1, out, &err),
                     SAGE_EINVAL);
    assert_string_equal(err.where, "merkle.index");
    beyond = 0;
    assert_int_equal(r->be->merkle_digests(r->dev, &tree, s->height + 1, &beyond, 1, out, &err),
                     SAGE_EINVAL);
    assert_string_equal(err.where, "merkle.level");
}

static void compare_hash(
    sage_hash_kind hash, uint32_t n_cols, uint32_t height, uint32_t pack, const uint32_t *logs)
{
    shape s       = shape_make(n_cols, height, pack, logs);
    naive n       = {NULL, NULL, {NULL}};
    expectation e = {&s, &n};
    s.hash        = hash;
    naive_build(&n, &s);
    rig_each(4, ((size_t)16 << height) + (1 << 14), check_tree, &e);
    naive_free(&n, height);
    shape_free(&s);
}

static void compare(uint32_t n_cols, uint32_t height, uint32_t pack, const uint32_t *logs)
{
    compare_hash(SAGE_HASH_BLAKE2S, n_cols, height, pack, logs);
}

static void equal_columns(uint32_t n_cols, uint32_t height)
{
    uint32_t logs[256];
    for (uint32_t i = 0; i < n_cols; i++)
        logs[i] = height;
    compare(n_cols, height, 0, logs);
}

/* Every height on both sides of a vector, a tile and a task; every number of columns around
 * the block edges. */
static void equal_heights(void **state)
{
    (void)state;
    static const uint32_t columns[] = {1, 2, 4, 15, 16, 17, 31, 32, 33, 100, 130};
    for (uint32_t height = 0; height <= 11; height++)
        equal_columns(3, height);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        equal_columns(columns[i], 6), equal_columns(columns[i], 9);
    for (uint32_t n = 1; n <= 130; n++)
        equal_columns(n, 3);
    equal_columns(5, 14);
    equal_columns(1, 16);
}

static void empty_tree(void **state)
{
    (void)state;
    equal_columns(0, 0);
    uint8_t empty[32];
    sage_blake2s_hash(NULL, 0, empty);
    shape s = shape_make(0, 0, 0, NULL);
    naive n = {NULL, NULL, {NULL}};
    naive_build(&n, &s);
    assert_memory_equal(n.level[0][0], empty, 32);
    naive_free(&n, 0);
    shape_free(&s);
    equal_columns(0, 5);
}

static void packed_leaves(void **state)
{
    (void)state;
    for (uint32_t height = 0; height <= 12; height++) {
        uint32_t logs[4];
        for (int i = 0; i < 4; i++)
            logs[i] = height + 2;
        compare(4, height, 2, logs);
    }
}

static void sort_logs(uint32_t *logs, uint32_t n)
{
    for (uint32_t i = 1; i < n; i++)
        for (uint32_t k = i; k && logs[k - 1] > logs[k]; k--) {
            uint32_t t  = logs[k];
            logs[k]     = logs[k - 1];
            logs[k - 1] = t;
        }
}

static void mixed_heights(void **state)
{
    (void)state;
    uint64_t seed = 99;
    for (int round = 0; round < 60; round++) {
        uint32_t height = 1 + rig_random(&seed) % (round % 10 ? 10 : 15);
        uint32_t n      = 1 + rig_random(&seed) % 130, logs[130];
        uint32_t kinds  = 1 + rig_random(&seed) % 5, kind[5];
        for (uint32_t i = 0; i < kinds; i++)
            kind[i] = 1 + rig_random(&seed) % height;
        for (uint32_t i = 0; i < n; i++)
            logs[i] = kind[rig_random(&seed) % kinds];
        sort_logs(logs, n);
        compare(n, height, 0, logs); /* the tree may be higher than its columns */
    }
}

/* Each size once: most runs, most lifts, all within one block and then over several. */
static void staircase(void **state)
{
    (void)state;
    uint32_t logs[16 * 14];
    for (uint32_t i = 0; i < 14; i++)
        logs[i] = i + 1;
    compare(14, 14, 0, logs);
    for (uint32_t i = 0; i < 16 * 12; i++)
        logs[i] = i / 16 + 1;
    compare(16 * 12, 12, 0, logs);
    for (uint32_t i = 0; i < 40; i++)
        logs[i] = i < 39 ? 1 : 15; /* small columns in a tall tree of many tasks */
    compare(40, 15, 0, logs);
}

/* ---- Poseidon252: fewer and smaller trees, a permutation takes its time ---- */

static void compare_felts(uint32_t n_cols, uint32_t height, uint32_t pack, const uint32_t *logs)
{
    compare_hash(SAGE_HASH_POSEIDON252, n_cols, height, pack, logs);
}

/* Every number of columns around the edges of felts, pairs of them and blocks. */
static void poseidon252_equal_heights(void **state)
{
    (void)state;
    uint32_t logs[50];
    for (uint32_t height = 0; height <= 9; height++) {
        for (uint32_t i = 0; i < 4; i++)
            logs[i] = height + 2;
        compare_felts(4, height, 2, logs);
        for (uint32_t i = 0; i < 3; i++)
            logs[i] = height;
        compare_felts(3, height, 0, logs);
    }
    compare_felts(0, 0, 0, NULL);
    compare_felts(0, 5, 0, NULL);
    for (uint32_t i = 0; i < 50; i++)
        logs[i] = 3;
    for (uint32_t n = 1; n <= 50; n++)
        compare_felts(n, 3, 0, logs);
}

static void poseidon252_mixed_heights(void **state)
{
    (void)state;
    uint64_t seed = 98;
    for (int round = 0; round < 8; round++) {
        uint32_t height = 1 + rig_random(&seed) % 9, n = 1 + rig_random(&seed) % 60, logs[60];
        for (uint32_t i = 0; i < n; i++)
            logs[i] = 1 + rig_random(&seed) % height;
        sort_logs(logs, n);
        compare_felts(n, height, 0, logs);
    }
}

/* Trees beyond the layer whose states lie side by side: columns on both sides of it, above
 * it alone, and below it alone. */
static void poseidon252_tall_trees(void **state)
{
    (void)state;
    uint32_t logs[60];
    for (uint32_t i = 0; i < 60; i++)
        logs[i] = i < 16 ? 2 : i < 32 ? 13 : i < 47 ? 14 : 15;
    compare_felts(60, 15, 0, logs);
    for (uint32_t i = 0; i < 17; i++)
        logs[i] = 14;
    compare_felts(17, 14, 0, logs);
    for (uint32_t i = 0; i < 17; i++)
        logs[i] = 3;
    compare_felts(17, 14, 0, logs);
}

/* ---- the trees of stwo 2.0.0 ---- */

static void assert_hex(const digest d, const char *hex)
{
    char got[65];
    for (int i = 0; i < 32; i++)
        snprintf(got + 2 * i, 3, "%02x", d[i]);
    assert_string_equal(got, hex);
}

/* Columns come in commit order; leaf order is the stable sort by size. */
static shape shape_from_json(const json_t *t)
{
    const json_t *sizes = json_object_get(t, "column_log_sizes");
    const json_t *cols  = json_object_get(t, "columns");
    uint32_t n = (uint32_t)json_array_size(sizes), logs[64], from[64], at = 0, height = 0;
    assert_in_range(n, 1, 64);
    for (uint32_t log = 0; log < 32; log++)
        for (uint32_t i = 0; i < n; i++)
            if (json_integer_value(json_array_get(sizes, i)) == log) {
                from[at]   = i;
                logs[at++] = log;
                height     = log;
            }
    shape s = shape_make(n, height, 0, logs);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < 1u << logs[i]; k++)
            s.cols[i][k] =
                (uint32_t)json_integer_value(json_array_get(json_array_get(cols, from[i]), k));
    return s;
}

static void published_trees(void **state)
{
    (void)state;
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/vectors/stwo-2.0.0/merkle_lifted.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    json_t *root = json_load_file(path, 0, NULL);
    if (!root) skip();
    const json_t *list = json_object_get(root, "blake2s");
    assert_in_range(json_array_size(list), 3, 100);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *t    = json_array_get(list, i);
        const json_t *want = json_object_get(t, "layers_root_first");
        shape s            = shape_from_json(t);
        naive prefixed = {"leaf", "node", {NULL}}, plain = {NULL, NULL, {NULL}};
        naive_build(&prefixed, &s);
        /* the bigger trees are published by their root alone */
        for (uint32_t l = 0; l < json_array_size(want); l++)
            for (uint32_t k = 0; k < 1u << l; k++)
                assert_hex(prefixed.level[s.height - l][k],
                           json_string_value(json_array_get(json_array_get(want, l), k)));
        assert_hex(prefixed.level[s.height][0], json_string_value(json_object_get(t, "root")));
        naive_build(&plain, &s);
        rig_each(4, 1 << 14, check_tree, &(expectation){&s, &plain});
        naive_free(&prefixed, s.height);
        naive_free(&plain, s.height);
        shape_free(&s);
    }
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_heights),
        cmocka_unit_test(empty_tree),
        cmocka_unit_test(packed_leaves),
        cmocka_unit_test(mixed_heights),
        cmocka_unit_test(staircase),
        cmocka_unit_test(published_trees),
        cmocka_unit_test(poseidon252_equal_heights),
        cmocka_unit_test(poseidon252_mixed_heights),
        cmocka_unit_test(poseidon252_tall_trees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
