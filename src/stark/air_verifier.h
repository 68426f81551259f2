/* stark/air_verifier.h -- checks a proof of a layout: the transcript of facts A6 from salt to
 * the out-of-domain point, LogUp's balance, the composition identity; then the openings
 * (stark/verifier.h). Links libc only; scratch is the caller's, sized by the layout. */
#ifndef SAGE_STARK_AIR_VERIFIER_H
#define SAGE_STARK_AIR_VERIFIER_H

#include "stark/layout.h"
#include "stark/verifier.h"

typedef struct sage_air_verifier {
    const sage_layout *layout;   /* checked against proof->config */
    const sage_pcs_shape *shape; /* of the layout and proof->config */
    const sage_proof *proof;
    uint8_t preprocessed_root[32]; /* the constant the commitment must equal */
    m31 salt;
    uint32_t interaction_pow; /* bits of work before z and alpha, if the layout has LogUp */
    sage_status (*mix_claim)(const void *claim, sage_channel *ch, sage_errinfo *err);
    /* Public part of the LogUp sum; called only if the layout has LogUp. */
    sage_status (*public_sum)(
        const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err);
    const void *claim;
} sage_air_verifier;

/* Bytes of scratch of sage_air_verify; a function of both arguments, not of a proof. */
size_t sage_air_verify_bytes(const sage_layout *l, const sage_pcs_shape *shape);

/* SAGE_OK if the proof is good; SAGE_EPROOF with err->where as stark/verifier.h lists.
 * SAGE_EFORMAT as sage_proof_check_digests; what mix_claim and public_sum return is passed on.
 * scratch: sage_air_verify_bytes(layout, shape) bytes, 16-byte aligned. Cost: the bytecode of
 * every component once over QM31, then O(queries * columns) and a hash per opened node. */
SAGE_CHECKED sage_status sage_air_verify(const sage_air_verifier *v,
                                         void *scratch,
                                         sage_errinfo *err);

#endif
