/* vm/run.h -- runs a Cairo program in proof mode, as stwo-cairo does (facts D): segments for
 * program, execution and each builtin; main from __start__ to the endless loop at __end__. */
#ifndef SAGE_VM_RUN_H
#define SAGE_VM_RUN_H

#include "vm/casm.h"
#include "vm/memory.h"
#include "vm/program.h"

enum { SAGE_SEGMENT_PROGRAM = 0, SAGE_SEGMENT_EXECUTION = 1 };

typedef struct sage_run_limits {
    uint64_t max_steps, max_cells;
    uint64_t max_ms;       /* of wall time; 0: no limit */
    uint32_t max_segments; /* 0: 2^24 */
    bool keep;             /* a run that fails stays in *out as far as it came: for people */
    /* Told every few ten thousand steps how many there were; NULL: nobody asks. */
    void (*progress)(void *arg, uint64_t steps);
    void *progress_arg;
} sage_run_limits;
extern const sage_run_limits sage_run_default_limits;

/* What a client gives a Cairo 1 program: felts, and arrays of felts, as one list of arguments.
 * For Cairo 0 programs: program_input, a JSON text that hints may read. */
typedef struct sage_run_input {
    const sage_value *felts;
    uint32_t n_felts;
    const char *json;
    size_t json_len;
} sage_run_input;

/* One executed instruction: registers before it and the component that proves it, operands
 * judged. pc is an offset in segment pc_segment, ap and fp in the execution segment. */
typedef struct sage_trace_row {
    uint32_t pc, ap, fp;
    uint16_t pc_segment;
    uint8_t opcode; /* a sage_opcode */
    uint8_t reserved;
} sage_trace_row;

/* A finished run. Segments: 0 program, 1 execution, then builtins in the program's order;
 * builtin_segment[b] is 0 for absent ones. The last row is the endless loop's first step. */
typedef struct sage_run {
    sage_memory memory;
    sage_trace_row *trace;
    uint64_t n_steps, cap_steps;
    uint32_t builtin_segment[SAGE_BUILTINS];
    uint32_t builtin_stop[SAGE_BUILTINS]; /* final pointer's offset */
    uint32_t initial_ap, final_pc, final_ap, final_fp;
    bool takes[11]; /* for which builtins main is given pointers; segment_arena apart */
    uint32_t *public_offsets; /* of segment 1: the safe call cells, arguments, results */
    uint32_t n_public;
    /* Of a run that failed and was kept: pc and registers of the step that could not be done. */
    struct {
        sage_address pc;
        uint32_t ap, fp;
    } stopped;
} sage_run;

/* sage_run_program runs p. SAGE_EINVAL "vm.<what>" when the program is wrong (an assertion
 * that fails: "vm.assert", an unknown operand, a bad instruction, an unknown hint
 * "vm.hint.unknown" ..) with err->at = pc; SAGE_ELIMIT "vm.steps", "vm.memory",
 * "vm.segments", "vm.time"; SAGE_EUNSUP "program.pie" (it has no hints); SAGE_ENOMEM. Deterministic: equal program and input make equal runs. Hints touch nothing but
 * the machine and the given input. On error *out is freed, unless limits->keep. */
SAGE_CHECKED sage_status sage_run_program(sage_run *out,
                                          const sage_program *p,
                                          const sage_run_input *input,
                                          const sage_run_limits *limits,
                                          sage_errinfo *err);
void sage_run_free(sage_run *r);

#endif
