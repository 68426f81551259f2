/* devnet/contracts/test_market.h -- the network's contracts as the genesis wires them, with
 * clients and workers, for the tests of stakes and jobs. After every call everything must add
 * up: see market_adds_up. */
#ifndef SAGE_DEVNET_CONTRACTS_TEST_MARKET_H
#define SAGE_DEVNET_CONTRACTS_TEST_MARKET_H

#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"
#include "starknet/facts.h"

/* Addresses. Clients are CLIENT, CLIENT + 1 ..., workers WORKER ...; worker i registers with the
 * number WORKER_ID + i. */
enum {
    OWNER     = 1,
    TREASURY  = 2,
    POOL      = 3,
    TOKEN     = 0x10,
    STAKING   = 0x11,
    JOBS      = 0x12,
    SCORES    = 0x13,
    VERIFIER  = 0x14,
    CLIENT    = 0x100,
    WORKER    = 0x200,
    STRANGER  = 0x300,
    WORKER_ID = 0x900,
    CLIENTS   = 3,
    WORKERS   = 4
};
enum { TIER_NONE = -1, DAY = 86400, YEAR_SECONDS = 365 * DAY };

typedef struct market {
    sage_rig rig;
    sage_tx tx; /* the transaction that carries facts */
    felt252 facts[SAGE_FACTS_LEN];
    uint64_t n_jobs;    /* submitted so far: their numbers are 1 .. n_jobs */
    sage_amount burned; /* as the events say */
    sage_amount supply; /* at first */
} market;

void market_open(market *m);
void market_close(market *m);

/* A million SAGE each to clients and workers, who let staking and jobs take what they want. */
sage_amount market_sage(uint64_t whole);
sage_amount market_plus(sage_amount a, sage_amount b);
sage_amount market_balance(market *m, uint64_t who);
void market_same(sage_amount have, sage_amount want);

/* Calls as somebody; true if it went well. */
#define market_do(m, as, to, entry, ...)                                                       \
    rig_do(&(m)->rig, rig_number(as), rig_number(to), entry, __VA_ARGS__)
bool market_run(market *m, uint64_t as, uint64_t to, const char *entry);
bool market_stake(market *m, uint64_t worker, uint64_t whole, int tier);
/* A job's number as argument. */
#define MARKET_ID(id) rig_number(id), rig_number(0)
/* Of a stake: felt i of get_stake, the amount that begins there. */
uint64_t market_stake_u64(market *m, uint64_t worker, uint32_t i);
sage_amount market_stake_amount(market *m, uint64_t worker, uint32_t i);
void market_wait(market *m, uint64_t seconds);

/* Does its last panic name a broken invariant of the contracts? */
bool market_broke(const market *m);

#endif
