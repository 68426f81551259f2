/* vm/hint.h -- what the families of hints share; private to hints.c, hint_*.c, hints_*.c,
 * references.c.
 *
 * A hint of either language is a kind and its operands: ids of a Cairo 0 hint, members of a
 * Cairo 1 hint's JSON. Before the run every operand becomes a few steps of a stack machine
 * (hint_op), so that the run parses nothing and both languages share their functions. */
#ifndef SAGE_VM_HINT_H
#define SAGE_VM_HINT_H

#include "vm/hints.h"

enum {
    HINT_MAX_OPERANDS = 16, /* of one hint */
    HINT_STACK        = 16, /* of the stack machine, and the nesting of an expression */
    HINT_MAX_OPS      = 64, /* of one operand */
    HINT_NAME         = 64  /* bytes of one operand's name */
};

typedef enum hint_op_kind {
    HINT_OP_VALUE, /* push v */
    HINT_OP_AP,    /* push ap + v */
    HINT_OP_FP,    /* push fp */
    HINT_OP_LOAD,  /* an address becomes what it holds */
    HINT_OP_ADD,   /* the upper two become one */
    HINT_OP_SUB,
    HINT_OP_MUL
} hint_op_kind;

typedef struct hint_op {
    sage_value v;
    hint_op_kind kind;
} hint_op;

/* ops[first .. first + n) push the operand's address if it lies in memory, else its value. */
typedef struct hint_operand {
    uint32_t first, n;
    bool in_memory;
} hint_operand;

typedef struct hint_call hint_call;

/* One supported hint. */
typedef struct hint_kind {
    const char *name; /* for people; of Cairo 1 hints also the name in JSON */
    const char *text; /* Cairo 0: the Python text, to the letter; NULL: a Cairo 1 hint */
    const char
        *operands; /* what it names, by spaces: "a.low dst [ap]"; hint_* take the index */
    sage_status (*run)(hint_call *c); /* NULL: nothing is done, the hint is for debuggers */
    const char *refusal;              /* why this hint is known and refused; else NULL */
    uint32_t variant;                 /* for functions that serve several kinds */
} hint_kind;

typedef struct hint_family {
    const char *name; /* a headline of docs/hints.md */
    const hint_kind *kinds;
    uint32_t n;
} hint_family;
extern const hint_family hints_core, hints_input, hints_math, hints_uint, hints_dict,
    hints_sort, hints_ec, hints_blake, hints_circuit, hints_relocate;
/* All families, in the order of docs/hints.md; *n of them. */
const hint_family *const *hint_families(uint32_t *n);

/* A hint of the program. */
typedef struct hint_site {
    const hint_kind *kind;
    uint32_t pc, operand; /* its operands are operand, operand + 1, .. */
} hint_site;

/* A hint being executed. */
struct hint_call {
    sage_hint_state *state;
    const sage_hint_machine *machine;
    sage_memory *memory;
    const hint_site *site;
    sage_errinfo *err;
};

/* --- preparation --- */

typedef struct hint_builder {
    sage_hint_state *state;
    const sage_program *program;
    const sage_hint *hint;
    const hint_kind *kind;
    sage_errinfo *err;
} hint_builder;

/* Appends one step to the operand being built. SAGE_EINVAL "vm.hint.operand" beyond
 * HINT_MAX_OPS, SAGE_ENOMEM "vm.hint.memory". */
SAGE_CHECKED sage_status hint_emit(hint_builder *b, hint_op_kind kind, sage_value v);
/* SAGE_EINVAL at the hint's pc, what is a sentence about the operand `name`. */
sage_status
hint_refuse(hint_builder *b, const char *where, const char *name, size_t len, const char *what);
/* --- a run: all fail as SAGE_EINVAL at the hint's pc --- */

/* "vm.hint.<what>"; sentence is what went wrong. */
sage_status hint_fail(hint_call *c, const char *where, const char *sentence);

/* Operand i: its value ("vm.hint.operand" if it has none), a felt, a pointer, or a number
 * below max ("vm.hint.operand" if it is another kind). */
SAGE_CHECKED sage_status hint_value(hint_call *c, uint32_t i, sage_value *out);
SAGE_CHECKED sage_status hint_felt(hint_call *c, uint32_t i, sage_value *out);
SAGE_CHECKED sage_status hint_pointer(hint_call *c, uint32_t i, sage_address *out);
SAGE_CHECKED sage_status hint_number(hint_call *c, uint32_t i, uint64_t max, uint64_t *out);
/* Where operand i lies. */
SAGE_CHECKED sage_status hint_place(hint_call *c, uint32_t i, sage_address *out);
/* Writes operand i, once, as all memory. */
SAGE_CHECKED sage_status hint_write(hint_call *c, uint32_t i, sage_value v);
SAGE_CHECKED sage_status hint_write_number(hint_call *c, uint32_t i, uint64_t v);

/* at + by within its segment; what it holds (a felt); writing it. */
SAGE_CHECKED sage_status hint_move(hint_call *c,
                                   sage_address at,
                                   uint64_t by,
                                   sage_address *out);
SAGE_CHECKED sage_status hint_load(hint_call *c, sage_address at, uint64_t by, sage_value *out);
SAGE_CHECKED sage_status hint_load_felt(hint_call *c,
                                        sage_address at,
                                        uint64_t by,
                                        sage_value *out);
SAGE_CHECKED sage_status hint_store(hint_call *c, sage_address at, uint64_t by, sage_value v);

/* Loops of hints are bounded together: n more rounds. SAGE_ELIMIT "vm.hint.work". */
SAGE_CHECKED sage_status hint_work(hint_call *c, uint64_t n);

/* -1, 0, 1 by the canonical numbers of two felts. */
int hint_compare(sage_value a, sage_value b);

#endif
