/* devnet/frame_data.c -- what contracts take, give, store, emit, and panic with. */
#include <stdio.h>

#include "curve/signature.h"
#include "devnet/frame_private.h"
#include "devnet/names.h"
#include "field/felt252_text.h"

/* __validate__ sees them rounded down, so that what it decides is not decided by the block
 * (facts D3). */
enum { VALIDATE_BLOCKS = 100, VALIDATE_SECONDS = 3600 };

felt252 sage_self(const sage_frame *f)
{
    return f->self;
}

felt252 sage_caller(const sage_frame *f)
{
    return f->caller;
}

static uint64_t rounded(const sage_frame *f, uint64_t v, uint64_t to)
{
    return f->run->tx && f->run->phase == SAGE_PHASE_VALIDATE ? v - v % to : v;
}

uint64_t sage_block_time(const sage_frame *f)
{
    return rounded(f, f->run->env->timestamp, VALIDATE_SECONDS);
}

uint64_t sage_block_number(const sage_frame *f)
{
    return rounded(f, f->run->env->number, VALIDATE_BLOCKS);
}

felt252 sage_frame_chain_id(const sage_frame *f)
{
    return f->run->env->chain_id;
}

felt252 sage_frame_tx_hash(const sage_frame *f)
{
    return f->run->tx_hash;
}

static const sage_felt_list no_felts;

const sage_felt_list *sage_frame_signature(const sage_frame *f)
{
    return f->run->tx ? &f->run->tx->signature : &no_felts;
}

const sage_felt_list *sage_frame_proof_facts(const sage_frame *f)
{
    return f->run->tx ? &f->run->tx->proof_facts : &no_felts;
}

/* Did the submitter check just this: this key, the transaction's hash and signature? */
static bool is_checked(const sage_run *run, felt252 key, felt252 hash, const felt252 *signature)
{
    const sage_checked_signature *c = run->checked;
    return c && c->valid && run->tx && run->tx->signature.n == 2 && felt252_eq(c->key, key) &&
           felt252_eq(hash, run->tx_hash) &&
           felt252_eq(signature[0], run->tx->signature.v[0]) &&
           felt252_eq(signature[1], run->tx->signature.v[1]);
}

bool sage_frame_signed(
    sage_frame *f, felt252 key, felt252 hash, const felt252 *signature, uint32_t n)
{
    uint64_t k[4], m[4], r[4], s[4];
    if (f->panicked || n != 2) return false;
    f->run->work.signatures++;
    if (is_checked(f->run, key, hash, signature)) return true;
    felt252_to_limbs(key, k);
    felt252_to_limbs(hash, m);
    felt252_to_limbs(signature[0], r);
    felt252_to_limbs(signature[1], s);
    return sage_signature_valid(k, m, r, s);
}

static void bad_param(sage_frame *f)
{
    char why[SAGE_FELT_SHORT + 1] = "Failed to deserialize param #..";
    uint32_t i                    = f->param;
    if (i < 100) snprintf(why + 29, 3, "%u", i % 100);
    sage_panic(f, why);
}

/* The next felt of the argument begun, 0 if there is none. */
static felt252 next(sage_frame *f)
{
    if (f->panicked) return felt252_zero();
    if (f->at == f->n) {
        bad_param(f);
        return felt252_zero();
    }
    return f->calldata[f->at++];
}

felt252 sage_take_felt(sage_frame *f)
{
    f->param++;
    return next(f);
}

felt252 sage_take_address(sage_frame *f)
{
    uint64_t limbs[4];
    felt252 v = sage_take_felt(f);
    felt252_to_limbs(v, limbs);
    if (!(limbs[3] >> 59)) return v;
    bad_param(f);
    return felt252_zero();
}

sage_amount sage_take_u256(sage_frame *f)
{
    sage_amount a;
    felt252 low = sage_take_felt(f), high = next(f);
    if (sage_u256_join(&a, low, high)) return a;
    bad_param(f);
    return sage_amount_of(0);
}

uint64_t sage_take_u64(sage_frame *f)
{
    uint64_t v;
    if (sage_felt_to_u64(&v, sage_take_felt(f))) return v;
    bad_param(f);
    return 0;
}

static uint64_t take_below(sage_frame *f, uint64_t n)
{
    uint64_t v = sage_take_u64(f);
    if (v < n) return v;
    bad_param(f);
    return 0;
}

bool sage_take_bool(sage_frame *f)
{
    return take_below(f, 2);
}

uint32_t sage_take_variant(sage_frame *f, uint32_t n)
{
    return (uint32_t)take_below(f, n);
}

const felt252 *sage_take_array(sage_frame *f, uint32_t *n)
{
    uint64_t len = sage_take_u64(f);
    *n           = 0;
    if (len > f->n - f->at) bad_param(f);
    if (f->panicked) return NULL;
    const felt252 *v = f->calldata + f->at;
    *n               = (uint32_t)len;
    f->at += *n;
    return v;
}

uint32_t sage_left(const sage_frame *f)
{
    return f->panicked ? 0 : f->n - f->at;
}

const felt252 *sage_take_rest(sage_frame *f, uint32_t *n)
{
    *n               = sage_left(f);
    const felt252 *v = *n ? f->calldata + f->at : NULL;
    f->at += *n;
    return v;
}

void sage_give_felt(sage_frame *f, felt252 v)
{
    sage_errinfo e;
    if (!f->panicked) sage_frame_check(f, sage_felt_list_add(&f->result, v, &e), &e);
}

void sage_give_u256(sage_frame *f, sage_amount v)
{
    sage_errinfo e;
    if (!f->panicked) sage_frame_check(f, sage_felt_list_add_u256(&f->result, &v, &e), &e);
}

void sage_give_u64(sage_frame *f, uint64_t v)
{
    sage_give_felt(f, felt252_from_u64(v));
}

void sage_give_bool(sage_frame *f, bool v)
{
    sage_give_u64(f, v);
}

void sage_give_array(sage_frame *f, const felt252 *v, uint32_t n)
{
    sage_errinfo e;
    sage_give_u64(f, n);
    if (!f->panicked && n)
        sage_frame_check(f, sage_felt_list_add_many(&f->result, v, n, &e), &e);
}

felt252 sage_slot(const char *name)
{
    return sage_name_selector(name);
}

felt252 sage_slot_of(const char *name, felt252 key)
{
    return sage_map_address(sage_slot(name), &key, 1);
}

felt252 sage_slot_of2(const char *name, felt252 key, felt252 key2)
{
    felt252 keys[2] = {key, key2};
    return sage_map_address(sage_slot(name), keys, 2);
}

felt252 sage_slot_of_u256(const char *name, const sage_amount *key)
{
    felt252 keys[2];
    sage_u256_split(keys, key);
    return sage_map_address(sage_slot(name), keys, 2);
}

felt252 sage_slot_next(felt252 slot, uint32_t i)
{
    return felt252_add(slot, felt252_from_u64(i));
}

felt252 sage_get(sage_frame *f, felt252 slot)
{
    if (f->panicked) return felt252_zero();
    f->run->work.reads++;
    return sage_state_get(f->run->state, SAGE_CELL_STORAGE, f->self, slot);
}

/* A view changes nothing, whatever it tries. */
static bool may_change(sage_frame *f)
{
    sage_require(f, !f->entry || !f->entry->view, "A view changes nothing");
    return !f->panicked;
}

void sage_put(sage_frame *f, felt252 slot, felt252 v)
{
    sage_errinfo e;
    if (!may_change(f)) return;
    f->run->work.writes++;
    sage_status s = sage_state_set(f->run->state, SAGE_CELL_STORAGE, f->self, slot, v, &e);
    sage_frame_check(f, s, &e);
}

uint64_t sage_get_u64(sage_frame *f, felt252 slot)
{
    uint64_t v;
    if (sage_felt_to_u64(&v, sage_get(f, slot))) return v;
    sage_panic(f, "u64 in storage");
    return 0;
}

void sage_put_u64(sage_frame *f, felt252 slot, uint64_t v)
{
    sage_put(f, slot, felt252_from_u64(v));
}

sage_amount sage_get_u256(sage_frame *f, felt252 slot)
{
    sage_amount a;
    felt252 low = sage_get(f, slot), high = sage_get(f, sage_slot_next(slot, 1));
    if (sage_u256_join(&a, low, high)) return a;
    sage_panic(f, "u256 in storage");
    return sage_amount_of(0);
}

void sage_put_u256(sage_frame *f, felt252 slot, sage_amount v)
{
    felt252 halves[2];
    sage_u256_split(halves, &v);
    sage_put(f, slot, halves[0]);
    sage_put(f, sage_slot_next(slot, 1), halves[1]);
}

/* Name and keys, then data; the event then owns them. */
static sage_status fill_event(sage_chain_event *e,
                              const char *name,
                              const felt252 *keys,
                              uint32_t n_keys,
                              const felt252 *data,
                              uint32_t n_data,
                              sage_errinfo *err)
{
    sage_status s = sage_felt_list_add(&e->keys, sage_name_selector(name), err);
    if (!s) s = sage_felt_list_add_many(&e->keys, keys, n_keys, err);
    if (!s) s = sage_felt_list_add_many(&e->data, data, n_data, err);
    if (s) {
        sage_felt_list_free(&e->keys);
        sage_felt_list_free(&e->data);
    }
    return s;
}

void sage_emit(sage_frame *f,
               const char *name,
               const felt252 *keys,
               uint32_t n_keys,
               const felt252 *data,
               uint32_t n_data)
{
    sage_run *run = f->run;
    sage_errinfo err;
    sage_chain_event e = {.from = f->self, .call = f->call};
    sage_require(f, run->trace.n_events < SAGE_EVENTS_MAX, "Too many events");
    sage_require(f, n_keys < SAGE_EVENT_KEYS_MAX, "Too many event keys");
    sage_require(f, n_data <= SAGE_EVENT_DATA_MAX, "Too much event data");
    if (!may_change(f)) return;
    run->work.events++;
    run->work.event_keys += n_keys + 1;
    run->work.event_data += n_data;
    sage_status s = fill_event(&e, name, keys, n_keys, data, n_data, &err);
    if (!s) s = sage_trace_event(&run->trace, &e, &err);
    sage_frame_check(f, s, &err);
}

void sage_panic_with(sage_frame *f, const felt252 *data, uint32_t n)
{
    sage_errinfo e;
    if (f->panicked) return;
    f->panicked = true;
    sage_felt_list_free(&f->result);
    if (n) sage_frame_check(f, sage_felt_list_add_many(&f->result, data, n, &e), &e);
}

void sage_panic(sage_frame *f, const char *why)
{
    felt252 v = sage_felt_short(why);
    sage_panic_with(f, &v, 1);
}

void sage_require(sage_frame *f, bool ok, const char *why)
{
    if (!ok) sage_panic(f, why);
}

bool sage_panicked(const sage_frame *f)
{
    return f->panicked;
}

sage_amount sage_plus(sage_frame *f, sage_amount a, sage_amount b)
{
    sage_amount sum = {0};
    sage_require(f, !sage_amount_add(&sum, &a, &b, NULL), "u256_add Overflow");
    return sum;
}

sage_amount sage_minus(sage_frame *f, sage_amount a, sage_amount b, const char *why)
{
    sage_amount rest = {0};
    sage_require(f, !sage_amount_sub(&rest, &a, &b, NULL), why);
    return rest;
}

sage_amount sage_part(sage_frame *f, sage_amount a, uint64_t mul, uint64_t div)
{
    sage_amount part = {0};
    sage_require(f, div, "Division by 0");
    sage_require(f, !div || !sage_amount_mul_div(&part, &a, mul, div, NULL),
                 "u256_mul Overflow");
    return part;
}
