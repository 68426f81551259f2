/* cairo/claim_rules.c -- what a claim must be before anything is computed from it (facts F1).
 *
 * The rules are those of both verifiers of stwo-cairo 2b1fb4d (crates/cairo-air/src/verifier.rs
 * and stwo_cairo_verifier/crates/cairo_air/src/lib.cairo), the stricter one where they differ;
 * docs/SOUNDNESS.md says why each is there and where they differ. */
#include "cairo/public.h"

/* Indices of sage_cairo_components. */
enum {
    OPCODES            = 20, /* the first ones: each uses the relation Opcodes once a row */
    VERIFY_INSTRUCTION = 20,
    BLAKE_ROUND,
    XOR_12  = 25, /* with blake_g, blake_round_sigma, triple_xor_32 in between */
    ADD_MOD = 26,
    BITWISE,
    MUL_MOD,
    PEDERSEN,
    PEDERSEN_NARROW,
    POSEIDON,
    RANGE_CHECK_96,
    RANGE_CHECK,
    EC_OP,
    PEDERSEN_AGGREGATOR_18 = 36,
    PEDERSEN_POINTS_18     = 38,
    PEDERSEN_AGGREGATOR_9  = 39,
    PEDERSEN_POINTS_9      = 41,
    POSEIDON_AGGREGATOR    = 42,
    RANGE_CHECK_252        = 47,
    ADDRESS_TO_ID          = 48,
    ID_TO_SMALL            = 50, /* followed by the range checks and xor tables */
    LAST                   = SAGE_CAIRO_COMPONENTS - 1
};

enum {
    MIN_LOG        = SAGE_CAIRO_MIN_LOG,
    MAX_LOG        = SAGE_CAIRO_MAX_LOG,
    MEMORY_LOG     = 29, /* addresses and steps are below 2^29 */
    SPLIT_LOG      = 4,  /* memory_address_to_id holds 16 addresses a row */
    BIG_ID_BASE    = 1 << 30,
    PROLOGUE_WORDS = 6,
    FINAL_PC       = 5 /* jmp rel 0, the prologue's end */
};

/* ---- the run: program, registers, output ---- */

static sage_status check_word(uint32_t word, const char *what, uint32_t at, sage_errinfo *err)
{
    if (word < M31_P) return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, "cairo.claim.canonical", at, "%s %u is %u, not below p",
                     what, at, word);
}

static sage_status
check_cells(const sage_cairo_cells *cells, const char *what, sage_errinfo *err)
{
    for (uint32_t i = 0; i < cells->n; i++) {
        sage_status st = check_word(cells->at[i].id, what, i, err);
        if (st != SAGE_OK) return st;
        if (!sage_felt252_canonical(&cells->at[i].value))
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.value", i,
                             "%s %u is not below 2^251 + 17 * 2^192 + 1", what, i);
    }
    return SAGE_OK;
}

/* One text for one claim: all that enters the field is canonical. */
static sage_status check_canonical(const sage_cairo_claim *c, sage_errinfo *err)
{
    sage_status st = check_cells(&c->program, "program word", err);
    if (st == SAGE_OK) st = check_cells(&c->output, "output", err);
    for (uint32_t i = 0; st == SAGE_OK && i < 3; i++) {
        st = check_word(c->initial[i], "initial register", i, err);
        if (st == SAGE_OK) st = check_word(c->final[i], "final register", i, err);
    }
    for (uint32_t i = 0; st == SAGE_OK && i < SAGE_CAIRO_SEGMENTS; i++)
        for (uint32_t k = 0; st == SAGE_OK && k < 4; k++)
            st = check_word(c->segments[i][k], "word of segment", i, err);
    for (uint32_t i = 0; st == SAGE_OK && i < 2; i++)
        st = check_word(c->safe_call_ids[i], "safe call id", i, err);
    return st;
}

static bool is_u64(const sage_felt252 *v, uint64_t word)
{
    uint32_t high = 0;
    for (int i = 2; i < 8; i++)
        high |= v->w[i];
    return high == 0 && v->w[0] == (uint32_t)word && v->w[1] == word >> 32;
}

/* ap += 11; 11; call rel main; main; jmp rel 0; 0. Only main's distance is free. */
static sage_status check_program(const sage_cairo_cells *program, sage_errinfo *err)
{
    static const struct {
        uint32_t at;
        uint64_t word;
    } prologue[] = {
        {0, 0x040780017fff7fff}, {2, 0x1104800180018000}, {4, 0x010780017fff7fff}, {5, 0}};
    if (program->n < PROLOGUE_WORDS || program->n >= 1u << MEMORY_LOG)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.program_length", -1,
                         "a program of %u words; %d at least, below 2^%d", program->n,
                         PROLOGUE_WORDS, MEMORY_LOG);
    for (size_t i = 0; i < sizeof prologue / sizeof *prologue; i++)
        if (!is_u64(&program->at[prologue[i].at].value, prologue[i].word))
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.prologue", prologue[i].at,
                             "program word %u is not 0x%llx", prologue[i].at,
                             (unsigned long long)prologue[i].word);
    if (!is_u64(&program->at[1].value, SAGE_CAIRO_SEGMENTS))
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.n_builtins", 1,
                         "program word 1 is not %d, the number of segments",
                         SAGE_CAIRO_SEGMENTS);
    return SAGE_OK;
}

static sage_status check_start(const m31 initial[3], sage_errinfo *err)
{
    uint32_t pc = initial[SAGE_CAIRO_PC], ap = initial[SAGE_CAIRO_AP];
    if (pc != 1)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.initial_pc", -1,
                         "the run starts at pc %u, not 1", pc);
    if (ap <= pc + 2)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.initial_ap", -1,
                         "initial ap %u leaves no room for the safe call", ap);
    if (initial[SAGE_CAIRO_FP] != ap)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.initial_fp", -1,
                         "initial fp %u is not ap %u", initial[SAGE_CAIRO_FP], ap);
    return SAGE_OK;
}

static sage_status check_end(const m31 initial[3], const m31 final[3], sage_errinfo *err)
{
    uint32_t ap = final[SAGE_CAIRO_AP];
    if (final[SAGE_CAIRO_PC] != FINAL_PC)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.final_pc", -1,
                         "the run ends at pc %u, not %d", final[SAGE_CAIRO_PC], FINAL_PC);
    if (final[SAGE_CAIRO_FP] != initial[SAGE_CAIRO_FP])
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.final_fp", -1,
                         "final fp %u is not the initial one, %u", final[SAGE_CAIRO_FP],
                         initial[SAGE_CAIRO_FP]);
    if (ap < initial[SAGE_CAIRO_AP])
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.final_ap", -1, "ap falls from %u to %u",
                         initial[SAGE_CAIRO_AP], ap);
    if (ap >= 1u << MEMORY_LOG)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.ap_bound", -1,
                         "final ap %u is not below 2^%d", ap, MEMORY_LOG);
    if (ap < SAGE_CAIRO_SEGMENTS)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.stop_pointers", -1,
                         "below final ap %u there are no %d stop pointers", ap,
                         SAGE_CAIRO_SEGMENTS);
    return SAGE_OK;
}

static sage_status check_output(const sage_cairo_claim *c, sage_errinfo *err)
{
    const uint32_t *s = c->segments[SAGE_CAIRO_SEGMENT_OUTPUT];
    uint64_t stop     = (uint64_t)s[SAGE_CAIRO_START] + c->output.n;
    if (s[SAGE_CAIRO_STOP] != stop)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.output_length", -1,
                         "%u outputs in the segment from %u to %u", c->output.n,
                         s[SAGE_CAIRO_START], s[SAGE_CAIRO_STOP]);
    if (stop >= 1u << MEMORY_LOG)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.output_end", -1,
                         "the output ends at %u, not below 2^%d", s[SAGE_CAIRO_STOP],
                         MEMORY_LOG);
    return SAGE_OK;
}

/* ---- builtin segments ---- */

/* 2^log for every log; beyond all bounds from 2^32 on. */
static uint64_t rows(uint8_t log)
{
    return 1ull << (log < 32 ? log : 32);
}

/* What the program used lies in what the component verifies: cells a row, from start on. */
static sage_status check_segment(const uint32_t s[4],
                                 const sage_cairo_component *component,
                                 uint8_t log,
                                 uint32_t cells,
                                 sage_errinfo *err)
{
    uint64_t start = s[SAGE_CAIRO_START], stop = s[SAGE_CAIRO_STOP];
    uint64_t end = start + rows(log) * cells;
    if (log == 0 && start != stop)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_absent", -1,
                         "a segment from %u to %u without %s", s[SAGE_CAIRO_START],
                         s[SAGE_CAIRO_STOP], component->name);
    if (log == 0) return SAGE_OK;
    if (stop < start)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_order", -1,
                         "%s: the segment from %u stops at %u", component->name,
                         s[SAGE_CAIRO_START], s[SAGE_CAIRO_STOP]);
    if ((stop - start) % cells != 0)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_cells", -1,
                         "%s: %u cells are no multiple of %u", component->name,
                         s[SAGE_CAIRO_STOP] - s[SAGE_CAIRO_START], cells);
    if (stop > end)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_end", -1,
                         "%s of 2^%u rows verifies cells %u to %llu, the segment stops at %u",
                         component->name, log, s[SAGE_CAIRO_START], (unsigned long long)end,
                         s[SAGE_CAIRO_STOP]);
    if (end >= 1ull << 31)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_bound", -1,
                         "%s verifies cells up to %llu, not below 2^31", component->name,
                         (unsigned long long)end);
    return SAGE_OK;
}

/* Each window width has its table, and each table its preprocessed trace. */
static sage_status
check_pedersen(const sage_cairo_claim *c, sage_cairo_variant variant, sage_errinfo *err)
{
    if (c->log[PEDERSEN] && c->log[PEDERSEN_NARROW])
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.pedersen_both", -1,
                         "Pedersen with wide and with narrow windows");
    if ((c->log[PEDERSEN] && variant != SAGE_CAIRO_CANONICAL) ||
        (c->log[PEDERSEN_NARROW] && variant != SAGE_CAIRO_CANONICAL_SMALL))
        return sage_fail(
            err, SAGE_EPROOF, "cairo.claim.pedersen_windows", -1,
            "%s without its table of points",
            sage_cairo_components[c->log[PEDERSEN] ? PEDERSEN : PEDERSEN_NARROW].name);
    return SAGE_OK;
}

static sage_status
check_builtins(const sage_cairo_claim *c, sage_cairo_variant variant, sage_errinfo *err)
{
    static const uint8_t unsupported[] = {SAGE_CAIRO_SEGMENT_ECDSA, SAGE_CAIRO_SEGMENT_KECCAK};
    for (size_t i = 0; i < sizeof unsupported; i++) {
        const uint32_t *s = c->segments[unsupported[i]];
        if (s[SAGE_CAIRO_START] != s[SAGE_CAIRO_STOP])
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.builtin_unsupported",
                             unsupported[i], "%s has no component, its segment is %u to %u",
                             i ? "keccak" : "ecdsa", s[SAGE_CAIRO_START], s[SAGE_CAIRO_STOP]);
    }
    sage_status st = check_pedersen(c, variant, err);

    const struct {
        uint8_t segment, component, cells;
    } builtins[] = {
        {SAGE_CAIRO_SEGMENT_RANGE_CHECK, RANGE_CHECK, 1},
        {SAGE_CAIRO_SEGMENT_RANGE_CHECK_96, RANGE_CHECK_96, 1},
        {SAGE_CAIRO_SEGMENT_BITWISE, BITWISE, 5},
        {SAGE_CAIRO_SEGMENT_ADD_MOD, ADD_MOD, 7},
        {SAGE_CAIRO_SEGMENT_MUL_MOD, MUL_MOD, 7},
        {SAGE_CAIRO_SEGMENT_PEDERSEN, c->log[PEDERSEN_NARROW] ? PEDERSEN_NARROW : PEDERSEN, 3},
        {SAGE_CAIRO_SEGMENT_POSEIDON, POSEIDON, 6},
        {SAGE_CAIRO_SEGMENT_EC_OP, EC_OP, 7},
    };
    for (size_t i = 0; st == SAGE_OK && i < sizeof builtins / sizeof *builtins; i++)
        st = check_segment(c->segments[builtins[i].segment],
                           &sage_cairo_components[builtins[i].component],
                           c->log[builtins[i].component], builtins[i].cells, err);
    return st;
}

/* ---- components ---- */

typedef struct range {
    uint8_t first, last;
} range;

/* Tables that every proof has, memory_id_to_big apart, of which there may be none. */
static sage_status check_present(const sage_cairo_claim *c, sage_errinfo *err)
{
    static const range always[] = {{VERIFY_INSTRUCTION, VERIFY_INSTRUCTION},
                                   {ADDRESS_TO_ID, ADDRESS_TO_ID},
                                   {ID_TO_SMALL, LAST}};
    for (size_t r = 0; r < sizeof always / sizeof *always; r++)
        for (uint32_t i = always[r].first; i <= always[r].last; i++)
            if (!c->log[i])
                return sage_fail(err, SAGE_EPROOF, "cairo.claim.component_missing", i, "no %s",
                                 sage_cairo_components[i].name);
    return SAGE_OK;
}

/* Components that work for each other alone are there together or not at all. */
static sage_status check_families(const sage_cairo_claim *c, sage_errinfo *err)
{
    static const range family[] = {{BLAKE_ROUND, XOR_12},
                                   {PEDERSEN_AGGREGATOR_18, PEDERSEN_POINTS_18},
                                   {PEDERSEN_AGGREGATOR_9, PEDERSEN_POINTS_9},
                                   {POSEIDON_AGGREGATOR, RANGE_CHECK_252}};
    for (size_t f = 0; f < sizeof family / sizeof *family; f++) {
        uint32_t first = family[f].first;
        for (uint32_t i = first + 1u; i <= family[f].last; i++)
            if (!c->log[i] != !c->log[first])
                return sage_fail(err, SAGE_EPROOF, "cairo.claim.family", i, "%s without %s",
                                 sage_cairo_components[c->log[i] ? i : first].name,
                                 sage_cairo_components[c->log[i] ? first : i].name);
    }
    return SAGE_OK;
}

static sage_status check_memory(const sage_cairo_claim *c, sage_errinfo *err)
{
    uint64_t ids = BIG_ID_BASE;
    if (c->log[ADDRESS_TO_ID] > MEMORY_LOG - SPLIT_LOG)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.memory_bound", -1,
                         "memory_address_to_id of 2^%u rows holds more than 2^%d addresses",
                         c->log[ADDRESS_TO_ID], MEMORY_LOG);
    if (c->n_big > SAGE_CAIRO_MAX_BIG)
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.big_count", -1,
                         "%u instances of memory_id_to_big, %d at most", c->n_big,
                         SAGE_CAIRO_MAX_BIG);
    for (uint32_t i = 0; i < c->n_big; i++)
        ids += rows(c->big_log[i]);
    if (ids > M31_P) /* the largest id is ids - 1 */
        return sage_fail(err, SAGE_EPROOF, "cairo.claim.big_ids", -1,
                         "ids of big values up to %llu wrap", (unsigned long long)(ids - 1));
    return SAGE_OK;
}

static sage_status check_steps(const sage_cairo_claim *c, sage_errinfo *err)
{
    uint64_t steps = 0;
    for (uint32_t i = 0; i < OPCODES; i++)
        if (c->log[i]) steps += rows(c->log[i]);
    if (steps <= 1u << MEMORY_LOG) return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, "cairo.claim.steps", -1,
                     "room for %llu steps, 2^%d at most", (unsigned long long)steps,
                     MEMORY_LOG);
}

static bool
has_column(const sage_cairo_pre_column *columns, uint32_t n, uint8_t group, uint8_t log)
{
    for (uint32_t i = 0; i < n; i++)
        if (columns[i].group == group && (!log || columns[i].log == log)) return true;
    return false;
}

/* A component's size is possible, and the preprocessed trace has what it reads. */
static sage_status
check_sizes(const sage_cairo_claim *c, sage_cairo_variant variant, sage_errinfo *err)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    uint32_t n_columns = sage_cairo_preprocessed(variant, columns);
    sage_cairo_instance instances[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(c, instances);
    for (uint32_t i = 0; i < n; i++) {
        const sage_cairo_component *p = instances[i].component;
        uint8_t log                   = instances[i].log;
        if (log < MIN_LOG || log > MAX_LOG || (p->log && log != p->log))
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.log_size", i, "%s of 2^%u rows",
                             p->name, log);
        if ((p->seq && !has_column(columns, n_columns, SAGE_CAIRO_PRE_SEQ, log)) ||
            (p->group && !has_column(columns, n_columns, p->group, 0)))
            return sage_fail(err, SAGE_EPROOF, "cairo.claim.preprocessed", i,
                             "%s of 2^%u rows reads a column that this trace lacks", p->name,
                             log);
    }
    return SAGE_OK;
}

sage_status
sage_cairo_check_claim(const sage_cairo_claim *c, sage_cairo_variant variant, sage_errinfo *err)
{
    sage_status st = check_canonical(c, err);
    if (st == SAGE_OK) st = check_program(&c->program, err);
    if (st == SAGE_OK) st = check_start(c->initial, err);
    if (st == SAGE_OK) st = check_end(c->initial, c->final, err);
    if (st == SAGE_OK) st = check_output(c, err);
    if (st == SAGE_OK) st = check_builtins(c, variant, err);
    if (st == SAGE_OK) st = check_present(c, err);
    if (st == SAGE_OK) st = check_families(c, err);
    if (st == SAGE_OK) st = check_memory(c, err);
    if (st == SAGE_OK) st = check_steps(c, err);
    if (st == SAGE_OK) st = check_sizes(c, variant, err);
    return st;
}
