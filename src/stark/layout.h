/* stark/layout.h -- a proof's components and what follows from them alone: the columns of
 * every tree, which preprocessed columns are committed, how many constraints there are, how
 * strong LogUp is. Prover and verifier build it the same way, from the statement.
 *
 * Order is protocol: components in layout order, in each the columns in AIR order. The
 * preprocessed tree is a given list of columns, of which only those that a component reads are
 * sampled; without a list it holds each needed column once, ascending by log. */
#ifndef SAGE_STARK_LAYOUT_H
#define SAGE_STARK_LAYOUT_H

#include "air/air.h"
#include "stark/pcs.h"

enum {
    SAGE_MAX_INSTANCES    = 83,      /* Cairo's 67 components and 16 big memories (facts A9) */
    SAGE_MAX_COLUMNS      = 1 << 14, /* of one instance */
    SAGE_MAX_PREPROCESSED = 161      /* Cairo's canonical trace (facts A14) */
};

typedef struct sage_instance {
    const sage_air *air;
    uint32_t log_rows, size; /* size: n of a sized component, else 0 */
    uint32_t n_params;
    m31 params[SAGE_AIR_MAX_PARAMS];
} sage_instance;

typedef struct sage_layout {
    uint32_t n;
    sage_instance inst[SAGE_MAX_INSTANCES];
    uint32_t n_pre; /* of the given list; 0: derived */
    sage_air_pre pre[SAGE_MAX_PREPROCESSED];
} sage_layout;

uint32_t sage_instance_trace(const sage_instance *i);       /* trace columns */
uint32_t sage_instance_pairs(const sage_instance *i);       /* secure interaction columns */
uint32_t sage_instance_constraints(const sage_instance *i); /* asserts + pairs */

/* SAGE_EINVAL / SAGE_ELIMIT, "layout.<what>", if a count or size is outside the bounds of
 * air.h and above, or the uses of a relation could reach p (facts F1). */
SAGE_CHECKED sage_status sage_layout_check(const sage_layout *l,
                                           const sage_config *c,
                                           sage_errinfo *err);

bool sage_layout_has_logup(const sage_layout *l);
uint32_t sage_layout_constraints(const sage_layout *l);
/* Powers of alpha needed: largest arity + 1 (the relation id is value 0). */
uint32_t sage_layout_alphas(const sage_layout *l);

/* Proof-of-work bits before z and alpha are drawn. LogUp's error is at most
 * entries * (arity + 1) / |QM31| (Haboeck, "Multivariate lookups based on logarithmic
 * derivatives", Lemma 5, in the random-evaluation form), so its bits are
 * 124 - log2(entries * (arity + 1)); the work makes up what that lacks of the config's
 * security. */
uint32_t sage_layout_interaction_pow(const sage_layout *l, const sage_config *c);

/* The preprocessed columns in commit order, log never 0; returns the count. */
uint32_t sage_layout_preprocessed(const sage_layout *l,
                                  sage_air_pre out[SAGE_MAX_PREPROCESSED]);
/* Index in that list of column k of instance i. */
uint32_t sage_layout_preprocessed_index(const sage_layout *l, uint32_t i, uint32_t k);

/* The commitment scheme's shape, checked by sage_pcs_shape_make (stark/pcs.h has its errors).
 * The layout must have passed sage_layout_check. mem: sage_layout_shape_bytes(l) bytes, 16-byte
 * aligned, the caller's; it must outlive *out, which points into it. */
size_t sage_layout_shape_bytes(const sage_layout *l);
SAGE_CHECKED sage_status sage_layout_shape(const sage_layout *l,
                                           const sage_config *c,
                                           void *mem,
                                           sage_pcs_shape *out,
                                           sage_errinfo *err);

/* Vanishing polynomial of the trace coset of 2^log at a point with x-coordinate x:
 * pi^(log-1)(x) (facts A7). */
m31 sage_vanishing(uint32_t log, m31 x);
qm31 sage_vanishing_secure(uint32_t log, qm31 x);

#endif
