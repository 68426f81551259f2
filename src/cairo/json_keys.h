/* cairo/json_keys.h -- the objects of the Rust verifier's JSON: their keys in the order in
 * which serde writes them (stwo-cairo 2b1fb4d, crates/cairo-air/src/{air,claims}.rs; stwo, the
 * structs of a commitment scheme proof). Reader and writer share them. */
#ifndef SAGE_CAIRO_JSON_KEYS_H
#define SAGE_CAIRO_JSON_KEYS_H

#include "cairo/claim.h"

enum {
    KEY_CLAIM,
    KEY_INTERACTION_POW,
    KEY_INTERACTION_CLAIM,
    KEY_STARK_PROOF,
    KEY_SALT,
    KEY_VARIANT,
    N_PROOF_KEYS
};
extern const char *const sage_cairo_keys_proof[N_PROOF_KEYS];

/* A claim's keys: public_data, then one a component; an interaction claim's: the latter. */
enum { N_CLAIM_KEYS = 1 + SAGE_CAIRO_COMPONENTS };
void sage_cairo_keys_claim(const char *names[N_CLAIM_KEYS]);

enum { KEY_PUBLIC_MEMORY, KEY_INITIAL, KEY_FINAL, N_PUBLIC_KEYS };
extern const char *const sage_cairo_keys_public[N_PUBLIC_KEYS];
enum { KEY_PROGRAM, KEY_SEGMENTS, KEY_OUTPUT, KEY_SAFE_CALL, N_MEMORY_KEYS };
extern const char *const sage_cairo_keys_memory[N_MEMORY_KEYS];
extern const char *const sage_cairo_keys_segments[SAGE_CAIRO_SEGMENTS];
extern const char *const sage_cairo_keys_segment[2]; /* start_ptr, stop_ptr */
extern const char *const sage_cairo_keys_cell[2];    /* id, value */
extern const char *const sage_cairo_keys_state[3];   /* pc, ap, fp */
extern const char *const sage_cairo_key_log_size[1];
extern const char *const sage_cairo_key_big_log_sizes[1];
extern const char *const sage_cairo_key_claimed_sum[1];
extern const char *const sage_cairo_keys_big_sums[2]; /* big_claimed_sums, claimed_sum */

enum {
    KEY_CONFIG,
    KEY_COMMITMENTS,
    KEY_SAMPLED,
    KEY_DECOMMITMENTS,
    KEY_QUERIED,
    KEY_PROOF_OF_WORK,
    KEY_FRI,
    N_STARK_KEYS
};
extern const char *const sage_cairo_keys_stark[N_STARK_KEYS];
enum { KEY_POW_BITS, KEY_FRI_CONFIG, KEY_MIN_LIFTING, N_CONFIG_KEYS };
extern const char *const sage_cairo_keys_config[N_CONFIG_KEYS];
enum { KEY_BLOWUP, KEY_LAST_LAYER, KEY_QUERIES, KEY_FOLD_STEP, N_FRI_CONFIG_KEYS };
extern const char *const sage_cairo_keys_fri_config[N_FRI_CONFIG_KEYS];
extern const char *const sage_cairo_key_hash_witness[1];
enum { KEY_FIRST, KEY_INNER, KEY_LAST, N_FRI_KEYS };
extern const char *const sage_cairo_keys_fri[N_FRI_KEYS];
enum { KEY_FRI_WITNESS, KEY_DECOMMITMENT, KEY_COMMITMENT, N_LAYER_KEYS };
extern const char *const sage_cairo_keys_layer[N_LAYER_KEYS];
extern const char *const sage_cairo_keys_poly[2]; /* coeffs, log_size */

extern const char *const sage_cairo_variant_names[SAGE_CAIRO_VARIANTS];

#endif
