/* vm/adapt.c -- from a run to prover input (facts B3, B4, B5, D).
 *
 * Floor: every cell is read once and looked up once in a table of the values seen so far,
 * every trace row is read twice (count, place) and written once as 12 bytes. The lookups miss
 * the cache when the values are many, so a group of cells is hashed and its slots are asked
 * for before the first of them is needed. */
#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "vm/builtins.h"
#include "vm/ids.h"

enum {
    MIN_INSTANCES = 16, /* of a builtin: the widest lane group (facts B5) */
    GROUP         = 16,
    FIRST_ADDRESS = 1
};

typedef struct adapter {
    sage_prover_input *out;
    sage_run *run;
    uint32_t *base; /* address of each segment, and of what follows the last */
    sage_errinfo *err;
} adapter;

static sage_status no_memory(adapter *a, const char *what)
{
    return sage_fail(a->err, SAGE_ENOMEM, "adapt.memory", -1, "no memory for %s", what);
}

/* --- builtin segments grow to a power of two of instances, by copies of the last one --- */

static sage_status pad_builtin(adapter *a, sage_builtin b)
{
    sage_memory *m = &a->run->memory;
    uint32_t index = a->run->builtin_segment[b], cells = sage_builtin_cells(b);
    uint32_t used = index ? m->segment[index].len : 0;
    if (!used) return SAGE_OK;
    if (b == SAGE_BUILTIN_ECDSA || b == SAGE_BUILTIN_KECCAK)
        return sage_fail(a->err, SAGE_EUNSUP, "adapt.builtin", -1,
                         "the program uses builtin %s, which no proof covers",
                         sage_builtin_name(b));
    if (used % cells)
        return sage_fail(a->err, SAGE_EINVAL, "adapt.builtin", used,
                         "builtin %s ends inside an instance", sage_builtin_name(b));
    uint64_t padded = MIN_INSTANCES;
    while (padded < used / cells)
        padded *= 2;
    padded *= cells;
    sage_status s = sage_memory_reserve(m, index, padded, a->err);
    if (s) return s;
    sage_segment *segment = &m->segment[index];
    for (uint64_t i = used; i < padded; i++)
        segment->cell[i] = segment->cell[i - cells];
    segment->len = (uint32_t)padded;
    return SAGE_OK;
}

static sage_status pad_builtins(adapter *a)
{
    for (int b = SAGE_BUILTIN_PEDERSEN; b < SAGE_BUILTIN_SEGMENT_ARENA; b++) {
        sage_status s = pad_builtin(a, (sage_builtin)b);
        if (s) return s;
    }
    return SAGE_OK;
}

/* --- addresses --- */

/* The layout has no ecdsa and no keccak: main's pointers to them, which nobody used, are 0. */
static void forget_absent(adapter *a, sage_builtin b)
{
    uint32_t i = a->run->builtin_segment[b];
    if (i && !a->run->memory.segment[i].len) a->base[i] = 0;
}

static sage_status relocate(adapter *a)
{
    const sage_memory *m = &a->run->memory;
    uint64_t next        = FIRST_ADDRESS;
    a->base              = malloc(((size_t)m->n + 1) * sizeof *a->base);
    if (!a->base) return no_memory(a, "the segments' addresses");
    for (uint32_t i = 0; i < m->n; i++) {
        a->base[i] = (uint32_t)next;
        next += m->segment[i].len;
        if (next > (uint64_t)1 << SAGE_MAX_ADDRESS_BITS)
            return sage_fail(a->err, SAGE_ELIMIT, "adapt.addresses", i,
                             "the run needs more than 2^%d memory cells",
                             SAGE_MAX_ADDRESS_BITS);
    }
    a->base[m->n] = (uint32_t)next;
    for (int b = 0; b < SAGE_BUILTIN_SEGMENT_ARENA; b++) {
        uint32_t i = a->run->builtin_segment[b];
        if (i && m->segment[i].len)
            a->out->builtin[b] =
                (sage_builtin_range){a->base[i], a->base[i] + m->segment[i].len};
    }
    forget_absent(a, SAGE_BUILTIN_ECDSA);
    forget_absent(a, SAGE_BUILTIN_KECCAK);
    return SAGE_OK;
}

/* --- memory --- */

static sage_status address_of(const adapter *a, const sage_value *v, uint64_t *out)
{
    sage_address at = sage_value_address(*v);
    uint64_t to =
        at.segment < a->run->memory.n ? (uint64_t)a->base[at.segment] + at.offset : UINT64_MAX;
    *out = to;
    if (!(to >> SAGE_MAX_ADDRESS_BITS)) return SAGE_OK;
    return sage_fail(a->err, SAGE_EINVAL, "adapt.address", at.offset,
                     "a cell points to %u:%u, outside the memory", at.segment, at.offset);
}

/* The number that a cell holds in the end; an empty one counts as 0. Word by word: a copy of
 * the cell that is then changed in part costs more than all the rest. */
static sage_status number_of(const adapter *a, const sage_value *v, uint64_t l[4])
{
    const uint64_t tag = v->l[3];
    l[0]               = v->l[0];
    l[1]               = v->l[1];
    l[2]               = v->l[2];
    l[3]               = tag & ~(SAGE_VALUE_KNOWN | SAGE_VALUE_ADDRESS);
    return tag & SAGE_VALUE_ADDRESS ? address_of(a, v, &l[0]) : SAGE_OK;
}

static sage_status
give_group(adapter *a, sage_ids *t, const sage_value *cell, uint32_t n, uint32_t *ids)
{
    uint64_t l[GROUP][4];
    uint32_t hash[GROUP];
    for (uint32_t i = 0; i < n; i++) {
        sage_status s = number_of(a, &cell[i], l[i]);
        if (s) return s;
        hash[i] = sage_ids_prefetch(t, l[i]);
    }
    for (uint32_t i = 0; i < n; i++)
        if (!sage_ids_give(t, l[i], hash[i], &ids[i])) return no_memory(a, "memory values");
    return SAGE_OK;
}

static sage_status give_ids(adapter *a, sage_ids *t)
{
    const sage_memory *m = &a->run->memory;
    for (uint32_t i = 0; i < m->n; i++)
        for (uint32_t at = 0; at < m->segment[i].len; at += GROUP) {
            uint32_t left = m->segment[i].len - at;
            sage_status s =
                give_group(a, t, m->segment[i].cell + at, left < GROUP ? left : GROUP,
                           a->out->address_to_id + a->base[i] + at);
            if (s) return s;
        }
    return SAGE_OK;
}

static sage_status build_memory(adapter *a)
{
    sage_prover_input *p = a->out;
    sage_ids t;
    p->n_addresses   = a->base[a->run->memory.n];
    p->address_to_id = sage_pages_grow(NULL, 0, (size_t)p->n_addresses * sizeof(uint32_t));
    if (!p->address_to_id) return no_memory(a, "memory ids");
    p->address_to_id[0] = SAGE_MEMORY_NO_ID;
    sage_status s       = sage_ids_open(&t, p, p->n_addresses, a->err);
    if (!s) s = give_ids(a, &t);
    sage_ids_close(&t);
    return s;
}

/* --- states by opcode, in order of execution --- */

static sage_casm_state state_of(const adapter *a, const sage_trace_row *r)
{
    uint32_t stack = a->base[SAGE_SEGMENT_EXECUTION];
    return (sage_casm_state){a->base[r->pc_segment] + r->pc, stack + r->ap, stack + r->fp};
}

/* Rows by opcode, and how many instructions of the memory were executed. */
static sage_status count_rows(adapter *a, uint64_t rows)
{
    const sage_trace_row *row = a->run->trace;
    uint64_t n[SAGE_OPCODES] = {0}, pcs = 0;
    uint8_t *seen = calloc((size_t)a->out->n_addresses + 1, 1);
    if (!seen) return no_memory(a, "the instructions seen");
    for (uint64_t i = 0; i < rows; i++) {
        uint8_t *mark = &seen[a->base[row[i].pc_segment] + row[i].pc];
        n[row[i].opcode]++;
        if (*mark) continue;
        *mark = 1;
        pcs++;
    }
    free(seen);
    a->out->pc_count = pcs;
    for (int o = 0; o < SAGE_OPCODES; o++)
        a->out->states[o].n = n[o];
    return SAGE_OK;
}

static sage_status place_states(adapter *a)
{
    sage_prover_input *p      = a->out;
    const sage_trace_row *row = a->run->trace;
    uint64_t rows             = a->run->n_steps - 1;
    sage_casm_state *next[SAGE_OPCODES];
    sage_status s = count_rows(a, rows);
    for (int o = 0; !s && o < SAGE_OPCODES; o++) {
        sage_casm_states *to = &p->states[o];
        if (to->n) to->at = sage_pages_grow(NULL, 0, to->n * sizeof *to->at);
        if (to->n && !to->at) s = no_memory(a, "the states");
        next[o] = to->at;
    }
    if (s) return s;
    for (uint64_t i = 0; i < rows; i++)
        *next[row[i].opcode]++ = state_of(a, &row[i]);
    p->initial = state_of(a, &row[0]);
    p->final   = state_of(a, &row[rows]);
    return SAGE_OK;
}

/* --- public memory: the program, some cells of the stack, the output --- */

static sage_status list_public(adapter *a)
{
    const sage_run *r    = a->run;
    sage_prover_input *p = a->out;
    uint32_t program = r->memory.segment[SAGE_SEGMENT_PROGRAM].len, k = 0;
    sage_builtin_range output = p->builtin[SAGE_BUILTIN_OUTPUT];
    p->n_public               = program + r->n_public + (output.stop - output.begin);
    p->public_addresses       = malloc((size_t)p->n_public * sizeof *p->public_addresses + 1);
    if (!p->public_addresses) return no_memory(a, "the public memory");
    for (uint32_t i = 0; i < program; i++)
        p->public_addresses[k++] = a->base[SAGE_SEGMENT_PROGRAM] + i;
    for (uint32_t i = 0; i < r->n_public; i++)
        p->public_addresses[k++] = a->base[SAGE_SEGMENT_EXECUTION] + r->public_offsets[i];
    for (uint32_t i = output.begin; i < output.stop; i++)
        p->public_addresses[k++] = i;
    return SAGE_OK;
}

sage_status sage_adapt(sage_prover_input *out, sage_run *r, sage_errinfo *err)
{
    adapter a = {.out = out, .run = r, .err = err};
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < sizeof out->present / sizeof *out->present; i++)
        out->present[i] = r->takes[i];
    sage_status s = pad_builtins(&a);
    if (!s) s = relocate(&a);
    if (!s) s = build_memory(&a);
    if (!s) s = place_states(&a);
    if (!s) s = list_public(&a);
    free(a.base);
    if (s) sage_prover_input_free(out);
    return s;
}

void sage_prover_input_free(sage_prover_input *p)
{
    for (int o = 0; o < SAGE_OPCODES; o++)
        sage_pages_free(p->states[o].at, p->states[o].n * sizeof(sage_casm_state));
    sage_pages_free(p->address_to_id, (size_t)p->n_addresses * sizeof *p->address_to_id);
    sage_pages_free(p->big_values, p->cap_big * sizeof *p->big_values);
    sage_pages_free(p->small_values, p->cap_small * sizeof *p->small_values);
    free(p->public_addresses);
    memset(p, 0, sizeof *p);
}

sage_value sage_prover_input_value(const sage_prover_input *p, uint32_t address)
{
    uint32_t id  = address < p->n_addresses ? p->address_to_id[address] : SAGE_MEMORY_NO_ID;
    sage_value v = {{0}};
    if (id == SAGE_MEMORY_NO_ID) return v;
    if (id & SAGE_MEMORY_BIG) {
        const uint32_t *w = p->big_values[id - SAGE_MEMORY_BIG];
        for (int i = 0; i < 4; i++)
            v.l[i] = w[2 * i] | (uint64_t)w[2 * i + 1] << 32;
    } else {
        v.l[0] = p->small_values[id][0];
        v.l[1] = p->small_values[id][1];
    }
    v.l[3] |= SAGE_VALUE_KNOWN;
    return v;
}
