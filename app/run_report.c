#include "app/run_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cairo/components.h"
#include "vm/disasm.h"

enum { MAX_FUNCTIONS = 24 };

static const char *short_name(const sage_symbol *s)
{
    static const char scope[] = "__main__.";
    if (!s) return "-";
    return strncmp(s->name, scope, sizeof scope - 1) ? s->name : s->name + sizeof scope - 1;
}

/* --- trace --- */

static sage_value at(const sage_run *r, uint32_t segment, uint64_t offset)
{
    if (offset > UINT32_MAX) return (sage_value){{0}};
    return sage_memory_get(&r->memory, (sage_address){segment, (uint32_t)offset});
}

static sage_value
near_register(const sage_run *r, const sage_trace_row *row, bool fp, int16_t by)
{
    return at(r, SAGE_SEGMENT_EXECUTION, (uint64_t)((int64_t)(fp ? row->fp : row->ap) + by));
}

static sage_value
op1_of(const sage_run *r, const sage_trace_row *row, const sage_casm *i, sage_value op0)
{
    if (i->flags & SAGE_CASM_OP1_IMM) return at(r, row->pc_segment, (uint64_t)row->pc + 1);
    if (i->flags & (SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP))
        return near_register(r, row, i->flags & SAGE_CASM_OP1_FP, i->offset[2]);
    if (!sage_value_is_address(op0)) return (sage_value){{0}};
    sage_address a = sage_value_address(op0);
    return at(r, a.segment, (uint64_t)((int64_t)a.offset + i->offset[2]));
}

static void print_value(const char *name, sage_value v)
{
    char text[SAGE_VALUE_TEXT];
    if (sage_value_is_felt(v))
        sage_casm_print_number(text, v);
    else
        sage_value_print(text, v);
    printf("  %s %s", name, text);
}

static void print_step(const sage_program *p, const sage_run *r, uint64_t step)
{
    const sage_trace_row *row = &r->trace[step];
    char text[SAGE_CASM_TEXT];
    sage_casm i;
    if (!sage_casm_decode(&i, at(r, row->pc_segment, row->pc))) return;
    sage_value dst = near_register(r, row, i.flags & SAGE_CASM_DST_FP, i.offset[0]);
    sage_value op0 = near_register(r, row, i.flags & SAGE_CASM_OP0_FP, i.offset[1]);
    sage_value op1 = op1_of(r, row, &i, op0);
    const sage_symbol *s =
        row->pc_segment == SAGE_SEGMENT_PROGRAM ? sage_program_function(p, row->pc) : NULL;
    sage_casm_print(text, &i, op1, NULL);
    printf("%8" PRIu64 "  pc %u:%-5u %-18s ap %-6u fp %-6u %-44s", step, row->pc_segment,
           row->pc, short_name(s), row->ap, row->fp, text);
    print_value("dst", dst);
    print_value("op0", op0);
    print_value("op1", op1);
    printf("\n");
}

void report_trace(const sage_program *p, const sage_run *r, uint64_t first, uint64_t n)
{
    for (uint64_t i = first; i < r->n_steps && i - first < n; i++)
        print_step(p, r, i);
}

/* --- profile --- */

static double percent(uint64_t part, uint64_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0.0;
}

static void print_functions(const sage_profile *f)
{
    uint64_t rest = 0;
    printf("steps by function or label\n");
    for (uint32_t i = 0; i < f->n_functions; i++) {
        const sage_profile_function *x = &f->functions[i];
        if (i >= MAX_FUNCTIONS)
            rest += x->steps;
        else
            printf("  %-40s %12" PRIu64 "  %5.1f %%\n", short_name(x->symbol), x->steps,
                   percent(x->steps, f->steps));
    }
    if (rest)
        printf("  %-40s %12" PRIu64 "  %5.1f %%\n", "others", rest, percent(rest, f->steps));
}

static void print_memory(const sage_profile *f)
{
    printf("builtins\n");
    for (int b = 0; b < SAGE_BUILTINS; b++)
        if (f->instances[b])
            printf("  %-40s %12" PRIu64 "\n", sage_builtin_name((sage_builtin)b),
                   f->instances[b]);
    printf("memory\n  %-40s %12" PRIu64 "\n  %-40s %12" PRIu64 "\n", "cells", f->cells, "holes",
           f->holes);
}

static const sage_profile_component *needed(const sage_profile *f, const char *name)
{
    for (uint32_t i = 0; i < f->n_components; i++)
        if (!strcmp(f->components[i].name, name)) return &f->components[i];
    return NULL;
}

/* Tables that every proof has; those of families come with their family. */
static bool is_everywhere(const sage_cairo_component *c)
{
    return c->log && (!strncmp(c->name, "range_check_", 12) ||
                      (!strncmp(c->name, "verify_bitwise_xor_", 19) &&
                       strcmp(c->name, "verify_bitwise_xor_12") != 0));
}

static uint64_t cells_of(const sage_cairo_component *c, uint64_t rows)
{
    return rows * ((uint64_t)c->trace + c->inter);
}

static void print_components(const sage_profile *f)
{
    uint64_t fixed = 0, total = 0;
    printf("components%31s %13s %13s %14s\n", "rows", "padded", "columns", "cells");
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        const sage_cairo_component *c   = &sage_cairo_components[i];
        const sage_profile_component *n = needed(f, c->name);
        if (is_everywhere(c)) fixed += cells_of(c, (uint64_t)1 << c->log);
        if (!n) continue;
        total += cells_of(c, n->padded);
        printf("  %-36s%s%12" PRIu64 " %13" PRIu64 " %13u %14" PRIu64 "\n", c->name,
               n->at_most ? "<=" : "  ", n->rows, n->padded, (unsigned)(c->trace + c->inter),
               cells_of(c, n->padded));
    }
    printf("  %-38s%12s %13s %13s %14" PRIu64 "\n", "tables of every proof", "", "", "", fixed);
    printf("  %-38s%12s %13s %13s %14" PRIu64 "\n", "all", "", "", "", total + fixed);
}

void report_profile(const sage_profile *f)
{
    print_functions(f);
    print_memory(f);
    if (f->n_components) print_components(f);
}
