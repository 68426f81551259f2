/* airc/emit.h -- from IR to files. One emitter per kind of file; order is the protocol's. */
#ifndef SAGE_AIRC_EMIT_H
#define SAGE_AIRC_EMIT_H

#include "airc/ir.h"

/* The kernels of one component, lane-generic C over field/lanes.h, air/kernel.h and, for witness
 * steps and counts, air/witness_lanes.h. */
void airc_emit_kernels(const airc_program *g, airc_text *out);
/* The metadata, with the bytecode in it. */
void airc_emit_air(const airc_program *g, airc_text *out);
/* Bytecode of constraints and entries (airc/air_code.h); *regs: registers it needs. */
void airc_emit_code(const airc_program *g, airc_text *out, uint32_t *regs);
/* The files of sage_airc_emit. */
sage_status airc_emit_all(sage_airc *c, bool verify_only, sage_airc_write write, void *arg);

#endif
