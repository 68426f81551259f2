/* vm/trace_files.h -- the run of another Cairo machine, from the files it left: no program is
 * run, and none is needed. */
#ifndef SAGE_VM_TRACE_FILES_H
#define SAGE_VM_TRACE_FILES_H

#include "vm/prover_input.h"

/* As cairo-vm writes them, relocated, in proof mode, without padding of the trace or with it:
 *   trace   a row a step: ap, fp, pc, 64 bits each, low byte first
 *   memory  a record a cell: its address in 64 bits, its value in 256, low byte first
 *   public_input  air_public_input.json, or NULL: then main has the eleven builtins of
 *                 layout all_cairo_stwo, and the stack says where their segments are */
typedef struct sage_trace_files {
    const uint8_t *trace, *memory, *public_input;
    size_t trace_len, memory_len, public_input_len;
} sage_trace_files;

/* sage_trace_files_read turns the files into prover input. Builtin segments are padded as
 * sage_adapt pads them, which needs empty cells behind them.
 *
 * SAGE_EFORMAT "trace.length", "trace.row", "trace.cell", "trace.public", "json.*";
 * SAGE_EINVAL "trace.start" (no run in proof mode), "trace.instruction", "trace.operand",
 * "trace.step" (a row is not what follows from the one before), err->at the row;
 * "trace.builtin"; SAGE_EUNSUP "trace.padding" (no room behind a builtin's segment),
 * "trace.builtin" (one that no proof covers); SAGE_ELIMIT "trace.memory" (addresses far beyond
 * what is there), "adapt.*"; SAGE_ENOMEM. On error *out is freed. Memory: 12 bytes a step, 32 a
 * cell, besides the result. */
SAGE_CHECKED sage_status sage_trace_files_read(sage_prover_input *out,
                                               const sage_trace_files *in,
                                               sage_errinfo *err);

#endif
