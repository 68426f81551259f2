/* The facts of a proof: their ten felts, the salt that ties a proof to a job, the comparison. */
#include "starknet/facts.h"

#include <string.h>

#include "field/felt252_text.h"
#include "hash/blake2s.h"
#include "hash/poseidon252.h"

enum { MARKER, KIND, PROGRAM, OUTPUT, INPUT, JOB_LOW, JOB_HIGH, WORKER, BOUND, PROOF_ID };
_Static_assert(PROOF_ID + 1 == SAGE_FACTS_LEN, "an index for each felt");

static const char marker[] = "SAGE1", cairo[] = "cairo";

void sage_facts_write(felt252 out[SAGE_FACTS_LEN], const sage_facts *f)
{
    felt252 job[2];
    sage_u256_split(job, &f->job_id);
    out[MARKER]   = sage_felt_short(marker);
    out[KIND]     = f->kind;
    out[PROGRAM]  = f->program_hash;
    out[OUTPUT]   = f->output_hash;
    out[INPUT]    = f->input_hash;
    out[JOB_LOW]  = job[0];
    out[JOB_HIGH] = job[1];
    out[WORKER]   = f->worker;
    out[BOUND]    = felt252_from_u64(f->input_bound);
    out[PROOF_ID] = f->proof_id;
}

static sage_status bad_value(int at, const char *what, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "facts.value", at, "proof_facts[%d] is no %s", at,
                     what);
}

sage_status sage_facts_read(sage_facts *out, const felt252 *v, uint32_t n, sage_errinfo *err)
{
    uint64_t bound;
    memset(out, 0, sizeof *out);
    if (n != SAGE_FACTS_LEN)
        return sage_fail(err, SAGE_EFORMAT, "facts.length", n,
                         "%u felts of proof_facts, not %d", n, SAGE_FACTS_LEN);
    if (!felt252_eq(v[MARKER], sage_felt_short(marker)))
        return sage_fail(err, SAGE_EFORMAT, "facts.marker", MARKER,
                         "proof_facts begin with another marker than '%s'", marker);
    if (!sage_felt_to_u64(&bound, v[BOUND]) || bound > 1) return bad_value(BOUND, "bool", err);
    sage_facts f = {.kind         = v[KIND],
                    .program_hash = v[PROGRAM],
                    .output_hash  = v[OUTPUT],
                    .input_hash   = v[INPUT],
                    .worker       = v[WORKER],
                    .proof_id     = v[PROOF_ID],
                    .input_bound  = bound == 1};
    if (!sage_u256_join(&f.job_id, v[JOB_LOW], v[JOB_HIGH]))
        return bad_value(JOB_LOW, "half of a job's number", err);
    *out = f;
    return SAGE_OK;
}

static void hash_felt(sage_blake2s *h, felt252 v)
{
    uint8_t bytes[32];
    felt252_to_bytes(v, bytes);
    sage_blake2s_update(h, bytes, sizeof bytes);
}

uint32_t sage_job_salt(const sage_amount *job_id, felt252 input_hash, felt252 worker)
{
    static const char tag[] = "SAGE job salt 1";
    uint8_t job[32], digest[32];
    sage_blake2s h;
    for (int i = 0; i < 4; i++)
        sage_store_le64(job + 8 * i, job_id->w[i]);
    sage_blake2s_init(&h);
    sage_blake2s_update(&h, tag, sizeof tag - 1);
    sage_blake2s_update(&h, job, sizeof job);
    hash_felt(&h, input_hash);
    hash_felt(&h, worker);
    sage_blake2s_final(&h, digest);
    return sage_load_le32(digest) % 0x7fffffffu;
}

felt252 sage_job_input_hash(const felt252 *public_inputs, uint32_t n, felt252 private_hash)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    for (uint32_t i = 0; i < n; i++)
        sage_poseidon252_absorb(&h, public_inputs[i]);
    sage_poseidon252_absorb(&h, private_hash);
    return sage_poseidon252_final(&h);
}

/* ---- what a proof states ---- */

static sage_status from_big_endian(felt252 *out, const sage_felt_bytes *b, sage_errinfo *err)
{
    uint8_t little[32];
    for (int i = 0; i < 32; i++)
        little[i] = b->be[31 - i];
    if (felt252_from_bytes(out, little)) return SAGE_OK;
    return sage_fail(err, SAGE_EINTERNAL, "facts.felt", -1, "a result holds a felt above P");
}

static sage_status outputs(sage_facts *f, const sage_verify_result *r, sage_errinfo *err)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    for (size_t i = 0; i < r->n_outputs; i++) {
        felt252 v;
        sage_status s = from_big_endian(&v, &r->outputs[i], err);
        if (s) return s;
        sage_poseidon252_absorb(&h, v);
        if (!i) f->input_bound = felt252_eq(v, f->input_hash);
    }
    f->output_hash = sage_poseidon252_final(&h);
    return SAGE_OK;
}

/* A root may be any 32 bytes: its halves are two felts. */
static felt252 proof_id(const uint8_t root[32])
{
    const uint64_t low[2]  = {sage_load_le64(root), sage_load_le64(root + 8)};
    const uint64_t high[2] = {sage_load_le64(root + 16), sage_load_le64(root + 24)};
    const felt252 halves[] = {sage_felt_from_u128(low), sage_felt_from_u128(high)};
    return sage_poseidon252_many(halves, 2);
}

sage_status sage_facts_of_proof(sage_facts *out,
                                const sage_verify_result *r,
                                felt252 input_hash,
                                sage_errinfo *err)
{
    sage_facts f = {.kind       = sage_felt_short(cairo),
                    .input_hash = input_hash,
                    .proof_id   = proof_id(r->interaction_root)};
    memset(out, 0, sizeof *out);
    if (r->statement.kind != SAGE_STATEMENT_CAIRO)
        return sage_fail(err, SAGE_EUNSUP, "facts.kind", r->statement.kind,
                         "a proof of this kind carries no salt, which would tie it to a job");
    if (r->cautions)
        return sage_fail(err, SAGE_EPROOF, "facts.caution", r->cautions,
                         "the proof is valid with a caution, and nobody pays for it");
    sage_status s = from_big_endian(&f.program_hash, &r->program_hash, err);
    if (!s) s = outputs(&f, r, err);
    if (!s) *out = f;
    return s;
}

sage_status
sage_facts_match(const sage_facts *f, const sage_verify_result *r, sage_errinfo *err)
{
    sage_facts of_proof;
    felt252 want[SAGE_FACTS_LEN], have[SAGE_FACTS_LEN];
    sage_status s = sage_facts_of_proof(&of_proof, r, f->input_hash, err);
    if (s) return s;
    if (r->salt != sage_job_salt(&f->job_id, f->input_hash, f->worker))
        return sage_fail(err, SAGE_EPROOF, "facts.salt", r->salt,
                         "the proof was not made by this worker for this job and input");
    of_proof.job_id = f->job_id;
    of_proof.worker = f->worker;
    sage_facts_write(want, f);
    sage_facts_write(have, &of_proof);
    for (int i = 0; i < SAGE_FACTS_LEN; i++)
        if (!felt252_eq(want[i], have[i]))
            return sage_fail(err, SAGE_EPROOF, "facts.proof", i,
                             "proof_facts[%d] is not what the proof states", i);
    return SAGE_OK;
}

sage_status sage_facts_check(
    const sage_facts *f, const uint8_t *proof, size_t len, uint32_t min_bits, sage_errinfo *err)
{
    sage_verify_result r;
    sage_status s = sage_verify(proof, len, min_bits, &r, err);
    if (s) return s;
    s = sage_facts_match(f, &r, err);
    sage_verify_result_free(&r);
    return s;
}
