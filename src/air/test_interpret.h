/* test_interpret.h -- the AIR language run directly on its syntax tree, for one row at a time.
 *
 * Deliberately slow and simple: no graph, no sharing, loops are run, every field value is a
 * qm31. It shares only the parser with the compiler, and is what the compiler is held to. */
#ifndef SAGE_AIR_TEST_INTERPRET_H
#define SAGE_AIR_TEST_INTERPRET_H

#include "air/air.h"
#include "airc/airc.h"
#include "airc/ast.h"
#include "field/qm31.h"

enum { INTERPRET_MAX = 1 << 14, INTERPRET_MAX_PRE = 64, INTERPRET_MAX_FEED = 1024 };

typedef struct interpret_entry {
    const char *relation;
    qm31 mult; /* negative for a yield */
    bool yield;
    uint32_t n;
    qm31 value[128];
    bool counted; /* a use of a counted relation */
    uint32_t key; /* then */
} interpret_entry;

typedef struct interpret_row {
    /* in */
    uint32_t size;
    const m31 *params;
    const qm31 *pre; /* in order of first mention */
    bool witness;    /* compute the cells from the inputs; otherwise read them */
    bool keys;       /* compute keys: values are elements of the base field */
    const m31 *inputs;
    uint32_t number, n_active; /* of the row; rows of the component that are no padding */
    const sage_air_memory *memory;
    /* out or in */
    qm31 *trace;
    /* out */
    m31 feed[INTERPRET_MAX_FEED]; /* of a witness */
    qm31 *asserts;
    interpret_entry *entries;
    uint32_t n_trace, n_asserts, n_entries, n_inputs, n_pre, n_feed;
    sage_air_pre columns[INTERPRET_MAX_PRE]; /* which pre are */
} interpret_row;

/* The compiled program of n .air files and all they include; the caller frees it with
 * sage_airc_free. NULL, the messages printed, if it does not compile. */
sage_airc *interpret_compile(const char *const *paths, size_t n);

/* Runs component `name` of the parsed items; aborts the test on a program it cannot run. */
void interpret(const airc_item *items, const char *name, interpret_row *row);

#endif
