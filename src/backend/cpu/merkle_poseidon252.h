/* backend/cpu/merkle_poseidon252.h -- lifted trees whose hash is Poseidon252: merkle_commit and
 * merkle_digests of backend/backend.h for such trees. Bound: a permutation (hash/poseidon252_many.h)
 * per 16 words of a row at the size of the largest of their columns, and one per node. */
#ifndef SAGE_BACKEND_CPU_MERKLE_POSEIDON252_H
#define SAGE_BACKEND_CPU_MERKLE_POSEIDON252_H

#include "backend/cpu/device.h"

void sage_merkle_poseidon252_commit(sage_device *dev, const sage_merkle *tree);

/* level and indices have been checked. */
void sage_merkle_poseidon252_digests(const sage_merkle *tree,
                                     uint32_t level,
                                     const uint32_t *index,
                                     uint32_t n,
                                     uint8_t (*out)[32]);

#endif
