/* devnet/rpc_blocks.c -- methods that show blocks, their transactions and their changes. */
#include <stdlib.h>
#include <string.h>

#include "devnet/rpc_methods.h"
#include "devnet/rpc_params.h"
#include "devnet/tx_json.h"

static const char *const response_flags[] = {"INCLUDE_PROOF_FACTS"};

typedef enum body_kind { HASHES, TXS, RECEIPTS } body_kind;

static void put_price(sage_json_out *o, const char *key, const sage_amount *price)
{
    sage_json_text_open_of(o, key, '{');
    sage_json_text_amount_of(o, "price_in_fri", price);
    sage_json_text_amount_of(o, "price_in_wei", price);
    sage_json_out_close(o, '}');
}

/* What both sealed and pre-confirmed blocks say of themselves. */
static void put_common(sage_json_out *o, const sage_block_header *h)
{
    sage_json_text_number_of(o, "block_number", h->number);
    sage_json_text_number_of(o, "timestamp", h->timestamp);
    sage_json_text_felt_of(o, "sequencer_address", h->sequencer);
    put_price(o, "l1_gas_price", &h->gas_price[SAGE_GAS_L1]);
    put_price(o, "l2_gas_price", &h->gas_price[SAGE_GAS_L2]);
    put_price(o, "l1_data_gas_price", &h->gas_price[SAGE_GAS_L1_DATA]);
    sage_json_text_word_of(o, "l1_da_mode", "BLOB");
    sage_json_text_word_of(o, "starknet_version", "0.14.2");
}

static void put_sealed(sage_json_out *o, const sage_block_header *h)
{
    sage_json_text_word_of(o, "status", "ACCEPTED_ON_L2");
    sage_json_text_felt_of(o, "block_hash", h->hash);
    sage_json_text_felt_of(o, "parent_hash", h->parent_hash);
    sage_json_text_felt_of(o, "new_root", h->new_root);
    sage_json_text_felt_of(o, "event_commitment", h->event_commitment);
    sage_json_text_felt_of(o, "transaction_commitment", h->transaction_commitment);
    sage_json_text_felt_of(o, "receipt_commitment", h->receipt_commitment);
    sage_json_text_felt_of(o, "state_diff_commitment", h->state_diff_commitment);
    sage_json_text_number_of(o, "event_count", h->n_events);
    sage_json_text_number_of(o, "transaction_count", h->n_transactions);
    sage_json_text_number_of(o, "state_diff_length", h->state_diff_length);
}

static void put_tx(sage_json_out *o, const sage_chain_tx *t, body_kind kind, bool facts)
{
    if (kind == HASHES) {
        sage_json_text_felt(o, t->hash);
    } else if (kind == TXS) {
        sage_tx_put(o, t->tx, true, facts);
    } else {
        sage_json_out_open(o, '{');
        sage_json_out_key(o, "transaction");
        sage_tx_put(o, t->tx, false, facts);
        sage_json_out_key(o, "receipt");
        sage_receipt_put(o, t->receipt, t->sealed, false, 0, NULL);
        sage_json_out_close(o, '}');
    }
}

/* *moved: the pre-confirmed block was sealed meanwhile. */
static sage_status put_txs(
    const sage_rpc_call *c, const sage_block_header *h, body_kind kind, bool facts, bool *moved)
{
    sage_block_id at = {.tag    = h->sealed ? SAGE_BLOCK_NUMBER : SAGE_BLOCK_PRE_CONFIRMED,
                        .number = h->number};
    sage_json_text_open_of(c->out, "transactions", '[');
    for (uint32_t i = 0; i < h->n_transactions; i++) {
        sage_chain_tx t;
        sage_status st = sage_chain_tx_at(c->rpc->chain, &at, i, &t, c->err);
        *moved         = !h->sealed && (st == SAGE_ENOTFOUND || (!st && t.block != h->number));
        if (!st && !*moved) put_tx(c->out, &t, kind, facts);
        if (!st) sage_chain_tx_free(&t);
        if (st || *moved) return st;
    }
    sage_json_out_close(c->out, ']');
    return SAGE_OK;
}

static sage_status put_block(
    const sage_rpc_call *c, const sage_block_header *h, body_kind kind, bool facts, bool *moved)
{
    sage_json_out_open(c->out, '{');
    if (h->sealed) put_sealed(c->out, h);
    put_common(c->out, h);
    sage_status st = put_txs(c, h, kind, facts, moved);
    sage_json_out_close(c->out, '}');
    return st;
}

static sage_status show_block(const sage_rpc_call *c, body_kind kind)
{
    sage_block_id at;
    sage_block_header h;
    unsigned flags       = 0;
    bool moved           = false;
    sage_sink *to        = c->out->to;
    size_t start         = to->len;
    sage_json_out before = *c->out;
    sage_status st       = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st)
        st = sage_rpc_flags(c->arg[1], "response_flags", response_flags, 1, &flags, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (!st) st = put_block(c, &h, kind, flags, &moved);
    if (!moved) return st;
    to->len = start; /* once more, as the sealed block that it has become */
    *c->out = before;
    at      = (sage_block_id){.tag = SAGE_BLOCK_NUMBER, .number = h.number};
    st      = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    return st ? st : put_block(c, &h, kind, flags, &moved);
}

static sage_status with_hashes(const sage_rpc_call *c)
{
    return show_block(c, HASHES);
}
static sage_status with_txs(const sage_rpc_call *c)
{
    return show_block(c, TXS);
}
static sage_status with_receipts(const sage_rpc_call *c)
{
    return show_block(c, RECEIPTS);
}

static sage_status tx_count(const sage_rpc_call *c)
{
    sage_block_id at;
    sage_block_header h;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (!st) sage_json_out_number(c->out, h.n_transactions);
    return st;
}

static sage_status latest(const sage_rpc_call *c, sage_block_header *h)
{
    sage_block_id at = {.tag = SAGE_BLOCK_LATEST};
    return sage_chain_header(c->rpc->chain, &at, h, c->err);
}

static sage_status block_number(const sage_rpc_call *c)
{
    sage_block_header h;
    sage_status st = latest(c, &h);
    if (!st) sage_json_out_number(c->out, h.number);
    return st;
}

static sage_status block_hash_and_number(const sage_rpc_call *c)
{
    sage_block_header h;
    sage_status st = latest(c, &h);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    sage_json_text_felt_of(c->out, "block_hash", h.hash);
    sage_json_text_number_of(c->out, "block_number", h.number);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status tx_by_index(const sage_rpc_call *c)
{
    sage_block_id at;
    uint64_t index = 0;
    unsigned flags;
    sage_chain_tx t;
    sage_status st = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st) st = sage_rpc_number(c->arg[1], "index", 0, INT64_MAX, &index, c->err);
    if (!st)
        st = sage_rpc_flags(c->arg[2], "response_flags", response_flags, 1, &flags, c->err);
    if (!st && index > UINT32_MAX)
        st =
            sage_fail(c->err, SAGE_ENOTFOUND, "chain.index", -1, "beyond the last transaction");
    if (!st) st = sage_chain_tx_at(c->rpc->chain, &at, (uint32_t)index, &t, c->err);
    if (st) return st;
    sage_tx_put(c->out, t.tx, true, flags);
    sage_chain_tx_free(&t);
    return SAGE_OK;
}

/* State updates. */
static uint32_t
keep_contracts(sage_state_change *changes, uint32_t n, const sage_felt_list *only)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t k = 0; k < only->n; k++)
            if (felt252_eq(changes[i].contract, only->v[k])) {
                changes[kept++] = changes[i];
                break;
            }
    return kept;
}

static sage_status root_before(const sage_rpc_call *c, const sage_block_header *h, felt252 *out)
{
    sage_block_header parent;
    sage_block_id at = {.tag = SAGE_BLOCK_NUMBER, .number = h->number - 1};
    *out             = felt252_zero();
    if (!h->number) return SAGE_OK;
    sage_status st = sage_chain_header(c->rpc->chain, &at, &parent, c->err);
    if (!st) *out = parent.new_root;
    return st;
}

static sage_status put_update(const sage_rpc_call *c,
                              const sage_block_header *h,
                              const sage_state_change *changes,
                              uint32_t n)
{
    felt252 root;
    sage_status st = root_before(c, h, &root);
    if (st) return st;
    sage_json_out_open(c->out, '{');
    if (h->sealed) {
        sage_json_text_felt_of(c->out, "block_hash", h->hash);
        sage_json_text_felt_of(c->out, "new_root", h->new_root);
    }
    sage_json_text_felt_of(c->out, "old_root", root);
    sage_json_out_key(c->out, "state_diff");
    sage_state_diff_put(c->out, changes, n);
    sage_json_out_close(c->out, '}');
    return SAGE_OK;
}

static sage_status state_update(const sage_rpc_call *c)
{
    sage_block_id at;
    sage_block_header h;
    sage_felt_list only        = {0};
    sage_state_change *changes = NULL;
    uint32_t n                 = 0;
    sage_status st             = sage_rpc_block_id(c->arg[0], "block_id", &at, c->err);
    if (!st && c->arg[1]) st = sage_rpc_felts(c->arg[1], "contract_addresses", &only, c->err);
    if (!st) st = sage_chain_header(c->rpc->chain, &at, &h, c->err);
    if (!st && h.sealed) at = (sage_block_id){.tag = SAGE_BLOCK_NUMBER, .number = h.number};
    if (!st) st = sage_chain_diff(c->rpc->chain, &at, &changes, &n, c->err);
    if (!st && c->arg[1]) n = keep_contracts(changes, n, &only);
    if (!st) st = put_update(c, &h, changes, n);
    free(changes);
    sage_felt_list_free(&only);
    return st;
}

static const sage_rpc_method methods[] = {
    {"starknet_blockNumber", {0}, 0, SAGE_RPC_QUICK, block_number},
    {"starknet_blockHashAndNumber", {0}, 0, SAGE_RPC_QUICK, block_hash_and_number},
    {"starknet_getBlockTransactionCount", {"block_id"}, 1, SAGE_RPC_READ, tx_count},
    {"starknet_getBlockWithTxHashes", {"block_id"}, 1, SAGE_RPC_READ, with_hashes},
    {"starknet_getBlockWithTxs", {"block_id", "response_flags"}, 1, SAGE_RPC_READ, with_txs},
    {"starknet_getBlockWithReceipts",
     {"block_id", "response_flags"},
     1,
     SAGE_RPC_READ,
     with_receipts},
    {"starknet_getTransactionByBlockIdAndIndex",
     {"block_id", "index", "response_flags"},
     2,
     SAGE_RPC_READ,
     tx_by_index},
    {"starknet_getStateUpdate",
     {"block_id", "contract_addresses"},
     1,
     SAGE_RPC_READ,
     state_update},
};

const sage_rpc_table sage_rpc_block_table = {methods, sizeof methods / sizeof *methods};
