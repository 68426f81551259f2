/* vm/asm.h -- programs as text in the notation of docs/casm.md become programs that run; and
 * programs become files. */
#ifndef SAGE_VM_ASM_H
#define SAGE_VM_ASM_H

#include "vm/program.h"

/* sage_assemble reads text[0..len). Without a label __start__ the program gets the words
 * that a proof starts with in front, which call main (vm/start.h).
 *
 * SAGE_EFORMAT with err->at the line and a message that begins "LINE:COLUMN: ":
 * "asm.character" (no token begins like this), "asm.syntax", "asm.number" (no felt),
 * "asm.offset" (outside [-2^15, 2^15)), "asm.instruction" (clauses that no one instruction
 * does), "asm.name" (unknown, twice, or reserved), "asm.builtins" (unknown, or out of order),
 * "asm.entry", "asm.hint" (not closed, or before no instruction); SAGE_ELIMIT "asm.size";
 * SAGE_ENOMEM "asm.memory". On error *out is freed. Cost: linear. */
SAGE_CHECKED sage_status sage_assemble(sage_program *out,
                                       const char *text,
                                       size_t len,
                                       sage_errinfo *err);

/* sage_program_write writes p, which sage_assemble made, as compiled.json of Cairo 0, which
 * sage_program_read and other machines read. put keeps its own errors. SAGE_ENOMEM
 * "asm.memory". */
SAGE_CHECKED sage_status sage_program_write(const sage_program *p,
                                            void (*put)(void *to, const void *bytes, size_t n),
                                            void *to,
                                            sage_errinfo *err);

#endif
