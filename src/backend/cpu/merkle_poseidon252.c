/* A leaf is a sponge (hash/values.h): 16 words are two felts and a permutation. The last block
 * holds what is left, below 16 words, and the end mark; so the state after block b depends only
 * on the row of the largest column of blocks 0 .. b, and it is computed at that size.
 *
 * Rows lift in pairs: rows 2p, 2p + 1 of 2^k are those of rows 2p', 2p' + 1 of 2^(k+s) with
 * p' = p 2^s .. p 2^s + 2^s - 1. Up to WIDE_LOG the states of all rows lie side by side; from
 * there on tiles of TILE rows go depth first, so that a tile of states per size is all the
 * scratch there is, and permutations come TILE at a time (hash/poseidon252_many.h).
 *
 * Nodes are kept as felts, layer after layer. A tile hashes its nodes up to level TILE_TOP,
 * which is stored; what is above is made layer by layer. */
#include "backend/cpu/merkle_poseidon252.h"

#include <string.h>

#include "backend/cpu/merkle_leaf.h"
#include "hash/poseidon252.h"
#include "hash/poseidon252_many.h"

enum {
    GROUP      = 8, /* words of a felt */
    BLOCK      = 2 * GROUP,
    WIDTH      = 3, /* of the sponge */
    FELT_WORDS = 8,
    WIDE_LOG   = 13,
    TASK_ROWS  = 32, /* at most some 0.1 ms */
    TILE_LOG   = 6,
    TILE       = 1 << TILE_LOG,
    TILE_TOP   = 3 /* a tile's 8 nodes of this level are the last that fill a vector */
};
_Static_assert(TILE_TOP >= (int)SAGE_MERKLE_DROP, "a tile must reach the stored layers");
_Static_assert((WIDTH * sizeof(felt252) << WIDE_LOG) <= SAGE_CPU_TILE_WORDS * sizeof(uint32_t),
               "the states of a wide layer fit a worker's scratch");

typedef felt252 state[WIDTH];

/* ---- leaves ---- */

static uint32_t leaf_blocks(const sage_merkle *t)
{
    return leaf_words(t) / BLOCK + 1;
}

/* The size at which block b is absorbed. */
static uint32_t block_log(const sage_merkle *t, uint32_t b)
{
    uint32_t words = leaf_words(t), past = BLOCK * (b + 1);
    if (!words) return t->log_height ? 1 : 0; /* any; pairs must lift */
    return word_log(t, (past < words ? past : words) - 1);
}

/* n <= GROUP words of a row; what is less than a group has its number at 2^248. */
static felt252
pack_group(const sage_merkle *t, uint32_t log, uint32_t row, uint32_t first, uint32_t n)
{
    uint64_t limbs[4] = {0};
    for (uint32_t i = 0; i < n; i++)
        sage_poseidon252_pack(limbs, row_word(t, log, row, first + i));
    if (n < GROUP) limbs[3] += (uint64_t)n << 56;
    return felt252_from_limbs(limbs);
}

/* One felt of each row into lane `lane`: words first .. first + n of rows row .. of 2^log. */
static void add_group(const sage_merkle *t,
                      uint32_t log,
                      uint32_t row,
                      uint32_t rows,
                      uint32_t first,
                      uint32_t n,
                      uint32_t lane,
                      state *s)
{
    for (uint32_t i = 0; i < rows; i++)
        s[i][lane] = felt252_add(s[i][lane], pack_group(t, log, row + i, first, n));
}

/* The last block: the words left over, then 1 and zeros up to a pair. */
static void absorb_end(
    const sage_merkle *t, uint32_t log, uint32_t row, uint32_t rows, uint32_t first, state *s)
{
    const uint32_t left = leaf_words(t) - first, felts = (left + GROUP - 1) / GROUP;
    for (uint32_t k = 0; k < felts; k++) {
        const uint32_t at = GROUP * k;
        add_group(t, log, row, rows, first + at, left - at < GROUP ? left - at : GROUP, k, s);
    }
    if (felts == 2) sage_poseidon252_permute_many(s, rows);
    for (uint32_t i = 0; i < rows; i++)
        s[i][felts % 2] = felt252_add(s[i][felts % 2], felt252_one());
    sage_poseidon252_permute_many(s, rows);
}

/* Block b of rows row .. row + rows of 2^log, into their states. */
static void absorb_block(
    const sage_merkle *t, uint32_t log, uint32_t row, uint32_t rows, uint32_t b, state *s)
{
    const uint32_t first = BLOCK * b;
    if (b + 1 == leaf_blocks(t)) {
        absorb_end(t, log, row, rows, first, s);
        return;
    }
    add_group(t, log, row, rows, first, GROUP, 0, s);
    add_group(t, log, row, rows, first + GROUP, GROUP, 1, s);
    sage_poseidon252_permute_many(s, rows);
}

/* ---- nodes ---- */

static uint32_t *node_at(const sage_merkle *t, uint32_t level, uint32_t index)
{
    size_t before = 0;
    for (uint32_t l = lowest_stored(t->log_height); l < level; l++)
        before += (size_t)1 << (t->log_height - l);
    return t->nodes + (before + index) * FELT_WORDS;
}

static felt252 load_node(const sage_merkle *t, uint32_t level, uint32_t index)
{
    felt252 d;
    memcpy(&d, node_at(t, level, index), sizeof d);
    return d;
}

/* ---- commitment ---- */

typedef struct job {
    const sage_merkle *tree;
    state *wide; /* of 2^wide_log rows, after the blocks before `block` */
    uint32_t wide_log;
    uint32_t block;
    uint32_t task_rows; /* of the wide layer, a power of two */
    uint32_t top;       /* level up to which tiles hash, which have 8 leaves or all there are */
    uint32_t level;     /* of the children that a task makes parents of */
} job;

/* The digests of n leaves, the first one `leaf`, and their nodes up to the top. */
static void emit_tile(const job *j, uint32_t leaf, uint32_t n, state *s)
{
    const sage_merkle *t = j->tree;
    felt252 d[TILE];
    for (uint32_t i = 0; i < n; i++)
        d[i] = s[i][0];
    for (uint32_t level = 0;; level++) {
        if (level >= lowest_stored(t->log_height))
            memcpy(node_at(t, level, leaf >> level), d, (n >> level) * sizeof *d);
        if (level == j->top) return;
        sage_poseidon252_pairs(d, d, n >> (level + 1));
    }
}

/* Rows row .. row + n of 2^log, whose states follow all blocks before b; n is even, or there is
 * one row in all. */
static void
walk_tile(const job *j, uint32_t log, uint32_t row, uint32_t n, uint32_t b, state *s)
{
    const sage_merkle *t  = j->tree;
    const uint32_t blocks = leaf_blocks(t);
    for (; b < blocks && block_log(t, b) == log; b++)
        absorb_block(t, log, row, n, b, s);
    if (log == t->log_height) {
        emit_tile(j, row, n, s);
        return;
    }
    const uint32_t next = b < blocks ? block_log(t, b) : t->log_height, shift = next - log;
    const uint64_t past = (uint64_t)(row + n) << shift;
    for (uint64_t at = (uint64_t)row << shift; at < past; at += TILE) {
        const uint32_t first = (uint32_t)at,
                       some  = past - at < TILE ? (uint32_t)(past - at) : TILE;
        state lifted[TILE];
        for (uint32_t i = 0; i < some; i++)
            memcpy(lifted[i], s[lift_position(first + i, next, log) - row], sizeof lifted[i]);
        walk_tile(j, next, first, some, b, lifted);
    }
}

static void walk_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const uint32_t first = (uint32_t)task * j->task_rows;
    (void)worker;
    walk_tile(j, j->wide_log, first, j->task_rows, j->block, j->wide + first);
}

static void absorb_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const uint32_t first = (uint32_t)task * j->task_rows;
    (void)worker;
    absorb_block(j->tree, j->wide_log, first, j->task_rows, j->block, j->wide + first);
}

/* Parents of one task: the same number for every task of a layer. */
static uint32_t parents_of(const job *j)
{
    const uint32_t n = 1u << (j->tree->log_height - j->level - 1);
    return n < TILE ? n : TILE;
}

static void parent_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const sage_merkle *t = j->tree;
    const uint32_t n = parents_of(j), first = (uint32_t)task * n;
    felt252 d[2 * TILE];
    (void)worker;
    memcpy(d, node_at(t, j->level, 2 * first), 2 * n * sizeof *d);
    sage_poseidon252_pairs(d, d, n);
    memcpy(node_at(t, j->level + 1, first), d, n * sizeof *d);
}

/* A row's state goes to rows no lower, so that from the last row on nothing is overwritten
 * that is still wanted. */
static void widen(job *j, uint32_t log)
{
    if (log == j->wide_log) return;
    for (uint32_t row = 1u << log; row-- > 0;)
        memmove(j->wide[row], j->wide[lift_position(row, log, j->wide_log)], sizeof *j->wide);
    j->wide_log = log;
}

static void run_wide(sage_device *dev, job *j, void (*task)(void *, size_t, uint32_t))
{
    const uint32_t rows = 1u << j->wide_log;
    j->task_rows        = rows < TASK_ROWS ? rows : TASK_ROWS;
    sage_pool_for(dev->pool, rows / j->task_rows, task, j);
}

void sage_merkle_poseidon252_commit(sage_device *dev, const sage_merkle *t)
{
    const uint32_t widest = t->log_height < WIDE_LOG ? t->log_height : WIDE_LOG;
    const uint32_t n      = leaf_blocks(t);
    job j                 = {.tree     = t,
                             .wide     = (state *)(void *)sage_cpu_tile(dev, 0),
                             .wide_log = block_log(t, 0) < widest ? block_log(t, 0) : widest};
    memset(j.wide, 0, sizeof *j.wide << j.wide_log); /* the sponge begins at zero */
    for (; j.block < n && block_log(t, j.block) <= widest; j.block++) {
        widen(&j, block_log(t, j.block));
        run_wide(dev, &j, absorb_task);
    }
    widen(&j, widest);
    j.top = t->log_height < TILE_TOP ? t->log_height : TILE_TOP;
    run_wide(dev, &j, walk_task);
    for (j.level = j.top; j.level < t->log_height; j.level++)
        sage_pool_for(dev->pool, ((size_t)1 << (t->log_height - j.level - 1)) / parents_of(&j),
                      parent_task, &j);
}

/* ---- openings ---- */

/* A node of a layer that is not stored: its 2^level leaves, then up. */
static felt252 dropped_node(const sage_merkle *t, uint32_t level, uint32_t index)
{
    state s[1 << (SAGE_MERKLE_DROP - 1)];
    felt252 d[1 << (SAGE_MERKLE_DROP - 1)];
    const uint32_t n = 1u << level;
    memset(s, 0, sizeof s);
    for (uint32_t b = 0; b < leaf_blocks(t); b++)
        absorb_block(t, t->log_height, index << level, n, b, s);
    for (uint32_t i = 0; i < n; i++)
        d[i] = s[i][0];
    for (uint32_t some = n / 2; some > 0; some /= 2)
        sage_poseidon252_pairs(d, d, some);
    return d[0];
}

void sage_merkle_poseidon252_digests(const sage_merkle *tree,
                                     uint32_t level,
                                     const uint32_t *index,
                                     uint32_t n,
                                     uint8_t (*out)[32])
{
    const bool stored = level >= lowest_stored(tree->log_height);
    for (uint32_t i = 0; i < n; i++)
        felt252_to_bytes(stored ? load_node(tree, level, index[i])
                                : dropped_node(tree, level, index[i]),
                         out[i]);
}
