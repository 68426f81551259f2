/* What is paid for: true proofs of the job's own statement, by the verifier itself; a built-in
 * proof made here, and a published Cairo proof (stwo-cairo 2b1fb4d; skipped where absent). */
#include "base/test.h"

#include "cairo/proof.h"
#include "coordinator/accept.h"
#include "sage/prove.h"

#define ALL_OPCODES "stwo-cairo/test_prove_verify_all_opcode_components/proof.json"
#define RET_OPCODE  "stwo-cairo/test_prove_verify_ret_opcode/proof.json"

static const sage_checker checker = {.verify = sage_verify};

static void accept(const void *proof, size_t len, uint32_t bits, const sage_statement *job)
{
    sage_errinfo err;
    uint32_t got;
    if (sage_accept_proof(&checker, proof, len, bits, job, &got, &err))
        fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(got, bits);
}

static void refuse(const void *proof,
                   size_t len,
                   uint32_t bits,
                   const sage_statement *job,
                   sage_status want,
                   const char *where)
{
    sage_errinfo err;
    uint32_t got = 1;
    assert_int_equal(sage_accept_proof(&checker, proof, len, bits, job, &got, &err), want);
    assert_string_equal(err.where, where);
    assert_int_equal(got, 0);
}

static void test_statement(void **state)
{
    sage_statement job, other;
    sage_prove_options o = {.threads = 1, .params = {5, 1, 3, 0, 1}};
    uint8_t *proof;
    size_t len;
    (void)state;
    assert_int_equal(sage_statement_wide_fibonacci(&job, 3, 5, NULL), SAGE_OK);
    assert_int_equal(sage_statement_wide_fibonacci(&other, 3, 6, NULL), SAGE_OK);
    assert_int_equal(sage_prove(&job, NULL, 0, &o, &proof, &len, NULL), SAGE_OK);
    accept(proof, len, 8, &job);
    refuse(proof, len, 9, &job, SAGE_EPROOF, "proof.config.security");
    refuse(proof, len, 8, &other, SAGE_EPROOF, "result.statement");
    proof[len - 4] ^= 1;
    refuse(proof, len, 8, &job, SAGE_EPROOF, "proof.pow.query");
    free(proof);
}

/* In the form of the network and as published; not for a job of another program, output or
 * number of outputs. */
static void test_cairo(void **state)
{
    size_t len;
    char *text = sage_test_vector(RET_OPCODE, &len);
    sage_cairo_proof p;
    sage_sink binary = {0};
    sage_statement job;
    (void)state;
    assert_int_equal(sage_cairo_read(&p, (uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, NULL),
                     SAGE_OK);
    assert_int_equal(sage_cairo_write(&p, SAGE_CAIRO_FORMAT_BINARY, &binary, NULL), SAGE_OK);
    sage_cairo_proof_free(&p);
    assert_int_equal(sage_proof_statement(binary.bytes, binary.len, &job, NULL), SAGE_OK);
    assert_int_equal(job.kind, SAGE_STATEMENT_CAIRO);
    accept(binary.bytes, binary.len, 110, &job);
    accept(text, len, 110, &job);
    refuse(binary.bytes, binary.len, 111, &job, SAGE_EPROOF, "proof.config.security");
    static const int words[] = {SAGE_CAIRO_WORD_HASH, SAGE_CAIRO_WORD_PROGRAM,
                                SAGE_CAIRO_WORD_OUTPUT + 7, SAGE_CAIRO_WORD_N_OUTPUTS};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        sage_statement other = job;
        other.public_words[words[i]] ^= 1;
        refuse(binary.bytes, binary.len, 96, &other, SAGE_EPROOF, "result.statement");
    }
    binary.bytes[binary.len - 16] ^= 1;
    refuse(binary.bytes, binary.len, 96, &job, SAGE_EPROOF, "proof.pow.query");
    free(binary.bytes);
    free(text);
}

/* Valid, and not to be paid: a row of it is of the generic opcode (docs/SOUNDNESS.md). */
static void test_caution(void **state)
{
    size_t len;
    char *text = sage_test_vector(ALL_OPCODES, &len);
    sage_statement job;
    (void)state;
    assert_int_equal(sage_proof_statement((uint8_t *)text, len, &job, NULL), SAGE_OK);
    refuse(text, len, 96, &job, SAGE_EPROOF, "result.caution");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_statement),
                                       cmocka_unit_test(test_cairo),
                                       cmocka_unit_test(test_caution)};
    return cmocka_run_group_tests_name("accept", tests, NULL, NULL);
}
