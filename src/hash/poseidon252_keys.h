/* hash/poseidon252_keys.h -- Hades' round constants as the Cairo AIR tabulates them (facts A14,
 * poseidon_round_keys): 35 rows of three, each added after the matrix of the row's rounds.
 *
 *   rows 0..3     the constants of rounds 1 to 4, one round a row
 *   rows 4..30    those of partial rounds 7 to 87, three a row, each made into one
 *   rows 31..33   the constants of rounds 88 to 90
 *   row 34        zeros
 *
 * What is not in the table (rounds 0, 5, 6 and the first lanes of 87) stands in the AIR. */
#ifndef SAGE_HASH_POSEIDON252_KEYS_H
#define SAGE_HASH_POSEIDON252_KEYS_H

#include "field/felt252.h"

enum { SAGE_POSEIDON252_KEY_ROWS = 35 };

/* Row row < SAGE_POSEIDON252_KEY_ROWS. Cost: below 1 us. */
void sage_poseidon252_keys(felt252 keys[3], uint32_t row);

#endif
