/* devnet/contracts/test_money.h -- a token with people who have some, for the tests of contracts
 * that move money. After every call the balances of all who may have any add up to the supply. */
#ifndef SAGE_DEVNET_CONTRACTS_TEST_MONEY_H
#define SAGE_DEVNET_CONTRACTS_TEST_MONEY_H

#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"

enum { MONEY_TOKEN = 0x70, MONEY_OWNER = 0x71, MONEY_HOLDERS = 16 };

/* Holders are the addresses 1 .. MONEY_HOLDERS. */
SAGE_INLINE felt252 money_holder(unsigned i)
{
    return rig_number(i);
}
SAGE_INLINE felt252 money_token(void)
{
    return rig_number(MONEY_TOKEN);
}

SAGE_INLINE uint64_t money_of(sage_rig *rig, felt252 who)
{
    sage_amount a = rig_u256(rig, money_token(), "balance_of", &who, 1);
    assert_true(!a.w[1] && !a.w[2] && !a.w[3]);
    return a.w[0];
}

SAGE_INLINE void money_adds_up(sage_rig *rig, void *arg)
{
    uint64_t sum = 0;
    (void)arg;
    for (unsigned i = 1; i <= MONEY_HOLDERS; i++)
        sum += money_of(rig, money_holder(i));
    assert_int_equal(sum, rig_u256(rig, money_token(), "total_supply", NULL, 0).w[0]);
}

/* `supply` base units, all of holder 1; watched from here on. */
SAGE_INLINE void money_open(sage_rig *rig, uint64_t supply)
{
    const felt252 calldata[] = {rig_number(0),        sage_felt_short("Money"),
                                rig_number(5),        rig_number(0),
                                sage_felt_short("M"), rig_number(1),
                                rig_number(0),        rig_number(0),
                                rig_number(supply),   rig_number(0),
                                money_holder(1),      rig_number(MONEY_OWNER)};
    rig_deploy(rig, money_token(), &sage_contract_erc20, calldata, 12);
    rig->check = money_adds_up;
    money_adds_up(rig, NULL);
}

SAGE_INLINE void money_send(sage_rig *rig, felt252 from, felt252 to, uint64_t v)
{
    assert_true(rig_do(rig, from, money_token(), "transfer", to, rig_number(v), rig_number(0)));
}

#endif
