/* starknet/tx_read.c -- the broadcast form of a transaction, every doubt an error (facts C6). */
#include "starknet/transaction.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/class_hash.h"
#include "starknet/felt_json.h"

enum { MAX_FIELDS = 16 };

/* One object: each get names a field, the first failure sticks, and at the end every field must
 * have been asked for. */
typedef struct fields {
    const json_t *object;
    const char *asked[MAX_FIELDS];
    size_t n_asked, found;
    sage_status status;
    sage_errinfo *err;
} fields;

static void
refuse(fields *f, sage_status code, const char *where, const char *key, const char *what)
{
    if (!f->status) f->status = sage_fail(f->err, code, where, -1, "%.60s %.120s", key, what);
}

static json_t *optional(fields *f, const char *key)
{
    json_t *v = f->status ? NULL : json_object_get(f->object, key);
    if (f->n_asked < MAX_FIELDS) f->asked[f->n_asked++] = key;
    f->found += v != NULL;
    return v;
}

static json_t *required(fields *f, const char *key)
{
    json_t *v = optional(f, key);
    if (!v) refuse(f, SAGE_EFORMAT, "tx.missing", key, "is missing");
    return v;
}

/* The failure of a felt or of a list of them, under the field's name. */
static void blame(fields *f, const char *key, sage_status s, const sage_errinfo *e)
{
    if (s == SAGE_ENOMEM)
        refuse(f, s, "tx.memory", key, "does not fit into memory");
    else if (!strcmp(e->where, "felt_list.length"))
        refuse(f, SAGE_ELIMIT, "tx.length", key, "is longer than allowed");
    else if (!strcmp(e->where, "felt.string") || !strcmp(e->where, "felt.array"))
        refuse(f, SAGE_EFORMAT, "tx.type", key, e->msg);
    else
        refuse(f, SAGE_EFORMAT, "tx.felt", key, e->msg);
}

static void get_felt(fields *f, const char *key, felt252 *out)
{
    sage_errinfo e;
    json_t *v     = required(f, key);
    sage_status s = v ? sage_felt_of_json(out, v, &e) : SAGE_OK;
    if (s) blame(f, key, s, &e);
}

static void read_list(fields *f, const char *key, const json_t *v, sage_felt_list *out)
{
    sage_errinfo e;
    sage_status s = v ? sage_felts_of_json(out, v, &e) : SAGE_OK;
    if (s) blame(f, key, s, &e);
}

static void get_list(fields *f, const char *key, sage_felt_list *out)
{
    read_list(f, key, required(f, key), out);
}

static void get_u128(fields *f, const char *key, uint64_t out[2])
{
    felt252 v = felt252_zero();
    get_felt(f, key, &v);
    if (!sage_felt_to_u128(out, v))
        refuse(f, SAGE_EFORMAT, "tx.range", key, "is not below 2^128");
}

static void get_u64(fields *f, const char *key, uint64_t *out)
{
    felt252 v = felt252_zero();
    get_felt(f, key, &v);
    if (!sage_felt_to_u64(out, v))
        refuse(f, SAGE_EFORMAT, "tx.range", key, "is not below 2^64");
}

static const char *get_text(fields *f, const char *key)
{
    json_t *v = required(f, key);
    if (v && !json_is_string(v)) refuse(f, SAGE_EFORMAT, "tx.type", key, "is no string");
    return f->status ? "" : json_string_value(v);
}

static fields enter(fields *f, const char *key)
{
    json_t *v = required(f, key);
    if (v && !json_is_object(v)) refuse(f, SAGE_EFORMAT, "tx.type", key, "is no object");
    return (fields){.object = v, .status = f->status, .err = f->err};
}

static bool asked_for(const fields *f, const char *key)
{
    for (size_t i = 0; i < f->n_asked; i++)
        if (!strcmp(f->asked[i], key)) return true;
    return false;
}

/* The object may have no fields that nothing asked for. */
static void leave(fields *f)
{
    const char *key;
    json_t *value, *object = (json_t *)(uintptr_t)f->object; /* to iterate, not to change */
    if (f->status || f->found == json_object_size(object)) return;
    json_object_foreach(object, key, value)
    {
        (void)value;
        if (!asked_for(f, key)) refuse(f, SAGE_EFORMAT, "tx.unknown", key, "is not known");
    }
}

static void get_bound(fields *bounds, const char *key, sage_gas_bound *out)
{
    fields f = enter(bounds, key);
    get_u64(&f, "max_amount", &out->max_amount);
    get_u128(&f, "max_price_per_unit", out->max_price);
    leave(&f);
    bounds->status = f.status;
}

static void get_bounds(fields *t, sage_tx *out)
{
    fields f = enter(t, "resource_bounds");
    get_bound(&f, "l1_gas", &out->bounds[SAGE_GAS_L1]);
    get_bound(&f, "l2_gas", &out->bounds[SAGE_GAS_L2]);
    get_bound(&f, "l1_data_gas", &out->bounds[SAGE_GAS_L1_DATA]);
    leave(&f);
    t->status = f.status;
}

static void get_mode(fields *f, const char *key, uint32_t *out)
{
    const char *text = get_text(f, key);
    *out             = 0;
    if (strcmp(text, "L1") != 0) refuse(f, SAGE_EFORMAT, "tx.range", key, "is not \"L1\"");
}

static void get_version(fields *f, bool *query)
{
    uint64_t limbs[4];
    felt252 v = felt252_zero();
    get_felt(f, "version", &v);
    felt252_to_limbs(v, limbs);
    *query = limbs[2] == 1;
    if (limbs[0] != 3 || limbs[1] || limbs[2] > 1 || limbs[3])
        refuse(f, SAGE_EUNSUP, "tx.version", "version", "is not 3, nor 2^128 + 3");
}

static void get_common(fields *f, sage_tx *t)
{
    get_version(f, &t->query);
    get_list(f, "signature", &t->signature);
    get_felt(f, "nonce", &t->nonce);
    get_bounds(f, t);
    get_u64(f, "tip", &t->tip);
    get_list(f, "paymaster_data", &t->paymaster_data);
    get_mode(f, "nonce_data_availability_mode", &t->nonce_da);
    get_mode(f, "fee_data_availability_mode", &t->fee_da);
}

/* Base64 with padding, of the one form that its bytes have. */
static void get_proof(fields *f, sage_tx *t)
{
    json_t *v = optional(f, "proof");
    if (!v) return;
    const size_t len = json_string_length(v), cap = len / 4 * 3;
    const char *end = NULL;
    if (!json_is_string(v)) {
        refuse(f, SAGE_EFORMAT, "tx.type", "proof", "is no string");
        return;
    }
    if (cap > SAGE_TX_MAX_PROOF + 2) {
        refuse(f, SAGE_ELIMIT, "tx.length", "proof", "is longer than allowed");
        return;
    }
    t->proof = cap ? malloc(cap) : NULL;
    if (cap && !t->proof)
        refuse(f, SAGE_ENOMEM, "tx.memory", "proof", "does not fit into memory");
    else if (!cap ||
             sodium_base642bin(t->proof, cap, json_string_value(v), len, NULL, &t->proof_len,
                               &end, sodium_base64_VARIANT_ORIGINAL) ||
             end != json_string_value(v) + len || t->proof_len > SAGE_TX_MAX_PROOF)
        refuse(f, SAGE_EFORMAT, "tx.proof", "proof", "is not base64 of a proof");
}

static void get_invoke(fields *f, sage_tx *t)
{
    json_t *facts;
    get_felt(f, "sender_address", &t->sender);
    get_list(f, "calldata", &t->calldata);
    get_list(f, "account_deployment_data", &t->account_deployment_data);
    facts = optional(f, "proof_facts");
    read_list(f, "proof_facts", facts, &t->proof_facts);
    get_proof(f, t);
}

static void get_deploy_account(fields *f, sage_tx *t)
{
    get_felt(f, "class_hash", &t->class_hash);
    get_felt(f, "contract_address_salt", &t->salt);
    get_list(f, "constructor_calldata", &t->calldata);
    if (!f->status)
        t->sender = sage_contract_address(felt252_zero(), t->salt, t->class_hash, t->calldata.v,
                                          t->calldata.n);
}

static void get_declare(fields *f, sage_tx *t)
{
    get_felt(f, "sender_address", &t->sender);
    get_felt(f, "compiled_class_hash", &t->compiled_class_hash);
    get_list(f, "account_deployment_data", &t->account_deployment_data);
    t->contract_class = json_incref(required(f, "contract_class"));
    if (!f->status) f->status = sage_class_hash(&t->class_hash, t->contract_class, f->err);
}

static void get_kind(fields *f, sage_tx *t)
{
    const char *type = get_text(f, "type");
    if (!strcmp(type, "INVOKE"))
        t->kind = SAGE_TX_INVOKE, get_invoke(f, t);
    else if (!strcmp(type, "DEPLOY_ACCOUNT"))
        t->kind = SAGE_TX_DEPLOY_ACCOUNT, get_deploy_account(f, t);
    else if (!strcmp(type, "DECLARE"))
        t->kind = SAGE_TX_DECLARE, get_declare(f, t);
    else
        refuse(f, SAGE_EFORMAT, "tx.type", "type",
               "is not \"INVOKE\", \"DEPLOY_ACCOUNT\" or \"DECLARE\"");
}

sage_status sage_tx_read(sage_tx *out, const json_t *object, sage_errinfo *err)
{
    fields f = {.object = object, .err = err};
    *out     = (sage_tx){0};
    if (!json_is_object(object))
        return sage_fail(err, SAGE_EFORMAT, "tx.object", -1, "a transaction is a JSON object");
    get_common(&f, out);
    get_kind(&f, out);
    leave(&f);
    if (f.status) sage_tx_free(out);
    return f.status;
}
