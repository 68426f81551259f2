/* air/witness_lanes.h -- what generated witness steps and counts call: rows, memory, inverses,
 * arithmetic mod P, counters. Lane-generic; compiled once per instruction set.
 *
 * u32 arrays are words of one number, low first, one number a lane. Everything here takes any
 * values: a witness of a hostile run may compute anything, and nothing is read or written
 * outside the tables. */
#ifndef SAGE_AIR_WITNESS_LANES_H
#define SAGE_AIR_WITNESS_LANES_H

#include <string.h>

#include "air/air.h"
#include "air/lanes_u32.h"
#include "field/felt252.h"
#include "field/lanes_inverse.h"

enum { AIR_WORDS = 8 }; /* of a memory value, of a number mod P */

SAGE_INLINE void vu_store(uint32_t *p, vu x)
{
    vf_store(p, (vf)x);
}
SAGE_INLINE vu vu_load(const uint32_t *p)
{
    return (vu)vf_load(p);
}

/* ---- rows ---- */

SAGE_INLINE vu air_row_number(size_t i)
{
    static const uint32_t lane[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return vu_add(vu_set1((uint32_t)i), vu_load(lane));
}
/* seq() of rows i .. i + LANES - 1: their numbers. */
SAGE_INLINE vf air_row(size_t i)
{
    return (vf)air_row_number(i);
}
/* enabler() of these rows: 1 below n_active, 0 from there on. */
SAGE_INLINE vf air_enabler(const sage_air_rows *r, size_t i)
{
    return (vf)vu_and(vu_less(air_row_number(i), vu_set1(r->n_active)), vu_set1(1));
}

/* ---- memory ---- */

/* The id at an address; 0 where the table has none. One load a lane: what costs is the cache
 * line each of them waits for, and a hardware gather waits for the same ones. */
SAGE_INLINE vf air_memory_id(const sage_air_rows *r, vf address)
{
    uint32_t a[LANES], id[LANES];
    const sage_air_memory *m = r->memory;
    vf_store(a, address);
    for (uint32_t l = 0; l < LANES; l++)
        id[l] = a[l] < m->n_ids ? m->id[a[l]] : 0;
    return vf_load(id);
}

/* Where the two halves of an id's value lie. */
typedef struct air_value_at {
    const uint32_t *low, *high;
} air_value_at;

SAGE_INLINE air_value_at air_find_value(const sage_air_memory *m, uint32_t id)
{
    static const uint32_t none[4] = {0};
    const uint32_t big            = id - SAGE_AIR_BIG_ID;
    if (id < SAGE_AIR_BIG_ID)
        return (air_value_at){id < m->n_small ? m->small + (size_t)id * 4 : none, none};
    if (big >= m->n_big) return (air_value_at){none, none};
    return (air_value_at){m->big + (size_t)big * 8, m->big + (size_t)big * 8 + 4};
}

/* Lane l of v[j] becomes p[8 l + j]. Unzipping deals the vectors out by the lowest bit of an
 * element's place, which turns the place's bits by one; after three times the lowest three
 * stand on top. */
SAGE_INLINE void air_turn_words(const uint32_t *p, vf v[AIR_WORDS])
{
    vf w[AIR_WORDS];
    LANES_UNROLL
    for (size_t j = 0; j < AIR_WORDS; j++)
        w[j] = vf_load(p + j * LANES);
    LANES_UNROLL
    for (size_t stage = 0; stage < 3; stage++) {
        LANES_UNROLL
        for (size_t j = 0; j < AIR_WORDS / 2; j++)
            vf_unzip(w[2 * j], w[2 * j + 1], &v[j], &v[j + AIR_WORDS / 2]);
        for (size_t j = 0; j < AIR_WORDS; j++)
            w[j] = v[j];
    }
}

/* The value of an id, 8 words; 0 where the tables have none. */
SAGE_INLINE void air_memory_value(const sage_air_rows *r, vf id, vu out[AIR_WORDS])
{
    uint32_t ids[LANES], words[LANES * AIR_WORDS];
    vf v[AIR_WORDS];
    vf_store(ids, id);
    for (size_t l = 0; l < LANES; l++) {
        const air_value_at at = air_find_value(r->memory, ids[l]);
        memcpy(words + l * AIR_WORDS, at.low, 4 * sizeof *words);
        memcpy(words + l * AIR_WORDS + 4, at.high, 4 * sizeof *words);
    }
    air_turn_words(words, v);
    for (size_t j = 0; j < AIR_WORDS; j++)
        out[j] = (vu)v[j];
}

/* ---- field values ---- */

/* 1 / x, 0 of 0. */
static inline vf air_inverse(vf x)
{
    return vf_inverse(x);
}

/* ---- numbers mod P, lane by lane: P = 2^251 + 17 2^192 + 1 ---- */

/* The numbers of all lanes, of any 256 bits, mod P. */
static inline void air_felt252_get(const vu a[AIR_WORDS], felt252 out[LANES])
{
    uint32_t words[AIR_WORDS][LANES];
    for (size_t j = 0; j < AIR_WORDS; j++)
        vu_store(words[j], a[j]);
    for (size_t l = 0; l < LANES; l++) {
        uint64_t limbs[4];
        for (size_t j = 0; j < 4; j++)
            limbs[j] = words[2 * j][l] | (uint64_t)words[2 * j + 1][l] << 32;
        out[l] = felt252_from_limbs(limbs);
    }
}
static inline void air_felt252_put(const felt252 a[LANES], vu out[AIR_WORDS])
{
    uint32_t words[AIR_WORDS][LANES];
    for (size_t l = 0; l < LANES; l++) {
        uint64_t limbs[4];
        felt252_to_limbs(a[l], limbs);
        for (size_t j = 0; j < 4; j++) {
            words[2 * j][l]     = (uint32_t)limbs[j];
            words[2 * j + 1][l] = (uint32_t)(limbs[j] >> 32);
        }
    }
    for (size_t j = 0; j < AIR_WORDS; j++)
        out[j] = vu_load(words[j]);
}

static inline void
air_felt252_add(const vu a[AIR_WORDS], const vu b[AIR_WORDS], vu out[AIR_WORDS])
{
    felt252 x[LANES], y[LANES];
    air_felt252_get(a, x);
    air_felt252_get(b, y);
    for (size_t l = 0; l < LANES; l++)
        x[l] = felt252_add(x[l], y[l]);
    air_felt252_put(x, out);
}
static inline void
air_felt252_sub(const vu a[AIR_WORDS], const vu b[AIR_WORDS], vu out[AIR_WORDS])
{
    felt252 x[LANES], y[LANES];
    air_felt252_get(a, x);
    air_felt252_get(b, y);
    for (size_t l = 0; l < LANES; l++)
        x[l] = felt252_sub(x[l], y[l]);
    air_felt252_put(x, out);
}
static inline void
air_felt252_mul(const vu a[AIR_WORDS], const vu b[AIR_WORDS], vu out[AIR_WORDS])
{
    felt252 x[LANES], y[LANES];
    air_felt252_get(a, x);
    air_felt252_get(b, y);
    for (size_t l = 0; l < LANES; l++)
        x[l] = felt252_mul(x[l], y[l]);
    air_felt252_put(x, out);
}
/* a / b, 0 where b is 0 mod P. The lanes share one inversion. */
static inline void
air_felt252_div(const vu a[AIR_WORDS], const vu b[AIR_WORDS], vu out[AIR_WORDS])
{
    felt252 x[LANES], y[LANES], inverse[LANES];
    air_felt252_get(a, x);
    air_felt252_get(b, y);
    felt252_inv_many(inverse, y, LANES);
    for (size_t l = 0; l < LANES; l++)
        x[l] = felt252_mul(x[l], inverse[l]);
    air_felt252_put(x, out);
}

/* ---- counters ---- */

/* The counter of a key; NULL if there is none. */
SAGE_INLINE uint32_t *air_counter(const sage_air_counters *to, uint32_t key)
{
    if (key < SAGE_AIR_BIG_ID) return key < to->n_low ? to->low + key : NULL;
    key -= SAGE_AIR_BIG_ID;
    return key < to->n_high ? to->high + key : NULL;
}

/* Adds a field value, in every lane, to the counter of the lane's key. A multiplicity of 0
 * asks for no counter. False if a key that counts has none. Counters are field values: sums
 * are mod p. Lanes run one by one, as keys may be equal; nobody else may count there. */
SAGE_INLINE bool air_count(const sage_air_counters *to, vu key, vu multiplicity)
{
    uint32_t keys[LANES], times[LANES];
    bool found = true;
    vu_store(keys, key);
    vu_store(times, multiplicity);
    for (uint32_t l = 0; l < LANES; l++) {
        if (!times[l]) continue;
        uint32_t *counter = air_counter(to, keys[l]);
        if (counter)
            *counter = m31_add(*counter, times[l]);
        else
            found = false;
    }
    return found;
}

#endif
