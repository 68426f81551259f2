/* starknet/sender_fee.c -- what a transaction may cost: estimate, margin, cap. */
#include <string.h>

#include "starknet/sender_private.h"

static sage_status over_cap(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ELIMIT, "sender.fee_cap", -1,
                     "the estimated fee with its margin is above the limit");
}

/* v * percent / 100, rounded up; false if that does not fit into 128 bits. */
static bool with_margin(uint64_t out[2], const uint64_t v[2], uint32_t percent)
{
    sage_amount a = {{v[0], v[1], 0, 0}}, b;
    if (sage_amount_mul_div(&b, &a, percent, 100, NULL)) return false;
    const sage_amount one = sage_amount_of(!sage_amount_is_zero(&a));
    if (percent % 100 && sage_amount_add(&b, &b, &one, NULL)) return false;
    out[0] = b.w[0];
    out[1] = b.w[1];
    return !b.w[2] && !b.w[3];
}

static sage_status add_margins(const sage_sender *s, sage_sender_quote *q, sage_errinfo *err)
{
    for (int i = 0; i < SAGE_GASES; i++) {
        const uint64_t gas[2] = {q->estimate.gas[i], 0};
        uint64_t amount[2];
        if (!with_margin(amount, gas, s->o.amount_percent) || amount[1] ||
            !with_margin(q->bounds[i].max_price, q->estimate.price[i], s->o.price_percent))
            return over_cap(err);
        q->bounds[i].max_amount = amount[0];
    }
    return SAGE_OK;
}

static sage_status
check_cap(const sage_sender *s, const sage_sender_quote *q, sage_errinfo *err)
{
    char fee[SAGE_AMOUNT_TEXT], cap[SAGE_AMOUNT_TEXT];
    if (sage_amount_compare(&q->max_fee, &s->o.max_fee) <= 0) return SAGE_OK;
    sage_amount_format_sage(fee, &q->max_fee);
    sage_amount_format_sage(cap, &s->o.max_fee);
    return sage_fail(err, SAGE_ELIMIT, "sender.fee_cap", -1,
                     "the fee may reach %.80s STRK, allowed are %.80s", fee, cap);
}

sage_status sage_sender_bound(
    const sage_sender *s, sage_tx *t, uint64_t nonce, sage_sender_quote *out, sage_errinfo *err)
{
    memset(out, 0, sizeof *out);
    t->query       = true; /* never to be executed, whoever keeps it */
    t->nonce       = felt252_from_u64(nonce);
    sage_status st = sage_sn_estimate(&s->sn, (sage_sn_block){SAGE_SN_PRE_CONFIRMED, 0}, t,
                                      true, &out->estimate, err);
    t->query       = false;
    if (!st) st = add_margins(s, out, err);
    if (st) return st;
    memcpy(t->bounds, out->bounds, sizeof t->bounds);
    if (sage_tx_max_fee(&out->max_fee, t, NULL)) return over_cap(err);
    return check_cap(s, out, err);
}

sage_status sage_sender_nonce(const sage_sender *s, uint64_t *out, sage_errinfo *err)
{
    sage_errinfo own = {0};
    sage_status st   = sage_sn_nonce(&s->sn, (sage_sn_block){SAGE_SN_PRE_CONFIRMED, 0},
                                     s->o.address, out, &own);
    if (st && !strcmp(own.where, "rpc.contract")) {
        *out = 0;
        return SAGE_OK;
    }
    if (st && err) *err = own;
    return st;
}
