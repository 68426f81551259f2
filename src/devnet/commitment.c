/* Block commitments: Patricia roots, leaves, the state difference, the block hash. */
#include "devnet/commitment.h"

#include <string.h>

#include "field/felt252_text.h"
#include "hash/poseidon252.h"
#include "starknet/address.h"

void sage_commit_add(sage_commit_tree *t, felt252 leaf)
{
    unsigned level = 0;
    for (; t->n >> level & 1; level++)
        leaf = sage_poseidon252_pair(t->full[level], leaf);
    t->full[level] = leaf;
    t->n++;
}

/* A node above which `length` levels have only it, on their left side. */
static felt252 edge(felt252 bottom, unsigned length)
{
    if (!length) return bottom;
    return felt252_add(sage_poseidon252_pair(bottom, felt252_zero()), felt252_from_u64(length));
}

/* Walks up from the last leaf. Where bit `level` of n is set, there is a full subtree to the
 * left of what was walked so far; the first such subtree is where the walk starts. */
felt252 sage_commit_root(const sage_commit_tree *t)
{
    felt252 node    = felt252_zero();
    unsigned length = 0;
    bool begun      = false;
    if (!t->n) return node;
    for (unsigned level = 0; level < SAGE_COMMIT_LEVELS; level++) {
        const bool full = t->n >> level & 1;
        if (full && begun) {
            node   = sage_poseidon252_pair(t->full[level], edge(node, length));
            length = 0;
        } else if (full) {
            node   = t->full[level];
            length = 1;
            begun  = true;
        } else if (begun) {
            length++;
        }
    }
    return edge(node, length);
}

static void take_u64(sage_poseidon252 *h, uint64_t v)
{
    sage_poseidon252_absorb(h, felt252_from_u64(v));
}

static void take_list(sage_poseidon252 *h, const sage_felt_list *l)
{
    for (uint32_t i = 0; i < l->n; i++)
        sage_poseidon252_absorb(h, l->v[i]);
}

felt252 sage_commit_transaction(felt252 hash, const sage_felt_list *signature)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, hash);
    take_list(&h, signature);
    return sage_poseidon252_final(&h);
}

felt252 sage_commit_event(const sage_chain_event *e, felt252 tx_hash)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, e->from);
    sage_poseidon252_absorb(&h, tx_hash);
    take_u64(&h, e->keys.n);
    take_list(&h, &e->keys);
    take_u64(&h, e->data.n);
    take_list(&h, &e->data);
    return sage_poseidon252_final(&h);
}

felt252 sage_commit_receipt(const sage_tx_result *r)
{
    const felt252 no_messages = felt252_zero();
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, r->hash);
    sage_poseidon252_absorb(&h, felt252_from_limbs(r->fee.w));
    sage_poseidon252_absorb(&h, sage_poseidon252_many(&no_messages, 1));
    sage_poseidon252_absorb(&h, r->reverted ? sage_sn_keccak(r->reason, strlen(r->reason))
                                            : felt252_zero());
    take_u64(&h, 0);
    take_u64(&h, r->gas[SAGE_GAS_L1]);
    take_u64(&h, r->gas[SAGE_GAS_L1_DATA]);
    return sage_poseidon252_final(&h);
}

static size_t count_kind(const sage_state_change *cells, size_t n, sage_cell_kind kind)
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++)
        found += cells[i].kind == kind;
    return found;
}

/* [n, contract, value, ...] of classes or nonces. */
static void
take_kind(sage_poseidon252 *h, const sage_state_change *cells, size_t n, sage_cell_kind kind)
{
    take_u64(h, count_kind(cells, n, kind));
    for (size_t i = 0; i < n; i++) {
        if (cells[i].kind != kind) continue;
        sage_poseidon252_absorb(h, cells[i].contract);
        sage_poseidon252_absorb(h, cells[i].after);
    }
}

/* The storage cells from cells[i] on that are of its contract; *end is where another's start. */
static size_t run_of(const sage_state_change *cells, size_t n, size_t i, size_t *end)
{
    size_t found = 0, j = i;
    for (; j < n && felt252_eq(cells[j].contract, cells[i].contract); j++)
        found += cells[j].kind == SAGE_CELL_STORAGE;
    *end = j;
    return found;
}

static void take_storage(sage_poseidon252 *h, const sage_state_change *cells, size_t n)
{
    size_t contracts = 0, end;
    for (size_t i = 0; i < n; i = end)
        contracts += run_of(cells, n, i, &end) != 0;
    take_u64(h, contracts);
    for (size_t i = 0; i < n; i = end) {
        size_t found = run_of(cells, n, i, &end);
        if (!found) continue;
        sage_poseidon252_absorb(h, cells[i].contract);
        take_u64(h, found);
        for (size_t j = i; j < end; j++) {
            if (cells[j].kind != SAGE_CELL_STORAGE) continue;
            sage_poseidon252_absorb(h, cells[j].key);
            sage_poseidon252_absorb(h, cells[j].after);
        }
    }
}

felt252 sage_commit_diff(const sage_state_change *cells, size_t n)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, sage_felt_short("STARKNET_STATE_DIFF0"));
    take_kind(&h, cells, n, SAGE_CELL_CLASS);
    take_u64(&h, 0); /* classes declared */
    take_u64(&h, 0); /* classes of Cairo 0 declared */
    take_u64(&h, 1); /* constants of the formula */
    take_u64(&h, 0);
    take_storage(&h, cells, n);
    take_kind(&h, cells, n, SAGE_CELL_NONCE);
    return sage_poseidon252_final(&h);
}

static felt252 gas_prices(const sage_amount wei[SAGE_GASES], const sage_amount fri[SAGE_GASES])
{
    static const sage_gas order[] = {SAGE_GAS_L1, SAGE_GAS_L1_DATA, SAGE_GAS_L2};
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, sage_felt_short("STARKNET_GAS_PRICES0"));
    for (int i = 0; i < SAGE_GASES; i++) {
        sage_poseidon252_absorb(&h, felt252_from_limbs(wei[order[i]].w));
        sage_poseidon252_absorb(&h, felt252_from_limbs(fri[order[i]].w));
    }
    return sage_poseidon252_final(&h);
}

/* Three counts of 64 bits, then the mode of data availability (1: blob) and 63 zeros. */
static felt252 counts(const sage_block_header *h)
{
    const uint64_t limbs[4] = {(uint64_t)1 << 63, h->state_diff_length, h->n_events,
                               h->n_transactions};
    return felt252_from_limbs(limbs);
}

felt252 sage_commit_block(const sage_block_header *b,
                          const sage_amount wei[SAGE_GASES],
                          const char *version)
{
    sage_poseidon252 h;
    sage_poseidon252_init(&h);
    sage_poseidon252_absorb(&h, sage_felt_short("STARKNET_BLOCK_HASH1"));
    take_u64(&h, b->number);
    sage_poseidon252_absorb(&h, b->new_root);
    sage_poseidon252_absorb(&h, b->sequencer);
    take_u64(&h, b->timestamp);
    sage_poseidon252_absorb(&h, counts(b));
    sage_poseidon252_absorb(&h, b->state_diff_commitment);
    sage_poseidon252_absorb(&h, b->transaction_commitment);
    sage_poseidon252_absorb(&h, b->event_commitment);
    sage_poseidon252_absorb(&h, b->receipt_commitment);
    sage_poseidon252_absorb(&h, gas_prices(wei, b->gas_price));
    sage_poseidon252_absorb(&h, sage_felt_short(version));
    take_u64(&h, 0);
    sage_poseidon252_absorb(&h, b->parent_hash);
    return sage_poseidon252_final(&h);
}
