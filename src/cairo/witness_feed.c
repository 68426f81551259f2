/* cairo/witness_feed.c -- rows that one component hands to another (facts B5).
 *
 * The order is that of the reference, which works on blocks of 16 rows and is bound to bytes by
 * the trace's root: for each feed in turn the caller's full blocks; then, for each feed in turn,
 * the rows that are left. The last block is filled up with the first of those, what is then
 * missing to a power of two with copies of the first block. */
#include <string.h>

#include "cairo/witness_writer.h"

enum { BLOCK = SAGE_WITNESS_BLOCK };

sage_status sage_witness_feed_columns(sage_witness_writer *w,
                                      uint32_t i,
                                      uint32_t *columns[SAGE_WITNESS_FEED_COLUMNS])
{
    const sage_instance *in = &w->layout->inst[i];
    if (in->air->feed_columns > SAGE_WITNESS_FEED_COLUMNS)
        return sage_witness_mismatch(w, i, "it feeds too many columns");
    for (uint32_t k = 0; k < in->air->feed_columns; k++)
        columns[k] = w->feed + ((size_t)k << in->log_rows);
    return SAGE_OK;
}

/* Rows [begin, end) of the caller's columns of feed f go behind what the callee has. */
static sage_status
hand(sage_witness_writer *w, uint32_t i, const sage_air_feed *f, uint32_t begin, uint32_t end)
{
    const uint32_t to = sage_witness_find(w->layout, f->to), n = end - begin;
    const size_t log = w->layout->inst[i].log_rows;
    if (to == w->layout->n || to <= i ||
        sage_air_at(w->layout->inst[to].air->inputs, 0) != f->n)
        return sage_witness_mismatch(w, i, "it feeds a component that does not take it");
    if (w->fed_by[to] && w->fed_by[to] != i + 1)
        return sage_witness_mismatch(w, to, "two components feed it");
    if (n > (1u << w->layout->inst[to].log_rows) - w->fed[to])
        return sage_witness_mismatch(w, to, "it is fed more rows than it has");
    for (uint32_t k = 0; n && k < f->n; k++)
        w->site->be->copy(w->site->dev, w->site->inputs[to][k] + w->fed[to],
                          w->feed + ((size_t)(f->first + k) << log) + begin, n);
    w->fed_by[to] = i + 1;
    w->fed[to] += n;
    return SAGE_OK;
}

sage_status sage_witness_deliver(sage_witness_writer *w, uint32_t i)
{
    const sage_air *air = w->layout->inst[i].air;
    const uint32_t rows = w->site->rows[i].n_active, full = rows & ~(BLOCK - 1u);
    sage_status s = SAGE_OK;
    for (uint32_t f = 0; !s && f < air->n_feeds; f++)
        s = hand(w, i, &air->feeds[f], 0, full);
    if (s) return s;
    for (uint32_t to = i + 1; to < w->layout->n; to++)
        if (w->fed_by[to] == i + 1) w->full[to] = w->fed[to];
    for (uint32_t f = 0; !s && f < air->n_feeds; f++)
        s = hand(w, i, &air->feeds[f], full, rows);
    return s;
}

sage_status sage_witness_finish(sage_witness_writer *w, uint32_t i)
{
    const uint32_t n = w->fed[i], blocks = (n + BLOCK - 1) & ~(BLOCK - 1u);
    const size_t rows = (size_t)1 << w->layout->inst[i].log_rows;
    if (!n || 2 * (size_t)blocks <= (rows > BLOCK ? rows : 0))
        return sage_witness_mismatch(w, i, "it is fed fewer rows than it has");
    for (uint32_t k = 0; k < sage_air_at(w->layout->inst[i].air->inputs, 0); k++) {
        uint32_t *column = w->site->inputs[i][k];
        sage_witness_repeat(w, column + n, column + w->full[i], 1, blocks - n);
        sage_witness_repeat(w, column + blocks, column, BLOCK, rows - blocks);
    }
    w->site->rows[i].n_active = n;
    return SAGE_OK;
}
