/* starknet/transaction.h -- transactions of version 3: their fields, their hash, their JSON
 * (facts C4, C6; starknet-specs 0.10).
 *
 * A transaction owns its lists. Zero is an empty INVOKE. */
#ifndef SAGE_STARKNET_TRANSACTION_H
#define SAGE_STARKNET_TRANSACTION_H

#include <jansson.h>

#include "starknet/felt_list.h"

typedef enum sage_tx_kind {
    SAGE_TX_INVOKE         = 0,
    SAGE_TX_DEPLOY_ACCOUNT = 1,
    SAGE_TX_DECLARE        = 2
} sage_tx_kind;

typedef enum sage_gas { SAGE_GAS_L1, SAGE_GAS_L2, SAGE_GAS_L1_DATA, SAGE_GASES } sage_gas;

typedef struct sage_gas_bound {
    uint64_t max_amount;
    uint64_t max_price[2]; /* FRI a unit, u128: low word, high word */
} sage_gas_bound;

typedef struct sage_tx {
    sage_tx_kind kind;
    bool query;     /* version 2^128 + 3: may be simulated, never executed */
    felt252 sender; /* DEPLOY_ACCOUNT: the address it makes, computed */
    felt252 nonce;
    sage_gas_bound bounds[SAGE_GASES];
    bool two_bounds; /* without L1_DATA, as before 0.13.4: published vectors alone */
    uint64_t tip;
    uint32_t nonce_da, fee_da; /* 0: L1; the network takes nothing else */
    sage_felt_list signature;
    sage_felt_list calldata; /* DEPLOY_ACCOUNT: of the constructor */
    sage_felt_list paymaster_data, account_deployment_data;
    sage_felt_list proof_facts;  /* INVOKE */
    felt252 class_hash;          /* DEPLOY_ACCOUNT, DECLARE */
    felt252 salt;                /* DEPLOY_ACCOUNT */
    felt252 compiled_class_hash; /* DECLARE */
    uint8_t *proof;              /* INVOKE, decoded; not part of the hash */
    size_t proof_len;
    json_t *contract_class; /* DECLARE, as it came */
} sage_tx;

enum { SAGE_TX_MAX_PROOF = 8 << 20 };

/* Frees what it owns and zeroes it. */
void sage_tx_free(sage_tx *t);

/* The hash that is signed. About 4 us a two felts hashed: 0.1 ms with short calldata. */
felt252 sage_tx_hash(const sage_tx *t, felt252 chain_id);

/* Reads the broadcast form, strictly: SAGE_EFORMAT "tx.object", "tx.felt", "tx.missing",
 * "tx.unknown", "tx.type", "tx.range", "tx.proof" with the field in err->msg; SAGE_EUNSUP
 * "tx.version"; SAGE_ELIMIT "tx.length"; SAGE_ENOMEM "tx.memory"; errors of sage_class_hash. *out
 * is empty on error. A proof without facts, facts without a proof, paymaster data: for whoever
 * admits the transaction to judge. */
SAGE_CHECKED sage_status sage_tx_read(sage_tx *out, const json_t *object, sage_errinfo *err);
/* Writes it: broadcast as clients send it (with proof and query version); otherwise as a node
 * shows it (without the proof; proof_facts only if asked for). NULL without memory. */
json_t *sage_tx_write(const sage_tx *t, bool broadcast, bool with_facts);

/* The most the fee can be: sum of amount times price, with the tip on L2 gas. SAGE_ELIMIT
 * "amount.overflow". */
SAGE_CHECKED sage_status sage_tx_max_fee(sage_amount *out, const sage_tx *t, sage_errinfo *err);

#endif
