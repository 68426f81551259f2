/* vm/hint_groups.h -- a list of felts, sorted, with the places where each stood: what squashing
 * a dictionary and sorting with multiplicities ask for. Private as hint.h. */
#ifndef SAGE_VM_HINT_GROUPS_H
#define SAGE_VM_HINT_GROUPS_H

#include "vm/hint.h"

typedef struct hint_place_of {
    sage_value key;
    uint32_t index;
} hint_place_of;

/* A group is a run of equal keys; [begin, end) is the chosen one, next what is left of it. */
typedef struct hint_groups {
    hint_place_of *at; /* ascending by key, then index */
    uint32_t n;
    uint32_t begin, end, next;
    uint64_t last; /* a number the hints keep between themselves */
} hint_groups;

/* The felts at from, from + stride, .., n of them. SAGE_EINVAL if a cell holds none,
 * SAGE_ELIMIT or SAGE_ENOMEM "vm.hint.memory". */
SAGE_CHECKED sage_status hint_groups_read(
    hint_call *c, sage_address from, uint32_t stride, uint64_t n, hint_groups *out);
void hint_groups_free(hint_call *c, hint_groups *g);

/* Chooses the group that begins at `begin` (< n). */
void hint_groups_choose(hint_groups *g, uint32_t begin);
/* Chooses the group of that key, or an empty one. */
void hint_groups_find(hint_groups *g, sage_value key);

#endif
