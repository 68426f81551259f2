/* cairo/claim.h -- what a Cairo proof claims: public data and the sizes of its components;
 * mixing it into the transcript (facts A6, A9). The formats read it (cairo/proof.h). */
#ifndef SAGE_CAIRO_CLAIM_H
#define SAGE_CAIRO_CLAIM_H

#include "cairo/components.h"
#include "cairo/serde.h"
#include "stark/channel.h"

enum {
    SAGE_CAIRO_SEGMENTS  = 11,
    SAGE_CAIRO_MAX_CELLS = 1 << 24, /* of program or output */
    SAGE_CAIRO_MIN_LOG   = 4,       /* 16 rows, the widest lane group */
    SAGE_CAIRO_MAX_LOG   = 25
};

/* A public memory cell: its id, canonical, and its value, below 2^252: it is mixed as 28 limbs
 * of 9 bits, and more would not be bound (facts B3). */
typedef struct sage_cairo_cell {
    uint32_t id;
    sage_felt252 value;
} sage_cairo_cell;

typedef struct sage_cairo_cells {
    sage_cairo_cell *at; /* owned */
    uint32_t n;
} sage_cairo_cells;

/* Log sizes are in [MIN_LOG, MAX_LOG], ids and other mixed values canonical: every reader sees
 * to that. Segments in order output, pedersen, range_check_128, ecdsa, bitwise, ec_op, keccak,
 * poseidon, range_check_96, add_mod, mul_mod; each start id, start, stop id, stop. */
typedef struct sage_cairo_claim {
    sage_cairo_cells program, output;
    uint32_t segments[SAGE_CAIRO_SEGMENTS][4];
    uint32_t safe_call_ids[2];
    m31 initial[3], final[3]; /* pc, ap, fp */
    /* 0 for an absent component; memory_id_to_big's are in big_log. */
    uint8_t log[SAGE_CAIRO_COMPONENTS];
    uint8_t big_log[SAGE_CAIRO_MAX_BIG];
    uint32_t n_big;
} sage_cairo_claim;

void sage_cairo_claim_free(sage_cairo_claim *c);

/* Transcript step 4. Cost: one pass; SAGE_ENOMEM for the buffer of packed values. */
SAGE_CHECKED sage_status sage_cairo_claim_mix(const sage_cairo_claim *c,
                                              sage_channel *ch,
                                              sage_errinfo *err);

/* The instances of components in claim order, memory_id_to_big once per size. */
typedef struct sage_cairo_instance {
    const sage_cairo_component *component;
    uint8_t log;
} sage_cairo_instance;
enum { SAGE_CAIRO_MAX_INSTANCES = SAGE_CAIRO_COMPONENTS - 1 + SAGE_CAIRO_MAX_BIG };
uint32_t sage_cairo_instances(const sage_cairo_claim *c,
                              sage_cairo_instance out[SAGE_CAIRO_MAX_INSTANCES]);

#endif
