/* sage explain proof FILE: what a proof file holds and where its bytes go; verifies nothing.
 * sage inspect FILE is the same. */
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/explain.h"
#include "base/file.h"
#include "statement/container.h"

enum { MAX_PROOF_BYTES = 64 << 20 };

static void print_components(const sage_layout *l)
{
    explain_cells sum = {0};
    explain_component_head();
    for (uint32_t i = 0; i < l->n; i++)
        explain_component(&sum, l->inst[i].air->name, l->inst[i].log_rows,
                          sage_instance_trace(&l->inst[i]),
                          4 * sage_instance_pairs(&l->inst[i]));
    explain_component_sum(&sum);
}

/* The trees that statement and sizes demand; *mem is the caller's. */
static sage_status shape_of(const sage_container *c,
                            const sage_proof *p,
                            sage_layout *layout,
                            sage_pcs_shape *shape,
                            void **mem,
                            sage_errinfo *err)
{
    sage_status s = sage_statement_layout(&c->statement, c->logs, c->n_logs, layout, err);
    if (!s) s = sage_layout_check(layout, &p->config, err);
    if (s) return s;
    *mem = malloc(sage_layout_shape_bytes(layout));
    if (!*mem) return sage_fail(err, SAGE_ENOMEM, "file.memory", -1, "no memory");
    s = sage_layout_shape(layout, &p->config, *mem, shape, err);
    if (!s && p->n_trees != shape->n_trees)
        s = sage_fail(err, SAGE_EFORMAT, "proof.format.n_trees", -1,
                      "%u trees, %u for this statement", p->n_trees, shape->n_trees);
    return s;
}

static sage_status explain_statement(const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    sage_container c;
    sage_proof p;
    sage_layout layout;
    sage_pcs_shape shape;
    void *mem     = NULL;
    sage_status s = sage_container_parse(&c, bytes, len, err);
    if (!s) s = sage_statement_check(&c.statement, err);
    if (!s) s = sage_proof_parse(&p, c.proof, c.proof_len, err);
    if (!s) s = shape_of(&c, &p, &layout, &shape, &mem, err);
    if (!s) {
        printf("claimed, not verified here\n");
        print_statement(stdout, &c.statement);
        printf("  form           binary, blake2s\n");
        explain_config(&p);
        print_components(&layout);
        explain_trees(&p, &shape);
        explain_bytes(&p, &shape, len - c.proof_len, len);
    }
    free(mem);
    return s;
}

static int explain(const char *command, const char *path)
{
    sage_errinfo err;
    uint8_t *bytes;
    size_t len;
    if (sage_file_read(path, MAX_PROOF_BYTES, &bytes, &len, &err))
        return sage_cli_report(command, &err);
    sage_cairo_format cairo = sage_cairo_recognise(bytes, len);
    sage_status s =
        cairo ? explain_cairo(bytes, len, cairo, &err) : explain_statement(bytes, len, &err);
    free(bytes);
    return s ? sage_cli_report(command, &err) : 0;
}

static int run_explain(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args;
    if (!strcmp(args[0], "proof")) return explain("sage explain", args[1]);
    (void)sage_fail(&err, SAGE_EINVAL, "cli.arguments", -1,
                    "sage explain knows \"proof\", not \"%.40s\"", args[0]);
    return sage_cli_report("sage explain", &err);
}

static int run_inspect(uint32_t n_args, const char *const *args)
{
    (void)n_args;
    return explain("sage inspect", args[0]);
}

const sage_cli_command cmd_explain = {
    .name      = "explain",
    .arguments = "proof FILE",
    .help      = "show what a proof holds and where its bytes go",
    .notes =
        "FILE is a proof of any kind and form. Nothing is verified. For each tree: columns,\n"
        "cells, height, root; for each stage its bytes in our binary form.",
    .min_args = 2,
    .max_args = 2,
    .run      = run_explain,
};

const sage_cli_command cmd_inspect = {
    .name      = "inspect",
    .arguments = "FILE",
    .help      = "the same as explain proof FILE",
    .min_args  = 1,
    .max_args  = 1,
    .run       = run_inspect,
};
