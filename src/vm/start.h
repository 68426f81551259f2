/* vm/start.h -- the words that a program begins with to be proved (facts D):
 *
 *   __start__: ap += 11; call rel main; __end__: jmp rel 0
 *
 * A proof's public data has a segment for each of the eleven builtins that a proof can show, and
 * verifiers take no program that does not pass a pointer to each. A main that asks for some of
 * them is called by a frame: it hands on what main wants, and afterwards lays out main's results
 * between the pointers that nobody used. One that asks for none is started as it is: without
 * output nothing is shown that would be worth a proof. */
#ifndef SAGE_VM_START_H
#define SAGE_VM_START_H

#include "vm/program.h"

enum {
    SAGE_START_WORDS    = 6,
    SAGE_START_CALL     = 2,  /* of these: where the call stands, */
    SAGE_START_END      = 4,  /* and the endless loop */
    SAGE_START_BUILTINS = 11, /* those before segment_arena */
    /* With a frame: pointers to and fro, a call of two words, a return. */
    SAGE_START_MAX = SAGE_START_WORDS + 2 * SAGE_START_BUILTINS + 3
};

/* How many words stand in front of main's program, whose builtins are p's. */
uint32_t sage_start_length(const sage_program *p);
/* Writes them; main is its pc behind them, i.e. at least their number. The program's builtins
 * become those that the start passes. */
void sage_start_write(sage_program *p, sage_value out[SAGE_START_MAX], uint32_t main);

#endif
