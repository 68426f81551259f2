/* starknet/facts.h -- what a transaction with a STWO proof of ours states: its proof_facts, in
 * the form of SNIP-36 with a marker of our own (facts D5).
 *
 *   0  'SAGE1'          marker: an STWO proof that sage_verify accepts
 *   1  kind             short string: 'cairo', 'file_digest', 'poseidon2', 'wide_fibonacci'
 *   2  program_hash     cairo: of the program, as the proof states it; else the kind again
 *   3  output_hash      Poseidon of the outputs; else Poseidon of the statement's public words
 *   4  input_hash       of the job's input, as its client hashed it
 *   5  job_id low, 6 job_id high
 *   7  worker           the account that proved, and that is to be paid
 *   8  input_bound      1: the proof itself states input_hash (cairo: as first output;
 *                       file_digest: it is the digest's hash), 0: the prover states it
 *
 * Whoever verifies compares 1 to 3 and 8 with the proof, and the rest with its salt: a proof for
 * a job has as channel salt the number sage_job_salt gives, which is the first thing its
 * transcript takes in. So a proof made for one job, input or worker is false for another, and
 * copying somebody's proof under another name means proving anew. */
#ifndef SAGE_STARKNET_FACTS_H
#define SAGE_STARKNET_FACTS_H

#include "sage/verify.h"
#include "starknet/felt_list.h"

enum { SAGE_FACTS_LEN = 9 };

typedef struct sage_facts {
    felt252 kind, program_hash, output_hash, input_hash, worker;
    sage_amount job_id;
    bool input_bound;
} sage_facts;

void sage_facts_write(felt252 out[SAGE_FACTS_LEN], const sage_facts *f);
/* SAGE_EFORMAT "facts.length", "facts.marker", "facts.value" with the index in err->at. */
SAGE_CHECKED sage_status sage_facts_read(sage_facts *out,
                                         const felt252 *v,
                                         uint32_t n,
                                         sage_errinfo *err);

/* Below 2^31 - 1: the Blake2s digest of a tag, job id, input hash and worker, its first word. */
uint32_t sage_job_salt(const sage_amount *job_id, felt252 input_hash, felt252 worker);
/* The hash of a job's input: Poseidon of public inputs and then private_hash. */
felt252 sage_job_input_hash(const felt252 *public_inputs, uint32_t n, felt252 private_hash);

/* What an accepted proof states (kind, program_hash, output_hash), and whether it states
 * input_hash. SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_facts_of_proof(sage_facts *out,
                                             const sage_verify_result *r,
                                             felt252 input_hash,
                                             sage_errinfo *err);
/* sage_facts_check verifies proof[0..len) and compares it with f, salt included. SAGE_EPROOF
 * "facts.proof" for another statement, "facts.salt", "facts.caution"; errors of sage_verify.
 * Cost: that of sage_verify. */
SAGE_CHECKED sage_status sage_facts_check(const sage_facts *f,
                                          const uint8_t *proof,
                                          size_t len,
                                          uint32_t min_bits,
                                          sage_errinfo *err);

#endif
