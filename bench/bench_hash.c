/* Stages of hashing: lifted Merkle commitments of equal columns, packed leaves, proof of work,
 * and the scalar hashes. */
#include <stdlib.h>

#include "bench.h"
#include "hash/blake2s.h"
#include "hash/poseidon2.h"
#include "hash/poseidon252.h"
#include "hash/poseidon252_many.h"

enum {
    MAX_COLUMNS  = 100,
    GRIND_BITS   = 16,
    GRIND_COUNT  = 64,
    GRIND_NONCES = 3600333,
    SCALAR_COUNT = 10000,
    MANY_COUNT   = 500
};

/* n columns of 2^log words, then the nodes. */
static size_t merkle_words(const bench_env *env, const bench_stage *s)
{
    return ((size_t)s->n << s->log) + env->be->merkle_words(s->log);
}

static void
commit(const bench_env *env, const bench_stage *s, uint32_t pack, sage_hash_kind hash)
{
    const uint32_t *cols[MAX_COLUMNS];
    uint32_t logs[MAX_COLUMNS];
    for (uint32_t i = 0; i < s->n; i++) {
        cols[i] = env->mem + ((size_t)i << s->log);
        logs[i] = s->log;
    }
    sage_merkle tree = {.cols       = cols,
                        .logs       = logs,
                        .n_cols     = s->n,
                        .log_height = s->log - pack,
                        .log_pack   = pack,
                        .nodes      = env->mem + ((size_t)s->n << s->log),
                        .hash       = hash};
    env->be->merkle_commit(env->dev, &tree);
}

static void run_merkle(const bench_env *env, const bench_stage *s)
{
    commit(env, s, 0, SAGE_HASH_BLAKE2S);
}

static void run_poseidon252_tree(const bench_env *env, const bench_stage *s)
{
    commit(env, s, 0, SAGE_HASH_POSEIDON252);
}

static void run_packed(const bench_env *env, const bench_stage *s)
{
    commit(env, s, 2, SAGE_HASH_BLAKE2S);
}

/* GRIND_COUNT searches, prefixes 0, 1, ..: together they try GRIND_NONCES nonces. */
static void run_grind(const bench_env *env, const bench_stage *s)
{
    uint8_t prefix[32] = {0};
    for (uint32_t i = 0; i < s->n; i++) {
        uint64_t nonce;
        prefix[0] = (uint8_t)i;
        if (env->be->grind(env->dev, SAGE_HASH_BLAKE2S, prefix, s->log, &nonce, NULL)) abort();
        bench_keep(&nonce);
    }
}

static void run_poseidon2(const bench_env *env, const bench_stage *s)
{
    m31 state[16] = {1};
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        sage_poseidon2_permute(state);
    bench_keep(state);
}

static void run_poseidon252(const bench_env *env, const bench_stage *s)
{
    felt252 state[3] = {felt252_one(), felt252_zero(), felt252_zero()};
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        sage_poseidon252_permute(state);
    bench_keep(state);
}

static void run_poseidon252_many(const bench_env *env, const bench_stage *s)
{
    felt252 state[64][3] = {{{{1, 2, 3, 4}}}};
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        sage_poseidon252_permute_many(state, 64);
    bench_keep(state);
}

static void run_blake2s(const bench_env *env, const bench_stage *s)
{
    uint8_t block[64] = {0};
    (void)env;
    for (uint32_t i = 0; i < s->n; i++)
        sage_blake2s_hash(block, sizeof block, block);
    bench_keep(block);
}

/* Compressions of a tree: those of a leaf, and one per node above. */
#define MERKLE(cols)                                                                           \
    {                                                                                          \
        "merkle_2^20x" #cols, "compression", (((cols) + 15) / 16 + 1) * 1048576.0, 20, cols,   \
            merkle_words, NULL, run_merkle                                                     \
    }

const bench_stage bench_hash_stages[] = {
    MERKLE(1),
    MERKLE(4),
    MERKLE(16),
    MERKLE(100),
    {"merkle_packed_2^18", "compression", 2 * 262144.0, 20, 4, merkle_words, NULL, run_packed},
    /* 100 words are 6 pairs of felts, then one felt and the end mark. */
    {"merkle_poseidon252_2^12x100", "permutation", (7 + 1) * 4096.0, 12, 100, merkle_words,
     NULL, run_poseidon252_tree},
    {"grind_16bit", "nonce", GRIND_NONCES, GRIND_BITS, GRIND_COUNT, NULL, NULL, run_grind},
    {"poseidon2", "permutation", SCALAR_COUNT, 0, SCALAR_COUNT, NULL, NULL, run_poseidon2},
    {"poseidon252", "permutation", SCALAR_COUNT, 0, SCALAR_COUNT, NULL, NULL, run_poseidon252},
    {"poseidon252_64_at_once", "permutation", 64.0 * MANY_COUNT, 0, MANY_COUNT, NULL, NULL,
     run_poseidon252_many},
    {"blake2s_64_bytes", "hash", SCALAR_COUNT, 0, SCALAR_COUNT, NULL, NULL, run_blake2s},
    {NULL, NULL, 0, 0, 0, NULL, NULL, NULL},
};
