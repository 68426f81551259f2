#include "air/check_rows.h"

#include <stdlib.h>

typedef struct walk {
    const sage_air *air;
    const sage_air_rows *rows;
    uint32_t n_trace;
    qm31 *pre, *trace, *scratch;
    sage_air_mask mask;
} walk;

/* Fills in row r; false if all its cells are 0. */
static bool load(walk *w, size_t r)
{
    bool any = false;
    for (uint32_t k = 0; k < w->n_trace; k++) {
        w->trace[k] = qm31_from(w->rows->trace[k][r]);
        any |= w->rows->trace[k][r] != 0;
    }
    for (uint32_t k = 0; k < w->air->n_pre; k++)
        w->pre[k] = qm31_from(w->rows->pre[k][r]);
    return any;
}

static sage_status check(walk *w, const sage_air_watch *watch)
{
    const bool table = !sage_air_at(w->air->asserts, w->rows->size);
    for (size_t r = 0; r < (size_t)1 << w->rows->log_rows; r++) {
        if (!load(w, r) && table) continue;
        sage_status s = sage_air_check_row(w->air, &w->mask, (uint32_t)r, watch, w->scratch);
        if (s) return s;
    }
    return SAGE_OK;
}

sage_status sage_air_check_rows(const sage_air *air,
                                const sage_air_rows *rows,
                                const sage_air_watch *watch,
                                sage_errinfo *err)
{
    const uint32_t n_trace = sage_air_at(air->trace, rows->size);
    const size_t scratch   = (size_t)air->code_regs + sage_air_at(air->pairs, rows->size);
    qm31 *values           = calloc(n_trace + scratch + air->n_pre, sizeof *values);
    if (!values)
        return sage_fail(err, SAGE_ENOMEM, "air.rows.memory", -1, "no memory for a row");
    walk w        = {.air     = air,
                     .rows    = rows,
                     .n_trace = n_trace,
                     .pre     = values,
                     .trace   = values + air->n_pre,
                     .scratch = values + air->n_pre + n_trace,
                     .mask    = {.size   = rows->size,
                                 .pre    = values,
                                 .trace  = values + air->n_pre,
                                 .params = rows->params,
                                 .alpha  = rows->alpha,
                                 .z      = rows->z}};
    sage_status s = check(&w, watch);
    free(values);
    return s ? sage_fail(err, s, "air.rows.code", -1, "bytecode of %s is malformed", air->name)
             : SAGE_OK;
}
