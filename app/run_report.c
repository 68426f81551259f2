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

/* --- outcome --- */

static void print_json(const run_outcome *o)
{
    char text[SAGE_VALUE_TEXT];
    printf("{\"steps\": %" PRIu64 ", \"cells\": %" PRIu64 ", \"microseconds\": %" PRIu64
           ", \"output\": [",
           o->steps, o->cells, o->ns / 1000);
    for (uint32_t i = 0; i < o->n_output; i++) {
        sage_value_print(text, o->output[i]);
        printf("%s\"%s\"", i ? ", " : "", text);
    }
    printf("]}\n");
}

static void number_or_address(char text[SAGE_VALUE_TEXT], sage_value v)
{
    if (sage_value_is_felt(v))
        sage_casm_print_number(text, v);
    else
        sage_value_print(text, v);
}

static void print_figures(const run_outcome *o)
{
    double seconds = (double)o->ns / 1e9;
    fprintf(stderr, "sage run: %" PRIu64 " steps, %" PRIu64 " memory cells, %s%.3f s", o->steps,
            o->cells, o->read ? "read in " : "", seconds);
    if (!o->read)
        fprintf(stderr, ", %.1f million steps/s",
                seconds > 0 ? (double)o->steps / seconds / 1e6 : 0.0);
    fprintf(stderr, "\n");
}

void report_outcome(const run_outcome *o, bool json)
{
    char text[SAGE_VALUE_TEXT];
    if (json) {
        print_json(o);
        return;
    }
    for (uint32_t i = 0; i < o->n_output; i++) {
        number_or_address(text, o->output[i]);
        printf("%s\n", text);
    }
    print_figures(o);
}

/* --- steps --- */

/* Registers before a step. */
typedef struct registers {
    sage_address pc;
    uint32_t ap, fp;
} registers;

typedef struct cells {
    sage_value dst, op0, op1;
} cells;

static sage_value at(const sage_run *r, uint32_t segment, uint64_t offset)
{
    if (offset > UINT32_MAX) return (sage_value){{0}};
    return sage_memory_get(&r->memory, (sage_address){segment, (uint32_t)offset});
}

static sage_value near_register(const sage_run *r, const registers *x, bool fp, int16_t by)
{
    return at(r, SAGE_SEGMENT_EXECUTION, (uint64_t)((int64_t)(fp ? x->fp : x->ap) + by));
}

static sage_value
op1_of(const sage_run *r, const registers *x, const sage_casm *i, sage_value op0)
{
    if (i->flags & SAGE_CASM_OP1_IMM) return at(r, x->pc.segment, (uint64_t)x->pc.offset + 1);
    if (i->flags & (SAGE_CASM_OP1_FP | SAGE_CASM_OP1_AP))
        return near_register(r, x, i->flags & SAGE_CASM_OP1_FP, i->offset[2]);
    if (!sage_value_is_address(op0)) return (sage_value){{0}};
    sage_address a = sage_value_address(op0);
    return at(r, a.segment, (uint64_t)((int64_t)a.offset + i->offset[2]));
}

static cells cells_at(const sage_run *r, const registers *x, const sage_casm *i)
{
    cells c = {.dst = near_register(r, x, i->flags & SAGE_CASM_DST_FP, i->offset[0]),
               .op0 = near_register(r, x, i->flags & SAGE_CASM_OP0_FP, i->offset[1])};
    c.op1   = op1_of(r, x, i, c.op0);
    return c;
}

static const sage_symbol *symbol_at(const sage_program *p, sage_address pc)
{
    return pc.segment == SAGE_SEGMENT_PROGRAM ? sage_program_function(p, pc.offset) : NULL;
}

static void print_value(FILE *to, const char *name, sage_value v)
{
    char text[SAGE_VALUE_TEXT] = "empty";
    if (sage_value_known(v)) number_or_address(text, v);
    fprintf(to, "  %s %s", name, text);
}

static void print_cells(FILE *to, const cells *c)
{
    print_value(to, "dst", c->dst);
    print_value(to, "op0", c->op0);
    print_value(to, "op1", c->op1);
    fprintf(to, "\n");
}

static void print_step(const sage_program *p, const sage_run *r, uint64_t step)
{
    const sage_trace_row *row = &r->trace[step];
    const registers x         = {{row->pc_segment, row->pc}, row->ap, row->fp};
    char text[SAGE_CASM_TEXT];
    sage_casm i;
    if (!sage_casm_decode(&i, at(r, x.pc.segment, x.pc.offset))) return;
    cells c = cells_at(r, &x, &i);
    sage_casm_print(text, &i, c.op1, NULL);
    printf("%8" PRIu64 "  pc %u:%-5u %-18s ap %-6u fp %-6u %-44s", step, x.pc.segment,
           x.pc.offset, short_name(symbol_at(p, x.pc)), x.ap, x.fp, text);
    print_cells(stdout, &c);
}

void report_trace(const sage_program *p, const sage_run *r, uint64_t first, uint64_t n)
{
    for (uint64_t i = first; i < r->n_steps && i - first < n; i++)
        print_step(p, r, i);
}

static void print_place(const sage_program *p, sage_address pc)
{
    const sage_symbol *s = symbol_at(p, pc);
    fprintf(stderr, "  at pc %u:%u", pc.segment, pc.offset);
    if (s) fprintf(stderr, ", %s + %u", short_name(s), pc.offset - s->pc);
}

static void print_instruction(const sage_casm *i, sage_value immediate)
{
    char text[SAGE_CASM_TEXT];
    sage_casm_print(text, i, immediate, NULL);
    fprintf(stderr, "    %s\n", text);
}

static void stop_before_start(const sage_program *p, long long pc)
{
    sage_casm i;
    if (pc < 0 || pc >= p->n_data) return;
    print_place(p, (sage_address){SAGE_SEGMENT_PROGRAM, (uint32_t)pc});
    fprintf(stderr, ", before the first step\n");
    if (!sage_casm_decode(&i, p->data[pc]) || pc + sage_casm_size(&i) > p->n_data) return;
    print_instruction(&i, p->data[pc + sage_casm_size(&i) - 1]);
}

void report_stop(const sage_program *p, const sage_run *r, long long pc)
{
    const registers x = {r->stopped.pc, r->stopped.ap, r->stopped.fp};
    sage_casm i;
    if (!r->memory.n) {
        stop_before_start(p, pc);
        return;
    }
    if (x.pc.segment == SAGE_SEGMENT_PROGRAM && x.pc.offset == p->end) {
        fprintf(stderr, "  when the program had come to its end, after %" PRIu64 " steps\n",
                r->n_steps);
        return;
    }
    print_place(p, x.pc);
    fprintf(stderr, ", after %" PRIu64 " steps; ap %u, fp %u\n", r->n_steps, x.ap, x.fp);
    sage_value word = at(r, x.pc.segment, x.pc.offset);
    if (!sage_casm_decode(&i, word)) {
        fprintf(stderr, "  ");
        print_value(stderr, "the word there:", word);
        fprintf(stderr, "\n");
        return;
    }
    cells c = cells_at(r, &x, &i);
    print_instruction(&i, c.op1);
    fprintf(stderr, "  ");
    print_cells(stderr, &c);
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
