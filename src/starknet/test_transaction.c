/* Transactions of version 3: published hashes, what starknet.js sends, and what is refused. */
#include "base/test.h"

#include "curve/signature.h"
#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/transaction.h"

#define BOUNDS                                                                                 \
    "\"resource_bounds\":{\"l1_gas\":{\"max_amount\":\"0x0\",\"max_price_per_unit\":\"0x1\"}," \
    "\"l2_gas\":{\"max_amount\":\"0x100000\",\"max_price_per_unit\":\"0x4a817c800\"},"         \
    "\"l1_data_gas\":{\"max_amount\":\"0x80\",\"max_price_per_unit\":\"0x3\"}}"
#define MODES  "\"nonce_data_availability_mode\":\"L1\",\"fee_data_availability_mode\":\"L1\""

/* The requests of starknet.js 10.8.0 for the account of this key on SN_SEPOLIA. */
#define JS_KEY "0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43"
static const char js_invoke[] =
    "{\"type\":\"INVOKE\",\"sender_address\":\"0x616cf9d4fe412b7a5a2c5b1b3172f4de8e223cb0109c6c"
    "7790c486d9ad9164d\",\"calldata\":[\"0x1\",\"0x4718f5a0fc34cc1af16a1cdee98ffb20c31f5cd61d6a"
    "b07201858f4287c938d\",\"0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12e\""
    ",\"0x3\",\"0x123\",\"0x3e8\",\"0x0\"],\"signature\":[\"0xc97164fe50fe83aac2368f8a621cf838c"
    "69153059536181fdf2865478b4aa\",\"0x4880850f402e79784f03010b9c657163e75b97369e4823baa1fac4f"
    "3e544a48\"],\"nonce\":\"0x5\"," BOUNDS ",\"tip\":\"0x7\",\"paymaster_data\":[]," MODES
    ",\"account_deployment_data\":[],\"version\":\"0x3\",\"proof_facts\":[\"0x50524f4f4631\","
    "\"0x2\"],\"proof\":\"AQICKA==\"}";
static const char js_estimate[] =
    "{\"type\":\"INVOKE\",\"sender_address\":\"0x616cf9d4fe412b7a5a2c5b1b3172f4de8e223cb0109c6c"
    "7790c486d9ad9164d\",\"calldata\":[\"0x1\",\"0x1\",\"0x83afd3f4caedc6eebf44246fe54e38c95e31"
    "79a5ec9ea81740eca5b482d12e\",\"0x3\",\"0x123\",\"0x3e8\",\"0x0\"],\"signature\":[],"
    "\"nonce\":\"0x5\",\"resource_bounds\":{\"l2_gas\":{\"max_amount\":\"0x0\","
    "\"max_price_per_unit\":\"0x0\"},\"l1_gas\":{\"max_amount\":\"0x0\",\"max_price_per_unit\""
    ":\"0x0\"},\"l1_data_gas\":{\"max_amount\":\"0x0\",\"max_price_per_unit\":\"0x0\"}},"
    "\"tip\":\"0x0\",\"paymaster_data\":[]," MODES ",\"account_deployment_data\":[],"
    "\"version\":\"0x100000000000000000000000000000003\"}";
static const char js_deploy[] =
    "{\"type\":\"DEPLOY_ACCOUNT\",\"constructor_calldata\":[\"" JS_KEY "\"],\"class_hash\":"
    "\"0x5b4b537eaa2399e3aa99c4e2e0208ebd6c71bc1467938cd52c798c601e43564\","
    "\"contract_address_salt\":\"" JS_KEY "\",\"signature\":[\"0x7c952d791fc10f7871fa3b5ce1002b"
    "6da1c69b118f2831fbb2a83c265512fd8\",\"0x27ea2b6195311a44f62633c0d2563000992b6dd8cb25ffcfd6"
    "5166c73909770\"],\"nonce\":\"0x0\"," BOUNDS ",\"tip\":\"0x0\",\"paymaster_data\":[]," MODES
    ",\"version\":\"0x3\"}";

/* Of block 0xf361e's successors on SN_INTEGRATION_SEPOLIA, as the sequencer's
 * block_post_0_14_2.json has it, in the form of JSON-RPC. */
static const char published_invoke[] =
    "{\"type\":\"INVOKE\",\"version\":\"0x3\",\"signature\":[\"0x5e027cd2e180e3787972471e16fe6a"
    "8b2712aabe13281624969360936bab02c\",\"0x7a847404f3ab0e54e1204fdc548334f222566db8e6ae4671f6"
    "db3aa1e36ec0f\"],\"nonce\":\"0x18a\"," MODES ",\"resource_bounds\":{\"l1_gas\":{"
    "\"max_amount\":\"0x0\",\"max_price_per_unit\":\"0x0\"},\"l2_gas\":{\"max_amount\":"
    "\"0x5f5e100\",\"max_price_per_unit\":\"0x0\"},\"l1_data_gas\":{\"max_amount\":\"0x0\","
    "\"max_price_per_unit\":\"0x0\"}},\"tip\":\"0x0\",\"paymaster_data\":[],"
    "\"sender_address\":\"0x68c2aaf59b3bdf22fa44f09c55bfd2547fcc7fa097b95fb0019d36d7424985d\","
    "\"calldata\":[\"0x1\","
    "\"0x70a5da4f557b77a9c54546e4bcc900806e28793d8e3eaaa207428d2387249b7\""
    ",\"0x83afd3f4caedc6eebf44246fe54e38c95e3179a5ec9ea81740eca5b482d12e\",\"0x3\","
    "\"0x44d86f4a8e13699b46cad371cbe7e6b76bc9a94c8b560de5522578f2db6b877\",\"0x0\",\"0x0\"],"
    "\"account_deployment_data\":[],\"proof_facts\":[\"0x50524f4f4630\","
    "\"0x5649525455414c5f534e4f53\",\"0x9743416d2d92b680d47338cb89f3def2e77ba772bbc2e568aeb4842"
    "5e6c450\",\"0x5649525455414c5f534e4f5330\",\"0xf361e\",\"0x59fd5060b341eef5d3225eb5c9c7c7c"
    "bb468ac509317e116505bdbe7edd08e\",\"0x6989a681c469d769f3a706c56550a63741a4b2d32bef4b1209a2"
    "6daad1dbb6\",\"0x0\"]}";
#define PUBLISHED_HASH "0x6fe4c75fa3dea6242439a2aac4bca31d32cc52e5d9d5b54276588f3e327a6cb"

static felt252 felt(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, text, strlen(text), NULL), SAGE_OK);
    return v;
}

static sage_tx read_tx(const char *text)
{
    sage_tx t;
    sage_errinfo err;
    json_t *object = json_loads(text, 0, NULL);
    assert_non_null(object);
    sage_status s = sage_tx_read(&t, object, &err);
    if (s) print_message("%s: %s\n", err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    json_decref(object);
    return t;
}

static bool signed_by(const sage_tx *t, const char *key, const char *chain)
{
    uint64_t k[4], m[4], r[4], s[4];
    assert_int_equal(t->signature.n, 2);
    felt252_to_limbs(felt(key), k);
    felt252_to_limbs(sage_tx_hash(t, sage_felt_short(chain)), m);
    felt252_to_limbs(t->signature.v[0], r);
    felt252_to_limbs(t->signature.v[1], s);
    return sage_signature_valid(k, m, r, s);
}

/* Writing what was read gives what was read. */
static void same_again(const char *text)
{
    sage_tx t     = read_tx(text);
    json_t *given = json_loads(text, 0, NULL), *written = sage_tx_write(&t, true, true);
    assert_true(json_equal(given, written));
    json_decref(given);
    json_decref(written);
    sage_tx_free(&t);
}

static void from_starknet_js(void **state)
{
    (void)state;
    sage_tx t = read_tx(js_invoke);
    assert_true(signed_by(&t, JS_KEY, "SN_SEPOLIA"));
    assert_false(signed_by(&t, JS_KEY, "SN_MAIN"));
    assert_int_equal(t.proof_len, 4);
    assert_memory_equal(t.proof, "\x01\x02\x02\x28", 4);
    assert_int_equal(t.tip, 7);
    assert_false(t.query);
    sage_tx_free(&t);

    t = read_tx(js_deploy);
    assert_true(signed_by(&t, JS_KEY, "SN_SEPOLIA"));
    assert_true(felt252_eq(t.sender, sage_account_address(felt(JS_KEY))));
    sage_tx_free(&t);

    t = read_tx(js_estimate);
    assert_true(t.query && t.signature.n == 0);
    felt252 as_query = sage_tx_hash(&t, sage_felt_short("SN_SEPOLIA"));
    t.query          = false;
    assert_false(felt252_eq(as_query, sage_tx_hash(&t, sage_felt_short("SN_SEPOLIA"))));
    sage_tx_free(&t);

    same_again(js_invoke);
    same_again(js_deploy);
    same_again(js_estimate);
    same_again(published_invoke);
}

/* The declare of sequencer's transaction_hash.json on SN_MAIN, of the time of two bounds. */
static void published_hashes(void **state)
{
    (void)state;
    sage_tx t = read_tx(published_invoke);
    felt252 h = sage_tx_hash(&t, sage_felt_short("SN_INTEGRATION_SEPOLIA"));
    assert_true(felt252_eq(h, felt(PUBLISHED_HASH)));
    sage_tx_free(&t);
    t = (sage_tx){
        .kind       = SAGE_TX_DECLARE,
        .two_bounds = true,
        .sender     = felt("0x46d3a562c606077c14c3479946e4145b7a372538875eb4e635e758fcd1d2c80"),
        .nonce      = felt252_from_u64(3),
        .bounds     = {{.max_amount = 0xe38c2, .max_price = {0x24e2649cc098}}},
        .class_hash = felt("0x7a9d1cd5dcf3d47b10e638eb1330d101f7d471f08eff9664b42dfa90f6973bf"),
        .compiled_class_hash =
            felt("0x4fc6444f59a2fb0b2c67e1e22caba0edc3b48727e8a9cc19e59e5c3e5dc8270"),
    };
    h = sage_tx_hash(&t, sage_felt_short("SN_MAIN"));
    assert_true(felt252_eq(
        h, felt("0x50ca961fd1b5f7f1ea1e8620ac980cc3c3fb4e434f0661c3a2d50893082b9fb")));
}

/* Every field is hashed but the signature and the proof. */
static void hash_binds(void **state)
{
    (void)state;
    const felt252 chain = sage_felt_short("SN_SEPOLIA");
    sage_tx t           = read_tx(js_invoke);
    const felt252 h     = sage_tx_hash(&t, chain);
#define CHANGES(what, back)                                                                    \
    what;                                                                                      \
    assert_false(felt252_eq(h, sage_tx_hash(&t, chain)));                                      \
    back;                                                                                      \
    assert_true(felt252_eq(h, sage_tx_hash(&t, chain)))
    for (int i = 0; i < SAGE_GASES; i++) {
        CHANGES(t.bounds[i].max_amount++, t.bounds[i].max_amount--);
        CHANGES(t.bounds[i].max_price[0]++, t.bounds[i].max_price[0]--);
        CHANGES(t.bounds[i].max_price[1]++, t.bounds[i].max_price[1]--);
    }
    CHANGES(t.tip++, t.tip--);
    CHANGES(t.nonce_da = 1, t.nonce_da = 0);
    CHANGES(t.fee_da = 1, t.fee_da = 0);
    CHANGES(t.proof_facts.n--, t.proof_facts.n++);
    CHANGES(t.calldata.n--, t.calldata.n++);
    CHANGES(t.nonce = felt252_from_u64(6), t.nonce = felt252_from_u64(5));
    t.proof[0] ^= 1, t.signature.v[0] = felt252_one();
    assert_true(felt252_eq(h, sage_tx_hash(&t, chain)));
    sage_tx_free(&t);
}

static void as_a_node_shows_it(void **state)
{
    (void)state;
    sage_tx t     = read_tx(js_invoke);
    json_t *shown = sage_tx_write(&t, false, false);
    json_t *bare  = json_loads(js_invoke, 0, NULL);
    json_t *with  = sage_tx_write(&t, false, true);
    assert_int_equal(json_object_del(bare, "proof"), 0);
    assert_true(json_equal(bare, with));
    assert_int_equal(json_object_del(bare, "proof_facts"), 0);
    assert_true(json_equal(bare, shown));
    json_decref(shown);
    json_decref(bare);
    json_decref(with);
    sage_tx_free(&t);
}

/* A declare of a small class: the class comes back as it was, or as its hash. */
static void declare(void **state)
{
    (void)state;
    json_t *object = json_loads(js_deploy, 0, NULL);
    json_t *class  = json_loads("{\"sierra_program\":[\"0x1\"],\"contract_class_version\":"
                                 "\"0.1.0\",\"entry_points_by_type\":{\"CONSTRUCTOR\":[],"
                                 "\"EXTERNAL\":[],\"L1_HANDLER\":[]},\"abi\":\"[]\"}",
                                0, NULL);
    json_object_del(object, "constructor_calldata");
    json_object_del(object, "contract_address_salt");
    json_object_del(object, "class_hash");
    json_object_set_new(object, "type", json_string("DECLARE"));
    json_object_set_new(object, "sender_address", json_string("0x7"));
    json_object_set_new(object, "compiled_class_hash", json_string("0x8"));
    json_object_set_new(object, "account_deployment_data", json_array());
    json_object_set_new(object, "contract_class", class);
    sage_tx t;
    sage_errinfo err;
    assert_int_equal(sage_tx_read(&t, object, &err), SAGE_OK);
    assert_false(felt252_is_zero(t.class_hash));
    json_t *again = sage_tx_write(&t, true, false), *shown = sage_tx_write(&t, false, false);
    assert_true(json_equal(object, again));
    assert_non_null(json_object_get(shown, "class_hash"));
    assert_null(json_object_get(shown, "contract_class"));
    json_decref(again);
    json_decref(shown);
    sage_tx_free(&t);
    json_object_del(class, "sierra_program");
    assert_int_equal(sage_tx_read(&t, object, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "class.form");
    assert_null(t.contract_class);
    json_decref(object);
}

/* ---- what is refused ---- */

/* Puts value in place of a field of js_invoke ("a.b": of the object a); NULL takes it away. */
static void expect(const char *field, json_t *value, sage_status code, const char *where)
{
    json_t *object = json_loads(js_invoke, 0, NULL), *in = object;
    const char *dot = strrchr(field, '.');
    char path[64];
    snprintf(path, sizeof path, "%.*s", (int)(dot ? dot - field : 0), field);
    for (char *save, *p = strtok_r(path, ".", &save); p; p = strtok_r(NULL, ".", &save))
        in = json_object_get(in, p);
    const char *name = dot ? dot + 1 : field;
    if (value)
        json_object_set_new(in, name, value);
    else
        json_object_del(in, name);
    sage_tx t;
    sage_errinfo err = {0};
    sage_status s    = sage_tx_read(&t, object, &err);
    if (s != code) print_message("%s: %d %s %s\n", field, s, err.where, err.msg);
    assert_int_equal(s, code);
    if (where) {
        assert_string_equal(err.where, where);
        assert_non_null(strstr(err.msg, name));
        assert_true(!t.proof && !t.calldata.v && !t.signature.v);
    }
    sage_tx_free(&t);
    json_decref(object);
}

static void refused(void **state)
{
    (void)state;
    static const char *const fields[] = {"type",
                                         "version",
                                         "sender_address",
                                         "calldata",
                                         "signature",
                                         "nonce",
                                         "tip",
                                         "resource_bounds",
                                         "paymaster_data",
                                         "account_deployment_data",
                                         "nonce_data_availability_mode",
                                         "fee_data_availability_mode",
                                         "resource_bounds.l1_gas",
                                         "resource_bounds.l2_gas",
                                         "resource_bounds.l1_data_gas",
                                         "resource_bounds.l1_gas.max_amount",
                                         "resource_bounds.l2_gas.max_price_per_unit"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        expect(fields[i], NULL, SAGE_EFORMAT, "tx.missing");
        expect(fields[i], json_integer(1), SAGE_EFORMAT, "tx.type");
        expect(fields[i], json_null(), SAGE_EFORMAT, "tx.type");
    }
    expect("proof", NULL, SAGE_OK, NULL);
    expect("proof_facts", NULL, SAGE_OK, NULL);
    expect("proof_facts", json_string("0x1"), SAGE_EFORMAT, "tx.type");
    expect("max_fee", json_string("0x1"), SAGE_EFORMAT, "tx.unknown");
    expect("resource_bounds.l3_gas", json_object(), SAGE_EFORMAT, "tx.unknown");
    expect("resource_bounds.l1_gas.tip", json_object(), SAGE_EFORMAT, "tx.unknown");
    expect("type", json_string("DEPLOY"), SAGE_EFORMAT, "tx.type");
    expect("sender_address", json_string("0x01"), SAGE_EFORMAT, "tx.felt");
    expect("sender_address", json_string("1"), SAGE_EFORMAT, "tx.felt");
    expect("calldata", json_pack("[s]", "0x"), SAGE_EFORMAT, "tx.felt");
    expect("calldata", json_pack("[i]", 1), SAGE_EFORMAT, "tx.type");
    expect("tip", json_string("0x10000000000000000"), SAGE_EFORMAT, "tx.range");
    expect("tip", json_string("0xffffffffffffffff"), SAGE_OK, NULL);
    expect("resource_bounds.l1_gas.max_amount", json_string("0x10000000000000000"),
           SAGE_EFORMAT, "tx.range");
    expect("resource_bounds.l1_gas.max_price_per_unit",
           json_string("0x100000000000000000000000000000000"), SAGE_EFORMAT, "tx.range");
    expect("resource_bounds.l1_gas.max_price_per_unit",
           json_string("0xffffffffffffffffffffffffffffffff"), SAGE_OK, NULL);
    expect("nonce_data_availability_mode", json_string("L2"), SAGE_EFORMAT, "tx.range");
    static const char *const versions[] = {"0x0",
                                           "0x1",
                                           "0x2",
                                           "0x4",
                                           "0x10000000000000003",
                                           "0x100000000000000000000000000000001",
                                           "0x200000000000000000000000000000003"};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++)
        expect("version", json_string(versions[i]), SAGE_EUNSUP, "tx.version");
}

static void refused_proofs(void **state)
{
    (void)state;
    /* Nothing, short, unpadded, wrong characters, white space, bits that no byte has. */
    static const char *const bad[] = {
        "",     "A",          "AQI",      "AQICKA=",   "AQICKA", "AQ-_",
        "AQ I", "AQICKA==\n", "AQICKB==", "AQICKA===", "===="};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect("proof", json_string(bad[i]), SAGE_EFORMAT, "tx.proof");
    expect("proof", json_string("AQIC"), SAGE_OK, NULL);
    expect("proof", json_array(), SAGE_EFORMAT, "tx.type");
    const size_t n = (SAGE_TX_MAX_PROOF / 3 + 2) * 4;
    char *text     = malloc(n);
    assert_non_null(text);
    memset(text, 'A', n);
    expect("proof", json_stringn(text, n), SAGE_ELIMIT, "tx.length");
    expect("proof", json_stringn(text, SAGE_TX_MAX_PROOF / 3 * 4), SAGE_OK, NULL);
    free(text);
    json_t *list = json_array();
    for (int i = 0; i <= SAGE_FELT_LIST_MAX; i++)
        json_array_append_new(list, json_string("0x1"));
    expect("calldata", list, SAGE_ELIMIT, "tx.length");
    sage_tx t;
    sage_errinfo err;
    list = json_array();
    assert_int_equal(sage_tx_read(&t, list, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "tx.object");
    assert_int_equal(sage_tx_read(&t, NULL, &err), SAGE_EFORMAT);
    json_decref(list);
}

static void max_fee(void **state)
{
    (void)state;
    sage_amount fee;
    sage_errinfo err;
    sage_tx t = read_tx(js_invoke);
    assert_int_equal(sage_tx_max_fee(&fee, &t, &err), SAGE_OK);
    /* 0 (1) + 2^20 (20,000,000,000 + 7) + 128 (3) */
    sage_amount want = sage_amount_of(((uint64_t)20000000007 << 20) + 384);
    assert_int_equal(sage_amount_compare(&fee, &want), 0);
    for (int i = 0; i < SAGE_GASES; i++)
        t.bounds[i] = (sage_gas_bound){UINT64_MAX, {UINT64_MAX, UINT64_MAX}};
    t.tip = UINT64_MAX;
    assert_int_equal(sage_tx_max_fee(&fee, &t, &err), SAGE_OK); /* below 2^194 */
    assert_true(fee.w[3] == 2 || fee.w[3] == 3);
    sage_tx_free(&t);
}

/* ---- the shared vectors ---- */

/* Felts of the vectors may have leading zeros. */
static json_t *plain(const json_t *v)
{
    if (json_is_string(v) && !strncmp(json_string_value(v), "0x0", 3)) {
        char text[SAGE_FELT_HEX];
        sage_felt_to_hex(text, felt(json_string_value(v)));
        return json_string(text);
    }
    if (json_is_array(v)) {
        json_t *list = json_array();
        for (size_t i = 0; i < json_array_size(v); i++)
            json_array_append_new(list, plain(json_array_get(v, i)));
        return list;
    }
    return json_incref((json_t *)(uintptr_t)v);
}

static json_t *bounds_of(json_t *given, bool *two)
{
    static const char *const upper[] = {"L1_GAS", "L2_GAS", "L1_DATA_GAS"};
    static const char *const lower[] = {"l1_gas", "l2_gas", "l1_data_gas"};
    json_t *out                      = json_object();
    for (int i = 0; i < 3; i++) {
        json_t *b = json_object_get(given, upper[i]);
        if (!b) b = json_object_get(given, lower[i]);
        *two = !b;
        json_object_set_new(
            out, lower[i],
            b ? json_incref(b)
              : json_pack("{ss,ss}", "max_amount", "0x0", "max_price_per_unit", "0x0"));
    }
    return out;
}

static json_t *moved(json_t *object, const char *key)
{
    json_t *v = json_incref(json_object_get(object, key));
    json_object_del(object, key);
    return v;
}

/* A vector's transaction in the broadcast form. A declare comes without its class, is read as an
 * invoke of nothing and gets its hashes afterwards. */
static sage_tx of_vector(json_t *vector)
{
    json_t *tx = json_object(), *v, *given = json_object_get(vector, "tx");
    const char *key;
    bool two = false;
    sage_tx t;
    sage_errinfo err;
    json_object_foreach(given, key, v) json_object_set_new(tx, key, plain(v));
    json_object_del(tx, "transaction_hash");
    json_object_set_new(tx, "version", json_string("0x3"));
    json_object_set_new(tx, "nonce_data_availability_mode", json_string("L1"));
    json_object_set_new(tx, "fee_data_availability_mode", json_string("L1"));
    json_object_set_new(tx, "resource_bounds",
                        bounds_of(json_object_get(tx, "resource_bounds"), &two));
    const bool deploys  = json_object_get(tx, "contract_address_salt") != NULL;
    const bool declares = json_object_get(tx, "compiled_class_hash") != NULL;
    json_object_set_new(tx, "type", json_string(deploys ? "DEPLOY_ACCOUNT" : "INVOKE"));
    json_t *class_hash = NULL, *compiled = NULL;
    if (declares) {
        class_hash = moved(tx, "class_hash");
        compiled   = moved(tx, "compiled_class_hash");
        json_object_set_new(tx, "calldata", json_array());
    }
    if (!json_object_get(tx, "signature"))
        json_object_set_new(tx, "signature", plain(json_object_get(vector, "signature")));
    sage_status s = sage_tx_read(&t, tx, &err);
    if (s) print_message("%s: %s\n", err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    t.two_bounds = two;
    if (declares) {
        t.kind                = SAGE_TX_DECLARE;
        t.class_hash          = felt(json_string_value(class_hash));
        t.compiled_class_hash = felt(json_string_value(compiled));
    }
    json_decref(class_hash);
    json_decref(compiled);
    json_decref(tx);
    return t;
}

static void shared_file(const char *name, size_t n)
{
    size_t len, i;
    char *bytes = sage_test_vector(name, &len);
    json_t *all = json_loadb(bytes, len, 0, NULL), *v;
    assert_int_equal(json_array_size(all), n);
    json_array_foreach(all, i, v)
    {
        sage_tx t = of_vector(v);
        const felt252 chain =
            sage_felt_short(json_string_value(json_object_get(v, "chain_id")));
        const char *want = json_string_value(json_object_get(v, "transaction_hash"));
        assert_true(felt252_eq(sage_tx_hash(&t, chain), felt(want)));
        sage_tx_free(&t);
    }
    json_decref(all);
    free(bytes);
}

static void shared_three_bounds(void **state)
{
    (void)state;
    shared_file("starknet/tx_hash_v3.json", 14);
}
static void shared_two_bounds(void **state)
{
    (void)state;
    shared_file("starknet/tx_hash_v3_two_bounds.json", 6);
}
static void shared_deploy(void **state)
{
    (void)state;
    shared_file("starknet/deploy_account_v3_generated.json", 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_starknet_js),
        cmocka_unit_test(published_hashes),
        cmocka_unit_test(hash_binds),
        cmocka_unit_test(as_a_node_shows_it),
        cmocka_unit_test(declare),
        cmocka_unit_test(refused),
        cmocka_unit_test(refused_proofs),
        cmocka_unit_test(max_fee),
        cmocka_unit_test(shared_three_bounds),
        cmocka_unit_test(shared_two_bounds),
        cmocka_unit_test(shared_deploy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
