/* devnet/contract.h -- native contracts: entry points in C with the selectors, calldata, events
 * and ABI of their Cairo counterparts.
 *
 * Model: a contract is a constant table. A call runs one entry point on a frame, which knows who
 * calls, hands out the calldata argument by argument, and takes results, events and storage
 * writes. The first panic sticks: every later operation of the frame does nothing and reads
 * zero, and when the entry point returns all its writes and events are undone and the caller
 * panics with the same data, as in Starknet where a failed inner call fails the outer one.
 * Entry points are therefore written as straight lines of takes, requires and writes. A loop
 * over a count from the calldata ends when the frame has panicked: nothing else bounds it.
 *
 * Texts of members: "name: Type, name: Type"; in events "key " before a name makes it a key.
 * Types are written short ("u256", "ContractAddress", "felt252", "bool", "u64", "Span<felt252>",
 * "Array<felt252>", names of the contract's own types); abi.c gives them their paths.
 *
 * Money is never computed outside the checked functions at the end. */
#ifndef SAGE_DEVNET_CONTRACT_H
#define SAGE_DEVNET_CONTRACT_H

#include "starknet/address.h"
#include "starknet/felt_list.h"

typedef struct sage_frame sage_frame;

typedef struct sage_entry {
    const char *name;
    const char *inputs, *outputs; /* outputs: one type, or "" */
    bool view;
    void (*run)(sage_frame *f);
} sage_entry;

/* A struct, an enum (then members are "Name, Name: Type") or an event. */
typedef struct sage_type_text {
    const char *name, *members;
} sage_type_text;

typedef struct sage_contract {
    const char *name; /* "ProverStaking" */
    const char *constructor_inputs;
    void (*construct)(sage_frame *f);
    const sage_entry *entries;
    uint32_t n_entries;
    const sage_type_text *structs, *enums, *events;
    uint32_t n_structs, n_enums, n_events;
    /* The hash that this class has on the network; NULL: that of the class that getClass shows. */
    const char *class_hash;
} sage_contract;

/* Every contract there is (contracts.c). */
extern const sage_contract *const sage_contracts[];
extern const uint32_t sage_n_contracts;
/* NULL if no native contract has this class hash. */
const sage_contract *sage_contract_of(felt252 class_hash);
felt252 sage_contract_class_hash(const sage_contract *c);

/* Who, when, where. */
felt252 sage_self(const sage_frame *f);
felt252 sage_caller(const sage_frame *f);
uint64_t sage_block_time(const sage_frame *f); /* seconds since 1970 */
uint64_t sage_block_number(const sage_frame *f);
felt252 sage_frame_chain_id(const sage_frame *f);
/* Of the transaction that runs; zero and empty in a call. */
felt252 sage_frame_tx_hash(const sage_frame *f);
const sage_felt_list *sage_frame_signature(const sage_frame *f);
const sage_felt_list *sage_frame_proof_facts(const sage_frame *f);

/* Is `signature` [r, s] of `hash` valid under key? What the submitter checked is not checked
 * again. 0.15 ms. */
bool sage_frame_signed(
    sage_frame *f, felt252 key, felt252 hash, const felt252 *signature, uint32_t n);

/* Arguments in order. Missing or out of range: panic 'Failed to deserialize param #<i>'. */
felt252 sage_take_felt(sage_frame *f);
felt252 sage_take_address(sage_frame *f);
sage_amount sage_take_u256(sage_frame *f);
uint64_t sage_take_u64(sage_frame *f);
bool sage_take_bool(sage_frame *f);
/* A variant without data of an enum of n. */
uint32_t sage_take_variant(sage_frame *f, uint32_t n);
/* An array: its felts stay in the calldata, *n of them. */
const felt252 *sage_take_array(sage_frame *f, uint32_t *n);
/* Felts not yet taken; those still there at the end of an entry point are a panic. */
uint32_t sage_left(const sage_frame *f);
const felt252 *sage_take_rest(sage_frame *f, uint32_t *n);

/* Results in order. */
void sage_give_felt(sage_frame *f, felt252 v);
void sage_give_u256(sage_frame *f, sage_amount v);
void sage_give_u64(sage_frame *f, uint64_t v);
void sage_give_bool(sage_frame *f, bool v);
void sage_give_array(sage_frame *f, const felt252 *v, uint32_t n);

/* Storage of the frame's own contract. A slot is an address: sage_selector(name) of a variable,
 * sage_map_address of a map; a u256 takes two, a struct one per felt. */
felt252 sage_slot(const char *name);
felt252 sage_slot_of(const char *name, felt252 key);
felt252 sage_slot_of2(const char *name, felt252 key, felt252 key2);
felt252 sage_slot_of_u256(const char *name, const sage_amount *key);
felt252 sage_slot_next(felt252 slot, uint32_t i); /* slot + i */
felt252 sage_get(sage_frame *f, felt252 slot);
void sage_put(sage_frame *f, felt252 slot, felt252 v);
uint64_t sage_get_u64(sage_frame *f, felt252 slot);
void sage_put_u64(sage_frame *f, felt252 slot, uint64_t v);
sage_amount sage_get_u256(sage_frame *f, felt252 slot);
void sage_put_u256(sage_frame *f, felt252 slot, sage_amount v);

/* The event `name` of the contract's table: its selector and `keys`, and `data`. */
void sage_emit(sage_frame *f,
               const char *name,
               const felt252 *keys,
               uint32_t n_keys,
               const felt252 *data,
               uint32_t n_data);

/* Calls another contract; its result goes to *result (NULL: not wanted), for
 * sage_felt_list_free. After a panic there, this frame panics too. */
void sage_call_contract(sage_frame *f,
                        felt252 to,
                        const char *entry,
                        const felt252 *calldata,
                        uint32_t n,
                        sage_felt_list *result);
/* The same by selector, for accounts. */
void sage_call_selector(sage_frame *f,
                        felt252 to,
                        felt252 selector,
                        const felt252 *calldata,
                        uint32_t n,
                        sage_felt_list *result);
/* Makes a contract of this class; 0 after a panic. */
felt252 sage_deploy(sage_frame *f,
                    felt252 class_hash,
                    felt252 salt,
                    felt252 deployer,
                    const felt252 *calldata,
                    uint32_t n);
void sage_replace_class(sage_frame *f, felt252 class_hash);

/* Panics with one short string (up to 31 characters), unless ok. */
void sage_require(sage_frame *f, bool ok, const char *why);
void sage_panic(sage_frame *f, const char *why);
void sage_panic_with(sage_frame *f, const felt252 *data, uint32_t n);
bool sage_panicked(const sage_frame *f);
/* For what a fallible function returned: no memory ends the whole transaction, as if it had never
 * come; any other failure is a panic with `why`. e may be NULL if s is SAGE_OK. */
void sage_need(sage_frame *f, sage_status s, const sage_errinfo *e, const char *why);

/* Checked u256: a panic 'u256_add Overflow', `why`, 'u256_mul Overflow'. */
sage_amount sage_plus(sage_frame *f, sage_amount a, sage_amount b);
sage_amount sage_minus(sage_frame *f, sage_amount a, sage_amount b, const char *why);
/* floor(a * mul / div), exact in between. */
sage_amount sage_part(sage_frame *f, sage_amount a, uint64_t mul, uint64_t div);

#endif
