/* Hints that keep something between them: dictionaries, squashing, sorting; and those that write
 * lists: Blake2s, arguments, segments that move. */
#include "curve/curve.h"
#include "vm/test_hints_bench.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

/* One hint after another: cells that change, the hint, what is there afterwards. A cell is
 * emptied with "=-" before a hint writes it again. */
typedef struct step {
    const char *hint, *before, *after, *where;
} step;

static void run_steps(bench *b, const step *steps, size_t n)
{
    uint32_t pc[64];
    assert_true(n <= COUNT(pc));
    for (size_t i = 0; i < n; i++)
        pc[i] = bench_add(b, steps[i].hint);
    bench_prepare(b);
    for (size_t i = 0; i < n; i++) {
        bench_set(b, steps[i].before);
        sage_status s = bench_run(b, pc[i]);
        if (!s != !steps[i].where || (s && strcmp(steps[i].where, b->err.where) != 0))
            fail_msg("step %zu, %s: %s", i, steps[i].hint, s ? b->err.msg : "no error");
        if (!s) bench_expect(b, steps[i].after);
    }
}

static void check_steps(sage_program_form form, const step *steps, size_t n)
{
    bench *b = bench_new(form);
    run_steps(b, steps, n);
    bench_free(b);
}

/* --- dictionaries --- */

static void keeps_dictionaries(void **state)
{
    static const step steps[] = {
        {"dict_read", "dict_ptr=2:0 key=1", NULL, "vm.hint.dict"},
        {"default_dict_new", "default_value=7", "[ap]=8:0", NULL},
        {"dict_read", "dict_ptr=8:0 key=1", "value=7", NULL},
        {"dict_read", "value=-", NULL, "vm.hint.dict"}, /* not the latest pointer */
        {"dict_write", "dict_ptr=8:3 key=1 new_value=20", "8:4=7", NULL},
        {"dict_write", "dict_ptr=8:6 key=2 new_value=2:5", "8:7=7", NULL},
        {"dict_read", "dict_ptr=8:9 key=2 value=-", "value=2:5", NULL},
        {"dict_update", "dict_ptr=8:12 key=1 prev_value=19 new_value=3", NULL,
         "vm.hint.assert"},
        {"dict_update", "prev_value=20", "", NULL},
        {"dict_read", "dict_ptr=8:15 key=1 value=-", "value=3", NULL},
        /* The squashed copy has no default, and its own values. */
        {"dict_new", "[ap]=-", NULL, "vm.hint.scope"},
        {"dict_squash_copy_dict", "dict_accesses_end=8:18", "", NULL},
        {"dict_new", "[ap]=-", "[ap]=9:0", NULL},
        {"dict_new", "[ap]=-", NULL, "vm.hint.scope"},
        {"vm_exit_scope", "", "", NULL},
        {"dict_read", "dict_ptr=9:0 key=1 value=-", "value=3", NULL},
        {"dict_read", "dict_ptr=9:3 key=5 value=-", NULL, "vm.hint.dict"},
        {"dict_squash_update_ptr", "squashed_dict_start=9:3 squashed_dict_end.address_=8:6",
         NULL, "vm.hint.dict"},
        {"dict_squash_update_ptr", "squashed_dict_end.address_=9:6", "", NULL},
        {"dict_read", "dict_ptr=9:6 key=2 value=-", "value=2:5", NULL},
        {"dict_read", "dict_ptr=8:18 key=99 value=-", "value=7", NULL},
        {"vm_exit_scope", "", NULL, "vm.hint.scope"},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO0, steps, COUNT(steps));
}

static void keeps_cairo1_dictionaries(void **state)
{
    static const step steps[] = {
        {"AllocFelt252Dict", "segment_arena_ptr=2:0", NULL, "vm.hint.address"},
        {"AllocFelt252Dict", "segment_arena_ptr=2:3", NULL, "vm.hint.address"},
        {"AllocFelt252Dict", "2:0=3:0 2:1=0 2:2=0", "3:0=8:0", NULL},
        {"AllocFelt252Dict", "2:1=1", "3:3=9:0", NULL},
        {"GetSegmentArenaIndex", "dict_end_ptr=9:12", "dict_index=1", NULL},
        {"GetSegmentArenaIndex", "dict_end_ptr=3:0", NULL, "vm.hint.dict"},
        {"Felt252DictEntryInit", "dict_ptr=9:0 key=5", "9:1=0", NULL},
        {"Felt252DictEntryUpdate", "dict_ptr=9:2 value=8", NULL, "vm.hint.address"},
        {"Felt252DictEntryUpdate", "dict_ptr=9:3", NULL, "vm.hint.address"},
        {"Felt252DictEntryUpdate", "9:0=5", "", NULL},
        {"Felt252DictEntryInit", "dict_ptr=9:3 key=5", "9:4=8", NULL},
        {"Felt252DictRead", "dict_ptr=9:6", "value_dst=8", NULL},
        {"Felt252DictWrite", "dict_ptr=9:6 value=-3", "9:7=8", NULL},
        {"Felt252DictRead", "value_dst=-", "value_dst=-3", NULL},
        {"Felt252DictRead", "dict_ptr=8:0 value_dst=-", "value_dst=0", NULL},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO1, steps, COUNT(steps));
}

/* More keys than any first table holds, all found again. */
static void holds_many_keys(void **state)
{
    (void)state;
    bench *b           = bench_new(SAGE_PROGRAM_CAIRO0);
    const uint32_t new = bench_add(b, "default_dict_new"), put = bench_add(b, "dict_write"),
                   get = bench_add(b, "dict_read");
    char text[128];
    uint32_t end = 0;
    bench_prepare(b);
    bench_set(b, "default_value=0");
    assert_int_equal(bench_run(b, new), SAGE_OK);
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 5000; i++, end += 3) {
            snprintf(text, sizeof text, "dict_ptr=8:%u key=%d new_value=%d", end, 64 * i - 99,
                     i + round);
            bench_set(b, text);
            assert_int_equal(bench_run(b, put), SAGE_OK);
            snprintf(text, sizeof text, "8:%u=%d", end + 1, round ? i : 0);
            bench_expect(b, text);
        }
    for (int i = 0; i < 5000; i++, end += 3) {
        snprintf(text, sizeof text, "dict_ptr=8:%u key=%d value=-", end, 64 * i - 99);
        bench_set(b, text);
        assert_int_equal(bench_run(b, get), SAGE_OK);
        snprintf(text, sizeof text, "value=%d", i + 1);
        bench_expect(b, text);
    }
    bench_free(b);
}

/* --- squashing --- */

#define ACCESSES "2:0=9 2:3=4 2:6=9 2:9=9 2:12=4"

static void squashes(void **state)
{
    static const step cairo1[] = {
        {"GetNextDictKey", "", NULL, "vm.hint.scope"},
        {"InitSquashData", "dict_accesses=2:0 ptr_diff=15 n_accesses=5", NULL,
         "vm.hint.address"},
        {"InitSquashData", ACCESSES, "big_keys=0 first_key=4", NULL},
        {"GetCurrentAccessIndex", "range_check_ptr=3:0", "3:0=1", NULL},
        {"ShouldSkipSquashLoop", "", "should_skip_loop=0", NULL},
        {"GetCurrentAccessDelta", "", "index_delta_minus1=2", NULL},
        {"ShouldContinueSquashLoop", "", "should_continue=0", NULL},
        {"GetCurrentAccessDelta", "", NULL, "vm.hint.assert"},
        {"GetNextDictKey", "", "next_key=9", NULL},
        {"GetCurrentAccessIndex", "range_check_ptr=3:1", "3:1=0", NULL},
        {"GetCurrentAccessDelta", "index_delta_minus1=-", "index_delta_minus1=1", NULL},
        {"ShouldContinueSquashLoop", "should_continue=-", "should_continue=1", NULL},
        {"GetCurrentAccessDelta", "index_delta_minus1=-", "index_delta_minus1=0", NULL},
        {"GetNextDictKey", "next_key=-", NULL, "vm.hint.assert"},
        {"InitSquashData", "n_accesses=0", NULL, "vm.hint.assert"},
        {"InitSquashData",
         "n_accesses=1 2:0=0x100000000000000000000000000000000 big_keys=- "
         "first_key=-",
         "big_keys=1", NULL},
        {"ShouldSkipSquashLoop", "should_skip_loop=-", "should_skip_loop=0", NULL},
        {"InitSquashData", "2:0=3:0 big_keys=- first_key=-", NULL, "vm.hint.address"},
    };
    static const step cairo0[] = {
        {"squash_dict",
         "dict_accesses.address_=2:0 ptr_diff=14 n_accesses=5 range_check_ptr=3:0 " ACCESSES,
         NULL, "vm.hint.assert"},
        {"squash_dict", "ptr_diff=15", "big_keys=0 first_key=4", NULL},
        {"squash_dict_inner_first_iteration", "", "3:0=1", NULL},
        {"squash_dict_inner_skip_loop", "", "should_skip_loop=0", NULL},
        {"squash_dict_inner_len_assert", "", NULL, "vm.hint.assert"},
        {"squash_dict_inner_check_access_index", "", "loop_temps.index_delta_minus1=2", NULL},
        {"squash_dict_inner_continue_loop", "", "loop_temps.should_continue=0", NULL},
        {"squash_dict_inner_len_assert", "", "", NULL},
        {"squash_dict_inner_used_accesses_assert", "n_used_accesses=2", "", NULL},
        {"squash_dict_inner_used_accesses_assert", "n_used_accesses=3", NULL, "vm.hint.assert"},
        {"squash_dict_inner_assert_len_keys", "", NULL, "vm.hint.assert"},
        {"squash_dict_inner_next_key", "", "next_key=9", NULL},
        {"squash_dict_inner_assert_len_keys", "", "", NULL},
        {"squash_dict_inner_next_key", "next_key=-", NULL, "vm.hint.assert"},
        {"vm_enter_scope", "", "", NULL},
        {"squash_dict_inner_next_key", "", NULL, "vm.hint.scope"},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO1, cairo1, COUNT(cairo1));
    check_steps(SAGE_PROGRAM_CAIRO0, cairo0, COUNT(cairo0));
}

/* --- sorting and searching --- */

static void sorts(void **state)
{
    static const step steps[] = {
        {"usort_enter_scope", "", "", NULL},
        {"usort_verify", "value=5", NULL, "vm.hint.scope"},
        {"usort_body", "input=2:0 input_len=6 2:0=5 2:1=3 2:2=-1 2:3=5 2:4=5 2:5=3",
         "output_len=3 output=8:0 multiplicities=9:0 8:0=3 8:1=5 8:2=-1 8:3=- 9:0=2 9:1=3 "
         "9:2=1 9:3=-",
         NULL},
        {"usort_verify", "", "", NULL},
        {"usort_verify_multiplicity_assert", "", NULL, "vm.hint.assert"},
        {"usort_verify_multiplicity_body", "", "next_item_index=0", NULL},
        {"usort_verify_multiplicity_body", "next_item_index=-", "next_item_index=2", NULL},
        {"usort_verify_multiplicity_body", "next_item_index=-", "next_item_index=0", NULL},
        {"usort_verify_multiplicity_assert", "", "", NULL},
        {"usort_verify_multiplicity_body", "next_item_index=-", NULL, "vm.hint.assert"},
        {"usort_verify", "value=4", "", NULL},
        {"usort_verify_multiplicity_assert", "", "", NULL},
        {"usort_body", "input_len=0 output_len=- output=- multiplicities=-",
         "output_len=0 output=10:0 multiplicities=11:0", NULL},
        {"usort_body", "input_len=7 output_len=- output=- multiplicities=-", NULL,
         "vm.hint.address"},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO0, steps, COUNT(steps));
}

static void searches(void **state)
{
#define ARRAY "array_ptr=2:0 elm_size=2 2:0=3 2:2=5 2:4=5 2:6=9 "
#define SET   "elm_size=2 set_ptr=2:0 2:0=1 2:1=2 2:2=3 2:3=3:4 elm_ptr=3:0 "
    static const bench_row rows[] = {
        {"find_element", ARRAY "key=5 n_elms=4", "index=1", NULL},
        {"find_element", ARRAY "key=9 n_elms=3", NULL, "vm.hint.assert"},
        {"find_element", ARRAY "key=6 n_elms=5", NULL, "vm.hint.address"},
        {"find_element", "array_ptr=2:0 elm_size=0 key=1 n_elms=4", NULL, "vm.hint.assert"},
        {"find_element", "array_ptr=2:0 elm_size=1 key=1 n_elms=-1", NULL, "vm.hint.operand"},
        {"search_sorted_lower", ARRAY "key=4 n_elms=4", "index=1", NULL},
        {"search_sorted_lower", ARRAY "key=3 n_elms=4", "index=0", NULL},
        {"search_sorted_lower", ARRAY "key=10 n_elms=4", "index=4", NULL},
        {"search_sorted_lower", ARRAY "key=2:0 n_elms=4", NULL, "vm.hint.operand"},
        {"set_add", SET "set_end_ptr=2:4 3:0=3 3:1=3:4", "index=1 is_elm_in_set=1", NULL},
        {"set_add", SET "set_end_ptr=2:2 3:0=3 3:1=3:4", "index=- is_elm_in_set=0", NULL},
        {"set_add", SET "set_end_ptr=2:0 3:0=3 3:1=3:4", "is_elm_in_set=0", NULL},
        {"set_add", SET "set_end_ptr=3:4 3:0=3 3:1=3:4", NULL, "vm.hint.assert"},
        {"set_add", SET "set_end_ptr=2:4 elm_size=0", NULL, "vm.hint.assert"},
    };
    (void)state;
    bench_check_all(rows, COUNT(rows));
}

/* What hints keep and how long they loop has a bound, and the next one past it ends the run. */
static void keeps_within_limits(void **state)
{
    (void)state;
    bench *b    = bench_new(SAGE_PROGRAM_CAIRO0);
    uint32_t pc = bench_add(b, "usort_body");
    bench_prepare(b);
    bench_set(b, "input=2:0 input_len=2 2:0=5 2:1=3");
    b->state->work = ((uint64_t)1 << 32) - 1;
    assert_int_equal(bench_run(b, pc), SAGE_ELIMIT);
    assert_string_equal(b->err.where, "vm.hint.work");
    b->state->work    = 0;
    b->state->entries = b->memory.max_cells - 1;
    assert_int_equal(bench_run(b, pc), SAGE_ELIMIT);
    assert_string_equal(b->err.where, "vm.hint.memory");
    b->state->entries--;
    assert_int_equal(bench_run(b, pc), SAGE_OK);
    bench_free(b);
}

/* --- roots and points --- */

static void finds_roots_and_points(void **state)
{
    /* 3 is no square modulo P; the point is the generator of signatures. */
    static const bench_row rows[] = {
        {"FieldSqrt", "val=0", "sqrt=0", NULL},
        {"FieldSqrt", "val=49", "sqrt=7", NULL},
        {"is_quad_residue", "x=121", "y=11", NULL},
        {"is_quad_residue", "x=48", "y=4", NULL}, /* 3 is none, 48 / 3 = 16 */
        {"FieldSqrt", "val=12", "sqrt=6", NULL},  /* 12 is none, 36 is one */
        {"recover_y", "x=0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca",
         "p.x=0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca "
         "p.y=0x5668060aa49730b7be4801df46ec62de53ecd11abe43a32873000c36e8dc1f",
         NULL},
        {"recover_y", "x=0", NULL, "vm.hint.assert"},
        /* Drawn as the reference draws them: the first is its test's. */
        {"random_ec_point",
         "p.x=0x6a4beaef5a93425b973179cdba0c9d42f30e01a5f1e2db73da0884b8d6756fc "
         "p.y=0x72565ec81bc09ff53fbfad99324a92aa5b39fb58267e395e8abe36290ebf24f m=34 "
         "q.x=0x654fd7e67a123dd13868093b3b7777f1ffef596c2e324f25ceaf9146698482c "
         "q.y=0x4fad269cbf860980e38768fe9cb6b0b9ab03ee3fe84cfde2eccce597c874fd8",
         "s.x=0x585846e142b5ca5b13e6632bdf5ac1f094fb925544a8cbcb84ae28f4c0544a9 "
         "s.y=0x78b7d267253e9cf7d606712891d3352857b7816d5d8ec94a23d267bc4bd4f67",
         NULL},
        {"chained_ec_op_random_ec_point",
         "p.x=0x6a4beaef5a93425b973179cdba0c9d42f30e01a5f1e2db73da0884b8d6756fc "
         "p.y=0x72565ec81bc09ff53fbfad99324a92aa5b39fb58267e395e8abe36290ebf24f m=2:0 len=3 "
         "q.address_=3:0 2:0=34 2:1=34 2:2=34 "
         "3:0=0x654fd7e67a123dd13868093b3b7777f1ffef596c2e324f25ceaf9146698482c "
         "3:1=0x4fad269cbf860980e38768fe9cb6b0b9ab03ee3fe84cfde2eccce597c874fd8 "
         "3:2=0x654fd7e67a123dd13868093b3b7777f1ffef596c2e324f25ceaf9146698482c "
         "3:3=0x4fad269cbf860980e38768fe9cb6b0b9ab03ee3fe84cfde2eccce597c874fd8 "
         "3:4=0x654fd7e67a123dd13868093b3b7777f1ffef596c2e324f25ceaf9146698482c "
         "3:5=0x4fad269cbf860980e38768fe9cb6b0b9ab03ee3fe84cfde2eccce597c874fd8",
         "s.x=0x2fea7b86a331e5d50154955f3c8e7fe5dcb91d5ba19ee60fcf23acd1d0ed4e3 "
         "s.y=0x201b7faec646d99408d51f63964c3a3b551f6a6550d6c59114caf833178e950",
         NULL},
        {"chained_ec_op_random_ec_point", "p.x=1 p.y=2 m=2:0 len=1 q.address_=3:0", NULL,
         "vm.hint.address"},
    };
    (void)state;
    bench_check_all(rows, COUNT(rows));
}

/* --- lists of words --- */

static void hashes(void **state)
{
    /* blake2s of the empty message: 69217a30 79908094 e11121d0 42354a7c 1f55b648 2ca1a51e
     * 1b250dfd 1ed0eef9 (RFC 7693 gives that of "abc"), as words, low byte first. */
    static const char *const empty =
        "2:26=0x307a2169 2:27=0x94809079 2:28=0xd02111e1 2:29=0x7c4a3542 2:30=0x48b6551f "
        "2:31=0x1ea5a12c 2:32=0xfd0d251b 2:33=0xf9eed01e";
    static const bench_row rows[] = {
        {"blake2s_add_uint256",
         "low=0x33333333222222221111111100000009 high=0x77777777666666665555555544444444 "
         "data=2:0",
         "2:0=9 2:1=0x11111111 2:3=0x33333333 2:4=0x44444444 2:7=0x77777777", NULL},
        {"blake2s_add_uint256_bigend",
         "low=0x33333333222222221111111100000009 high=0x77777777666666665555555544444444 "
         "data=2:0",
         "2:0=0x77777777 2:3=0x44444444 2:4=0x33333333 2:7=9", NULL},
        {"is_less_than_63_bits_and_not_end", "end=2:5 packed_values=2:5", "[ap]=0", NULL},
        {"is_less_than_63_bits_and_not_end", "end=2:6 packed_values=2:5 2:5=7", "[ap]=1", NULL},
        {"is_less_than_63_bits_and_not_end", "end=2:6 packed_values=2:5 2:5=0x8000000000000000",
         "[ap]=0", NULL},
        {"blake2s_unpack_felts",
         "packed_values_len=2 packed_values=2:0 unpacked_u32s=3:0 2:0=0x700000009 2:1=-1",
         "3:0=7 3:1=9 3:2=0x88000000 3:3=0x11 3:4=0 3:9=0 3:10=-", NULL},
        {"blake2s_unpack_felts", "packed_values_len=1 packed_values=2:0 unpacked_u32s=3:0",
         NULL, "vm.hint.address"},
        {"blake2s_compute", "output=2:25", NULL, "vm.hint.address"},
        {"blake2s_compute", "output=2:26", NULL, "vm.hint.address"},
    };
    (void)state;
    bench_check_all(rows, COUNT(rows));

    /* An instance that finalize writes is one that compute agrees with. */
    bench *b              = bench_new(SAGE_PROGRAM_CAIRO0);
    const uint32_t fill   = bench_add(b, "blake2s_finalize"),
                   hash   = bench_add(b, "blake2s_compute"),
                   fill3  = bench_add(b, "blake2s_finalize_v3"),
                   single = bench_add(b, "example_blake2s_compress");
    char text[64];
    bench_prepare(b);
    bench_set(b, "N_PACKED_INSTANCES=3 INPUT_BLOCK_FELTS=16 blake2s_ptr_end=2:0 output=2:26");
    assert_int_equal(bench_run(b, fill), SAGE_OK);
    bench_expect(b, empty);
    bench_expect(b, "2:0=0x6b08e647 2:8=0 2:24=0 2:25=0xffffffff 2:34=0x6b08e647 2:68=-");
    assert_int_equal(bench_run(b, hash), SAGE_OK);
    bench_set(b, "2:26=-");
    assert_int_equal(bench_run(b, hash), SAGE_OK);
    bench_expect(b, empty);
    bench_set(b, "2:25=1 2:26=-");
    assert_int_equal(bench_run(b, hash), SAGE_EINVAL);
    bench_set(b, "2:25=0");
    assert_int_equal(bench_run(b, hash), SAGE_EINVAL); /* another result: cells are taken */
    bench_set(b, "2:0=0x100000000");
    assert_int_equal(bench_run(b, hash), SAGE_EINVAL);
    bench_set(b, "BLAKE2S_INPUT_CHUNK_SIZE_FELTS=16 blake2s_ptr_end=3:0");
    assert_int_equal(bench_run(b, fill3), SAGE_OK);
    bench_expect(b, "3:0=0 3:16=0x6b08e647 3:26=0x307a2169 3:68=-");
    for (int i = 0; i < 16; i++) {
        snprintf(text, sizeof text, "4:%d=0", i);
        bench_set(b, text);
    }
    bench_set(b, "blake2s_start=4:0 n_bytes=0 output=5:0");
    assert_int_equal(bench_run(b, single), SAGE_OK);
    bench_expect(b, "5:0=0x307a2169 5:7=0xf9eed01e 5:8=-");
    bench_set(b, "BLAKE2S_INPUT_CHUNK_SIZE_FELTS=15");
    assert_int_equal(bench_run(b, single), SAGE_EINVAL);
    assert_int_equal(bench_run(b, fill3), SAGE_EINVAL);
    bench_free(b);
}

/* --- Cairo 1: arguments, constant boxes, points, what is ignored and refused --- */

static void gives_arguments(void **state)
{
    const sage_value felts[] = {number(5), number(6), number(7)};
    (void)state;
    bench *b    = bench_new(SAGE_PROGRAM_CAIRO1);
    uint32_t pc = bench_add(b, "WriteRunParam");
    bench_prepare(b);
    b->input = (sage_run_input){.felts = felts, .n_felts = 3};
    bench_set(b, "index=1");
    assert_int_equal(bench_run(b, pc), SAGE_EINVAL);
    assert_string_equal(b->err.where, "vm.hint.arguments");
    bench_set(b, "index=0");
    assert_int_equal(bench_run(b, pc), SAGE_OK);
    bench_expect(b, "dst=8:0 8:0=5 8:1=6 8:2=7 8:3=-");
    sage_address end = bench_at(b, "dst", 3);
    end.offset++;
    assert_value(sage_memory_get(&b->memory, end), address(8, 3));
    bench_free(b);
}

static void allocates(void **state)
{
    static const step steps[] = {
        {"AllocSegment", "", "dst=8:0", NULL},
        {"AllocConstantSize", "size=3 dst=-", "dst=9:0", NULL},
        {"AllocSegment", "dst=-", "dst=10:0", NULL},
        {"AllocConstantSize", "size=2 dst=-", "dst=9:3", NULL},
        {"AllocConstantSize", "size=0 dst=-", "dst=9:5", NULL},
        {"AllocConstantSize", "size=0x20000000 dst=-", NULL, "vm.hint.address"},
        {"AllocConstantSize", "size=-1 dst=-", NULL, "vm.hint.operand"},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO1, steps, COUNT(steps));
}

/* Each differs from the last, and a run like this one gives the same. */
static void draws_equal_points(void **state)
{
    sage_value x[2][2];
    (void)state;
    for (int run = 0; run < 2; run++) {
        bench *b    = bench_new(SAGE_PROGRAM_CAIRO1);
        uint32_t pc = bench_add(b, "RandomEcPoint");
        bench_prepare(b);
        for (int i = 0; i < 2; i++) {
            bench_set(b, "x=- y=-");
            assert_int_equal(bench_run(b, pc), SAGE_OK);
            x[run][i]    = sage_memory_get(&b->memory, bench_at(b, "x", 1));
            sage_value y = sage_memory_get(&b->memory, bench_at(b, "y", 1));
            sage_point p = {sage_value_felt(x[run][i]), sage_value_felt(y)};
            assert_true(sage_point_on_curve(p));
        }
        bench_free(b);
    }
    assert_value(x[0][0], x[1][0]);
    assert_value(x[0][1], x[1][1]);
    assert_false(sage_value_equal(x[0][0], x[0][1]));
}

static void ignores_and_refuses(void **state)
{
    static const char *const ignored[] = {
        "{\"DebugPrint\": {}}", "{\"AddTrace\": {\"flag\":0}}", "{\"AddMarker\": {}}",
        "\"AssertAllKeysUsed\"", " \"AssertCurrentAccessIndicesIsEmpty\" "};
#define CELL "{\"register\": \"FP\", \"offset\": 0}"
    static const struct {
        const char *text, *where;
    } refused[] = {
        {"{\"SystemCall\": {\"system\": {\"Deref\": " CELL "}}}", "vm.hint.refused"},
        {"{\"Cheatcode\": {}}", "vm.hint.refused"},
        {"{\"Unheard\": {}}", "vm.hint.unknown"},
        {"{}", "vm.hint.unknown"},
        {"\"AllocSegment\"", "vm.hint.unknown"},
        {"\"vm_exit_scope()\"", "vm.hint.unknown"},
        {"{\"AllocSegment\": {}}", "vm.hint.operand"},
        {"{\"AllocSegment\": {\"dst\": {}}}", "vm.hint.operand"},
        {"{\"AllocSegment\": {\"dst\": {\"register\": \"SP\", \"offset\": 0}}}",
         "vm.hint.operand"},
        {"{\"AllocSegment\": {\"dst\": {\"register\": \"AP\", \"offset\": 32768}}}",
         "vm.hint.operand"},
        {"{\"AllocSegment\": {\"dst\": {\"register\": \"AP\", \"offset\": 1.5}}}",
         "json.fraction"},
        {"{\"AllocSegment\": 5}", "json.syntax"},
        {"{\"AllocSegment\"", "json.truncated"},
        {"", "json.truncated"},
        {"{\"AllocConstantSize\": {\"size\": {\"Immediate\": \"x\"}, \"dst\": " CELL "}}",
         "vm.hint.operand"},
        {"{\"AllocConstantSize\": {\"size\": {\"BinOp\": {\"op\": \"Div\", \"a\": " CELL
         ", \"b\": {\"Immediate\": \"0x1\"}}}, \"dst\": " CELL "}}",
         "vm.hint.operand"},
        {"{\"AllocConstantSize\": {\"size\": {\"BinOp\": {\"op\": \"Add\", \"a\": " CELL
         ", \"b\": {}}}, \"dst\": " CELL "}}",
         "vm.hint.operand"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ignored); i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO1);
        add_hint(&f, ignored[i]);
        prepare(&f);
        assert_false(sage_hints_at(f.state, 0));
        teardown(&f);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO1);
        add_hint(&f, refused[i].text);
        sage_status s = sage_hints_prepare(&f.state, &f.program, &f.err);
        if (!s || strcmp(f.err.where, refused[i].where) != 0)
            fail_msg("%s: %s", refused[i].text, s ? f.err.where : "no error");
        assert_null(f.state);
        teardown(&f);
    }
}

/* Every form of operand, as TestLessThan's left side against 100. */
static void reads_cairo1_operands(void **state)
{
    static const struct {
        const char *operand;
        int less; /* -1: it has no value */
    } cases[] = {
        {"{\"Deref\": {\"register\": \"FP\", \"offset\": -3}}", 1},
        {"{\"Deref\": {\"register\": \"AP\", \"offset\": -1}}", 0},
        {"{\"Deref\": {\"register\": \"AP\", \"offset\": 7}}", -1},
        {"{\"DoubleDeref\": [{\"register\": \"FP\", \"offset\": 2}, 3]}", 1},
        {"{\"DoubleDeref\": [{\"register\": \"FP\", \"offset\": 2}, -30]}", -1},
        {"{\"DoubleDeref\": [{\"register\": \"FP\", \"offset\": -3}, 3]}", -1},
        {"{\"Immediate\": \"0x63\"}", 1},
        {"{\"Immediate\": \"-0x1\"}", 0},
        {"{\"BinOp\": {\"op\": \"Add\", \"a\": {\"register\": \"FP\", \"offset\": -3}, \"b\": "
         "{\"Immediate\": \"0x5b\"}}}",
         0},
        {"{\"BinOp\": {\"op\": \"Mul\", \"a\": {\"register\": \"FP\", \"offset\": -3}, \"b\": "
         "{\"Deref\": {\"register\": \"FP\", \"offset\": -3}}}}",
         1},
    };
    char text[512];
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fixture f;
        setup(&f, SAGE_PROGRAM_CAIRO1);
        snprintf(
            text, sizeof text,
            "{\"TestLessThan\": {\"lhs\": %s, \"rhs\": {\"Immediate\": \"0x64\"}, \"dst\": "
            "{\"register\": \"AP\", \"offset\": 0}}}",
            cases[i].operand);
        add_hint(&f, text);
        prepare(&f);
        set_fp(&f, -3, number(9));
        set_fp(&f, 2, address(0, 20));
        set_at(&f, 0, 23, number(13));
        set_at(&f, SAGE_SEGMENT_EXECUTION, AP - 1, number(1000));
        sage_status s = run_at(&f, 0);
        assert_int_equal(s, cases[i].less < 0 ? SAGE_EINVAL : SAGE_OK);
        if (!s) assert_value(get_ap(&f), number((uint64_t)cases[i].less));
        teardown(&f);
    }
}

/* --- segments that move --- */

static void moves_segments(void **state)
{
    static const step steps[] = {
        {"AllocSegment", "", "dst=8:0", NULL},
        {"AllocSegment", "dst=-", "dst=9:0", NULL},
        {"AllocFelt252Dict", "segment_arena_ptr=2:3 2:0=3:0 2:1=0 2:2=0", "3:0=10:0", NULL},
        {"Felt252DictEntryUpdate", "dict_ptr=10:3 10:0=1 value=9:2", "", NULL},
        {"AddRelocationRule", "src=1:0 dst=8:2", NULL, "vm.hint.address"},
        {"AddRelocationRule", "src=9:1 dst=8:2", NULL, "vm.hint.address"},
        {"AddRelocationRule", "src=9:0 dst=9:2", NULL, "vm.hint.address"},
        {"AddRelocationRule", "src=9:0 dst=8:2 8:0=1 8:1=9:1 9:0=7 9:1=9:5 9:4=8 3:7=9:3",
         "8:0=1 8:1=8:3 8:2=7 8:3=8:7 8:4=- 8:6=8 9:0=- 9:1=- 3:7=8:5 src=8:2", NULL},
        {"Felt252DictEntryInit", "dict_ptr=10:3 key=1", "10:4=8:4", NULL},
        {"AddRelocationRule", "src=10:0 dst=8:6", NULL, "vm.memory.write"},
    };
    static const step cairo0[] = {
        {"temporary_array", "", "temporary_array=8:0", NULL},
        {"relocate_segment", "src_ptr=8:0 dest_ptr=2:5 8:0=4", "2:5=4 8:0=- src_ptr=2:5", NULL},
    };
    (void)state;
    check_steps(SAGE_PROGRAM_CAIRO1, steps, COUNT(steps));
    check_steps(SAGE_PROGRAM_CAIRO0, cairo0, COUNT(cairo0));
}

/* --- modular circuits: 3 + 4 = 2 mod 5, and 3 * 4 --- */

static void fills_circuits(void **state)
{
    (void)state;
    bench *b    = bench_new(SAGE_PROGRAM_CAIRO1);
    uint32_t pc = bench_add(b, "EvalCircuit");
    char text[256];
    bench_prepare(b);
    for (unsigned at = 2; at < 4; at++) {
        snprintf(text, sizeof text, "%u:0=5 %u:1=0 %u:2=0 %u:3=0 %u:4=4:0 %u:5=5:%u %u:6=1", at,
                 at, at, at, at, at, at == 2 ? 0u : 3u, at);
        bench_set(b, text);
    }
    /* values at 4:0, 4:4 = 3, 4; the sum goes to 4:8, the product to 4:12 */
    bench_set(b, "4:0=3 4:1=0 4:2=0 4:3=0 4:4=4 4:5=0 4:6=0 4:7=0");
    bench_set(b, "5:0=0 5:1=4 5:2=8 5:3=0 5:4=4 5:5=12");
    bench_set(b, "add_mod_builtin=2:0 n_add_mods=1 mul_mod_builtin=3:0 n_mul_mods=1");
    sage_status s = bench_run(b, pc);
    if (s) fail_msg("%s: %s", b->err.where, b->err.msg);
    bench_expect(b, "4:8=2 4:9=0 4:12=2 4:15=0");
    bench_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_dictionaries),
        cmocka_unit_test(keeps_cairo1_dictionaries),
        cmocka_unit_test(holds_many_keys),
        cmocka_unit_test(squashes),
        cmocka_unit_test(sorts),
        cmocka_unit_test(searches),
        cmocka_unit_test(keeps_within_limits),
        cmocka_unit_test(finds_roots_and_points),
        cmocka_unit_test(hashes),
        cmocka_unit_test(gives_arguments),
        cmocka_unit_test(allocates),
        cmocka_unit_test(draws_equal_points),
        cmocka_unit_test(ignores_and_refuses),
        cmocka_unit_test(reads_cairo1_operands),
        cmocka_unit_test(moves_segments),
        cmocka_unit_test(fills_circuits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
