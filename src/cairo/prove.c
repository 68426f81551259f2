/* cairo/prove.c -- sage_prove_cairo: run, claim, plan, preprocessed tree, proof, file. */
#include <stdlib.h>
#include <string.h>

#include "cairo/layout.h"
#include "cairo/preprocessed_cache.h"
#include "cairo/preprocessed_fill.h"
#include "cairo/proof.h"
#include "cairo/prove_run.h"
#include "cairo/public.h"
#include "cairo/run_claim.h"
#include "cairo/witness.h"
#include "stark/prover_options.h"

_Static_assert((int)SAGE_HASH_BLAKE2S == (int)SAGE_HASH_FAMILY_BLAKE2S &&
                   (int)SAGE_HASH_POSEIDON252 == (int)SAGE_HASH_FAMILY_POSEIDON252,
               "hash/kind.h and sage/statement.h number the families alike");

enum { MAX_DIR = 4096 };

/* Shares of the whole, where the preprocessed tree must be made and where it is there. */
#define RUN_SHARE   0.02
#define BUILD_SHARE 0.3

/* Everything that is decided before the proof starts. */
typedef struct plan {
    const sage_cairo_task *task;
    const sage_prove_options *options;
    sage_errinfo *err;
    sage_config config;
    const sage_backend *backend;
    sage_cairo_cache_key key;
    char dir[MAX_DIR];
    sage_prover_input run;
    sage_cairo_claim claim;
    sage_layout layout;
    sage_cairo_cache *cache; /* NULL: the tree is not there yet */
    size_t words;            /* device arena */
} plan;

static void mark(const plan *p, const char *stage, int begin)
{
    if (p->options->stage) p->options->stage(p->options->stage_arg, stage, NULL, begin);
}

/* --- progress: a part of the work as its share of the whole --- */

typedef struct share {
    const sage_prove_options *options;
    double from, to;
} share;

static void report(void *arg, const char *stage, double fraction)
{
    const share *s = arg;
    s->options->progress(s->options->progress_arg, stage,
                         s->from + fraction * (s->to - s->from));
}

static sage_progress_fn reporter(const plan *p)
{
    return p->options->progress ? report : NULL;
}

/* --- the plan --- */

static sage_status check_task(const sage_cairo_task *t, sage_errinfo *err)
{
    if (!sage_hash_family_name(t->hash))
        return sage_fail(err, SAGE_EINVAL, "prove.cairo.hash", t->hash,
                         "unknown hash family %u", t->hash);
    if (t->salt >= M31_P)
        return sage_fail(err, SAGE_EINVAL, "prove.cairo.salt", t->salt,
                         "a salt of %u, allowed below 2^31 - 1", t->salt);
    return SAGE_OK;
}

static sage_status choose_dir(plan *p)
{
    const char *dir = p->task->cache_dir;
    if (!dir) {
        if (sage_cairo_cache_dir(p->dir)) return SAGE_OK;
    } else if (strlen(dir) < sizeof p->dir) {
        memcpy(p->dir, dir, strlen(dir) + 1);
        return SAGE_OK;
    }
    return sage_fail(p->err, SAGE_EINVAL, "prove.cache.dir", -1,
                     dir ? "the cache directory's name is too long"
                         : "no cache directory: set SAGE_CACHE_DIR");
}

static sage_status choose_variant(plan *p)
{
    const sage_builtin_range *pedersen = &p->run.builtin[SAGE_BUILTIN_PEDERSEN];
    uint8_t root[32];
    switch (p->task->preprocessed) {
    case SAGE_CAIRO_PREPROCESSED_AUTO:
        p->key.variant = pedersen->begin < pedersen->stop
                             ? SAGE_CAIRO_CANONICAL
                             : SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN;
        break;
    case SAGE_CAIRO_PREPROCESSED_CANONICAL: p->key.variant = SAGE_CAIRO_CANONICAL; break;
    case SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN:
        p->key.variant = SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN;
        break;
    case SAGE_CAIRO_PREPROCESSED_SMALL: p->key.variant = SAGE_CAIRO_CANONICAL_SMALL; break;
    default:
        return sage_fail(p->err, SAGE_EINVAL, "prove.cairo.preprocessed", -1,
                         "unknown preprocessed trace %d", (int)p->task->preprocessed);
    }
    if (sage_cairo_preprocessed_root(p->key.variant, p->key.hash, p->key.log_blowup, root))
        return SAGE_OK;
    return sage_fail(p->err, SAGE_EUNSUP, "prove.cairo.root", p->key.log_blowup,
                     "no verifier knows this preprocessed trace under %s at blowup 2^%u",
                     sage_hash_family_name(p->task->hash), p->key.log_blowup);
}

static sage_status lay_out(plan *p)
{
    sage_status s = sage_cairo_claim_of_run(&p->claim, &p->run, p->key.variant, p->err);
    if (!s) s = sage_cairo_layout(&p->claim, p->key.variant, &p->layout, p->err);
    if (!s) s = sage_layout_check(&p->layout, &p->config, p->err);
    if (!s) s = sage_cairo_check_uses(&p->claim, &p->layout, p->err);
    return s;
}

/* A tree that is not there is no error: proving makes it. */
static sage_status open_cache(plan *p)
{
    sage_errinfo why;
    sage_status s = sage_cairo_cache_open(&p->cache, p->dir, &p->key, &why);
    if (!s) return s;
    p->cache = NULL;
    if (s == SAGE_ENOTFOUND) return SAGE_OK;
    *p->err = why;
    return s;
}

static sage_status mix_claim(const void *claim, sage_channel *ch, sage_errinfo *err)
{
    return sage_cairo_claim_mix(claim, ch, err);
}

static sage_status
public_sum(const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    return sage_cairo_public_sum(claim, z, alpha, out, err);
}

static sage_prover_job job_of(plan *p, const sage_preprocessed *pre, const share *s)
{
    return (sage_prover_job){.layout          = &p->layout,
                             .config          = &p->config,
                             .hash            = p->key.hash,
                             .salt            = p->task->salt,
                             .interaction_pow = SAGE_CAIRO_INTERACTION_POW,
                             .witness         = sage_cairo_witness_write,
                             .witness_arg     = &p->run,
                             .witness_words   = sage_cairo_witness_words(&p->run, &p->layout),
                             .preprocessed    = pre,
                             .mix_claim       = mix_claim,
                             .public_sum      = public_sum,
                             .claim           = &p->claim,
                             .progress        = reporter(p),
                             .progress_arg    = (void *)(uintptr_t)s,
                             .stage           = p->options->stage,
                             .stage_arg       = p->options->stage_arg};
}

/* What a proof takes does not depend on what is in the tree. */
static sage_status count_words(plan *p)
{
    sage_cairo_pre_column column[SAGE_CAIRO_MAX_PRE];
    const uint32_t n      = sage_cairo_preprocessed(p->key.variant, column);
    sage_tree_source tree = {.n_cols = n, .log_height = column[n - 1].log + p->key.log_blowup};
    sage_preprocessed pre = {.fill = sage_cairo_pre_fill, .tree = &tree};
    sage_prover_job job   = job_of(p, &pre, NULL);
    return sage_prover_words(p->backend, &job, &p->words, p->err);
}

static sage_status fill_plan(plan *p)
{
    sage_status s = check_task(p->task, p->err);
    if (s) return s;
    p->config = sage_options_config(&p->options->params);
    p->key    = (sage_cairo_cache_key){.hash       = (sage_hash_kind)p->task->hash,
                                       .log_blowup = p->config.log_blowup};
    if ((s = sage_config_check(&p->config, p->err))) return s;
    if ((s = sage_backend_find(p->options->backend, &p->backend, p->err))) return s;
    if ((s = choose_dir(p))) return s;
    mark(p, "run", 1);
    s = sage_cairo_run_task(&p->run, p->task, p->err);
    mark(p, "run", 0);
    if (!s) s = choose_variant(p);
    if (!s) s = lay_out(p);
    if (!s) s = open_cache(p);
    if (!s) s = count_words(p);
    return s;
}

static void free_plan(plan *p)
{
    sage_cairo_cache_close(p->cache);
    sage_cairo_claim_free(&p->claim);
    sage_prover_input_free(&p->run);
    free(p);
}

/* A plan is large; NULL on error. */
static plan *make_plan(const sage_cairo_task *t,
                       const sage_prove_options *o,
                       sage_status *s,
                       sage_errinfo *err)
{
    plan *p = calloc(1, sizeof *p);
    if (!p) {
        *s = sage_fail(err, SAGE_ENOMEM, "prove.memory.host", -1, "no memory for the plan");
        return NULL;
    }
    *p = (plan){.task = t, .options = o, .err = err};
    *s = fill_plan(p);
    if (!*s) return p;
    free_plan(p);
    return NULL;
}

/* The run, as long as the proof reads it. */
static uint64_t run_bytes(const sage_prover_input *run)
{
    uint64_t bytes = (uint64_t)run->n_addresses * sizeof *run->address_to_id +
                     (uint64_t)run->cap_big * sizeof *run->big_values +
                     (uint64_t)run->cap_small * sizeof *run->small_values;
    for (int o = 0; o < SAGE_OPCODES; o++)
        bytes += run->states[o].n * sizeof *run->states[o].at;
    return bytes;
}

static uint64_t plan_bytes(const plan *p)
{
    return p->words * sizeof(uint32_t) + run_bytes(&p->run);
}

sage_status sage_cairo_quote(const sage_cairo_task *t,
                             const sage_prove_options *o,
                             sage_cairo_cost *out,
                             sage_errinfo *err)
{
    sage_status s;
    memset(out, 0, sizeof *out);
    plan *p = make_plan(t, o, &s, err);
    if (!p) return s;
    sage_cairo_cost c = {.memory_cells = p->run.n_addresses - 1,
                         .cache_bytes  = sage_cairo_cache_bytes(&p->key),
                         .cached       = p->cache != NULL};
    c.prove.bytes     = plan_bytes(p);
    sage_options_cost(&c.prove, &p->layout, &p->config);
    for (int k = 0; k < SAGE_OPCODES; k++)
        c.steps += p->run.states[k].n;
    s = sage_cairo_claim_statement(&p->claim, p->key.hash, &c.statement, err);
    if (!s) *out = c;
    free_plan(p);
    return s;
}

/* --- the proof --- */

static sage_status build_cache(plan *p, sage_device *dev, share *s)
{
    if (p->cache) return SAGE_OK;
    s->to = BUILD_SHARE;
    mark(p, "preprocessed tree", 1);
    sage_status st =
        sage_cairo_cache_build(p->backend, dev, p->dir, &p->key, reporter(p), s, p->err);
    mark(p, "preprocessed tree", 0);
    s->from = s->to;
    return st ? st : sage_cairo_cache_open(&p->cache, p->dir, &p->key, p->err);
}

static sage_status run_prover(plan *p, sage_device *dev, sage_sink *out)
{
    share part    = {p->options, RUN_SHARE, 1};
    sage_status s = build_cache(p, dev, &part);
    if (s) return s;
    part.to               = 1;
    sage_preprocessed pre = {sage_cairo_pre_fill, sage_cairo_cache_tree(p->cache)};
    sage_prover_job job   = job_of(p, &pre, &part);
    return sage_prover_run(p->backend, dev, &job, out, p->err);
}

static sage_status make_bytes(plan *p, sage_sink *out)
{
    sage_device *dev;
    sage_status s = p->backend->open(&dev, sage_options_threads(p->options), p->err);
    if (s) return s;
    s = run_prover(p, dev, out);
    p->backend->close(dev);
    return s;
}

static sage_cairo_format format_of(sage_cairo_proof_form form)
{
    switch (form) {
    case SAGE_CAIRO_PROOF_BINARY: return SAGE_CAIRO_FORMAT_BINARY;
    case SAGE_CAIRO_PROOF_SERDE: return SAGE_CAIRO_FORMAT_SERDE;
    case SAGE_CAIRO_PROOF_JSON: return SAGE_CAIRO_FORMAT_JSON;
    }
    return (sage_cairo_format)0;
}

/* The claim goes over to the proof, and is freed with it. */
static sage_status
write_proof(plan *p, sage_sink bytes, sage_cairo_format format, sage_sink *out)
{
    sage_cairo_proof proof = {.hash    = p->key.hash,
                              .variant = p->key.variant,
                              .claim   = p->claim,
                              .salt    = p->task->salt,
                              .bytes   = bytes};
    memset(&p->claim, 0, sizeof p->claim);
    sage_status s = sage_cairo_proof_finish(&proof, p->err);
    if (!s) s = sage_cairo_write(&proof, format, out, p->err);
    sage_cairo_proof_free(&proof);
    return s;
}

static sage_status
prove(plan *p, sage_cairo_format format, sage_sink *out, sage_statement *statement)
{
    sage_sink bytes = {0};
    sage_status s   = sage_options_check_memory(p->options, plan_bytes(p), p->err);
    if (!s && statement)
        s = sage_cairo_claim_statement(&p->claim, p->key.hash, statement, p->err);
    if (!s) s = make_bytes(p, &bytes);
    if (!s) return write_proof(p, bytes, format, out);
    free(bytes.bytes);
    return s;
}

sage_status sage_prove_cairo(const sage_cairo_task *t,
                             const sage_prove_options *o,
                             sage_cairo_proof_form form,
                             uint8_t **proof,
                             size_t *proof_len,
                             sage_statement *statement,
                             sage_errinfo *err)
{
    const sage_cairo_format format = format_of(form);
    sage_sink out                  = {0};
    sage_status s;
    *proof     = NULL;
    *proof_len = 0;
    if (!format)
        return sage_fail(err, SAGE_EINVAL, "prove.cairo.form", form, "unknown form %d",
                         (int)form);
    if (o->progress) o->progress(o->progress_arg, "run", 0);
    plan *p = make_plan(t, o, &s, err);
    if (!p) return s;
    s = prove(p, format, &out, statement);
    free_plan(p);
    if (s) {
        free(out.bytes);
        return s;
    }
    *proof     = out.bytes;
    *proof_len = out.len;
    return SAGE_OK;
}
