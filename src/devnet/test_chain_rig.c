#include "devnet/test_chain_rig.h"

#include <ftw.h>
#include <unistd.h>

#include "curve/sign.h"
#include "devnet/commitment.h"
#include "starknet/address.h"
#include "starknet/calls.h"

static void good(sage_status st, const sage_errinfo *err)
{
    if (st) fail_msg("%s: %s", err->where, err->msg);
}

void rig_make(chain_rig *rig)
{
    memset(rig, 0, sizeof *rig);
    snprintf(rig->folder, sizeof rig->folder, "/tmp/sage-chain-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    rig->options            = sage_chain_defaults();
    rig->options.n_accounts = 2;
}

void rig_start(chain_rig *rig)
{
    sage_errinfo err      = {0};
    rig->options.data_dir = rig->folder;
    good(sage_chain_open(&rig->chain, &rig->options, &err), &err);
}

void rig_stop(chain_rig *rig)
{
    sage_chain_close(rig->chain);
    rig->chain = NULL;
}

static int remove_one(const char *path, const struct stat *s, int flag, struct FTW *ftw)
{
    (void)s, (void)flag, (void)ftw;
    return remove(path);
}

void rig_remove(chain_rig *rig)
{
    rig_stop(rig);
    nftw(rig->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void add_call(sage_tx *t, felt252 to, uint64_t amount)
{
    sage_errinfo err   = {0};
    sage_amount a      = sage_amount_of(amount);
    sage_call transfer = {.to       = sage_chain_contract("STRK"),
                          .selector = sage_selector("transfer")};
    good(sage_felt_list_add(&transfer.calldata, to, &err), &err);
    good(sage_felt_list_add_u256(&transfer.calldata, &a, &err), &err);
    good(sage_calls_encode(&t->calldata, &transfer, 1, &err), &err);
    sage_felt_list_free(&transfer.calldata);
}

sage_tx
rig_transfer(const chain_rig *rig, uint32_t from, uint64_t nonce, felt252 to, uint64_t amount)
{
    sage_errinfo err   = {0};
    sage_predeployed p = sage_chain_account(rig->chain, from);
    sage_tx t          = {.sender = p.address, .nonce = felt252_from_u64(nonce)};
    sage_secret_key key;
    felt252 rs[2];
    add_call(&t, to, amount);
    for (int g = 0; g < SAGE_GASES; g++) {
        t.bounds[g].max_amount   = 100000000;
        t.bounds[g].max_price[0] = rig->options.gas_price[g];
    }
    felt252_to_limbs(p.private_key, key.l);
    good(sage_sign(&rs[0], &rs[1], &key, sage_tx_hash(&t, rig->options.chain_id), &err), &err);
    good(sage_felt_list_add_many(&t.signature, rs, 2, &err), &err);
    return t;
}

sage_status rig_send(const chain_rig *rig,
                     uint32_t from,
                     uint64_t nonce,
                     felt252 to,
                     uint64_t amount,
                     felt252 *hash,
                     sage_errinfo *err)
{
    felt252 unwanted;
    sage_tx t = rig_transfer(rig, from, nonce, to, amount);
    return sage_chain_submit(rig->chain, &t, hash ? hash : &unwanted, NULL, err);
}

sage_block_id rig_at(sage_block_tag tag)
{
    return (sage_block_id){.tag = tag};
}

sage_block_id rig_number(uint64_t number)
{
    return (sage_block_id){.tag = SAGE_BLOCK_NUMBER, .number = number};
}

uint64_t rig_balance(const chain_rig *rig, sage_block_id at, felt252 who)
{
    sage_errinfo err    = {0};
    sage_felt_list args = {0}, result = {0};
    uint64_t low[4];
    good(sage_felt_list_add(&args, who, &err), &err);
    good(sage_chain_call_view(rig->chain, &at, sage_chain_contract("STRK"),
                              sage_selector("balance_of"), &args, &result, &err),
         &err);
    assert_int_equal(result.n, 2);
    felt252_to_limbs(result.v[0], low);
    sage_felt_list_free(&args);
    sage_felt_list_free(&result);
    return low[0];
}

uint64_t rig_nonce(const chain_rig *rig, sage_block_id at, felt252 who)
{
    sage_errinfo err = {0};
    felt252 nonce;
    uint64_t limbs[4];
    good(sage_chain_get(rig->chain, &at, SAGE_CELL_NONCE, who, felt252_zero(), &nonce, &err),
         &err);
    felt252_to_limbs(nonce, limbs);
    return limbs[0];
}

sage_block_header rig_header(const chain_rig *rig, sage_block_id at)
{
    sage_errinfo err = {0};
    sage_block_header h;
    good(sage_chain_header(rig->chain, &at, &h, &err), &err);
    return h;
}

uint64_t rig_check_blocks(const chain_rig *rig)
{
    const uint64_t last = rig_header(rig, rig_at(SAGE_BLOCK_LATEST)).number;
    felt252 parent      = felt252_zero();
    uint64_t time       = 0;
    for (uint64_t i = 0; i <= last; i++) {
        sage_block_header h = rig_header(rig, rig_number(i));
        assert_true(h.sealed);
        assert_int_equal(h.number, i);
        assert_true(felt252_eq(h.parent_hash, parent));
        assert_true(h.timestamp >= time);
        assert_true(
            felt252_eq(h.hash, sage_commit_block(&h, h.gas_price, SAGE_STARKNET_VERSION)));
        parent = h.hash;
        time   = h.timestamp;
    }
    return last;
}
