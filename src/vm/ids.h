/* vm/ids.h -- gives every value of memory its id, equal values the same one, in order of first
 * appearance (facts B3); private to adapt.c.
 *
 * Numbers below the length of a table are looked up in it directly: counters and addresses are
 * most of what memory holds. The others go to a hash table with open addressing. A slot keeps 32
 * bits of the hash beside the id, so that another value is told apart without reading it, and
 * the table grows by one pass over its slots. The hash is keyed at random: no program can choose
 * values that collide. */
#ifndef SAGE_VM_IDS_H
#define SAGE_VM_IDS_H

#include "vm/prover_input.h"

typedef struct sage_id_slot {
    uint32_t id; /* plus one; 0: free */
    uint32_t hash;
} sage_id_slot;

typedef struct sage_ids {
    sage_prover_input *to; /* holds the values by id */
    uint32_t *direct;      /* of small numbers: id plus one; 0: none yet */
    uint64_t n_direct;
    sage_id_slot *slot;
    uint64_t mask, key[4];
} sage_ids;

/* expected: how many values there may be, at a guess. SAGE_ENOMEM "adapt.memory", SAGE_EIO. */
SAGE_CHECKED sage_status sage_ids_open(sage_ids *t,
                                       sage_prover_input *to,
                                       uint64_t expected,
                                       sage_errinfo *err);
void sage_ids_close(sage_ids *t);

SAGE_INLINE bool sage_ids_is_direct(const sage_ids *t, const uint64_t l[4])
{
    return !(l[1] | l[2] | l[3]) && l[0] < t->n_direct;
}

/* Of a number that is not direct: multilinear in its words over Z / 2^64, of which the high
 * half is universal. */
SAGE_INLINE uint32_t sage_ids_hash(const sage_ids *t, const uint64_t l[4])
{
    return (
        uint32_t)((l[0] * t->key[0] + l[1] * t->key[1] + l[2] * t->key[2] + l[3] * t->key[3]) >>
                  32);
}

/* Asks for the memory that giving l its id will need. */
SAGE_INLINE uint32_t sage_ids_prefetch(const sage_ids *t, const uint64_t l[4])
{
    uint32_t hash = 0;
    if (sage_ids_is_direct(t, l)) {
        __builtin_prefetch(&t->direct[l[0]]);
    } else {
        hash = sage_ids_hash(t, l);
        __builtin_prefetch(&t->slot[hash & t->mask]);
    }
    return hash;
}

/* The id of l, whose hash sage_ids_prefetch returned; a new value is added. false: no memory. */
SAGE_CHECKED bool sage_ids_give_new(sage_ids *t, const uint64_t l[4], uint32_t *id);
SAGE_CHECKED bool
sage_ids_give_hashed(sage_ids *t, const uint64_t l[4], uint32_t hash, uint32_t *id);
SAGE_INLINE bool sage_ids_give(sage_ids *t, const uint64_t l[4], uint32_t hash, uint32_t *id)
{
    if (!sage_ids_is_direct(t, l)) return sage_ids_give_hashed(t, l, hash, id);
    *id = t->direct[l[0]] - 1;
    return t->direct[l[0]] || sage_ids_give_new(t, l, id);
}

#endif
