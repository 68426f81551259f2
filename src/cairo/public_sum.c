/* cairo/public_sum.c -- the public part of the LogUp sum (facts A8, B2, B3).
 *
 * The outside world uses the public memory, which the memory tables yield, and the final state,
 * which the last step yields; it yields the initial state, which the first step uses.
 *
 * The sum is kept as one fraction: num/den + s/d = (num d + s den) / (den d). One inversion at
 * the end serves all, and den is zero iff some denominator was. */
#include "cairo/limbs.h"
#include "cairo/public.h"
#include "field/relation.h"

typedef struct public_sum {
    const qm31 *alpha;
    qm31 address, value, opcodes; /* relation id - z: where its tuples begin */
    qm31 num, den;
} public_sum;

static qm31 begin(const char *relation, qm31 z)
{
    return qm31_sub(qm31_from(sage_relation_id(relation)), z);
}

/* tuple + v alpha^k */
static qm31 add_value(const public_sum *s, qm31 tuple, uint32_t k, m31 v)
{
    return qm31_add(tuple, qm31_scale(s->alpha[k], v));
}

static void use(public_sum *s, qm31 tuple)
{
    s->num = qm31_add(qm31_mul(s->num, tuple), s->den);
    s->den = qm31_mul(s->den, tuple);
}

static void yield(public_sum *s, qm31 tuple)
{
    s->num = qm31_sub(qm31_mul(s->num, tuple), s->den);
    s->den = qm31_mul(s->den, tuple);
}

/* Sum of limb i times alpha^(2 + i). Products are below 2^40, 28 of them below 2^45: reduced
 * once. */
static qm31 fold_limbs(const public_sum *s, const sage_felt252 *v)
{
    uint64_t sum[4] = {0};
    for (uint32_t i = 0; i < SAGE_CAIRO_LIMBS; i++) {
        uint64_t limb = sage_cairo_limb(v, i);
        for (int k = 0; k < 4; k++)
            sum[k] += limb * s->alpha[2 + i].v[k];
    }
    return qm31_of(m31_reduce64(sum[0]), m31_reduce64(sum[1]), m31_reduce64(sum[2]),
                   m31_reduce64(sum[3]));
}

/* The memory holds this value at this address, under this id. */
static void use_cell(public_sum *s, m31 address, m31 id, const sage_felt252 *v)
{
    use(s, add_value(s, add_value(s, s->address, 1, address), 2, id));
    use(s, qm31_add(add_value(s, s->value, 1, id), fold_limbs(s, v)));
}

static void use_word(public_sum *s, m31 address, m31 id, uint32_t word)
{
    const sage_felt252 v = {{word}};
    use_cell(s, address, id, &v);
}

static void use_cells(public_sum *s, m31 address, const sage_cairo_cells *cells)
{
    for (uint32_t i = 0; i < cells->n; i++)
        use_cell(s, address + i, cells->at[i].id, &cells->at[i].value);
}

/* Before the run: a frame to return to. It starts with pointers to the segments' starts, and
 * ends with pointers to their ends. */
static void use_stack(public_sum *s, const sage_cairo_claim *c)
{
    m31 start = c->initial[SAGE_CAIRO_AP];
    m31 stop  = c->final[SAGE_CAIRO_AP] - SAGE_CAIRO_SEGMENTS;
    use_word(s, start - 2, c->safe_call_ids[0], start);
    use_word(s, start - 1, c->safe_call_ids[1], 0);
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++) {
        const uint32_t *seg = c->segments[i];
        use_word(s, start + i, seg[SAGE_CAIRO_START_ID], seg[SAGE_CAIRO_START]);
        use_word(s, stop + i, seg[SAGE_CAIRO_STOP_ID], seg[SAGE_CAIRO_STOP]);
    }
}

static qm31 state(const public_sum *s, const m31 registers[3])
{
    qm31 tuple = s->opcodes;
    for (uint32_t i = 0; i < 3; i++)
        tuple = add_value(s, tuple, 1 + i, registers[i]);
    return tuple;
}

sage_status sage_cairo_public_sum(
    const sage_cairo_claim *c, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    public_sum s = {alpha,
                    begin("MemoryAddressToId", z),
                    begin("MemoryIdToBig", z),
                    begin("Opcodes", z),
                    qm31_zero(),
                    qm31_one()};
    use_cells(&s, c->initial[SAGE_CAIRO_PC], &c->program);
    use_cells(&s, c->segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_START], &c->output);
    use_stack(&s, c);
    use(&s, state(&s, c->final));
    yield(&s, state(&s, c->initial));
    if (qm31_is_zero(s.den))
        return sage_fail(err, SAGE_EPROOF, "proof.logup.public", -1,
                         "a public value's denominator is zero");
    *out = qm31_mul(s.num, qm31_inv(s.den));
    return SAGE_OK;
}
