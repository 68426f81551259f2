/* Cells column by column (facts section 0): what the kernels compute of the published runs,
 * interpolated and evaluated at the published proofs' out-of-domain points, is what those
 * proofs say of each column. Covered are the components whose rows follow from the run alone:
 * the opcodes, verify_instruction, the memory, and what these feed; columns of multiplicities
 * that other components make are not. Skipped where the files are not at hand. */
#include "base/test.h"

#include "backend/backend.h"
#include "base/cpu.h"
#include "cairo/layout.h"
#include "cairo/proof.h"
#include "cairo/public.h"
#include "vm/prover_input.h"

enum { MAX_INPUTS = 64, MAX_COLUMNS = 512, BLOCK = 16, MAX_FED = 4 };

static sage_errinfo err;

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

static void *words(size_t n)
{
    void *p = calloc(n, sizeof(uint32_t));
    assert_non_null(p);
    return p;
}

/* --- kernels of this machine --- */

extern const sage_air_kernels *const sage_cairo_air_kernels_list_scalar[];
#if defined(__x86_64__)
extern const sage_air_kernels *const sage_cairo_air_kernels_list_avx2[];
extern const sage_air_kernels *const sage_cairo_air_kernels_list_avx512[];
#endif

typedef struct width {
    const char *name;
    const sage_air_kernels *const *list;
} width;

static uint32_t widths(width out[3])
{
    uint32_t n = 0;
    out[n++]   = (width){"scalar", sage_cairo_air_kernels_list_scalar};
#if defined(__x86_64__)
    if (sage_cpu_has(SAGE_CPU_AVX2))
        out[n++] = (width){"avx2", sage_cairo_air_kernels_list_avx2};
    if (sage_cpu_has(SAGE_CPU_AVX512))
        out[n++] = (width){"avx512", sage_cairo_air_kernels_list_avx512};
#endif
    return n;
}

static const sage_air_kernels *kernels_of(width w, const sage_air *air)
{
    for (const sage_air_kernels *const *k = w.list; *k; k++)
        if (!strcmp((*k)->name, air->name)) return *k;
    fail_msg("no kernels of %s for %s", air->name, w.name);
    return NULL;
}

/* --- a published proof and the run that it proves --- */

/* Rows that a component was handed, row after row; from `rest` on those of partial blocks. */
typedef struct fed {
    const char *to;
    uint32_t width, n, rest;
    uint32_t *row;
} fed;

typedef struct published {
    sage_cairo_proof proof;
    sage_layout *layout;
    uint32_t log_rows;  /* the largest trace */
    size_t first;       /* index of the trace's first sample */
    secure_point point; /* out of domain */
    sage_prover_input run;
    uint32_t *small; /* the run's small values as words */
    sage_air_memory memory;
    uint32_t *pc, *uses, n_pcs; /* distinct ones that ran, ascending, and how often */
    fed fed[MAX_FED];
    uint32_t n_fed;
    const sage_backend *be;
    sage_device *dev;
    uint32_t failures;
    bool quiet; /* failures are wanted */
} published;

/* Transcript steps 1 to 12 (facts A6). */
static void draw_point(published *p)
{
    const sage_proof *proof = &p->proof.proof;
    qm31 felt               = qm31_from(p->proof.salt);
    sage_channel ch;
    sage_channel_init(&ch, p->proof.hash);
    sage_channel_mix_felts(&ch, &felt, 1);
    sage_config_mix(&proof->config, &ch);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 0));
    assert_ok(sage_cairo_claim_mix(&p->proof.claim, &ch, &err));
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 1));
    sage_channel_mix_u64(&ch, proof->interaction_pow);
    qm31 z_alpha[2], claimed[SAGE_MAX_INSTANCES];
    sage_channel_draw_felts(&ch, z_alpha, 2);
    assert_true(proof->claimed_sums.n <= SAGE_MAX_INSTANCES);
    for (uint32_t i = 0; i < proof->claimed_sums.n; i++)
        claimed[i] = sage_view_qm31(proof->claimed_sums, i);
    sage_channel_mix_felts(&ch, claimed, proof->claimed_sums.n);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 2));
    sage_channel_draw_felt(&ch);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 3));
    p->point = sage_channel_draw_point(&ch);
}

static void read_proof(published *p, const char *dir)
{
    char name[160];
    size_t len;
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/proof.json", dir);
    char *text = sage_test_vector(name, &len);
    assert_ok(sage_cairo_read(&p->proof, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, &err));
    free(text);
    p->layout = malloc(sizeof *p->layout);
    assert_non_null(p->layout);
    assert_ok(sage_cairo_layout(&p->proof.claim, p->proof.variant, p->layout, &err));

    sage_pcs_shape shape;
    void *mem;
    assert_ok(sage_cairo_shape(&p->proof, &shape, &mem, &err));
    p->log_rows = shape.log_rows;
    for (uint32_t i = 0; i < shape.tree[0].n_cols; i++)
        p->first += shape.tree[0].samples[i];
    free(mem);
    draw_point(p);
}

static void run_program(published *p, const char *dir)
{
    char name[160];
    size_t len;
    sage_program program;
    sage_run run;
    const sage_run_input none = {0};
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/compiled.json", dir);
    char *text = sage_test_vector(name, &len);
    assert_ok(sage_program_read(&program, (uint8_t *)text, len, NULL, &err));
    assert_ok(sage_run_program(&run, &program, &none, &sage_run_default_limits, &err));
    assert_ok(sage_adapt(&p->run, &run, &err));
    sage_run_free(&run);
    sage_program_free(&program);
    free(text);
}

static void place_memory(published *p)
{
    const sage_prover_input *run = &p->run;
    p->small                     = words(4 * (size_t)run->n_small + 1);
    for (uint32_t i = 0; i < run->n_small; i++)
        for (uint32_t k = 0; k < 4; k++)
            p->small[4 * i + k] = (uint32_t)(run->small_values[i][k / 2] >> 32 * (k % 2));
    p->memory = (sage_air_memory){.id      = run->address_to_id,
                                  .small   = p->small,
                                  .big     = (const uint32_t *)run->big_values,
                                  .n_ids   = run->n_addresses,
                                  .n_small = run->n_small,
                                  .n_big   = run->n_big};
}

static void count_instructions(published *p)
{
    uint32_t *uses = words(p->run.n_addresses);
    for (int o = 0; o < SAGE_OPCODES; o++)
        for (uint64_t i = 0; i < p->run.states[o].n; i++)
            uses[p->run.states[o].at[i].pc]++;
    p->pc   = words(p->run.n_addresses);
    p->uses = words(p->run.n_addresses);
    for (uint32_t a = 0; a < p->run.n_addresses; a++) {
        if (!uses[a]) continue;
        p->pc[p->n_pcs]     = a;
        p->uses[p->n_pcs++] = uses[a];
    }
    free(uses);
}

static void load(published *p, const char *dir)
{
    memset(p, 0, sizeof *p);
    read_proof(p, dir);
    run_program(p, dir);
    place_memory(p);
    count_instructions(p);
    assert_ok(sage_backend_find(NULL, &p->be, &err));
    assert_ok(p->be->open(&p->dev, 1, &err));
}

static void drop_fed(published *p)
{
    for (uint32_t i = 0; i < p->n_fed; i++)
        free(p->fed[i].row);
    p->n_fed = 0;
}

static void unload(published *p)
{
    drop_fed(p);
    p->be->close(p->dev);
    free(p->pc);
    free(p->uses);
    free(p->small);
    sage_prover_input_free(&p->run);
    sage_cairo_proof_free(&p->proof);
    free(p->layout);
}

/* --- one component's rows --- */

/* A component's witness: what goes in, and which cells do not follow from it. */
typedef struct table {
    const sage_instance *inst;
    size_t rows;
    uint32_t n_active, n_inputs, n_trace;
    uint32_t *input[MAX_INPUTS], *trace[MAX_COLUMNS], *feed[MAX_COLUMNS];
    uint8_t unknown[MAX_COLUMNS];
} table;

static bool fill_opcode(const published *p, table *t)
{
    for (int o = 0; o < SAGE_OPCODES; o++) {
        const sage_casm_states *s = &p->run.states[o];
        if (strcmp(t->inst->air->name, sage_opcode_name((sage_opcode)o)) != 0) continue;
        assert_int_equal(t->n_inputs, 3);
        assert_true(s->n > 0 && s->n <= t->rows);
        t->n_active = (uint32_t)s->n;
        for (size_t r = 0; r < t->rows; r++) {
            sage_casm_state at = s->at[r < s->n ? r : 0];
            t->input[0][r] = at.pc, t->input[1][r] = at.ap, t->input[2][r] = at.fp;
        }
        return true;
    }
    return false;
}

static bool fill_instructions(const published *p, table *t)
{
    if (strcmp(t->inst->air->name, "verify_instruction") != 0) return false;
    assert_int_equal(t->n_inputs, 2);
    assert_true(p->n_pcs > 0 && p->n_pcs <= t->rows);
    for (size_t r = 0; r < t->rows; r++) {
        t->input[0][r] = r < p->n_pcs ? p->uses[r] : 0;
        t->input[1][r] = p->pc[r < p->n_pcs ? r : 0];
    }
    return true;
}

/* The memory's cells but for multiplicities, which are those that are inputs. */
static bool fill_memory(table *t)
{
    const char *name = t->inst->air->name;
    if (!strcmp(name, "memory_address_to_id")) {
        for (uint32_t c = 1; c < t->n_trace; c += 2)
            t->unknown[c] = 1;
        return true;
    }
    t->unknown[0] = 1;
    return !strcmp(name, "memory_id_to_big") || !strcmp(name, "memory_id_to_small");
}

/* A component that is fed: its rows, the last block filled up with the first row of partial
 * blocks, and copies of the first block behind (facts B5). */
static bool fill_fed(const published *p, table *t)
{
    for (uint32_t i = 0; i < p->n_fed; i++) {
        const fed *f = &p->fed[i];
        if (strcmp(f->to, t->inst->air->name) != 0) continue;
        uint32_t blocks = (f->n + BLOCK - 1) / BLOCK * BLOCK;
        assert_int_equal(t->n_inputs, f->width);
        assert_true(f->n > 0 && blocks <= t->rows);
        t->n_active = f->n;
        for (size_t r = 0; r < t->rows; r++) {
            size_t from = r < blocks ? r : r % BLOCK;
            from        = from < f->n ? from : f->rest;
            for (uint32_t k = 0; k < f->width; k++)
                t->input[k][r] = f->row[from * f->width + k];
        }
        return true;
    }
    return false;
}

static fed *fed_to(published *p, const sage_air_feed *feed)
{
    for (uint32_t i = 0; i < p->n_fed; i++)
        if (!strcmp(p->fed[i].to, feed->to)) return &p->fed[i];
    assert_true(p->n_fed < MAX_FED);
    p->fed[p->n_fed] = (fed){.to = feed->to, .width = feed->n};
    return &p->fed[p->n_fed++];
}

static void hand_row(fed *to, const sage_air_feed *feed, const table *t, uint32_t r)
{
    assert_int_equal(to->width, feed->n);
    to->row = realloc(to->row, sizeof *to->row * (to->n + 1) * to->width);
    assert_non_null(to->row);
    for (uint32_t k = 0; k < feed->n; k++)
        to->row[(size_t)to->n * to->width + k] = t->feed[feed->first + k][r];
    to->n++;
}

/* Of every feed in turn the rows of full blocks, and after them all others. */
static void hand_on(published *p, const table *t)
{
    const sage_air *air = t->inst->air;
    uint32_t full       = t->n_active / BLOCK * BLOCK;
    for (uint32_t i = 0; i < air->n_feeds; i++) {
        fed *to = fed_to(p, &air->feeds[i]);
        for (uint32_t r = 0; r < full; r++)
            hand_row(to, &air->feeds[i], t, r);
        to->rest = to->n;
    }
    for (uint32_t i = 0; i < air->n_feeds; i++)
        for (uint32_t r = full; r < t->n_active; r++)
            hand_row(fed_to(p, &air->feeds[i]), &air->feeds[i], t, r);
}

static void make_columns(uint32_t **columns, uint32_t n, size_t rows)
{
    for (uint32_t i = 0; i < n; i++)
        columns[i] = words(rows);
}

static void free_columns(uint32_t **columns, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        free(columns[i]);
}

static void make_table(table *t, const sage_instance *inst)
{
    const sage_air *air = inst->air;
    memset(t, 0, sizeof *t);
    t->inst     = inst;
    t->rows     = (size_t)1 << inst->log_rows;
    t->n_active = (uint32_t)t->rows;
    t->n_inputs = sage_air_at(air->inputs, 0);
    t->n_trace  = sage_instance_trace(inst);
    assert_true(t->n_inputs <= MAX_INPUTS && t->n_trace <= MAX_COLUMNS &&
                air->feed_columns <= MAX_COLUMNS);
    make_columns(t->input, t->n_inputs, t->rows);
    make_columns(t->trace, t->n_trace, t->rows);
    make_columns(t->feed, air->feed_columns, t->rows);
}

static void free_table(table *t)
{
    free_columns(t->input, t->n_inputs);
    free_columns(t->trace, t->n_trace);
    free_columns(t->feed, t->inst->air->feed_columns);
}

/* --- the comparison --- */

/* The values of all columns at the point, lifted (facts A4). */
static void evaluate(const published *p, table *t, qm31 *out)
{
    const sage_backend *be = p->be;
    uint32_t log           = t->inst->log_rows;
    secure_point at        = p->point;
    sage_twiddles tw       = {.log_max = log};
    size_t tw_words = be->twiddle_words(log), scratch_words = be->sample_words(log);
    size_t total = tw_words + scratch_words + t->n_trace * t->rows + 64;
    uint32_t *arena, *columns[MAX_COLUMNS];
    for (uint32_t i = log; i < p->log_rows; i++)
        at = secure_double(at);
    assert_ok(be->arena(p->dev, total * sizeof *arena, &arena, &err));
    for (uint32_t c = 0; c < t->n_trace; c++) {
        columns[c] = arena + c * t->rows;
        be->upload(p->dev, columns[c], t->trace[c], t->rows);
    }
    uint32_t *scratch = arena + t->n_trace * t->rows;
    tw.mem            = scratch + ((scratch_words + 15) & ~(size_t)15);
    be->twiddles(p->dev, tw);
    assert_ok(be->sample(p->dev, tw, (const uint32_t *const *)columns, t->n_trace, log, log, at,
                         scratch, out, &err));
}

static void compare(published *p, table *t, width w, size_t first)
{
    qm31 have[MAX_COLUMNS];
    evaluate(p, t, have);
    for (uint32_t c = 0; c < t->n_trace; c++) {
        qm31 want = sage_view_qm31(p->proof.proof.sampled, (uint32_t)(first + c));
        if (t->unknown[c] || qm31_eq(have[c], want)) continue;
        if (!p->quiet)
            print_error("%s: column %u of %s is not the published one\n", w.name, c,
                        t->inst->air->name);
        p->failures++;
    }
}

static void run_kernels(published *p, table *t, size_t first)
{
    const sage_instance *inst = t->inst;
    width w[3];
    uint32_t n         = widths(w);
    sage_air_rows rows = {.log_rows = inst->log_rows,
                          .n_active = t->n_active,
                          .memory   = &p->memory,
                          .feed     = t->feed,
                          .inputs   = (const uint32_t *const *)t->input,
                          .trace    = t->trace,
                          .params   = inst->params};
    for (uint32_t i = 0; i < n; i++) {
        const sage_air_kernels *k = kernels_of(w[i], inst->air);
        if (!k->witness) fail_msg("%s computes no cells", inst->air->name);
        for (uint32_t c = 0; c < t->n_trace; c++)
            memset(t->trace[c], 0xff, t->rows * sizeof *t->trace[c]);
        k->witness(&rows, 0, t->rows);
        compare(p, t, w[i], first);
    }
}

/* Returns how many components were compared. A component stands before those that it feeds. */
static uint32_t compare_all(published *p)
{
    drop_fed(p);
    size_t first      = p->first;
    uint32_t compared = 0;
    for (uint32_t i = 0; i < p->layout->n; i++) {
        const sage_instance *inst = &p->layout->inst[i];
        table t;
        make_table(&t, inst);
        if (fill_opcode(p, &t) || fill_instructions(p, &t) || fill_memory(&t) ||
            fill_fed(p, &t)) {
            run_kernels(p, &t, first);
            hand_on(p, &t);
            compared++;
        }
        first += t.n_trace;
        free_table(&t);
    }
    return compared;
}

static void equals(const char *dir, uint32_t components)
{
    published p;
    load(&p, dir);
    assert_int_equal(compare_all(&p), components);
    assert_int_equal(p.failures, 0);

    /* Were a word of memory another, the columns would be too. */
    p.quiet = true;
    p.small[0] ^= 1;
    compare_all(&p);
    assert_true(p.failures > 0);
    unload(&p);
}

/* 20 opcodes, verify_instruction, 3 tables of the memory, 3 components of Blake2s. */
static void all_opcodes(void **state)
{
    (void)state;
    equals("all_opcode_components", 27);
}

/* 4 opcodes, verify_instruction, 2 tables of the memory; hashed with Poseidon252. */
static void few_opcodes(void **state)
{
    (void)state;
    equals("ret_opcode", 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_opcodes),
        cmocka_unit_test(few_opcodes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
