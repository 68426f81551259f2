/* vm/asm_lex.h -- tokens of the notation; private to the assembler. */
#ifndef SAGE_VM_ASM_LEX_H
#define SAGE_VM_ASM_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sage/status.h"

typedef enum asm_kind {
    ASM_END = 0,
    ASM_NAME,
    ASM_NUMBER,
    ASM_HINT,     /* text between %{ and %} */
    ASM_PLUS2,    /* ++ */
    ASM_PLUS_IS,  /* += */
    ASM_IS_NOT,   /* != */
    ASM_ARROW,    /* => */
    ASM_CHARACTER /* one of [ ] + - * = , ; : */
} asm_kind;

typedef struct asm_token {
    asm_kind kind;
    char character;
    const char *text;
    size_t len;
    uint32_t line, column; /* from 1 */
} asm_token;

typedef struct asm_lexer {
    const char *text;
    size_t at, len;
    uint32_t line;
    size_t line_at; /* where the line begins */
    asm_token token;
    sage_errinfo *err;
} asm_lexer;

/* The next token into x->token. SAGE_EFORMAT "asm.character", "asm.hint". */
SAGE_CHECKED sage_status asm_next(asm_lexer *x);

#endif
