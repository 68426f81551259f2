/* vm/profile.c -- counts of a run; rows of the components (facts B1, B5, B7). */
#include "vm/profile.h"

#include <stdlib.h>
#include <string.h>

#include "vm/builtins.h"

enum {
    MIN_ROWS      = 16,
    ADDRESS_LANES = 16, /* addresses in a row of memory_address_to_id */
    /* of one Blake2s compression */
    BLAKE_ROUNDS = 10,
    BLAKE_MIXES  = 80,
    BLAKE_XORS   = 8,
    /* of one Poseidon permutation: 8 full rounds, 81 partial ones by three, 2 at the seams */
    POSEIDON_FULL    = 8,
    POSEIDON_PARTIAL = 27,
    POSEIDON_CUBES   = 2 + 3 * POSEIDON_FULL + 3 * POSEIDON_PARTIAL,
    POSEIDON_WIDTHS  = 2 + 3 * POSEIDON_PARTIAL,
    /* of one Pedersen hash: two operands of 252 bits in windows of 18; of one ec_op: bits */
    PEDERSEN_WINDOWS = 2 * 252 / 18,
    EC_OP_STEPS      = 252
};

/* --- steps --- */

static int by_steps(const void *a, const void *b)
{
    const sage_profile_function *x = a, *y = b;
    if (x->steps != y->steps) return x->steps > y->steps ? -1 : 1;
    if (!x->symbol || !y->symbol) return !x->symbol - !y->symbol;
    return strcmp(x->symbol->name, y->symbol->name);
}

/* Steps by pc, the last of n_data + 1 for code outside the program. */
static void count_pcs(const sage_program *p, const sage_run *r, uint64_t *at)
{
    for (uint64_t i = 0; i + 1 < r->n_steps; i++) {
        const sage_trace_row *row = &r->trace[i];
        at[row->pc_segment == SAGE_SEGMENT_PROGRAM && row->pc < p->n_data ? row->pc
                                                                          : p->n_data]++;
    }
}

/* Runs of pcs that one name covers, in order; then equal names are one. */
static void
collect(sage_profile *out, const sage_program *p, const uint64_t *at, uint64_t *of_symbol)
{
    uint64_t unnamed = at[p->n_data];
    for (uint32_t pc = 0; pc < p->n_data; pc++) {
        if (!at[pc]) continue;
        const sage_symbol *s = sage_program_function(p, pc);
        if (s)
            of_symbol[s - p->symbols] += at[pc];
        else
            unnamed += at[pc];
    }
    for (uint32_t i = 0; i < p->n_symbols; i++)
        if (of_symbol[i])
            out->functions[out->n_functions++] =
                (sage_profile_function){&p->symbols[i], of_symbol[i]};
    if (unnamed) out->functions[out->n_functions++] = (sage_profile_function){NULL, unnamed};
    if (out->n_functions)
        qsort(out->functions, out->n_functions, sizeof *out->functions, by_steps);
}

static void count_memory(sage_profile *out, const sage_run *r)
{
    for (uint32_t s = 0; s < r->memory.n; s++) {
        const sage_segment *segment = &r->memory.segment[s];
        out->cells += segment->len;
        for (uint32_t i = 0; i < segment->len; i++)
            out->holes += !sage_value_known(segment->cell[i]);
    }
}

sage_status
sage_profile_run(sage_profile *out, const sage_program *p, const sage_run *r, sage_errinfo *err)
{
    memset(out, 0, sizeof *out);
    uint64_t *at        = calloc((size_t)p->n_data + 1, sizeof *at);
    uint64_t *of_symbol = calloc((size_t)p->n_symbols + 1, sizeof *of_symbol);
    out->functions      = calloc((size_t)p->n_symbols + 1, sizeof *out->functions);
    bool ok             = at && of_symbol && out->functions;
    if (ok) {
        count_pcs(p, r, at);
        collect(out, p, at, of_symbol);
        count_memory(out, r);
        out->steps = r->n_steps - 1;
        for (int b = 0; b < SAGE_BUILTINS; b++)
            out->instances[b] = r->builtin_stop[b] / sage_builtin_cells((sage_builtin)b);
    }
    free(at);
    free(of_symbol);
    if (ok) return SAGE_OK;
    sage_profile_free(out);
    return sage_fail(err, SAGE_ENOMEM, "profile.memory", -1, "no memory for the profile");
}

static uint64_t instances_of(const sage_prover_input *in, sage_builtin b)
{
    return (in->builtin[b].stop - in->builtin[b].begin) / sage_builtin_cells(b);
}

/* Without the last instance's copies, which pad the segment, and share its row wherever equal
 * inputs do; so does one that the program made itself. Copies have equal ids. */
static uint64_t without_copies(const sage_prover_input *in, sage_builtin b)
{
    uint64_t n            = instances_of(in, b);
    const size_t cells    = sage_builtin_cells(b);
    const uint32_t *first = in->address_to_id + in->builtin[b].begin; /* 0 if absent */
    while (n > 1 &&
           !memcmp(first + (n - 1) * cells, first + (n - 2) * cells, cells * sizeof *first))
        n--;
    return n;
}

void sage_profile_input(sage_profile *out, const sage_prover_input *in)
{
    memset(out, 0, sizeof *out);
    for (int o = 0; o < SAGE_OPCODES; o++)
        out->steps += in->states[o].n;
    for (int b = 0; b < SAGE_BUILTINS; b++)
        if (in->builtin[b].begin) out->instances[b] = instances_of(in, (sage_builtin)b);
    out->cells = in->n_addresses - 1;
    for (uint32_t i = 1; i < in->n_addresses; i++)
        out->holes += in->address_to_id[i] == SAGE_MEMORY_NO_ID;
}

/* --- components --- */

static uint64_t pad(uint64_t rows)
{
    uint64_t n = MIN_ROWS;
    while (n < rows)
        n *= 2;
    return n;
}

static void add(sage_profile *p, const char *name, uint64_t rows, bool at_most)
{
    if (rows && p->n_components < SAGE_PROFILE_MAX_COMPONENTS)
        p->components[p->n_components++] =
            (sage_profile_component){name, rows, pad(rows), at_most};
}

static void add_blake(sage_profile *p, uint64_t n)
{
    if (!n) return;
    add(p, "blake_round", BLAKE_ROUNDS * n, false);
    add(p, "blake_g", BLAKE_MIXES * n, false);
    add(p, "blake_round_sigma", MIN_ROWS, false);
    add(p, "triple_xor_32", BLAKE_XORS * n, false);
    add(p, "verify_bitwise_xor_12", 1 << 20, false);
}

static void add_pedersen(sage_profile *p, uint64_t n)
{
    if (!n) return;
    add(p, "pedersen_aggregator_window_bits_18", n, true);
    add(p, "partial_ec_mul_window_bits_18", PEDERSEN_WINDOWS * n, true);
    add(p, "pedersen_points_table_window_bits_18", 1 << 23, false);
}

static void add_poseidon(sage_profile *p, uint64_t n)
{
    if (!n) return;
    add(p, "poseidon_aggregator", n, true);
    add(p, "poseidon_3_partial_rounds_chain", POSEIDON_PARTIAL * n, true);
    add(p, "poseidon_full_round_chain", POSEIDON_FULL * n, true);
    add(p, "cube_252", POSEIDON_CUBES * n, true);
    add(p, "poseidon_round_keys", 1 << 6, false);
    add(p, "range_check_252_width_27", POSEIDON_WIDTHS * n, true);
}

/* Builtins are proved with their padding, which the memory really holds. */
static void add_builtins(sage_profile *p, const sage_prover_input *in)
{
    for (int i = 0; i < SAGE_BUILTIN_COMPONENTS; i++) {
        sage_builtin_component b = sage_builtin_components[i];
        add(p, b.name, instances_of(in, b.builtin), false);
    }
}

void sage_profile_proof(sage_profile *out, const sage_prover_input *in)
{
    for (int o = 0; o < SAGE_OPCODES; o++)
        add(out, sage_opcode_name((sage_opcode)o), in->states[o].n, false);
    add(out, "verify_instruction", in->pc_count, false);
    add_blake(out, in->states[SAGE_OPCODE_BLAKE_COMPRESS].n);
    add_builtins(out, in);
    add(out, "partial_ec_mul_generic", EC_OP_STEPS * instances_of(in, SAGE_BUILTIN_EC_OP),
        false);
    add_pedersen(out, without_copies(in, SAGE_BUILTIN_PEDERSEN));
    add_poseidon(out, without_copies(in, SAGE_BUILTIN_POSEIDON));
    add(out, "memory_address_to_id",
        ((uint64_t)in->n_addresses - 1 + ADDRESS_LANES - 1) / ADDRESS_LANES, false);
    add(out, "memory_id_to_big", in->n_big, false);
    add(out, "memory_id_to_small", in->n_small, false);
}

void sage_profile_free(sage_profile *p)
{
    free(p->functions);
    memset(p, 0, sizeof *p);
}
