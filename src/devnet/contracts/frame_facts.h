/* devnet/contracts/frame_facts.h -- the facts of the proof that the running transaction carries.
 *
 * The node has checked them before it let the transaction in (devnet/admission.h). A proof in
 * calldata was checked by nobody, and contracts take none. */
#ifndef SAGE_DEVNET_CONTRACTS_FRAME_FACTS_H
#define SAGE_DEVNET_CONTRACTS_FRAME_FACTS_H

#include "devnet/contract.h"
#include "starknet/facts.h"

/* Panics 'Proof must be in proof_facts' without facts, 'Proof facts of another form' with
 * facts of another form; zero after a panic. */
sage_facts sage_frame_facts(sage_frame *f);
/* An array of the calldata that published callers put a proof in: it must be empty. */
void sage_take_no_proof(sage_frame *f);
/* The name of a fact: Poseidon of its felts. */
felt252 sage_fact_hash(const sage_facts *facts);

#endif
