/* vm/test_hints.h -- a small machine for tests of hints: a program made of hints, an execution
 * segment with cells, one hint run at a time. */
#ifndef SAGE_VM_TEST_HINTS_H
#define SAGE_VM_TEST_HINTS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vm/hint_state.h"

enum { MAX_HINTS = 24, MAX_REFERENCES = 16, MAX_SYMBOLS = 32, FP = 32, AP = 64 };

/* Hints are at pc 0, 1, .. */
typedef struct fixture {
    sage_program program;
    sage_hint hints[MAX_HINTS];
    sage_hint_reference references[MAX_REFERENCES];
    char paths[MAX_REFERENCES][64], expressions[MAX_REFERENCES][96];
    sage_symbol symbols[MAX_SYMBOLS];
    sage_memory memory;
    sage_run_input input;
    uint32_t builtin_segment[SAGE_BUILTINS];
    sage_hint_state *state;
    sage_errinfo err;
    uint32_t n_references;
} fixture;

static inline sage_value number(uint64_t v)
{
    return sage_value_from_u64(v);
}
static inline sage_value address(uint32_t segment, uint32_t offset)
{
    return sage_value_from_address((sage_address){segment, offset});
}
static inline sage_value felt(const char *text)
{
    sage_value v;
    assert_true(sage_value_parse(&v, text, strlen(text)));
    return v;
}

/* Segments 0 and 1, as a run has them. */
static inline void setup(fixture *f, sage_program_form form)
{
    uint32_t segment;
    memset(f, 0, sizeof *f);
    f->program.form    = form;
    f->program.n_data  = MAX_HINTS;
    f->program.hints   = f->hints;
    f->program.symbols = f->symbols;
    sage_memory_init(&f->memory, 1 << 20);
    for (int i = 0; i < 2; i++)
        assert_int_equal(sage_memory_add(&f->memory, &segment, &f->err), SAGE_OK);
}

static inline void teardown(fixture *f)
{
    sage_hints_free(f->state);
    sage_memory_free(&f->memory);
}

/* ids.<name>, visible for all hints. */
static inline void refer(fixture *f, const char *name, const char *expression)
{
    uint32_t i = f->n_references++;
    assert_true(i < MAX_REFERENCES);
    snprintf(f->paths[i], sizeof f->paths[i], "main.%s", name);
    snprintf(f->expressions[i], sizeof f->expressions[i], "%s", expression);
    f->references[i] = (sage_hint_reference){.name       = f->paths[i] + strlen("main."),
                                             .path       = f->paths[i],
                                             .expression = f->expressions[i],
                                             .ap_tracked = true};
}

/* Symbols must come in the order of their names. */
static inline void symbol(fixture *f, const char *name, int kind, uint64_t v, const char *type)
{
    sage_symbol *s = &f->symbols[f->program.n_symbols++];
    *s             = (sage_symbol){.name = name, .value = number(v), .type = type};
    s->kind        = kind;
}

static inline void add_hint(fixture *f, const char *text)
{
    static const char *scopes[] = {"main"};
    uint32_t i                  = f->program.n_hints++;
    assert_true(i < MAX_HINTS);
    f->hints[i] = (sage_hint){.pc           = i,
                              .text         = text,
                              .references   = f->references,
                              .n_references = f->n_references,
                              .scopes       = scopes,
                              .n_scopes     = 1};
}

static inline void prepare(fixture *f)
{
    sage_hints_free(f->state);
    assert_int_equal(sage_hints_prepare(&f->state, &f->program, &f->err), SAGE_OK);
}

static inline sage_status run_at(fixture *f, uint32_t pc)
{
    sage_hint_machine m = {.program         = &f->program,
                           .input           = &f->input,
                           .memory          = &f->memory,
                           .pc              = pc,
                           .ap              = AP,
                           .fp              = FP,
                           .builtin_segment = f->builtin_segment};
    return sage_hints_run(f->state, &m, &f->err);
}

static inline void set_at(fixture *f, uint32_t segment, uint32_t offset, sage_value v)
{
    assert_int_equal(sage_memory_set(&f->memory, (sage_address){segment, offset}, v, &f->err),
                     SAGE_OK);
}
static inline sage_value get_at(fixture *f, uint32_t segment, uint32_t offset)
{
    return sage_memory_get(&f->memory, (sage_address){segment, offset});
}
/* [fp + i] */
static inline void set_fp(fixture *f, int i, sage_value v)
{
    set_at(f, SAGE_SEGMENT_EXECUTION, (uint32_t)(FP + i), v);
}
static inline sage_value get_fp(fixture *f, int i)
{
    return get_at(f, SAGE_SEGMENT_EXECUTION, (uint32_t)(FP + i));
}
static inline sage_value get_ap(fixture *f)
{
    return get_at(f, SAGE_SEGMENT_EXECUTION, AP);
}
static inline void assert_value(sage_value got, sage_value want)
{
    char a[SAGE_VALUE_TEXT], b[SAGE_VALUE_TEXT];
    sage_value_print(a, got);
    sage_value_print(b, want);
    assert_string_equal(a, b);
}

#endif
