/* devnet/fees.h -- gas from what a transaction did, and its fee.
 *
 * Native code has no steps, so that work is priced per piece: a call, a storage access, a
 * signature check, at about what Starknet's contracts take for the same. What the network prices
 * itself has its prices (facts D3): 5120 L2 gas a felt of calldata, signature and event data,
 * twice that a key, 402,000 and 32 L1 data gas a new storage cell, 75,000,000 a proof.
 * A transfer of tokens comes to some 1.3 million.
 *
 * What an estimate cannot know is priced the same for all, done or not: validation (estimates
 * skip it), a signature (estimates have none: at least two felts) and the fee's own transfer. So
 * an estimate is exactly what execution on the same state charges. Private to the room. */
#ifndef SAGE_DEVNET_FEES_H
#define SAGE_DEVNET_FEES_H

#include "devnet/execute.h"

/* What was done, undone parts included. */
typedef struct sage_work {
    uint64_t calls, reads, writes, signatures, deploys;
    uint64_t events, event_keys, event_data; /* events; felts of them */
} sage_work;

/* What a transaction takes before it does anything: the least its bounds must allow. */
void sage_gas_least(uint64_t gas[SAGE_GASES], const sage_tx *t);
/* Of least, work and the cells that changed, the fee's transfer left out. */
void sage_gas_used(uint64_t gas[SAGE_GASES],
                   const sage_tx *t,
                   const sage_work *w,
                   const sage_state_change *changes,
                   uint32_t n);
/* The sum of gas times price, with the tip on L2 gas. SAGE_ELIMIT "amount.overflow". */
SAGE_CHECKED sage_status sage_gas_fee(sage_amount *out,
                                      const uint64_t gas[SAGE_GASES],
                                      const sage_block_env *env,
                                      uint64_t tip,
                                      sage_errinfo *err);
/* The first gas that bounds do not allow; SAGE_GASES if they allow all. */
sage_gas sage_gas_beyond(const uint64_t gas[SAGE_GASES], const sage_tx *t);
/* "L2Gas" as the network's messages have it. */
const char *sage_gas_name(sage_gas g);

#endif
