/* cairo/run_claim.c -- which components prove a run, and how many rows each has (facts B1, B3,
 * B5). */
#include "cairo/run_claim.h"

#include <stdlib.h>
#include <string.h>

#include "cairo/layout.h"
#include "cairo/public.h"
#include "cairo/run_public.h"
#include "vm/builtins.h"

enum {
    ADDRESS_LANES = 16, /* addresses in a row of memory_address_to_id */
    /* of one Blake2s compression: rounds; four columns and four diagonals a round; words */
    BLAKE_ROUNDS = 10,
    BLAKE_MIXES  = 8 * BLAKE_ROUNDS,
    BLAKE_XORS   = 8
};

typedef struct claimer {
    sage_cairo_claim *out;
    const sage_prover_input *run;
    sage_errinfo *err;
} claimer;

static sage_status bad(claimer *k, long long at, const char *what)
{
    return sage_fail(k->err, SAGE_EINVAL, "prove.cairo.input", at, "%s", what);
}

static uint8_t log_of(uint64_t rows)
{
    uint8_t log = SAGE_CAIRO_MIN_LOG;
    while (1ull << log < rows)
        log++;
    return log;
}

static sage_status not_provable(claimer *k, const char *name)
{
    return sage_fail(k->err, SAGE_EUNSUP, "prove.cairo.component", -1,
                     "the run needs %s, which cannot be proved yet", name);
}

/* Gives the component so many rows, or its table's size if it is one. */
static sage_status add(claimer *k, const char *name, uint64_t rows)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const sage_cairo_component *c = &sage_cairo_components[i];
        if (strcmp(c->name, name) != 0) continue;
        if (!sage_cairo_air(c)) return not_provable(k, name);
        k->out->log[i] = c->log ? c->log : log_of(rows);
        return SAGE_OK;
    }
    return not_provable(k, name);
}

static sage_status add_opcodes(claimer *k)
{
    sage_status s = SAGE_OK;
    for (int o = 0; !s && o < SAGE_OPCODES; o++)
        if (k->run->states[o].n)
            s = add(k, sage_opcode_name((sage_opcode)o), k->run->states[o].n);
    return s;
}

/* --- instructions: a row for each one that ran --- */

static sage_status mark_states(claimer *k, const sage_casm_states *states, uint8_t *seen)
{
    for (uint64_t i = 0; i < states->n; i++) {
        sage_casm_state at = states->at[i];
        if (at.pc >= k->run->n_addresses || at.ap >= M31_P || at.fp >= M31_P)
            return bad(k, at.pc, "a state's registers lie outside memory");
        seen[at.pc / 8] |= (uint8_t)(1 << at.pc % 8);
    }
    return SAGE_OK;
}

static sage_status add_instructions(claimer *k)
{
    size_t bytes  = (size_t)k->run->n_addresses / 8 + 1;
    uint8_t *seen = calloc(bytes, 1);
    uint64_t n    = 0;
    sage_status s = SAGE_OK;
    if (!seen)
        return sage_fail(k->err, SAGE_ENOMEM, "prove.cairo.memory", -1,
                         "no memory to mark %u addresses", k->run->n_addresses);
    for (int o = 0; !s && o < SAGE_OPCODES; o++)
        s = mark_states(k, &k->run->states[o], seen);
    for (size_t i = 0; i < bytes; i++)
        n += (uint64_t)__builtin_popcount(seen[i]);
    free(seen);
    if (s) return s;
    return n ? add(k, "verify_instruction", n) : bad(k, -1, "no step was made");
}

/* --- families and tables --- */

static sage_status add_blake(claimer *k)
{
    uint64_t n    = k->run->states[SAGE_OPCODE_BLAKE_COMPRESS].n;
    sage_status s = SAGE_OK;
    if (!n) return s;
    if (!s) s = add(k, "blake_round", n * BLAKE_ROUNDS);
    if (!s) s = add(k, "blake_g", n * BLAKE_MIXES);
    if (!s) s = add(k, "blake_round_sigma", 0);
    if (!s) s = add(k, "triple_xor_32", n * BLAKE_XORS);
    if (!s) s = add(k, "verify_bitwise_xor_12", 0);
    return s;
}

/* The components that a builtin needs beside its own are those that every proof has, for the
 * builtins that have a component here. */
static sage_status add_builtins(claimer *k)
{
    sage_status s = SAGE_OK;
    for (int i = 0; !s && i < SAGE_BUILTIN_COMPONENTS; i++) {
        sage_builtin_component b = sage_builtin_components[i];
        sage_builtin_range r     = k->run->builtin[b.builtin];
        uint32_t cells = sage_builtin_cells(b.builtin), n = (r.stop - r.begin) / cells;
        if (r.begin == r.stop) continue;
        if (r.stop < r.begin || n * cells != r.stop - r.begin || 1u << log_of(n) != n)
            return bad(k, r.begin, "a builtin's segment is not padded to a power of two");
        s = add(k, b.name, n);
    }
    return s;
}

/* Values of 252 bits fill tables of the largest size, one after the other. */
static void add_big_memory(claimer *k)
{
    const uint64_t most = 1ull << SAGE_CAIRO_MAX_LOG;
    for (uint64_t left = k->run->n_big; left; left -= left < most ? left : most)
        k->out->big_log[k->out->n_big++] = log_of(left < most ? left : most);
}

static sage_status add_memory(claimer *k)
{
    uint64_t addresses = (uint64_t)k->run->n_addresses - 1; /* 0 is none */
    if (k->run->n_big > (uint64_t)SAGE_CAIRO_MAX_BIG << SAGE_CAIRO_MAX_LOG)
        return sage_fail(k->err, SAGE_ELIMIT, "prove.cairo.cells", -1,
                         "%u large values do not fit the memory tables", k->run->n_big);
    add_big_memory(k);
    sage_status s =
        add(k, "memory_address_to_id", (addresses + ADDRESS_LANES - 1) / ADDRESS_LANES);
    if (!s) s = add(k, "memory_id_to_small", k->run->n_small);
    return s;
}

/* Those that the verifier demands of every proof. */
static sage_status add_tables(claimer *k)
{
    sage_status s = SAGE_OK;
    for (uint32_t i = SAGE_CAIRO_MEMORY_BIG + 2; !s && i < SAGE_CAIRO_COMPONENTS; i++)
        s = add(k, sage_cairo_components[i].name, 0);
    return s;
}

/* --- the claim as a whole --- */

/* A public cell is used once by the outside: address and id are in the tables. */
static sage_status check_public(claimer *k)
{
    for (uint32_t i = 0; i < k->run->n_public; i++) {
        uint32_t at = k->run->public_addresses[i];
        if (!sage_value_known(sage_prover_input_value(k->run, at)))
            return bad(k, at, "a public address holds nothing");
    }
    return SAGE_OK;
}

static bool has_seq(sage_cairo_variant variant, uint8_t log)
{
    sage_cairo_pre_column column[SAGE_CAIRO_MAX_PRE];
    uint32_t n = sage_cairo_preprocessed(variant, column);
    for (uint32_t i = 0; i < n; i++)
        if (column[i].group == SAGE_CAIRO_PRE_SEQ && column[i].log == log) return true;
    return false;
}

static sage_status check_variant(claimer *k, sage_cairo_variant variant)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(k->out, in);
    for (uint32_t i = 0; i < n; i++)
        if (in[i].log > SAGE_CAIRO_MAX_LOG ||
            (in[i].component->seq && !has_seq(variant, in[i].log)))
            return sage_fail(k->err, SAGE_EUNSUP, "prove.cairo.variant", i,
                             "%s has 2^%u rows, too many for the preprocessed trace",
                             in[i].component->name, in[i].log);
    return SAGE_OK;
}

/* What no verifier would accept is not proved in the first place. */
static sage_status check_rules(claimer *k, sage_cairo_variant variant)
{
    sage_errinfo why = {0};
    sage_status s    = sage_cairo_check_claim(k->out, variant, &why);
    if (!s) return s;
    return sage_fail(k->err, SAGE_EUNSUP, "prove.cairo.claim", why.at,
                     "no verifier accepts this run: %s", why.msg);
}

sage_status sage_cairo_claim_of_run(sage_cairo_claim *out,
                                    const sage_prover_input *run,
                                    sage_cairo_variant variant,
                                    sage_errinfo *err)
{
    claimer k = {out, run, err};
    memset(out, 0, sizeof *out);
    sage_status s = add_opcodes(&k);
    if (!s) s = add_blake(&k);
    if (!s) s = add_builtins(&k);
    if (!s) s = sage_cairo_run_public(out, run, err);
    if (!s) s = check_public(&k);
    if (!s) s = add_instructions(&k);
    if (!s) s = add_memory(&k);
    if (!s) s = add_tables(&k);
    if (!s) s = check_variant(&k, variant);
    if (!s) s = check_rules(&k, variant);
    if (s) sage_cairo_claim_free(out);
    return s;
}
