/* devnet/trace_json.c -- JSON of traces, state differences and fee estimates. */
#include <stdlib.h>
#include <string.h>

#include "devnet/tx_json.h"
#include "field/felt252_text.h"

typedef const sage_state_change *change;

static int by_cell(const void *a, const void *b)
{
    const change x = *(const change *)a, y = *(const change *)b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int order = sage_felt_compare(x->contract, y->contract);
    return order ? order : sage_felt_compare(x->key, y->key);
}

static void put_storage(sage_json_out *o, const change *sorted, uint32_t n)
{
    sage_json_text_open_of(o, "storage_diffs", '[');
    for (uint32_t i = 0; i < n && sorted[i]->kind == SAGE_CELL_STORAGE;) {
        felt252 contract = sorted[i]->contract;
        sage_json_out_open(o, '{');
        sage_json_text_felt_of(o, "address", contract);
        sage_json_text_open_of(o, "storage_entries", '[');
        for (; i < n && sorted[i]->kind == SAGE_CELL_STORAGE &&
               felt252_eq(sorted[i]->contract, contract);
             i++) {
            sage_json_out_open(o, '{');
            sage_json_text_felt_of(o, "key", sorted[i]->key);
            sage_json_text_felt_of(o, "value", sorted[i]->after);
            sage_json_out_close(o, '}');
        }
        sage_json_out_close(o, ']');
        sage_json_out_close(o, '}');
    }
    sage_json_out_close(o, ']');
}

static void put_pair(sage_json_out *o, const char *a, felt252 va, const char *b, felt252 vb)
{
    sage_json_out_open(o, '{');
    sage_json_text_felt_of(o, a, va);
    sage_json_text_felt_of(o, b, vb);
    sage_json_out_close(o, '}');
}

/* Contracts that are new, or whose class was replaced. */
static void put_classes(sage_json_out *o, const change *sorted, uint32_t n, bool replaced)
{
    sage_json_text_open_of(o, replaced ? "replaced_classes" : "deployed_contracts", '[');
    for (uint32_t i = 0; i < n; i++)
        if (sorted[i]->kind == SAGE_CELL_CLASS &&
            felt252_is_zero(sorted[i]->before) != replaced)
            put_pair(o, replaced ? "contract_address" : "address", sorted[i]->contract,
                     "class_hash", sorted[i]->after);
    sage_json_out_close(o, ']');
}

static void put_nonces(sage_json_out *o, const change *sorted, uint32_t n)
{
    sage_json_text_open_of(o, "nonces", '[');
    for (uint32_t i = 0; i < n; i++)
        if (sorted[i]->kind == SAGE_CELL_NONCE)
            put_pair(o, "contract_address", sorted[i]->contract, "nonce", sorted[i]->after);
    sage_json_out_close(o, ']');
}

/* Classes are native: none is ever declared. */
static void put_no_classes(sage_json_out *o)
{
    sage_json_text_open_of(o, "deprecated_declared_classes", '[');
    sage_json_out_close(o, ']');
    sage_json_text_open_of(o, "declared_classes", '[');
    sage_json_out_close(o, ']');
}

void sage_state_diff_put(sage_json_out *o, const sage_state_change *changes, uint32_t n)
{
    sage_sink *to  = o->to;
    change *sorted = calloc(n ? n : 1, sizeof *sorted);
    if (!sorted) {
        to->failed = true;
        return;
    }
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = &changes[i];
    if (n) qsort(sorted, n, sizeof *sorted, by_cell);
    sage_json_out_open(o, '{');
    put_storage(o, sorted, n);
    put_no_classes(o);
    put_classes(o, sorted, n, false);
    put_classes(o, sorted, n, true);
    put_nonces(o, sorted, n);
    sage_json_out_close(o, '}');
    free(sorted);
}

static void put_call_events(sage_json_out *o, const sage_tx_result *r, uint32_t call)
{
    sage_json_text_open_of(o, "events", '[');
    for (uint32_t i = 0; i < r->n_events; i++) {
        if (r->events[i].call != call) continue;
        sage_json_out_open(o, '{');
        sage_json_text_number_of(o, "order", i);
        sage_event_members_put(o, &r->events[i]);
        sage_json_out_close(o, '}');
    }
    sage_json_out_close(o, ']');
}

static void put_call_head(sage_json_out *o, const sage_chain_call *c)
{
    sage_json_text_felt_of(o, "contract_address", c->to);
    sage_json_text_felt_of(o, "entry_point_selector", c->selector);
    sage_json_text_felts_of(o, "calldata", c->calldata.v, c->calldata.n);
    sage_json_text_felt_of(o, "caller_address", c->caller);
    sage_json_text_felt_of(o, "class_hash", c->class_hash);
    sage_json_text_word_of(o, "entry_point_type", c->constructor ? "CONSTRUCTOR" : "EXTERNAL");
    sage_json_text_word_of(o, "call_type", "CALL");
    sage_json_text_felts_of(o, "result", c->result.v, c->result.n);
}

/* Native code counts no gas of its own: what a transaction used stands at its end. */
static void put_call_tail(sage_json_out *o, const sage_chain_call *c)
{
    sage_json_text_open_of(o, "messages", '[');
    sage_json_out_close(o, ']');
    sage_json_text_open_of(o, "execution_resources", '{');
    sage_json_text_number_of(o, "l1_gas", 0);
    sage_json_text_number_of(o, "l2_gas", 0);
    sage_json_out_close(o, '}');
    sage_json_text_bool_of(o, "is_reverted", c->failed);
    sage_json_out_close(o, '}');
}

/* Call `at` and the deeper ones that follow it; the index after them. Recursion is as deep as
 * the calls were, which execution bounds. */
static uint32_t put_call(sage_json_out *o, const sage_tx_result *r, uint32_t at)
{
    const sage_chain_call *c = &r->calls[at];
    uint32_t next            = at + 1;
    sage_json_out_open(o, '{');
    put_call_head(o, c);
    sage_json_text_open_of(o, "calls", '[');
    while (next < r->n_calls && r->calls[next].depth > c->depth)
        next = put_call(o, r, next);
    sage_json_out_close(o, ']');
    put_call_events(o, r, at);
    put_call_tail(o, c);
    return next;
}

static const char *part_name(const sage_tx_result *r, const sage_chain_call *c)
{
    switch (c->phase) {
    case SAGE_PHASE_VALIDATE: return "validate_invocation";
    case SAGE_PHASE_FEE: return "fee_transfer_invocation";
    case SAGE_PHASE_EXECUTE: break;
    }
    return r->kind == SAGE_TX_INVOKE ? "execute_invocation" : "constructor_invocation";
}

/* The specification has one call a part, and of a reverted one its reason alone. */
static void put_parts(sage_json_out *o, const sage_tx_result *r)
{
    for (uint32_t at = 0; at < r->n_calls;) {
        bool reverted = r->reverted && r->calls[at].phase == SAGE_PHASE_EXECUTE;
        if (reverted) {
            while (++at < r->n_calls && r->calls[at].depth)
                continue;
            continue;
        }
        sage_json_out_key(o, part_name(r, &r->calls[at]));
        at = put_call(o, r, at);
    }
    if (!r->reverted) return;
    sage_json_text_open_of(o, "execute_invocation", '{');
    sage_json_out_key(o, "revert_reason");
    sage_json_out_escaped(o, r->reason);
    sage_json_out_close(o, '}');
}

void sage_trace_put(sage_json_out *o, const sage_tx_result *r)
{
    sage_json_out_open(o, '{');
    sage_json_text_word_of(o, "type", sage_tx_type_name(r->kind));
    put_parts(o, r);
    sage_json_out_key(o, "state_diff");
    sage_state_diff_put(o, r->changes, r->n_changes);
    sage_execution_resources_put(o, r);
    sage_json_out_close(o, '}');
}

char *sage_trace_json(const sage_tx_result *r)
{
    sage_sink to    = {0};
    sage_json_out o = sage_json_text_to(&to);
    sage_trace_put(&o, r);
    return sage_json_text_take(&to);
}

void sage_fee_estimate_put(sage_json_out *o,
                           const sage_tx_result *r,
                           const sage_amount prices[SAGE_GASES])
{
    sage_json_out_open(o, '{');
    sage_json_text_hex_of(o, "l1_gas_consumed", r->gas[SAGE_GAS_L1]);
    sage_json_text_amount_of(o, "l1_gas_price", &prices[SAGE_GAS_L1]);
    sage_json_text_hex_of(o, "l2_gas_consumed", r->gas[SAGE_GAS_L2]);
    sage_json_text_amount_of(o, "l2_gas_price", &prices[SAGE_GAS_L2]);
    sage_json_text_hex_of(o, "l1_data_gas_consumed", r->gas[SAGE_GAS_L1_DATA]);
    sage_json_text_amount_of(o, "l1_data_gas_price", &prices[SAGE_GAS_L1_DATA]);
    sage_json_text_amount_of(o, "overall_fee", &r->fee);
    sage_json_text_word_of(o, "unit", "FRI");
    sage_json_out_close(o, '}');
}
