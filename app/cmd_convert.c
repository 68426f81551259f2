/* sage convert IN --to FORMAT -o OUT: a Cairo proof in another format, the same proof. */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "base/file.h"
#include "cairo/proof.h"

enum { MAX_PROOF_BYTES = 64 << 20 };

static struct {
    const char *to, *output;
} arg;

static const sage_cli_option options[] = {
    {"to",
     't',
     SAGE_CLI_TEXT,
     "FORMAT",
     "cairo-serde, json or binary",
     true,
     0,
     0,
     {.text = &arg.to}},
    {"output",
     'o',
     SAGE_CLI_TEXT,
     "FILE",
     "where to write it",
     true,
     0,
     0,
     {.text = &arg.output}},
};

static const char *const names[] = {
    [SAGE_CAIRO_FORMAT_SERDE]  = "cairo-serde",
    [SAGE_CAIRO_FORMAT_JSON]   = "json",
    [SAGE_CAIRO_FORMAT_BINARY] = "binary",
};

static sage_status format_named(const char *name, sage_cairo_format *out, sage_errinfo *err)
{
    for (int f = SAGE_CAIRO_FORMAT_SERDE; f <= SAGE_CAIRO_FORMAT_BINARY; f++)
        if (!strcmp(name, names[f])) {
            *out = (sage_cairo_format)f;
            return SAGE_OK;
        }
    return sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                     "--to is cairo-serde, json or binary, not %s", name);
}

/* What was written is read again before it counts: no conversion loses anything unnoticed. */
static sage_status check_written(const sage_cairo_proof *p,
                                 const sage_sink *s,
                                 sage_cairo_format f,
                                 sage_errinfo *err)
{
    sage_cairo_proof again;
    sage_status st = sage_cairo_read(&again, s->bytes, s->len, f, err);
    if (st) return st;
    bool same = sage_cairo_proof_equal(p, &again);
    sage_cairo_proof_free(&again);
    if (same) return SAGE_OK;
    return sage_fail(err, SAGE_EINTERNAL, "convert.differs", -1,
                     "the written proof reads as another");
}

static sage_status
convert(const uint8_t *bytes, size_t len, sage_cairo_format to, sage_errinfo *err)
{
    sage_cairo_proof p;
    sage_sink out          = {0};
    sage_cairo_format from = sage_cairo_recognise(bytes, len);
    sage_status st         = sage_cairo_read(&p, bytes, len, from, err);
    if (st) return st;
    st = sage_cairo_write(&p, to, &out, err);
    if (!st) st = check_written(&p, &out, to, err);
    if (!st) st = sage_file_write(arg.output, out.bytes, out.len, 0644, err);
    if (!st)
        fprintf(stderr, "sage convert: %s, %zu bytes, to %s, %zu bytes: %s\n", names[from], len,
                names[to], out.len, arg.output);
    sage_cairo_proof_free(&p);
    free(out.bytes);
    return st;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_cairo_format to = SAGE_CAIRO_FORMAT_BINARY;
    uint8_t *bytes       = NULL;
    size_t len;
    (void)n_args;
    sage_status st = format_named(arg.to, &to, &err);
    if (!st) st = sage_file_read(args[0], MAX_PROOF_BYTES, &bytes, &len, &err);
    if (!st) st = convert(bytes, len, to, &err);
    free(bytes);
    return st ? sage_cli_report("sage convert", &err) : 0;
}

const sage_cli_command cmd_convert = {
    .name      = "convert",
    .arguments = "FILE",
    .help      = "write a Cairo proof in another format",
    .notes =
        "FILE may be in any of the formats; which one is seen by its first bytes. Nothing is\n"
        "verified, and nothing is lost: a proof that FORMAT cannot hold is refused.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};
