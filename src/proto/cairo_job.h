/* proto/cairo_job.h -- the input of a job of kind cairo: program and arguments in one piece.
 *
 *   magic         8 bytes "SAGEJOB1"
 *   program_len   u64, little-endian
 *   program       a compiled program: Cairo 0 JSON or a Cairo 1 executable
 *   args          to the end: its input as JSON, may be empty (docs/run.md) */
#ifndef SAGE_PROTO_CAIRO_JOB_H
#define SAGE_PROTO_CAIRO_JOB_H

#include "sage/cairo.h"

/* sage_cairo_job_pack writes program and args of t: *bytes is malloc'ed, the caller's. SAGE_ENOMEM
 * "job.memory". */
SAGE_CHECKED sage_status sage_cairo_job_pack(const sage_cairo_task *t,
                                             uint8_t **bytes,
                                             size_t *len,
                                             sage_errinfo *err);
/* sage_cairo_job_open makes a task of them, which points into bytes; all else of it is zero.
 * SAGE_EFORMAT "job.magic", "job.length" (a program longer than the rest, or empty). */
SAGE_CHECKED sage_status sage_cairo_job_open(sage_cairo_task *out,
                                             const uint8_t *bytes,
                                             size_t len,
                                             sage_errinfo *err);

#endif
