/* The ERC-20 token of all three currencies: selectors, storage, events and error texts are those
 * of OpenZeppelin's component; minting is the owner's, up to a cap. */
#include "devnet/contracts.h"
#include "field/felt252_text.h"
#include "hash/poseidon252.h"

static const sage_amount MAX = {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX}};

static felt252 balance_slot(felt252 of)
{
    return sage_slot_of("ERC20_balances", of);
}

static felt252 allowance_slot(felt252 owner, felt252 spender)
{
    return sage_slot_of2("ERC20_allowances", owner, spender);
}

/* A ByteArray in storage: its length at the variable, its felts at a place that Hades of the
 * variable, the segment's index and 'ByteArray' gives. Texts here fill no whole word of 31
 * bytes, so that the first felt of segment 0 is all there is. */
static felt252 text_slot(felt252 variable)
{
    felt252 state[3] = {variable, felt252_zero(), sage_felt_short("ByteArray")};
    sage_poseidon252_permute(state);
    return sage_address_reduce(state[0]);
}

static void take_text(sage_frame *f, const char *variable)
{
    char text[SAGE_FELT_SHORT + 1] = "";
    sage_require(f, sage_take_u64(f) == 0, "ERC20: text too long");
    felt252 word = sage_take_felt(f);
    uint64_t len = sage_take_u64(f);
    uint64_t n   = 0;
    if (!sage_felt_to_short(text, word)) sage_panic(f, "ERC20: text is no short string");
    while (text[n])
        n++;
    sage_require(f, n == len && n < SAGE_FELT_SHORT, "ERC20: text is no short string");
    felt252 slot = sage_slot(variable);
    sage_put_u64(f, slot, len);
    sage_put(f, text_slot(slot), word);
}

static void give_text(sage_frame *f, const char *variable)
{
    felt252 slot = sage_slot(variable);
    sage_give_u64(f, 0); /* whole words */
    sage_give_felt(f, sage_get(f, text_slot(slot)));
    sage_give_u64(f, sage_get_u64(f, slot));
}

static void
emit_amount(sage_frame *f, const char *event, felt252 from, felt252 to, sage_amount amount)
{
    felt252 data[2];
    sage_u256_split(data, &amount);
    sage_emit(f, event, (felt252[]){from, to}, 2, data, 2);
}

static void mint_to(sage_frame *f, felt252 to, sage_amount amount)
{
    sage_require(f, !felt252_is_zero(to), "ERC20: mint to 0");
    felt252 supply_slot = sage_slot("ERC20_total_supply"), slot = balance_slot(to);
    sage_amount supply = sage_plus(f, sage_get_u256(f, supply_slot), amount);
    sage_amount cap    = sage_get_u256(f, sage_slot("cap"));
    sage_require(f, sage_amount_is_zero(&cap) || sage_amount_compare(&supply, &cap) <= 0,
                 "ERC20: cap exceeded");
    sage_put_u256(f, supply_slot, supply);
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), amount));
    emit_amount(f, "Transfer", felt252_zero(), to, amount);
}

static void move(sage_frame *f, felt252 from, felt252 to, sage_amount amount)
{
    sage_require(f, !felt252_is_zero(from), "ERC20: transfer from 0");
    sage_require(f, !felt252_is_zero(to), "ERC20: transfer to 0");
    felt252 slot = balance_slot(from);
    sage_put_u256(f, slot,
                  sage_minus(f, sage_get_u256(f, slot), amount, "ERC20: insufficient balance"));
    slot = balance_slot(to);
    sage_put_u256(f, slot, sage_plus(f, sage_get_u256(f, slot), amount));
    emit_amount(f, "Transfer", from, to, amount);
}

static void allow(sage_frame *f, felt252 owner, felt252 spender, sage_amount amount)
{
    sage_require(f, !felt252_is_zero(owner), "ERC20: approve from 0");
    sage_require(f, !felt252_is_zero(spender), "ERC20: approve to 0");
    sage_put_u256(f, allowance_slot(owner, spender), amount);
    emit_amount(f, "Approval", owner, spender, amount);
}

/* The largest amount is an allowance without end. */
static void spend_allowance(sage_frame *f, felt252 owner, felt252 spender, sage_amount amount)
{
    sage_amount now = sage_get_u256(f, allowance_slot(owner, spender));
    if (sage_amount_compare(&now, &MAX) == 0) return;
    allow(f, owner, spender, sage_minus(f, now, amount, "ERC20: insufficient allowance"));
}

static void construct(sage_frame *f)
{
    take_text(f, "ERC20_name");
    take_text(f, "ERC20_symbol");
    sage_put_u256(f, sage_slot("cap"), sage_take_u256(f));
    sage_amount supply = sage_take_u256(f);
    felt252 recipient  = sage_take_address(f);
    sage_put(f, sage_slot("Ownable_owner"), sage_take_address(f));
    if (!sage_amount_is_zero(&supply)) mint_to(f, recipient, supply);
}

static void read_name(sage_frame *f)
{
    give_text(f, "ERC20_name");
}
static void read_symbol(sage_frame *f)
{
    give_text(f, "ERC20_symbol");
}
static void read_decimals(sage_frame *f)
{
    sage_give_u64(f, SAGE_AMOUNT_DECIMALS);
}
static void read_total_supply(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("ERC20_total_supply")));
}
static void read_max_supply(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, sage_slot("cap")));
}
static void read_owner(sage_frame *f)
{
    sage_give_felt(f, sage_get(f, sage_slot("Ownable_owner")));
}
static void read_balance_of(sage_frame *f)
{
    sage_give_u256(f, sage_get_u256(f, balance_slot(sage_take_address(f))));
}
static void read_allowance(sage_frame *f)
{
    felt252 from = sage_take_address(f), spender = sage_take_address(f);
    sage_give_u256(f, sage_get_u256(f, allowance_slot(from, spender)));
}

static void transfer(sage_frame *f)
{
    felt252 to = sage_take_address(f);
    move(f, sage_caller(f), to, sage_take_u256(f));
    sage_give_bool(f, true);
}

static void transfer_from(sage_frame *f)
{
    felt252 from = sage_take_address(f), to = sage_take_address(f);
    sage_amount amount = sage_take_u256(f);
    spend_allowance(f, from, sage_caller(f), amount);
    move(f, from, to, amount);
    sage_give_bool(f, true);
}

static void approve(sage_frame *f)
{
    felt252 spender = sage_take_address(f);
    allow(f, sage_caller(f), spender, sage_take_u256(f));
    sage_give_bool(f, true);
}

static void mint(sage_frame *f)
{
    sage_require(f, felt252_eq(sage_caller(f), sage_get(f, sage_slot("Ownable_owner"))),
                 "Caller is not the owner");
    felt252 to = sage_take_address(f);
    mint_to(f, to, sage_take_u256(f));
}

/* The caller's own tokens: supply and balance fall together. */
static void burn(sage_frame *f)
{
    felt252 from = sage_caller(f), slot = balance_slot(from);
    felt252 supply_slot = sage_slot("ERC20_total_supply");
    sage_amount amount  = sage_take_u256(f);
    sage_require(f, !felt252_is_zero(from), "ERC20: burn from 0");
    sage_put_u256(f, slot,
                  sage_minus(f, sage_get_u256(f, slot), amount, "ERC20: insufficient balance"));
    sage_put_u256(
        f, supply_slot,
        sage_minus(f, sage_get_u256(f, supply_slot), amount, "ERC20: insufficient supply"));
    emit_amount(f, "Transfer", from, felt252_zero(), amount);
}

static const sage_entry entries[] = {
    {"name", "", "ByteArray", true, read_name},
    {"symbol", "", "ByteArray", true, read_symbol},
    {"decimals", "", "u8", true, read_decimals},
    {"total_supply", "", "u256", true, read_total_supply},
    {"totalSupply", "", "u256", true, read_total_supply},
    {"balance_of", "account: ContractAddress", "u256", true, read_balance_of},
    {"balanceOf", "account: ContractAddress", "u256", true, read_balance_of},
    {"allowance", "owner: ContractAddress, spender: ContractAddress", "u256", true,
     read_allowance},
    {"transfer", "recipient: ContractAddress, amount: u256", "bool", false, transfer},
    {"transfer_from", "sender: ContractAddress, recipient: ContractAddress, amount: u256",
     "bool", false, transfer_from},
    {"transferFrom", "sender: ContractAddress, recipient: ContractAddress, amount: u256",
     "bool", false, transfer_from},
    {"approve", "spender: ContractAddress, amount: u256", "bool", false, approve},
    {"get_max_supply", "", "u256", true, read_max_supply},
    {"owner", "", "ContractAddress", true, read_owner},
    {"mint", "to: ContractAddress, amount: u256", "", false, mint},
    {"burn", "amount: u256", "", false, burn},
};

static const sage_type_text events[] = {
    {"Transfer", "key from: ContractAddress, key to: ContractAddress, value: u256"},
    {"Approval", "key owner: ContractAddress, key spender: ContractAddress, value: u256"},
};

const sage_contract sage_contract_erc20 = {
    .name               = "ERC20",
    .constructor_inputs = "name: ByteArray, symbol: ByteArray, max_supply: u256, "
                          "initial_supply: u256, recipient: ContractAddress, "
                          "owner: ContractAddress",
    .construct          = construct,
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
};
