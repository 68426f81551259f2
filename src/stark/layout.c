#include "stark/layout.h"

#include <string.h>

uint32_t sage_instance_trace(const sage_instance *i)
{
    return sage_air_at(i->air->trace, i->size);
}
uint32_t sage_instance_pairs(const sage_instance *i)
{
    return sage_air_at(i->air->pairs, i->size);
}
uint32_t sage_instance_constraints(const sage_instance *i)
{
    return sage_air_at(i->air->asserts, i->size) + sage_instance_pairs(i);
}

static sage_air_pre pre_of(const sage_instance *i, uint32_t k)
{
    sage_air_pre p = i->air->pre[k];
    if (!p.log) p.log = i->log_rows;
    return p;
}

static bool pre_same(sage_air_pre a, sage_air_pre b)
{
    return a.kind == b.kind && a.log == b.log && a.widths == b.widths && a.index == b.index;
}
static bool pre_before(sage_air_pre a, sage_air_pre b)
{
    if (a.log != b.log) return a.log < b.log;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.widths != b.widths ? a.widths < b.widths : a.index < b.index;
}

static uint32_t log2_ceil(uint64_t v)
{
    uint32_t k = 0;
    while (k < 63 && (1ull << k) < v)
        k++;
    return k;
}

static sage_status
check_instance(const sage_instance *i, uint32_t index, const sage_config *c, sage_errinfo *err)
{
    const sage_air *air = i->air;
    if (i->log_rows < SAGE_AIR_MIN_LOG || i->log_rows > SAGE_AIR_MAX_LOG ||
        i->log_rows + c->log_blowup > SAGE_MAX_LOG_EXT)
        return sage_fail(err, SAGE_ELIMIT, "layout.rows", index,
                         "%s: 2^%u rows, allowed 2^%d to 2^%d", air->name, i->log_rows,
                         SAGE_AIR_MIN_LOG, SAGE_AIR_MAX_LOG);
    if (air->fixed_log && air->fixed_log != i->log_rows)
        return sage_fail(err, SAGE_EINVAL, "layout.rows", index,
                         "%s: 2^%u rows, its tables have 2^%u", air->name, i->log_rows,
                         air->fixed_log);
    if (air->sized ? i->size < air->size_min || i->size > SAGE_MAX_COLUMNS : i->size != 0)
        return sage_fail(err, SAGE_ELIMIT, "layout.size", index,
                         "%s: size %u, allowed %u to %d", air->name, i->size, air->size_min,
                         SAGE_MAX_COLUMNS);
    if (sage_instance_trace(i) + 4 * sage_instance_pairs(i) > SAGE_MAX_COLUMNS)
        return sage_fail(err, SAGE_ELIMIT, "layout.columns", index, "%s: more than %d columns",
                         air->name, SAGE_MAX_COLUMNS);
    if (i->n_params != air->params)
        return sage_fail(err, SAGE_EINVAL, "layout.params", index,
                         "%s: %u parameters, needs %u", air->name, i->n_params, air->params);
    return SAGE_OK;
}

/* A relation's total uses must stay below p, or multiplicities could wrap (facts F1); so must
 * its yields, which are as many terms of the same sum. */
static sage_status check_uses(const sage_layout *l, sage_errinfo *err)
{
    for (uint32_t i = 0; i < l->n; i++)
        for (uint32_t r = 0; r < l->inst[i].air->n_relations; r++) {
            uint32_t id   = l->inst[i].air->relations[r].id;
            uint64_t uses = 0, yields = 0;
            for (uint32_t j = 0; j < l->n; j++) {
                const sage_instance *o = &l->inst[j];
                for (uint32_t s = 0; s < o->air->n_relations; s++)
                    if (o->air->relations[s].id == id) {
                        const sage_air_relation *e = &o->air->relations[s];
                        uses += (uint64_t)sage_air_at(e->uses, o->size) << o->log_rows;
                        yields += (uint64_t)sage_air_at(e->yields, o->size) << o->log_rows;
                    }
            }
            uint64_t total = uses > yields ? uses : yields;
            if (total >= M31_P)
                return sage_fail(err, SAGE_ELIMIT, "layout.uses", i,
                                 "relation %s could be used %llu times, the field allows %u",
                                 l->inst[i].air->relations[r].name, (unsigned long long)total,
                                 M31_P - 1);
        }
    return SAGE_OK;
}

static uint32_t pre_find(const sage_air_pre *all, uint32_t n, sage_air_pre p)
{
    uint32_t at = 0;
    while (at < n && !pre_same(all[at], p))
        at++;
    return at;
}

/* What an instance reads fits the trace, and stands in the list if there is one. */
static sage_status
check_pre(const sage_layout *l, uint32_t index, uint32_t max_log, sage_errinfo *err)
{
    const sage_instance *in = &l->inst[index];
    for (uint32_t k = 0; k < in->air->n_pre; k++) {
        sage_air_pre p = pre_of(in, k);
        if (p.log > max_log)
            return sage_fail(err, SAGE_ELIMIT, "layout.preprocessed", index,
                             "%s reads a table of 2^%u rows, the trace has 2^%u", in->air->name,
                             p.log, max_log);
        if (l->n_pre && pre_find(l->pre, l->n_pre, p) == l->n_pre)
            return sage_fail(err, SAGE_EINVAL, "layout.preprocessed", index,
                             "%s reads a column that this preprocessed trace lacks",
                             in->air->name);
    }
    return SAGE_OK;
}

sage_status sage_layout_check(const sage_layout *l, const sage_config *c, sage_errinfo *err)
{
    uint32_t max_log = 0;
    if (l->n < 1 || l->n > SAGE_MAX_INSTANCES)
        return sage_fail(err, SAGE_EINVAL, "layout.instances", l->n,
                         "%u components, allowed 1 to %d", l->n, SAGE_MAX_INSTANCES);
    for (uint32_t i = 0; i < l->n; i++) {
        sage_status s = check_instance(&l->inst[i], i, c, err);
        if (s) return s;
        if (l->inst[i].log_rows > max_log) max_log = l->inst[i].log_rows;
    }
    for (uint32_t i = 0; i < l->n; i++) {
        sage_status s = check_pre(l, i, max_log, err);
        if (s) return s;
    }
    if (max_log <= c->log_last_layer)
        return sage_fail(err, SAGE_EINVAL, "layout.last_layer", max_log,
                         "last FRI layer of degree 2^%u needs more than 2^%u rows",
                         c->log_last_layer, max_log);
    return check_uses(l, err);
}

bool sage_layout_has_logup(const sage_layout *l)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (sage_instance_pairs(&l->inst[i])) return true;
    return false;
}

uint32_t sage_layout_constraints(const sage_layout *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->n; i++)
        n += sage_instance_constraints(&l->inst[i]);
    return n;
}

uint32_t sage_layout_alphas(const sage_layout *l)
{
    uint32_t n = 1;
    for (uint32_t i = 0; i < l->n; i++)
        for (uint32_t r = 0; r < l->inst[i].air->n_relations; r++)
            if (l->inst[i].air->relations[r].arity + 1 > n)
                n = l->inst[i].air->relations[r].arity + 1;
    return n;
}

uint32_t sage_layout_interaction_pow(const sage_layout *l, const sage_config *c)
{
    uint64_t entries = 0;
    for (uint32_t i = 0; i < l->n; i++)
        entries += (uint64_t)sage_air_at(l->inst[i].air->entries, l->inst[i].size)
                   << l->inst[i].log_rows;
    uint32_t field_bits = 4 * M31_BITS, lost = log2_ceil(entries * sage_layout_alphas(l));
    uint32_t bits = field_bits > lost ? field_bits - lost : 0, want = sage_config_security(c);
    return want > bits ? want - bits : 0;
}

uint32_t sage_layout_preprocessed(const sage_layout *l, sage_air_pre out[SAGE_MAX_PREPROCESSED])
{
    uint32_t n = 0;
    if (l->n_pre) {
        memcpy(out, l->pre, l->n_pre * sizeof *out);
        return l->n_pre;
    }
    for (uint32_t i = 0; i < l->n; i++)
        for (uint32_t k = 0; k < l->inst[i].air->n_pre; k++) {
            sage_air_pre p = pre_of(&l->inst[i], k);
            uint32_t at    = 0;
            while (at < n && pre_before(out[at], p))
                at++;
            if (at < n && pre_same(out[at], p)) continue;
            if (n == SAGE_MAX_PREPROCESSED) return n;
            memmove(out + at + 1, out + at, (n - at) * sizeof *out);
            out[at] = p;
            n++;
        }
    return n;
}

uint32_t sage_layout_preprocessed_index(const sage_layout *l, uint32_t i, uint32_t k)
{
    sage_air_pre all[SAGE_MAX_PREPROCESSED], p = pre_of(&l->inst[i], k);
    if (l->n_pre) return pre_find(l->pre, l->n_pre, p);
    return pre_find(all, sage_layout_preprocessed(l, all), p);
}

/* Columns of the three kinds of tree over the whole layout. */
static uint32_t total_trace(const sage_layout *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->n; i++)
        n += sage_instance_trace(&l->inst[i]);
    return n;
}
static uint32_t total_inter(const sage_layout *l)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < l->n; i++)
        n += 4 * sage_instance_pairs(&l->inst[i]);
    return n;
}

size_t sage_layout_shape_bytes(const sage_layout *l)
{
    size_t cols = (size_t)SAGE_MAX_PREPROCESSED + total_trace(l) + total_inter(l) +
                  SAGE_COMPOSITION_COLUMNS;
    return cols * (sizeof(uint32_t) + 2);
}

/* The tree being filled: its slices of the three arrays, n columns so far. */
typedef struct builder {
    uint32_t *order;
    uint8_t *log, *samples;
    uint32_t n;
} builder;

static void add(builder *b, uint32_t log, uint32_t samples)
{
    b->log[b->n]     = (uint8_t)log;
    b->samples[b->n] = (uint8_t)samples;
    b->n++;
}

/* Appends the tree to the shape and starts the next one. */
static void close_tree(builder *b, sage_pcs_shape *out)
{
    sage_leaf_order(b->log, b->n, b->order);
    out->tree[out->n_trees++] = (sage_tree_shape){b->n, b->log, b->samples, b->order, 0};
    *b                        = (builder){b->order + b->n, b->log + b->n, b->samples + b->n, 0};
}

/* A preprocessed column is sampled iff some instance reads it: a sample that no constraint
 * uses would let the prover choose a term of the DEEP quotients (facts F1). */
static bool is_read(const sage_layout *l, sage_air_pre p)
{
    for (uint32_t i = 0; i < l->n; i++)
        for (uint32_t k = 0; k < l->inst[i].air->n_pre; k++)
            if (pre_same(pre_of(&l->inst[i], k), p)) return true;
    return false;
}

sage_status sage_layout_shape(const sage_layout *l,
                              const sage_config *c,
                              void *mem,
                              sage_pcs_shape *out,
                              sage_errinfo *err)
{
    uint32_t capacity =
        SAGE_MAX_PREPROCESSED + total_trace(l) + total_inter(l) + SAGE_COMPOSITION_COLUMNS;
    uint8_t *bytes = (uint8_t *)((uint32_t *)mem + capacity);
    builder b      = {mem, bytes, bytes + capacity, 0};
    sage_air_pre pre[SAGE_MAX_PREPROCESSED];
    uint32_t n_pre = sage_layout_preprocessed(l, pre), max_log = 0;

    *out = (sage_pcs_shape){.config = *c};
    for (uint32_t k = 0; k < n_pre; k++)
        add(&b, pre[k].log, is_read(l, pre[k]));
    close_tree(&b, out);
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->inst[i].log_rows > max_log) max_log = l->inst[i].log_rows;
        for (uint32_t k = sage_instance_trace(&l->inst[i]); k--;)
            add(&b, l->inst[i].log_rows, 1);
    }
    close_tree(&b, out);
    if (sage_layout_has_logup(l)) {
        for (uint32_t i = 0; i < l->n; i++) {
            uint32_t cols = 4 * sage_instance_pairs(&l->inst[i]);
            for (uint32_t k = 0; k < cols; k++) /* the last pair is read one row back too */
                add(&b, l->inst[i].log_rows, k + 4 >= cols ? 2 : 1);
        }
        close_tree(&b, out);
    }
    for (uint32_t k = 0; k < SAGE_COMPOSITION_COLUMNS; k++)
        add(&b, max_log, 1);
    close_tree(&b, out);
    return sage_pcs_shape_make(out, err);
}

m31 sage_vanishing(uint32_t log, m31 x)
{
    while (log-- > 1)
        x = circle_double_x(x);
    return x;
}
qm31 sage_vanishing_secure(uint32_t log, qm31 x)
{
    while (log-- > 1)
        x = secure_double_x(x);
    return x;
}
