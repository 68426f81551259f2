/* airc/elab.h -- from syntax to IR: values, names, and the running of a component's text.
 *
 * The compiler runs the text once: `for`, `if`, functions and integers happen now; field
 * values become nodes; `repeat` is run twice, first to count what one iteration declares. */
#ifndef SAGE_AIRC_ELAB_H
#define SAGE_AIRC_ELAB_H

#include "airc/ast.h"
#include "airc/ir.h"

typedef enum airc_space { SP_TRACE, SP_INPUT, SP_PARAM, SP_TABLE } airc_space;

/* A constant array, rectangular. */
typedef struct airc_table {
    const char *name;
    int64_t *values;
    uint32_t n;
} airc_table;

typedef enum airc_val_kind {
    V_ERR,  /* an error was reported; anything made of it is V_ERR, silently */
    V_INT,  /* known now, up to loop iterations and the run-time size: index */
    V_NODE, /* a field or u32 value */
    V_REL,  /* relation */
    V_LIST, /* items */
    V_COLS  /* consecutive cells, inputs, params or constants, not spelled out */
} airc_val_kind;

typedef struct airc_val airc_val;
struct airc_val {
    airc_val_kind kind;
    ir_index index; /* V_INT; V_COLS: the first */
    uint32_t node;
    const airc_item *relation;
    airc_val *items;
    uint32_t n;
    airc_space space;
    const airc_table *table;
    ir_index len;                /* V_COLS: outer length */
    uint32_t dim[AIRC_MAX_DIMS]; /* V_COLS: inner lengths */
    uint32_t n_dims;             /* inner */
};

typedef enum airc_binding_kind {
    B_NAME,
    B_CELL,
    B_INPUT,
    B_PARAM,
    B_LOOP,
    B_SIZE
} airc_binding_kind;

typedef struct airc_binding airc_binding;
struct airc_binding {
    const char *name;
    airc_binding_kind kind;
    airc_val val;
    airc_binding *outer;
};

typedef struct airc_count {
    ir_index trace, asserts, entries, inputs;
} airc_count;

typedef struct airc_elab {
    sage_airc *c;
    airc_program *g; /* NULL while constants are computed */
    airc_binding *names;
    uint32_t loop;
    airc_count at; /* next column, constraint, entry, input */
    uint32_t calls, nest;
    uint64_t steps;
    const airc_item *fn; /* running, or NULL */
    bool returned;
    airc_val result;
    int64_t size_min;
    bool bare;    /* a cell has no initialiser */
    bool witness; /* what is evaluated is for the prover alone: an initialiser */
} airc_elab;

/* names */
airc_binding *airc_find(const airc_elab *e, const char *name);
void airc_bind(airc_elab *e, const char *name, airc_binding_kind kind, airc_val v);
const airc_item *airc_item_named(const sage_airc *c, const char *name);

/* values */
airc_val airc_int(int64_t v);
airc_val airc_node_val(uint32_t node);
airc_val airc_list(airc_elab *e, uint32_t n);
/* Number of leaves; -1 if it depends on the run-time size. */
int64_t airc_leaves(const airc_val *v);
/* The outer length of an array; false (with an error) for a scalar. */
bool airc_length(airc_elab *e, airc_pos at, const airc_val *v, ir_index *out);
airc_val airc_element(airc_elab *e, airc_pos at, airc_val v, ir_index i);
airc_val airc_slice(airc_elab *e, airc_pos at, airc_val v, ir_index lo, ir_index hi);
/* All leaves in row-major order; false with an error if there are too many or unknown many. */
bool airc_flatten(airc_elab *e, airc_pos at, airc_val v, airc_val **out, uint32_t *n);
/* Leaves back into the shape of v. */
airc_val airc_reshape(airc_elab *e, airc_val v, const airc_val *leaves);
/* One field value; reports u32 values and arrays. IR_NONE after an error. */
uint32_t airc_field(airc_elab *e, airc_pos at, airc_val v);
/* A constant array from nested lists of integers, or the lists themselves if they are of
 * relations; V_ERR with an error if they are neither. */
airc_val airc_to_table(airc_elab *e, airc_pos at, const char *name, airc_val v);
/* One u32 value or a constant that is one; IR_NONE after an error. */
uint32_t airc_u32(airc_elab *e, airc_pos at, airc_val v);
/* Innermost loop around the current one that the index varies with. */
uint32_t airc_loop_of(const airc_elab *e, ir_index i);

/* expressions */
airc_val airc_eval(airc_elab *e, const airc_expr *x);
/* The same of what the prover alone computes: seq() is the row's number, no column. */
airc_val airc_eval_witness(airc_elab *e, const airc_expr *x);
/* The language's own functions: seq, select .. */
bool airc_is_function(const char *name);
bool airc_eval_const(airc_elab *e, const airc_expr *x, const char *what, int64_t *out);
bool airc_eval_index(airc_elab *e, const airc_expr *x, ir_index *out);
ir_index airc_index_add(ir_index a, ir_index b, int64_t sign);
/* Least and greatest value over all iterations; the size part stays apart. */
void airc_index_range(const airc_elab *e, ir_index i, ir_index *lo, ir_index *hi);
/* x >= 0 for every run-time size >= size_min (x without iterations). */
bool airc_never_negative(const airc_elab *e, ir_index x);

/* statements */
void airc_run(airc_elab *e, const airc_stat *s);
airc_val airc_call(airc_elab *e, const airc_expr *x, const airc_item *fn);
/* The key of a counted relation's tuple; values that are left out are 0. IR_NONE after an
 * error. */
uint32_t airc_key(airc_elab *e, const airc_item *relation, const uint32_t *values, uint32_t n);
/* Reports a key that is not made of the values by u32 operators. */
void airc_check_key(sage_airc *c, const airc_item *relation);

#endif
