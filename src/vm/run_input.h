/* vm/run_input.h -- a program's input as text. */
#ifndef SAGE_VM_RUN_INPUT_H
#define SAGE_VM_RUN_INPUT_H

#include "vm/run.h"

/* sage_run_input_read reads bytes[0..len): a JSON list of numbers, "0x.." texts and lists of
 * them, which become felts (a list inside is its length, then its items); or any other JSON,
 * for hints. NULL, 0: no input. *out borrows the bytes, as json; its felts are freed by
 * sage_run_input_free. SAGE_EFORMAT "run.input", "json.*"; SAGE_ENOMEM "run.memory". On error
 * *out is zeroed. Cost: one pass; 32 bytes a felt. */
SAGE_CHECKED sage_status sage_run_input_read(sage_run_input *out,
                                             const uint8_t *bytes,
                                             size_t len,
                                             sage_errinfo *err);
void sage_run_input_free(sage_run_input *in);

#endif
