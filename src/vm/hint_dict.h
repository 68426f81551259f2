/* vm/hint_dict.h -- the dictionaries that hints keep beside the machine: what key holds what,
 * for each segment that records accesses to a dictionary. Private as hint.h. */
#ifndef SAGE_VM_HINT_DICT_H
#define SAGE_VM_HINT_DICT_H

#include "vm/hint.h"

typedef struct hint_entry {
    sage_value key, value; /* key unknown: a free slot */
} hint_entry;

/* A table of 2^k slots, at most three quarters full; nothing at first. */
typedef struct hint_table {
    hint_entry *slot;
    uint32_t cap, n;
} hint_table;

typedef struct hint_dict {
    uint32_t segment, end; /* next access is recorded at segment:end */
    sage_value initial;    /* of keys never written; unknown: such a key is an error */
    hint_table table;
} hint_dict;

/* Ascending by segment, the order of their making; the index is the place in Cairo 1's arena. */
typedef struct hint_dicts {
    hint_dict *at;
    uint32_t n, cap;
} hint_dicts;

void hint_table_free(hint_table *t);
void hint_dicts_free(hint_dicts *d);

/* What key holds, unknown if nothing. */
sage_value hint_table_get(const hint_table *t, sage_value key);
/* SAGE_ELIMIT or SAGE_ENOMEM "vm.hint.memory". */
SAGE_CHECKED sage_status hint_table_put(hint_call *c,
                                        hint_table *t,
                                        sage_value key,
                                        sage_value value);
/* An independent copy. */
SAGE_CHECKED sage_status hint_table_copy(hint_call *c, hint_table *out, const hint_table *in);

/* A dictionary on a new segment, empty. */
SAGE_CHECKED sage_status hint_dict_new(hint_call *c, sage_value initial, hint_dict **out);
/* The dictionary that pointer belongs to. SAGE_EINVAL "vm.hint.dict" if there is none. */
SAGE_CHECKED sage_status hint_dict_find(hint_call *c, sage_address pointer, hint_dict **out);
/* The same, and pointer is where its next access is recorded. */
SAGE_CHECKED sage_status hint_dict_at(hint_call *c, sage_address pointer, hint_dict **out);
/* What key holds now. SAGE_EINVAL "vm.hint.dict" for a key that has no value. */
SAGE_CHECKED sage_status hint_dict_get(hint_call *c,
                                       const hint_dict *d,
                                       sage_value key,
                                       sage_value *out);

#endif
