/* statement/statement.h -- what a proof claims: a kind, its public values, and from them the
 * component instances that both prover and verifier build the same way.
 *
 * A statement is a fixed-size value; nothing in it is a pointer to attacker data. Public
 * values are 32-bit words (M31 or plain u32 as the kind says). docs/statements.md defines
 * each kind; AIRs are in air/.
 *
 *   wide_fibonacci  public: n_columns, log_rows
 *   poseidon2       public: log_instances, start[16], end[16]: end = P^(2^log_instances)(start)
 *   file_digest     public: length (2 words), digest[8]
 *   cairo           public: hash family, program[8], output[8], n_outputs; no layout: its
 *                   components follow from the claim in the proof (cairo/claim.h)         */
#ifndef SAGE_STATEMENT_STATEMENT_H
#define SAGE_STATEMENT_STATEMENT_H

#include "sage/statement.h"
#include "stark/layout.h"

/* sage_statement_cairo makes the statement of a Cairo run. program and output are section
 * digests as cairo/public.h has them, little-endian; they are taken modulo the felt252 prime,
 * as the Cairo verifier does. SAGE_EINVAL "statement.hash" or "statement.outputs". */
SAGE_CHECKED sage_status sage_statement_cairo(sage_statement *out,
                                              uint32_t hash_family,
                                              const uint8_t program[32],
                                              const uint8_t output[32],
                                              uint32_t n_outputs,
                                              sage_errinfo *err);

/* The row counts a prover would choose: logs[*n] of the variable-size components. */
SAGE_CHECKED sage_status sage_statement_choose_logs(const sage_statement *s,
                                                    uint32_t *logs,
                                                    uint32_t *n,
                                                    sage_errinfo *err);
/* The instances for the statement and the given variable log sizes. Both of these refuse kinds
 * that are not proved here, as sage_statement_provable. Refuses sizes that the
 * kind does not allow, relation uses >= p in total, rows too few for the claim. */
SAGE_CHECKED sage_status sage_statement_layout(const sage_statement *s,
                                               const uint32_t *logs,
                                               uint32_t n_logs,
                                               sage_layout *out,
                                               sage_errinfo *err);
/* Transcript step 4: kind, public values, log sizes. */
void sage_statement_mix(const sage_statement *s,
                        const uint32_t *logs,
                        uint32_t n_logs,
                        sage_channel *ch);
/* The public part of the LogUp sum: uses and yields of the outside world, so that
 * sum of claimed + public = 0. alpha: powers, as in sage_air_rows. SAGE_EPROOF
 * ("proof.logup") on a zero denominator. */
SAGE_CHECKED sage_status sage_statement_public_sum(
    const sage_statement *s, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);
/* Known preprocessed root for the statement at this blowup; SAGE_EUNSUP if none is known. */
SAGE_CHECKED sage_status sage_statement_preprocessed_root(const sage_statement *s,
                                                          uint32_t log_blowup,
                                                          uint8_t root[32],
                                                          sage_errinfo *err);

#endif
