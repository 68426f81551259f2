/* The kernel of hash/poseidon252_lanes.h in the instructions of AVX-512 IFMA. */
#include "hash/poseidon252_lanes.h"

void sage_poseidon252_ifma(felt252 (*state)[WIDTH], size_t n)
{
    permute_eights(state, n);
}
