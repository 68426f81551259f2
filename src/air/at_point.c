#include "air/air.h"
#include "air/check_rows.h"
#include "airc/air_code.h"

enum { MAX_STEPS = 1 << 22 }; /* a component takes some ten per column and constraint */

typedef struct loop {
    const uint8_t *body;
    uint64_t left, done; /* iterations */
} loop;

typedef struct machine {
    const sage_air *air;
    const sage_air_mask *mask;
    qm31 *regs;
    const uint8_t *p, *end, *words;
    uint64_t n_words, n_trace, n_asserts, n_pairs;
    loop loops[AIR_MAX_LOOPS];
    uint32_t depth;
    bool bad; /* malformed: set once, checked after every instruction */
    qm31 rho, asserts, pairs;
    uint64_t asserts_done, pairs_done;
    /* LogUp: the open pair's first fraction, the column before. */
    bool open;
    qm31 den, num, before;
    /* Of a row that is checked; NULL otherwise. */
    const sage_air_watch *watch;
    uint32_t row;
} machine;

static uint64_t varint(machine *m)
{
    uint64_t v = 0;
    for (uint32_t shift = 0; shift < 64 && m->p < m->end; shift += 7) {
        uint8_t b = *m->p++;
        v |= (uint64_t)(b & 0x7f) << shift;
        if (!(b & 0x80)) return v;
    }
    m->bad = true;
    return 0;
}

static uint64_t zigzag(machine *m)
{
    uint64_t v = varint(m);
    return (v >> 1) ^ (0 - (v & 1));
}

/* Sums wrap mod 2^64; whoever uses the result compares it with a bound. */
static uint64_t read_index(machine *m)
{
    uint64_t mask = varint(m), x = 0;
    if (mask & 1) x = zigzag(m);
    if (mask & 2) x += zigzag(m) * m->mask->size;
    for (uint32_t d = 0; d < AIR_MAX_LOOPS; d++) {
        if (!(mask & (4u << d))) continue;
        if (d >= m->depth)
            m->bad = true;
        else
            x += zigzag(m) * m->loops[d].done;
    }
    if (mask >> (2 + AIR_MAX_LOOPS)) m->bad = true;
    return x;
}

static qm31 *reg(machine *m)
{
    uint64_t r = varint(m);
    if (r < m->air->code_regs) return &m->regs[r];
    m->bad = true;
    return m->regs;
}

static m31 constant(machine *m)
{
    uint64_t v = varint(m);
    if (v < M31_P) return (m31)v;
    m->bad = true;
    return 0;
}

static qm31 operand(machine *m)
{
    uint64_t r = varint(m);
    if (!r) return qm31_from(constant(m));
    if (r - 1 < m->air->code_regs) return m->regs[r - 1];
    m->bad = true;
    return qm31_zero();
}

static qm31 word(machine *m, uint64_t i)
{
    uint32_t v        = 0;
    const uint8_t *at = m->words + 4 * i;
    for (int k = 0; k < 4; k++)
        v |= (uint32_t)at[k] << 8 * k;
    if (v >= M31_P) m->bad = true;
    return qm31_from(v % M31_P);
}

static qm31 load(machine *m, air_opcode op)
{
    uint64_t i = read_index(m);
    bool ok    = !m->bad;
    switch (op) {
    case AIR_TRACE: ok = ok && i < m->n_trace; break;
    case AIR_PRE: ok = ok && i < m->air->n_pre; break;
    case AIR_PARAM: ok = ok && i < m->air->params; break;
    case AIR_WORD: ok = ok && i < m->n_words; break;
    default: break;
    }
    if (!ok) {
        m->bad = true;
        return qm31_zero();
    }
    switch (op) {
    case AIR_TRACE: return m->mask->trace[i];
    case AIR_PRE: return m->mask->pre[i];
    case AIR_PARAM: return qm31_from(m->mask->params[i]);
    case AIR_WORD: return word(m, i);
    default: break;
    }
    int64_t x = (int64_t)i % (int64_t)M31_P;
    return qm31_from((m31)(x < 0 ? x + M31_P : x));
}

/* Facts A8: (cur - before) den - num; the last column also runs over the rows. */
static void close_pair(machine *m)
{
    uint64_t b = m->pairs_done++;
    m->open    = false;
    if (b >= m->n_pairs) {
        m->bad = true;
        return;
    }
    qm31 cur = m->mask->inter[b], diff = qm31_sub(cur, m->before);
    if (b + 1 == m->n_pairs)
        diff = qm31_add(qm31_sub(diff, m->mask->inter_prev), m->mask->shift);
    qm31 c    = qm31_sub(qm31_mul(diff, m->den), m->num);
    m->pairs  = qm31_add(qm31_mul(m->pairs, m->rho), c);
    m->before = cur;
}

static void entry(machine *m)
{
    uint64_t relation = varint(m), negative = varint(m);
    qm31 num   = operand(m);
    uint64_t n = varint(m);
    if (m->bad || relation >= m->air->n_relations || negative > 1 ||
        n > m->air->relations[relation].arity) {
        m->bad = true;
        return;
    }
    qm31 den = qm31_sub(qm31_from(m->air->relations[relation].id), m->mask->z);
    for (uint64_t i = 1; i <= n; i++)
        den = qm31_add(den, qm31_mul(operand(m), m->mask->alpha[i]));
    if (negative) num = qm31_neg(num);
    if (m->watch && m->watch->entry)
        m->watch->entry(m->watch->arg, (uint32_t)relation, num, den);
    if (!m->open) {
        m->den  = den;
        m->num  = num;
        m->open = true;
        return;
    }
    m->num = qm31_add(qm31_mul(m->num, den), qm31_mul(num, m->den));
    m->den = qm31_mul(m->den, den);
    close_pair(m);
}

static void begin_loop(machine *m)
{
    uint64_t trips = read_index(m), len = varint(m);
    if (m->bad || trips > UINT32_MAX || len > (uint64_t)(m->end - m->p) ||
        m->depth == AIR_MAX_LOOPS) {
        m->bad = true;
        return;
    }
    if (!trips)
        m->p += len;
    else
        m->loops[m->depth++] = (loop){m->p, trips, 0};
}

static void next_iteration(machine *m)
{
    if (!m->depth) {
        m->bad = true;
        return;
    }
    loop *l = &m->loops[m->depth - 1];
    l->done++;
    if (--l->left)
        m->p = l->body;
    else
        m->depth--;
}

static void assert_zero(machine *m, qm31 x)
{
    if (m->watch && m->watch->wrong && !qm31_is_zero(x))
        m->watch->wrong(m->watch->arg, m->row, (uint32_t)m->asserts_done);
    m->asserts = qm31_add(qm31_mul(m->asserts, m->rho), x);
    m->asserts_done++;
}

static void step(machine *m, air_opcode op)
{
    qm31 *d, x, y;
    switch (op) {
    case AIR_CONST:
        d  = reg(m);
        *d = qm31_from(constant(m));
        break;
    case AIR_TRACE:
    case AIR_PRE:
    case AIR_PARAM:
    case AIR_WORD:
    case AIR_INDEX:
        d  = reg(m);
        *d = load(m, op);
        break;
    case AIR_ADD:
    case AIR_SUB:
    case AIR_MUL:
        d  = reg(m);
        x  = *reg(m);
        y  = *reg(m);
        *d = op == AIR_ADD ? qm31_add(x, y) : op == AIR_SUB ? qm31_sub(x, y) : qm31_mul(x, y);
        break;
    case AIR_NEG:
        d  = reg(m);
        *d = qm31_neg(*reg(m));
        break;
    case AIR_ADDC:
    case AIR_RSUBC:
        d  = reg(m);
        x  = *reg(m);
        y  = qm31_from(constant(m));
        *d = op == AIR_ADDC ? qm31_add(x, y) : qm31_sub(y, x);
        break;
    case AIR_MULC:
        d  = reg(m);
        x  = *reg(m);
        *d = qm31_scale(x, constant(m));
        break;
    case AIR_MOVE:
        d  = reg(m);
        *d = *reg(m);
        break;
    case AIR_ASSERT: assert_zero(m, *reg(m)); break;
    case AIR_ENTRY: entry(m); break;
    case AIR_LOOP: begin_loop(m); break;
    case AIR_NEXT: next_iteration(m); break;
    default: m->bad = true;
    }
}

static sage_status run(machine *m)
{
    const sage_air *air = m->air;
    m->p                = air->code;
    m->end              = air->code + air->code_len;
    m->n_trace          = sage_air_at(air->trace, m->mask->size);
    m->n_asserts        = sage_air_at(air->asserts, m->mask->size);
    m->n_pairs          = sage_air_at(air->pairs, m->mask->size);
    m->n_words          = varint(m);
    m->words            = m->p;
    if (m->bad || m->n_words > (uint64_t)(m->end - m->p) / 4 || !air->code_regs)
        return SAGE_EINTERNAL;
    for (uint32_t i = 0; i < air->code_regs; i++)
        m->regs[i] = qm31_zero();
    m->p += 4 * m->n_words;
    for (uint64_t steps = 0; m->p < m->end && *m->p != AIR_END; steps++) {
        step(m, (air_opcode)*m->p++);
        if (m->bad || steps > MAX_STEPS) return SAGE_EINTERNAL;
    }
    if (m->p == m->end || m->depth) return SAGE_EINTERNAL;
    if (m->open) close_pair(m); /* odd tail: a single fraction */
    if (m->bad || m->asserts_done != m->n_asserts || m->pairs_done != m->n_pairs)
        return SAGE_EINTERNAL;
    return SAGE_OK;
}

sage_status sage_air_at_point(
    const sage_air *air, const sage_air_mask *mask, qm31 rho, qm31 *regs, qm31 *acc)
{
    machine m     = {.air = air, .mask = mask, .regs = regs, .rho = rho, .asserts = *acc};
    sage_status s = run(&m);
    if (s) return s;
    /* The pairs' constraints come after all asserts. */
    *acc = qm31_add(qm31_mul(m.asserts, qm31_pow(rho, m.n_pairs)), m.pairs);
    return SAGE_OK;
}

sage_status sage_air_check_row(const sage_air *air,
                               const sage_air_mask *mask,
                               uint32_t row,
                               const sage_air_watch *watch,
                               qm31 *scratch)
{
    sage_air_mask m = *mask;
    m.inter         = scratch + air->code_regs; /* zeros or not: nobody looks at the result */
    machine k       = {.air = air, .mask = &m, .regs = scratch, .watch = watch, .row = row};
    return run(&k);
}
