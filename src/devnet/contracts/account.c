/* OpenZeppelin's account 1.0.0 (facts C1): a STARK key, multicalls, SNIP-9 outside execution.
 *
 * Its checks of the transaction's version have no counterpart: the chain takes version 3 alone. */
#include "devnet/contracts.h"
#include "field/felt252_text.h"
#include "hash/poseidon252.h"
#include "starknet/calls.h"

static felt252 key_slot(void)
{
    return sage_slot("Account_public_key");
}

/* The interface ids of SNIP-5, of SNIP-6, and of SNIP-9 version 2. */
static felt252 src5_id(void)
{
    return felt252_from_limbs((const uint64_t[]){0xf87748628532a055, 0x59a07f75997f365c,
                                                 0x73b56385708f8556, 0x03f918d17e5ee773});
}
static felt252 src6_id(void)
{
    return felt252_from_limbs((const uint64_t[]){0x04f91e03caecc1cd, 0xcd37df7d131417c6,
                                                 0xb3962a6c67e0ba4f, 0x02ceccef7f994940});
}
static felt252 src9_id(void)
{
    return felt252_from_limbs((const uint64_t[]){0x0c3a602003c89872, 0x6b1d332ac4219623,
                                                 0x66ff28d8e9ab5745, 0x0001d1144bb21383});
}

static void give_valid(sage_frame *f, bool valid)
{
    sage_give_felt(f, valid ? sage_felt_short("VALID") : felt252_zero());
}

static void become_owned_by(sage_frame *f, felt252 key)
{
    sage_put(f, key_slot(), key);
    sage_emit(f, "OwnerAdded", &key, 1, NULL, 0);
}

static void construct(sage_frame *f)
{
    sage_put(f, sage_slot_of("SRC5_supported_interfaces", src6_id()), felt252_one());
    sage_put(f, sage_slot_of("SRC5_supported_interfaces", src9_id()), felt252_one());
    become_owned_by(f, sage_take_felt(f));
}

static bool signed_by_owner(sage_frame *f, felt252 hash, const felt252 *signature, uint32_t n)
{
    return sage_frame_signed(f, sage_get(f, key_slot()), hash, signature, n);
}

/* All validations ask the same: did the owner sign this transaction? */
static void validate_transaction(sage_frame *f)
{
    const sage_felt_list *signature = sage_frame_signature(f);
    sage_require(f, signed_by_owner(f, sage_frame_tx_hash(f), signature->v, signature->n),
                 "Account: invalid signature");
    give_valid(f, true);
}

/* The calls that data[0..n) is; none after a panic. For sage_calls_free. */
static sage_call *
decode_calls(sage_frame *f, const felt252 *data, uint32_t n, uint32_t *n_calls)
{
    sage_call *calls = NULL;
    sage_status s    = SAGE_EFORMAT;
    sage_errinfo err = {0};
    *n_calls         = 0;
    if (!sage_panicked(f)) s = sage_calls_decode(&calls, n_calls, data, n, &err);
    if (s == SAGE_ENOMEM) sage_panic(f, "Out of memory");
    if (s) sage_panic(f, "Failed to deserialize param #1");
    return calls;
}

/* Runs them; gives what each returned. */
static void run_calls(sage_frame *f, const sage_call *calls, uint32_t n)
{
    sage_give_u64(f, n);
    for (uint32_t i = 0; i < n && !sage_panicked(f); i++) {
        sage_felt_list result = {0};
        sage_call_selector(f, calls[i].to, calls[i].selector, calls[i].calldata.v,
                           calls[i].calldata.n, &result);
        sage_give_array(f, result.v, result.n);
        sage_felt_list_free(&result);
    }
}

static void validate(sage_frame *f)
{
    uint32_t n, n_calls;
    const felt252 *data = sage_take_rest(f, &n);
    sage_call *calls    = decode_calls(f, data, n, &n_calls);
    sage_calls_free(calls, n_calls);
    validate_transaction(f);
}

/* Only the chain itself, whom no address stands for, makes the account execute. */
static void execute(sage_frame *f)
{
    uint32_t n, n_calls;
    const felt252 *data = sage_take_rest(f, &n);
    sage_call *calls    = decode_calls(f, data, n, &n_calls);
    sage_require(f, felt252_is_zero(sage_caller(f)), "Account: invalid caller");
    run_calls(f, calls, n_calls);
    sage_calls_free(calls, n_calls);
}

static void validate_declare(sage_frame *f)
{
    (void)sage_take_felt(f); /* the class, which the transaction's hash covers */
    validate_transaction(f);
}

static void validate_deploy(sage_frame *f)
{
    (void)sage_take_felt(f); /* class, salt, key: covered as well */
    (void)sage_take_felt(f);
    (void)sage_take_felt(f);
    validate_transaction(f);
}

static void is_valid_signature(sage_frame *f)
{
    uint32_t n;
    felt252 hash             = sage_take_felt(f);
    const felt252 *signature = sage_take_array(f, &n);
    give_valid(f, signed_by_owner(f, hash, signature, n));
}

static void get_public_key(sage_frame *f)
{
    sage_give_felt(f, sage_get(f, key_slot()));
}

static void require_self(sage_frame *f)
{
    sage_require(f, felt252_eq(sage_caller(f), sage_self(f)), "Account: unauthorized");
}

/* The new key signs that it takes over from the old one, so that nobody locks himself out with
 * a key that is not his. */
static void set_public_key(sage_frame *f)
{
    uint32_t n;
    felt252 key = sage_take_felt(f), owner = sage_get(f, key_slot());
    const felt252 *signature = sage_take_array(f, &n);
    require_self(f);
    const felt252 message[] = {sage_felt_short("StarkNet Message"),
                               sage_felt_short("accept_ownership"), sage_self(f), owner};
    felt252 hash            = sage_poseidon252_many(message, sizeof message / sizeof *message);
    sage_require(f, sage_frame_signed(f, key, hash, signature, n),
                 "Account: invalid signature");
    sage_emit(f, "OwnerRemoved", &owner, 1, NULL, 0);
    become_owned_by(f, key);
}

static void supports_interface(sage_frame *f)
{
    felt252 id = sage_take_felt(f);
    sage_give_bool(
        f, felt252_eq(id, src5_id()) ||
               !felt252_is_zero(sage_get(f, sage_slot_of("SRC5_supported_interfaces", id))));
}

static void upgrade(sage_frame *f)
{
    felt252 class_hash = sage_take_felt(f);
    require_self(f);
    sage_require(f, !felt252_is_zero(class_hash), "Class hash cannot be zero");
    sage_replace_class(f, class_hash);
    sage_emit(f, "Upgraded", NULL, 0, &class_hash, 1);
}

/* How many of data[0..n) the calls at its head take up; 0 if they are none. */
static uint32_t calls_length(const felt252 *data, uint32_t n)
{
    uint64_t at = 1, count, len;
    if (!n || !sage_felt_to_u64(&count, data[0])) return 0;
    for (uint64_t i = 0; i < count; i++) {
        if (n - at < 3 || !sage_felt_to_u64(&len, data[at + 2])) return 0;
        at += 3;
        if (len > n - at) return 0;
        at += len;
    }
    return (uint32_t)at;
}

/* The signature data[0..n): its length, then exactly so many felts. */
static bool is_array(const felt252 *data, uint32_t n)
{
    uint64_t len;
    return n && sage_felt_to_u64(&len, data[0]) && len == n - 1;
}

/* Who may ask, when, and that nobody asked before; the nonce is used up. */
static void enter_outside(sage_frame *f, const sage_outside_execution *e)
{
    felt252 nonce_slot = sage_slot_of("SRC9_nonces", e->nonce);
    uint64_t now       = sage_block_time(f);
    sage_require(f,
                 felt252_eq(e->caller, sage_felt_short("ANY_CALLER")) ||
                     felt252_eq(e->caller, sage_caller(f)),
                 "SRC9: invalid caller");
    sage_require(f, e->execute_after < now, "SRC9: now <= execute_after");
    sage_require(f, now < e->execute_before, "SRC9: now >= execute_before");
    sage_require(f, felt252_is_zero(sage_get(f, nonce_slot)), "SRC9: duplicated nonce");
    sage_put(f, nonce_slot, felt252_one());
}

static void run_outside(sage_frame *f,
                        const sage_outside_execution *e,
                        const felt252 *signature,
                        uint32_t n)
{
    enter_outside(f, e);
    felt252 hash = sage_outside_execution_hash(e, sage_self(f), sage_frame_chain_id(f));
    sage_require(f, signed_by_owner(f, hash, signature, n), "SRC9: invalid signature");
    run_calls(f, e->calls, e->n_calls);
}

static void execute_from_outside(sage_frame *f)
{
    uint32_t n, n_calls;
    sage_outside_execution e = {.caller = sage_take_address(f)};
    e.nonce                  = sage_take_felt(f);
    e.execute_after          = sage_take_u64(f);
    e.execute_before         = sage_take_u64(f);
    const felt252 *data      = sage_take_rest(f, &n);
    uint32_t len             = sage_panicked(f) ? 0 : calls_length(data, n);
    if (!len || !is_array(data + len, n - len)) {
        sage_panic(f, "Failed to deserialize param #1");
        return;
    }
    sage_call *calls = decode_calls(f, data, len, &n_calls);
    e.calls          = calls;
    e.n_calls        = n_calls;
    if (!sage_panicked(f)) run_outside(f, &e, data + len + 1, n - len - 1);
    sage_calls_free(calls, n_calls);
}

static void is_valid_nonce(sage_frame *f)
{
    felt252 nonce = sage_take_felt(f);
    sage_give_bool(f, felt252_is_zero(sage_get(f, sage_slot_of("SRC9_nonces", nonce))));
}

static const sage_entry entries[] = {
    {"__validate__", "calls: Array<Call>", "felt252", true, validate},
    {"__execute__", "calls: Array<Call>", "Array<Span<felt252>>", true, execute},
    {"__validate_declare__", "class_hash: felt252", "felt252", true, validate_declare},
    {"__validate_deploy__",
     "class_hash: felt252, contract_address_salt: felt252, public_key: felt252", "felt252",
     true, validate_deploy},
    {"is_valid_signature", "hash: felt252, signature: Array<felt252>", "felt252", true,
     is_valid_signature},
    {"isValidSignature", "hash: felt252, signature: Array<felt252>", "felt252", true,
     is_valid_signature},
    {"get_public_key", "", "felt252", true, get_public_key},
    {"getPublicKey", "", "felt252", true, get_public_key},
    {"set_public_key", "new_public_key: felt252, signature: Span<felt252>", "", false,
     set_public_key},
    {"setPublicKey", "newPublicKey: felt252, signature: Span<felt252>", "", false,
     set_public_key},
    {"supports_interface", "interface_id: felt252", "bool", true, supports_interface},
    {"upgrade", "new_class_hash: ClassHash", "", false, upgrade},
    {"execute_from_outside_v2", "outside_execution: OutsideExecution, signature: Span<felt252>",
     "Array<Span<felt252>>", false, execute_from_outside},
    {"is_valid_outside_execution_nonce", "nonce: felt252", "bool", true, is_valid_nonce},
};

static const sage_type_text structs[] = {
    {"OutsideExecution",
     "caller: ContractAddress, nonce: felt252, execute_after: u64, execute_before: u64, "
     "calls: Span<Call>"},
};

static const sage_type_text events[] = {
    {"OwnerAdded", "key new_owner_guid: felt252"},
    {"OwnerRemoved", "key removed_owner_guid: felt252"},
    {"Upgraded", "class_hash: ClassHash"},
};

const sage_contract sage_contract_account = {
    .name               = "Account",
    .constructor_inputs = "public_key: felt252",
    .construct          = construct,
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .structs            = structs,
    .n_structs          = sizeof structs / sizeof *structs,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
    .class_hash         = "0x5b4b537eaa2399e3aa99c4e2e0208ebd6c71bc1467938cd52c798c601e43564",
};
