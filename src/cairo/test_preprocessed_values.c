/* Our preprocessed columns against the published Cairo proofs (facts section 0): every value
 * that such a proof carries of its preprocessed trace at its out-of-domain point is our
 * column's polynomial there, the column being lifted to the trace (facts A4, A7). */
#include "base/test.h"

#include "backend/backend.h"
#include "cairo/layout.h"
#include "cairo/preprocessed_fill.h"
#include "cairo/proof.h"

typedef struct rig {
    const sage_backend *be;
    sage_device *dev;
    uint32_t *col, *scratch, *host;
    sage_twiddles tw;
} rig;

static void rig_open(rig *r, uint32_t log)
{
    sage_errinfo err = {0};
    uint32_t *base;
    assert_int_equal(sage_backend_find(NULL, &r->be, &err), SAGE_OK);
    assert_int_equal(r->be->open(&r->dev, 1, &err), SAGE_OK);
    size_t column = (size_t)1 << log, scratch = (r->be->sample_words(log) + 63) & ~(size_t)63;
    size_t words = column + scratch + r->be->twiddle_words(log);
    assert_int_equal(r->be->arena(r->dev, words * sizeof(uint32_t), &base, &err), SAGE_OK);
    r->col     = base;
    r->scratch = base + column;
    r->tw      = (sage_twiddles){r->scratch + scratch, log};
    r->be->twiddles(r->dev, r->tw);
    r->host = malloc(column * sizeof *r->host);
    assert_non_null(r->host);
}

static void rig_close(rig *r)
{
    r->be->close(r->dev);
    free(r->host);
}

/* The transcript to the point: facts A6, steps 1 to 12. */
static secure_point point_of(const sage_cairo_proof *p)
{
    const sage_proof *proof = &p->proof;
    qm31 salt               = qm31_from(p->salt), drawn[2], sums[SAGE_CAIRO_MAX_INSTANCES];
    sage_channel ch;
    sage_channel_init(&ch, p->hash);
    sage_channel_mix_felts(&ch, &salt, 1);
    sage_config_mix(&proof->config, &ch);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 0));
    assert_int_equal(sage_cairo_claim_mix(&p->claim, &ch, NULL), SAGE_OK);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 1));
    sage_channel_mix_u64(&ch, proof->interaction_pow);
    sage_channel_draw_felts(&ch, drawn, 2);
    assert_in_range(proof->claimed_sums.n, 1, SAGE_CAIRO_MAX_INSTANCES);
    for (uint32_t i = 0; i < proof->claimed_sums.n; i++)
        sums[i] = sage_view_qm31(proof->claimed_sums, i);
    sage_channel_mix_felts(&ch, sums, proof->claimed_sums.n);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 2));
    (void)sage_channel_draw_felt(&ch);
    sage_channel_mix_root(&ch, sage_view_digest(proof->roots, 3));
    return sage_channel_draw_point(&ch);
}

/* Our column at pi^doublings(point). */
static qm31 value_at(rig *r, sage_air_pre c, secure_point point, uint32_t doublings)
{
    sage_errinfo err = {0};
    qm31 value;
    const uint32_t *cols[1] = {r->col};
    while (doublings--)
        point = secure_double(point);
    assert_int_equal(sage_cairo_pre_fill(c, 0, 1u << c.log, r->host, &err), SAGE_OK);
    r->be->upload(r->dev, r->col, r->host, (size_t)1 << c.log);
    assert_int_equal(
        r->be->sample(r->dev, r->tw, cols, 1, c.log, c.log, point, r->scratch, &value, &err),
        SAGE_OK);
    return value;
}

/* Compares every sampled column, by kind, and returns how many there were. */
static uint32_t compare(rig *r, const sage_cairo_proof *p, uint32_t log_rows, uint32_t *of_kind)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    secure_point point = point_of(p);
    uint32_t n = sage_cairo_preprocessed(p->variant, columns), sample = 0;
    assert_int_equal(n, p->n_columns[0]);
    for (uint32_t i = 0; i < n; i++) {
        sage_air_pre c = sage_cairo_pre(columns[i]);
        assert_in_range(p->n_samples[i], 0, 1);
        if (!p->n_samples[i]) continue;
        assert_true(c.log <= log_rows);
        qm31 got  = value_at(r, c, point, log_rows - c.log);
        qm31 want = sage_view_qm31(p->proof.sampled, sample++);
        if (!qm31_eq(got, want))
            fail_msg("column %u (kind %d, index %u, 2^%u rows): %u %u %u %u, published %u %u "
                     "%u %u",
                     i, (int)c.kind, c.index, c.log, got.v[0], got.v[1], got.v[2], got.v[3],
                     want.v[0], want.v[1], want.v[2], want.v[3]);
        of_kind[c.kind]++;
    }
    return sample;
}

typedef struct published {
    const char *name;
    uint32_t log_rows, sampled, of_kind[SAGE_PRE_PEDERSEN_POINTS + 1];
} published;

static void check(const published *want)
{
    size_t len;
    char *text       = sage_test_vector(want->name, &len);
    sage_errinfo err = {0};
    sage_cairo_proof p;
    sage_pcs_shape shape;
    void *mem = NULL;
    rig r;
    uint32_t of_kind[SAGE_PRE_PEDERSEN_POINTS + 1] = {0};
    if (sage_cairo_read(&p, (const uint8_t *)text, len, SAGE_CAIRO_FORMAT_SERDE, &err))
        fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(sage_cairo_shape(&p, &shape, &mem, &err), SAGE_OK);
    assert_int_equal(shape.log_rows, want->log_rows);
    rig_open(&r, shape.log_rows);
    assert_int_equal(compare(&r, &p, shape.log_rows, of_kind), want->sampled);
    for (int k = 0; k <= SAGE_PRE_PEDERSEN_POINTS; k++)
        assert_int_equal(of_kind[k], want->of_kind[k]);
    rig_close(&r);
    free(mem);
    sage_cairo_proof_free(&p);
    free(text);
}

static void blake2s_proof(void **state)
{
    (void)state;
    check(&(published){"stwo-cairo/test_prove_verify_all_opcode_components/proof.json",
                       20,
                       62,
                       {9, 22, 15, 16, 0, 0}});
}

static void poseidon252_proof(void **state)
{
    (void)state;
    check(&(published){
        "stwo-cairo/test_prove_verify_ret_opcode/proof.json", 20, 42, {8, 22, 12, 0, 0, 0}});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blake2s_proof),
        cmocka_unit_test(poseidon252_proof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
