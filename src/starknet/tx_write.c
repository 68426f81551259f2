/* starknet/tx_write.c -- transactions as JSON (facts C6). */
#include "starknet/transaction.h"

#include <sodium.h>
#include <stdlib.h>

#include "starknet/felt_json.h"

/* Takes value. Once *object is NULL, for want of memory, it stays so. */
static void put(json_t **object, const char *key, json_t *value)
{
    if (!*object) {
        json_decref(value);
        return;
    }
    if (!json_object_set_new(*object, key, value)) return;
    json_decref(*object);
    *object = NULL;
}

static void put_felt(json_t **object, const char *key, felt252 v)
{
    put(object, key, sage_felt_to_json(v));
}

static void put_list(json_t **object, const char *key, const sage_felt_list *l)
{
    put(object, key, sage_felts_to_json(l->v, l->n));
}

static json_t *bound(const sage_gas_bound *b)
{
    json_t *object = json_object();
    put(&object, "max_amount", sage_u64_to_json(b->max_amount));
    put(&object, "max_price_per_unit", sage_u128_to_json(b->max_price));
    return object;
}

static json_t *bounds(const sage_tx *t)
{
    json_t *object = json_object();
    put(&object, "l1_gas", bound(&t->bounds[SAGE_GAS_L1]));
    put(&object, "l2_gas", bound(&t->bounds[SAGE_GAS_L2]));
    if (!t->two_bounds) put(&object, "l1_data_gas", bound(&t->bounds[SAGE_GAS_L1_DATA]));
    return object;
}

static json_t *mode(uint32_t da)
{
    return json_string(da ? "L2" : "L1");
}

static void put_common(json_t **object, const sage_tx *t)
{
    const uint64_t three[2] = {3, 0};
    put(object, "version",
        t->query ? sage_felt_to_json(felt252_from_limbs((const uint64_t[4]){3, 0, 1, 0}))
                 : sage_u128_to_json(three));
    put_list(object, "signature", &t->signature);
    put_felt(object, "nonce", t->nonce);
    put(object, "resource_bounds", bounds(t));
    put(object, "tip", sage_u64_to_json(t->tip));
    put_list(object, "paymaster_data", &t->paymaster_data);
    put(object, "nonce_data_availability_mode", mode(t->nonce_da));
    put(object, "fee_data_availability_mode", mode(t->fee_da));
}

static json_t *base64(const uint8_t *bytes, size_t n)
{
    const size_t cap = sodium_base64_encoded_len(n, sodium_base64_VARIANT_ORIGINAL);
    char *text       = malloc(cap);
    json_t *v        = NULL;
    if (text)
        v = json_string(sodium_bin2base64(text, cap, bytes, n, sodium_base64_VARIANT_ORIGINAL));
    free(text);
    return v;
}

static void put_invoke(json_t **object, const sage_tx *t, bool broadcast, bool with_facts)
{
    put(object, "type", json_string("INVOKE"));
    put_felt(object, "sender_address", t->sender);
    put_list(object, "calldata", &t->calldata);
    put_list(object, "account_deployment_data", &t->account_deployment_data);
    if (with_facts && t->proof_facts.n) put_list(object, "proof_facts", &t->proof_facts);
    if (broadcast && t->proof) put(object, "proof", base64(t->proof, t->proof_len));
}

static void put_deploy_account(json_t **object, const sage_tx *t)
{
    put(object, "type", json_string("DEPLOY_ACCOUNT"));
    put_felt(object, "class_hash", t->class_hash);
    put_felt(object, "contract_address_salt", t->salt);
    put_list(object, "constructor_calldata", &t->calldata);
}

static void put_declare(json_t **object, const sage_tx *t, bool broadcast)
{
    put(object, "type", json_string("DECLARE"));
    put_felt(object, "sender_address", t->sender);
    put_felt(object, "compiled_class_hash", t->compiled_class_hash);
    put_list(object, "account_deployment_data", &t->account_deployment_data);
    if (broadcast)
        put(object, "contract_class", json_incref(t->contract_class));
    else
        put_felt(object, "class_hash", t->class_hash);
}

json_t *sage_tx_write(const sage_tx *t, bool broadcast, bool with_facts)
{
    json_t *object = json_object();
    put_common(&object, t);
    switch (t->kind) {
    case SAGE_TX_INVOKE: put_invoke(&object, t, broadcast, broadcast || with_facts); break;
    case SAGE_TX_DEPLOY_ACCOUNT: put_deploy_account(&object, t); break;
    case SAGE_TX_DECLARE: put_declare(&object, t, broadcast); break;
    }
    return object;
}
