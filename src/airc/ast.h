/* airc/ast.h -- the syntax tree: what was written, nothing resolved. */
#ifndef SAGE_AIRC_AST_H
#define SAGE_AIRC_AST_H

#include "airc/common.h"

typedef enum airc_token_kind {
    T_EOF,
    T_NL,
    T_INT,
    T_NAME,
    T_STRING,
    T_KEYWORD,
    T_PUNCT
} airc_token_kind;

/* Tokens of one file. Keywords and punctuation compare by text. A newline is a token only
 * where a statement may end: not inside ( or [, not after an operator or a comma. */
typedef struct airc_token {
    airc_token_kind kind;
    airc_pos pos;
    const char *text; /* NAME, KEYWORD, PUNCT, STRING (without quotes) */
    int64_t value;    /* INT */
} airc_token;
airc_token *airc_lex(sage_airc *c, uint32_t file, const char *text, size_t len);

typedef enum airc_op {
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_POW,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_SHL,
    OP_SHR,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_DIV,
    OP_MOD
} airc_op;

typedef enum airc_expr_kind {
    E_INT,   /* value */
    E_NAME,  /* name */
    E_NEG,   /* a */
    E_BIN,   /* a op b */
    E_INDEX, /* a[b] */
    E_SLICE, /* a[b..c] */
    E_CALL,  /* name(list), or a(list) without a name */
    E_LIST,  /* [list] */
    E_COMP,  /* [a for name in b..c] */
    E_CAST,  /* a as name */
    E_INPUT  /* `input` as an initialiser */
} airc_expr_kind;

typedef struct airc_expr airc_expr;
struct airc_expr {
    airc_expr_kind kind;
    airc_op op;
    airc_pos pos;
    int64_t value;
    const char *name;
    airc_expr *a, *b, *c;
    airc_expr *list; /* linked by next */
    uint32_t n_list;
    airc_expr *next;
};

/* name, name[dim], name[dim][dim]; in an assignment the brackets are indices. */
typedef struct airc_decl airc_decl;
struct airc_decl {
    const char *name;
    airc_pos pos;
    airc_expr *dim[AIRC_MAX_DIMS];
    uint32_t n_dims;
    uint32_t width; /* of a relation's value: its elements, once known */
    airc_decl *next;
};

typedef enum airc_stat_kind {
    ST_CELL,   /* decls (one), value or NULL; free */
    ST_INPUT,  /* decls */
    ST_PARAM,  /* decls */
    ST_ASSIGN, /* decls = value */
    ST_ASSERT, /* value */
    ST_USE,    /* value */
    ST_YIELD,  /* value */
    ST_FEED,   /* name of the component, list */
    ST_FOR,    /* name in value..hi: body */
    ST_REPEAT, /* the same */
    ST_IF,     /* value: body, other */
    ST_RETURN, /* list */
    ST_CALL    /* value */
} airc_stat_kind;

typedef struct airc_stat airc_stat;
struct airc_stat {
    airc_stat_kind kind;
    airc_pos pos;
    bool free;
    const char *name;
    airc_decl *decls;
    uint32_t n_decls;
    airc_expr *value, *hi, *list;
    uint32_t n_list;
    airc_stat *body, *other;
    airc_stat *next;
};

typedef enum airc_item_kind { I_CONST, I_RELATION, I_FN, I_COMPONENT } airc_item_kind;

typedef struct airc_item airc_item;
struct airc_item {
    airc_item_kind kind;
    airc_pos pos;
    const char *name;
    airc_decl *decls; /* relation values, fn parameters; const: one, for its dimensions */
    uint32_t n_decls;
    airc_expr *value;      /* const; relation: the key by which uses count, or NULL */
    airc_stat *body;       /* fn, component */
    const char *size_name; /* component: the run-time size, or NULL */
    airc_expr *size_min;
    uint32_t n_results;              /* fn: names after ->; 0: not stated */
    const struct airc_val *computed; /* const, once its value is known */
    uint32_t arity;                  /* relation: sum of the widths; 0 until known */
    airc_item *next;
};

/* Reads and parses `path` and what it includes, each file once; appends its items to c. */
void airc_parse(sage_airc *c, const char *path);

#endif
