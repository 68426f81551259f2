/* devnet/tx_json.c -- JSON of transactions and receipts (facts C6, D2). */
#include "devnet/tx_json.h"

#include <stdlib.h>
#include <string.h>

#include "field/felt252_text.h"

static const char facts_key[]  = ",\"proof_facts\":[";
static const char status_key[] = "\"execution_status\":\"";
static const char reason_key[] = "\"revert_reason\":";

const char *sage_tx_type_name(sage_tx_kind kind)
{
    static const char *const names[] = {[SAGE_TX_INVOKE]         = "INVOKE",
                                        [SAGE_TX_DEPLOY_ACCOUNT] = "DEPLOY_ACCOUNT",
                                        [SAGE_TX_DECLARE]        = "DECLARE"};
    return names[kind];
}

/* The hash goes first and the facts last: sage_tx_put cuts there. */
static json_t *order_members(json_t *fields, felt252 hash)
{
    char hex[SAGE_FELT_HEX];
    json_t *all   = json_object();
    json_t *facts = json_incref(json_object_get(fields, "proof_facts"));
    sage_felt_to_hex(hex, hash);
    (void)json_object_del(fields, "proof_facts");
    bool ok = all && !json_object_set_new(all, "transaction_hash", json_string(hex)) &&
              !json_object_update(all, fields);
    if (ok && json_array_size(facts)) ok = !json_object_set(all, "proof_facts", facts);
    json_decref(facts);
    if (ok) return all;
    json_decref(all);
    return NULL;
}

char *sage_tx_json(const sage_tx *t, felt252 hash)
{
    json_t *fields = sage_tx_write(t, false, true);
    if (!fields) return NULL;
    json_t *all = order_members(fields, hash);
    char *text  = all ? json_dumps(all, JSON_COMPACT) : NULL;
    json_decref(all);
    json_decref(fields);
    return text;
}

void sage_event_members_put(sage_json_out *o, const sage_chain_event *e)
{
    sage_json_text_felt_of(o, "from_address", e->from);
    sage_json_text_felts_of(o, "keys", e->keys.v, e->keys.n);
    sage_json_text_felts_of(o, "data", e->data.v, e->data.n);
}

static void put_fee(sage_json_out *o, const sage_amount *fee)
{
    sage_json_text_open_of(o, "actual_fee", '{');
    sage_json_text_amount_of(o, "amount", fee);
    sage_json_text_word_of(o, "unit", "FRI");
    sage_json_out_close(o, '}');
}

static void put_events(sage_json_out *o, const sage_tx_result *r)
{
    sage_json_text_open_of(o, "events", '[');
    for (uint32_t i = 0; i < r->n_events; i++) {
        sage_json_out_open(o, '{');
        sage_event_members_put(o, &r->events[i]);
        sage_json_out_close(o, '}');
    }
    sage_json_out_close(o, ']');
}

static void put_outcome(sage_json_out *o, const sage_tx_result *r)
{
    sage_json_text_word_of(o, "execution_status", r->reverted ? "REVERTED" : "SUCCEEDED");
    if (!r->reverted) return;
    sage_json_out_key(o, "revert_reason");
    sage_json_out_escaped(o, r->reason);
}

void sage_execution_resources_put(sage_json_out *o, const sage_tx_result *r)
{
    sage_json_text_open_of(o, "execution_resources", '{');
    sage_json_text_number_of(o, "l1_gas", r->gas[SAGE_GAS_L1]);
    sage_json_text_number_of(o, "l1_data_gas", r->gas[SAGE_GAS_L1_DATA]);
    sage_json_text_number_of(o, "l2_gas", r->gas[SAGE_GAS_L2]);
    sage_json_out_close(o, '}');
}

char *sage_receipt_json(const sage_tx_result *r)
{
    sage_sink to    = {0};
    sage_json_out o = sage_json_text_to(&to);
    sage_json_out_open(&o, '{');
    sage_json_text_word_of(&o, "type", sage_tx_type_name(r->kind));
    sage_json_text_felt_of(&o, "transaction_hash", r->hash);
    put_fee(&o, &r->fee);
    put_outcome(&o, r);
    sage_json_text_open_of(&o, "messages_sent", '[');
    sage_json_out_close(&o, ']');
    put_events(&o, r);
    sage_execution_resources_put(&o, r);
    if (r->kind == SAGE_TX_DEPLOY_ACCOUNT)
        sage_json_text_felt_of(&o, "contract_address", r->contract);
    sage_json_out_close(&o, '}');
    return sage_json_text_take(&to);
}

/* A value made of pieces that are JSON together. */
static void put_piece(sage_json_out *o, const char *piece, size_t n)
{
    o->put(o->to, piece, n);
}

void sage_tx_put(sage_json_out *o, const char *tx, bool with_hash, bool with_facts)
{
    const char *comma = strchr(tx, ',');
    const char *facts = with_facts ? NULL : strstr(tx, facts_key);
    size_t end        = facts ? (size_t)(facts - tx) : strlen(tx);
    size_t skip       = with_hash || !comma ? 0 : (size_t)(comma + 1 - tx);
    sage_json_out_digits(o, skip ? "{" : "");
    put_piece(o, tx + skip, end - skip);
    if (facts) put_piece(o, "}", 1);
}

static const char *finality(bool sealed)
{
    return sealed ? "ACCEPTED_ON_L2" : "PRE_CONFIRMED";
}

void sage_receipt_put(sage_json_out *o,
                      const char *receipt,
                      bool sealed,
                      bool with_block,
                      uint64_t number,
                      const felt252 *block_hash)
{
    size_t n = strlen(receipt);
    sage_json_out_digits(o, "");
    put_piece(o, receipt, n ? n - 1 : 0); /* without its closing brace */
    sage_json_out inner = *o;
    inner.depth         = 1;
    inner.empty         = false;
    sage_json_text_word_of(&inner, "finality_status", finality(sealed));
    if (with_block) sage_json_text_number_of(&inner, "block_number", number);
    if (with_block && block_hash) sage_json_text_felt_of(&inner, "block_hash", *block_hash);
    put_piece(o, "}", 1);
}

/* The JSON string at `text`, quotes included: its length. */
static size_t string_length(const char *text)
{
    size_t n = 1;
    while (text[n] && text[n] != '"')
        n += text[n] == '\\' && text[n + 1] ? 2 : 1;
    return text[n] ? n + 1 : n;
}

void sage_status_put(sage_json_out *o, const char *receipt, bool sealed)
{
    const char *status = strstr(receipt, status_key);
    const char *reason = strstr(receipt, reason_key);
    bool reverted      = status && status[sizeof status_key - 1] == 'R';
    sage_json_out_open(o, '{');
    sage_json_text_word_of(o, "finality_status", finality(sealed));
    sage_json_text_word_of(o, "execution_status", reverted ? "REVERTED" : "SUCCEEDED");
    if (reverted && reason) {
        reason += sizeof reason_key - 1;
        sage_json_out_key(o, "failure_reason");
        sage_json_out_digits(o, "");
        put_piece(o, reason, string_length(reason));
    }
    sage_json_out_close(o, '}');
}
