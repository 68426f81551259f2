/* cairo/cache_build.c -- makes the file of a preprocessed tree with bounded memory.
 *
 * Columns are made, extended and written one or a few at a time. Then the tree, by blocks of
 * leaves: an aligned block of 2^b leaves of the lifted tree of height H reads a run of column
 * after column. The leaf q of the block m, q = m 2^b + j, takes word
 * ((q >> (H - k + 1)) << 1) | (q & 1) of a column of 2^k (facts A4), so the block's run begins
 * at the word of its first leaf and is 2^(k - H + b) words long, at least 2; and with
 * k' = k - H + b, the word within the run is ((j >> (b - k' + 1)) << 1) | (j & 1): the block is
 * itself a lifted tree of height b, over the runs. The backend commits it, and the few levels
 * above all blocks are hashed here.
 *
 * Memory: the points of Pedersen's tables, 56 limbs of 9 bits in 64 bytes (512 MiB for the
 * large ones), since they are made together and extended one by one. Beside them the arena:
 * twiddles, and the largest column or GROUP_WORDS. Cost: the disk. */
#include "cairo/cache_file.h"
#include "cairo/cache_form.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "cairo/pedersen_points.h"
#include "cairo/preprocessed_fill.h"

enum {
    CHUNK         = 1 << 18, /* words on their way between device and file */
    POINT_ROWS    = 1 << 12, /* made at a time */
    GROUP_WORDS   = 1 << 25, /* of columns that are extended together */
    GROUP_COLUMNS = 16,
    BLOCK_LOG     = 20,      /* leaves of a block: 70 MiB of the canonical tree's columns */
    BATCH         = 1 << 12, /* digests at a time */
    DIGEST        = 32,
    BLOCKS        = 1 << (SAGE_CACHE_MAX_HEIGHT - BLOCK_LOG),
    ALIGN         = 1 << 10, /* words: device columns begin at whole pages */
    LIMB_BITS     = 9,
    LIMBS_A_WORD  = 7,
    POINT_WORDS   = SAGE_CAIRO_PEDERSEN_COLUMNS / LIMBS_A_WORD
};
_Static_assert((int)SAGE_CAIRO_PEDERSEN_COLUMNS *POINT_ROWS <= CHUNK, "points fit a chunk");

typedef struct build {
    const sage_backend *be;
    sage_device *dev;
    sage_errinfo *err;
    sage_progress_fn progress;
    void *progress_arg;
    sage_cache_form form;
    sage_cache_file file;
    uint64_t words, words_done; /* of all columns */
    uint64_t *points;           /* POINT_WORDS columns; NULL if there are none at present */
    sage_twiddles tw;
    uint32_t *group[GROUP_COLUMNS];
    uint32_t block_log;
    uint32_t *run[SAGE_CAIRO_MAX_PRE], run_log[SAGE_CAIRO_MAX_PRE], *nodes;
    uint8_t tops[BLOCKS][DIGEST]; /* the blocks' roots, then what is above them */
    uint32_t index[BATCH];
    uint8_t digest[BATCH][DIGEST];
    uint32_t host[CHUNK];
} build;

static void tell(build *b, const char *stage, double fraction)
{
    if (b->progress) b->progress(b->progress_arg, stage, fraction);
}

/* Words as the file has them; its own inverse. */
static void swap_words(uint32_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sage_store_le32((uint8_t *)&words[i], words[i]);
}

static uint32_t least(uint64_t a, uint32_t b)
{
    return a < b ? (uint32_t)a : b;
}

/* ---- device memory ---- */

/* `words` from base + *at on, NULL to measure; the next place is a whole number of pages on. */
static uint32_t *take(uint32_t *base, size_t *at, size_t words)
{
    uint32_t *p = base ? base + *at : NULL;
    *at += (words + ALIGN - 1) / ALIGN * ALIGN;
    return p;
}

static uint32_t group_size(uint32_t log)
{
    uint32_t n = GROUP_WORDS >> (log < 31 ? log : 31);
    return n < 1 ? 1 : n < GROUP_COLUMNS ? n : GROUP_COLUMNS;
}

/* The words of one column of a group of the widest kind, each group's in the same place. */
static size_t group_words(const build *b)
{
    size_t most = 0;
    for (uint32_t i = 0; i < b->form.n; i++) {
        size_t words = (size_t)group_size(b->form.logs[i]) << b->form.logs[i];
        if (words > most) most = words;
    }
    return most;
}

static size_t place_columns(build *b, uint32_t *base)
{
    size_t at     = 0;
    b->tw.log_max = b->form.height;
    b->tw.mem     = take(base, &at, b->be->twiddle_words(b->form.height));
    b->group[0]   = take(base, &at, group_words(b) + (size_t)GROUP_COLUMNS * ALIGN);
    return at;
}

static size_t place_block(build *b, uint32_t *base)
{
    size_t at = 0;
    b->nodes  = take(base, &at, b->be->merkle_words(b->block_log));
    for (uint32_t i = 0; i < b->form.n; i++)
        b->run[i] = take(base, &at, (size_t)1 << b->run_log[i]);
    return at;
}

static sage_status place(build *b, size_t (*fn)(build *, uint32_t *))
{
    uint32_t *base;
    sage_status s = b->be->arena(b->dev, fn(b, NULL) * sizeof(uint32_t), &base, b->err);
    if (!s) fn(b, base);
    return s;
}

/* ---- columns ---- */

static void pack_points(build *b, uint32_t rows, uint32_t row, uint32_t *const *limb)
{
    for (uint32_t w = 0; w < POINT_WORDS; w++) {
        uint64_t *to = b->points + (size_t)w * rows + row;
        for (uint32_t i = 0; i < POINT_ROWS; i++) {
            uint64_t packed = 0;
            for (uint32_t k = 0; k < LIMBS_A_WORD; k++)
                packed |= (uint64_t)limb[w * LIMBS_A_WORD + k][i] << LIMB_BITS * k;
            to[i] = packed;
        }
    }
}

/* All points of the table that `column` is of. */
static sage_status make_points(build *b, sage_air_pre column)
{
    uint32_t *limb[SAGE_CAIRO_PEDERSEN_COLUMNS], rows = 1u << column.log;
    b->points = malloc((size_t)rows * POINT_WORDS * sizeof *b->points);
    if (!b->points)
        return sage_fail(b->err, SAGE_ENOMEM, "prove.cache.memory", -1,
                         "no memory for 2^%u curve points", column.log);
    for (uint32_t c = 0; c < SAGE_CAIRO_PEDERSEN_COLUMNS; c++)
        limb[c] = b->host + (size_t)c * POINT_ROWS;
    for (uint32_t row = 0; row < rows; row += POINT_ROWS) {
        sage_cairo_pedersen_points(column.widths, row, POINT_ROWS, limb);
        pack_points(b, rows, row, limb);
    }
    return SAGE_OK;
}

static void unpack_points(build *b, sage_air_pre column, uint32_t row, uint32_t n)
{
    const uint64_t *from =
        b->points + ((size_t)(column.index / LIMBS_A_WORD) << column.log) + row;
    uint32_t shift = LIMB_BITS * (column.index % LIMBS_A_WORD);
    for (uint32_t i = 0; i < n; i++)
        b->host[i] = (uint32_t)(from[i] >> shift) & ((1u << LIMB_BITS) - 1);
}

static sage_status fill_column(build *b, sage_air_pre column, uint32_t *to)
{
    uint32_t rows = 1u << column.log;
    for (uint32_t row = 0, n; row < rows; row += n) {
        sage_status s = SAGE_OK;
        n             = least(rows - row, CHUNK);
        if (column.kind == SAGE_PRE_PEDERSEN_POINTS)
            unpack_points(b, column, row, n);
        else
            s = sage_cairo_pre_fill(column, row, n, b->host, b->err);
        if (s) return s;
        b->be->upload(b->dev, to + row, b->host, n);
    }
    return SAGE_OK;
}

static sage_status write_column(build *b, uint32_t i, const uint32_t *from)
{
    uint64_t size = (uint64_t)1 << b->form.logs[i];
    for (uint64_t done = 0, n; done < size; done += n) {
        n             = least(size - done, CHUNK);
        sage_status s = b->be->download(b->dev, b->host, from + done, n, b->err);
        if (s) return s;
        swap_words(b->host, n);
        s = sage_cache_file_put(&b->file, b->form.column[i] + 4 * done, b->host, 4 * n, b->err);
        if (s) return s;
    }
    sage_cache_file_start_sync(&b->file, b->form.column[i], 4 * size);
    b->words_done += size;
    tell(b, "preprocessed columns", 0.6 * (double)b->words_done / (double)b->words);
    return SAGE_OK;
}

/* Columns first .. first + n, of one size. */
static sage_status make_group(build *b, uint32_t first, uint32_t n)
{
    uint32_t log  = b->form.logs[first];
    sage_status s = SAGE_OK;
    size_t at     = 0;
    for (uint32_t i = 0; i < n; i++)
        b->group[i] = take(b->group[0], &at, (size_t)1 << log);
    for (uint32_t i = 0; !s && i < n; i++)
        s = fill_column(b, b->form.pre[first + i], b->group[i]);
    if (s) return s;
    b->be->lde(b->dev, b->tw, b->group, n, b->form.pre[first].log, log);
    for (uint32_t i = 0; !s && i < n; i++)
        s = write_column(b, first + i, b->group[i]);
    return s;
}

/* The points are there from their first column to their last, so that the larger columns after
 * them have the memory. */
static sage_status points_for(build *b, sage_air_pre column)
{
    bool points = column.kind == SAGE_PRE_PEDERSEN_POINTS;
    if (points == !!b->points) return SAGE_OK;
    if (points) return make_points(b, column);
    free(b->points);
    b->points = NULL;
    return SAGE_OK;
}

static sage_status make_columns(build *b)
{
    const sage_cache_form *f = &b->form;
    sage_status s            = place(b, place_columns);
    if (s) return s;
    b->be->twiddles(b->dev, b->tw);
    for (uint32_t i = 0, n; i < f->n; i += n) {
        bool points   = f->pre[i].kind == SAGE_PRE_PEDERSEN_POINTS;
        uint32_t most = group_size(f->logs[i]);
        for (n = 1; n < most && i + n < f->n && f->logs[i + n] == f->logs[i] &&
                    (f->pre[i + n].kind == SAGE_PRE_PEDERSEN_POINTS) == points;)
            n++;
        s = points_for(b, f->pre[i]);
        if (!s) s = make_group(b, i, n);
        if (s) return s;
    }
    return SAGE_OK;
}

/* ---- the tree ---- */

/* The run of column i that the leaves of a block read, to the device. */
static sage_status load_run(build *b, uint32_t block, uint32_t i)
{
    uint32_t height = b->form.height, leaf = block << b->block_log;
    uint64_t from =
        b->form.column[i] + 4 * (uint64_t)lift_position(leaf, height, b->form.logs[i]);
    uint32_t size = 1u << b->run_log[i];
    for (uint32_t done = 0, n; done < size; done += n) {
        n             = least(size - done, CHUNK);
        sage_status s = sage_cache_get(b->file.fd, b->file.temporary, from + 4 * (uint64_t)done,
                                       b->host, 4 * (size_t)n, b->err);
        if (s) return s;
        swap_words(b->host, n);
        b->be->upload(b->dev, b->run[i] + done, b->host, n);
    }
    return SAGE_OK;
}

/* The kept nodes of a block at `level`. */
static sage_status
write_level(build *b, const sage_merkle *tree, uint32_t block, uint32_t level)
{
    uint32_t width = 1u << (b->block_log - level);
    uint64_t first = (uint64_t)block * width;
    for (uint32_t done = 0, n; done < width; done += n) {
        n = least(width - done, BATCH);
        for (uint32_t i = 0; i < n; i++)
            b->index[i] = done + i;
        sage_status s =
            b->be->merkle_digests(b->dev, tree, level, b->index, n, b->digest, b->err);
        if (!s && level < b->form.height)
            s = sage_cache_file_put(&b->file, b->form.level[level] + DIGEST * (first + done),
                                    b->digest, DIGEST * (size_t)n, b->err);
        if (s) return s;
    }
    if (level == b->block_log) memcpy(b->tops[block], b->digest[0], DIGEST);
    return SAGE_OK;
}

static sage_status make_block(build *b, uint32_t block)
{
    const uint32_t *cols[SAGE_CAIRO_MAX_PRE];
    sage_merkle tree = {.cols       = cols,
                        .logs       = b->run_log,
                        .n_cols     = b->form.n,
                        .log_height = b->block_log,
                        .nodes      = b->nodes,
                        .hash       = b->form.key.hash};
    sage_status s    = SAGE_OK;
    for (uint32_t i = 0; !s && i < b->form.n; i++) {
        cols[i] = b->run[i];
        s       = load_run(b, block, i);
    }
    if (s) return s;
    b->be->merkle_commit(b->dev, &tree);
    for (uint32_t level = SAGE_CACHE_GROUP_LOG; !s && level <= b->block_log; level++)
        s = write_level(b, &tree, block, level);
    return s;
}

/* From the blocks' roots up; the root is tops[0] in the end. */
static sage_status make_top(build *b)
{
    const sage_tree_hash *hash = sage_tree_hash_of(b->form.key.hash);
    sage_status s              = SAGE_OK;
    for (uint32_t level = b->block_log + 1; !s && level <= b->form.height; level++) {
        uint32_t n = 1u << (b->form.height - level);
        for (uint32_t i = 0; i < n; i++)
            hash->node(b->tops[2 * (size_t)i], b->tops[i]);
        if (level < b->form.height)
            s = sage_cache_file_put(&b->file, b->form.level[level], b->tops, DIGEST * (size_t)n,
                                    b->err);
    }
    return s;
}

static sage_status make_tree(build *b)
{
    const sage_cache_form *f = &b->form;
    b->block_log             = f->height < BLOCK_LOG ? f->height : BLOCK_LOG;
    uint32_t above = f->height - b->block_log, blocks = 1u << above;
    for (uint32_t i = 0; i < f->n; i++)
        b->run_log[i] = f->logs[i] > above ? f->logs[i] - above : 1;
    sage_status s = place(b, place_block);
    for (uint32_t i = 0; !s && i < blocks; i++) {
        s = make_block(b, i);
        tell(b, "preprocessed tree", 0.6 + 0.3 * (i + 1) / blocks);
    }
    return s ? s : make_top(b);
}

static sage_status make_header(build *b)
{
    uint8_t header[SAGE_CACHE_HEADER], known[DIGEST];
    const sage_cairo_cache_key *k = &b->form.key;
    if (sage_cairo_preprocessed_root(k->variant, k->hash, k->log_blowup, known) &&
        memcmp(known, b->tops[0], DIGEST))
        return sage_fail(b->err, SAGE_EINTERNAL, "prove.cache.root", -1,
                         "the preprocessed tree made here has another root than the known one");
    sage_cache_header_write(&b->form, b->tops[0], header);
    return sage_cache_file_put(&b->file, 0, header, sizeof header, b->err);
}

static sage_status make(build *b)
{
    sage_status s = make_columns(b);
    if (!s) s = make_tree(b);
    if (!s) s = make_header(b);
    if (!s) tell(b, "preprocessed disk", 0.9);
    return s;
}

/* ---- */

static sage_status run_build(build *b, const char *dir, const sage_cairo_cache_key *key)
{
    char name[SAGE_CACHE_NAME];
    sage_status s = sage_cache_form_of(&b->form, key, b->err);
    if (s) return s;
    for (uint32_t i = 0; i < b->form.n; i++)
        b->words += (uint64_t)1 << b->form.logs[i];
    sage_cache_name(key, name);
    s = sage_cache_file_begin(&b->file, dir, name, b->form.bytes, b->err);
    if (s) return s;
    s = make(b);
    free(b->points);
    if (s) {
        (void)!sage_cache_file_end(&b->file, false, NULL);
        return s;
    }
    s = sage_cache_file_end(&b->file, true, b->err);
    if (!s) tell(b, "preprocessed disk", 1);
    return s;
}

sage_status sage_cairo_cache_build(const sage_backend *be,
                                   sage_device *dev,
                                   const char *dir,
                                   const sage_cairo_cache_key *key,
                                   sage_progress_fn progress,
                                   void *progress_arg,
                                   sage_errinfo *err)
{
    build *b = calloc(1, sizeof *b);
    if (!b)
        return sage_fail(err, SAGE_ENOMEM, "prove.cache.memory", -1,
                         "no memory to make a preprocessed tree");
    b->be           = be;
    b->dev          = dev;
    b->err          = err;
    b->progress     = progress;
    b->progress_arg = progress_arg;
    sage_status s   = run_build(b, dir, key);
    free(b);
    return s;
}
