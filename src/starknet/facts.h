/* starknet/facts.h -- what a transaction with a STWO proof of ours states: its proof_facts, in
 * the form of SNIP-36 with a marker of our own (facts D5).
 *
 *   0  'SAGE1'          marker: an STWO proof that sage_verify accepts
 *   1  kind             'cairo': the only kind whose proofs can be bound to a job
 *   2  program_hash     of the program, as the proof states it
 *   3  output_hash      Poseidon of the outputs
 *   4  input_hash       of the job's input, as its client hashed it
 *   5  job_id low, 6 job_id high
 *   7  worker           the account that proved, and that is to be paid
 *   8  input_bound      1: the program's first output is input_hash, so the proof itself states
 *                       on what it ran; 0: only the prover states it
 *   9  proof_id         of the proof's interaction tree: names this piece of proving
 *
 * Whoever verifies compares 1 to 3, 8 and 9 with the proof, and 4 to 7 with its salt: a proof
 * for a job has as channel salt the number sage_job_salt gives, which is the first thing its
 * transcript takes in. So a proof made for one job, input or worker is false for another, and
 * copying somebody's proof under another name means proving anew.
 *
 * A salt has 31 bits, so for one proof in 2^31 triples the salt fits by chance, and whoever may
 * choose an input or an account can search for such a triple. That is what proof_id is for: it
 * hashes the first commitment that depends on the salt, stays the same however the rest of the
 * proof is rewritten, and a contract that pays takes each proof_id once. What a found triple
 * could still steal is a proof that was not yet used, by somebody who holds the lease of a job;
 * and a lease is exclusive.
 *
 * Proofs of the statements of ours (file_digest and others) carry no salt. Nothing ties them to
 * a job, and they are refused: SAGE_EUNSUP "facts.kind". */
#ifndef SAGE_STARKNET_FACTS_H
#define SAGE_STARKNET_FACTS_H

#include "sage/verify.h"
#include "starknet/felt_list.h"

enum { SAGE_FACTS_LEN = 10 };

typedef struct sage_facts {
    felt252 kind, program_hash, output_hash, input_hash, worker, proof_id;
    sage_amount job_id;
    bool input_bound;
} sage_facts;

void sage_facts_write(felt252 out[SAGE_FACTS_LEN], const sage_facts *f);
/* SAGE_EFORMAT "facts.length", "facts.marker", "facts.value" with the index in err->at. */
SAGE_CHECKED sage_status sage_facts_read(sage_facts *out,
                                         const felt252 *v,
                                         uint32_t n,
                                         sage_errinfo *err);

/* Below 2^31 - 1: the first word, low byte first, of the Blake2s digest of "SAGE job salt 1",
 * job id, input hash and worker (32 bytes each, low byte first), mod 2^31 - 1. */
uint32_t sage_job_salt(const sage_amount *job_id, felt252 input_hash, felt252 worker);
/* The hash of a job's input: Poseidon of public inputs and then private_hash. */
felt252 sage_job_input_hash(const felt252 *public_inputs, uint32_t n, felt252 private_hash);

/* What an accepted proof states: kind, program_hash, output_hash, proof_id, and whether it
 * states input_hash, which is copied; job_id and worker are left 0 for the caller. SAGE_EUNSUP
 * "facts.kind", SAGE_EPROOF "facts.caution" for a proof that leaves something open,
 * SAGE_EINTERNAL "facts.felt". Cost: 2 us an output. */
SAGE_CHECKED sage_status sage_facts_of_proof(sage_facts *out,
                                             const sage_verify_result *r,
                                             felt252 input_hash,
                                             sage_errinfo *err);
/* Is r, an accepted proof's result, a proof of f? SAGE_EPROOF "facts.salt" for a proof of another
 * job, input or worker, "facts.proof" for one of something else (err->at: the index above of
 * what differs), and errors of sage_facts_of_proof. */
SAGE_CHECKED sage_status sage_facts_match(const sage_facts *f,
                                          const sage_verify_result *r,
                                          sage_errinfo *err);
/* Verifies proof[0..len) at min_bits and asks sage_facts_match. Errors of both. Cost: that of
 * sage_verify. */
SAGE_CHECKED sage_status sage_facts_check(const sage_facts *f,
                                          const uint8_t *proof,
                                          size_t len,
                                          uint32_t min_bits,
                                          sage_errinfo *err);

#endif
