/* Accepting transactions: everything that needs no order is done on the caller's thread. */
#include <stdlib.h>

#include "curve/sign.h"
#include "devnet/admission.h"
#include "devnet/chain_private.h"
#include "devnet/tx_json.h"
#include "devnet/tx_rows.h"
#include "field/felt252_text.h"
#include "starknet/address.h"

/* The network's bounds of calldata and signature. */
enum { MAX_CALLDATA = 5000, MAX_SIGNATURE = 4000 };

static sage_status refuse(sage_errinfo *err, const char *what)
{
    return sage_fail(err, SAGE_EUNSUP, "chain.unsupported", -1, "%s", what);
}

/* What the network takes today, and this node runs (facts C4). */
sage_status sage_chain_check_form(const sage_tx *t, bool simulated, sage_errinfo *err)
{
    if (t->query && !simulated)
        return sage_fail(err, SAGE_EUNSUP, "chain.version", -1,
                         "a query is for simulations alone");
    if (t->kind == SAGE_TX_DECLARE)
        return refuse(err, "this node runs its own contracts only: classes cannot be declared");
    if (t->two_bounds) return refuse(err, "bounds without L1 data gas");
    if (t->nonce_da || t->fee_da) return refuse(err, "data availability other than L1");
    if (t->paymaster_data.n) return refuse(err, "paymaster data must be empty");
    if (t->account_deployment_data.n) return refuse(err, "deployment data must be empty");
    if (t->calldata.n > MAX_CALLDATA || t->signature.n > MAX_SIGNATURE)
        return sage_fail(err, SAGE_ELIMIT, "chain.size", t->calldata.n,
                         "at most %d felts of calldata and %d of signature are taken",
                         MAX_CALLDATA, MAX_SIGNATURE);
    return SAGE_OK;
}

static sage_status refuse_known(sage_chain *c, felt252 hash, sage_errinfo *err)
{
    sage_db *db;
    bool have      = false;
    sage_status st = sage_readers_take(&c->readers, &db, err);
    if (st) return st;
    st = sage_tx_rows_have(db, hash, &have, err);
    sage_readers_give(&c->readers, db);
    if (st || !have) return st;
    return sage_fail(err, SAGE_ECONFLICT, "chain.duplicate", -1,
                     "this transaction is on the chain already");
}

/* The key that the sender's account has now; 0 if it is of another kind. */
static felt252 key_of_sender(sage_chain *c, const sage_tx *t)
{
    if (t->kind == SAGE_TX_DEPLOY_ACCOUNT)
        return t->calldata.n == 1 ? t->calldata.v[0] : felt252_zero();
    const felt252 slot = sage_selector("Account_public_key");
    pthread_rwlock_rdlock(&c->lock);
    felt252 key = sage_state_get(c->state, SAGE_CELL_STORAGE, t->sender, slot);
    pthread_rwlock_unlock(&c->lock);
    return key;
}

/* false if there is nothing that could be checked: the account then does it itself. */
static bool
check_signature(sage_chain *c, const sage_tx *t, felt252 hash, sage_checked_signature *out)
{
    if (t->signature.n != 2) return false;
    out->key = key_of_sender(c, t);
    if (felt252_is_zero(out->key)) return false;
    out->valid = sage_signed(out->key, hash, t->signature.v[0], t->signature.v[1]);
    return true;
}

/* Verifying a proof takes milliseconds: only for a sender whose signature is good. */
static sage_status check_proof(const sage_chain *c,
                               const sage_tx *t,
                               const sage_checked_signature *checked,
                               sage_errinfo *err)
{
    if (t->proof_len && !(checked && checked->valid))
        return sage_fail(err, SAGE_EINVAL, "chain.validation", -1,
                         "a proof needs a sender with a valid signature");
    return sage_admission_check(t, c->options.min_proof_bits, err);
}

static sage_status hand_in(sage_chain *c,
                           const sage_tx *t,
                           felt252 hash,
                           const sage_checked_signature *checked,
                           felt252 *contract_address,
                           sage_errinfo *err)
{
    char *json = sage_tx_json(t, hash);
    if (!json) return sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "a transaction's text");
    sage_chain_task task = {
        .kind = SAGE_CHAIN_TASK_TX, .tx = t, .hash = hash, .checked = checked, .tx_json = json};
    sage_status st = sage_executor_do(c->executor, &task, err);
    if (!st && contract_address) *contract_address = task.contract;
    free(json);
    return st;
}

sage_status sage_chain_submit(
    sage_chain *c, sage_tx *t, felt252 *hash, felt252 *contract_address, sage_errinfo *err)
{
    sage_checked_signature signature      = {0};
    const sage_checked_signature *checked = NULL;
    sage_status st                        = sage_chain_check_form(t, false, err);
    if (!st) {
        *hash = sage_tx_hash(t, c->options.chain_id);
        st    = refuse_known(c, *hash, err);
    }
    if (!st && check_signature(c, t, *hash, &signature)) checked = &signature;
    if (!st) st = check_proof(c, t, checked, err);
    if (!st) st = hand_in(c, t, *hash, checked, contract_address, err);
    sage_tx_free(t);
    return st;
}
