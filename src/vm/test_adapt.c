/* From a program to prover input: equal, field for field, to what stwo-cairo's adapter makes of
 * the same programs; and the same again from the trace and memory files of the run. */
#include "base/bytes.h"
#include "base/test.h"
#include "vm/prover_input.h"
#include "vm/trace_files.h"

static sage_errinfo err;

static uint8_t *vector(const char *program, const char *file, size_t *len)
{
    char name[160];
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/%s", program, file);
    return (uint8_t *)sage_test_vector(name, len);
}

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

static void run_published(const char *name, sage_run *run)
{
    size_t len;
    uint8_t *bytes = vector(name, "compiled.json", &len);
    sage_program p;
    const sage_run_input none = {0};
    assert_ok(sage_program_read(&p, bytes, len, NULL, &err));
    assert_ok(sage_run_program(run, &p, &none, &sage_run_default_limits, &err));
    sage_program_free(&p);
    free(bytes);
}

static void assert_same(const sage_prover_input *a, const sage_prover_input *b)
{
    assert_memory_equal(&a->initial, &b->initial, sizeof a->initial);
    assert_memory_equal(&a->final, &b->final, sizeof a->final);
    for (int o = 0; o < SAGE_OPCODES; o++) {
        if (a->states[o].n != b->states[o].n)
            fail_msg("%s: %llu states, not %llu", sage_opcode_name((sage_opcode)o),
                     (unsigned long long)a->states[o].n, (unsigned long long)b->states[o].n);
        for (uint64_t i = 0; i < a->states[o].n; i++)
            assert_memory_equal(&a->states[o].at[i], &b->states[o].at[i],
                                sizeof(sage_casm_state));
    }
    assert_int_equal(a->n_addresses, b->n_addresses);
    for (uint32_t i = 0; i < a->n_addresses; i++)
        if (a->address_to_id[i] != b->address_to_id[i])
            fail_msg("address %u: id %u, not %u", i, a->address_to_id[i], b->address_to_id[i]);
    assert_int_equal(a->n_big, b->n_big);
    if (a->n_big)
        assert_memory_equal(a->big_values, b->big_values, a->n_big * sizeof *a->big_values);
    assert_int_equal(a->n_small, b->n_small);
    if (a->n_small)
        assert_memory_equal(a->small_values, b->small_values,
                            a->n_small * sizeof *a->small_values);
    assert_int_equal(a->pc_count, b->pc_count);
    assert_int_equal(a->n_public, b->n_public);
    assert_memory_equal(a->public_addresses, b->public_addresses,
                        a->n_public * sizeof *a->public_addresses);
    assert_memory_equal(a->present, b->present, sizeof a->present);
    for (int i = 0; i < SAGE_BUILTINS; i++)
        if (a->builtin[i].begin != b->builtin[i].begin ||
            a->builtin[i].stop != b->builtin[i].stop)
            fail_msg("builtin %s: %u..%u, not %u..%u", sage_builtin_name((sage_builtin)i),
                     a->builtin[i].begin, a->builtin[i].stop, b->builtin[i].begin,
                     b->builtin[i].stop);
}

static void assert_published(const char *name)
{
    size_t len;
    sage_run run;
    sage_prover_input have, want;
    uint8_t *bytes = vector(name, "prover_input.json", &len);
    assert_ok(sage_prover_input_read(&want, bytes, len, &err));
    run_published(name, &run);
    assert_ok(sage_adapt(&have, &run, &err));
    assert_same(&have, &want);
    sage_prover_input_free(&have);
    sage_prover_input_free(&want);
    sage_run_free(&run);
    free(bytes);
}

static void equals_all_opcodes(void **state)
{
    (void)state;
    assert_published("all_opcode_components");
}

static void equals_all_builtins(void **state)
{
    (void)state;
    assert_published("all_builtins");
}

/* Every published program runs, and what it leaves can be proved. */
static void runs_all_published(void **state)
{
    (void)state;
    static const char *const names[] = {"add_mod_builtin",  "bitwise_builtin",
                                        "mul_mod_builtin",  "pedersen_builtin",
                                        "poseidon_builtin", "range_check_bits_128_builtin",
                                        "ret_opcode",       "range_check_bits_96_builtin"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        sage_run run;
        sage_prover_input p;
        uint64_t rows = 0;
        run_published(names[i], &run);
        assert_ok(sage_adapt(&p, &run, &err));
        for (int o = 0; o < SAGE_OPCODES; o++)
            rows += p.states[o].n;
        assert_int_equal(rows, run.n_steps - 1);
        sage_prover_input_free(&p);
        sage_run_free(&run);
    }
}

/* A PIE has no hints. */
static void refuses_to_run_a_pie(void **state)
{
    (void)state;
    sage_value word           = sage_value_from_u64(0x10780017fff7fff);
    const sage_program p      = {.form = SAGE_PROGRAM_PIE, .data = &word, .n_data = 1};
    const sage_run_input none = {0};
    sage_run run;
    assert_int_equal(sage_run_program(&run, &p, &none, &sage_run_default_limits, &err),
                     SAGE_EUNSUP);
    assert_string_equal(err.where, "program.pie");
}

/* --- trace and memory files --- */

typedef struct files {
    uint8_t *trace, *memory;
    size_t trace_len, memory_len;
    uint32_t *base;
} files;

/* Where the adapter puts each segment, once it has padded them: the layout has no ecdsa and no
 * keccak. */
static void find_places(const sage_run *run, files *f)
{
    f->base = calloc(run->memory.n + 1, sizeof *f->base);
    assert_non_null(f->base);
    f->base[0] = 1;
    for (uint32_t i = 0; i < run->memory.n; i++)
        f->base[i + 1] = f->base[i] + run->memory.segment[i].len;
    static const sage_builtin absent[] = {SAGE_BUILTIN_ECDSA, SAGE_BUILTIN_KECCAK};
    for (int i = 0; i < 2; i++)
        f->base[run->builtin_segment[absent[i]]] = 0;
}

/* cairo-vm's files of the run; cells of builtins beyond what main returned are left out. */
static files write_files(const sage_run *run)
{
    files f = {0};
    find_places(run, &f);
    f.trace  = malloc(24 * run->n_steps + 1);
    f.memory = malloc(40 * (size_t)f.base[run->memory.n] + 1);
    assert_true(f.trace && f.memory);
    for (uint64_t i = 0; i < run->n_steps; i++) {
        const sage_trace_row *r = &run->trace[i];
        uint8_t *to             = f.trace + 24 * i;
        sage_store_le64(to, f.base[SAGE_SEGMENT_EXECUTION] + r->ap);
        sage_store_le64(to + 8, f.base[SAGE_SEGMENT_EXECUTION] + r->fp);
        sage_store_le64(to + 16, f.base[r->pc_segment] + r->pc);
    }
    f.trace_len = 24 * run->n_steps;
    for (uint32_t s = 0; s < run->memory.n; s++) {
        uint32_t len = run->memory.segment[s].len;
        for (int b = 0; b < SAGE_BUILTINS; b++)
            if (run->builtin_segment[b] == s && s) len = run->builtin_stop[b];
        for (uint32_t i = 0; i < len; i++) {
            sage_value v = sage_memory_get(&run->memory, (sage_address){s, i});
            if (!sage_value_known(v)) continue;
            if (sage_value_is_address(v)) {
                sage_address a = sage_value_address(v);
                v              = sage_value_from_u64((uint64_t)f.base[a.segment] + a.offset);
            }
            uint8_t *to = f.memory + f.memory_len;
            sage_store_le64(to, (uint64_t)f.base[s] + i);
            for (int k = 0; k < 4; k++)
                sage_store_le64(to + 8 + 8 * k, k < 3 ? v.l[k] : v.l[3] & ~SAGE_VALUE_KNOWN);
            f.memory_len += 40;
        }
    }
    return f;
}

static void free_files(files *f)
{
    free(f->trace);
    free(f->memory);
    free(f->base);
}

static sage_status read_files(sage_prover_input *out, const files *f, const char *public_input)
{
    const sage_trace_files in = {.trace            = f->trace,
                                 .trace_len        = f->trace_len,
                                 .memory           = f->memory,
                                 .memory_len       = f->memory_len,
                                 .public_input     = (const uint8_t *)public_input,
                                 .public_input_len = public_input ? strlen(public_input) : 0};
    memset(&err, 0, sizeof err);
    return sage_trace_files_read(out, &in, &err);
}

static void assert_files(const char *name)
{
    sage_run run;
    sage_prover_input want, have;
    run_published(name, &run);
    assert_ok(sage_adapt(&want, &run, &err));
    files f = write_files(&run);
    assert_ok(read_files(&have, &f, NULL));
    assert_same(&have, &want);
    sage_prover_input_free(&have);
    sage_prover_input_free(&want);
    sage_run_free(&run);
    free_files(&f);
}

static void equals_all_opcodes_from_files(void **state)
{
    (void)state;
    assert_files("all_opcode_components");
}

static void equals_all_builtins_from_files(void **state)
{
    (void)state;
    assert_files("all_builtins");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_all_opcodes),
        cmocka_unit_test(equals_all_builtins),
        cmocka_unit_test(runs_all_published),
        cmocka_unit_test(refuses_to_run_a_pie),
        cmocka_unit_test(equals_all_opcodes_from_files),
        cmocka_unit_test(equals_all_builtins_from_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
