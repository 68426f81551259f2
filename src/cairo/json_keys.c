/* cairo/json_keys.c -- the keys. */
#include "cairo/json_keys.h"

const char *const sage_cairo_keys_proof[N_PROOF_KEYS] = {
    "claim",       "interaction_pow", "interaction_claim",
    "stark_proof", "channel_salt",    "preprocessed_trace_variant"};

void sage_cairo_keys_claim(const char *names[N_CLAIM_KEYS])
{
    names[0] = "public_data";
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        names[1 + i] = sage_cairo_components[i].name;
}

const char *const sage_cairo_keys_public[N_PUBLIC_KEYS] = {"public_memory", "initial_state",
                                                           "final_state"};
const char *const sage_cairo_keys_memory[N_MEMORY_KEYS] = {"program", "public_segments",
                                                           "output", "safe_call_ids"};
const char *const sage_cairo_keys_segments[SAGE_CAIRO_SEGMENTS] = {
    "output", "pedersen", "range_check_128", "ecdsa",   "bitwise", "ec_op",
    "keccak", "poseidon", "range_check_96",  "add_mod", "mul_mod"};
const char *const sage_cairo_keys_segment[2]      = {"start_ptr", "stop_ptr"};
const char *const sage_cairo_keys_cell[2]         = {"id", "value"};
const char *const sage_cairo_keys_state[3]        = {"pc", "ap", "fp"};
const char *const sage_cairo_key_log_size[1]      = {"log_size"};
const char *const sage_cairo_key_big_log_sizes[1] = {"big_log_sizes"};
const char *const sage_cairo_key_claimed_sum[1]   = {"claimed_sum"};
const char *const sage_cairo_keys_big_sums[2]     = {"big_claimed_sums", "claimed_sum"};

const char *const sage_cairo_keys_stark[N_STARK_KEYS] = {
    "config",         "commitments",   "sampled_values", "decommitments",
    "queried_values", "proof_of_work", "fri_proof"};
const char *const sage_cairo_keys_config[N_CONFIG_KEYS]         = {"pow_bits", "fri_config",
                                                                   "min_lifting_log_size"};
const char *const sage_cairo_keys_fri_config[N_FRI_CONFIG_KEYS] = {
    "log_blowup_factor", "log_last_layer_degree_bound", "n_queries", "fold_step"};
const char *const sage_cairo_key_hash_witness[1]      = {"hash_witness"};
const char *const sage_cairo_keys_fri[N_FRI_KEYS]     = {"first_layer", "inner_layers",
                                                         "last_layer_poly"};
const char *const sage_cairo_keys_layer[N_LAYER_KEYS] = {"fri_witness", "decommitment",
                                                         "commitment"};
const char *const sage_cairo_keys_poly[2]             = {"coeffs", "log_size"};

const char *const sage_cairo_variant_names[SAGE_CAIRO_VARIANTS] = {
    "canonical", "canonical_without_pedersen", "canonical_small"};
