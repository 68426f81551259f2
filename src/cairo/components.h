/* cairo/components.h -- the components of the Cairo AIR and the preprocessed columns they
 * read, as far as commitments are concerned: how many columns of what size (facts B1, A14). */
#ifndef SAGE_CAIRO_COMPONENTS_H
#define SAGE_CAIRO_COMPONENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "hash/kind.h"

enum {
    SAGE_CAIRO_COMPONENTS     = 68,
    SAGE_CAIRO_GENERIC_OPCODE = 9,
    SAGE_CAIRO_MEMORY_BIG = 49, /* index of memory_id_to_big, the one with 0..16 instances */
    SAGE_CAIRO_MAX_BIG    = 16,
    SAGE_CAIRO_MAX_PRE    = 161
};

/* Preprocessed columns come in groups, here in the order in which they are chained before the
 * stable sort by size. SEQ is 0, 1, ... 2^log - 1. */
typedef enum sage_cairo_pre_group {
    SAGE_CAIRO_PRE_NONE = 0,
    SAGE_CAIRO_PRE_SEQ,
    SAGE_CAIRO_PRE_XOR_4,
    SAGE_CAIRO_PRE_XOR_7,
    SAGE_CAIRO_PRE_XOR_8,
    SAGE_CAIRO_PRE_XOR_9,
    SAGE_CAIRO_PRE_XOR_10,
    SAGE_CAIRO_PRE_RC_4_3,
    SAGE_CAIRO_PRE_RC_4_4,
    SAGE_CAIRO_PRE_RC_9_9,
    SAGE_CAIRO_PRE_RC_7_2_5,
    SAGE_CAIRO_PRE_RC_3_6_6_3,
    SAGE_CAIRO_PRE_RC_4_4_4_4,
    SAGE_CAIRO_PRE_RC_3_3_3_3_3,
    SAGE_CAIRO_PRE_POSEIDON_KEYS,
    SAGE_CAIRO_PRE_SIGMA,
    SAGE_CAIRO_PRE_PEDERSEN_18,
    SAGE_CAIRO_PRE_PEDERSEN_9
} sage_cairo_pre_group;

/* log 0: the claim states it. inter counts base columns, 4 to a LogUp pair; the last four are
 * the running sum and are sampled at two points. */
typedef struct sage_cairo_component {
    const char *name;
    uint8_t log;
    uint16_t trace, inter;
    uint8_t seq;   /* reads the SEQ column of its own size */
    uint8_t group; /* reads all columns of this group */
} sage_cairo_component;

extern const sage_cairo_component sage_cairo_components[SAGE_CAIRO_COMPONENTS];

/* The published preprocessed traces; SMALL has SEQ to 2^20 and 9-bit Pedersen windows. */
typedef enum sage_cairo_variant {
    SAGE_CAIRO_CANONICAL = 0,
    SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN,
    SAGE_CAIRO_CANONICAL_SMALL
} sage_cairo_variant;
enum { SAGE_CAIRO_VARIANTS = 3 };

typedef struct sage_cairo_pre_column {
    uint8_t group, index, log;
} sage_cairo_pre_column;

/* The columns in commit order, which ascends by log; returns their number. */
uint32_t sage_cairo_preprocessed(sage_cairo_variant variant,
                                 sage_cairo_pre_column out[SAGE_CAIRO_MAX_PRE]);
/* The variant of that many columns: 161, 105, 156. false: none. */
bool sage_cairo_variant_of(uint32_t n_columns, sage_cairo_variant *out);

/* The root of that variant's tree, a digest as hash/kind.h says; false if it is not known.
 * Known for log_blowup 1 to 5 are the canonical trace and the small one under Blake2s and the one
 * without Pedersen under Poseidon252; the latter under Blake2s for 1 to 4. */
bool sage_cairo_preprocessed_root(sage_cairo_variant variant,
                                  sage_hash_kind hash,
                                  uint32_t log_blowup,
                                  uint8_t root[32]);

#endif
