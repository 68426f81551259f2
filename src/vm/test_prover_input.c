/* prover_input.json: the published files come back byte for byte, wrong ones are refused. */
#include <unistd.h>

#include "base/file.h"
#include "base/test_text.h"
#include "vm/prover_input.h"

static sage_errinfo err;
static char path[] = "/tmp/sage-prover-input-XXXXXX";

static int make_path(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

/* --- one of everything --- */

static sage_casm_state states[] = {{1, 7, 7}, {536870911, 0, 3}};
static uint32_t ids[]      = {SAGE_MEMORY_NO_ID, 0, SAGE_MEMORY_BIG, 1, SAGE_MEMORY_NO_ID, 2};
static uint32_t big[][8]   = {{0, 0, 0, 0, 0, 0, 17, 134217728}};
static uint64_t small[][2] = {{0, 0}, {UINT64_MAX, 255}, {5, 1}};
static uint32_t public_addresses[] = {1, 2, 5};

static sage_prover_input sample(void)
{
    sage_prover_input p            = {.initial          = {1, 7, 7},
                                      .final            = {5, 9, 7},
                                      .address_to_id    = ids,
                                      .n_addresses      = sizeof ids / sizeof *ids,
                                      .big_values       = big,
                                      .n_big            = 1,
                                      .small_values     = small,
                                      .n_small          = 3,
                                      .pc_count         = 4,
                                      .public_addresses = public_addresses,
                                      .n_public         = 3};
    p.states[SAGE_OPCODE_RET]      = (sage_casm_states){states, 2};
    p.builtin[SAGE_BUILTIN_OUTPUT] = (sage_builtin_range){5, 6};
    p.present[0] = p.present[10] = true;
    return p;
}

static char *sample_text(size_t *len)
{
    sage_prover_input p = sample();
    uint8_t *bytes;
    assert_int_equal(sage_prover_input_write(&p, path, &err), SAGE_OK);
    assert_int_equal(sage_file_read(path, 1 << 20, &bytes, len, &err), SAGE_OK);
    char *text = realloc(bytes, *len + 1);
    assert_non_null(text);
    text[*len] = 0;
    return text;
}

static sage_status read_text(sage_prover_input *p, const char *text, size_t len)
{
    memset(&err, 0, sizeof err);
    return sage_prover_input_read(p, (const uint8_t *)text, len, &err);
}

static void reads_what_it_writes(void **state)
{
    (void)state;
    size_t len;
    char *text = sample_text(&len);
    sage_prover_input p, want = sample();
    assert_int_equal(read_text(&p, text, len), SAGE_OK);
    assert_memory_equal(&p.initial, &want.initial, sizeof p.initial);
    assert_memory_equal(&p.final, &want.final, sizeof p.final);
    for (int o = 0; o < SAGE_OPCODES; o++)
        assert_int_equal(p.states[o].n, want.states[o].n);
    assert_memory_equal(p.states[SAGE_OPCODE_RET].at, states, sizeof states);
    assert_int_equal(p.n_addresses, want.n_addresses);
    assert_memory_equal(p.address_to_id, ids, sizeof ids);
    assert_int_equal(p.n_big, 1);
    assert_memory_equal(p.big_values, big, sizeof big);
    assert_int_equal(p.n_small, 3);
    assert_memory_equal(p.small_values, small, sizeof small);
    assert_int_equal(p.pc_count, 4);
    assert_int_equal(p.n_public, 3);
    assert_memory_equal(p.public_addresses, public_addresses, sizeof public_addresses);
    assert_memory_equal(p.builtin, want.builtin, sizeof p.builtin);
    assert_memory_equal(p.present, want.present, sizeof p.present);
    sage_prover_input_free(&p);
    free(text);
}

static void refuses(void **state)
{
    (void)state;
    static const struct {
        const char *after, *from, *to, *where;
    } bad[] = {
        {"initial", "1", "536870912", "prover_input.state"},
        {"ret_opcode", "536870911", "536870912", "prover_input.state"},
        {"ret_opcode", "536870911", "-1", "json.sign"},
        {"ret_opcode", "\"pc\"", "\"pd\"", "json.unknown"},
        {"\"ret_opcode\"", "\"ret_opcode\"", "\"rat_opcode\"", "json.unknown"},
        {"\"add_opcode\"", "\"add_opcode\": [],", "", "json.missing"},
        {"small_max", "4722366482869645213695", "4722366482869645213694",
         "prover_input.config"},
        {"small_max", "24", "25", "prover_input.config"},
        {"address_to_id", "1073741823", "1", "prover_input.address_to_id"},
        {"address_to_id", "1073741824", "1073741825", "prover_input.address_to_id"},
        {"address_to_id", "1073741824", "3", "prover_input.address_to_id"},
        {"address_to_id", "1073741824", "2147483648", "prover_input.address_to_id"},
        {"address_to_id", "1073741824", "99999999999999999999", "json.range"},
        {"f252_values", "17", "4294967296", "prover_input.f252_values"},
        {"f252_values", "134217728", "134217729", "prover_input.f252_values"},
        {"f252_values", "17,", "17, 0,", "prover_input.f252_values"},
        {"f252_values", "17,", "", "prover_input.f252_values"},
        {"small_values", "4722366482869645213695", "4722366482869645213696",
         "prover_input.small_values"},
        {"small_values", "4722366482869645213695", "-1", "prover_input.small_values"},
        {"small_values", "4722366482869645213695", "1e3", "json.fraction"},
        {"small_values", "4722366482869645213695",
         "99999999999999999999999999999999999999999999999999999999999999999999999999999999999",
         "prover_input.small_values"},
        {"pc_count", "4", "6", "prover_input.pc_count"},
        {"public_mem", "5", "6", "prover_input.public_memory_addresses"},
        {"public_mem", "5", "4", "prover_input.public_memory_addresses"},
        {"public_mem", "5", "0", "prover_input.public_memory_addresses"},
        {"public_mem", "5", "1", "prover_input.public_memory_addresses"},
        {"builtin_segments", "5", "7", "prover_input.builtin_segments"},
        {"builtin_segments", "5", "0", "prover_input.builtin_segments"},
        {"builtin_segments", "6", "7", "prover_input.builtin_segments"},
        {"builtin_segments", "6", "4", "prover_input.builtin_segments"},
        {"range_check_builtin", "null", "{\"begin_addr\": 1, \"stop_ptr\": 2}",
         "prover_input.builtin_segments"},
        {"range_check_builtin", "null", "nul", "json.syntax"},
        {"present", "true,", "", "prover_input.present"},
        {"present", "true,", "true, true,", "prover_input.present"},
        {"present", "true,", "1,", "json.syntax"},
        {"present", "true,", "truee,", "json.syntax"},
        {"state_transitions", "state_transitions", "memory", "json.twice"},
    };
    size_t len;
    char *text = sample_text(&len);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sage_prover_input p;
        char *wrong   = sage_test_replaced(text, bad[i].after, bad[i].from, bad[i].to);
        sage_status s = read_text(&p, wrong, strlen(wrong));
        if (s != SAGE_EFORMAT || strcmp(err.where, bad[i].where) != 0)
            fail_msg("%s: %s -> %s: %d %s", bad[i].after, bad[i].from, bad[i].to, s,
                     err.where ? err.where : "");
        assert_null(p.address_to_id);
        free(wrong);
    }
    for (size_t cut = 0; cut < len; cut++) {
        sage_prover_input p;
        char *copy = malloc(cut + 1);
        assert_non_null(copy);
        memcpy(copy, text, cut);
        assert_int_equal(read_text(&p, copy, cut), SAGE_EFORMAT);
        free(copy);
    }
    free(text);
}

static void sorts_public_addresses(void **state)
{
    (void)state;
    size_t len;
    sage_prover_input p;
    char *text  = sample_text(&len),
         *mixed = sage_test_replaced(text, "public_mem", "5\n", "1\n");
    char *other = sage_test_replaced(mixed, "public_mem", "1,", "5,");
    assert_int_equal(read_text(&p, other, strlen(other)), SAGE_OK);
    assert_memory_equal(p.public_addresses, public_addresses, sizeof public_addresses);
    sage_prover_input_free(&p);
    free(other);
    free(mixed);
    free(text);
}

static void assert_round_trip(const char *name)
{
    size_t len, again;
    uint8_t *bytes;
    sage_prover_input p;
    char *text = sage_test_vector(name, &len);
    assert_int_equal(read_text(&p, text, len), SAGE_OK);
    assert_int_equal(sage_prover_input_write(&p, path, &err), SAGE_OK);
    assert_int_equal(sage_file_read(path, len + 1, &bytes, &again, &err), SAGE_OK);
    assert_int_equal(again, len);
    assert_memory_equal(bytes, text, len);
    sage_prover_input_free(&p);
    free(bytes);
    free(text);
}

static void keeps_all_opcodes(void **state)
{
    (void)state;
    assert_round_trip("stwo-cairo/test_prove_verify_all_opcode_components/prover_input.json");
}

static void keeps_all_builtins(void **state)
{
    (void)state;
    assert_round_trip("stwo-cairo/test_prove_verify_all_builtins/prover_input.json");
}

static void says_where_it_cannot_write(void **state)
{
    (void)state;
    sage_prover_input p = sample();
    assert_int_equal(sage_prover_input_write(&p, "/no/such/folder/x", &err), SAGE_ENOTFOUND);
    assert_string_equal(err.where, "file.create");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_writes),   cmocka_unit_test(refuses),
        cmocka_unit_test(sorts_public_addresses), cmocka_unit_test(keeps_all_opcodes),
        cmocka_unit_test(keeps_all_builtins),     cmocka_unit_test(says_where_it_cannot_write),
    };
    return cmocka_run_group_tests(tests, make_path, remove_path);
}
