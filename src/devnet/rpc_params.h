/* devnet/rpc_params.h -- arguments of methods. Every failure is SAGE_EINVAL "node.params", -32602,
 * with the parameter in err->msg.
 *
 * Felts are hex with 0x and at most 64 digits, below P. The specification's FELT has no leading
 * zeros, but starknet.js sends storage keys with them and addresses as its user wrote them, and
 * public nodes take both: so do we. Transactions are read strictly (starknet/transaction.h). */
#ifndef SAGE_DEVNET_RPC_PARAMS_H
#define SAGE_DEVNET_RPC_PARAMS_H

#include "devnet/chain.h"

SAGE_CHECKED sage_status sage_rpc_bad(sage_errinfo *err, const char *name, const char *what);

/* `name` is the parameter's, for the message; v may be NULL: that is an error, too. */
SAGE_CHECKED sage_status sage_rpc_felt(const json_t *v,
                                       const char *name,
                                       felt252 *out,
                                       sage_errinfo *err);
/* An array of felts; *out for sage_felt_list_free, also on error. */
SAGE_CHECKED sage_status sage_rpc_felts(const json_t *v,
                                        const char *name,
                                        sage_felt_list *out,
                                        sage_errinfo *err);
SAGE_CHECKED sage_status sage_rpc_number(const json_t *v,
                                         const char *name,
                                         uint64_t min,
                                         uint64_t max,
                                         uint64_t *out,
                                         sage_errinfo *err);
/* {block_number}, {block_hash}, or a tag. */
SAGE_CHECKED sage_status sage_rpc_block_id(const json_t *v,
                                           const char *name,
                                           sage_block_id *out,
                                           sage_errinfo *err);
/* An array of words, each one of names[0..n): bit i of *out for names[i]. v NULL: none. */
SAGE_CHECKED sage_status sage_rpc_flags(const json_t *v,
                                        const char *name,
                                        const char *const *names,
                                        uint32_t n,
                                        unsigned *out,
                                        sage_errinfo *err);
/* The members of an object: out[i] is that of names[i] or NULL; others are refused. */
SAGE_CHECKED sage_status sage_rpc_members(const json_t *v,
                                          const char *name,
                                          const char *const *names,
                                          uint32_t n,
                                          const json_t **out,
                                          sage_errinfo *err);

#endif
