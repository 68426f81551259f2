/* Lifted Merkle trees with Blake2s (facts A4): one lane per leaf and per node.
 *
 * Message word c of LANES consecutive leaves is a run of column c, so columns are read as
 * vectors and nothing is transposed. Leaves are hashed tile by tile: 16 columns of a tile are
 * copied side by side first, because all columns at once would be streams that fall into the
 * same cache sets.
 *
 * Columns smaller than the tree: the state after a block of 16 columns depends only on the row
 * of the largest of them. A run is a maximal sequence of blocks whose largest columns have
 * one size; its states are computed at that size, and the next run starts from them through
 * the lift map. Depth first, so that a tile of states per run is all the scratch there is.
 *
 * Bound: the compressions, (columns / 16 + 1) per leaf row at its run's size, and one per
 * node. Nodes of a layer lie in groups of LANES, word by word; the bottom SAGE_MERKLE_DROP
 * layers live only in a tile and are hashed again when opened. */
#include "field/lanes.h"

#include <string.h>

#include "backend/cpu/kernels.h"
#include "backend/cpu/merkle_leaf.h"
#include "backend/cpu/merkle_poseidon252.h"
#include "hash/blake2s_lanes.h"

enum {
    TILE_LOG     = 8, /* leaves whose messages and states stay in the first-level cache */
    TILE         = 1 << TILE_LOG,
    TILE_VECTORS = TILE / LANES,
    TILE_TOP     = TILE_LOG - LANES_LOG, /* the level at which a tile is one vector */
    TASK_LOG_MAX = 13,
    TASKS_LOG    = 6,
    MAX_RUNS     = 34, /* one per column size, and one for a tree higher than its columns */
    STATE        = 8,
    BLOCK        = 16, /* words of a message block */
    LINE         = 16  /* words of a cache line */
};
_Static_assert((BLOCK + STATE * MAX_RUNS) * TILE <= (int)SAGE_CPU_TILE_WORDS, "worker scratch");
_Static_assert(TILE_TOP >= (int)SAGE_MERKLE_DROP, "a tile must reach the stored layers");

/* ---- the stored layers ---- */

static size_t layer_words(uint32_t log_height, uint32_t level)
{
    size_t n = (size_t)1 << (log_height - level);
    return STATE * (n < LANES ? LANES : n);
}

static size_t layer_offset(uint32_t log_height, uint32_t level)
{
    size_t words = 0;
    for (uint32_t l = lowest_stored(log_height); l < level; l++)
        words += layer_words(log_height, l);
    return words;
}

size_t LANES_SUFFIX(sage_merkle_words)(uint32_t log_height)
{
    return layer_offset(log_height, log_height + 1);
}

/* ---- the blocks of a leaf ---- */

static uint32_t leaf_blocks(const sage_merkle *t)
{
    uint32_t n = leaf_words(t);
    return n ? (n + BLOCK - 1) / BLOCK : 1; /* the empty message is one block of zeros */
}

static uint64_t bytes_after(const sage_merkle *t, uint32_t block)
{
    return 4 * (block + 1 == leaf_blocks(t) ? (uint64_t)leaf_words(t)
                                            : (uint64_t)BLOCK * (block + 1));
}

/* ---- runs ---- */

typedef struct run {
    uint32_t log;         /* size at which these blocks are absorbed */
    uint32_t first, past; /* blocks [first, past) */
} run;

typedef struct job {
    const sage_device *dev;
    const sage_merkle *tree;
    run runs[MAX_RUNS];
    uint32_t n_runs, log_task;
} job;

static uint32_t block_log(const sage_merkle *t, uint32_t block)
{
    uint32_t past = BLOCK * (block + 1), words = leaf_words(t);
    if (!words) return t->log_height;
    return word_log(t, (past < words ? past : words) - 1);
}

static void make_runs(job *j)
{
    const sage_merkle *t = j->tree;
    uint32_t blocks = leaf_blocks(t), n = 0;
    for (uint32_t b = 0; b < blocks; b++) {
        uint32_t log = block_log(t, b);
        if (!n || j->runs[n - 1].log != log) j->runs[n++] = (run){log, b, b};
        j->runs[n - 1].past = b + 1;
    }
    if (j->runs[n - 1].log < t->log_height) j->runs[n++] = (run){t->log_height, blocks, blocks};
    j->n_runs = n;
}

/* ---- messages ---- */

/* lane l: offset of row l's lifted row from row 0's, for a lift by `shift` sizes. */
static vu lift_pattern(uint32_t shift)
{
    uint32_t lane[LANES];
    for (uint32_t l = 0; l < LANES; l++)
        lane[l] = lift_position(l, shift, 0);
    return vu_load(lane);
}

/* Word `out` of each of `vectors` messages from row `row` of the run's size. Rows of one
 * vector lift into one aligned vector of the column, or all into a column shorter than that. */
static void fill_lifted(
    const uint32_t *col, uint32_t log, uint32_t shift, uint32_t row, uint32_t vectors, vu *out)
{
    uint32_t whole[LANES] = {0};
    vu pattern            = lift_pattern(shift);
    if ((1u << log) < LANES) {
        memcpy(whole, col, sizeof *col << log);
        col = whole;
    }
    for (uint32_t t = 0; t < vectors; t++) {
        uint32_t from = lift_position(row + t * LANES, shift, 0), in = from % LANES;
        vu x           = vu_load(col + (from - in));
        out[t * BLOCK] = vu_permute(x, vu_add(pattern, vu_set1(in)));
    }
}

/* Asks for what fill_word reads at this place of the next block, or of the next tile after the
 * last block, while the compressions of this one run: a tile's run in a column is too short
 * for the hardware to see it coming. Inline, since gcc drops a call that only prefetches. */
SAGE_INLINE void
prefetch_next(const sage_merkle *t, uint32_t word, uint32_t row, uint32_t vectors)
{
    uint32_t next = word + BLOCK;
    if (next >= leaf_words(t)) {
        next %= BLOCK;
        row += TILE;
    }
    if (row >> word_log(t, next)) return;
    const uint32_t *p = word_column(t, next) + row;
    for (uint32_t i = 0; i < vectors * LANES; i += LINE)
        __builtin_prefetch(p + i, 0, 2); /* into the second level: the first is full */
}

static void fill_word(const sage_merkle *t,
                      uint32_t word,
                      uint32_t log_run,
                      uint32_t row,
                      uint32_t vectors,
                      vu *out)
{
    const uint32_t *col = word_column(t, word);
    uint32_t log        = word_log(t, word);
    if (log < log_run || (1u << log) < LANES) {
        fill_lifted(col, log, log_run - log, row, vectors, out);
        return;
    }
    for (uint32_t i = 0; i < vectors; i++)
        out[i * BLOCK] = vu_load(col + row + i * LANES);
    prefetch_next(t, word, row, vectors);
}

/* Packed leaves: value v of a row in coordinate column c is word 4 v + c. */
static void
fill_packed(const uint32_t *col, uint32_t log, uint32_t row, uint32_t vectors, vu *out)
{
    uint32_t whole[4 * LANES] = {0};
    if ((1u << log) < LANES) {
        memcpy(whole, col, sizeof *col << (log + 2));
        col = whole;
    }
    for (uint32_t i = 0; i < vectors; i++, out += BLOCK) {
        const uint32_t *p = col + 4 * ((size_t)row + i * LANES);
        vf e01, o01, e23, o23;
        vf_unzip(vf_load(p), vf_load(p + LANES), &e01, &o01);
        vf_unzip(vf_load(p + 2 * LANES), vf_load(p + 3 * LANES), &e23, &o23);
        vf_unzip(e01, e23, &out[0], &out[8]);
        vf_unzip(o01, o23, &out[4], &out[12]);
    }
}

/* message[t]: block `block` of rows row + t LANES .. of the run's size. */
static void fill_block(const sage_merkle *t,
                       uint32_t block,
                       uint32_t log_run,
                       uint32_t row,
                       uint32_t vectors,
                       vu *message)
{
    if (t->log_pack) {
        for (uint32_t c = 0; c < t->n_cols; c++)
            fill_packed(t->cols[c], log_run, row, vectors, message + c);
        return;
    }
    for (uint32_t i = 0; i < BLOCK; i++) {
        uint32_t word = BLOCK * block + i;
        if (word < leaf_words(t))
            fill_word(t, word, log_run, row, vectors, message + i);
        else
            for (uint32_t k = 0; k < vectors; k++)
                message[k * BLOCK + i] = vu_set1(0);
    }
}

static void absorb_block(
    const sage_merkle *t, uint32_t block, uint32_t vectors, const vu *message, vu *state)
{
    uint64_t bytes = bytes_after(t, block);
    bool last      = block + 1 == leaf_blocks(t);
    for (uint32_t k = 0; k < vectors; k++) {
        vu h[STATE];
        for (int i = 0; i < STATE; i++)
            h[i] = state[k * STATE + i];
        blake2s_compress(h, message + k * BLOCK, bytes, last);
        for (int i = 0; i < STATE; i++)
            state[k * STATE + i] = h[i];
    }
}

/* ---- nodes ---- */

/* LANES parents from 2 LANES children, or from one vector of at most LANES children (b = a):
 * then only its first half means anything. */
SAGE_INLINE void hash_parents(const vu a[STATE], const vu b[STATE], vu out[STATE])
{
    vu m[BLOCK], h[STATE];
    for (int i = 0; i < STATE; i++)
        vf_unzip(a[i], b[i], &m[i], &m[STATE + i]);
    blake2s_start(h);
    blake2s_compress(h, m, 64, true);
    for (int i = 0; i < STATE; i++)
        out[i] = h[i];
}

/* In place: `vectors` of children become half as many of parents, at least one. */
static uint32_t fold_level(vu *state, uint32_t vectors)
{
    if (vectors == 1) {
        hash_parents(state, state, state);
        return 1;
    }
    for (uint32_t k = 0; k < vectors / 2; k++)
        hash_parents(state + 2 * k * STATE, state + (2 * k + 1) * STATE, state + k * STATE);
    return vectors / 2;
}

static void store_level(const sage_merkle *t,
                        uint32_t level,
                        size_t first_vector,
                        const vu *state,
                        uint32_t vectors)
{
    uint32_t *to = t->nodes + layer_offset(t->log_height, level) + first_vector * STATE * LANES;
    for (uint32_t i = 0; i < vectors * STATE; i++)
        vu_store(to + i * LANES, state[i]);
}

/* The digests of a tile of leaves, the first one leaf `row`, up to the level at which the tile
 * is one vector; for a tree no larger than a tile, up to the root. */
static void emit_tile(const sage_merkle *t, uint32_t row, uint32_t vectors, vu *state)
{
    uint32_t top = t->log_height <= TILE_LOG ? t->log_height : TILE_TOP;
    for (uint32_t level = 0;; level++) {
        if (level >= lowest_stored(t->log_height))
            store_level(t, level, (row >> level) / LANES, state, vectors);
        if (level == top) return;
        vectors = fold_level(state, vectors);
    }
}

/* Hashes the vectors of stored level + 1 in [first, past) from those of `level`. */
static void hash_level(const sage_merkle *t, uint32_t level, size_t first, size_t past)
{
    size_t children      = layer_words(t->log_height, level) / (STATE * LANES);
    const uint32_t *from = t->nodes + layer_offset(t->log_height, level);
    for (size_t k = first; k < past; k++) {
        vu pair[2 * STATE];
        uint32_t n = children > 1 ? 2 : 1;
        for (uint32_t i = 0; i < n * STATE; i++)
            pair[i] = vu_load(from + (2 * k * STATE + i) * LANES);
        fold_level(pair, n);
        store_level(t, level + 1, k, pair, 1);
    }
}

/* ---- leaves, depth first ---- */

typedef struct rows {
    uint32_t begin, end;
} rows;

/* The rows of size 2^log that the task's leaves lift to, widened to whole vectors. */
static rows task_rows(const job *j, uint32_t task, uint32_t log)
{
    uint32_t shift = j->tree->log_height - log, size = 1u << log;
    uint32_t leaf = task << j->log_task;
    rows r        = {leaf >> shift, (leaf + (1u << j->log_task)) >> shift};
    if (shift >= j->log_task) { /* one pair of rows, or a single one */
        r.begin = lift_position(leaf, j->tree->log_height, log);
        r.end   = r.begin + 2;
    }
    r.begin &= ~(uint32_t)(LANES - 1);
    r.end = (r.end + LANES - 1) & ~(uint32_t)(LANES - 1);
    if (r.end > size) r.end = size;
    return r;
}

/* What is the same all the way down one task. */
typedef struct walk {
    const job *job;
    uint32_t task;
    vu *message; /* TILE_VECTORS blocks */
    vu *states;  /* per run a tile of states */
} walk;

/* States of rows row .. of a run from the tile of the run before it, which begins at `from_row`
 * and is `shift` sizes smaller. */
static void lift_states(
    const vu *from, uint32_t from_row, uint32_t shift, uint32_t row, uint32_t vectors, vu *to)
{
    vu pattern = lift_pattern(shift);
    for (uint32_t k = 0; k < vectors; k++) {
        uint32_t at    = lift_position(row + k * LANES, shift, 0) - from_row;
        vu index       = vu_add(pattern, vu_set1(at % LANES));
        const vu *tile = from + (size_t)(at / LANES) * STATE;
        for (int i = 0; i < STATE; i++)
            to[k * STATE + i] = vu_permute(tile[i], index);
    }
}

static void walk_run(const walk *w, uint32_t r, rows range, uint32_t from_row);

/* The tile of run r at `row` has its states; the rows of the next run that lift to it follow. */
static void walk_next(const walk *w, uint32_t r, uint32_t row, uint32_t n)
{
    uint32_t log = w->job->runs[r + 1].log, shift = log - w->job->runs[r].log;
    rows all = task_rows(w->job, w->task, log), some = {row << shift, (row + n) << shift};
    if (some.begin < all.begin) some.begin = all.begin;
    if (some.end > all.end) some.end = all.end;
    walk_run(w, r + 1, some, row);
}

static void walk_run(const walk *w, uint32_t r, rows range, uint32_t from_row)
{
    const sage_merkle *t = w->job->tree;
    const run *now       = &w->job->runs[r];
    vu *state            = w->states + (size_t)r * TILE_VECTORS * STATE;
    for (uint32_t row = range.begin; row < range.end; row += TILE) {
        uint32_t n       = range.end - row < TILE ? range.end - row : TILE;
        uint32_t vectors = (n + LANES - 1) / LANES;
        if (r)
            lift_states(state - TILE_VECTORS * STATE, from_row, now->log - now[-1].log, row,
                        vectors, state);
        else
            for (uint32_t k = 0; k < vectors; k++)
                blake2s_start(state + k * STATE);
        for (uint32_t b = now->first; b < now->past; b++) {
            fill_block(t, b, now->log, row, vectors, w->message);
            absorb_block(t, b, vectors, w->message, state);
        }
        if (r + 1 == w->job->n_runs)
            emit_tile(t, row, vectors, state);
        else
            walk_next(w, r, row, n);
    }
}

/* The leaves of one task and the layers above that are whole vectors of its own. */
static void commit_task(void *arg, size_t task, uint32_t worker)
{
    const job *j = arg;
    vu *scratch  = (vu *)(void *)sage_cpu_tile(j->dev, worker);
    walk w       = {j, (uint32_t)task, scratch, scratch + TILE_VECTORS * BLOCK};
    walk_run(&w, 0, task_rows(j, w.task, j->runs[0].log), 0);
    for (uint32_t level = TILE_TOP; level + LANES_LOG < j->log_task; level++) {
        size_t n = (size_t)1 << (j->log_task - level - 1 - LANES_LOG);
        hash_level(j->tree, level, task * n, (task + 1) * n);
    }
}

static uint32_t task_log(uint32_t log_height)
{
    if (log_height <= TILE_LOG) return log_height;
    if (log_height < TILE_LOG + TASKS_LOG) return TILE_LOG;
    uint32_t log = log_height - TASKS_LOG;
    return log < TASK_LOG_MAX ? log : TASK_LOG_MAX;
}

void LANES_SUFFIX(sage_merkle_commit)(sage_device *dev, const sage_merkle *tree)
{
    if (tree->hash == SAGE_HASH_POSEIDON252) {
        sage_merkle_poseidon252_commit(dev, tree);
        return;
    }
    uint32_t height = tree->log_height;
    job j           = {.dev = dev, .tree = tree, .log_task = task_log(height)};
    make_runs(&j);
    sage_pool_for(dev->pool, (size_t)1 << (height - j.log_task), commit_task, &j);
    if (height <= TILE_LOG) return;
    for (uint32_t level = j.log_task - LANES_LOG; level < height; level++)
        hash_level(tree, level, 0, layer_words(height, level + 1) / (STATE * LANES));
}

/* ---- openings ---- */

static void hash_leaves(const sage_merkle *t, const uint32_t q[LANES], vu h[STATE])
{
    blake2s_start(h);
    for (uint32_t b = 0; b < leaf_blocks(t); b++) {
        uint32_t lanes[BLOCK][LANES] = {{0}};
        vu m[BLOCK];
        for (uint32_t i = 0; i < BLOCK && BLOCK * b + i < leaf_words(t); i++)
            for (uint32_t l = 0; l < LANES; l++)
                lanes[i][l] = row_word(t, t->log_height, q[l], BLOCK * b + i);
        for (int i = 0; i < BLOCK; i++)
            m[i] = vu_load(lanes[i]);
        blake2s_compress(h, m, bytes_after(t, b), b + 1 == leaf_blocks(t));
    }
}

/* Nodes index[0..n) of a layer that is not stored, n <= LANES: their leaves, then up. */
static void hash_dropped(
    const sage_merkle *t, uint32_t level, const uint32_t *index, uint32_t n, vu state[STATE])
{
    vu leaves[STATE << (SAGE_MERKLE_DROP - 1)];
    for (uint32_t k = 0; k < 1u << level; k++) {
        uint32_t q[LANES];
        for (uint32_t l = 0; l < LANES; l++) {
            uint32_t leaf = k * LANES + l, node = leaf >> level;
            q[l] = (index[node < n ? node : n - 1] << level) + (leaf & ((1u << level) - 1));
        }
        hash_leaves(t, q, leaves + k * STATE);
    }
    for (uint32_t l = 0, vectors = 1u << level; l < level; l++)
        vectors = fold_level(leaves, vectors);
    memcpy(state, leaves, STATE * sizeof *state);
}

static void load_stored(
    const sage_merkle *t, uint32_t level, const uint32_t *index, uint32_t n, vu state[STATE])
{
    const uint32_t *layer = t->nodes + layer_offset(t->log_height, level);
    for (uint32_t i = 0; i < STATE; i++) {
        uint32_t lane[LANES] = {0};
        for (uint32_t l = 0; l < n; l++)
            lane[l] =
                layer[((size_t)(index[l] / LANES) * STATE + i) * LANES + index[l] % LANES];
        state[i] = vu_load(lane);
    }
}

/* Digest bytes are little-endian words. */
static void put_digests(const vu state[STATE], uint32_t n, uint8_t (*out)[32])
{
    for (int i = 0; i < STATE; i++) {
        uint32_t lane[LANES];
        vu_store(lane, state[i]);
        for (uint32_t l = 0; l < n; l++)
            for (int k = 0; k < 4; k++)
                out[l][4 * i + k] = (uint8_t)(lane[l] >> 8 * k);
    }
}

/* Every index must be below 2^log. */
static sage_status
check_indices(const uint32_t *index, uint32_t n, uint32_t log, sage_errinfo *err)
{
    for (uint32_t i = 0; i < n; i++)
        if ((uint64_t)index[i] >> log)
            return sage_fail(err, SAGE_EINVAL, "merkle.index", i, "node %u of a layer of 2^%u",
                             index[i], log);
    return SAGE_OK;
}

sage_status LANES_SUFFIX(sage_merkle_digests)(sage_device *dev,
                                              const sage_merkle *tree,
                                              uint32_t level,
                                              const uint32_t *index,
                                              uint32_t n,
                                              uint8_t (*out)[32],
                                              sage_errinfo *err)
{
    (void)dev;
    if (level > tree->log_height)
        return sage_fail(err, SAGE_EINVAL, "merkle.level", level,
                         "level %u of a tree of height %u", level, tree->log_height);
    sage_status s = check_indices(index, n, tree->log_height - level, err);
    if (s) return s;
    if (tree->hash == SAGE_HASH_POSEIDON252) {
        sage_merkle_poseidon252_digests(tree, level, index, n, out);
        return SAGE_OK;
    }
    for (uint32_t done = 0, some; done < n; done += some) {
        vu state[STATE];
        some = n - done < LANES ? n - done : LANES;
        if (level < lowest_stored(tree->log_height))
            hash_dropped(tree, level, index + done, some, state);
        else
            load_stored(tree, level, index + done, some, state);
        put_digests(state, some, out + done);
    }
    return SAGE_OK;
}

sage_status LANES_SUFFIX(sage_merkle_leaves)(sage_device *dev,
                                             const sage_merkle *tree,
                                             const uint32_t *index,
                                             uint32_t n,
                                             uint32_t *out,
                                             sage_errinfo *err)
{
    (void)dev;
    sage_status s = check_indices(index, n, tree->log_height, err);
    if (s) return s;
    uint32_t words = leaf_words(tree);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t w = 0; w < words; w++)
            out[(size_t)i * words + w] = row_word(tree, tree->log_height, index[i], w);
    return SAGE_OK;
}
