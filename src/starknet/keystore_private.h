/* starknet/keystore_private.h -- what the files of the keystore share. */
#ifndef SAGE_STARKNET_KEYSTORE_PRIVATE_H
#define SAGE_STARKNET_KEYSTORE_PRIVATE_H

#include "starknet/keystore.h"

enum {
    KEYSTORE_MIN_OPS    = 1,
    KEYSTORE_MAX_OPS    = 16,
    KEYSTORE_MIN_MEMORY = 8 << 10, /* libsodium's own least */
    KEYSTORE_MAX_MEMORY = 1 << 30
};

bool keystore_cost_allowed(const sage_keystore_cost *c);

/* The chain's name; false if it is not one that a file may have. */
SAGE_CHECKED bool keystore_chain_text(char out[SAGE_FELT_SHORT + 1], felt252 chain_id);

/* The text up to the ciphertext, which is the associated data; returns its length. */
size_t keystore_header(char out[SAGE_KEYSTORE_MAX_BYTES], const sage_keystore *k);

#endif
