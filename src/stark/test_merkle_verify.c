/* stark/test_merkle_verify.c -- sage_merkle_verify against a tree built the plain way. */
#include "base/test.h"

#include "hash/blake2s.h"
#include "hash/poseidon252.h"
#include "stark/verifier.h"

enum { MAX_LOG = 9, DIGEST = 32 };

static uint64_t seed = 0x5eed;
static uint32_t next_random(void)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33);
}

/* Of the tests of use_hash(state). */
static sage_hash_kind hash;

static int use_hash(void **state)
{
    hash = *(const sage_hash_kind *)*state;
    return 0;
}

/* The parent of two digests, by the definitions (facts A4, A10). */
static void hash_node(const uint8_t *left, const uint8_t *right, uint8_t *out)
{
    uint8_t pair[2 * DIGEST];
    felt252 a, b;
    memcpy(pair, left, DIGEST);
    memcpy(pair + DIGEST, right, DIGEST);
    if (hash == SAGE_HASH_BLAKE2S) {
        sage_blake2s_hash(pair, sizeof pair, out);
        return;
    }
    assert_true(felt252_from_bytes(&a, left));
    assert_true(felt252_from_bytes(&b, right));
    felt252_to_bytes(sage_poseidon252_pair(a, b), out);
}

/* node[h][i]: digest i of level h, 0 being the leaves. */
typedef struct tree {
    uint32_t log;
    uint8_t node[MAX_LOG + 1][1 << MAX_LOG][DIGEST];
} tree;

static void build(tree *t, uint32_t log)
{
    t->log = log;
    for (uint32_t i = 0; i < 1u << log; i++) {
        uint32_t word = next_random();
        memset(t->node[0][i], 0, DIGEST); /* any canonical digest does for a leaf */
        memcpy(t->node[0][i], &word, sizeof word);
    }
    for (uint32_t h = 1; h <= log; h++)
        for (uint32_t i = 0; i < 1u << (log - h); i++)
            hash_node(t->node[h - 1][2 * i], t->node[h - 1][2 * i + 1], t->node[h][i]);
}

/* An opening of some leaves: what the verifier is given. */
typedef struct opening {
    uint32_t positions[1 << MAX_LOG], n, n_witness;
    uint8_t digests[1 << MAX_LOG][DIGEST], witness[MAX_LOG << MAX_LOG][DIGEST];
} opening;

/* The witness by its definition: level by level, left to right, the sibling of every known
 * node that is not known itself (facts A4). */
static void open_leaves(const tree *t, const bool *chosen, opening *o)
{
    bool known[1 << MAX_LOG];
    memcpy(known, chosen, sizeof known);
    o->n = o->n_witness = 0;
    for (uint32_t i = 0; i < 1u << t->log; i++) {
        if (!known[i]) continue;
        o->positions[o->n] = i;
        memcpy(o->digests[o->n++], t->node[0][i], DIGEST);
    }
    for (uint32_t h = 0; h < t->log; h++) {
        for (uint32_t i = 0; i < 1u << (t->log - h); i++)
            if (known[i] && !known[i ^ 1])
                memcpy(o->witness[o->n_witness++], t->node[h][i ^ 1], DIGEST);
        for (uint32_t i = 0; i < 1u << (t->log - h - 1); i++)
            known[i] = known[2 * i] || known[2 * i + 1];
    }
}

static bool verify(const tree *t, const opening *o, uint32_t log)
{
    static opening work; /* clobbered by the verifier */
    work = *o;
    return sage_merkle_verify(hash, t->node[t->log][0], log, work.positions, work.digests[0],
                              o->n, (sage_view){work.witness[0], o->n_witness});
}

static void choose(bool *chosen, uint32_t log, uint32_t n)
{
    memset(chosen, 0, 1 << MAX_LOG);
    for (uint32_t i = 0; i < n; i++)
        chosen[next_random() % (1u << log)] = true;
}

static tree t;
static opening o, bad;

static void test_accepts(void **state)
{
    (void)state;
    for (uint32_t log = 0; log <= MAX_LOG; log++) {
        build(&t, log);
        for (uint32_t n = 1; n <= 1u << log; n = n < 8 ? n + 1 : 2 * n) {
            bool chosen[1 << MAX_LOG];
            choose(chosen, log, n);
            open_leaves(&t, chosen, &o);
            assert_true(verify(&t, &o, log));
        }
    }
}

/* All subsets of a tree of 8 leaves. */
static void test_all_subsets(void **state)
{
    (void)state;
    build(&t, 3);
    for (uint32_t set = 1; set < 256; set++) {
        bool chosen[1 << MAX_LOG] = {false};
        for (int i = 0; i < 8; i++)
            chosen[i] = set >> i & 1;
        open_leaves(&t, chosen, &o);
        assert_true(verify(&t, &o, 3));
        assert_false(verify(&t, &o, 2));
        assert_false(verify(&t, &o, 4));
    }
}

static void test_refuses(void **state)
{
    (void)state;
    for (int round = 0; round < (sage_test_quick() || hash == SAGE_HASH_POSEIDON252 ? 20 : 200);
         round++) {
        uint32_t log = 2 + next_random() % (MAX_LOG - 1);
        bool chosen[1 << MAX_LOG];
        build(&t, log);
        choose(chosen, log, 1 + next_random() % 6);
        open_leaves(&t, chosen, &o);
        assert_true(verify(&t, &o, log));

        for (uint32_t i = 0; i < o.n; i++) { /* a wrong leaf, a wrong place */
            bad = o;
            bad.digests[i][next_random() % DIGEST] ^= (uint8_t)(1u << next_random() % 8);
            assert_false(verify(&t, &bad, log));
            bad = o;
            bad.positions[i] ^= 1;
            assert_false(verify(&t, &bad, log));
            bad = o;
            bad.positions[i] |= 1u << log;
            assert_false(verify(&t, &bad, log));
            bad              = o;
            bad.positions[i] = UINT32_MAX;
            assert_false(verify(&t, &bad, log));
        }
        for (uint32_t i = 0; i < o.n_witness; i++) {
            bad = o;
            bad.witness[i][next_random() % DIGEST] ^= (uint8_t)(1u << next_random() % 8);
            assert_false(verify(&t, &bad, log));
        }
        for (uint32_t n = 0; n < o.n_witness; n++) { /* too short by any number */
            bad           = o;
            bad.n_witness = n;
            assert_false(verify(&t, &bad, log));
        }
        bad = o; /* too long by one */
        memcpy(bad.witness[bad.n_witness++], t.node[0][0], DIGEST);
        assert_false(verify(&t, &bad, log));
        bad   = o;
        bad.n = 0;
        assert_false(verify(&t, &bad, log));

        bad = o; /* the same leaf twice */
        memmove(bad.positions + 1, bad.positions, bad.n * sizeof *bad.positions);
        memmove(bad.digests[1], bad.digests[0], (size_t)bad.n * DIGEST);
        bad.n++;
        assert_false(verify(&t, &bad, log));
        if (o.n >= 2) { /* not ascending */
            bad              = o;
            bad.positions[0] = o.positions[1], bad.positions[1] = o.positions[0];
            memcpy(bad.digests[0], o.digests[1], DIGEST);
            memcpy(bad.digests[1], o.digests[0], DIGEST);
            assert_false(verify(&t, &bad, log));
        }
    }
}

/* An inner node offered as a leaf of a lower tree is refused where the height is known, and
 * the height always is: leaves and nodes hash alike at this pin (facts F2, item 14). */
static void test_height_is_the_verifiers(void **state)
{
    (void)state;
    build(&t, 4);
    bool chosen[1 << MAX_LOG] = {false};
    chosen[5]                 = true;
    open_leaves(&t, chosen, &o);
    bad              = o;
    bad.positions[0] = 2; /* parent of leaf 5 */
    bad.n_witness    = o.n_witness - 1;
    memcpy(bad.digests[0], t.node[1][2], DIGEST);
    memmove(bad.witness[0], bad.witness[1], (size_t)bad.n_witness * DIGEST);
    assert_true(verify(&t, &bad, 3));
    assert_false(verify(&t, &bad, 4));
    assert_false(sage_merkle_verify(hash, t.node[4][0], 32, bad.positions, bad.digests[0], 1,
                                    (sage_view){bad.witness[0], bad.n_witness}));
}

#define BY_KIND(test)                                                                          \
    {#test "(blake2s)", test, use_hash, NULL, &blake2s},                                       \
    {                                                                                          \
#        test "(poseidon252)", test, use_hash, NULL, &poseidon252                              \
    }

int main(void)
{
    static sage_hash_kind blake2s = SAGE_HASH_BLAKE2S, poseidon252 = SAGE_HASH_POSEIDON252;
    const struct CMUnitTest tests[] = {
        BY_KIND(test_accepts),
        BY_KIND(test_all_subsets),
        BY_KIND(test_refuses),
        BY_KIND(test_height_is_the_verifiers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
