/* starknet/sender_flight.c -- transactions between their signature and their end. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "field/felt252_text.h"
#include "starknet/sender_private.h"

enum { MISSES = 2, NAP_MS = 20 };

sage_status sage_sender_nap(const sage_sender *s, uint32_t ms, sage_errinfo *err)
{
    uint64_t until = sage_clock_mono_ms() + ms;
    do {
        if (s->o.stop && atomic_load(s->o.stop))
            return sage_fail(err, SAGE_ECONFLICT, "http.cancelled", -1, "cancelled");
        nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
    } while (sage_clock_mono_ms() < until);
    return SAGE_OK;
}

static void remove_at(sage_sender *s, uint32_t i)
{
    s->n--;
    memmove(&s->flight[i], &s->flight[i + 1], (s->n - i) * sizeof s->flight[0]);
    memset(&s->flight[s->n], 0, sizeof s->flight[0]);
}

sage_status sage_flight_add(sage_sender *s,
                            sage_tx *t,
                            felt252 hash,
                            uint64_t nonce,
                            sage_flight **out,
                            sage_errinfo *err)
{
    uint32_t i = s->n;
    while (i && s->flight[i - 1].nonce > nonce)
        i--;
    memmove(&s->flight[i + 1], &s->flight[i], (s->n - i) * sizeof s->flight[0]);
    s->flight[i] = (sage_flight){.hash = hash, .nonce = nonce, .tx = *t};
    s->n++;
    *out           = &s->flight[i];
    sage_status st = sage_journal_save(s, err);
    if (!st) {
        memset(t, 0, sizeof *t);
        return SAGE_OK;
    }
    remove_at(s, i);
    /* The file may have been replaced in spite of the error: what was not sent goes. */
    sage_status again = sage_journal_save(s, NULL);
    (void)again;
    return st;
}

sage_flight *sage_flight_find(sage_sender *s, felt252 hash)
{
    for (uint32_t i = 0; i < s->n; i++)
        if (felt252_eq(s->flight[i].hash, hash)) return &s->flight[i];
    return NULL;
}

sage_status sage_flight_drop(sage_sender *s, sage_flight *f, sage_errinfo *err)
{
    sage_tx_free(&f->tx);
    remove_at(s, (uint32_t)(f - s->flight));
    return sage_journal_save(s, err);
}

static sage_status pending(const sage_flight *f, const sage_errinfo *why, sage_errinfo *err)
{
    char hash[SAGE_FELT_HEX];
    sage_felt_to_hex(hash, f->hash);
    return sage_fail(err, SAGE_EAGAIN, "sender.pending", (long long)f->nonce,
                     "%s is not settled; the last answer: %.40s %.90s", hash,
                     why->where ? why->where : "none", why->msg);
}

static sage_status lost(const sage_flight *f, sage_errinfo *err)
{
    char hash[SAGE_FELT_HEX];
    sage_felt_to_hex(hash, f->hash);
    return sage_fail(err, SAGE_ECONFLICT, "sender.lost", (long long)f->nonce,
                     "another transaction took the nonce of %s", hash);
}

/* No node knows f: if its nonce is gone, so is f, else the same bytes go out again. *there: a node
 * has it now. */
static sage_status retry(sage_sender *s, sage_flight *f, bool *there, sage_errinfo *err)
{
    uint64_t nonce;
    sage_status st = sage_sender_nonce(s, &nonce, err);
    if (st) return st;
    if (nonce > f->nonce) return ++f->missed >= MISSES ? lost(f, err) : SAGE_OK;
    f->missed = 0;
    st        = sage_sn_add(&s->sn, &f->tx, f->hash, err);
    *there    = !st;
    return st;
}

/* True if asking again later cannot help. */
static bool is_final(const sage_errinfo *why)
{
    return why->code == SAGE_EPROOF || !strcmp(why->where, "sender.lost") ||
           !strcmp(why->where, "http.cancelled") || !strcmp(why->where, "pool.chain");
}

sage_status sage_flight_chase(sage_sender *s,
                              sage_flight *f,
                              uint64_t deadline_ms,
                              sage_sn_status *status,
                              sage_errinfo *err)
{
    sage_errinfo why = {0};
    for (;;) {
        bool there     = false;
        sage_status st = sage_sn_tx_status(&s->sn, f->hash, status, &why);
        if (!st) break;
        if (!strcmp(why.where, "rpc.transaction")) st = retry(s, f, &there, &why);
        if (there) {
            memset(status, 0, sizeof *status);
            break;
        }
        if (st && is_final(&why)) {
            if (err) *err = why;
            return st;
        }
        if (sage_clock_mono_ms() >= deadline_ms) return pending(f, &why, err);
        st = sage_sender_nap(s, s->o.poll_ms, err);
        if (st) return st;
    }
    f->known  = true;
    f->missed = 0;
    return SAGE_OK;
}
