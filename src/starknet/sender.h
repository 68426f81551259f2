/* starknet/sender.h -- has an account send transactions, and knows what became of each.
 *
 * Model: a transaction is built, estimated, capped, hashed here, signed by the caller's function,
 * written to the journal, and only then sent. From then on it is settled by its hash: status,
 * receipt, and, if no node knows it and its nonce is still free, the very same bytes again. No
 * second transaction is signed for a nonce that an unsettled one may still use. A transaction
 * leaves the journal when its receipt was read, a node refused it, or its nonce was used by
 * another ("sender.lost"). After a crash sage_sender_open finds what was in flight, and
 * sage_sender_settle ends it.
 *
 * One sender of an account at a time: the journal is locked. Without a journal nothing is known
 * after a crash. A sender belongs to one thread. */
#ifndef SAGE_STARKNET_SENDER_H
#define SAGE_STARKNET_SENDER_H

#include "starknet/calls.h"
#include "starknet/node_pool.h"

typedef struct sage_sender sage_sender;

enum { SAGE_SENDER_FLIGHT = 32 }; /* transactions not settled */

typedef struct sage_sender_options {
    sage_sn_pool *pool; /* outlives the sender */
    felt252 address;
    /* Signs a hash: out = r, s. Called once a transaction, after the chain was checked. */
    sage_status (*sign)(void *arg, felt252 hash, felt252 out[2], sage_errinfo *err);
    void *sign_arg;
    uint32_t amount_percent, price_percent; /* of the estimate, 100..1000; defaults: 150 */
    sage_amount max_fee;                    /* FRI a transaction; more is "sender.fee_cap" */
    const char *journal;                    /* a file, or NULL; PATH.lock beside it */
    uint32_t wait_ms;          /* how long outcomes are waited for; default 120 s */
    uint32_t poll_ms;          /* between two looks; default 500 */
    sage_sn_finality finality; /* what counts as done; default SAGE_SN_EXECUTED */
    const atomic_int *stop;    /* not zero: break off; may be NULL */
} sage_sender_options;
/* The defaults above; max_fee is 10 STRK. */
sage_sender_options sage_sender_defaults(sage_sn_pool *pool, felt252 address);

/* SAGE_ECONFLICT "sender.locked", SAGE_EFORMAT "sender.journal" if the file is damaged or is of
 * another account or chain, SAGE_EINVAL "sender.options", errors of sage_file_read. */
SAGE_CHECKED sage_status sage_sender_open(sage_sender **out,
                                          const sage_sender_options *o,
                                          sage_errinfo *err);
void sage_sender_close(sage_sender *s);

/* What a transaction may carry beside its calls (facts D4). */
typedef struct sage_sender_proof {
    const felt252 *facts;
    uint32_t n_facts;
    const uint8_t *proof;
    size_t len;
} sage_sender_proof;

/* The bounds that would be signed now, and the most they allow to be spent; nothing is signed or
 * sent. proof may be NULL. */
typedef struct sage_sender_quote {
    sage_sn_fee estimate;
    sage_gas_bound bounds[SAGE_GASES];
    sage_amount max_fee;
} sage_sender_quote;
SAGE_CHECKED sage_status sage_sender_quote_calls(sage_sender *s,
                                                 const sage_call *calls,
                                                 uint32_t n,
                                                 const sage_sender_proof *proof,
                                                 sage_sender_quote *out,
                                                 sage_errinfo *err);
SAGE_CHECKED sage_status sage_sender_quote_deploy(sage_sender *s,
                                                  felt252 class_hash,
                                                  felt252 salt,
                                                  const sage_felt_list *calldata,
                                                  sage_sender_quote *out,
                                                  sage_errinfo *err);

/* Send; on SAGE_OK a node has the transaction, and *hash is its hash. *hash is also set, and the
 * transaction stays in flight, with SAGE_EAGAIN "sender.pending" (no node said yes or no in
 * wait_ms), "rpc.hash" and "http.cancelled"; it is zero if nothing was sent or it was refused.
 * SAGE_ELIMIT "sender.fee_cap", "sender.full"; SAGE_ECONFLICT "sender.deployed", "sender.lost";
 * SAGE_EINVAL "sender.address" if class, salt and calldata give another address than the
 * sender's; errors of the node. */
SAGE_CHECKED sage_status sage_sender_invoke(sage_sender *s,
                                            const sage_call *calls,
                                            uint32_t n,
                                            const sage_sender_proof *proof,
                                            felt252 *hash,
                                            sage_errinfo *err);
SAGE_CHECKED sage_status sage_sender_deploy(sage_sender *s,
                                            felt252 class_hash,
                                            felt252 salt,
                                            const sage_felt_list *calldata,
                                            felt252 *hash,
                                            sage_errinfo *err);

/* Waits for one in flight. SAGE_OK: it succeeded. SAGE_ECONFLICT "sender.reverted" with the
 * reason in err->msg (and whole in the receipt), "sender.lost"; SAGE_EAGAIN "sender.pending"
 * after wait_ms: it is in flight still; SAGE_ENOTFOUND "sender.unknown" for a hash that is not.
 * *out, if not NULL, for sage_sn_receipt_free after SAGE_OK and "sender.reverted". */
SAGE_CHECKED sage_status sage_sender_wait(sage_sender *s,
                                          felt252 hash,
                                          sage_sn_receipt *out,
                                          sage_errinfo *err);

/* Those in flight, oldest first; at most SAGE_SENDER_FLIGHT. */
uint32_t sage_sender_in_flight(const sage_sender *s, felt252 out[SAGE_SENDER_FLIGHT]);
/* Takes one out of flight without knowing its end: the next transaction takes its nonce, so that
 * at most one of the two lands. For a person to decide, of one that stays "sender.pending".
 * SAGE_ENOTFOUND "sender.unknown". */
SAGE_CHECKED sage_status sage_sender_forget(sage_sender *s, felt252 hash, sage_errinfo *err);
/* Waits for all in flight. each(arg, hash, status, err, receipt) hears of each end; receipt is
 * NULL where there is none. The first error that is no revert or loss is returned. */
SAGE_CHECKED sage_status sage_sender_settle(sage_sender *s,
                                            void (*each)(void *arg,
                                                         felt252 hash,
                                                         sage_status st,
                                                         const sage_errinfo *err,
                                                         const sage_sn_receipt *receipt),
                                            void *arg,
                                            sage_errinfo *err);

#endif
