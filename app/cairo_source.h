/* app/cairo_source.h -- a Cairo program and its input as files on a command line, ready to be
 * proved or submitted. */
#ifndef SAGE_APP_CAIRO_SOURCE_H
#define SAGE_APP_CAIRO_SOURCE_H

#include "app/commands.h"
#include "sage/cairo.h"

typedef struct cairo_source {
    uint8_t *program, *args;
    size_t program_len, args_len;
} cairo_source;

/* cairo_source_load reads both files; input may be NULL. A name that ends in .casm is assembled
 * to compiled.json. Only sizes are judged here (SAGE_PROGRAM_MAX_BYTES, 64 MiB), the rest by
 * whoever runs it. Errors of sage_file_read and sage_assemble. On error *out is zeroed. */
SAGE_CHECKED sage_status cairo_source_load(cairo_source *out,
                                           const char *program,
                                           const char *input,
                                           sage_errinfo *err);
/* The same of a request of kind cairo: SAGE_EINVAL "cli.required" without a program, "cli.option"
 * for options of other kinds. */
SAGE_CHECKED sage_status cairo_source_of(cairo_source *out,
                                         const request *r,
                                         sage_errinfo *err);
/* The task's program and arguments are those of s, which must outlive it. */
void cairo_source_put(const cairo_source *s, sage_cairo_task *t);
void cairo_source_free(cairo_source *s);

/* What a proof would take, as lines `  name  value`. */
void print_cairo_cost(const sage_cairo_cost *c);

#endif
