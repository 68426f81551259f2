/* devnet/frame_private.h -- a frame's inside, for the files that make up contract.h. */
#ifndef SAGE_DEVNET_FRAME_PRIVATE_H
#define SAGE_DEVNET_FRAME_PRIVATE_H

#include "devnet/frame.h"

struct sage_frame {
    sage_run *run;
    const sage_entry *entry; /* NULL: the constructor */
    felt252 self, caller;
    const felt252 *calldata;
    uint32_t n, at, param; /* of calldata: length, felts taken; arguments taken */
    uint32_t call;         /* its index in the trace */
    sage_felt_list result; /* panic data after a panic */
    bool panicked;
};

/* A failure s of the room's own: a list that is too long is a panic, all else fails the run. */
void sage_frame_check(sage_frame *f, sage_status s, const sage_errinfo *e);

#endif
