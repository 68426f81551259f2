/* vm/disasm.h -- instructions and programs as text, in the notation of docs/casm.md, which
 * vm/asm.h reads back word for word. */
#ifndef SAGE_VM_DISASM_H
#define SAGE_VM_DISASM_H

#include "vm/casm.h"
#include "vm/program.h"

enum { SAGE_CASM_TEXT = 768 };

/* A number as the notation writes it: decimal below 2^64, negative within 2^63 of P, else
 * hexadecimal. */
void sage_casm_print_number(char out[SAGE_VALUE_TEXT], sage_value v);

/* One instruction, without label and semicolon. immediate: the word behind it, a felt; read
 * only if i has one. target: printed for the immediate of a relative jump or call that does
 * nothing else; NULL: the number. i is as sage_casm_decode gave it. */
void sage_casm_print(char out[SAGE_CASM_TEXT],
                     const sage_casm *i,
                     sage_value immediate,
                     const char *target);

/* Is text[0..len) a word of the notation, which cannot be a name? */
bool sage_casm_is_word(const char *word, size_t len);

/* The name of a function or label as the notation has it: without "__main__." where nothing
 * else has a dot. NULL: the notation has no way to write it. */
const char *sage_casm_label(const char *symbol);

/* The whole program: builtins, labels, hints, instructions; words that are none as dw. What
 * hints refer to by ids. is not carried; a comment says so. Allocates nothing. Cost: linear. */
typedef void sage_disassemble_put(void *to, const void *bytes, size_t n);
void sage_disassemble(const sage_program *p, sage_disassemble_put *put, void *to);

#endif
