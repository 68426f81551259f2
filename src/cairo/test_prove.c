/* Proofs of Cairo programs: of the published runs the published proofs, byte for byte, and of
 * others proofs that hold, in every form.
 *
 * The trees over the large preprocessed traces take gigabytes to make and are the same for
 * every proof. The test takes their roots and openings from the published proofs; all else is
 * computed. */
#include <unistd.h>

#include "base/bytes.h"
#include "base/test.h"
#include "cairo/layout.h"
#include "cairo/preprocessed_fill.h"
#include "cairo/prove_run.h"
#include "cairo/public.h"
#include "cairo/run_claim.h"
#include "cairo/verify.h"
#include "cairo/witness.h"
#include "hash/poseidon252_many.h"
#include "sage/cairo.h"

static sage_errinfo err;

static uint8_t *vector(const char *program, const char *file, size_t *len)
{
    char name[160];
    snprintf(name, sizeof name, "stwo-cairo/test_prove_verify_%s/%s", program, file);
    return (uint8_t *)sage_test_vector(name, len);
}

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

/* --- the published tree 0 --- */

typedef struct replay {
    const sage_proof *of;
    uint32_t rows, digests; /* given so far */
    uint32_t n_cols;
} replay;

static sage_status digests(void *arg,
                           uint32_t level,
                           const uint32_t *index,
                           uint32_t n,
                           uint8_t (*out)[32],
                           sage_errinfo *e)
{
    replay *r = arg;
    (void)level;
    (void)index;
    if (n > r->of->hash_witness[0].n - r->digests)
        return sage_fail(e, SAGE_EINTERNAL, "test.replay", n, "other queries");
    for (uint32_t i = 0; i < n; i++)
        memcpy(out[i], sage_view_digest(r->of->hash_witness[0], r->digests++), 32);
    return SAGE_OK;
}

static sage_status
leaves(void *arg, const uint32_t *index, uint32_t n, uint32_t *out, sage_errinfo *e)
{
    replay *r = arg;
    (void)index;
    if ((size_t)(r->rows + n) * r->n_cols > r->of->queried[0].n)
        return sage_fail(e, SAGE_EINTERNAL, "test.replay", n, "other queries");
    for (uint32_t i = 0; i < n * r->n_cols; i++)
        out[i] = sage_view_u32(r->of->queried[0], r->rows * r->n_cols + i);
    r->rows += n;
    return SAGE_OK;
}

static sage_status mix_claim(const void *claim, sage_channel *ch, sage_errinfo *e)
{
    return sage_cairo_claim_mix(claim, ch, e);
}

static sage_status
public_sum(const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *e)
{
    return sage_cairo_public_sum(claim, z, alpha, out, e);
}

/* --- cells column by column: their values at the published out-of-domain point --- */

typedef struct oracle {
    const sage_cairo_proof *of;
    sage_prover_input *run;
    secure_point point;
    size_t first; /* the trace's first sample */
    uint32_t log_rows, wrong;
} oracle;

/* Transcript steps 1 to 12 (facts A6). */
static secure_point draw_point(const sage_cairo_proof *p)
{
    const qm31 salt = qm31_from(p->salt);
    qm31 claimed[SAGE_MAX_INSTANCES], drawn[2];
    sage_channel ch;
    sage_channel_init(&ch, p->hash);
    sage_channel_mix_felts(&ch, &salt, 1);
    sage_config_mix(&p->proof.config, &ch);
    sage_channel_mix_root(&ch, sage_view_digest(p->proof.roots, 0));
    assert_ok(sage_cairo_claim_mix(&p->claim, &ch, &err));
    sage_channel_mix_root(&ch, sage_view_digest(p->proof.roots, 1));
    sage_channel_mix_u64(&ch, p->proof.interaction_pow);
    sage_channel_draw_felts(&ch, drawn, 2);
    for (uint32_t i = 0; i < p->proof.claimed_sums.n; i++)
        claimed[i] = sage_view_qm31(p->proof.claimed_sums, i);
    sage_channel_mix_felts(&ch, claimed, p->proof.claimed_sums.n);
    sage_channel_mix_root(&ch, sage_view_digest(p->proof.roots, 2));
    (void)sage_channel_draw_felt(&ch);
    sage_channel_mix_root(&ch, sage_view_digest(p->proof.roots, 3));
    return sage_channel_draw_point(&ch);
}

static oracle ask(const sage_cairo_proof *of, sage_prover_input *run)
{
    oracle o = {.of = of, .run = run, .point = draw_point(of)};
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(&of->claim, in);
    for (uint32_t i = 0; i < of->n_columns[0]; i++)
        o.first += of->n_samples[i];
    for (uint32_t i = 0; i < n; i++)
        if (in[i].log > o.log_rows) o.log_rows = in[i].log;
    return o;
}

static size_t oracle_words(const sage_backend *be, const oracle *o)
{
    return be->twiddle_words(o->log_rows) + be->sample_words(o->log_rows) + 64;
}

static void compare_columns(oracle *o, const sage_witness_site *site, uint32_t i, size_t *at)
{
    const sage_instance *in = &site->layout->inst[i];
    uint32_t n              = sage_instance_trace(in);
    sage_twiddles tw        = {site->scratch, o->log_rows};
    qm31 *have              = calloc(n, sizeof *have);
    secure_point point      = o->point;
    for (uint32_t k = in->log_rows; k < o->log_rows; k++)
        point = secure_double(point);
    assert_ok(site->be->sample(
        site->dev, tw, (const uint32_t *const *)site->rows[i].trace, n, in->log_rows,
        in->log_rows, point, site->scratch + site->be->twiddle_words(o->log_rows), have, &err));
    for (uint32_t k = 0; k < n; k++) {
        qm31 want = sage_view_qm31(o->of->proof.sampled, (uint32_t)(*at)++);
        if (memcmp(&have[k], &want, sizeof want) == 0) continue;
        print_error("%s: column %u differs\n", in->air->name, k);
        o->wrong++;
    }
    free(have);
}

static sage_status write_and_compare(void *arg, const sage_witness_site *site, sage_errinfo *e)
{
    oracle *o     = arg;
    size_t at     = o->first;
    sage_status s = sage_cairo_witness_write(o->run, site, e);
    if (s) return s;
    site->be->twiddles(site->dev, (sage_twiddles){site->scratch, o->log_rows});
    for (uint32_t i = 0; i < site->layout->n; i++)
        compare_columns(o, site, i, &at);
    return o->wrong ? sage_fail(e, SAGE_EPROOF, "test.columns", o->wrong, "other cells")
                    : SAGE_OK;
}

/* What want's tree 0 opens to is given; the rest is proved anew. */
static void
prove_again(const sage_cairo_proof *want, sage_prover_input *run, sage_cairo_proof *have)
{
    static sage_layout layout;
    const sage_backend *be;
    sage_device *dev;
    uint8_t *root = (uint8_t *)(uintptr_t)sage_view_digest(want->proof.roots, 0);
    sage_cairo_pre_column column[SAGE_CAIRO_MAX_PRE];
    uint32_t n            = sage_cairo_preprocessed(want->variant, column);
    oracle columns        = ask(want, run);
    replay given          = {.of = &want->proof, .n_cols = n};
    sage_tree_source tree = {
        .arg        = &given,
        .n_cols     = n,
        .log_height = column[n - 1].log + want->proof.config.log_blowup,
        .digests    = digests,
        .leaves     = leaves,
    };
    memcpy(tree.root, root, sizeof tree.root);

    memset(have, 0, sizeof *have);
    have->hash    = want->hash;
    have->variant = want->variant;
    have->salt    = want->salt;
    assert_ok(sage_cairo_claim_of_run(&have->claim, run, want->variant, &err));
    assert_ok(sage_cairo_layout(&have->claim, want->variant, &layout, &err));
    sage_preprocessed pre = {sage_cairo_pre_fill, &tree};
    sage_prover_job job   = {.layout          = &layout,
                             .config          = &want->proof.config,
                             .hash            = want->hash,
                             .salt            = want->salt,
                             .interaction_pow = SAGE_CAIRO_INTERACTION_POW,
                             .witness         = write_and_compare,
                             .witness_arg     = &columns,
                             .preprocessed    = &pre,
                             .mix_claim       = mix_claim,
                             .public_sum      = public_sum,
                             .claim           = &have->claim};
    assert_ok(sage_backend_find(NULL, &be, &err));
    job.witness_words = sage_cairo_witness_words(run, &layout);
    if (oracle_words(be, &columns) > job.witness_words)
        job.witness_words = oracle_words(be, &columns);
    assert_ok(be->open(&dev, 2, &err));
    assert_ok(sage_prover_run(be, dev, &job, &have->bytes, &err));
    be->close(dev);
    assert_ok(sage_cairo_proof_finish(have, &err));
}

static void assert_views(const char *what, sage_view a, sage_view b, uint32_t words)
{
    assert_int_equal(a.n, b.n);
    for (uint32_t i = 0; i < a.n * words; i++)
        if (sage_load_le32(a.p + 4 * (size_t)i) != sage_load_le32(b.p + 4 * (size_t)i))
            fail_msg("%s %u differs", what, i / words);
}

/* In the order in which they come to be, so that the first thing that differs is named. */
static void assert_proofs(const sage_cairo_proof *have, const sage_cairo_proof *want)
{
    const sage_proof *a = &have->proof, *b = &want->proof;
    for (uint32_t t = 0; t < 2; t++)
        if (memcmp(sage_view_digest(a->roots, t), sage_view_digest(b->roots, t), 32) != 0)
            fail_msg("root %u differs", t);
    assert_true(a->interaction_pow == b->interaction_pow);
    assert_views("claimed sum", a->claimed_sums, b->claimed_sums, 4);
    assert_views("root", a->roots, b->roots, 8);
    assert_views("sample", a->sampled, b->sampled, 4);
    assert_true(a->pow_nonce == b->pow_nonce);
    assert_true(sage_cairo_proof_equal(have, want));
}

static void read_proof(sage_cairo_proof *out, const char *name, uint8_t **text, size_t *len)
{
    *text = vector(name, "proof.json", len);
    assert_ok(sage_cairo_read(out, *text, *len, SAGE_CAIRO_FORMAT_SERDE, &err));
}

/* The run is the program's, or the one that `input` records. */
static void prove_published(const char *name, const char *file)
{
    sage_cairo_proof want, have;
    sage_prover_input run;
    sage_sink out = {0};
    size_t len, input_len;
    uint8_t *text, *input = vector(name, file, &input_len);
    const sage_cairo_task task = {.program = input, .program_len = input_len};
    read_proof(&want, name, &text, &len);
    assert_ok(sage_cairo_run_task(&run, &task, &err));
    prove_again(&want, &run, &have);
    assert_proofs(&have, &want);
    assert_ok(sage_cairo_write(&have, SAGE_CAIRO_FORMAT_SERDE, &out, &err));
    assert_int_equal(out.len, len);
    assert_memory_equal(out.bytes, text, len);

    free(out.bytes);
    sage_cairo_proof_free(&have);
    sage_cairo_proof_free(&want);
    sage_prover_input_free(&run);
    free(input);
    free(text);
}

static void published_blake2s(void **state)
{
    (void)state;
    prove_published("all_opcode_components", "prover_input.json");
}

/* 90 queries, one fold a layer, a salt; 46 million permutations, too many for every day where the
 * CPU does them one by one. */
static void published_poseidon252(void **state)
{
    const bool *always = *state;
    if (!always && (sage_test_quick() || !sage_poseidon252_wide())) {
        print_message("left to the nightly run: no AVX-512 IFMA, or a quick run\n");
        skip();
    }
    prove_published("ret_opcode", "compiled.json");
}

/* --- the door --- */

static char dir[SAGE_TEST_PATH];

static int make_dir(void **state)
{
    (void)state;
    return sage_test_folder(dir, "prove");
}

static int remove_dir(void **state)
{
    (void)state;
    return sage_test_remove_folder(dir);
}

/* 32 bits: enough for the verifier to look at the rest. */
static const sage_prove_options quick = {.params = {20, 1, 12, 0, 1}};

static sage_cairo_task small_task(const uint8_t *program, size_t len)
{
    return (sage_cairo_task){.program      = program,
                             .program_len  = len,
                             .preprocessed = SAGE_CAIRO_PREPROCESSED_SMALL,
                             .salt         = 7,
                             .cache_dir    = dir};
}

static void assert_holds(const uint8_t *bytes, size_t len, sage_cairo_format format)
{
    sage_cairo_proof p;
    assert_int_equal(sage_cairo_recognise(bytes, len), format);
    assert_ok(sage_cairo_read(&p, bytes, len, format, &err));
    assert_int_equal(p.salt, 7);
    assert_ok(sage_cairo_verify(&p, 32, &err));
    sage_cairo_proof_free(&p);
}

typedef struct heard {
    double last;
    uint32_t n;
} heard;

static void hear(void *arg, const char *stage, double fraction)
{
    heard *h = arg;
    assert_non_null(stage);
    if (fraction < h->last || fraction > 1)
        fail_msg("%s: %f after %f", stage, fraction, h->last);
    h->last = fraction;
    h->n++;
}

static void programs(void **state)
{
    (void)state;
    static const char *const names[]         = {"ret_opcode", "all_opcode_components"};
    static const sage_cairo_format formats[] = {
        SAGE_CAIRO_FORMAT_BINARY, SAGE_CAIRO_FORMAT_SERDE, SAGE_CAIRO_FORMAT_JSON};
    for (int i = 0; i < 2; i++) {
        size_t len, proof_len;
        uint8_t *program = vector(names[i], "compiled.json", &len), *proof;
        heard h          = {0};
        sage_statement statement;
        sage_cairo_cost cost;
        sage_cairo_task t    = small_task(program, len);
        sage_prove_options o = quick;
        o.progress           = hear;
        o.progress_arg       = &h;
        assert_ok(sage_cairo_quote(&t, &quick, &cost, &err));
        assert_int_equal(cost.cached, i);
        assert_true(cost.steps > 0 && cost.memory_cells > cost.steps / 100);
        assert_int_equal(cost.prove.security_bits, 32);
        for (int f = i; f < 3; f += 1 + i) { /* all forms once */
            h = (heard){0};
            assert_ok(sage_prove_cairo(&t, &o, (sage_cairo_proof_form)f, &proof, &proof_len,
                                       &statement, &err));
            assert_true(h.last == 1 && h.n > 4);
            assert_true(sage_statement_equal(&statement, &cost.statement));
            assert_holds(proof, proof_len, formats[f]);
            free(proof);
        }
        free(program);
    }
}

/* --- nothing given: minutes, and the preprocessed tree's file --- */

static void whole_poseidon252(void **state)
{
    (void)state;
    const char *name = "ret_opcode";
    sage_cairo_proof want;
    size_t len, program_len, proof_len;
    uint8_t *text, *proof, *program = vector(name, "compiled.json", &program_len);
    read_proof(&want, name, &text, &len);
    const sage_config *c       = &want.proof.config;
    const sage_prove_options o = {
        .params = {c->pow_bits, c->log_blowup, c->n_queries, c->log_last_layer, c->fold_step}};
    const sage_cairo_task task = {.program      = program,
                                  .program_len  = program_len,
                                  .hash         = SAGE_HASH_FAMILY_POSEIDON252,
                                  .preprocessed = SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN,
                                  .salt         = want.salt,
                                  .cache_dir    = dir};
    assert_ok(
        sage_prove_cairo(&task, &o, SAGE_CAIRO_PROOF_SERDE, &proof, &proof_len, NULL, &err));
    assert_int_equal(proof_len, len);
    assert_memory_equal(proof, text, len);
    free(proof);
    sage_cairo_proof_free(&want);
    free(text);
    free(program);
}

/* --- refusals --- */

static void assert_refused(const sage_cairo_task *t,
                           const sage_prove_options *o,
                           sage_cairo_proof_form form,
                           sage_status want,
                           const char *where)
{
    uint8_t *proof;
    size_t len;
    assert_int_equal(sage_prove_cairo(t, o, form, &proof, &len, NULL, &err), want);
    assert_string_equal(err.where, where);
    assert_null(proof);
}

static void refusals(void **state)
{
    (void)state;
    size_t len, input_len;
    uint8_t *program         = vector("ret_opcode", "compiled.json", &len);
    uint8_t *input           = vector("all_builtins", "prover_input.json", &input_len);
    const sage_cairo_task ok = small_task(program, len);
    const uint8_t args[]     = "[1]";
    sage_prove_options o     = quick;
    sage_cairo_task t        = ok;

    t.salt = M31_P;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EINVAL, "prove.cairo.salt");
    t      = ok;
    t.hash = 2;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EINVAL, "prove.cairo.hash");
    t      = ok;
    t.hash = SAGE_HASH_FAMILY_POSEIDON252;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EUNSUP, "prove.cairo.root");
    t              = ok;
    t.preprocessed = (sage_cairo_preprocessed_kind)9;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EINVAL, "prove.cairo.preprocessed");
    assert_refused(&ok, &o, (sage_cairo_proof_form)3, SAGE_EINVAL, "prove.cairo.form");

    t           = ok;
    t.max_steps = 3;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_ELIMIT, "vm.steps");
    t             = ok;
    t.program_len = 10;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EFORMAT, "json.truncated");

    t = small_task(input, input_len);
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EUNSUP, "prove.cairo.component");
    t.args     = args;
    t.args_len = sizeof args - 1;
    assert_refused(&t, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_EINVAL, "prove.cairo.args");

    o.memory_bytes = 1 << 20;
    assert_refused(&ok, &o, SAGE_CAIRO_PROOF_BINARY, SAGE_ENOMEM, "prove.memory");
    free(program);
    free(input);
}

/* A memory that is not the run's: some lookup finds nothing, or the sums do not balance. */
static void false_runs(void **state)
{
    (void)state;
    size_t len;
    uint8_t *text = vector("all_opcode_components", "prover_input.json", &len);
    /* The first state of ret_opcode, its ap moved. */
    const char *key = "\"ret_opcode\"";
    char *at        = strstr((char *)text, key);
    assert_non_null(at);
    at = strstr(at, "\"ap\":");
    assert_non_null(at);
    while (*at < '1' || *at > '9')
        at++;
    *at                  = *at == '9' ? '8' : (char)(*at + 1);
    sage_cairo_task task = small_task(text, len);
    uint8_t *proof;
    size_t proof_len;
    sage_status s = sage_prove_cairo(&task, &quick, SAGE_CAIRO_PROOF_BINARY, &proof, &proof_len,
                                     NULL, &err);
    assert_int_equal(s, SAGE_EPROOF);
    assert_null(proof);
    free(text);
}

int main(int argc, char **argv)
{
    static bool always              = true;
    const struct CMUnitTest whole[] = {
        cmocka_unit_test_prestate(published_poseidon252, &always),
        cmocka_unit_test(whole_poseidon252)};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_blake2s), cmocka_unit_test(published_poseidon252),
        cmocka_unit_test(programs), cmocka_unit_test(refusals), cmocka_unit_test(false_runs)};
    const bool long_run = argc > 1 && !strcmp(argv[1], "--whole");
    if (argc > 1 + long_run) cmocka_set_test_filter(argv[1 + long_run]);
    if (long_run) return cmocka_run_group_tests(whole, make_dir, remove_dir);
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
