/* devnet/contracts/erc20_calls.h -- what contracts ask of a token.
 *
 * A token that refuses panics, and so does the frame; one that answers false is a panic, too. */
#ifndef SAGE_DEVNET_CONTRACTS_ERC20_CALLS_H
#define SAGE_DEVNET_CONTRACTS_ERC20_CALLS_H

#include "devnet/contract.h"

sage_amount sage_erc20_balance(sage_frame *f, felt252 token, felt252 of);
/* From the frame's own contract; of nothing it is no call. */
void sage_erc20_transfer(sage_frame *f, felt252 token, felt252 to, sage_amount amount);
/* With the allowance that `from` gave the frame's contract. */
void sage_erc20_transfer_from(
    sage_frame *f, felt252 token, felt252 from, felt252 to, sage_amount amount);
/* Of the frame's contract's own tokens; of nothing it is no call. */
void sage_erc20_burn(sage_frame *f, felt252 token, sage_amount amount);

#endif
