/* app/prover_params.h -- parameter files: ours, and the reference prover's. */
#ifndef SAGE_APP_PROVER_PARAMS_H
#define SAGE_APP_PROVER_PARAMS_H

#include <stddef.h>

#include "sage/cairo.h"

/* What a parameter file says. Of a file of ours only the first is set; the others are of
 * Cairo proofs alone. */
typedef struct prover_params {
    sage_params params; /* all zero: production */
    uint32_t hash;      /* a sage_hash_family */
    uint32_t salt;
    sage_cairo_preprocessed_kind preprocessed;
    int reference; /* it was the reference's form */
} prover_params;

/* prover_params_parse reads text[0..len): if it begins with '{' the JSON of stwo-cairo's
 * ProverParameters (docs/cairo-proofs.md), else lines `name = integer` (stark/config.h).
 *
 * Of the JSON, channel_hash, channel_salt, pcs_config and preprocessed_trace must be there, and
 * no key that is none of its struct's. SAGE_EFORMAT "json.*" (err->at: byte); SAGE_EINVAL
 * "params.hash", "params.preprocessed", "params.salt" for values that do not exist or are out of
 * range, "config.*"; SAGE_EUNSUP "params.unsupported" for one that makes a proof we do not make:
 * blake2s_m31, a lifting size, every preprocessed column, a number of big memories. */
SAGE_CHECKED sage_status prover_params_parse(prover_params *out,
                                             const char *text,
                                             size_t len,
                                             sage_errinfo *err);

/* The same of a file; path NULL leaves production. */
SAGE_CHECKED sage_status prover_params_load(prover_params *out,
                                            const char *path,
                                            sage_errinfo *err);

/* "blake2s" ..; "auto", "canonical", "canonical_without_pedersen" or "without_pedersen",
 * "canonical_small" or "small". SAGE_EINVAL as above, the choices in the message. */
SAGE_CHECKED sage_status hash_named(const char *name, uint32_t *out, sage_errinfo *err);
SAGE_CHECKED sage_status preprocessed_named(const char *name,
                                            sage_cairo_preprocessed_kind *out,
                                            sage_errinfo *err);

#endif
