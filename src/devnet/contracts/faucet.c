/* Gives SAGE to whoever asks, once in a while: enough to stake with (facts A6). */
#include "devnet/contracts.h"
#include "devnet/contracts/erc20_calls.h"

/* Of FaucetConfig and ClaimInfo, whose felts lie one after the other in storage. */
typedef struct config {
    sage_amount drip;
    uint64_t cooldown, most_claims; /* 0: as many as one likes */
    bool active;
} config;
typedef struct claim_info {
    uint64_t last, count;
    sage_amount total;
} claim_info;

static felt252 after(felt252 slot, uint64_t n)
{
    return felt252_add(slot, felt252_from_u64(n));
}

static config read_config(sage_frame *f)
{
    felt252 slot  = sage_slot("config");
    config c      = {.drip = sage_get_u256(f, slot)};
    c.cooldown    = sage_get_u64(f, after(slot, 2));
    c.most_claims = sage_get_u64(f, after(slot, 3));
    c.active      = sage_get_u64(f, after(slot, 4)) != 0;
    return c;
}

static void write_config(sage_frame *f, const config *c)
{
    felt252 slot = sage_slot("config");
    sage_put_u256(f, slot, c->drip);
    sage_put_u64(f, after(slot, 2), c->cooldown);
    sage_put_u64(f, after(slot, 3), c->most_claims);
    sage_put_u64(f, after(slot, 4), c->active);
}

static claim_info read_claims(sage_frame *f, felt252 user)
{
    felt252 slot = sage_slot_of("claims", user);
    claim_info c = {.last = sage_get_u64(f, slot)};
    c.count      = sage_get_u64(f, after(slot, 1));
    c.total      = sage_get_u256(f, after(slot, 2));
    return c;
}

static void write_claims(sage_frame *f, felt252 user, const claim_info *c)
{
    felt252 slot = sage_slot_of("claims", user);
    sage_put_u64(f, slot, c->last);
    sage_put_u64(f, after(slot, 1), c->count);
    sage_put_u256(f, after(slot, 2), c->total);
}

static felt252 token(sage_frame *f)
{
    return sage_get(f, sage_slot("sage_token"));
}

static sage_amount balance(sage_frame *f)
{
    return sage_erc20_balance(f, token(f), sage_self(f));
}

static void only_owner(sage_frame *f)
{
    sage_require(f, felt252_eq(sage_caller(f), sage_get(f, sage_slot("owner"))), "Only owner");
}

static void construct(sage_frame *f)
{
    config c = {.active = true};
    sage_put(f, sage_slot("owner"), sage_take_address(f));
    sage_put(f, sage_slot("sage_token"), sage_take_address(f));
    c.drip     = sage_take_u256(f);
    c.cooldown = sage_take_u64(f);
    write_config(f, &c);
}

/* The clock never runs backwards, and a claim is never in the future. */
static uint64_t wait_of(sage_frame *f, const config *c, const claim_info *claims)
{
    uint64_t gone = sage_block_time(f) - claims->last;
    return !claims->count || gone >= c->cooldown ? 0 : c->cooldown - gone;
}

/* NULL, or why a claim would be refused. */
static const char *refusal(sage_frame *f, const config *c, const claim_info *claims)
{
    sage_amount here = balance(f);
    if (!c->active) return "Faucet is paused";
    if (sage_amount_compare(&here, &c->drip) < 0) return "Faucet empty";
    if (wait_of(f, c, claims)) return "Cooldown not expired";
    if (c->most_claims && claims->count >= c->most_claims) return "Max claims reached";
    return NULL;
}

static void count_up(sage_frame *f, const char *variable)
{
    felt252 slot = sage_slot(variable);
    sage_put_u64(f, slot, sage_get_u64(f, slot) + 1);
}

static void emit_claimed(sage_frame *f, felt252 user, sage_amount amount, uint64_t number)
{
    felt252 data[3];
    sage_u256_split(data, &amount);
    data[2] = felt252_from_u64(number);
    sage_emit(f, "TokensClaimed", &user, 1, data, 3);
}

static void claim(sage_frame *f)
{
    felt252 user = sage_caller(f), slot = sage_slot("total_distributed");
    config c          = read_config(f);
    claim_info claims = read_claims(f, user);
    const char *why   = refusal(f, &c, &claims);
    if (why) sage_panic(f, why);
    if (!claims.count) count_up(f, "unique_claimants");
    count_up(f, "total_claims");
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), c.drip));
    claims.last  = sage_block_time(f);
    claims.total = sage_plus(f, claims.total, c.drip);
    claims.count++;
    write_claims(f, user, &claims);
    sage_erc20_transfer(f, token(f), user, c.drip);
    emit_claimed(f, user, c.drip, claims.count);
}

static void can_claim(sage_frame *f)
{
    claim_info claims = read_claims(f, sage_take_address(f));
    config c          = read_config(f);
    sage_give_bool(f, refusal(f, &c, &claims) == NULL);
}

static void time_until_claim(sage_frame *f)
{
    claim_info claims = read_claims(f, sage_take_address(f));
    config c          = read_config(f);
    sage_give_u64(f, wait_of(f, &c, &claims));
}

static void update_config(sage_frame *f)
{
    config c = {.drip = sage_take_u256(f)};
    felt252 data[3];
    c.cooldown    = sage_take_u64(f);
    c.most_claims = sage_take_u64(f);
    c.active      = sage_take_bool(f);
    only_owner(f);
    write_config(f, &c);
    sage_u256_split(data, &c.drip);
    data[2] = felt252_from_u64(c.cooldown);
    sage_emit(f, "ConfigUpdated", NULL, 0, data, 3);
}

static void set_active(sage_frame *f, bool active, const char *event)
{
    config c       = read_config(f);
    felt252 caller = sage_caller(f);
    only_owner(f);
    c.active = active;
    write_config(f, &c);
    sage_emit(f, event, NULL, 0, &caller, 1);
}

static void pause(sage_frame *f)
{
    set_active(f, false, "FaucetPaused");
}
static void unpause(sage_frame *f)
{
    set_active(f, true, "FaucetUnpaused");
}

static void get_config(sage_frame *f)
{
    config c = read_config(f);
    sage_give_u256(f, c.drip);
    sage_give_u64(f, c.cooldown);
    sage_give_u64(f, c.most_claims);
    sage_give_bool(f, c.active);
}

static void get_claim_info(sage_frame *f)
{
    claim_info c = read_claims(f, sage_take_address(f));
    sage_give_u64(f, c.last);
    sage_give_u64(f, c.count);
    sage_give_u256(f, c.total);
}

static void get_stats(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("total_distributed")));
    sage_give_u64(f, sage_get_u64(f, sage_slot("unique_claimants")));
    sage_give_u64(f, sage_get_u64(f, sage_slot("total_claims")));
    sage_give_u256(f, balance(f));
}

static void get_balance(sage_frame *f)
{
    sage_give_u256(f, balance(f));
}

static const sage_entry entries[] = {
    {"claim", "", "", false, claim},
    {"can_claim", "user: ContractAddress", "bool", true, can_claim},
    {"time_until_claim", "user: ContractAddress", "u64", true, time_until_claim},
    {"update_config", "config: FaucetConfig", "", false, update_config},
    {"pause", "", "", false, pause},
    {"unpause", "", "", false, unpause},
    {"get_config", "", "FaucetConfig", true, get_config},
    {"get_claim_info", "user: ContractAddress", "ClaimInfo", true, get_claim_info},
    {"get_stats", "", "FaucetStats", true, get_stats},
    {"get_balance", "", "u256", true, get_balance},
};

static const sage_type_text structs[] = {
    {"FaucetConfig",
     "drip_amount: u256, cooldown_secs: u64, max_claims_per_address: u64, is_active: bool"},
    {"ClaimInfo", "last_claim: u64, claim_count: u64, total_claimed: u256"},
    {"FaucetStats",
     "total_distributed: u256, unique_claimants: u64, total_claims: u64, balance: u256"},
};

static const sage_type_text events[] = {
    {"TokensClaimed", "key user: ContractAddress, amount: u256, claim_number: u64"},
    {"ConfigUpdated", "drip_amount: u256, cooldown_secs: u64"},
    {"FaucetPaused", "by: ContractAddress"},
    {"FaucetUnpaused", "by: ContractAddress"},
};

const sage_contract sage_contract_faucet = {
    .name               = "Faucet",
    .constructor_inputs = "owner: ContractAddress, sage_token: ContractAddress, "
                          "drip_amount: u256, cooldown_secs: u64",
    .construct          = construct,
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .structs            = structs,
    .n_structs          = sizeof structs / sizeof *structs,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
};
