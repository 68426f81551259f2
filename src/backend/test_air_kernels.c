/* Two components by hand, in the shape of airc's output, so that the backend's tests need no
 * generated code. test_air_kernels.h defines them. */
#include "field/lanes.h"

#include "test_air_kernels.h"

static void tiny_witness(const sage_air_rows *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += LANES) {
        vf a = vf_load(r->inputs[0] + i), b = vf_load(r->inputs[1] + i);
        vf_store(r->trace[0] + i, a);
        vf_store(r->trace[1] + i, b);
        vf_store(r->trace[2] + i, vf_mul(a, b));
    }
}

static void tiny_constraints(const sage_air_rows *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += LANES) {
        vf c   = vf_sub(vf_load(r->trace[2] + i),
                        vf_mul(vf_load(r->trace[0] + i), vf_load(r->trace[1] + i)));
        vf inv = vf_set1(r->vanish_inv[i >> r->log_rows]);
        vq sum = vq_mul_f(vq_set1(r->coef[0]), vf_mul(c, inv));
        vq_store(r->acc, i, vq_add(vq_load((const uint32_t *const *)r->acc, i), sum));
    }
}

/* id + alpha * x + alpha^2 * y - z */
static vq combine(const sage_air_rows *r, m31 id, vf x, vf y)
{
    vq d = vq_add(vq_mul_f(vq_set1(r->alpha[1]), x), vq_mul_f(vq_set1(r->alpha[2]), y));
    return vq_sub(vq_add_f(d, vf_set1(id)), vq_set1(r->z));
}

static void tiny_fractions(const sage_air_rows *r,
                           size_t begin,
                           size_t end,
                           uint32_t *const *num,
                           uint32_t *const *den)
{
    for (size_t i = begin; i < end; i += LANES) {
        vf a = vf_load(r->trace[0] + i), b = vf_load(r->trace[1] + i);
        vf c  = vf_load(r->trace[2] + i);
        vq d0 = combine(r, TINY_ID0, a, b), d1 = combine(r, TINY_ID1, b, c);
        /* uses id0 with multiplicity a, yields id1 with 1; then uses id0 of (c, a) */
        vq_store(num, i - begin, vq_sub(vq_mul_f(d1, a), d0));
        vq_store(den, i - begin, vq_mul(d0, d1));
        vq_store(num + 4, i - begin, vq_of(vf_set1(1)));
        vq_store(den + 4, i - begin, combine(r, TINY_ID0, c, a));
    }
}

static void many_fractions(const sage_air_rows *r,
                           size_t begin,
                           size_t end,
                           uint32_t *const *num,
                           uint32_t *const *den)
{
    for (uint32_t b = 0; b < r->size; b++) {
        for (size_t i = begin; i < end; i += LANES) {
            vf x = vf_load(r->trace[0] + i), y = vf_load(r->trace[1] + i);
            vq_store(num + 4 * (size_t)b, i - begin, vq_of(vf_add(x, vf_set1(b))));
            vq_store(den + 4 * (size_t)b, i - begin, combine(r, b, x, y));
        }
    }
}

static const sage_air_kernels tiny = {
    .name        = "tiny",
    .witness     = tiny_witness,
    .fractions   = tiny_fractions,
    .constraints = tiny_constraints,
};
static const sage_air_kernels many = {.name = "many", .fractions = many_fractions};

const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[] = {&tiny, &many, NULL};
