/* starknet/felt_list.h -- a list of felts that owns its memory: calldata, signatures, event data.
 *
 * Zero is an empty list. Every list here is bounded by SAGE_FELT_LIST_MAX. */
#ifndef SAGE_STARKNET_FELT_LIST_H
#define SAGE_STARKNET_FELT_LIST_H

#include "base/amount.h"
#include "field/felt252.h"

enum { SAGE_FELT_LIST_MAX = 1 << 16 };

typedef struct sage_felt_list {
    felt252 *v;
    uint32_t n, cap;
} sage_felt_list;

/* Appends. SAGE_ENOMEM "felt_list.memory", SAGE_ELIMIT "felt_list.length"; the list is unchanged then. */
SAGE_CHECKED sage_status sage_felt_list_add(sage_felt_list *l, felt252 v, sage_errinfo *err);
SAGE_CHECKED sage_status sage_felt_list_add_many(sage_felt_list *l,
                                                 const felt252 *v,
                                                 uint32_t n,
                                                 sage_errinfo *err);
/* u256 as Cairo passes it: low 128 bits, high 128 bits. */
SAGE_CHECKED sage_status sage_felt_list_add_u256(sage_felt_list *l,
                                                 const sage_amount *a,
                                                 sage_errinfo *err);
SAGE_CHECKED sage_status sage_felt_list_copy(sage_felt_list *out,
                                             const sage_felt_list *from,
                                             sage_errinfo *err);
/* Frees and zeroes. */
void sage_felt_list_free(sage_felt_list *l);
bool sage_felt_list_equal(const sage_felt_list *a, const sage_felt_list *b);

/* The two halves of a u256 as felts, and back; false if either is 2^128 or more. */
void sage_u256_split(felt252 out[2], const sage_amount *a);
SAGE_CHECKED bool sage_u256_join(sage_amount *out, felt252 low, felt252 high);

#endif
