/* stark/prover.h -- makes a proof of a layout over a backend. Written once: columns live in
 * the backend's memory, here move only roots, challenges, samples and openings.
 *
 * Memory: every device word a proof touches is placed before the proof starts
 * (sage_prover_words is exact); columns are extended in place, low Merkle layers are not kept,
 * what a phase needs for itself lies where later phases will write (prover_place.c).
 * Thread safety: one prover per device at a time. */
#ifndef SAGE_STARK_PROVER_H
#define SAGE_STARK_PROVER_H

#include "backend/backend.h"
#include "sage/prove.h"
#include "stark/layout.h"
#include "stark/preprocessed.h"
#include "stark/proof.h"

/* What a witness writer sees: every instance's columns on the trace domain, device memory. The
 * writer fills all trace columns of all instances; how is its own affair, but kernels that do
 * it read their inputs from inputs[i], which have room for the instance's input columns. It may
 * change rows[i] as it likes (n_active, memory, feed): nobody reads them after it. */
typedef struct sage_witness_site {
    const sage_backend *be;
    sage_device *dev;
    const sage_layout *layout;
    sage_air_rows *rows;            /* one an instance: log_rows, size, trace, inputs, params,
                                       n_active = all rows */
    uint32_t *const *const *inputs; /* [i][k], 2^log_rows words each */
    uint32_t *scratch;              /* witness_words words, the writer's until it returns */
    sage_stage_fn stage;            /* of the job; may be NULL */
    void *stage_arg;
} sage_witness_site;

typedef struct sage_prover_job {
    const sage_layout *layout; /* checked */
    const sage_config *config; /* checked */
    sage_hash_kind hash;       /* of trees and transcript */
    m31 salt;                  /* transcript step 1 */
    uint32_t interaction_pow;  /* bits of work before z and alpha, if the layout has LogUp */
    /* inputs[i][k]: witness input column k of instance i, host, 2^log_rows canonical words.
     * Not read if `witness` is there. */
    const uint32_t *const *const *inputs;
    /* Writes the trace; NULL: each instance's kernel does from `inputs`. */
    sage_status (*witness)(void *arg, const sage_witness_site *site, sage_errinfo *err);
    void *witness_arg;
    size_t witness_words; /* of site->scratch */
    /* Where preprocessed columns come from (stark/preprocessed.h); NULL: the layout has only
     * sequences. */
    const sage_preprocessed *preprocessed;
    /* transcript step 4 */
    sage_status (*mix_claim)(const void *claim, sage_channel *ch, sage_errinfo *err);
    /* public part of the LogUp sum (stark/air_verifier.h); called if the layout has LogUp */
    sage_status (*public_sum)(
        const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);
    const void *claim;
    sage_progress_fn progress; /* may be NULL */
    void *progress_arg;
    sage_stage_fn stage; /* may be NULL */
    void *stage_arg;
    /* For tests of verifiers only, which need false proofs that are honest but for one rule: go
     * on where the prover's own checks fail ("prove.constraints", "prove.logup"), and do less
     * work than is due. No option of a program or service reaches these. */
    bool emit_false;
    bool skip_interaction_pow, skip_query_pow;
} sage_prover_job;

/* Device words for a proof: the size of the one arena. Reads of the job layout, config, hash,
 * witness, witness_words and preprocessed. SAGE_EUNSUP "prove.witness" for a component whose
 * witness is not written, if the job brings no writer, "prove.preprocessed" for a column other
 * than a sequence, if the job does not say what is in it; SAGE_EINVAL "prove.preprocessed.tree"
 * for a tree that is not the layout's. */
SAGE_CHECKED sage_status sage_prover_words(const sage_backend *be,
                                           const sage_prover_job *job,
                                           size_t *words,
                                           sage_errinfo *err);

/* sage_prover_run appends the proof (stark/proof.h) to out.
 * SAGE_EPROOF "prove.constraints" if the witness does not satisfy the AIR, "prove.logup" if
 * its lookups do not balance with the claim (nothing usable is in out then), SAGE_ENOMEM, or
 * what the backend reports. */
SAGE_CHECKED sage_status sage_prover_run(const sage_backend *be,
                                         sage_device *dev,
                                         const sage_prover_job *in,
                                         sage_sink *out,
                                         sage_errinfo *err);

/* sage_prover_preprocessed_root: root of the preprocessed tree alone, for the constants. */
SAGE_CHECKED sage_status sage_prover_preprocessed_root(const sage_backend *be,
                                                       sage_device *dev,
                                                       const sage_layout *l,
                                                       const sage_config *c,
                                                       uint8_t root[32],
                                                       sage_errinfo *err);

#endif
