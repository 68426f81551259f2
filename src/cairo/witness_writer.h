/* cairo/witness_writer.h -- what the parts of the witness writer share; private to witness*.c.
 *
 * Components are written in claim order: whoever hands rows to a component, or uses its table,
 * comes before it. Everything of the size of a run is device memory. */
#ifndef SAGE_CAIRO_WITNESS_WRITER_H
#define SAGE_CAIRO_WITNESS_WRITER_H

#include "cairo/witness.h"

enum {
    SAGE_WITNESS_CHUNK    = 4096, /* words that pass through the host at a time */
    SAGE_WITNESS_COUNTERS = 64,   /* relations with a table */
    SAGE_WITNESS_CHUNKS   = 16,   /* columns over which one counter's keys are spread */
    SAGE_WITNESS_BLOCK    = 16    /* rows, the widest lane group (facts B5) */
};

typedef struct sage_witness_counter {
    uint32_t relation; /* its id */
    sage_air_counters uses;
} sage_witness_counter;

/* Counters that are no input column as they stand. */
typedef struct sage_witness_uses {
    uint32_t *pc;      /* of instructions: a word an address */
    uint32_t *address; /* from address 1 on */
    uint32_t *big;     /* of large values, over all their tables */
    uint32_t *xor_12;
} sage_witness_uses;

typedef struct sage_witness_writer {
    const sage_prover_input *run;
    const sage_layout *layout;
    const sage_witness_site *site;
    sage_errinfo *err;
    sage_air_memory memory; /* tables as long as their components have rows */
    sage_witness_uses uses;
    sage_witness_counter counter[SAGE_WITNESS_COUNTERS];
    uint32_t n_counters;
    uint32_t *feed; /* feed columns of the component at work */
    /* Of components that are handed rows: by whom (its index plus 1), how many, and how many of
     * them in full blocks. */
    uint32_t fed_by[SAGE_MAX_INSTANCES], fed[SAGE_MAX_INSTANCES], full[SAGE_MAX_INSTANCES];
} sage_witness_writer;

/* Index of the first instance of that name; layout->n if there is none. */
uint32_t sage_witness_find(const sage_layout *layout, const char *name);
/* A component that is not what this writer takes it for: SAGE_EINTERNAL. */
sage_status sage_witness_mismatch(sage_witness_writer *w, uint32_t i, const char *what);

/* dst[0..words) = src[0..unit) over and over; dst may follow src directly. */
void sage_witness_repeat(
    sage_witness_writer *w, uint32_t *dst, const uint32_t *src, size_t unit, size_t words);

/* witness_place.c: sets all pointers into base, which may be NULL; returns the words. */
size_t sage_witness_place(sage_witness_writer *w, uint32_t *base);
/* witness_memory.c: the memory's tables. */
SAGE_CHECKED sage_status sage_witness_memory(sage_witness_writer *w);
/* witness_count.c: begin zeroes all counters and counts the public memory's uses; count adds
 * those of a component that is written; split copies a counter to its table's columns, whose
 * keys are chunks of 2^log_rows. */
SAGE_CHECKED sage_status sage_witness_count_begin(sage_witness_writer *w);
SAGE_CHECKED sage_status sage_witness_count(sage_witness_writer *w, uint32_t i);
SAGE_CHECKED sage_status sage_witness_split(sage_witness_writer *w,
                                            uint32_t i,
                                            const uint32_t *uses);
/* witness_rows.c: inputs of opcodes, of the instructions that they used. */
SAGE_CHECKED sage_status sage_witness_states(sage_witness_writer *w,
                                             uint32_t i,
                                             const sage_casm_states *states);
SAGE_CHECKED sage_status sage_witness_instructions(sage_witness_writer *w, uint32_t i);
/* witness_feed.c: columns gives room for a component's feed columns; deliver hands its rows on,
 * finish fills up a component that was handed rows. */
enum { SAGE_WITNESS_FEED_COLUMNS = 1024 };
SAGE_CHECKED sage_status sage_witness_feed_columns(
    sage_witness_writer *w, uint32_t i, uint32_t *columns[SAGE_WITNESS_FEED_COLUMNS]);
SAGE_CHECKED sage_status sage_witness_deliver(sage_witness_writer *w, uint32_t i);
SAGE_CHECKED sage_status sage_witness_finish(sage_witness_writer *w, uint32_t i);

#endif
