/* vm/builtin_hash.c -- pedersen, poseidon, keccak. */
#include "base/bytes.h"
#include "curve/pedersen.h"
#include "hash/keccak.h"
#include "hash/poseidon252.h"
#include "vm/builtin_kind.h"

const char *builtin_pedersen(sage_value *out, const sage_value *in)
{
    *out = sage_value_from_felt(sage_pedersen(sage_value_felt(in[0]), sage_value_felt(in[1])));
    return NULL;
}

const char *builtin_poseidon(sage_value *out, const sage_value *in)
{
    felt252 state[3];
    for (int i = 0; i < 3; i++)
        state[i] = sage_value_felt(in[i]);
    sage_poseidon252_permute(state);
    for (int i = 0; i < 3; i++)
        out[i] = sage_value_from_felt(state[i]);
    return NULL;
}

/* The state's 200 bytes, 25 to a cell, little-endian. */
enum { KECCAK_CELLS = 8, KECCAK_BYTES = 25 };

const char *builtin_keccak(sage_value *out, const sage_value *in)
{
    uint8_t bytes[KECCAK_CELLS * KECCAK_BYTES + 7]; /* a cell is read and written as 32 */
    uint64_t state[25], limbs[4];
    for (int i = 0; i < KECCAK_CELLS; i++) {
        builtin_limbs(in[i], limbs);
        if (limbs[3] >> 8) return "an operand is not below 2^200";
        for (int k = 0; k < 4; k++) /* seven zeros more, overwritten by the next cell */
            sage_store_le64(bytes + KECCAK_BYTES * i + 8 * k, limbs[k]);
    }
    for (int i = 0; i < 25; i++)
        state[i] = sage_load_le64(bytes + 8 * i);
    sage_keccak_f1600(state);
    for (int i = 0; i < 25; i++)
        sage_store_le64(bytes + 8 * i, state[i]);
    for (int i = 0; i < KECCAK_CELLS; i++) {
        for (int k = 0; k < 4; k++)
            limbs[k] = sage_load_le64(bytes + KECCAK_BYTES * i + 8 * k);
        limbs[3] &= 0xff;
        out[i] = builtin_value(limbs);
    }
    return NULL;
}
