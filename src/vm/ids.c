/* vm/ids.c -- the table of values by hash. */
#include "vm/ids.h"

#include <string.h>

#include "base/pages.h"
#include "base/random.h"

enum { SMALL_BITS = 72, MAX_SMALL = 1 << 24 /* small values beyond become big ones */ };

/* Slots are addressed by 32 bits of hash; no run has more values than addresses. */
static const uint64_t min_slots = 1u << 12, max_slots = (uint64_t)1 << 31,
                      max_direct = (uint64_t)1 << 26;

static uint64_t power_of_two(uint64_t least, uint64_t most)
{
    uint64_t n = min_slots;
    while (n < least && n < most)
        n *= 2;
    return n;
}

sage_status
sage_ids_open(sage_ids *t, sage_prover_input *to, uint64_t expected, sage_errinfo *err)
{
    *t            = (sage_ids){.to = to, .mask = power_of_two(expected / 4, max_slots) - 1};
    sage_status s = sage_random_fill(t->key, sizeof t->key, err);
    if (s) return s;
    for (int i = 0; i < 4; i++)
        t->key[i] |= 1;
    t->n_direct = power_of_two(2 * expected, max_direct);
    t->slot     = sage_pages_grow(NULL, 0, (t->mask + 1) * sizeof *t->slot);
    t->direct   = sage_pages_grow(NULL, 0, t->n_direct * sizeof *t->direct);
    if (t->slot && t->direct) return SAGE_OK;
    sage_ids_close(t);
    return sage_fail(err, SAGE_ENOMEM, "adapt.memory", -1, "no memory for values");
}

void sage_ids_close(sage_ids *t)
{
    sage_pages_free(t->slot, (t->mask + 1) * sizeof *t->slot);
    sage_pages_free(t->direct, t->n_direct * sizeof *t->direct);
    t->slot   = NULL;
    t->direct = NULL;
}

static bool holds(const sage_prover_input *p, uint32_t id, const uint64_t l[4])
{
    if (id & SAGE_MEMORY_BIG)
        return !memcmp(p->big_values[id ^ SAGE_MEMORY_BIG], l, sizeof p->big_values[0]);
    const uint64_t *s = p->small_values[id];
    return s[0] == l[0] && s[1] == l[1] && !(l[2] | l[3]);
}

static bool grow(void **p, uint32_t *cap, size_t size)
{
    uint32_t new = *cap ? 2 * *cap : 1024;
    void *block  = sage_pages_grow(*p, *cap * size, new *size);
    if (!block) return false;
    *p   = block;
    *cap = new;
    return true;
}

static bool add_small(sage_prover_input *p, const uint64_t l[4], uint32_t *id)
{
    if (p->n_small == p->cap_small &&
        !grow((void **)&p->small_values, &p->cap_small, sizeof *p->small_values))
        return false;
    memcpy(p->small_values[p->n_small], l, sizeof *p->small_values);
    *id = p->n_small++;
    return true;
}

static bool add_value(sage_prover_input *p, const uint64_t l[4], uint32_t *id)
{
    if (!(l[3] | l[2] | l[1] >> (SMALL_BITS - 64)) && p->n_small < MAX_SMALL)
        return add_small(p, l, id);
    if (p->n_big == p->cap_big &&
        !grow((void **)&p->big_values, &p->cap_big, sizeof *p->big_values))
        return false;
    memcpy(p->big_values[p->n_big], l, sizeof p->big_values[0]);
    *id = SAGE_MEMORY_BIG | p->n_big++;
    return true;
}

/* Twice the slots. Both halves of the new table fill in the order of the old one. */
static bool grow_table(sage_ids *t)
{
    uint64_t n = 2 * (t->mask + 1), at;
    if (n > max_slots) return true;
    sage_id_slot *slot = sage_pages_grow(NULL, 0, n * sizeof *slot);
    if (!slot) return false;
    for (uint64_t i = 0; i <= t->mask; i++) {
        if (!t->slot[i].id) continue;
        at = t->slot[i].hash & (n - 1);
        while (slot[at].id)
            at = (at + 1) & (n - 1);
        slot[at] = t->slot[i];
    }
    sage_pages_free(t->slot, (t->mask + 1) * sizeof *slot);
    t->slot = slot;
    t->mask = n - 1;
    return true;
}

bool sage_ids_give_new(sage_ids *t, const uint64_t l[4], uint32_t *id)
{
    if (!add_value(t->to, l, id)) return false;
    t->direct[l[0]] = *id + 1;
    return true;
}

bool sage_ids_give_hashed(sage_ids *t, const uint64_t l[4], uint32_t hash, uint32_t *id)
{
    uint64_t at = hash & t->mask;
    for (; t->slot[at].id; at = (at + 1) & t->mask)
        if (t->slot[at].hash == hash && holds(t->to, t->slot[at].id - 1, l)) {
            *id = t->slot[at].id - 1;
            return true;
        }
    if (!add_value(t->to, l, id)) return false;
    t->slot[at] = (sage_id_slot){*id + 1, hash};
    return 2 * ((uint64_t)t->to->n_small + t->to->n_big) <= t->mask || grow_table(t);
}
