/* vm/prover_input.h -- a run as the prover takes it: one flat memory by ids, states by opcode
 * component, builtin segments (facts B3, B4, B5, D); and its JSON form for exchange. */
#ifndef SAGE_VM_PROVER_INPUT_H
#define SAGE_VM_PROVER_INPUT_H

#include "vm/run.h"

typedef struct sage_casm_state {
    uint32_t pc, ap, fp;
} sage_casm_state;

typedef struct sage_casm_states {
    sage_casm_state *at;
    uint64_t n;
} sage_casm_states;

typedef struct sage_builtin_range {
    uint32_t begin, stop; /* addresses; both 0 for an absent one; padded */
} sage_builtin_range;

enum {
    SAGE_MEMORY_NO_ID     = (1 << 30) - 1, /* of an address that holds nothing */
    SAGE_MEMORY_BIG       = 1 << 30,       /* flag of an id into big_values */
    SAGE_MAX_ADDRESS_BITS = 29
};

typedef struct sage_prover_input {
    sage_casm_state initial, final;
    sage_casm_states states[SAGE_OPCODES];
    uint32_t *address_to_id; /* from address 0 on */
    uint32_t n_addresses;
    uint32_t (*big_values)[8];
    uint32_t n_big;
    uint64_t (*small_values)[2]; /* below 2^72, low word first */
    uint32_t n_small;
    uint32_t cap_big, cap_small; /* room of the two arrays */
    uint64_t pc_count;
    uint32_t *public_addresses; /* ascending */
    uint32_t n_public;
    sage_builtin_range builtin[SAGE_BUILTINS];
    bool present[11]; /* main's pointer arguments */
} sage_prover_input;

/* sage_adapt turns a run into prover input; builtin segments of the run are padded on the way.
 * SAGE_EUNSUP "adapt.builtin" (ecdsa, keccak used), SAGE_ELIMIT "adapt.addresses",
 * SAGE_EINVAL, SAGE_ENOMEM. Cost: about 15 ns a cell. On error *out is freed. */
SAGE_CHECKED sage_status sage_adapt(sage_prover_input *out, sage_run *r, sage_errinfo *err);
void sage_prover_input_free(sage_prover_input *p);

/* Does the text begin as prover_input.json does: an object with one of its keys? */
bool sage_prover_input_is(const uint8_t *bytes, size_t len);
/* The value at an address: not known if there is none. */
sage_value sage_prover_input_value(const sage_prover_input *p, uint32_t address);

/* prover_input.json, as stwo-cairo's adapter reads and writes it: numbers up to 72 bits.
 * Reading: SAGE_EFORMAT "prover_input.<field>". */
SAGE_CHECKED sage_status sage_prover_input_read(sage_prover_input *out,
                                                const uint8_t *bytes,
                                                size_t len,
                                                sage_errinfo *err);
SAGE_CHECKED sage_status sage_prover_input_write(const sage_prover_input *p,
                                                 const char *path,
                                                 sage_errinfo *err);

#endif
