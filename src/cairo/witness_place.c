/* cairo/witness_place.c -- where the writer's tables lie in its scratch. */
#include <string.h>

#include "cairo/witness_writer.h"

enum { ALIGN = 16, SMALL_WORDS = 4, BIG_WORDS = 8, XOR_12_LOG = 24 };

typedef struct placer {
    uint32_t *base; /* NULL: only sizes are wanted */
    size_t at;
} placer;

static uint32_t *take(placer *p, size_t words)
{
    uint32_t *to = p->base ? p->base + p->at : NULL;
    p->at += (words + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    return to;
}

static uint32_t rows_of(const sage_layout *l, const char *name)
{
    uint32_t i = sage_witness_find(l, name);
    return i < l->n ? 1u << l->inst[i].log_rows : 0;
}

static uint32_t big_rows(const sage_layout *l)
{
    uint32_t rows = 0;
    for (uint32_t i = 0; i < l->n; i++)
        if (!strcmp(l->inst[i].air->name, "memory_id_to_big"))
            rows += 1u << l->inst[i].log_rows;
    return rows;
}

static size_t feed_words(const sage_layout *l)
{
    size_t most = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        size_t words = (size_t)l->inst[i].air->feed_columns << l->inst[i].log_rows;
        if (words > most) most = words;
    }
    return most;
}

size_t sage_witness_place(sage_witness_writer *w, uint32_t *base)
{
    placer p             = {base, 0};
    const sage_layout *l = w->layout;
    sage_air_memory *m   = &w->memory;
    m->n_ids             = SAGE_WITNESS_CHUNKS * rows_of(l, "memory_address_to_id") + 1;
    m->n_small           = rows_of(l, "memory_id_to_small");
    m->n_big             = big_rows(l);
    m->id                = take(&p, m->n_ids);
    m->small             = take(&p, (size_t)m->n_small * SMALL_WORDS);
    m->big               = take(&p, (size_t)m->n_big * BIG_WORDS);
    w->uses.pc           = take(&p, w->run->n_addresses);
    w->uses.address      = take(&p, m->n_ids - 1);
    w->uses.big          = take(&p, m->n_big);
    w->uses.xor_12 =
        take(&p, rows_of(l, "verify_bitwise_xor_12") ? (size_t)1 << XOR_12_LOG : 0);
    w->feed = take(&p, feed_words(l));
    return p.at;
}

size_t sage_cairo_witness_words(const sage_prover_input *run, const sage_layout *layout)
{
    sage_witness_writer w = {.run = run, .layout = layout};
    return sage_witness_place(&w, NULL);
}
