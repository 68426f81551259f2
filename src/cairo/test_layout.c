/* The layout of a claim: the same trees as the table of all components makes, the parameters
 * that depend on the claim, and what has no constraints here. */
#include "cairo/layout.h"

#include "cairo/formats.h"
#include "cairo/public.h"
#include "cairo/test_claims.h"

static sage_layout *make_layout(const sage_cairo_claim *c, sage_cairo_variant variant)
{
    sage_errinfo err = {0};
    sage_layout *l   = malloc(sizeof *l);
    assert_non_null(l);
    if (sage_cairo_layout(c, variant, l, &err) != SAGE_OK) fail_msg("%s", err.msg);
    return l;
}

/* Every component whose constraints are here, in sizes that differ. */
static void claim_all(test_claim *t)
{
    test_claim_make(t);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const sage_cairo_component *p = &sage_cairo_components[i];
        t->c.log[i]                   = 0;
        if (sage_cairo_air(p) && i != SAGE_CAIRO_MEMORY_BIG)
            t->c.log[i] = p->log ? p->log : (uint8_t)(4 + i % 16);
    }
    t->c.n_big      = 3;
    t->c.big_log[0] = 9;
    t->c.big_log[1] = 4;
    t->c.big_log[2] = 12;
}

static void test_known_components(void **state)
{
    (void)state;
    uint32_t known = 0;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        known += sage_cairo_air(&sage_cairo_components[i]) != NULL;
    assert_int_equal(known, 49); /* set S4 of facts B1 */
}

static void assert_same_tree(const sage_tree_shape *a, const sage_tree_shape *b)
{
    assert_int_equal(a->n_cols, b->n_cols);
    assert_memory_equal(a->log, b->log, a->n_cols);
    assert_memory_equal(a->samples, b->samples, a->n_cols);
    assert_memory_equal(a->order, b->order, a->n_cols * sizeof *a->order);
}

static void test_trees(void **state)
{
    (void)state;
    test_claim t;
    claim_all(&t);
    for (int variant = 0; variant < SAGE_CAIRO_VARIANTS; variant++) {
        sage_cairo_proof p = {.variant = (sage_cairo_variant)variant, .claim = t.c};
        p.proof.config     = sage_config_production;
        sage_layout *l     = make_layout(&t.c, p.variant);
        void *mem = NULL, *tables = malloc(sage_layout_shape_bytes(l));
        sage_pcs_shape a, b;
        assert_non_null(tables);
        assert_int_equal(sage_layout_check(l, &p.proof.config, NULL), SAGE_OK);
        assert_int_equal(sage_layout_shape(l, &p.proof.config, tables, &a, NULL), SAGE_OK);
        assert_int_equal(sage_cairo_shape(&p, &b, &mem, NULL), SAGE_OK);
        assert_int_equal(a.n_samples, b.n_samples);
        for (int k = 0; k < SAGE_MAX_TREES; k++)
            assert_same_tree(&a.tree[k], &b.tree[k]);
        free(mem);
        free(tables);
        free(l);
    }
}

static const sage_instance *instance(const sage_layout *l, const char *name, uint32_t nth)
{
    for (uint32_t i = 0; i < l->n; i++)
        if (!strcmp(l->inst[i].air->name, name) && !nth--) return &l->inst[i];
    fail_msg("no %s", name);
    return NULL;
}

static void test_params(void **state)
{
    (void)state;
    test_claim t;
    claim_all(&t);
    t.c.log[test_component("memory_address_to_id")] = 11;
    test_set_segment(&t.c, SAGE_CAIRO_SEGMENT_RANGE_CHECK_96, 2000, 2003);
    sage_layout *l = make_layout(&t.c, SAGE_CAIRO_CANONICAL);
    assert_int_equal(instance(l, "memory_address_to_id", 0)->params[0], 1 << 11);
    static const uint32_t first[3] = {1u << 30, (1u << 30) + 512, (1u << 30) + 512 + 16};
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(instance(l, "memory_id_to_big", i)->params[0], first[i]);
    assert_int_equal(instance(l, "range_check_builtin", 0)->params[0], 64); /* test_claims.h */
    assert_int_equal(instance(l, "bitwise_builtin", 0)->params[0], 80);
    assert_int_equal(instance(l, "range_check96_builtin", 0)->params[0], 2000);
    free(l);
}

static void test_refused(void **state)
{
    (void)state;
    test_claim t;
    sage_errinfo err;
    static sage_layout l;
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const sage_cairo_component *p = &sage_cairo_components[i];
        claim_all(&t);
        if (i == SAGE_CAIRO_MEMORY_BIG) continue;
        if (!sage_cairo_air(p)) {
            t.c.log[i] = p->log ? p->log : 6;
            assert_int_equal(sage_cairo_layout(&t.c, SAGE_CAIRO_CANONICAL, &l, &err),
                             SAGE_EUNSUP);
            assert_string_equal(err.where, "cairo.component");
        } else if (p->log) { /* a table of another length than its columns */
            t.c.log[i] = (uint8_t)(p->log + 1);
            assert_int_equal(sage_cairo_layout(&t.c, SAGE_CAIRO_CANONICAL, &l, &err), SAGE_OK);
            assert_int_equal(sage_layout_check(&l, &sage_config_production, &err), SAGE_EINVAL);
            assert_string_equal(err.where, "layout.rows");
        }
    }
}

/* SMALL has no seq of 2^21 rows and more: what would read one is refused. */
static void test_missing_column(void **state)
{
    (void)state;
    test_claim t;
    sage_errinfo err;
    claim_all(&t);
    t.c.log[test_component("memory_id_to_small")] = 21;
    sage_layout *l = make_layout(&t.c, SAGE_CAIRO_CANONICAL_SMALL);
    assert_int_equal(sage_layout_check(l, &sage_config_production, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "layout.preprocessed");
    free(l);
    l = make_layout(&t.c, SAGE_CAIRO_CANONICAL);
    assert_int_equal(sage_layout_check(l, &sage_config_production, &err), SAGE_OK);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_components), cmocka_unit_test(test_trees),
        cmocka_unit_test(test_params), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_missing_column)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
