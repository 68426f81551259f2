/* cairo/witness_memory.c -- the run's memory as witness steps read it (air/air.h, facts B3):
 * ids by address and values by id, up to the sizes of their components, which are proved with
 * id 0 and value 0 where the run has none. */
#include "cairo/witness_writer.h"

enum { SMALL_WORDS = 4, BIG_WORDS = 8, SMALL_CHUNK = SAGE_WITNESS_CHUNK / SMALL_WORDS };

/* host[0..words) and zeros up to `all` go to dst. */
static void upload(
    sage_witness_writer *w, const uint32_t *dst, const uint32_t *host, size_t words, size_t all)
{
    const sage_witness_site *s = w->site;
    uint32_t *to               = (uint32_t *)(uintptr_t)dst; /* scratch, const to kernels */
    if (words) s->be->upload(s->dev, to, host, words);
    if (words < all) s->be->zero(s->dev, to + words, all - words);
}

static void upload_small(sage_witness_writer *w)
{
    const sage_prover_input *run = w->run;
    const sage_air_memory *m     = &w->memory;
    uint32_t chunk[SAGE_WITNESS_CHUNK];
    for (uint32_t at = 0; at < run->n_small; at += SMALL_CHUNK) {
        uint32_t n = run->n_small - at < SMALL_CHUNK ? run->n_small - at : SMALL_CHUNK;
        for (uint32_t i = 0; i < n; i++)
            for (uint32_t k = 0; k < SMALL_WORDS; k++)
                chunk[SMALL_WORDS * i + k] =
                    (uint32_t)(run->small_values[at + i][k / 2] >> 32 * (k % 2));
        upload(w, m->small + (size_t)at * SMALL_WORDS, chunk, (size_t)n * SMALL_WORDS,
               (size_t)n * SMALL_WORDS);
    }
    upload(w, m->small + (size_t)run->n_small * SMALL_WORDS, NULL, 0,
           (size_t)(m->n_small - run->n_small) * SMALL_WORDS);
}

sage_status sage_witness_memory(sage_witness_writer *w)
{
    const sage_prover_input *run = w->run;
    const sage_air_memory *m     = &w->memory;
    if (run->n_addresses > m->n_ids || run->n_small > m->n_small || run->n_big > m->n_big)
        return sage_fail(w->err, SAGE_EINTERNAL, "witness.memory", -1,
                         "the run's memory is larger than the claim's tables");
    upload(w, m->id, run->address_to_id, run->n_addresses, m->n_ids);
    upload_small(w);
    upload(w, m->big, (const uint32_t *)run->big_values, (size_t)run->n_big * BIG_WORDS,
           (size_t)m->n_big * BIG_WORDS);
    return SAGE_OK;
}
