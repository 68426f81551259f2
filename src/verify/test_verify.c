/* The door: every form is told apart and every result is complete, on built-in proofs made here
 * and on the two published Cairo proofs of stwo-cairo 2b1fb4d (skipped where absent). */
#include "base/test.h"

#include "base/test_heap.h"
#include "cairo/public.h"
#include "sage/prove.h"
#include "sage/verify.h"
#include "statement/statement.h"
#include "verify/cairo.h"

#define ALL_OPCODES "stwo-cairo/test_prove_verify_all_opcode_components/proof.json"
#define RET_OPCODE  "stwo-cairo/test_prove_verify_ret_opcode/proof.json"

static const sage_verify_result nothing;

/* Refused, with the result zero and nothing kept. */
static void refuse(const void *bytes, size_t len, sage_status want, const char *where)
{
    sage_verify_result r;
    sage_errinfo err = {0};
    uint8_t *exact   = malloc(len + 1); /* at its end, so that a read beyond is seen by ASan */
    assert_non_null(exact);
    memcpy(exact + 1, bytes, len);
    size_t before = heap_live();
    sage_status s = sage_verify(exact + 1, len, 1, &r, &err);
    assert_int_equal(heap_live(), before);
    free(exact);
    if (s != want || strncmp(err.where, where, strlen(where)) != 0)
        fail_msg("%s %s (%s)", sage_status_name(s), err.where, err.msg);
    assert_memory_equal(&r, &nothing, sizeof r);
}

static void test_names(void **state)
{
    (void)state;
    assert_string_equal(sage_proof_format_name(SAGE_PROOF_BINARY), "binary");
    assert_string_equal(sage_proof_format_name(SAGE_PROOF_CAIRO_SERDE), "cairo-serde");
    assert_string_equal(sage_proof_format_name(SAGE_PROOF_JSON), "json");
    assert_null(sage_proof_format_name(0));
    assert_null(sage_proof_format_name(4));
    assert_string_equal(sage_hash_family_name(SAGE_HASH_FAMILY_BLAKE2S), "blake2s");
    assert_string_equal(sage_hash_family_name(SAGE_HASH_FAMILY_POSEIDON252), "poseidon252");
    assert_null(sage_hash_family_name(2));
    assert_string_equal(sage_caution_name(SAGE_CAUTION_GENERIC_OPCODE), "generic_opcode");
    assert_null(sage_caution_name(2));
}

static void test_no_proof(void **state)
{
    static const uint8_t cairo[]   = "SAGEPRF1\4\0\0";
    static const uint8_t unknown[] = "SAGEPRF1\143\0\0\0\0\0\0\0\0\0\0";
    (void)state;
    refuse("", 0, SAGE_EFORMAT, "container.magic");
    refuse("proof", 5, SAGE_EFORMAT, "container.magic");
    refuse("\"0x1\"", 5, SAGE_EFORMAT, "container.magic");
    refuse("[", 1, SAGE_EFORMAT, "cairo.");
    refuse("[]", 2, SAGE_EFORMAT, "cairo.");
    refuse("{", 1, SAGE_EFORMAT, "json.truncated");
    refuse("{}", 2, SAGE_EFORMAT, "json.missing");
    refuse(cairo, sizeof cairo, SAGE_EFORMAT, "cairo.");
    refuse(cairo, 11, SAGE_EFORMAT, "container.kind");
    refuse(unknown, 20, SAGE_EFORMAT, "proof.format.");
}

static void test_statement_of_ours(void **state)
{
    sage_statement st, claimed;
    sage_verify_result r;
    sage_prove_options o = {.threads = 1, .params = {5, 1, 3, 0, 1}};
    uint8_t *proof;
    size_t len;
    (void)state;
    assert_int_equal(sage_statement_wide_fibonacci(&st, 5, 6, NULL), SAGE_OK);
    assert_int_equal(sage_prove(&st, NULL, 0, &o, &proof, &len, NULL), SAGE_OK);
    assert_int_equal(sage_verify(proof, len, 8, &r, NULL), SAGE_OK);
    assert_true(sage_statement_equal(&r.statement, &st));
    assert_int_equal(r.format, SAGE_PROOF_BINARY);
    assert_int_equal(r.hash, SAGE_HASH_FAMILY_BLAKE2S);
    assert_int_equal(r.security_bits, 8);
    assert_int_equal(r.log_rows, 6);
    assert_int_equal(r.n_columns, 5);
    assert_null(r.outputs);
    assert_int_equal(r.salt, 0);
    assert_memory_equal(&r.program_hash, &nothing.program_hash, sizeof r.program_hash);
    sage_verify_result_free(&r);
    sage_verify_result_free(&r);
    assert_memory_equal(&r, &nothing, sizeof r);
    assert_int_equal(sage_proof_statement(proof, len, &claimed, NULL), SAGE_OK);
    assert_true(sage_statement_equal(&claimed, &st));
    /* A proof of ours under the kind of another prover's. */
    proof[8] = SAGE_STATEMENT_CAIRO;
    refuse(proof, len, SAGE_EFORMAT, "cairo.");
    free(proof);
}

/* What the two published proofs are, by facts section 0. */
typedef struct published {
    const char *name;
    uint32_t hash, cautions, security_bits, n_queries, fold_step, salt;
} published;

static const published blake2s = {
    ALL_OPCODES, SAGE_HASH_FAMILY_BLAKE2S, SAGE_CAUTION_GENERIC_OPCODE, 96, 70, 3, 0};
static const published poseidon252 = {RET_OPCODE, SAGE_HASH_FAMILY_POSEIDON252, 0, 110, 90, 1,
                                      42};

static void check_result(const published *want, const sage_verify_result *r)
{
    assert_int_equal(r->statement.kind, SAGE_STATEMENT_CAIRO);
    assert_int_equal(sage_statement_check(&r->statement, NULL), SAGE_OK);
    assert_int_equal(r->statement.public_words[SAGE_CAIRO_WORD_HASH], want->hash);
    assert_int_equal(r->statement.public_words[SAGE_CAIRO_WORD_N_OUTPUTS], r->n_outputs);
    for (int i = 0; i < 32; i++)
        assert_int_equal(
            r->program_hash.be[31 - i],
            r->statement.public_words[SAGE_CAIRO_WORD_PROGRAM + i / 4] >> 8 * (i % 4) & 0xff);
    assert_int_equal(r->hash, want->hash);
    assert_int_equal(r->cautions, want->cautions);
    assert_int_equal(r->security_bits, want->security_bits);
    assert_int_equal(r->n_queries, want->n_queries);
    assert_int_equal(r->fold_step, want->fold_step);
    assert_int_equal(r->security_bits, r->pow_bits + r->log_blowup * r->n_queries);
    assert_int_equal(r->outputs == NULL, r->n_outputs == 0);
    assert_true(r->log_rows >= 16 && r->log_rows <= 25 && r->n_columns > 100);
}

/* The outputs hash to what the statement says. */
static void check_outputs(const sage_verify_result *r)
{
    sage_cairo_cells cells = {calloc(r->n_outputs + 1, sizeof *cells.at),
                              (uint32_t)r->n_outputs};
    uint8_t program[32]    = {0}, digest[32];
    sage_statement st;
    assert_non_null(cells.at);
    for (uint32_t i = 0; i < cells.n; i++)
        for (int k = 0; k < 32; k++)
            cells.at[i].value.w[k / 4] |= (uint32_t)r->outputs[i].be[31 - k] << 8 * (k % 4);
    assert_int_equal(sage_cairo_section_hash(&cells, (sage_hash_kind)r->hash, digest, NULL),
                     SAGE_OK);
    assert_int_equal(sage_statement_cairo(&st, r->hash, program, digest, cells.n, NULL),
                     SAGE_OK);
    assert_memory_equal(st.public_words + SAGE_CAIRO_WORD_OUTPUT,
                        r->statement.public_words + SAGE_CAIRO_WORD_OUTPUT, 32);
    free(cells.at);
}

/* Accepts bytes and compares with what the serde form gave. */
static void accept_form(const published *want,
                        const uint8_t *bytes,
                        size_t len,
                        uint32_t format,
                        const sage_verify_result *first)
{
    sage_verify_result r;
    sage_statement claimed;
    sage_errinfo err = {0};
    size_t before    = heap_watch();
    sage_status s    = sage_verify(bytes, len, want->security_bits, &r, &err);
    if (s) fail_msg("%s, format %u: %s (%s)", want->name, format, err.msg, err.where);
    size_t peak = heap_peak() - before;
    print_message("format %u: %zu bytes, peak %zu\n", format, len, peak);
    assert_true(peak <= SAGE_VERIFY_MAX_BYTES);
    assert_int_equal(r.format, format);
    check_result(want, &r);
    assert_true(sage_statement_equal(&r.statement, &first->statement));
    assert_int_equal(r.salt, first->salt);
    assert_memory_equal(r.interaction_root, first->interaction_root, 32);
    assert_int_equal(r.n_outputs, first->n_outputs);
    if (r.n_outputs)
        assert_memory_equal(r.outputs, first->outputs, r.n_outputs * sizeof *r.outputs);
    sage_verify_result_free(&r);
    assert_int_equal(heap_live(), before);
    assert_int_equal(sage_proof_statement(bytes, len, &claimed, NULL), SAGE_OK);
    assert_true(sage_statement_equal(&claimed, &first->statement));
    assert_int_equal(heap_live(), before);
    assert_int_equal(sage_verify(bytes, len, want->security_bits + 1, &r, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "proof.config.security");
    assert_memory_equal(&r, &nothing, sizeof r);
    assert_int_equal(heap_live(), before);
}

static void every_form(const published *want)
{
    size_t len;
    char *text = sage_test_vector(want->name, &len);
    sage_verify_result first;
    sage_cairo_proof p;
    sage_errinfo err = {0};
    sage_status s    = sage_verify((uint8_t *)text, len, want->security_bits, &first, &err);
    if (s) fail_msg("%s: %s (%s)", want->name, err.msg, err.where);
    check_outputs(&first);
    accept_form(want, (uint8_t *)text, len, SAGE_PROOF_CAIRO_SERDE, &first);
    assert_int_equal(sage_cairo_read(&p, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, NULL),
                     SAGE_OK);
    free(text);
    assert_int_equal(first.salt, p.salt);
    assert_int_equal(first.salt, want->salt);
    assert_int_equal(p.proof.roots.n, 4);
    assert_memory_equal(first.interaction_root, sage_view_digest(p.proof.roots, 2), 32);
    for (int f = SAGE_CAIRO_FORMAT_JSON; f <= SAGE_CAIRO_FORMAT_BINARY; f++) {
        sage_sink out = {0};
        assert_int_equal(sage_cairo_write(&p, (sage_cairo_format)f, &out, NULL), SAGE_OK);
        accept_form(want, out.bytes, out.len, (uint32_t)f, &first);
        free(out.bytes);
    }
    sage_cairo_proof_free(&p);
    sage_verify_result_free(&first);
}

static void test_blake2s(void **state)
{
    (void)state;
    every_form(&blake2s);
}

static void test_poseidon252(void **state)
{
    (void)state;
    every_form(&poseidon252);
}

/* Each allocation of a verification fails once: named, nothing kept, nothing half filled; or it
 * could be done without, and the answer is the same. */
static void test_no_memory(void **state)
{
    size_t len, n;
    char *text = sage_test_vector(RET_OPCODE, &len);
    sage_cairo_proof p;
    sage_sink binary = {0};
    sage_status s;
    (void)state;
    assert_int_equal(sage_cairo_read(&p, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, NULL),
                     SAGE_OK);
    assert_int_equal(sage_cairo_write(&p, SAGE_CAIRO_FORMAT_BINARY, &binary, NULL), SAGE_OK);
    sage_cairo_proof_free(&p);
    free(text);
    for (n = 1;; n++) {
        sage_verify_result r;
        sage_errinfo err = {0};
        size_t before    = heap_live();
        heap_fail(n);
        s        = sage_verify(binary.bytes, binary.len, 96, &r, &err);
        bool all = heap_fail(0) > 0;
        if (s == SAGE_OK) {
            assert_int_equal(r.statement.kind, SAGE_STATEMENT_CAIRO);
            sage_verify_result_free(&r);
        } else {
            assert_int_equal(s, SAGE_ENOMEM);
            assert_non_null(strchr(err.where, '.'));
            assert_memory_equal(&r, &nothing, sizeof r);
        }
        assert_int_equal(heap_live(), before);
        if (all) break;
    }
    assert_int_equal(s, SAGE_OK);
    print_message("%zu allocations\n", n - 1);
    free(binary.bytes);
}

/* Every prefix is refused, and so is a proof with one digit changed, by name. */
static void test_changed(void **state)
{
    size_t len;
    char *text = sage_test_vector(ALL_OPCODES, &len);
    (void)state;
    size_t step = sage_test_quick() ? len / 5 : len / 40;
    for (size_t n = 1; n < len - 2; n += step)
        refuse(text, n, SAGE_EFORMAT, "cairo.");
    for (size_t at = step / 2; at < len; at += step) {
        while (text[at] < '2' ||
               text[at] > '9') /* no length or tag turns into a gigantic one */
            at++;
        text[at]--;
        sage_verify_result r;
        sage_errinfo err;
        sage_status s = sage_verify((uint8_t *)text, len, 96, &r, &err);
        if (s == SAGE_OK || !strchr(err.where, '.'))
            fail_msg("byte %zu: %s", at, sage_status_name(s));
        assert_memory_equal(&r, &nothing, sizeof r);
        text[at]++;
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     cmocka_unit_test(test_no_proof),
        cmocka_unit_test(test_blake2s),   cmocka_unit_test(test_statement_of_ours),
        cmocka_unit_test(test_changed),   cmocka_unit_test(test_poseidon252),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
