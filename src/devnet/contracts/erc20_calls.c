/* Calls of a token by another contract. */
#include "devnet/contracts/erc20_calls.h"

sage_amount sage_erc20_balance(sage_frame *f, felt252 token, felt252 of)
{
    sage_amount balance   = {0};
    sage_felt_list result = {0};
    sage_call_contract(f, token, "balance_of", &of, 1, &result);
    bool ok = result.n == 2 && sage_u256_join(&balance, result.v[0], result.v[1]);
    sage_felt_list_free(&result);
    sage_require(f, ok, "ERC20: no balance");
    return balance;
}

static void
call_true(sage_frame *f, felt252 token, const char *entry, const felt252 *calldata, uint32_t n)
{
    sage_felt_list result = {0};
    sage_call_contract(f, token, entry, calldata, n, &result);
    bool ok = result.n == 1 && felt252_eq(result.v[0], felt252_one());
    sage_felt_list_free(&result);
    sage_require(f, ok, "ERC20: transfer refused");
}

void sage_erc20_transfer(sage_frame *f, felt252 token, felt252 to, sage_amount amount)
{
    felt252 calldata[3] = {to};
    if (sage_amount_is_zero(&amount)) return;
    sage_u256_split(calldata + 1, &amount);
    call_true(f, token, "transfer", calldata, 3);
}

void sage_erc20_transfer_from(
    sage_frame *f, felt252 token, felt252 from, felt252 to, sage_amount amount)
{
    felt252 calldata[4] = {from, to};
    sage_u256_split(calldata + 2, &amount);
    call_true(f, token, "transfer_from", calldata, 4);
}

void sage_erc20_burn(sage_frame *f, felt252 token, sage_amount amount)
{
    felt252 calldata[2];
    if (sage_amount_is_zero(&amount)) return;
    sage_u256_split(calldata, &amount);
    sage_call_contract(f, token, "burn", calldata, 2, NULL);
}
