/* devnet/tx_json.h -- transactions, receipts and traces as JSON, written once when they are
 * executed and copied when they are read.
 *
 * The texts are compact, and their members stand in a fixed order, so that serving one cuts or
 * adds at known places without parsing (sage_tx_put, sage_receipt_put). A sage_json_out here is
 * one of sage_json_text_to. */
#ifndef SAGE_DEVNET_TX_JSON_H
#define SAGE_DEVNET_TX_JSON_H

#include "devnet/execute.h"
#include "devnet/json_text.h"

/* malloc'ed texts, for free; NULL without memory. Cost: 10 to 50 us. */
char *sage_tx_json(const sage_tx *t, felt252 hash);
/* Without finality and block, which change. */
char *sage_receipt_json(const sage_tx_result *r);
char *sage_trace_json(const sage_tx_result *r);

/* As a value: a transaction with or without its hash and its proof facts. */
void sage_tx_put(sage_json_out *o, const char *tx, bool with_hash, bool with_facts);
/* A receipt that is final or not; with_block: block number and, unless it is NULL, hash. */
void sage_receipt_put(sage_json_out *o,
                      const char *receipt,
                      bool sealed,
                      bool with_block,
                      uint64_t number,
                      const felt252 *block_hash);
/* A status: finality, execution, and the reason of a revert. */
void sage_status_put(sage_json_out *o, const char *receipt, bool sealed);

/* "INVOKE", "DEPLOY_ACCOUNT", "DECLARE". */
const char *sage_tx_type_name(sage_tx_kind kind);
/* The member execution_resources. */
void sage_execution_resources_put(sage_json_out *o, const sage_tx_result *r);
/* A state difference as a value. changes[0..n): one a cell; sorted by contract or not. */
void sage_state_diff_put(sage_json_out *o, const sage_state_change *changes, uint32_t n);
/* A trace as a value, and what a simulation says of fees. */
void sage_trace_put(sage_json_out *o, const sage_tx_result *r);
void sage_fee_estimate_put(sage_json_out *o,
                           const sage_tx_result *r,
                           const sage_amount prices[SAGE_GASES]);
/* The members of an event without its place. */
void sage_event_members_put(sage_json_out *o, const sage_chain_event *e);

#endif
