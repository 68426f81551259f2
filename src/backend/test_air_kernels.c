/* Three components by hand, in the shape of airc's output, so that the backend's tests need no
 * generated code. test_air_kernels.h defines them. */
#include "field/lanes.h"

#include "air/witness_lanes.h"
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

static void store_words(const sage_air_rows *r, uint32_t column, size_t i, const vu words[8])
{
    for (uint32_t j = 0; j < 8; j++)
        vf_store(r->trace[column + j] + i, vu_to_m31(words[j]));
}

static void looker_witness(const sage_air_rows *r, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i += LANES) {
        vu v[8], w[8], y[8];
        vf x  = vf_load(r->inputs[2] + i);
        vf id = air_memory_id(r, vf_load(r->inputs[0] + i));
        vf_store(r->trace[LOOK_ENABLER] + i, air_enabler(r, i));
        vf_store(r->trace[LOOK_ROW] + i, air_row(i));
        vf_store(r->trace[LOOK_ID] + i, id);
        vf_store(r->trace[LOOK_INVERSE] + i, air_inverse(x));
        vf_store(r->trace[LOOK_KEY] + i, vf_load(r->inputs[3] + i));
        vf_store(r->trace[LOOK_TIMES] + i, vf_load(r->inputs[4] + i));
        vf_store(r->feed[0] + i, vf_add(air_row(i), x));
        vf_store(r->feed[1] + i, id);
        for (uint32_t j = 0; j < 8; j++)
            w[j] = vu_mul(vu_from_m31(x), vu_set1(look_factor(j)));
        air_memory_value(r, vf_load(r->inputs[1] + i), v);
        store_words(r, LOOK_VALUE, i, v);
        air_felt252_add(v, w, y);
        store_words(r, LOOK_ADD, i, y);
        air_felt252_sub(v, w, y);
        store_words(r, LOOK_SUB, i, y);
        air_felt252_mul(v, w, y);
        store_words(r, LOOK_MUL, i, y);
        air_felt252_div(v, w, y);
        store_words(r, LOOK_DIV, i, y);
    }
}

static bool looker_count(const sage_air_rows *r,
                         uint32_t relation,
                         size_t begin,
                         size_t end,
                         const sage_air_counters *to)
{
    bool found = true;
    for (size_t i = begin; i < end; i += LANES) {
        vu key   = vu_from_m31(vf_load(r->trace[LOOK_KEY] + i));
        vu times = vu_from_m31(vf_load(r->trace[LOOK_TIMES] + i));
        if (relation == 2) times = vu_from_m31(vf_load(r->trace[LOOK_ENABLER] + i));
        found = air_count(to, key, times) && found;
        if (relation == 2) found = air_count(to, key, times) && found;
    }
    return found;
}

static const sage_air_kernels tiny = {
    .name        = "tiny",
    .witness     = tiny_witness,
    .fractions   = tiny_fractions,
    .constraints = tiny_constraints,
};
static const sage_air_kernels many   = {.name = "many", .fractions = many_fractions};
static const sage_air_kernels looker = {
    .name = "looker", .witness = looker_witness, .count = looker_count};

const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[] = {&tiny, &many, &looker,
                                                                       NULL};
