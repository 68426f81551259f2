/* cairo/witness_count.c -- how often every row of a table is used: the tables' multiplicities
 * (facts B5).
 *
 * Most tables have a column of multiplicities for each relation that they yield, and uses are
 * counted in it directly. The other counters lie in scratch: those by address and those of
 * VerifyBitwiseXor_12 are spread over sixteen columns, large values over several tables, and
 * instructions become rows only once they are known. */
#include <string.h>

#include "base/pages.h"
#include "cairo/witness_writer.h"

/* --- who counts what --- */

static sage_status
add_counter(sage_witness_writer *w, uint32_t i, uint32_t relation, sage_air_counters uses)
{
    if (w->n_counters == SAGE_WITNESS_COUNTERS)
        return sage_witness_mismatch(w, i, "too many relations are counted");
    w->counter[w->n_counters++] = (sage_witness_counter){relation, uses};
    return SAGE_OK;
}

static uint32_t rows_of(const sage_witness_writer *w, uint32_t i)
{
    return 1u << w->layout->inst[i].log_rows;
}

/* The counters of the relation that instance i answers for, its column-th such one. */
static sage_air_counters counters_of(const sage_witness_writer *w, uint32_t i, uint32_t column)
{
    const char *name           = w->layout->inst[i].air->name;
    const sage_witness_uses *u = &w->uses;
    uint32_t *const *const *in = w->site->inputs;
    const uint32_t rows        = rows_of(w, i);
    if (!strcmp(name, "verify_instruction"))
        return (sage_air_counters){.low = u->pc, .n_low = w->run->n_addresses};
    if (!strcmp(name, "memory_address_to_id"))
        return (sage_air_counters){.low = u->address, .n_low = SAGE_WITNESS_CHUNKS * rows};
    if (!strcmp(name, "verify_bitwise_xor_12"))
        return (sage_air_counters){.low = u->xor_12, .n_low = SAGE_WITNESS_CHUNKS * rows};
    if (!strcmp(name, "memory_id_to_small"))
        return (sage_air_counters){in[i][0], u->big, rows, w->memory.n_big};
    return (sage_air_counters){.low = in[i][column], .n_low = rows};
}

static sage_status add_table(sage_witness_writer *w, uint32_t i)
{
    const sage_air *air = w->layout->inst[i].air;
    uint32_t column     = 0;
    /* Large values are counted with the small ones: they share the relation. */
    if (!strcmp(air->name, "memory_id_to_big")) return SAGE_OK;
    for (uint32_t r = 0; r < air->n_relations; r++) {
        const sage_air_relation *rel = &air->relations[r];
        if (!rel->counted || !sage_air_at(rel->yields, 0)) continue;
        if (column == sage_air_at(air->inputs, 0))
            return sage_witness_mismatch(w, i, "fewer inputs than counted relations");
        sage_air_counters uses = counters_of(w, i, column++);
        w->site->be->zero(w->site->dev, uses.low, uses.n_low);
        if (uses.n_high) w->site->be->zero(w->site->dev, uses.high, uses.n_high);
        sage_status s = add_counter(w, i, rel->id, uses);
        if (s) return s;
    }
    return SAGE_OK;
}

/* --- the public memory --- */

/* The words from 0 on are few; the others are zero pages that nobody touches before. */
static sage_status new_counts(sage_witness_writer *w, size_t n, uint32_t **out)
{
    *out = sage_pages_grow(NULL, 0, (n + 1) * sizeof **out);
    if (*out) return SAGE_OK;
    return sage_fail(w->err, SAGE_ENOMEM, "prove.cairo.memory", -1,
                     "no memory to count %zu public uses", n);
}

static void give_counts(sage_witness_writer *w, uint32_t *counts, uint32_t *to, size_t n)
{
    if (n) w->site->be->upload(w->site->dev, to, counts, n);
    sage_pages_free(counts, (n + 1) * sizeof *counts);
}

static sage_status count_public_addresses(sage_witness_writer *w)
{
    const sage_prover_input *run = w->run;
    uint32_t *counts;
    sage_status s = new_counts(w, run->n_addresses - 1, &counts);
    if (s) return s;
    for (uint32_t i = 0; i < run->n_public; i++)
        counts[run->public_addresses[i] - 1]++;
    give_counts(w, counts, w->uses.address, run->n_addresses - 1);
    return SAGE_OK;
}

/* Ids of one kind: small ones from 0 on, large ones from SAGE_MEMORY_BIG on. */
static sage_status
count_public_ids(sage_witness_writer *w, uint32_t first_id, uint32_t n, uint32_t *to)
{
    const sage_prover_input *run = w->run;
    uint32_t *counts;
    sage_status s = new_counts(w, n, &counts);
    if (s) return s;
    for (uint32_t i = 0; i < run->n_public; i++) {
        uint32_t k = run->address_to_id[run->public_addresses[i]] - first_id;
        if (k < n) counts[k]++;
    }
    give_counts(w, counts, to, n);
    return SAGE_OK;
}

sage_status sage_witness_count_begin(sage_witness_writer *w)
{
    const uint32_t small = sage_witness_find(w->layout, "memory_id_to_small");
    sage_status s        = SAGE_OK;
    for (uint32_t i = 0; !s && i < w->layout->n; i++)
        s = add_table(w, i);
    if (!s) s = count_public_addresses(w);
    if (!s) s = count_public_ids(w, 0, w->run->n_small, w->site->inputs[small][0]);
    if (!s) s = count_public_ids(w, SAGE_MEMORY_BIG, w->run->n_big, w->uses.big);
    return s;
}

/* --- the components --- */

static const sage_air_counters *find(const sage_witness_writer *w, uint32_t relation)
{
    for (uint32_t k = 0; k < w->n_counters; k++)
        if (w->counter[k].relation == relation) return &w->counter[k].uses;
    return NULL;
}

sage_status sage_witness_count(sage_witness_writer *w, uint32_t i)
{
    const sage_air *air                               = w->layout->inst[i].air;
    sage_air_counters counters[SAGE_WITNESS_COUNTERS] = {{0}};
    bool any                                          = false;
    if (air->n_relations > SAGE_WITNESS_COUNTERS)
        return sage_witness_mismatch(w, i, "it has too many relations");
    for (uint32_t r = 0; r < air->n_relations; r++) {
        const sage_air_relation *rel = &air->relations[r];
        if (!rel->counted || !sage_air_at(rel->uses, 0)) continue;
        const sage_air_counters *uses = find(w, rel->id);
        if (!uses) return sage_witness_mismatch(w, i, "it uses a table that is not there");
        counters[r] = *uses;
        any         = true;
    }
    if (!any) return SAGE_OK;
    return w->site->be->count(w->site->dev, air, &w->site->rows[i], counters, w->err);
}

sage_status sage_witness_split(sage_witness_writer *w, uint32_t i, const uint32_t *uses)
{
    const size_t rows = rows_of(w, i);
    if (sage_air_at(w->layout->inst[i].air->inputs, 0) != SAGE_WITNESS_CHUNKS)
        return sage_witness_mismatch(w, i, "its inputs are not its multiplicities");
    for (uint32_t k = 0; k < SAGE_WITNESS_CHUNKS; k++)
        w->site->be->copy(w->site->dev, w->site->inputs[i][k], uses + k * rows, rows);
    return SAGE_OK;
}
