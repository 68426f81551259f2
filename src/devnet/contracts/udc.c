/* The universal deployer: makes a contract of any class there is, at an address that depends on
 * the deployer or not (facts C3). */
#include "curve/pedersen.h"
#include "devnet/contracts.h"

static void emit_deployed(
    sage_frame *f, const felt252 head[4], const felt252 *calldata, uint32_t n, felt252 salt)
{
    sage_felt_list data = {0};
    bool ok             = !sage_felt_list_add_many(&data, head, 4, NULL) &&
              !sage_felt_list_add(&data, felt252_from_u64(n), NULL) &&
              !sage_felt_list_add_many(&data, calldata, n, NULL) &&
              !sage_felt_list_add(&data, salt, NULL);
    sage_require(f, ok, "Out of memory");
    sage_emit(f, "ContractDeployed", NULL, 0, data.v, data.n);
    sage_felt_list_free(&data);
}

static void deploy(sage_frame *f)
{
    uint32_t n;
    felt252 class_hash = sage_take_felt(f), salt = sage_take_felt(f);
    bool not_from_zero      = sage_take_bool(f);
    const felt252 *calldata = sage_take_array(f, &n);
    if (sage_panicked(f)) return;
    felt252 caller   = sage_caller(f);
    felt252 deployer = not_from_zero ? sage_self(f) : felt252_zero();
    felt252 made =
        sage_deploy(f, class_hash, not_from_zero ? sage_pedersen(caller, salt) : salt, deployer,
                    calldata, n);
    const felt252 head[4] = {made, caller, felt252_from_u64(not_from_zero), class_hash};
    emit_deployed(f, head, calldata, n, salt);
    sage_give_felt(f, made);
}

static const sage_entry entries[] = {
    {"deploy_contract",
     "class_hash: ClassHash, salt: felt252, not_from_zero: bool, calldata: Span<felt252>",
     "ContractAddress", false, deploy},
    {"deployContract",
     "classHash: ClassHash, salt: felt252, notFromZero: bool, calldata: Span<felt252>",
     "ContractAddress", false, deploy},
};

static const sage_type_text events[] = {
    {"ContractDeployed",
     "address: ContractAddress, deployer: ContractAddress, not_from_zero: bool, "
     "class_hash: ClassHash, calldata: Span<felt252>, salt: felt252"},
};

const sage_contract sage_contract_udc = {
    .name               = "UniversalDeployer",
    .constructor_inputs = "",
    .entries            = entries,
    .n_entries          = sizeof entries / sizeof *entries,
    .events             = events,
    .n_events           = sizeof events / sizeof *events,
};
