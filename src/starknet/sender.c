/* starknet/sender.c -- building, signing and sending transactions, and waiting for their ends. */
#include "starknet/sender.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/sender_private.h"

enum { MARGIN = 150, WAIT_MS = 120000, POLL_MS = 500, SIGNATURES = 3 };

sage_sender_options sage_sender_defaults(sage_sn_pool *pool, felt252 address)
{
    return (sage_sender_options){.pool           = pool,
                                 .address        = address,
                                 .amount_percent = MARGIN,
                                 .price_percent  = MARGIN,
                                 .max_fee        = sage_amount_of(10000000000000000000u),
                                 .wait_ms        = WAIT_MS,
                                 .poll_ms        = POLL_MS,
                                 .finality       = SAGE_SN_EXECUTED};
}

static sage_status check_options(const sage_sender_options *o, sage_errinfo *err)
{
    if (!o->pool || !o->sign || o->amount_percent < 100 || o->amount_percent > 1000 ||
        o->price_percent < 100 || o->price_percent > 1000 || o->finality < SAGE_SN_EXECUTED)
        return sage_fail(err, SAGE_EINVAL, "sender.options", -1,
                         "a margin is 100 to 1000 percent; somebody must sign");
    return SAGE_OK;
}

sage_status sage_sender_open(sage_sender **out, const sage_sender_options *o, sage_errinfo *err)
{
    *out           = NULL;
    sage_status st = check_options(o, err);
    if (st) return st;
    sage_sender *s = calloc(1, sizeof *s);
    if (!s) return sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    s->o     = *o;
    s->chain = sage_sn_pool_chain(o->pool);
    s->sn    = sage_sn_of_pool(o->pool);
    st       = sage_journal_open(s, err);
    if (st)
        sage_sender_close(s);
    else
        *out = s;
    return st;
}

void sage_sender_close(sage_sender *s)
{
    if (!s) return;
    for (uint32_t i = 0; i < s->n; i++)
        sage_tx_free(&s->flight[i].tx);
    sage_journal_close(s);
    free(s);
}

static sage_status add_proof(sage_tx *t, const sage_sender_proof *p, sage_errinfo *err)
{
    if (!p) return SAGE_OK;
    if (!p->len || p->len > SAGE_TX_MAX_PROOF)
        return sage_fail(err, SAGE_ELIMIT, "sender.proof", (long long)p->len,
                         "a proof has 1 to %d bytes", SAGE_TX_MAX_PROOF);
    t->proof = malloc(p->len);
    if (!t->proof) return sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    memcpy(t->proof, p->proof, p->len);
    t->proof_len = p->len;
    return sage_felt_list_add_many(&t->proof_facts, p->facts, p->n_facts, err);
}

static sage_status build_invoke(const sage_sender *s,
                                sage_tx *t,
                                const sage_call *calls,
                                uint32_t n,
                                const sage_sender_proof *proof,
                                sage_errinfo *err)
{
    *t             = (sage_tx){.kind = SAGE_TX_INVOKE, .sender = s->o.address};
    sage_status st = sage_calls_encode(&t->calldata, calls, n, err);
    if (!st) st = add_proof(t, proof, err);
    return st;
}

static sage_status build_deploy(const sage_sender *s,
                                sage_tx *t,
                                felt252 class_hash,
                                felt252 salt,
                                const sage_felt_list *calldata,
                                sage_errinfo *err)
{
    *t = (sage_tx){.kind = SAGE_TX_DEPLOY_ACCOUNT, .class_hash = class_hash, .salt = salt};
    t->sender =
        sage_contract_address(felt252_zero(), salt, class_hash, calldata->v, calldata->n);
    if (!felt252_eq(t->sender, s->o.address))
        return sage_fail(err, SAGE_EINVAL, "sender.address", -1,
                         "class, salt and calldata are those of another account");
    return sage_felt_list_copy(&t->calldata, calldata, err);
}

/* The account must not be there yet. */
static sage_status check_absent(const sage_sender *s, sage_errinfo *err)
{
    felt252 class_hash;
    sage_errinfo own = {0};
    sage_status st   = sage_sn_class_hash_at(&s->sn, (sage_sn_block){SAGE_SN_PRE_CONFIRMED, 0},
                                             s->o.address, &class_hash, &own);
    if (st && !strcmp(own.where, "rpc.contract")) return SAGE_OK;
    if (!st)
        return sage_fail(err, SAGE_ECONFLICT, "sender.deployed", -1,
                         "the account is there already");
    if (err) *err = own;
    return st;
}

sage_status sage_sender_quote_calls(sage_sender *s,
                                    const sage_call *calls,
                                    uint32_t n,
                                    const sage_sender_proof *proof,
                                    sage_sender_quote *out,
                                    sage_errinfo *err)
{
    sage_tx t;
    uint64_t nonce = 0;
    sage_status st = build_invoke(s, &t, calls, n, proof, err);
    if (!st) st = sage_sender_nonce(s, &nonce, err);
    if (!st) st = sage_sender_bound(s, &t, nonce, out, err);
    sage_tx_free(&t);
    return st;
}

sage_status sage_sender_quote_deploy(sage_sender *s,
                                     felt252 class_hash,
                                     felt252 salt,
                                     const sage_felt_list *calldata,
                                     sage_sender_quote *out,
                                     sage_errinfo *err)
{
    sage_tx t;
    sage_status st = build_deploy(s, &t, class_hash, salt, calldata, err);
    if (!st) st = check_absent(s, err);
    if (!st) st = sage_sender_bound(s, &t, 0, out, err);
    sage_tx_free(&t);
    return st;
}

/* Gives those in flight that no node has confirmed another chance before a later nonce follows
 * them. What becomes of them is not this call's business. */
static void push_earlier(sage_sender *s)
{
    for (uint32_t i = 0; i < s->n; i++) {
        sage_sn_status status;
        sage_errinfo why;
        if (s->flight[i].known) continue;
        sage_status st = sage_flight_chase(s, &s->flight[i], 0, &status, &why);
        (void)st;
    }
}

static sage_status sign(sage_sender *s, sage_tx *t, felt252 *hash, sage_errinfo *err)
{
    felt252 signature[2];
    sage_status st = sage_sn_pool_check_chain(s->o.pool, err);
    if (st) return st;
    *hash = sage_tx_hash(t, s->chain);
    st    = s->o.sign(s->o.sign_arg, *hash, signature, err);
    sage_felt_list_free(&t->signature);
    if (!st) st = sage_felt_list_add_many(&t->signature, signature, 2, err);
    return st;
}

/* The first nonce that neither the chain nor anything in flight has used. */
static uint64_t free_nonce(const sage_sender *s, uint64_t executed)
{
    uint64_t nonce = executed > s->next_nonce ? executed : s->next_nonce;
    if (s->n && s->flight[s->n - 1].nonce >= nonce) nonce = s->flight[s->n - 1].nonce + 1;
    return nonce;
}

/* The node refused f for its nonce. If f is nowhere and its nonce is gone, f never was and can
 * never be: *again, with another nonce. Otherwise it is chased like any other. */
static sage_status nonce_refused(sage_sender *s, sage_flight *f, bool *again, sage_errinfo *err)
{
    sage_sn_status status;
    sage_errinfo why = {0};
    sage_status st =
        sage_flight_chase(s, f, sage_clock_mono_ms() + s->o.wait_ms, &status, &why);
    *again = st && !strcmp(why.where, "sender.lost");
    if (*again) return sage_flight_drop(s, f, err);
    if (st && err) *err = why;
    return st;
}

/* Hands f in. On SAGE_OK a node has it, unless *again. A refusal drops it. */
static sage_status hand_in(sage_sender *s, sage_flight *f, bool *again, sage_errinfo *err)
{
    sage_errinfo own = {0}, other;
    sage_sn_status status;
    sage_status st = sage_sn_add(&s->sn, &f->tx, f->hash, &own);
    f->known       = !st;
    if (!st) return SAGE_OK;
    if (!strcmp(own.where, "rpc.nonce")) return nonce_refused(s, f, again, err);
    if (sage_sn_unknown(&own) && own.code != SAGE_EPROOF)
        return sage_flight_chase(s, f, sage_clock_mono_ms() + s->o.wait_ms, &status, err);
    if (!sage_sn_unknown(&own)) {
        s->next_nonce  = f->nonce;
        sage_status s2 = sage_flight_drop(s, f, &other);
        (void)s2; /* the refusal is what matters; a flight left in the file is settled later */
    }
    if (err) *err = own;
    return st;
}

/* Bounds, nonce, signature, journal, node; *t is emptied once it is in flight. */
static sage_status try_launch(
    sage_sender *s, sage_tx *t, uint64_t nonce, felt252 *hash, bool *again, sage_errinfo *err)
{
    *again   = false;
    t->nonce = felt252_from_u64(nonce);
    felt252 signed_hash;
    sage_status st = sign(s, t, &signed_hash, err);
    if (st) return st;
    sage_flight *f;
    st = sage_flight_add(s, t, signed_hash, nonce, &f, err);
    if (st) return st;
    s->next_nonce = nonce + 1;
    st            = hand_in(s, f, again, err);
    if (!*again && sage_flight_find(s, signed_hash)) *hash = signed_hash;
    return st;
}

static sage_status copy_tx(sage_tx *out, const sage_tx *t, sage_errinfo *err)
{
    json_t *text   = sage_tx_write(t, true, true);
    sage_status st = text ? sage_tx_read(out, text, err)
                          : sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    json_decref(text);
    return st;
}

/* A deployment is an account's first transaction, or none. */
static sage_status check_nonce(const sage_tx *t, uint64_t nonce, sage_errinfo *err)
{
    if (t->kind != SAGE_TX_DEPLOY_ACCOUNT || !nonce) return SAGE_OK;
    return sage_fail(err, SAGE_ECONFLICT, "sender.deployed", -1,
                     "the account is there already, or about to be");
}

/* t has no nonce yet. Another nonce, and another signature, only when the first can never land. */
static sage_status launch(sage_sender *s, const sage_tx *t, felt252 *hash, sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    bool again     = true;
    if (s->n == SAGE_SENDER_FLIGHT)
        return sage_fail(err, SAGE_ELIMIT, "sender.full", s->n, "%u transactions are in flight",
                         s->n);
    push_earlier(s);
    for (int i = 0; !st && again && i < SIGNATURES; i++) {
        sage_tx one;
        uint64_t executed = 0;
        sage_sender_quote quote;
        st = copy_tx(&one, t, err);
        if (!st) st = sage_sender_nonce(s, &executed, err);
        if (!st) st = check_nonce(t, free_nonce(s, executed), err);
        /* Nodes estimate at the nonce they have executed, whatever is in flight. */
        if (!st) st = sage_sender_bound(s, &one, executed, &quote, err);
        if (!st) st = try_launch(s, &one, free_nonce(s, executed), hash, &again, err);
        sage_tx_free(&one);
    }
    if (!st && again)
        st = sage_fail(err, SAGE_ECONFLICT, "sender.lost", -1,
                       "others keep taking the account's nonces");
    return st;
}

sage_status sage_sender_invoke(sage_sender *s,
                               const sage_call *calls,
                               uint32_t n,
                               const sage_sender_proof *proof,
                               felt252 *hash,
                               sage_errinfo *err)
{
    sage_tx t;
    *hash          = felt252_zero();
    sage_status st = build_invoke(s, &t, calls, n, proof, err);
    if (!st) st = launch(s, &t, hash, err);
    sage_tx_free(&t);
    return st;
}

sage_status sage_sender_deploy(sage_sender *s,
                               felt252 class_hash,
                               felt252 salt,
                               const sage_felt_list *calldata,
                               felt252 *hash,
                               sage_errinfo *err)
{
    sage_tx t;
    *hash          = felt252_zero();
    sage_status st = build_deploy(s, &t, class_hash, salt, calldata, err);
    if (!st) st = check_absent(s, err);
    if (!st) st = launch(s, &t, hash, err);
    sage_tx_free(&t);
    return st;
}

/* The receipt of f, once it is as final as wanted; *done says so. */
static sage_status try_receipt(
    sage_sender *s, const sage_flight *f, bool *done, sage_sn_receipt *r, sage_errinfo *err)
{
    sage_errinfo own = {0};
    sage_status st   = sage_sn_tx_receipt(&s->sn, f->hash, r, &own);
    *done            = !st && r->finality >= s->o.finality;
    if (!st && !*done) sage_sn_receipt_free(r);
    /* Not there yet, or nobody answers: asked again until the deadline. */
    if (st == SAGE_ENOTFOUND || st == SAGE_EAGAIN) return SAGE_OK;
    if (st && err) *err = own;
    return st;
}

static sage_status
await_receipt(sage_sender *s, sage_flight *f, sage_sn_receipt *r, sage_errinfo *err)
{
    uint64_t deadline = sage_clock_mono_ms() + s->o.wait_ms;
    for (;;) {
        sage_sn_status status = {0};
        bool done             = false;
        sage_status st        = sage_flight_chase(s, f, deadline, &status, err);
        if (!st && status.finality >= s->o.finality) st = try_receipt(s, f, &done, r, err);
        if (st || done) return st;
        if (sage_clock_mono_ms() >= deadline)
            return sage_fail(err, SAGE_EAGAIN, "sender.pending", (long long)f->nonce,
                             "a node has it, and it is not executed yet");
        st = sage_sender_nap(s, s->o.poll_ms, err);
        if (st) return st;
    }
}

/* Out of flight, and what the receipt says as the result. */
static sage_status
conclude(sage_sender *s, sage_flight *f, const sage_sn_receipt *r, sage_errinfo *err)
{
    sage_status st = sage_flight_drop(s, f, err);
    if (r->reverted)
        return sage_fail(err, SAGE_ECONFLICT, "sender.reverted", -1, "%.230s",
                         r->reason[0] ? r->reason : "without a reason");
    return st;
}

sage_status
sage_sender_wait(sage_sender *s, felt252 hash, sage_sn_receipt *out, sage_errinfo *err)
{
    sage_sn_receipt r = {0};
    sage_errinfo own  = {0};
    sage_flight *f    = sage_flight_find(s, hash);
    if (out) memset(out, 0, sizeof *out);
    if (!f)
        return sage_fail(err, SAGE_ENOTFOUND, "sender.unknown", -1,
                         "no transaction of that hash is in flight");
    sage_status st = await_receipt(s, f, &r, &own);
    if (!st)
        st = conclude(s, f, &r, &own);
    else if (!strcmp(own.where, "sender.lost")) {
        sage_errinfo other;
        if (sage_flight_drop(s, f, &other)) own = other, st = other.code;
    }
    if (out && (!st || !strcmp(own.where, "sender.reverted")))
        *out = r;
    else
        sage_sn_receipt_free(&r);
    if (st && err) *err = own;
    return st;
}

uint32_t sage_sender_in_flight(const sage_sender *s, felt252 out[SAGE_SENDER_FLIGHT])
{
    for (uint32_t i = 0; i < s->n; i++)
        out[i] = s->flight[i].hash;
    return s->n;
}

sage_status sage_sender_forget(sage_sender *s, felt252 hash, sage_errinfo *err)
{
    sage_flight *f = sage_flight_find(s, hash);
    if (!f)
        return sage_fail(err, SAGE_ENOTFOUND, "sender.unknown", -1,
                         "no transaction of that hash is in flight");
    s->next_nonce = f->nonce;
    return sage_flight_drop(s, f, err);
}

sage_status sage_sender_settle(sage_sender *s,
                               void (*each)(void *arg,
                                            felt252 hash,
                                            sage_status st,
                                            const sage_errinfo *err,
                                            const sage_sn_receipt *receipt),
                               void *arg,
                               sage_errinfo *err)
{
    felt252 hashes[SAGE_SENDER_FLIGHT];
    sage_status first = SAGE_OK;
    uint32_t n        = sage_sender_in_flight(s, hashes);
    for (uint32_t i = 0; i < n; i++) {
        sage_errinfo own  = {0};
        sage_sn_receipt r = {0};
        sage_status st    = sage_sender_wait(s, hashes[i], &r, &own);
        if (each) each(arg, hashes[i], st, &own, felt252_is_zero(r.hash) ? NULL : &r);
        sage_sn_receipt_free(&r);
        if (!st || first || !strcmp(own.where, "sender.reverted") ||
            !strcmp(own.where, "sender.lost"))
            continue;
        first = st;
        if (err) *err = own;
    }
    return first;
}
