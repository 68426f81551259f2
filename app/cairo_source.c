#include "app/cairo_source.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/commands.h"
#include "app/program_file.h"
#include "base/file.h"
#include "stark/proof.h"
#include "vm/asm.h"

enum { MAX_ARGS = 64 << 20 };

static void put(void *to, const void *bytes, size_t n)
{
    sage_sink_put(to, bytes, n);
}

/* What other machines read of a source. */
static sage_status assemble(cairo_source *out, const char *path, sage_errinfo *err)
{
    sage_program p;
    sage_sink text = {0};
    sage_status s  = program_load(&p, path, NULL, err);
    if (s) return s;
    s = sage_program_write(&p, put, &text, err);
    if (!s && text.failed)
        s = sage_fail(err, SAGE_ENOMEM, "file.memory", -1, "no memory for %.120s", path);
    sage_program_free(&p);
    out->program     = text.bytes;
    out->program_len = text.len;
    return s;
}

sage_status
cairo_source_load(cairo_source *out, const char *program, const char *input, sage_errinfo *err)
{
    *out          = (cairo_source){0};
    sage_status s = program_is_source(program)
                        ? assemble(out, program, err)
                        : sage_file_read(program, SAGE_PROGRAM_MAX_BYTES, &out->program,
                                         &out->program_len, err);
    if (!s && input) s = sage_file_read(input, MAX_ARGS, &out->args, &out->args_len, err);
    if (s) cairo_source_free(out);
    return s;
}

sage_status cairo_source_of(cairo_source *out, const request *r, sage_errinfo *err)
{
    *out = (cairo_source){0};
    if (!r->program)
        return sage_fail(err, SAGE_EINVAL, "cli.required", -1, "cairo needs --program");
    if (r->columns || r->log_rows || r->log_instances)
        return sage_fail(err, SAGE_EINVAL, "cli.option", -1,
                         "cairo does not take --columns, --log-rows and --log-instances");
    return cairo_source_load(out, r->program, r->input, err);
}

void cairo_source_free(cairo_source *s)
{
    free(s->program);
    free(s->args);
    *s = (cairo_source){0};
}

void cairo_source_put(const cairo_source *s, sage_cairo_task *t)
{
    t->program     = s->program;
    t->program_len = s->program_len;
    t->args        = s->args;
    t->args_len    = s->args_len;
}

void print_cairo_cost(const sage_cairo_cost *c)
{
    printf("  steps          %" PRIu64 "\n  memory cells   %" PRIu64 "\n", c->steps,
           c->memory_cells);
    print_cost(&c->prove);
    printf("  cache          %.1f MiB, %s\n", (double)c->cache_bytes / 1048576.0,
           c->cached ? "there" : "made the first time");
}
