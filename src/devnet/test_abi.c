/* What contracts show: the form that the Cairo compiler gives, for all of them. */
#include "devnet/abi.h"

#include "base/test.h"

#include "devnet/contracts.h"
#include "field/felt252_text.h"
#include "starknet/class_hash.h"

static const char *text(const json_t *item, const char *key)
{
    const char *t = json_string_value(json_object_get(item, key));
    assert_non_null(t);
    return t;
}

static bool is(const json_t *item, const char *key, const char *value)
{
    return !strcmp(text(item, key), value);
}

/* The item of a type and name; NULL if there is none. */
static const json_t *find(const json_t *list, const char *type, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (type && !is(item, "type", type)) continue;
        if (is(item, "name", name)) return item;
    }
    return NULL;
}

/* Is `type` known to whoever reads the ABI: a number of the language, or defined in it? */
static bool known(const json_t *abi, const char *type)
{
    static const char *const simple[] = {"()",
                                         "core::felt252",
                                         "core::integer::u8",
                                         "core::integer::u16",
                                         "core::integer::u32",
                                         "core::integer::u64",
                                         "core::integer::u128",
                                         "core::integer::i32",
                                         "core::bytes_31::bytes31",
                                         "core::starknet::class_hash::ClassHash",
                                         "core::starknet::contract_address::ContractAddress"};
    static const char array[]         = "core::array::Array::<";
    char inner[256];
    for (size_t i = 0; i < sizeof simple / sizeof *simple; i++)
        if (!strcmp(type, simple[i])) return true;
    if (type[0] == '@') type++;
    if (type[0] == '(') return true; /* its parts are defined as the parser meets them */
    if (!strncmp(type, array, sizeof array - 1)) {
        size_t n = strlen(type) - sizeof array;
        assert_true(n < sizeof inner);
        memcpy(inner, type + sizeof array - 1, n);
        inner[n] = 0;
        return known(abi, inner);
    }
    return find(abi, "struct", type) || find(abi, "enum", type);
}

static void check_types(const json_t *abi, const json_t *list)
{
    size_t i;
    json_t *member;
    assert_true(json_is_array(list));
    json_array_foreach(list, i, member)
    {
        if (!known(abi, text(member, "type"))) fail_msg("no type %s", text(member, "type"));
    }
}

static void check_event(const json_t *abi, const json_t *item)
{
    size_t i;
    json_t *m;
    const bool whole = is(item, "kind", "enum");
    if (whole) {
        json_array_foreach(json_object_get(item, "variants"), i, m)
        {
            assert_true(is(m, "kind", "nested"));
            assert_non_null(find(abi, "event", text(m, "type")));
        }
        return;
    }
    assert_true(is(item, "kind", "struct"));
    check_types(abi, json_object_get(item, "members"));
    json_array_foreach(json_object_get(item, "members"), i, m)
    {
        assert_true(is(m, "kind", "key") || is(m, "kind", "data"));
        assert_null(strchr(text(m, "name"), ' '));
    }
}

static void check_function(const json_t *abi, const json_t *f)
{
    assert_true(is(f, "type", "function"));
    assert_true(is(f, "state_mutability", "view") || is(f, "state_mutability", "external"));
    check_types(abi, json_object_get(f, "inputs"));
    check_types(abi, json_object_get(f, "outputs"));
}

static void check_item(const json_t *abi, const json_t *item, const sage_contract *c)
{
    size_t i;
    json_t *f;
    const char *type = text(item, "type");
    if (!strcmp(type, "interface")) {
        assert_int_equal(json_array_size(json_object_get(item, "items")), c->n_entries);
        json_array_foreach(json_object_get(item, "items"), i, f) check_function(abi, f);
    } else if (!strcmp(type, "constructor")) {
        check_types(abi, json_object_get(item, "inputs"));
    } else if (!strcmp(type, "struct")) {
        check_types(abi, json_object_get(item, "members"));
    } else if (!strcmp(type, "enum")) {
        check_types(abi, json_object_get(item, "variants"));
    } else if (!strcmp(type, "event")) {
        check_event(abi, item);
    } else {
        assert_string_equal(type, "impl");
        assert_non_null(find(abi, "interface", text(item, "interface_name")));
    }
}

static void all_tables_are_well_formed(void **state)
{
    (void)state;
    assert_int_equal(sage_contracts_prepare(NULL), SAGE_OK);
    for (uint32_t k = 0; k < sage_n_contracts; k++) {
        size_t i;
        json_t *item, *abi = sage_contract_abi(sage_contracts[k]);
        assert_non_null(abi);
        json_array_foreach(abi, i, item) check_item(abi, item, sage_contracts[k]);
        json_decref(abi);
    }
}

static const char *input(const json_t *f, size_t i, const char *key)
{
    return text(json_array_get(json_object_get(f, "inputs"), i), key);
}

static void shows_a_token_as_the_compiler_would(void **state)
{
    json_t *abi = sage_contract_abi(&sage_contract_erc20);
    (void)state;
    assert_non_null(abi);
    const json_t *interface = find(abi, "interface", "sage::ERC20::IERC20");
    const json_t *f         = find(json_object_get(interface, "items"), "function", "transfer");
    assert_non_null(f);
    assert_string_equal(input(f, 0, "name"), "recipient");
    assert_string_equal(input(f, 0, "type"),
                        "core::starknet::contract_address::ContractAddress");
    assert_string_equal(input(f, 1, "type"), "core::integer::u256");
    const json_t *output = json_array_get(json_object_get(f, "outputs"), 0);
    assert_string_equal(text(output, "type"), "core::bool");
    const json_t *e = find(abi, "event", "sage::ERC20::Transfer");
    const json_t *m = json_object_get(e, "members");
    assert_int_equal(json_array_size(m), 3);
    assert_true(is(json_array_get(m, 0), "name", "from"));
    assert_true(is(json_array_get(m, 0), "kind", "key"));
    assert_true(is(json_array_get(m, 2), "kind", "data"));
    const json_t *u256 = find(abi, "struct", "core::integer::u256");
    assert_true(is(json_array_get(json_object_get(u256, "members"), 0), "name", "low"));
    json_decref(abi);
}

static void shows_options_spans_and_tuples(void **state)
{
    json_t *abi = sage_contract_abi(&sage_contract_reputation);
    (void)state;
    assert_non_null(find(abi, "enum", "core::option::Option::<core::integer::u256>"));
    const json_t *interface =
        find(abi, "interface", "sage::ReputationManager::IReputationManager");
    const json_t *f = find(json_object_get(interface, "items"), NULL, "get_network_stats");
    assert_string_equal(text(json_array_get(json_object_get(f, "outputs"), 0), "type"),
                        "(core::integer::u32, core::integer::u32, core::integer::u32, "
                        "core::integer::u32)");
    json_decref(abi);
    abi                = sage_contract_abi(&sage_contract_account);
    const json_t *span = find(abi, "struct", "core::array::Span::<core::felt252>");
    const json_t *snap = json_array_get(json_object_get(span, "members"), 0);
    assert_string_equal(text(snap, "type"), "@core::array::Array::<core::felt252>");
    assert_non_null(find(abi, "struct", "core::starknet::account::Call"));
    json_decref(abi);
}

/* A table with a type that there is not has no ABI. */
static void refuses_a_malformed_table(void **state)
{
    static const char *const bad[] = {"a: Nothing", "a: Array<felt252", "a: Map<felt252>",
                                      "a:", "a"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sage_entry e    = {"f", bad[i], "", true, NULL};
        sage_contract c = {
            .name = "Bad", .constructor_inputs = "", .entries = &e, .n_entries = 1};
        json_t *abi = sage_contract_abi(&c);
        assert_null(abi);
    }
}

static felt252 shown_hash(const sage_contract *c)
{
    felt252 h    = felt252_zero();
    char *json   = sage_class_json(c);
    json_t *read = json ? json_loads(json, 0, NULL) : NULL;
    assert_non_null(read);
    assert_int_equal(sage_class_hash(&h, read, NULL), SAGE_OK);
    json_decref(read);
    free(json);
    return h;
}

static void classes_have_the_hash_of_what_they_show(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < sage_n_contracts; i++) {
        const sage_contract *c = sage_contracts[i];
        felt252 h              = sage_contract_class_hash(c);
        assert_ptr_equal(sage_contract_of(h), c);
        assert_int_equal(felt252_eq(h, shown_hash(c)), c->class_hash == NULL);
    }
    assert_true(felt252_eq(sage_contract_class_hash(&sage_contract_account),
                           sage_account_class_hash()));
    assert_null(sage_contract_of(felt252_zero()));
    assert_null(sage_contract_of(felt252_one()));
}

/* The hash that starknet.js 10.8.0 computes from the deployer's class. */
static void class_hash_is_the_networks(void **state)
{
    char hex[SAGE_FELT_HEX];
    (void)state;
    sage_felt_to_hex(hex, sage_contract_class_hash(&sage_contract_udc));
    assert_string_equal(hex,
                        "0x526676c5d397b451c806a2b101da6748fcbb11d6cd92fc0c97c212592660193");
}

static void entry_points_are_sorted(void **state)
{
    (void)state;
    for (uint32_t k = 0; k < sage_n_contracts; k++) {
        const sage_contract *c = sage_contracts[k];
        json_t *class          = sage_contract_class(c);
        const json_t *points   = json_object_get(class, "entry_points_by_type");
        const json_t *external = json_object_get(points, "EXTERNAL");
        felt252 before         = felt252_zero(), selector;
        assert_int_equal(json_array_size(external), c->n_entries);
        for (uint32_t i = 0; i < c->n_entries; i++) {
            const json_t *p = json_array_get(external, i);
            const char *hex = text(p, "selector");
            json_int_t at   = json_integer_value(json_object_get(p, "function_idx"));
            assert_int_equal(sage_felt_from_hex(&selector, hex, strlen(hex), true, NULL), 0);
            assert_true(sage_felt_compare(before, selector) < 0);
            assert_true(felt252_eq(selector, sage_selector(c->entries[at].name)));
            before = selector;
        }
        assert_int_equal(json_array_size(json_object_get(points, "CONSTRUCTOR")),
                         c->construct != NULL);
        assert_int_equal(json_array_size(json_object_get(class, "sierra_program")), 1);
        json_decref(class);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_tables_are_well_formed),
        cmocka_unit_test(shows_a_token_as_the_compiler_would),
        cmocka_unit_test(shows_options_spans_and_tuples),
        cmocka_unit_test(refuses_a_malformed_table),
        cmocka_unit_test(classes_have_the_hash_of_what_they_show),
        cmocka_unit_test(class_hash_is_the_networks),
        cmocka_unit_test(entry_points_are_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
