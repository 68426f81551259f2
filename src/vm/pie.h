/* vm/pie.h -- the memory of a Cairo PIE, a run that somebody else's machine made. */
#ifndef SAGE_VM_PIE_H
#define SAGE_VM_PIE_H

#include "vm/memory.h"

/* Reads memory.bin of the zip file bytes[0..len) into *out, for the caller to free:
 * segments as the PIE numbers them (0 program, 1 execution), at most max_cells cells in all.
 * SAGE_EFORMAT "program.pie" (no zip, no such file, a broken record; err->at its number),
 * SAGE_ELIMIT "program.pie" (unpacked, far larger than the file), "vm.memory", "vm.segments";
 * SAGE_EUNSUP "program.version"; SAGE_ENOMEM. On error *out is freed. */
SAGE_CHECKED sage_status sage_pie_memory(
    sage_memory *out, const uint8_t *bytes, size_t len, uint64_t max_cells, sage_errinfo *err);

#endif
