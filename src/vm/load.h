/* vm/load.h -- what the readers of program files share; private to program.c and load_*.c.
 *
 * A reader gets cursors (base/json_in.h) over the file and puts what it finds into the program,
 * in the program's own memory; sage_program_read frees it all if one of them fails. */
#ifndef SAGE_VM_LOAD_H
#define SAGE_VM_LOAD_H

#include "base/json_in.h"
#include "vm/program.h"

enum { LOAD_MAX_NAME = 4096 };

typedef struct loader {
    sage_program *p;
    const char *entry;
    sage_errinfo *err;
} loader;

/* The forms. c: the whole text. */
SAGE_CHECKED sage_status load_cairo0(loader *l, const sage_json_in *c);
SAGE_CHECKED sage_status load_cairo1(loader *l, const sage_json_in *c);
SAGE_CHECKED sage_status load_pie(loader *l, const uint8_t *bytes, size_t len);

/* Parts of Cairo 0, at pcs as the compiler knew them. load_names: before load_hints. */
SAGE_CHECKED sage_status load_names(loader *l, sage_json_in *identifiers);
SAGE_CHECKED sage_status load_hints(loader *l, sage_json_in *hints, sage_json_in *references);

/* The string at c, decoded, in the program's memory; at most max bytes of it. */
SAGE_CHECKED sage_status load_text(loader *l, sage_json_in *c, size_t max, const char **out);
/* raw[0..n) of sage_json_in_escaped or a key of sage_json_in_member, likewise. */
SAGE_CHECKED sage_status load_decoded(loader *l, const char *raw, size_t n, const char **out);
/* An array of names, in the canonical order. */
SAGE_CHECKED sage_status load_builtins(loader *l, sage_json_in *c);
/* The words of the program: "0x.." strings or decimal numbers. Room for load_wrap's words lies
 * in front of them. */
SAGE_CHECKED sage_status load_data(loader *l, sage_json_in *c);
/* text[0..n) are the digits of P, hexadecimal after "0x" or decimal. "program.prime" */
SAGE_CHECKED sage_status load_prime(loader *l,
                                    const sage_json_in *at,
                                    const char *text,
                                    size_t n);
/* Sorts hints by pc and judges their pcs; the program's words are there. */
SAGE_CHECKED sage_status load_sort_hints(loader *l);

/* Puts the words of a proof's start in front: they call main, whose pc is as in the file. */
SAGE_CHECKED sage_status load_wrap(loader *l, uint64_t main);
/* The program starts at start, with the words of a proof's start. */
SAGE_CHECKED sage_status load_start(loader *l, uint64_t start);

sage_status load_no_memory(loader *l, const char *what);

#endif
