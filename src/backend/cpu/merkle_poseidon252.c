/* A leaf is a sponge (hash/values.h): 16 words are two felts and a permutation. The last block
 * holds what is left, below 16 words, and the end mark; so the state after block b depends only
 * on the row of the largest column of blocks 0 .. b, and it is computed at that size.
 *
 * Rows lift in pairs: rows 2p, 2p + 1 of 2^k are those of rows 2p', 2p' + 1 of 2^(k+s) with
 * p' = p 2^s .. p 2^s + 2^s - 1. Up to WIDE_LOG the states of all rows lie side by side; each
 * pair of them then begins a walk of its own, depth first, with all its leaves in one run.
 *
 * Nodes are kept as felts, layer after layer. Scalar. */
#include "backend/cpu/merkle_poseidon252.h"

#include <string.h>

#include "backend/cpu/merkle_leaf.h"
#include "hash/poseidon252.h"

enum {
    GROUP      = 8, /* words of a felt */
    BLOCK      = 2 * GROUP,
    WIDTH      = 3, /* of the sponge */
    FELT_WORDS = 8,
    WIDE_LOG   = 13,
    TASK_ROWS  = 16 /* some 0.1 ms */
};

typedef struct state {
    felt252 lane[WIDTH];
} state;
_Static_assert((sizeof(state) << WIDE_LOG) <= SAGE_CPU_TILE_WORDS * sizeof(uint32_t),
               "the states of a wide layer fit a worker's scratch");

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

static void absorb_pair(state *s, felt252 a, felt252 b)
{
    felt252 x[WIDTH] = {felt252_add(s->lane[0], a), felt252_add(s->lane[1], b), s->lane[2]};
    sage_poseidon252_permute(x);
    memcpy(s->lane, x, sizeof x);
}

/* The last block: the words left over, then 1 and zeros up to a pair. */
static void
absorb_end(const sage_merkle *t, uint32_t log, uint32_t row, uint32_t first, state *s)
{
    const uint32_t left = leaf_words(t) - first;
    felt252 f[4]        = {felt252_zero(), felt252_zero(), felt252_zero(), felt252_zero()};
    uint32_t n          = 0;
    for (uint32_t done = 0; done < left; done += GROUP)
        f[n++] =
            pack_group(t, log, row, first + done, left - done < GROUP ? left - done : GROUP);
    f[n] = felt252_one();
    absorb_pair(s, f[0], f[1]);
    if (n == 2) absorb_pair(s, f[2], f[3]);
}

static void absorb_block(const sage_merkle *t, uint32_t log, uint32_t row, uint32_t b, state *s)
{
    const uint32_t first = BLOCK * b;
    if (b + 1 == leaf_blocks(t))
        absorb_end(t, log, row, first, s);
    else
        absorb_pair(s, pack_group(t, log, row, first, GROUP),
                    pack_group(t, log, row, first + GROUP, GROUP));
}

/* ---- nodes ---- */

static uint32_t *node_at(const sage_merkle *t, uint32_t level, uint32_t index)
{
    size_t before = 0;
    for (uint32_t l = lowest_stored(t->log_height); l < level; l++)
        before += (size_t)1 << (t->log_height - l);
    return t->nodes + (before + index) * FELT_WORDS;
}

static void store_node(const sage_merkle *t, uint32_t level, uint32_t index, felt252 d)
{
    if (level >= lowest_stored(t->log_height)) memcpy(node_at(t, level, index), &d, sizeof d);
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
    uint32_t top;       /* level of the node above a task's leaves */
    uint32_t level;     /* of the children that a task makes parents of */
} job;

/* Leaves of one task in order: an odd node closes its pair, all the way up. */
typedef struct climb {
    const job *job;
    felt252 left[32]; /* by level */
} climb;

static void push_leaf(climb *c, uint32_t leaf, felt252 d)
{
    const sage_merkle *t = c->job->tree;
    store_node(t, 0, leaf, d);
    for (uint32_t level = 0; level < c->job->top; level++) {
        const uint32_t index = leaf >> level;
        if (!(index & 1)) {
            c->left[level] = d;
            return;
        }
        d = sage_poseidon252_pair(c->left[level], d);
        store_node(t, level + 1, index >> 1, d);
    }
}

/* Rows 2 pair, 2 pair + 1 of 2^log, whose states follow all blocks before b. */
static void walk_pair(climb *c, uint32_t log, uint32_t pair, uint32_t b, const state from[2])
{
    const sage_merkle *t = c->job->tree;
    const uint32_t n     = leaf_blocks(t);
    state s[2]           = {from[0], from[1]};
    for (; b < n && block_log(t, b) == log; b++)
        for (uint32_t i = 0; i < 2; i++)
            absorb_block(t, log, 2 * pair + i, b, &s[i]);
    if (log == t->log_height) {
        for (uint32_t i = 0; i < 2; i++)
            push_leaf(c, 2 * pair + i, s[i].lane[0]);
        return;
    }
    const uint32_t next = b < n ? block_log(t, b) : t->log_height, shift = next - log;
    for (uint32_t k = 0; k < 1u << shift; k++)
        walk_pair(c, next, (pair << shift) + k, b, s);
}

static void walk_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const uint32_t first = (uint32_t)task * j->task_rows;
    climb c              = {.job = j};
    (void)worker;
    if (!j->wide_log) {
        push_leaf(&c, 0, j->wide[0].lane[0]);
        return;
    }
    for (uint32_t row = first; row < first + j->task_rows; row += 2)
        walk_pair(&c, j->wide_log, row / 2, j->block, j->wide + row);
}

static void absorb_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const uint32_t first = (uint32_t)task * j->task_rows;
    (void)worker;
    for (uint32_t row = first; row < first + j->task_rows; row++)
        absorb_block(j->tree, j->wide_log, row, j->block, &j->wide[row]);
}

static void parent_task(void *arg, size_t task, uint32_t worker)
{
    const job *j         = arg;
    const uint32_t index = (uint32_t)task;
    (void)worker;
    felt252 d = sage_poseidon252_pair(load_node(j->tree, j->level, 2 * index),
                                      load_node(j->tree, j->level, 2 * index + 1));
    store_node(j->tree, j->level + 1, index, d);
}

/* A row's state goes to rows no lower, so that from the last row on nothing is overwritten
 * that is still wanted. */
static void widen(job *j, uint32_t log)
{
    if (log == j->wide_log) return;
    for (uint32_t row = 1u << log; row-- > 0;)
        j->wide[row] = j->wide[lift_position(row, log, j->wide_log)];
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
    j.task_rows = 1u << widest < TASK_ROWS ? 1u << widest : TASK_ROWS;
    while ((1u << widest) / j.task_rows << j.top < 1u << t->log_height)
        j.top++;
    run_wide(dev, &j, walk_task);
    for (j.level = j.top; j.level < t->log_height; j.level++)
        sage_pool_for(dev->pool, (size_t)1 << (t->log_height - j.level - 1), parent_task, &j);
}

/* ---- openings ---- */

static felt252 leaf_digest(const sage_merkle *t, uint32_t q)
{
    state s = {{felt252_zero(), felt252_zero(), felt252_zero()}};
    for (uint32_t b = 0; b < leaf_blocks(t); b++)
        absorb_block(t, t->log_height, q, b, &s);
    return s.lane[0];
}

/* A node of a layer that is not stored: its 2^level leaves, then up. */
static felt252 dropped_node(const sage_merkle *t, uint32_t level, uint32_t index)
{
    felt252 d[1 << (SAGE_MERKLE_DROP - 1)];
    const uint32_t n = 1u << level;
    for (uint32_t i = 0; i < n; i++)
        d[i] = leaf_digest(t, (index << level) + i);
    for (uint32_t some = n / 2; some > 0; some /= 2)
        for (uint32_t i = 0; i < some; i++)
            d[i] = sage_poseidon252_pair(d[2 * i], d[2 * i + 1]);
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
