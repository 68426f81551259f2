/* sage_prove: from a statement and its input to a proof file. */
#include "sage/prove.h"

#include <stdlib.h>
#include <string.h>

#include "stark/prover.h"
#include "stark/prover_options.h"
#include "statement/claim.h"
#include "statement/container.h"
#include "statement/kind.h"

/* Everything that is decided before the proof starts. */
typedef struct plan {
    sage_config config;
    sage_layout layout;
    uint32_t logs[SAGE_MAX_INSTANCES], n_logs;
    const sage_backend *backend;
    size_t words;  /* device arena */
    uint64_t host; /* input columns */
} plan;

static uint64_t input_words(const sage_instance *in)
{
    return (uint64_t)sage_air_at(in->air->inputs, in->size) << in->log_rows;
}

static sage_status
make_plan(plan *p, const sage_statement *s, const sage_prove_options *o, sage_errinfo *err)
{
    sage_status st;
    *p = (plan){.config = sage_options_config(&o->params)};
    if ((st = sage_config_check(&p->config, err))) return st;
    if ((st = sage_backend_find(o->backend, &p->backend, err))) return st;
    if ((st = sage_statement_choose_logs(s, p->logs, &p->n_logs, err))) return st;
    if ((st = sage_statement_layout(s, p->logs, p->n_logs, &p->layout, err))) return st;
    if ((st = sage_layout_check(&p->layout, &p->config, err))) return st;
    for (uint32_t i = 0; i < p->layout.n; i++)
        p->host += input_words(&p->layout.inst[i]) * sizeof(uint32_t);
    sage_prover_job job = {.layout = &p->layout, .config = &p->config};
    return sage_prover_words(p->backend, &job, &p->words, err);
}

static uint64_t plan_bytes(const plan *p)
{
    return p->words * sizeof(uint32_t) + p->host;
}

sage_status sage_prove_plan(const sage_statement *s,
                            const sage_prove_options *o,
                            sage_prove_cost *out,
                            sage_errinfo *err)
{
    plan p;
    *out           = (sage_prove_cost){0};
    sage_status st = make_plan(&p, s, o, err);
    if (st) return st;
    out->bytes = plan_bytes(&p);
    sage_options_cost(out, &p.layout, &p.config);
    return SAGE_OK;
}

/* Host input columns: one block of words and the two levels of pointers over it. */
typedef struct inputs {
    uint32_t *words;
    uint32_t **column;
    uint32_t **instance[SAGE_MAX_INSTANCES];
} inputs;

static void free_inputs(inputs *in)
{
    free(in->words);
    free(in->column);
}

static sage_status make_inputs(inputs *in, const plan *p, sage_errinfo *err)
{
    size_t n = 0;
    for (uint32_t i = 0; i < p->layout.n; i++)
        n += sage_air_at(p->layout.inst[i].air->inputs, p->layout.inst[i].size);
    in->words  = calloc(p->host + 1, 1);
    in->column = calloc(n + 1, sizeof *in->column);
    if (!in->words || !in->column) {
        free_inputs(in);
        return sage_fail(err, SAGE_ENOMEM, "prove.memory.host", -1,
                         "no host memory for %llu bytes of witness input",
                         (unsigned long long)p->host);
    }
    uint32_t *at = in->words, **column = in->column;
    for (uint32_t i = 0; i < p->layout.n; i++) {
        const sage_instance *inst = &p->layout.inst[i];
        in->instance[i]           = column;
        for (uint32_t k = 0; k < sage_air_at(inst->air->inputs, inst->size); k++) {
            *column++ = at;
            at += (size_t)1 << inst->log_rows;
        }
    }
    return SAGE_OK;
}

/* The statement must be true of the input before anything expensive starts. */
static sage_status
check_input(const sage_statement *s, const uint8_t *input, size_t len, sage_errinfo *err)
{
    sage_statement of_input;
    if (s->kind != SAGE_STATEMENT_FILE_DIGEST) {
        if (!len) return SAGE_OK;
        return sage_fail(err, SAGE_EINVAL, "prove.input", -1,
                         "%s takes no input, %zu bytes given", sage_statement_name(s->kind),
                         len);
    }
    sage_status st = sage_statement_file_digest(&of_input, input, len, err);
    if (st) return st;
    if (!sage_statement_equal(s, &of_input))
        return sage_fail(err, SAGE_EPROOF, "prove.input", -1,
                         "the file's length or digest is not the statement's");
    return SAGE_OK;
}

static sage_status run(const plan *p,
                       const sage_statement *s,
                       const inputs *in,
                       const sage_prove_options *o,
                       sage_sink *out,
                       sage_errinfo *err)
{
    sage_device *dev;
    sage_claim claim      = {s, p->logs, p->n_logs};
    sage_prover_job input = {.layout       = &p->layout,
                             .config       = &p->config,
                             .inputs       = (const uint32_t *const *const *)in->instance,
                             .mix_claim    = sage_claim_mix,
                             .public_sum   = sage_claim_public_sum,
                             .claim        = &claim,
                             .progress     = o->progress,
                             .progress_arg = o->progress_arg,
                             .stage        = o->stage,
                             .stage_arg    = o->stage_arg};
    sage_status st        = p->backend->open(&dev, sage_options_threads(o), err);
    if (st) return st;
    sage_container_put_head(out, s, p->logs, p->n_logs);
    st = sage_prover_run(p->backend, dev, &input, out, err);
    p->backend->close(dev);
    return st;
}

sage_status sage_prove(const sage_statement *s,
                       const uint8_t *input,
                       size_t input_len,
                       const sage_prove_options *o,
                       uint8_t **proof,
                       size_t *proof_len,
                       sage_errinfo *err)
{
    plan p;
    inputs in      = {0};
    sage_sink sink = {0};
    *proof         = NULL;
    *proof_len     = 0;
    sage_status st = make_plan(&p, s, o, err);
    if (st) return st;
    if ((st = sage_options_check_memory(o, plan_bytes(&p), err))) return st;
    if ((st = check_input(s, input, input_len, err))) return st;
    if ((st = make_inputs(&in, &p, err))) return st;
    statement_kind_find(s->kind)->fill(s, input, input_len, &p.layout,
                                       (uint32_t *const *const *)in.instance);
    st = run(&p, s, &in, o, &sink, err);
    free_inputs(&in);
    if (st) {
        free(sink.bytes);
        return st;
    }
    *proof     = sink.bytes;
    *proof_len = sink.len;
    return SAGE_OK;
}

const char *sage_backend_default(void)
{
    const sage_backend *b;
    sage_errinfo err;
    return sage_backend_find(NULL, &b, &err) ? "none" : b->name;
}
