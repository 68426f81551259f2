/* Every hint, in any order, on any cells: no crash, no error but the named ones; and the list of
 * hints that the documentation gives is the list there is. */
#include "base/test_heap.h"
#include "vm/test_hints_bench.h"

static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* What hostile programs would put into a cell: small and large numbers, those at a bound,
 * addresses of filled, empty and missing segments, nothing. */
static sage_value any_value(uint64_t *seed, uint32_t segments)
{
    uint64_t r     = next(seed);
    sage_value big = {{next(seed), next(seed), next(seed), SAGE_VALUE_KNOWN}};
    switch (r % 12) {
    case 0:
    case 1:
    case 2: return number(r >> 32 & 15);
    case 3: return number(next(seed));
    case 4: return sage_value_sub(number(0), number(r >> 32 & 15));
    case 5: big.l[2] = 0; return big;
    case 6: big.l[3] |= next(seed) >> 5; return big;
    case 7: return (sage_value){{0, 0, 1, SAGE_VALUE_KNOWN}};
    case 8: return (sage_value){{0}};
    case 9: return address((uint32_t)(r >> 32) % (segments + 2), 1u << 29);
    default: return address((uint32_t)(r >> 32) % (segments + 2), (uint32_t)(r >> 50) % 80);
    }
}

static void fill_cells(bench *b, uint64_t *seed)
{
    for (uint32_t i = 0; i < b->n_cells; i++) {
        const char *name = b->cells[i].name;
        bench_put(b, bench_at(b, name, strlen(name)), any_value(seed, b->memory.n));
    }
    for (uint32_t segment = 2; segment < 8; segment++)
        for (uint32_t i = 0; i < 70; i++)
            bench_put(b, (sage_address){segment, i},
                      segment < 5 ? any_value(seed, b->memory.n) : number(next(seed) % 40));
}

static void check_error(const bench *b)
{
    const char *where = b->err.where;
    if (strncmp(where, "vm.hint.", 8) != 0 && strncmp(where, "vm.memory", 9) != 0 &&
        strncmp(where, "vm.builtin", 10) != 0 && strcmp(where, "vm.segments") != 0)
        fail_msg("code %s: %s", where, b->err.msg);
}

/* All kinds of one language, each at its own pc; of scarce runs, one in two meets an allocation
 * that fails, and the state goes on to be used. */
static void survive(bool scarce, sage_program_form form, uint64_t seed, uint32_t rounds)
{
    uint32_t n, failed = 0, done = 0;
    bench *b                    = bench_new(form);
    const hint_family *const *f = hint_families(&n);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < f[i]->n; j++) {
            const hint_kind *k = &f[i]->kinds[j];
            if (!k->text == (form == SAGE_PROGRAM_CAIRO1) && !k->refusal) bench_add_kind(b, k);
        }
    bench_prepare(b);
    for (uint32_t i = 0; i < rounds; i++) {
        if (i % 8 == 0) fill_cells(b, &seed);
        if (scarce) (void)heap_fail(next(&seed) % 4);
        sage_status s = bench_run(b, (uint32_t)(next(&seed) % b->program.n_hints));
        (void)heap_fail(0);
        if (s) check_error(b);
        if (s)
            failed++;
        else
            done++;
        assert_true(b->state->entries <= b->memory.max_cells);
    }
    /* Both ways out were gone, often. */
    assert_true(failed > rounds / 20 && done > rounds / 20);
    bench_free(b);
}

static void survives_anything(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 8; seed++) {
        survive(false, SAGE_PROGRAM_CAIRO0, seed * 0x9e3779b97f4a7c15, 4000);
        survive(false, SAGE_PROGRAM_CAIRO1, seed * 0x9e3779b97f4a7c15, 4000);
    }
}

static void survives_without_memory(void **state)
{
    size_t before = heap_live();
    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        survive(true, SAGE_PROGRAM_CAIRO0, seed * 0x9e3779b97f4a7c15, 4000);
        survive(true, SAGE_PROGRAM_CAIRO1, seed * 0x9e3779b97f4a7c15, 4000);
    }
    assert_int_equal(heap_live(), before);
}

/* Preparing allocates a few tables: each fails once. */
static void prepares_or_frees(void **state)
{
    (void)state;
    fixture f;
    setup(&f, SAGE_PROGRAM_CAIRO0);
    add_hint(&f, "memory[ap] = segments.add()");
    size_t before = heap_live(), n = 0;
    sage_status s;
    do {
        (void)heap_fail(++n);
        s = sage_hints_prepare(&f.state, &f.program, &f.err);
        (void)heap_fail(0);
        if (s) assert_int_equal(s, SAGE_ENOMEM);
        if (s) assert_int_equal(heap_live(), before);
    } while (s);
    assert_true(n > 5);
    teardown(&f);
}

/* Pieces of hints and expressions, put together at random: refused or prepared. */
static void survives_any_text(void **state)
{
    static const char *const pieces[] = {"[",
                                         "]",
                                         "cast(",
                                         ")",
                                         "(",
                                         "ap",
                                         "fp",
                                         " + ",
                                         " - ",
                                         "*",
                                         "felt",
                                         "felt*",
                                         ", ",
                                         "7",
                                         "(-3)",
                                         "x.y",
                                         "{",
                                         "}",
                                         "\"Deref\"",
                                         ":",
                                         "\"register\"",
                                         "\"AP\"",
                                         "\"offset\"",
                                         "1",
                                         "\"AllocSegment\"",
                                         "\"dst\"",
                                         "\"BinOp\"",
                                         "\"Immediate\"",
                                         "\"0x5\"",
                                         "\\u00",
                                         "\""};
    uint64_t seed                     = 77;
    char text[256];
    (void)state;
    for (int i = 0; i < 20000; i++) {
        fixture f;
        bool json   = i & 1;
        size_t used = 0;
        text[0]     = 0;
        if (json) used = (size_t)snprintf(text, sizeof text, "{\"AllocSegment\": {\"dst\": ");
        for (uint64_t k = next(&seed) % 20; k > 0 && used < 200; k--)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s",
                                     pieces[next(&seed) % (sizeof pieces / sizeof *pieces)]);
        setup(&f, json ? SAGE_PROGRAM_CAIRO1 : SAGE_PROGRAM_CAIRO0);
        refer(&f, "n", "");
        f.references[0].expression = text;
        add_hint(&f, json ? text : "vm_enter_scope({'n': ids.n})");
        sage_status s = sage_hints_prepare(&f.state, &f.program, &f.err);
        if (!s) s = run_at(&f, 0);
        if (s && strncmp(f.err.where, "vm.", 3) != 0 && strncmp(f.err.where, "json.", 5) != 0)
            fail_msg("%s gives code %s", text, f.err.where);
        teardown(&f);
    }
}

/* --- docs/hints.md --- */

static char *read_docs(void)
{
    char path[1024];
    const char *root = getenv("SAGE_SOURCE_DIR");
    snprintf(path, sizeof path, "%s/docs/hints.md", root ? root : ".");
    FILE *f = fopen(path, "rb");
    if (!f) fail_msg("cannot read %s", path);
    char *text = calloc(1, 1 << 20);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 20) - 1, f) > 0);
    (void)fclose(f);
    return text;
}

static uint32_t count_rows(const char *docs)
{
    uint32_t rows = 0;
    for (const char *at = docs; (at = strstr(at, "\n| `")); at++)
        rows++;
    return rows;
}

static const char *what_of(const hint_kind *k)
{
    return k->refusal ? "refused" : !k->run ? "ignored" : k->text ? "Cairo 0" : "Cairo 1";
}

static void is_documented(void **state)
{
    uint32_t n, kinds = 0;
    char row[512];
    bool complete = true;
    char *docs    = read_docs();
    (void)state;
    const hint_family *const *f = hint_families(&n);
    for (uint32_t i = 0; i < n; i++) {
        snprintf(row, sizeof row, "\n### %s\n", f[i]->name);
        const char *section = strstr(docs, row);
        if (!section) print_message("### %s\n", f[i]->name);
        complete = complete && section;
        for (uint32_t j = 0; j < f[i]->n; j++, kinds++) {
            const hint_kind *k = &f[i]->kinds[j];
            const char *first  = k->text ? k->text : k->name;
            snprintf(row, sizeof row, "\n| `%s` | %s | `%.*s` |", k->name, what_of(k),
                     (int)strcspn(first, "\n"), first);
            if (strstr(docs, row)) continue;
            print_message("%s", row + 1);
            print_message("\n");
            complete = false;
        }
    }
    assert_true(complete);
    assert_int_equal(count_rows(docs), kinds);
    free(docs);
}

/* Names and texts are found by their hash: no two may be the same. */
static void has_no_doubles(void **state)
{
    uint32_t n;
    const hint_family *const *f = hint_families(&n);
    (void)state;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t j = 0; j < f[i]->n; j++) {
            const hint_kind *k = &f[i]->kinds[j];
            assert_ptr_equal(bench_kind(k->name), k);
            for (uint32_t a = 0; k->text && a < n; a++)
                for (uint32_t e = 0; e < f[a]->n; e++) {
                    const hint_kind *o = &f[a]->kinds[e];
                    assert_true(o == k || !o->text || strcmp(o->text, k->text) != 0);
                }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(survives_anything),       cmocka_unit_test(survives_any_text),
        cmocka_unit_test(survives_without_memory), cmocka_unit_test(prepares_or_frees),
        cmocka_unit_test(is_documented),           cmocka_unit_test(has_no_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
