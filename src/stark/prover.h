/* stark/prover.h -- makes a proof of a layout over a backend. Written once: columns live in
 * the backend's memory, here move only roots, challenges, samples and openings.
 *
 * Memory: every device word a proof touches is placed before the proof starts
 * (sage_prover_words is exact); columns are extended in place, low Merkle layers are not kept.
 * Thread safety: one prover per device at a time. */
#ifndef SAGE_STARK_PROVER_H
#define SAGE_STARK_PROVER_H

#include "backend/backend.h"
#include "sage/prove.h"
#include "stark/layout.h"
#include "stark/proof.h"

typedef struct sage_prover_input {
    const sage_layout *layout; /* checked */
    const sage_config *config; /* checked */
    /* inputs[i][k]: witness input column k of instance i, host, 2^log_rows canonical words */
    const uint32_t *const *const *inputs;
    /* transcript step 4 */
    sage_status (*mix_claim)(const void *claim, sage_channel *ch, sage_errinfo *err);
    /* public part of the LogUp sum (stark/air_verifier.h); called if the layout has LogUp */
    sage_status (*public_sum)(
        const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);
    const void *claim;
    sage_progress_fn progress; /* may be NULL */
    void *progress_arg;
} sage_prover_input;

/* Device words for a proof: the size of the one arena. */
SAGE_CHECKED sage_status sage_prover_words(const sage_backend *be,
                                           const sage_layout *l,
                                           const sage_config *c,
                                           size_t *words,
                                           sage_errinfo *err);

/* sage_prover_run appends the proof (stark/proof.h) to out.
 * SAGE_EPROOF "prove.constraints" if the witness does not satisfy the AIR, "prove.logup" if
 * its lookups do not balance with the claim (nothing usable is in out then), SAGE_ENOMEM, or
 * what the backend reports. */
SAGE_CHECKED sage_status sage_prover_run(const sage_backend *be,
                                         sage_device *dev,
                                         const sage_prover_input *in,
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
