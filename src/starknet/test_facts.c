/* Facts of proofs: form, salt, and every way to pass one proof off as another. The last test
 * takes a real proof, stwo-cairo's published one of a single ret (skipped where absent). */
#include "base/test.h"

#include "field/felt252_text.h"
#include "hash/poseidon252.h"
#include "starknet/facts.h"

static felt252 felt(const char *hex)
{
    felt252 v;
    assert_int_equal(sage_felt_from_hex(&v, hex, strlen(hex), false, NULL), SAGE_OK);
    return v;
}

static void assert_felt(felt252 have, felt252 want)
{
    assert_true(felt252_eq(have, want));
}

static sage_felt_bytes big_endian(felt252 v)
{
    uint8_t little[32];
    sage_felt_bytes b;
    felt252_to_bytes(v, little);
    for (int i = 0; i < 32; i++)
        b.be[i] = little[31 - i];
    return b;
}

/* An accepted proof as sage_verify describes it, of a job. */
typedef struct made {
    sage_verify_result r;
    sage_felt_bytes outputs[3];
    sage_facts f;
} made;

static void make(made *m)
{
    memset(m, 0, sizeof *m);
    sage_facts *f = &m->f;
    f->job_id     = sage_amount_of(7);
    f->worker     = felt("0x1234");
    f->input_hash = felt("0xabc");
    m->outputs[0] = big_endian(f->input_hash);
    m->outputs[1] = big_endian(felt("0x11"));
    m->outputs[2] = big_endian(felt252_neg(felt252_one()));
    m->r          = (sage_verify_result){.statement = {.kind = SAGE_STATEMENT_CAIRO},
                                         .salt = sage_job_salt(&f->job_id, f->input_hash, f->worker),
                                         .program_hash = big_endian(felt("0x77")),
                                         .outputs      = m->outputs,
                                         .n_outputs    = 3};
    for (uint8_t i = 0; i < 32; i++)
        m->r.interaction_root[i] = (uint8_t)(0xf0 + i);
    sage_amount job = f->job_id;
    felt252 worker  = f->worker;
    assert_int_equal(sage_facts_of_proof(f, &m->r, f->input_hash, NULL), SAGE_OK);
    f->job_id = job;
    f->worker = worker;
    assert_int_equal(sage_facts_match(f, &m->r, NULL), SAGE_OK);
}

static void refused(const made *m, sage_status want, const char *where, int at)
{
    sage_errinfo err = {0};
    assert_int_equal(sage_facts_match(&m->f, &m->r, &err), want);
    assert_string_equal(err.where, where);
    if (at >= 0) assert_int_equal(err.at, at);
}

static void form(void **state)
{
    made m;
    felt252 v[SAGE_FACTS_LEN + 1] = {0};
    sage_facts f;
    (void)state;
    make(&m);
    m.f.job_id = (sage_amount){{1, 2, 3, UINT64_MAX}};
    sage_facts_write(v, &m.f);
    assert_felt(v[0], felt("0x5341474531"));
    assert_felt(v[1], felt("0x636169726f"));
    assert_felt(v[2], felt("0x77"));
    assert_felt(v[4], felt("0xabc"));
    assert_felt(v[5], felt("0x20000000000000001"));
    assert_felt(v[6], felt("0xffffffffffffffff0000000000000003"));
    assert_felt(v[7], felt("0x1234"));
    assert_felt(v[8], felt252_one());
    assert_int_equal(sage_facts_read(&f, v, SAGE_FACTS_LEN, NULL), SAGE_OK);
    felt252 again[SAGE_FACTS_LEN];
    sage_facts_write(again, &f);
    assert_memory_equal(again, v, sizeof again);
    assert_int_equal(sage_amount_compare(&f.job_id, &m.f.job_id), 0);
}

static void unread(const felt252 *v, uint32_t n, const char *where, int at)
{
    static const sage_facts nothing;
    sage_facts f;
    sage_errinfo err = {0};
    assert_int_equal(sage_facts_read(&f, v, n, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, where);
    assert_int_equal(err.at, at);
    assert_memory_equal(&f, &nothing, sizeof f);
}

static void bad_form(void **state)
{
    made m;
    felt252 v[SAGE_FACTS_LEN + 1] = {0}, keep;
    const felt252 two128          = felt("0x100000000000000000000000000000000");
    (void)state;
    make(&m);
    sage_facts_write(v, &m.f);
    for (uint32_t n = 0; n <= SAGE_FACTS_LEN + 1; n++)
        if (n != SAGE_FACTS_LEN) unread(v, n, "facts.length", (int)n);
    for (int i = 5; i <= 6; i++) {
        keep = v[i];
        v[i] = two128;
        unread(v, SAGE_FACTS_LEN, "facts.value", 5);
        v[i] = keep;
    }
    v[8] = felt("0x2");
    unread(v, SAGE_FACTS_LEN, "facts.value", 8);
    v[8] = felt252_neg(felt252_one());
    unread(v, SAGE_FACTS_LEN, "facts.value", 8);
    v[8] = felt252_zero();
    v[0] = felt("0x50524f4f4631"); /* 'PROOF1' */
    unread(v, SAGE_FACTS_LEN, "facts.marker", 0);
}

/* Each of job, input and worker changes the salt, in its lowest and its highest bit. The number
 * itself was computed with Python's hashlib. */
static void salt(void **state)
{
    sage_amount job = sage_amount_of(7), other = job;
    felt252 input = felt("0xabc"), worker = felt("0x1234");
    uint32_t s = sage_job_salt(&job, input, worker);
    (void)state;
    assert_int_equal(s, 1194152335);
    other.w[0] ^= 1;
    assert_int_not_equal(s, sage_job_salt(&other, input, worker));
    other = job;
    other.w[3] ^= UINT64_C(1) << 63;
    assert_int_not_equal(s, sage_job_salt(&other, input, worker));
    assert_int_not_equal(s, sage_job_salt(&job, felt("0xabd"), worker));
    assert_int_not_equal(s, sage_job_salt(&job, input, felt("0x1235")));
    assert_int_not_equal(s, sage_job_salt(&job, worker, input));
    for (uint64_t i = 0; i < 1000; i++)
        assert_true(sage_job_salt(&job, input, felt252_from_u64(i)) < 0x7fffffff);
}

static void input_hash(void **state)
{
    const felt252 v[] = {felt("0x5"), felt("0x6"), felt("0x7")};
    (void)state;
    assert_felt(sage_job_input_hash(v, 2, v[2]), sage_poseidon252_many(v, 3));
    assert_felt(sage_job_input_hash(NULL, 0, v[0]), sage_poseidon252_many(v, 1));
}

static void what_is_stated(void **state)
{
    made m;
    const felt252 outputs[] = {felt("0xabc"), felt("0x11"), felt252_neg(felt252_one())};
    const felt252 halves[]  = {felt("0xfffefdfcfbfaf9f8f7f6f5f4f3f2f1f0"),
                               felt("0x0f0e0d0c0b0a09080706050403020100")};
    sage_facts f;
    (void)state;
    make(&m);
    assert_felt(m.f.kind, felt("0x636169726f"));
    assert_felt(m.f.program_hash, felt("0x77"));
    assert_felt(m.f.output_hash, sage_poseidon252_many(outputs, 3));
    assert_felt(m.f.proof_id, sage_poseidon252_many(halves, 2));
    assert_true(m.f.input_bound);
    /* Bound by the first output alone. */
    assert_int_equal(sage_facts_of_proof(&f, &m.r, outputs[1], NULL), SAGE_OK);
    assert_false(f.input_bound);
    m.r.n_outputs = 0;
    assert_int_equal(sage_facts_of_proof(&f, &m.r, outputs[0], NULL), SAGE_OK);
    assert_false(f.input_bound);
    assert_felt(f.output_hash, sage_poseidon252_many(NULL, 0));
    m.r.n_outputs      = 1;
    m.outputs[0].be[0] = 0xff;
    assert_int_equal(sage_facts_of_proof(&f, &m.r, outputs[0], NULL), SAGE_EINTERNAL);
}

/* Another job, another input, another worker: the proof's salt is not theirs. */
static void other_bindings(void **state)
{
    made m;
    (void)state;
    make(&m);
    m.f.job_id = sage_amount_of(8);
    refused(&m, SAGE_EPROOF, "facts.salt", (int)m.r.salt);
    make(&m);
    m.f.input_hash = felt("0xabd");
    refused(&m, SAGE_EPROOF, "facts.salt", -1);
    make(&m);
    m.f.worker = felt("0x1235");
    refused(&m, SAGE_EPROOF, "facts.salt", -1);
    make(&m);
    m.r.salt++;
    refused(&m, SAGE_EPROOF, "facts.salt", -1);
    make(&m);
    m.r.salt = 0;
    refused(&m, SAGE_EPROOF, "facts.salt", 0);
}

/* Facts that say something else than the proof, and proofs that say something else than the
 * facts. */
static void other_contents(void **state)
{
    made m;
    (void)state;
    make(&m);
    m.f.kind = felt("0x1");
    refused(&m, SAGE_EPROOF, "facts.proof", 1);
    make(&m);
    m.f.program_hash = felt("0x78");
    refused(&m, SAGE_EPROOF, "facts.proof", 2);
    make(&m);
    m.r.program_hash.be[31] ^= 1;
    refused(&m, SAGE_EPROOF, "facts.proof", 2);
    for (int i = 1; i < 3; i++) {
        make(&m);
        m.outputs[i].be[7] ^= 1;
        refused(&m, SAGE_EPROOF, "facts.proof", 3);
    }
    make(&m);
    m.r.n_outputs--;
    refused(&m, SAGE_EPROOF, "facts.proof", 3);
    make(&m);
    m.f.input_bound = false;
    refused(&m, SAGE_EPROOF, "facts.proof", 8);
    make(&m);
    m.r.interaction_root[31] ^= 0x80;
    refused(&m, SAGE_EPROOF, "facts.proof", 9);
    make(&m);
    m.f.proof_id = felt("0x9");
    refused(&m, SAGE_EPROOF, "facts.proof", 9);
}

/* To say that the input is bound when the first output is another: the output's hash may be
 * right, the flag is not. */
static void false_binding(void **state)
{
    made m;
    sage_facts f;
    (void)state;
    make(&m);
    m.outputs[0] = big_endian(felt("0xdead"));
    assert_int_equal(sage_facts_of_proof(&f, &m.r, m.f.input_hash, NULL), SAGE_OK);
    m.f.output_hash = f.output_hash;
    refused(&m, SAGE_EPROOF, "facts.proof", 8);
    m.f.input_bound = false;
    assert_int_equal(sage_facts_match(&m.f, &m.r, NULL), SAGE_OK);
}

static void cautions_and_kinds(void **state)
{
    made m;
    (void)state;
    make(&m);
    m.r.cautions = SAGE_CAUTION_GENERIC_OPCODE;
    refused(&m, SAGE_EPROOF, "facts.caution", -1);
    for (uint32_t kind = SAGE_STATEMENT_WIDE_FIBONACCI; kind < SAGE_STATEMENT_CAIRO; kind++) {
        make(&m);
        m.r.statement.kind = kind;
        refused(&m, SAGE_EUNSUP, "facts.kind", (int)kind);
    }
}

/* The published proof has salt 42. For job 1 without input, REAL_WORKER is the first number above
 * 2^32 whose salt is 42, too: so it is this worker's proof for that job. Finding such a number
 * takes 2^31 hashes, seconds on one core: why facts have a proof_id as well. */
#define REAL "stwo-cairo/test_prove_verify_ret_opcode/proof.json"
enum { REAL_SALT = 42, REAL_BITS = 110 };
static const uint64_t REAL_WORKER = UINT64_C(4479419914);

static sage_status
check(const sage_facts *f, const char *proof, size_t len, uint32_t bits, const char **where)
{
    sage_errinfo err = {0};
    sage_status s    = sage_facts_check(f, (const uint8_t *)proof, len, bits, &err);
    *where           = s ? err.where : "";
    return s;
}

static void real_proof(void **state)
{
    size_t len;
    char *proof = sage_test_vector(REAL, &len);
    sage_verify_result r;
    sage_facts f;
    const char *where;
    felt252 input = sage_job_input_hash(NULL, 0, felt252_zero());
    (void)state;
    assert_int_equal(sage_verify((uint8_t *)proof, len, REAL_BITS, &r, NULL), SAGE_OK);
    assert_int_equal(r.salt, REAL_SALT);
    assert_int_equal(sage_facts_of_proof(&f, &r, input, NULL), SAGE_OK);
    sage_verify_result_free(&r);
    f.job_id = sage_amount_of(1);
    f.worker = felt252_from_u64(REAL_WORKER);
    assert_int_equal(sage_job_salt(&f.job_id, input, f.worker), REAL_SALT);
    assert_int_equal(check(&f, proof, len, REAL_BITS, &where), SAGE_OK);
    assert_int_equal(check(&f, proof, len, REAL_BITS + 1, &where), SAGE_EPROOF);
    assert_string_equal(where, "proof.config.security");
    assert_int_equal(check(&f, proof, len - 1, REAL_BITS, &where), SAGE_EFORMAT);
    f.worker = felt252_add(f.worker, felt252_one());
    assert_int_equal(check(&f, proof, len, REAL_BITS, &where), SAGE_EPROOF);
    assert_string_equal(where, "facts.salt");
    /* The salt that would fit, put into the proof, whose last felt it is: a false proof. */
    char *last = strstr(proof + len - 16, "\"0x2a\"");
    assert_non_null(last);
    last[4]  = '3';
    f.worker = felt252_from_u64(REAL_WORKER);
    assert_int_equal(check(&f, proof, len, REAL_BITS, &where), SAGE_EPROOF);
    assert_int_equal(strncmp(where, "proof.", 6), 0);
    free(proof);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(form),
        cmocka_unit_test(bad_form),
        cmocka_unit_test(salt),
        cmocka_unit_test(input_hash),
        cmocka_unit_test(what_is_stated),
        cmocka_unit_test(other_bindings),
        cmocka_unit_test(other_contents),
        cmocka_unit_test(false_binding),
        cmocka_unit_test(cautions_and_kinds),
        cmocka_unit_test(real_proof),
    };
    return cmocka_run_group_tests_name("facts", tests, NULL, NULL);
}
