/* stark/oods.h -- the identity that ties the AIR to the commitments: the composition
 * polynomial at the out-of-domain point equals the constraints on the sampled mask
 * (facts A7). The prover checks it before it emits, the verifier before anything else. */
#ifndef SAGE_STARK_OODS_H
#define SAGE_STARK_OODS_H

#include "stark/layout.h"

typedef struct sage_oods {
    const sage_layout *layout;
    const sage_pcs_shape *shape;
    const qm31 *sampled; /* shape->n_samples, flat in order tree, column, sample */
    const qm31 *claimed; /* one per component, when the layout has LogUp */
    qm31 z;              /* LogUp */
    const qm31 *alpha;   /* sage_layout_alphas powers */
    qm31 rho;            /* composition coefficient */
    secure_point point;  /* out-of-domain point */
} sage_oods;

/* Scratch for sage_oods_holds: interpreter registers and recombined interaction values. */
size_t sage_oods_bytes(const sage_layout *l);

/* SAGE_OK if the identity holds, SAGE_EPROOF "proof.oods" if not. scratch: 16-byte aligned.
 * Cost: the bytecode of every component once, over QM31. */
SAGE_CHECKED sage_status sage_oods_holds(const sage_oods *o, void *scratch, sage_errinfo *err);

#endif
