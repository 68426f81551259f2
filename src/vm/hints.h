/* vm/hints.h -- the hints a program may ask for: fixed pieces of code, known by their text
 * (Cairo 0) or name (Cairo 1). They see the machine and the client's input, nothing else. */
#ifndef SAGE_VM_HINTS_H
#define SAGE_VM_HINTS_H

#include "vm/run.h"

/* State that hints keep between calls: dictionaries, squash queues, scopes. */
typedef struct sage_hint_state sage_hint_state;

typedef struct sage_hint_machine {
    const sage_program *program;
    const sage_run_input *input;
    sage_memory *memory;
    uint32_t pc, ap, fp; /* offsets; ap and fp in the execution segment */
    const uint32_t *builtin_segment;
} sage_hint_machine;

/* All hints of a program, resolved once before the run: unknown ones are found here.
 * SAGE_EUNSUP "vm.hint.unknown", err->at = pc, the message naming hint and remedy. */
SAGE_CHECKED sage_status sage_hints_prepare(sage_hint_state **out,
                                            const sage_program *p,
                                            sage_errinfo *err);
void sage_hints_free(sage_hint_state *s);

/* Is there a hint before pc? Cheap: the machine asks at decode time. */
bool sage_hints_at(const sage_hint_state *s, uint32_t pc);
/* Runs the hints before the instruction at machine->pc, in order. SAGE_EINVAL
 * "vm.hint.<name>". */
SAGE_CHECKED sage_status sage_hints_run(sage_hint_state *s,
                                        const sage_hint_machine *machine,
                                        sage_errinfo *err);

#endif
