/* The universal deployer: addresses as everybody computes them. */
#include "curve/pedersen.h"
#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"

enum { UDC = 0x50, CALLER = 0x51, KEY = 0x1234, SALT = 20 };

static void open_udc(sage_rig *rig)
{
    rig_open(rig);
    rig_deploy(rig, rig_number(UDC), &sage_contract_udc, NULL, 0);
}

static bool deploy(sage_rig *rig, const char *entry, bool unique)
{
    return rig_do(rig, rig_number(CALLER), rig_number(UDC), entry, sage_account_class_hash(),
                  rig_number(SALT), rig_number(unique), rig_number(1), rig_number(KEY));
}

static void assert_made(sage_rig *rig, felt252 address)
{
    assert_true(felt252_eq(rig_result(rig, 0), address));
    assert_true(felt252_eq(rig_felt(rig, address, "get_public_key", NULL, 0), rig_number(KEY)));
}

static void deploys_where_anybody_would(void **state)
{
    const felt252 key = rig_number(KEY);
    sage_rig rig;
    (void)state;
    open_udc(&rig);
    felt252 address = sage_contract_address(felt252_zero(), rig_number(SALT),
                                            sage_account_class_hash(), &key, 1);
    assert_true(deploy(&rig, "deploy_contract", false));
    assert_made(&rig, address);
    assert_false(deploy(&rig, "deploy_contract", false));
    rig_panicked_with(&rig, "CONTRACT_ALREADY_DEPLOYED");
    rig_close(&rig);
}

static void deploys_for_its_caller(void **state)
{
    const felt252 key = rig_number(KEY);
    sage_rig rig;
    (void)state;
    open_udc(&rig);
    felt252 salt = sage_pedersen(rig_number(CALLER), rig_number(SALT));
    felt252 address =
        sage_contract_address(rig_number(UDC), salt, sage_account_class_hash(), &key, 1);
    assert_true(deploy(&rig, "deployContract", true));
    const sage_chain_event *e = rig_event(&rig, rig_number(UDC), "ContractDeployed", 0);
    const felt252 data[]      = {
             address, rig_number(CALLER), rig_number(1), sage_account_class_hash(), rig_number(1),
             key,     rig_number(SALT)};
    assert_non_null(e);
    assert_int_equal(e->keys.n, 1);
    assert_int_equal(e->data.n, 7);
    for (uint32_t i = 0; i < 7; i++)
        assert_true(felt252_eq(e->data.v[i], data[i]));
    assert_made(&rig, address);
    rig_close(&rig);
}

static void deploys_only_what_there_is(void **state)
{
    sage_rig rig;
    (void)state;
    open_udc(&rig);
    assert_false(rig_do(&rig, rig_number(CALLER), rig_number(UDC), "deploy_contract",
                        rig_number(0xbad), rig_number(SALT), rig_number(0), rig_number(0)));
    rig_panicked_with(&rig, "CLASS_HASH_NOT_FOUND");
    /* a constructor that does not get its argument */
    assert_false(rig_do(&rig, rig_number(CALLER), rig_number(UDC), "deploy_contract",
                        sage_account_class_hash(), rig_number(SALT), rig_number(0),
                        rig_number(0)));
    assert_non_null(strstr(rig.panic, "Failed to deserialize param #1"));
    assert_null(rig_event(&rig, rig_number(UDC), "ContractDeployed", 0));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deploys_where_anybody_would),
        cmocka_unit_test(deploys_for_its_caller),
        cmocka_unit_test(deploys_only_what_there_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
