/* cairo/layout.c -- from the claim to instances of AIRs (facts B1, B3). */
#include "cairo/layout.h"

#include <string.h>

#include "cairo/public.h"
#include "cairo_airs.h"

enum { FIRST_BIG_ID = 1 << 30 };

const sage_air *sage_cairo_air(const sage_cairo_component *component)
{
    for (const sage_air *const *a = sage_cairo_airs; *a; a++)
        if (!strcmp((*a)->name, component->name)) return *a;
    return NULL;
}

/* Widths as sage_air_pre packs them: the first field in the lowest four bits. */
static uint32_t pack_widths(const uint8_t *width, uint32_t n)
{
    uint32_t packed = 0;
    while (n--)
        packed = packed << 4 | width[n];
    return packed;
}

static uint32_t field_widths(uint8_t group)
{
    static const uint8_t widths[][5] = {[SAGE_CAIRO_PRE_RC_4_3]       = {4, 3},
                                        [SAGE_CAIRO_PRE_RC_4_4]       = {4, 4},
                                        [SAGE_CAIRO_PRE_RC_9_9]       = {9, 9},
                                        [SAGE_CAIRO_PRE_RC_7_2_5]     = {7, 2, 5},
                                        [SAGE_CAIRO_PRE_RC_3_6_6_3]   = {3, 6, 6, 3},
                                        [SAGE_CAIRO_PRE_RC_4_4_4_4]   = {4, 4, 4, 4},
                                        [SAGE_CAIRO_PRE_RC_3_3_3_3_3] = {3, 3, 3, 3, 3}};
    return pack_widths(widths[group], sizeof widths[group]);
}

sage_air_pre sage_cairo_pre(sage_cairo_pre_column column)
{
    sage_air_pre p = {.log = column.log, .index = column.index};
    switch ((sage_cairo_pre_group)column.group) {
    case SAGE_CAIRO_PRE_NONE:
    case SAGE_CAIRO_PRE_SEQ: p.index = 0; break;
    case SAGE_CAIRO_PRE_XOR_4:
    case SAGE_CAIRO_PRE_XOR_7:
    case SAGE_CAIRO_PRE_XOR_8:
    case SAGE_CAIRO_PRE_XOR_9:
    case SAGE_CAIRO_PRE_XOR_10:
        p.kind   = SAGE_PRE_XOR_TABLE;
        p.widths = column.log / 2;
        break;
    case SAGE_CAIRO_PRE_RC_4_3:
    case SAGE_CAIRO_PRE_RC_4_4:
    case SAGE_CAIRO_PRE_RC_9_9:
    case SAGE_CAIRO_PRE_RC_7_2_5:
    case SAGE_CAIRO_PRE_RC_3_6_6_3:
    case SAGE_CAIRO_PRE_RC_4_4_4_4:
    case SAGE_CAIRO_PRE_RC_3_3_3_3_3:
        p.kind   = SAGE_PRE_BIT_FIELD;
        p.widths = field_widths(column.group);
        break;
    case SAGE_CAIRO_PRE_SIGMA: p.kind = SAGE_PRE_BLAKE_SIGMA; break;
    case SAGE_CAIRO_PRE_POSEIDON_KEYS: p.kind = SAGE_PRE_POSEIDON_KEYS; break;
    case SAGE_CAIRO_PRE_PEDERSEN_18:
    case SAGE_CAIRO_PRE_PEDERSEN_9:
        p.kind   = SAGE_PRE_PEDERSEN_POINTS;
        p.widths = column.group == SAGE_CAIRO_PRE_PEDERSEN_18 ? 18 : 9;
        break;
    }
    return p;
}

/* The first address of a builtin's segment; 0 for what is no builtin. */
static uint32_t builtin_start(const sage_cairo_claim *c, const char *name)
{
    static const struct {
        const char *name;
        uint32_t segment;
    } builtins[] = {{"bitwise_builtin", SAGE_CAIRO_SEGMENT_BITWISE},
                    {"range_check96_builtin", SAGE_CAIRO_SEGMENT_RANGE_CHECK_96},
                    {"range_check_builtin", SAGE_CAIRO_SEGMENT_RANGE_CHECK}};
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++)
        if (!strcmp(builtins[i].name, name))
            return c->segments[builtins[i].segment][SAGE_CAIRO_START];
    return 0;
}

/* What some components must know of the claim: memory_address_to_id its own length, by which
 * its sixteen chunks of addresses lie apart, each memory_id_to_big its first id, and a builtin
 * where its segment begins. */
static void set_params(const sage_cairo_claim *c, sage_instance *i, uint32_t *next_big_id)
{
    uint32_t rows = 1u << i->log_rows;
    i->n_params   = i->air->params;
    if (i->n_params) i->params[0] = builtin_start(c, i->air->name) % M31_P;
    if (!strcmp(i->air->name, "memory_address_to_id")) i->params[0] = rows;
    if (!strcmp(i->air->name, "memory_id_to_big")) {
        i->params[0] = *next_big_id % M31_P;
        *next_big_id += rows;
    }
}

sage_status sage_cairo_layout(const sage_cairo_claim *c,
                              sage_cairo_variant variant,
                              sage_layout *out,
                              sage_errinfo *err)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    uint32_t n = sage_cairo_instances(c, in), next_big_id = FIRST_BIG_ID;
    memset(out, 0, sizeof *out);
    out->n_pre = sage_cairo_preprocessed(variant, columns);
    for (uint32_t i = 0; i < out->n_pre; i++)
        out->pre[i] = sage_cairo_pre(columns[i]);
    for (uint32_t i = 0; i < n; i++) {
        sage_instance *inst = &out->inst[out->n++];
        *inst = (sage_instance){.air = sage_cairo_air(in[i].component), .log_rows = in[i].log};
        if (!inst->air)
            return sage_fail(err, SAGE_EUNSUP, "cairo.component", i,
                             "the constraints of %s are not here yet", in[i].component->name);
        set_params(c, inst, &next_big_id);
    }
    return SAGE_OK;
}
