#include "cairo/prove_run.h"

#include "vm/run_input.h"

static sage_run_limits limits_of(const sage_cairo_task *t)
{
    sage_run_limits l = sage_run_default_limits;
    if (t->max_steps) l.max_steps = t->max_steps;
    if (t->max_cells) l.max_cells = t->max_cells;
    if (t->max_ms) l.max_ms = t->max_ms;
    return l;
}

static sage_status
run(sage_run *out, const sage_program *p, const sage_cairo_task *t, sage_errinfo *err)
{
    sage_run_input input;
    const sage_run_limits limits = limits_of(t);
    sage_status s                = sage_run_input_read(&input, t->args, t->args_len, err);
    if (s) return s;
    s = sage_run_program(out, p, &input, &limits, err);
    sage_run_input_free(&input);
    return s;
}

static sage_status adapt(sage_prover_input *out,
                         const sage_program *p,
                         const sage_cairo_task *t,
                         sage_errinfo *err)
{
    sage_run r;
    sage_status s = run(&r, p, t, err);
    if (s) return s;
    s = sage_adapt(out, &r, err);
    sage_run_free(&r);
    return s;
}

sage_status
sage_cairo_run_task(sage_prover_input *out, const sage_cairo_task *t, sage_errinfo *err)
{
    sage_program p;
    *out = (sage_prover_input){0};
    if (sage_prover_input_is(t->program, t->program_len)) {
        if (t->args)
            return sage_fail(err, SAGE_EINVAL, "prove.cairo.args", -1,
                             "a run that is over takes no input");
        return sage_prover_input_read(out, t->program, t->program_len, err);
    }
    sage_status s = sage_program_read(&p, t->program, t->program_len, NULL, err);
    if (s) return s;
    s = adapt(out, &p, t, err);
    sage_program_free(&p);
    return s;
}
