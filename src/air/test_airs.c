/* Every component of this program's tables against the test interpreter: witness, fractions
 * and constraints of every lane width, bytecode, degree, counts. Arguments: the .air files.
 * sage_airs_test (airc/CMakeLists.txt) defines which tables: SAGE_AIRS_HEADER, SAGE_AIRS and,
 * if there are kernels, SAGE_KERNELS. */
#include "base/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include SAGE_AIRS_HEADER
#include "base/cpu.h"
#include "field/circle.h"
#include "test_interpret.h"

enum { LOG_ROWS = 5, ROWS = 1 << LOG_ROWS, EVAL = 2 * ROWS, MAX_COLS = 4096 };

static sage_airc *program;
static const char *const *files;
static size_t n_files;

/* --- kernels of this machine --- */

#ifdef SAGE_KERNELS
#    define JOIN_(a, b)  a##_##b
#    define JOIN(a, b)   JOIN_(a, b)
#    define KERNELS(isa) JOIN(SAGE_KERNELS, isa)
extern const sage_air_kernels *const KERNELS(scalar)[];
#    if defined(__x86_64__)
extern const sage_air_kernels *const KERNELS(avx2)[];
extern const sage_air_kernels *const KERNELS(avx512)[];
#    endif

typedef struct width {
    const char *name;
    const sage_air_kernels *const *list;
} width;

static uint32_t widths(width out[3])
{
    uint32_t n = 0;
    out[n++]   = (width){"scalar", KERNELS(scalar)};
#    if defined(__x86_64__)
    if (sage_cpu_has(SAGE_CPU_AVX2))
        out[n++] = (width){"avx2", KERNELS(avx2)};
    else
        print_message("avx2: skipped, not on this CPU or masked\n");
    if (sage_cpu_has(SAGE_CPU_AVX512))
        out[n++] = (width){"avx512", KERNELS(avx512)};
    else
        print_message("avx512: skipped, not on this CPU or masked\n");
#    endif
    return n;
}

static const sage_air_kernels *kernels_of(width w, const sage_air *air)
{
    for (const sage_air_kernels *const *k = w.list; *k; k++)
        if (!strcmp((*k)->name, air->name)) return *k;
    fail_msg("no kernels of %s for %s", air->name, w.name);
    return NULL;
}
#endif

/* --- random values --- */

static uint64_t seed = 0x853c49e6748fea9bull;
static uint32_t random32(void)
{
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (uint32_t)(seed >> 24);
}
static m31 random_m31(void)
{
    uint32_t r = random32();
    switch (r & 15) { /* the edges often */
    case 0: return 0;
    case 1: return 1;
    case 2: return M31_P - 1;
    default: return random32() % M31_P;
    }
}
static qm31 random_q(void)
{
    return qm31_of(random_m31(), random_m31(), random_m31(), random_m31());
}

typedef struct columns {
    uint32_t *col[MAX_COLS];
    uint32_t n, rows;
} columns;

static columns *make_columns(uint32_t n, uint32_t rows, bool fill)
{
    columns *c = calloc(1, sizeof *c);
    assert_non_null(c);
    assert_true(n <= MAX_COLS);
    c->n    = n;
    c->rows = rows;
    for (uint32_t i = 0; i < n; i++) {
        c->col[i] = calloc(rows, sizeof **c->col);
        assert_non_null(c->col[i]);
        for (uint32_t r = 0; fill && r < rows; r++)
            c->col[i][r] = random_m31();
    }
    return c;
}

static void free_columns(columns *c)
{
    for (uint32_t i = 0; i < c->n; i++)
        free(c->col[i]);
    free(c);
}

/* --- one instance: everything random --- */

typedef struct instance {
    const sage_air *air;
    uint32_t size, n_trace, n_asserts, n_pairs, n_entries, n_inputs;
    columns *inputs, *pre, *trace, *inter;
    m31 params[SAGE_AIR_MAX_PARAMS];
    qm31 alpha[SAGE_AIR_MAX_ARITY + 1], *coef;
    sage_air_rows rows;
    interpret_row row;
    sage_air_memory memory;
} instance;

/* A memory in which most of what a row reads lies: ids of both tables at 40 addresses, some
 * that neither table has, values of full words. */
static sage_air_memory random_memory(void)
{
    enum { IDS = 40, VALUES = 24 };
    static uint32_t id[IDS], small[4 * VALUES], big[8 * VALUES];
    for (uint32_t i = 0; i < IDS; i++)
        id[i] = random32() % (VALUES + 3) + (i & 1 ? SAGE_AIR_BIG_ID : 0);
    for (uint32_t i = 0; i < 4 * VALUES; i++)
        small[i] = random32();
    for (uint32_t i = 0; i < 8 * VALUES; i++)
        big[i] = random32();
    return (sage_air_memory){id, small, big, IDS, VALUES, VALUES};
}

static void open_instance(instance *t, const sage_air *air, uint32_t size)
{
    memset(t, 0, sizeof *t);
    t->air       = air;
    t->size      = size;
    t->n_trace   = sage_air_at(air->trace, size);
    t->n_asserts = sage_air_at(air->asserts, size);
    t->n_pairs   = sage_air_at(air->pairs, size);
    t->n_entries = sage_air_at(air->entries, size);
    t->n_inputs  = sage_air_at(air->inputs, size);
    t->inputs    = make_columns(t->n_inputs, EVAL, true);
    t->pre       = make_columns(air->n_pre, EVAL, true);
    t->trace     = make_columns(t->n_trace, EVAL, true);
    t->inter     = make_columns(4 * t->n_pairs, EVAL, true);
    t->coef      = calloc(t->n_asserts + t->n_pairs + 1, sizeof *t->coef);
    assert_non_null(t->coef);
    for (uint32_t i = 0; i < t->n_asserts + t->n_pairs; i++)
        t->coef[i] = random_q();
    for (uint32_t i = 0; i < air->params; i++)
        t->params[i] = random_m31();
    qm31 a = random_q();
    for (uint32_t i = 0; i <= SAGE_AIR_MAX_ARITY; i++)
        t->alpha[i] = i ? qm31_mul(t->alpha[i - 1], a) : qm31_one();
    t->memory = random_memory();
    t->rows   = (sage_air_rows){.log_rows   = LOG_ROWS,
                                .log_eval   = LOG_ROWS + 1,
                                .size       = size,
                                .n_active   = 16 + random32() % 17,
                                .memory     = &t->memory,
                                .inputs     = (const uint32_t *const *)t->inputs->col,
                                .pre        = (const uint32_t *const *)t->pre->col,
                                .trace      = t->trace->col,
                                .inter      = t->inter->col,
                                .params     = t->params,
                                .alpha      = t->alpha,
                                .z          = random_q(),
                                .shift      = random_q(),
                                .coef       = t->coef,
                                .vanish_inv = {random_m31(), random_m31()}};
    t->row    = (interpret_row){
           .size = size, .params = t->params, .n_active = t->rows.n_active, .memory = &t->memory};
    t->row.trace   = calloc(INTERPRET_MAX, sizeof(qm31));
    t->row.asserts = calloc(INTERPRET_MAX, sizeof(qm31));
    t->row.entries = calloc(1024, sizeof(interpret_entry));
    assert_true(t->row.trace && t->row.asserts && t->row.entries && t->n_entries <= 1024);
}

static void close_instance(instance *t)
{
    free_columns(t->inputs);
    free_columns(t->pre);
    free_columns(t->trace);
    free_columns(t->inter);
    free(t->coef);
    free(t->row.trace);
    free(t->row.asserts);
    free(t->row.entries);
}

static void run_row(instance *t, const qm31 *pre, bool witness, const m31 *inputs)
{
    t->row.pre     = pre;
    t->row.witness = witness;
    t->row.inputs  = inputs;
    interpret(program->first, t->air->name, &t->row);
    assert_int_equal(t->row.n_trace, t->n_trace);
    assert_int_equal(t->row.n_asserts, t->n_asserts);
    assert_int_equal(t->row.n_entries, t->n_entries);
    assert_int_equal(t->row.n_inputs, t->n_inputs);
    assert_int_equal(t->row.n_pre, t->air->n_pre);
    for (uint32_t i = 0; i < t->air->n_pre; i++)
        assert_memory_equal(&t->row.columns[i], &t->air->pre[i], sizeof *t->air->pre);
}

/* Fills the interpreter's row from row r of the columns and runs it. */
static void check_row(instance *t, uint32_t r)
{
    qm31 pre[INTERPRET_MAX_PRE];
    for (uint32_t i = 0; i < t->air->n_pre; i++)
        pre[i] = qm31_from(t->pre->col[i][r]);
    for (uint32_t i = 0; i < t->n_trace; i++)
        t->row.trace[i] = qm31_from(t->trace->col[i][r]);
    run_row(t, pre, false, NULL);
}

/* The id of a relation, written out once more (facts B2). */
static m31 id_of(const char *name)
{
    uint32_t h = 2166136261u;
    for (; *name; name++)
        h = (h ^ (uint8_t)*name) * 16777619u;
    return h % 2147483647u;
}

static qm31 denominator(const instance *t, const interpret_entry *e)
{
    qm31 d = qm31_sub(qm31_from(id_of(e->relation)), t->rows.z);
    for (uint32_t i = 0; i < e->n; i++)
        d = qm31_add(d, qm31_mul(e->value[i], t->alpha[i + 1]));
    return d;
}

/* Numerator and denominator of pair b of the row that was run (facts A8). */
static void fraction(const instance *t, uint32_t b, qm31 *num, qm31 *den)
{
    const interpret_entry *x = &t->row.entries[2 * b];
    *num                     = x->mult;
    *den                     = denominator(t, x);
    if (2 * b + 1 == t->row.n_entries) return;
    qm31 d1 = denominator(t, x + 1);
    *num    = qm31_add(qm31_mul(*num, d1), qm31_mul(x[1].mult, *den));
    *den    = qm31_mul(*den, d1);
}

static qm31 pair_constraint(const instance *t, uint32_t b, qm31 cur, qm31 before, qm31 prev)
{
    qm31 num, den, diff = qm31_sub(cur, before);
    fraction(t, b, &num, &den);
    if (b + 1 == t->n_pairs) diff = qm31_add(qm31_sub(diff, prev), t->rows.shift);
    return qm31_sub(qm31_mul(diff, den), num);
}

/* --- tests --- */

typedef void (*test_fn)(instance *t);

static void for_all(test_fn fn)
{
    for (const sage_air *const *a = SAGE_AIRS; *a; a++) {
        uint32_t sizes[2] = {0, 0}, n = 1;
        if ((*a)->sized) {
            sizes[0] = (*a)->size_min;
            sizes[1] = (*a)->size_min + 5;
            n        = 2;
        }
        for (uint32_t i = 0; i < n; i++) {
            instance t;
            open_instance(&t, *a, sizes[i]);
            fn(&t);
            close_instance(&t);
        }
    }
}

#ifdef SAGE_KERNELS
static void witness(instance *t)
{
    static m31 inputs[MAX_COLS];
    width w[3];
    uint32_t n = widths(w);
    if (!t->air->witness) {
        for (uint32_t k = 0; k < n; k++)
            assert_null(kernels_of(w[k], t->air)->witness);
        return;
    }
    for (uint32_t k = 0; k < n; k++) {
        columns *got  = make_columns(t->n_trace, EVAL, false);
        columns *feed = make_columns(t->air->feed_columns, EVAL, false);
        t->rows.trace = got->col;
        t->rows.feed  = feed->col;
        kernels_of(w[k], t->air)->witness(&t->rows, 16, ROWS);
        for (uint32_t r = 16; r < ROWS; r += 3) {
            for (uint32_t i = 0; i < t->n_inputs; i++)
                inputs[i] = t->inputs->col[i][r];
            qm31 pre[INTERPRET_MAX_PRE]; /* of them, cells read seq alone */
            for (uint32_t i = 0; i < INTERPRET_MAX_PRE; i++)
                pre[i] = qm31_from(r);
            t->row.number = r;
            run_row(t, pre, true, inputs);
            for (uint32_t i = 0; i < t->n_trace; i++)
                if (got->col[i][r] != t->row.trace[i].v[0])
                    fail_msg("%s %s: column %u row %u", t->air->name, w[k].name, i, r);
            assert_int_equal(t->row.n_feed, t->air->feed_columns);
            for (uint32_t i = 0; i < t->row.n_feed; i++)
                if (feed->col[i][r] != t->row.feed[i])
                    fail_msg("%s %s: feed %u row %u", t->air->name, w[k].name, i, r);
        }
        for (uint32_t i = 0; i < feed->n; i++)
            assert_true(!feed->col[i][0] && !feed->col[i][15] && !feed->col[i][ROWS]);
        free_columns(feed);
        for (uint32_t i = 0; i < t->n_trace; i++) /* only the rows asked for */
            assert_true(!got->col[i][0] && !got->col[i][15] && !got->col[i][ROWS]);
        free_columns(got);
    }
    t->rows.trace = t->trace->col;
}
static void test_witness(void **state)
{
    (void)state;
    for_all(witness);
}

static void fractions(instance *t)
{
    width w[3];
    uint32_t n   = widths(w);
    columns *num = make_columns(4 * t->n_pairs, ROWS, false);
    columns *den = make_columns(4 * t->n_pairs, ROWS, false);
    for (uint32_t k = 0; k < n; k++) {
        kernels_of(w[k], t->air)->fractions(&t->rows, 16, ROWS, num->col, den->col);
        for (uint32_t r = 16; r < ROWS; r += 3) {
            check_row(t, r);
            for (uint32_t b = 0; b < t->n_pairs; b++) {
                qm31 wn, wd, gn, gd;
                fraction(t, b, &wn, &wd);
                for (uint32_t c = 0; c < 4; c++) {
                    gn.v[c] = num->col[4 * b + c][r - 16];
                    gd.v[c] = den->col[4 * b + c][r - 16];
                }
                if (!qm31_eq(wn, gn) || !qm31_eq(wd, gd))
                    fail_msg("%s %s: pair %u row %u", t->air->name, w[k].name, b, r);
            }
        }
    }
    free_columns(num);
    free_columns(den);
}
static void test_fractions(void **state)
{
    (void)state;
    for_all(fractions);
}

/* Counts of all rows but the first 16 of one counted relation, the slow way; false if a key
 * lies outside. Adding is mod p, whatever stood there. */
static bool slow_count(instance *t, const char *relation, const sage_air_counters *to)
{
    bool ok = true;
    for (uint32_t r = 16; r < ROWS; r++) {
        check_row(t, r);
        for (uint32_t e = 0; e < t->n_entries; e++) {
            const interpret_entry *x = &t->row.entries[e];
            if (!x->counted || strcmp(x->relation, relation) != 0 || !x->mult.v[0]) continue;
            bool high     = x->key >> 30;
            uint32_t at   = high ? x->key - SAGE_AIR_BIG_ID : x->key;
            uint32_t *sum = high ? to->high : to->low;
            if (at >= (high ? to->n_high : to->n_low))
                ok = false;
            else
                sum[at] = m31_add(sum[at], x->mult.v[0]);
        }
    }
    return ok;
}

static bool is_counted(const char *relation)
{
    for (const airc_item *i = program->first; i; i = i->next)
        if (!strcmp(i->name, relation)) return i->value;
    return false;
}

enum { KEYS = 1 << 12 };
static uint32_t n_asked, n_inside; /* counts of all components; those without a key outside */

static void compare_counts(instance *t, const sage_air_kernels *k, uint32_t relation)
{
    const char *name = t->air->relations[relation].name;
    columns *want = make_columns(2, KEYS, true), *got = make_columns(2, KEYS, false);
    for (uint32_t c = 0; c < 2; c++)
        memcpy(got->col[c], want->col[c], KEYS * sizeof **got->col);
    sage_air_counters a = {want->col[0], want->col[1], KEYS, KEYS},
                      b = {got->col[0], got->col[1], KEYS, KEYS};
    bool ok             = slow_count(t, name, &a);
    if (k->count(&t->rows, relation, 16, ROWS, &b) != ok)
        fail_msg("%s: %s is %s", t->air->name, name, ok ? "inside" : "outside");
    for (uint32_t i = 0; i < KEYS; i++)
        if (a.low[i] != b.low[i] || a.high[i] != b.high[i])
            fail_msg("%s: %s, key %u: %u %u instead of %u %u", t->air->name, name, i, b.low[i],
                     b.high[i], a.low[i], a.high[i]);
    n_asked++;
    n_inside += ok;
    free_columns(want);
    free_columns(got);
}

/* Widths of cells in bits: 0 to 4, and 32; 0, 2, 32 where time is short. */
static uint32_t next_width(uint32_t bits)
{
    if (bits >= 4 || (bits && sage_test_quick())) return bits < 32 ? 32 : 64;
    return bits + (sage_test_quick() ? 2 : 1);
}

/* Cells below 2^bits, so that keys fit, or anything, so that they do not. */
static void count(instance *t)
{
    width w[3];
    uint32_t n = widths(w);
    for (uint32_t k = 0; k < n; k++) {
        bool any = false;
        for (uint32_t i = 0; i < t->air->n_relations; i++) {
            const sage_air_relation *r = &t->air->relations[i];
            assert_int_equal(r->counted, is_counted(r->name));
            any = any || (r->counted && sage_air_at(r->uses, t->size));
        }
        const sage_air_kernels *own = kernels_of(w[k], t->air);
        assert_int_equal(own->count != NULL, any);
        t->row.keys = any;
        for (uint32_t bits = 0; bits <= 32 && any; bits = next_width(bits)) {
            for (uint32_t c = 0; c < t->n_trace; c++)
                for (uint32_t r = 0; r < ROWS; r++)
                    t->trace->col[c][r] =
                        bits < 32 ? random32() & ((1u << bits) - 1) : random_m31();
            for (uint32_t c = 0; c < t->air->n_pre; c++)
                for (uint32_t r = 0; r < ROWS; r++)
                    t->pre->col[c][r] = r;
            for (uint32_t i = 0; i < t->air->n_relations; i++)
                if (t->air->relations[i].counted) compare_counts(t, own, i);
        }
        t->row.keys = false;
    }
}
static void test_count(void **state)
{
    (void)state;
    for_all(count);
    assert_true(n_inside || !n_asked);
}

/* The row one trace step before row r of the evaluation domain, by searching the circle. */
static uint32_t previous(uint32_t r)
{
    uint32_t at   = canonic_index(LOG_ROWS + 1, bit_reverse(r, LOG_ROWS + 1));
    uint32_t want = (at - circle_subgroup_index(LOG_ROWS)) & CIRCLE_INDEX_MASK;
    for (uint32_t i = 0; i < EVAL; i++)
        if (canonic_index(LOG_ROWS + 1, bit_reverse(i, LOG_ROWS + 1)) == want) return i;
    fail_msg("no previous row");
    return 0;
}

static qm31 inter_at(const instance *t, uint32_t b, uint32_t r)
{
    qm31 q;
    for (uint32_t c = 0; c < 4; c++)
        q.v[c] = t->inter->col[4 * b + c][r];
    return q;
}

static qm31 row_sum(instance *t, uint32_t r)
{
    qm31 sum = qm31_zero(), before = qm31_zero();
    check_row(t, r);
    for (uint32_t j = 0; j < t->n_asserts; j++)
        sum = qm31_add(sum, qm31_mul(t->coef[j], t->row.asserts[j]));
    for (uint32_t b = 0; b < t->n_pairs; b++) {
        qm31 cur = inter_at(t, b, r), prev = inter_at(t, b, previous(r));
        qm31 c = pair_constraint(t, b, cur, before, prev);
        sum    = qm31_add(sum, qm31_mul(t->coef[t->n_asserts + b], c));
        before = cur;
    }
    return qm31_scale(sum, t->rows.vanish_inv[r >= ROWS]);
}

static void constraints(instance *t)
{
    width w[3];
    uint32_t n = widths(w);
    for (uint32_t k = 0; k < n; k++) {
        columns *acc = make_columns(4, EVAL, true), *old = make_columns(4, EVAL, false);
        for (uint32_t c = 0; c < 4; c++)
            memcpy(old->col[c], acc->col[c], EVAL * sizeof **acc->col);
        t->rows.acc = acc->col;
        kernels_of(w[k], t->air)->constraints(&t->rows, 16, EVAL);
        for (uint32_t r = 16; r < EVAL; r += 7) {
            qm31 want = row_sum(t, r);
            for (uint32_t c = 0; c < 4; c++)
                if (acc->col[c][r] != m31_add(want.v[c], old->col[c][r]))
                    fail_msg("%s %s: row %u", t->air->name, w[k].name, r);
        }
        for (uint32_t c = 0; c < 4; c++)
            assert_memory_equal(acc->col[c], old->col[c], 16 * sizeof **acc->col);
        free_columns(acc);
        free_columns(old);
    }
}
static void test_constraints(void **state)
{
    (void)state;
    for_all(constraints);
}
#endif

typedef struct mask_values {
    qm31 pre[INTERPRET_MAX_PRE], *trace, *inter, *regs;
    sage_air_mask mask;
} mask_values;

static void make_mask(const instance *t, mask_values *m)
{
    m->trace = calloc(t->n_trace + 1, sizeof *m->trace);
    m->inter = calloc(t->n_pairs + 1, sizeof *m->inter);
    m->regs  = calloc(t->air->code_regs, sizeof *m->regs);
    assert_true(m->trace && m->inter && m->regs);
    for (uint32_t i = 0; i < INTERPRET_MAX_PRE; i++)
        m->pre[i] = random_q();
    for (uint32_t i = 0; i < t->n_trace; i++)
        m->trace[i] = random_q();
    for (uint32_t i = 0; i < t->n_pairs; i++)
        m->inter[i] = random_q();
    m->mask = (sage_air_mask){t->size,   m->pre,   m->trace,  m->inter,     random_q(),
                              t->params, t->alpha, t->rows.z, t->rows.shift};
}
static void free_mask(mask_values *m)
{
    free(m->trace);
    free(m->inter);
    free(m->regs);
}

/* All constraints at a mask, asserts then pairs, into out. */
static void constraints_at(instance *t, const mask_values *m, qm31 *out)
{
    memcpy(t->row.trace, m->trace, t->n_trace * sizeof *m->trace);
    run_row(t, m->pre, false, NULL);
    memcpy(out, t->row.asserts, t->n_asserts * sizeof *out);
    for (uint32_t b = 0; b < t->n_pairs; b++)
        out[t->n_asserts + b] = pair_constraint(
            t, b, m->inter[b], b ? m->inter[b - 1] : qm31_zero(), m->mask.inter_prev);
}

static void at_point(instance *t)
{
    mask_values m;
    qm31 *c = calloc(t->n_asserts + t->n_pairs + 1, sizeof *c);
    assert_non_null(c);
    for (uint32_t k = 0; k < 6; k++) {
        make_mask(t, &m);
        qm31 rho = random_q(), want = random_q(), got = want;
        constraints_at(t, &m, c);
        for (uint32_t j = 0; j < t->n_asserts + t->n_pairs; j++)
            want = qm31_add(qm31_mul(want, rho), c[j]);
        assert_int_equal(sage_air_at_point(t->air, &m.mask, rho, m.regs, &got), SAGE_OK);
        if (!qm31_eq(want, got)) fail_msg("%s, size %u", t->air->name, t->size);
        free_mask(&m);
    }
    free(c);
}
static void test_at_point(void **state)
{
    (void)state;
    for_all(at_point);
}

/* The degree by finite differences along a line through the space of all cells. */
static void degree(instance *t)
{
    enum { POINTS = 6 };
    uint32_t n = t->n_asserts + t->n_pairs, top = 0, assert_top = 0;
    mask_values a, b, m;
    qm31 *c[POINTS];
    make_mask(t, &a);
    make_mask(t, &b);
    for (uint32_t k = 0; k < POINTS; k++) {
        c[k] = calloc(n + 1, sizeof *c[k]);
        assert_non_null(c[k]);
        make_mask(t, &m);
        for (uint32_t i = 0; i < t->n_trace; i++)
            m.trace[i] = qm31_add(a.trace[i], qm31_scale(b.trace[i], k));
        for (uint32_t i = 0; i < t->n_pairs; i++)
            m.inter[i] = qm31_add(a.inter[i], qm31_scale(b.inter[i], k));
        for (uint32_t i = 0; i < INTERPRET_MAX_PRE; i++)
            m.pre[i] = qm31_add(a.pre[i], qm31_scale(b.pre[i], k));
        m.mask.inter_prev = qm31_add(a.mask.inter_prev, qm31_scale(b.mask.inter_prev, k));
        constraints_at(t, &m, c[k]);
        free_mask(&m);
    }
    for (uint32_t d = 1; d < POINTS; d++) { /* c[k]: differences of order d */
        for (uint32_t k = 0; k + d < POINTS; k++)
            for (uint32_t j = 0; j < n; j++) {
                c[k][j] = qm31_sub(c[k + 1][j], c[k][j]);
                if (!qm31_is_zero(c[k][j])) top = d;
                if (!qm31_is_zero(c[k][j]) && j < t->n_asserts) assert_top = d;
            }
    }
    assert_int_equal(top, t->air->degree);
    assert_int_equal(assert_top, t->air->assert_degree);
    for (uint32_t k = 0; k < POINTS; k++)
        free(c[k]);
    free_mask(&a);
    free_mask(&b);
}
static void test_degree(void **state)
{
    (void)state;
    for_all(degree);
}

static void counts(instance *t)
{
    bool *read = calloc(t->n_trace + 1, sizeof *read);
    assert_non_null(read);
    uint32_t log = 0;
    check_row(t, 0);
    assert_int_equal(t->n_pairs, (t->n_entries + 1) / 2);
    for (uint32_t i = 0; i < t->air->n_pre; i++)
        if (t->row.columns[i].log) log = t->row.columns[i].log;
    assert_int_equal(log, t->air->fixed_log);
    for (uint32_t i = 0; i < t->air->n_relations; i++) {
        const sage_air_relation *r = &t->air->relations[i];
        uint32_t uses = 0, yields = 0;
        assert_int_equal(r->id, id_of(r->name));
        for (uint32_t e = 0; e < t->n_entries; e++) {
            if (strcmp(t->row.entries[e].relation, r->name) != 0) continue;
            assert_true(t->row.entries[e].n <= r->arity);
            *(t->row.entries[e].yield ? &yields : &uses) += 1;
        }
        assert_int_equal(uses, sage_air_at(r->uses, t->size));
        assert_int_equal(yields, sage_air_at(r->yields, t->size));
    }
    uint32_t fed = 0;
    for (uint32_t i = 0; i < t->air->n_feeds; i++) {
        assert_int_equal(t->air->feeds[i].first, fed);
        fed += t->air->feeds[i].n;
    }
    assert_int_equal(t->air->feed_columns, fed);
    if (t->air->sized) {
        assert_null(t->air->logup_trace);
    } else { /* a column is listed exactly if changing it changes an entry */
        interpret_entry *was = calloc(t->n_entries + 1, sizeof *was);
        assert_non_null(was);
        memcpy(was, t->row.entries, t->n_entries * sizeof *was);
        for (uint32_t i = 0; i < t->air->n_logup_trace; i++)
            read[t->air->logup_trace[i]] = true;
        for (uint32_t i = 0; i < t->n_trace; i += 1 + t->n_trace / 64) {
            uint32_t old        = t->trace->col[i][0];
            t->trace->col[i][0] = m31_add(old, 12345);
            check_row(t, 0);
            bool same = !memcmp(was, t->row.entries, t->n_entries * sizeof *was);
            if (!same) assert_true(read[i]);
            t->trace->col[i][0] = old;
        }
        free(was);
    }
    free(read);
}
static void test_counts(void **state)
{
    (void)state;
    for_all(counts);
}

/* The tables are those of all components of the files, in their order. */
static void test_complete(void **state)
{
    const sage_air *const *a = SAGE_AIRS;
    (void)state;
    for (const airc_item *i = program->first; i; i = i->next) {
        if (i->kind != I_COMPONENT) continue;
        assert_non_null(*a);
        assert_string_equal((*a)->name, i->name);
        a++;
    }
    assert_null(*a);
}

/* Any damage to the bytecode is refused or harmless; nothing is read out of bounds (run under
 * the sanitizers for that part). */
static void damage(instance *t)
{
    mask_values m;
    sage_air air = *t->air;
    if (air.code_len > 2000) return;
    uint8_t *code = malloc(air.code_len);
    assert_non_null(code);
    make_mask(t, &m);
    qm31 rho = random_q(), good = qm31_one();
    assert_int_equal(sage_air_at_point(t->air, &m.mask, rho, m.regs, &good), SAGE_OK);
    air.code = code;
    for (size_t i = 0; i < t->air->code_len; i += sage_test_quick() ? 5 : 1) {
        static const uint8_t masks[] = {1, 2, 0x10, 0x80, 0xff};
        for (size_t k = 0; k < sizeof masks; k++) {
            qm31 acc = qm31_one();
            memcpy(code, t->air->code, air.code_len);
            code[i] ^= masks[k];
            sage_status s = sage_air_at_point(&air, &m.mask, rho, m.regs, &acc);
            assert_true(s == SAGE_OK || s == SAGE_EINTERNAL);
        }
    }
    memcpy(code, t->air->code, air.code_len);
    for (air.code_len = 0; air.code_len < t->air->code_len; air.code_len++) {
        qm31 acc      = qm31_one();
        uint8_t *part = malloc(air.code_len + 1);
        assert_non_null(part);
        memcpy(part, code, air.code_len);
        air.code = part;
        assert_int_equal(sage_air_at_point(&air, &m.mask, rho, m.regs, &acc), SAGE_EINTERNAL);
        free(part);
    }
    free(code);
    free_mask(&m);
}
static void test_damage(void **state)
{
    (void)state;
    for_all(damage);
}

static int open_program(void **state)
{
    (void)state;
    program = interpret_compile(files, n_files);
    return program ? 0 : -1;
}
static int close_program(void **state)
{
    (void)state;
    sage_airc_free(program);
    return 0;
}

int main(int argc, char **argv)
{
    files                           = (const char *const *)(argv + 1);
    n_files                         = (size_t)argc - 1;
    const struct CMUnitTest tests[] = {
#ifdef SAGE_KERNELS
        cmocka_unit_test(test_witness),     cmocka_unit_test(test_fractions),
        cmocka_unit_test(test_constraints), cmocka_unit_test(test_count),
#endif
        cmocka_unit_test(test_at_point),    cmocka_unit_test(test_degree),
        cmocka_unit_test(test_counts),      cmocka_unit_test(test_complete),
        cmocka_unit_test(test_damage)};
    return cmocka_run_group_tests(tests, open_program, close_program);
}
