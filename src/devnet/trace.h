/* devnet/trace.h -- what a transaction did: its calls and events, as they happen.
 *
 * Zero is an empty trace. It owns its lists. Private to the room. */
#ifndef SAGE_DEVNET_TRACE_H
#define SAGE_DEVNET_TRACE_H

#include "devnet/execute.h"

typedef struct sage_trace {
    sage_chain_event *events;
    sage_chain_call *calls;
    uint32_t n_events, n_calls, cap_events, cap_calls;
} sage_trace;

/* Appends one, and takes what it owns also on failure. SAGE_ENOMEM "execute.memory". */
SAGE_CHECKED sage_status sage_trace_event(sage_trace *t,
                                          sage_chain_event *e,
                                          sage_errinfo *err);
SAGE_CHECKED sage_status sage_trace_call(sage_trace *t, sage_chain_call *c, sage_errinfo *err);
/* Forgets the events after the first n. */
void sage_trace_drop_events(sage_trace *t, uint32_t n);
void sage_trace_free(sage_trace *t);

/* A panic's data as people read it: each felt in hex, with its text if it is a short string, in
 * parentheses if there are several; cut with "..." where it does not fit. */
void sage_panic_text(char *out, size_t size, const felt252 *data, uint32_t n);

/* The writes since a mark, one a cell, first before and last after, those that change nothing
 * left out; sorted by kind, contract and key. *out malloc'ed. SAGE_ENOMEM "execute.memory". */
SAGE_CHECKED sage_status sage_net_changes(
    const sage_state *s, size_t mark, sage_state_change **out, uint32_t *n, sage_errinfo *err);

#endif
