/* airc/ir.h -- one component after checking: values as a shared graph, effects as a list.
 *
 * Nodes are hash-consed, so equal expressions are one node (common subexpressions, also
 * across asserts). `repeat` stays a loop: every node belongs to the innermost loop that one
 * of its operands varies with (loop 0 is the whole row), and is computed there. Names that a
 * loop changes are its *slots*: N_CARRY is the value at the start of an iteration, N_OUT the
 * value after the loop. Nodes are created operands first; only slots' `next` point forward. */
#ifndef SAGE_AIRC_IR_H
#define SAGE_AIRC_IR_H

#include "airc/common.h"

enum { IR_MAX_DEPTH = 4, IR_NONE = 0, IR_MAX_HEIGHT = 10000, IR_WORDS = 8 };

/* c + n * size + sum of k[d] * (iteration of the enclosing loop at depth d, from 0). */
typedef struct ir_index {
    int64_t c, n, k[IR_MAX_DEPTH];
} ir_index;
SAGE_INLINE ir_index ir_const_index(int64_t c)
{
    return (ir_index){.c = c};
}
bool ir_index_is_const(const ir_index *x);

typedef enum ir_op {
    /* base field values */
    N_CONST, /* value */
    N_TRACE,
    N_PRE,
    N_PARAM,
    N_INPUT,   /* index */
    N_TABLE,   /* table a, index */
    N_INDEX,   /* index, as a number */
    N_ROW,     /* the row's number: witness only */
    N_ENABLER, /* 1 in a row that is no padding: witness only */
    N_CARRY,   /* loop a, slot b */
    N_OUT,     /* loop a, slot b */
    N_ADD,
    N_SUB,
    N_MUL,
    N_NEG,
    N_M31,       /* a as m31 */
    N_SELECT,    /* a != 0 ? b : c; it and what follows: witness only */
    N_MEMORY_ID, /* of address a */
    N_INVERSE,   /* of a; 0 of 0 */
    /* u32 values: witness only */
    N_UCONST,
    N_U32 /* a as u32 */,
    N_AND,
    N_OR,
    N_XOR,
    N_UADD,
    N_USUB,
    N_UMUL,
    N_SHL,
    N_SHR /* a by value */,
    N_USELECT,
    N_WORD, /* word `value` of the words a */
    /* eight u32 words, low first: no value of their own, but what N_WORD reads */
    N_MEMORY_VALUE, /* of id a */
    N_FELT_ADD,     /* a and b are words, numbers mod P */
    N_FELT_SUB,
    N_FELT_MUL,
    N_FELT_DIV,
    N_CONS /* words as listed: those of a, or none, and then b */
} ir_op;
SAGE_INLINE bool ir_is_u32(ir_op op)
{
    return op >= N_UCONST && op <= N_WORD;
}
/* Exists for the prover alone, whatever its operands. */
SAGE_INLINE bool ir_is_private(ir_op op)
{
    return op == N_INPUT || op == N_ROW || op == N_ENABLER || op >= N_SELECT;
}

typedef struct ir_node {
    ir_op op;
    uint32_t a, b, c; /* operands; see ir_op */
    uint32_t value;
    uint32_t loop;   /* where it is computed */
    uint32_t height; /* longest chain of operands, bounded for recursive passes */
    ir_index index;
} ir_node;

typedef struct ir_slot {
    uint32_t init, next;
} ir_slot;

typedef enum ir_stmt_kind { S_CELL, S_ASSERT, S_ENTRY, S_FEED, S_LOOP } ir_stmt_kind;

typedef struct ir_stmt ir_stmt;
struct ir_stmt {
    ir_stmt_kind kind;
    airc_pos pos;
    uint32_t loop;    /* it stands in */
    ir_index index;   /* column, constraint or entry number; feed: its first column */
    uint32_t node;    /* cell: initialiser or IR_NONE; assert: value; entry: multiplicity */
    bool negative;    /* entry: a yield */
    bool free;        /* cell: need not be constrained */
    uint32_t cell;    /* cell: its N_TRACE node */
    const char *name; /* cell; feed: the component that is fed */
    uint32_t relation, *values, n_values;
    uint32_t key;   /* entry: u32, by which it counts, or IR_NONE */
    uint32_t inner; /* S_LOOP: the loop */
    ir_stmt *next;
};

typedef struct ir_loop {
    uint32_t parent, depth; /* depth of its iteration in ir_index; loop 0 has none */
    ir_index trips;
    ir_slot *slots;
    uint32_t n_slots;
    ir_stmt *first, *last;
} ir_loop;

typedef struct ir_table {
    const char *name;
    const m31 *values;
    uint32_t n;
} ir_table;

typedef struct ir_relation {
    const char *name;
    m31 id;
    uint32_t arity;
    bool counted; /* it has a key */
    ir_index uses, yields;
} ir_relation;

/* As sage_air_pre; the kind by the name it has there after SAGE_PRE_. */
typedef struct ir_pre {
    const char *kind;
    uint32_t log, widths, index;
} ir_pre;

typedef struct airc_program airc_program;
struct airc_program {
    sage_airc *c;
    airc_program *next;
    const char *name, *file;
    airc_pos pos;
    bool sized;
    bool witness; /* all cells have initialisers */
    uint32_t size_min;
    ir_node *nodes;
    uint32_t n_nodes, cap_nodes;
    uint32_t *hash, cap_hash;
    ir_loop *loops;
    uint32_t n_loops, cap_loops;
    ir_table *tables;
    uint32_t n_tables, cap_tables;
    ir_relation *relations;
    uint32_t n_relations, cap_relations;
    ir_pre *pre;
    uint32_t n_pre, cap_pre;
    uint32_t fixed_log; /* rows that the tables it reads have; 0: none says */
    uint32_t n_params;
    uint32_t n_feeds, feed_columns;                  /* feeds stand in loop 0 */
    ir_index trace, asserts, entries, pairs, inputs; /* counts: c + n * size */
    uint32_t degree, assert_degree;
    uint32_t *logup_trace, n_logup_trace;
};

void ir_init(airc_program *g);
uint32_t ir_const(airc_program *g, int64_t value); /* reduced mod p */
uint32_t ir_uconst(airc_program *g, uint32_t value);
/* A leaf with an index; loop: the innermost loop the index varies with. */
uint32_t ir_leaf(airc_program *g, ir_op op, uint32_t table, ir_index index, uint32_t loop);
uint32_t ir_slot_node(airc_program *g, ir_op op, uint32_t loop, uint32_t slot);
/* Any operation of one to three operands; folds constants and neutral elements. */
uint32_t ir_make(airc_program *g, ir_op op, uint32_t a, uint32_t b, uint32_t c);
uint32_t ir_shift(airc_program *g, ir_op op, uint32_t a, uint32_t by);
/* Eight u32 nodes as words. */
uint32_t ir_words(airc_program *g, const uint32_t word[IR_WORDS]);
/* Word i of the words made by node `words`. */
uint32_t ir_word(airc_program *g, uint32_t words, uint32_t i);
uint32_t ir_new_loop(airc_program *g, uint32_t parent, ir_index trips);
ir_stmt *ir_append(airc_program *g, uint32_t loop, ir_stmt stmt);
SAGE_INLINE const ir_node *ir_at(const airc_program *g, uint32_t id)
{
    return &g->nodes[id];
}
/* Number of node operands of n, put in out[3]; leaves have none. */
uint32_t ir_operands(const ir_node *n, uint32_t out[3]);
/* True if loop `inner` is `outer` or inside it. */
bool ir_inside(const airc_program *g, uint32_t inner, uint32_t outer);
/* Calls fn(arg, value of index) for every iteration of the loops around `loop`, with the
 * run-time size n. */
void ir_each(const airc_program *g,
             ir_index index,
             uint32_t loop,
             int64_t n,
             void (*fn)(void *arg, int64_t value),
             void *arg);

/* What a pass needs: which statements are its roots. MODE_COUNT: multiplicity and key of the
 * uses of one counted relation. */
typedef enum ir_mode { MODE_WITNESS, MODE_FRACTIONS, MODE_CONSTRAINTS, MODE_COUNT } ir_mode;
typedef struct ir_live {
    ir_mode mode;
    uint32_t relation; /* MODE_COUNT: the one */
    bool *node;        /* is computed */
    bool **slot;       /* [loop][slot]: is carried */
    bool *loop;        /* has an effect */
} ir_live;
/* relation: of MODE_COUNT, else unread. */
ir_live ir_liveness(const airc_program *g, ir_mode mode, uint32_t relation);

/* In MODE_WITNESS a cell's node counts as computed once the cell is; the visitor of the cell
 * remembers it as another name of the initialiser.
 * A walk in the order of execution: every live node once, before its first use, in its own
 * loop (so outside the loops it does not vary with); every statement of the mode; loops. */
typedef struct ir_visitor {
    void (*node)(void *arg, uint32_t id);
    void (*stmt)(void *arg, const ir_stmt *s);
    void (*loop_begin)(void *arg, uint32_t loop);
    void (*loop_end)(void *arg, uint32_t loop);
} ir_visitor;
void ir_walk(const airc_program *g, const ir_live *live, const ir_visitor *v, void *arg);

/* Degrees, unconstrained cells, witness-only values in asserts, counts per row, relation
 * uses. Reports errors at the statements. */
void ir_check(airc_program *g);

#endif
