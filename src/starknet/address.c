/* starknet/address.c -- Keccak names, Pedersen addresses (facts C2, C3). */
#include "starknet/address.h"

#include <string.h>

#include "curve/pedersen.h"
#include "field/felt252_text.h"
#include "hash/keccak.h"

/* The digest is a big-endian number, whose low 250 bits are kept. */
felt252 sage_sn_keccak(const void *bytes, size_t n)
{
    uint8_t digest[32];
    uint64_t limbs[4] = {0};
    sage_keccak256(bytes, n, digest);
    for (int i = 0; i < 32; i++)
        limbs[i / 8] |= (uint64_t)digest[31 - i] << (8 * (i % 8));
    limbs[3] &= ((uint64_t)1 << (250 - 192)) - 1;
    return felt252_from_limbs(limbs);
}

felt252 sage_selector(const char *name)
{
    return sage_sn_keccak(name, strlen(name));
}

/* Addresses end 256 before 2^251, and a felt is below twice that. */
felt252 sage_address_reduce(felt252 v)
{
    static const uint64_t end[4] = {0 - (uint64_t)256, UINT64_MAX, UINT64_MAX,
                                    ((uint64_t)1 << (251 - 192)) - 1};
    const felt252 bound          = felt252_from_limbs(end);
    return sage_felt_compare(v, bound) < 0 ? v : felt252_sub(v, bound);
}

felt252 sage_map_address(felt252 base, const felt252 *keys, size_t n)
{
    for (size_t i = 0; i < n; i++)
        base = sage_pedersen(base, keys[i]);
    return sage_address_reduce(base);
}

felt252 sage_contract_address(
    felt252 deployer, felt252 salt, felt252 class_hash, const felt252 *calldata, size_t n)
{
    const felt252 parts[] = {sage_felt_short("STARKNET_CONTRACT_ADDRESS"), deployer, salt,
                             class_hash, sage_pedersen_many(calldata, n)};
    return sage_address_reduce(sage_pedersen_many(parts, sizeof parts / sizeof parts[0]));
}

felt252 sage_account_class_hash(void)
{
    static const uint64_t oz_1_0_0[4] = {0x52c798c601e43564, 0xd6c71bc1467938cd,
                                         0x3aa99c4e2e0208eb, 0x05b4b537eaa2399e};
    return felt252_from_limbs(oz_1_0_0);
}

felt252 sage_account_address(felt252 public_key)
{
    return sage_contract_address(felt252_zero(), public_key, sage_account_class_hash(),
                                 &public_key, 1);
}
