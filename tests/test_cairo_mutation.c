/* tests/test_cairo_mutation.c -- no felt of a published Cairo proof can be another one.
 *
 * Usage: test_cairo_mutation [--all]. A felt is changed in the proof that was read, to another
 * value of its kind, and the proof must be refused for a reason that this kind of felt has; a
 * length prefix is changed in the text. By default: every felt of the short parts, the ends of
 * every vector, a sample of the rest, every length prefix one more and one less; of the
 * Poseidon252 proof a sample. --all: every felt of the Blake2s proof in turn, which takes an
 * hour of CPU time (tests/README.md). SAGE_TEST_QUICK=1 takes smaller samples. */
#include "base/test.h"

#include "cairo_crew.h"

enum { TREES = SAGE_MAX_TREES };

/* The reasons each kind of felt may be refused for. What is mixed before a check changes every
 * later challenge: the nearest check after it fails, so that most have one reason. */
#define CLAIM_OR_MIXED "cairo.claim.*", "proof.pow.interaction"
static const char *const reasons[SECTIONS][10] = {
    [SEC_PROGRAM_ID]      = {"proof.pow.interaction"},
    [SEC_PROGRAM_VALUE]   = {CLAIM_OR_MIXED},
    [SEC_SEGMENTS]        = {CLAIM_OR_MIXED},
    [SEC_OUTPUT_ID]       = {"proof.pow.interaction"},
    [SEC_OUTPUT_VALUE]    = {"cairo.claim.value", "proof.pow.interaction"},
    [SEC_SAFE_CALL]       = {"proof.pow.interaction"},
    [SEC_INITIAL]         = {"cairo.claim.*"},
    [SEC_FINAL]           = {CLAIM_OR_MIXED},
    [SEC_OPTION]          = {"cairo.claim.*", "cairo.component", "proof.shape.sampled"},
    [SEC_LOG_SIZE]        = {CLAIM_OR_MIXED, "layout.*", "pcs.shape.*", "proof.shape.sampled"},
    [SEC_INTERACTION_POW] = {"proof.pow.interaction"},
    [SEC_CLAIMED_SUMS]    = {"proof.logup"},
    [SEC_CONFIG]       = {"config.*", "proof.config.security", "proof.preprocessed", "layout.*",
                          "proof.pow.interaction"},
    [SEC_SAMPLED]      = {"proof.oods"},
    [SEC_POW_NONCE]    = {"proof.pow.query"},
    [SEC_FRI_WITNESS]  = {"proof.fri.layer"},
    [SEC_FRI_SIBLINGS] = {"proof.fri.layer"},
    [SEC_FRI_ROOT]     = {"proof.pow.query"},
    [SEC_LAST_LAYER]   = {"proof.pow.query"},
    [SEC_LAST_LOG]     = {"cairo.fri.last_log"},
    [SEC_SALT]         = {"proof.pow.interaction"},
    [SEC_COUNT]        = {"cairo.*", "proof.shape.sampled"},
};

/* Those of trees depend on the tree. */
static const char *const root_reasons[TREES][2] = {
    {"proof.preprocessed"}, {"proof.pow.interaction"}, {"proof.oods"}, {"proof.oods"}};
static const char *const opening_reasons[TREES][2] = {{"proof.merkle.preprocessed"},
                                                      {"proof.merkle.trace"},
                                                      {"proof.merkle.interaction"},
                                                      {"proof.merkle.composition"}};

/* Samples of columns that nothing weighs in this run of the program: preprocessed columns of
 * tables that no row reads, ids of addresses beyond the memory's end, cells of generic_opcode
 * for other instructions than the one it executes. Every constraint they are in multiplies them
 * with a column of zeros, so the identity cannot see them; they are mixed, and the DEEP quotient
 * holds them to their column. That no cell is free in every run, test_cairo_findings.c shows. */
typedef struct column_range {
    uint8_t tree;
    uint16_t first, last;
} column_range;
static const column_range all_opcodes[] = {
    {0, 18, 18},     {0, 56, 57},     {0, 61, 61},     {0, 71, 75},   {0, 91, 94},
    {1, 504, 504},   {1, 620, 651},   {1, 653, 653},   {1, 655, 655}, {1, 1385, 1385},
    {1, 1387, 1387}, {1, 1389, 1389}, {1, 1391, 1391}, {TREES, 0, 0}};
static const column_range ret_opcode[] = {
    {0, 18, 18},   {0, 52, 57},   {0, 61, 61},   {0, 64, 66},   {0, 71, 75},   {0, 77, 83},
    {0, 86, 88},   {0, 91, 94},   {0, 96, 96},   {1, 94, 94},   {1, 96, 96},   {1, 98, 98},
    {1, 100, 100}, {1, 102, 102}, {1, 104, 104}, {1, 106, 106}, {1, 108, 108}, {1, 110, 110},
    {1, 112, 112}, {1, 114, 114}, {1, 116, 116}, {TREES, 0, 0}};
static const char *const weightless_reasons[] = {"proof.oods", "proof.pow.query", NULL};

static bool is_weightless(const column_range *weightless, const cairo_felt *f)
{
    for (; weightless->tree < TREES; weightless++)
        if (f->part == weightless->tree && f->column >= weightless->first &&
            f->column <= weightless->last)
            return true;
    return false;
}

typedef struct suite {
    cairo_text text;
    cairo_felts map;
    uint32_t *task; /* 2 * felt + way; a felt with a place in the proof has one way */
    uint32_t n;
    char *out; /* a changed text */
    const column_range *weightless;
} suite;

static const char *const *reasons_of(const suite *s, const cairo_felt *f)
{
    if (f->section == SEC_SAMPLED && is_weightless(s->weightless, f)) return weightless_reasons;
    if (f->section == SEC_ROOT) return root_reasons[f->part];
    if (f->section == SEC_SIBLINGS || f->section == SEC_QUERIED)
        return opening_reasons[f->part];
    return reasons[f->section];
}

/* A Merkle opening or a FRI layer is named besides by its number. */
static bool place_is_right(const cairo_felt *f, const sage_errinfo *err)
{
    switch ((cairo_section)f->section) {
    case SEC_SIBLINGS:
    case SEC_QUERIED:
    case SEC_FRI_WITNESS:
    case SEC_FRI_SIBLINGS: return err->at == f->part;
    default: return true;
    }
}

static void suite_open(suite *s, const char *name, const column_range *weightless)
{
    memset(s, 0, sizeof *s);
    s->weightless = weightless;
    s->text       = cairo_text_load(name);
    cairo_felts_open(&s->map, &s->text);
    s->task = calloc(s->map.n, 2 * sizeof *s->task);
    s->out  = malloc(s->text.len + CAIRO_TEXT_ROOM);
    assert_non_null(s->task);
    assert_non_null(s->out);
    sage_errinfo err;
    if (cairo_judge(&s->map.proof, &err) != SAGE_OK) fail_msg("%s: %s", err.where, err.msg);
}

static void suite_close(suite *s)
{
    free(s->out);
    free(s->task);
    cairo_felts_close(&s->map);
    cairo_text_free(&s->text);
}

static void add_task(suite *s, uint32_t felt)
{
    s->task[s->n++] = 2 * felt;
    if (s->map.felt[felt].kind == FELT_SHAPE) s->task[s->n++] = 2 * felt + 1;
}

static sage_status judge_shape(suite *s, uint32_t felt, bool less, sage_errinfo *err)
{
    uint32_t words[8];
    cairo_text_words(&s->text, felt, words);
    uint64_t to = less ? (words[0] ? words[0] - 1 : UINT32_MAX) : words[0] + 1ull;
    return cairo_judge_text(s->out, cairo_text_value(&s->text, felt, to, s->out), err);
}

static void check_felt(void *arg, uint32_t task, crew_report *r)
{
    suite *s            = arg;
    uint32_t felt       = s->task[task] / 2;
    const cairo_felt *f = &s->map.felt[felt];
    uint64_t seed       = 0x9e3779b97f4a7c15 * (felt + 1);
    sage_errinfo err;
    sage_status st;
    cairo_random(&seed);
    if (f->kind == FELT_SHAPE) {
        st = judge_shape(s, felt, s->task[task] & 1, &err);
    } else {
        cairo_value old = cairo_felt_change(f, &seed);
        st              = cairo_judge(&s->map.proof, &err);
        cairo_felt_restore(f, &old);
    }
    const char *name = cairo_section_names[f->section];
    if (st == SAGE_OK)
        crew_wrong(r, "accepted with felt %u (%s %u) changed", felt, name, f->part);
    else if (!cairo_refusal(st) || !cairo_where_in(err.where, reasons_of(s, f)) ||
             !place_is_right(f, &err))
        crew_wrong(r, "felt %u (%s %u): %s at %lld: %s", felt, name, f->part, err.where, err.at,
                   err.msg);
    else
        cairo_reasons_add(&r->by[f->section], err.where, 1);
}

static void run(suite *s, bool progress, uint32_t at_least)
{
    crew_report *sum = calloc(1, sizeof *sum);
    assert_non_null(sum);
    crew_run(s->n, check_felt, s, progress, sum);
    crew_print(sum);
    print_message("%u changes, all refused\n", sum->done);
    assert_true(sum->done >= at_least);
    free(sum);
}

/* Which felts a sample takes: all of a kind of which there are few; of others one in `per`, but
 * not less than `some`; of the ends of vectors one in per_end, of the ends of the thousands of
 * columns' samples one in per_column; of length prefixes one in per_count. */
typedef struct density {
    uint32_t few, some, per, per_end, per_column, per_count;
} density;

static bool is_taken(const suite *s, uint32_t i, const uint32_t *size, density d)
{
    const cairo_felt *f = &s->map.felt[i];
    uint32_t n          = size[f->section];
    uint32_t per        = n < d.some * d.per ? n / d.some + 1 : d.per;
    uint64_t h          = 0x9e3779b97f4a7c15 * (i + 7ull);
    cairo_random(&h);
    if (n <= d.few) return true;
    if (f->section == SEC_COUNT) return h % d.per_count == 0;
    if (f->first || f->last)
        return h % (f->section == SEC_SAMPLED ? d.per_column : d.per_end) == 0;
    return h % per == 0;
}

static void sample(suite *s, density d)
{
    uint32_t size[SECTIONS] = {0};
    for (uint32_t i = 0; i < s->map.n; i++)
        size[s->map.felt[i].section]++;
    for (uint32_t i = 0; i < s->map.n; i++)
        if (is_taken(s, i, size, d)) add_task(s, i);
}

static void test_sample_blake2s(void **state)
{
    (void)state;
    suite s;
    suite_open(&s, ALL_OPCODES, all_opcodes);
    sample(&s, sage_test_quick() ? (density){8, 4, 8000, 4, 400, 40}
                                 : (density){100, 40, 400, 1, 16, 1});
    run(&s, false, sage_test_quick() ? 100 : 3000);
    suite_close(&s);
}

static void test_sample_poseidon252(void **state)
{
    (void)state;
    suite s;
    suite_open(&s, RET_OPCODE, ret_opcode);
    sample(&s, sage_test_quick() ? (density){1, 1, 40000, 20, 400, 400}
                                 : (density){1, 4, 4000, 1, 40, 10});
    run(&s, false, 10);
    suite_close(&s);
}

static void test_all_blake2s(void **state)
{
    (void)state;
    suite s;
    suite_open(&s, ALL_OPCODES, all_opcodes);
    for (uint32_t i = 0; i < s.map.n; i++)
        add_task(&s, i);
    run(&s, true, s.map.n);
    suite_close(&s);
}

/* The map is the reader's: a felt changed in the text arrives where the map says. */
static void test_map(void **state)
{
    (void)state;
    suite s;
    suite_open(&s, ALL_OPCODES, all_opcodes);
    uint64_t seed = 0x5a6e0002;
    for (int k = 0; k < (sage_test_quick() ? 8 : 40); k++) {
        uint32_t i    = (uint32_t)(cairo_random(&seed) % s.map.n);
        cairo_felt *f = &s.map.felt[i];
        if (f->kind != FELT_M31 && f->kind != FELT_WORD) continue;
        uint32_t v;
        cairo_value old = cairo_felt_change(f, &seed);
        memcpy(&v, f->at, sizeof v);
        cairo_text changed = {s.out, cairo_text_value(&s.text, i, v, s.out), s.text.felt,
                              s.text.n};
        cairo_felt_restore(f, &old);
        sage_cairo_proof p;
        sage_errinfo err = {0};
        assert_int_equal(sage_cairo_read(&p, (const uint8_t *)changed.bytes, changed.len,
                                         SAGE_CAIRO_FORMAT_SERDE, &err),
                         SAGE_OK);
        assert_int_equal(p.bytes.len, s.map.proof.bytes.len);
        uint32_t differ = 0;
        for (size_t b = 0; b < p.bytes.len; b += 4)
            if (memcmp(p.bytes.bytes + b, s.map.proof.bytes.bytes + b, 4) != 0) {
                assert_ptr_equal(s.map.proof.bytes.bytes + b, f->at);
                differ++;
            }
        assert_int_equal(differ, f->section >= SEC_ROOT);
        sage_cairo_proof_free(&p);
    }
    suite_close(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest sampled[] = {
        cmocka_unit_test(test_map),
        cmocka_unit_test(test_sample_blake2s),
        cmocka_unit_test(test_sample_poseidon252),
    };
    const struct CMUnitTest all[] = {cmocka_unit_test(test_all_blake2s)};
    if (argc > 1 && !strcmp(argv[1], "--all")) return cmocka_run_group_tests(all, NULL, NULL);
    return cmocka_run_group_tests(sampled, NULL, NULL);
}
