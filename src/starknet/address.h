/* starknet/address.h -- names and places: selectors, storage addresses, contract addresses
 * (facts C2, C3). Pure functions; time depends on the operands. */
#ifndef SAGE_STARKNET_ADDRESS_H
#define SAGE_STARKNET_ADDRESS_H

#include "field/felt252.h"

/* Keccak-256 mod 2^250. About 1 us. */
felt252 sage_sn_keccak(const void *bytes, size_t n);
/* Of a name: an entry point's selector, an event's first key, a variable's address. */
felt252 sage_selector(const char *name);
/* Where a map keeps its value of a key: Pedersen over base and keys, mod 2^251 - 256. 10 us a
 * key. */
felt252 sage_map_address(felt252 base, const felt252 *keys, size_t n);
/* v mod 2^251 - 256. */
felt252 sage_address_reduce(felt252 v);

/* The address of a contract that `deployer` (0: a DEPLOY_ACCOUNT) makes. */
felt252 sage_contract_address(
    felt252 deployer, felt252 salt, felt252 class_hash, const felt252 *calldata, size_t n);

/* The account class that new accounts use: OpenZeppelin 1.0.0 (facts C1). Its constructor takes
 * the public key; by the wallets' convention the salt is the key, too. */
felt252 sage_account_class_hash(void);
felt252 sage_account_address(felt252 public_key);

#endif
