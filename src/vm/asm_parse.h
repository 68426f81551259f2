/* vm/asm_parse.h -- one program on its way from text to words; private to asm*.c. */
#ifndef SAGE_VM_ASM_PARSE_H
#define SAGE_VM_ASM_PARSE_H

#include "vm/asm_lex.h"
#include "vm/casm.h"
#include "vm/program.h"

/* A label or constant. Labels are named before they are defined. */
typedef struct asm_name {
    const char *text;
    uint32_t len;
    uint32_t line, column; /* of the first use or definition */
    enum { ASM_UNDEFINED, ASM_LABEL, ASM_CONST } kind;
    bool called;
    uint32_t pc;
    sage_value value;
} asm_name;

/* A number in the text: a value, or a label whose pc (or distance) is not known yet. */
typedef struct asm_number {
    sage_value value;
    uint32_t label; /* index of a name, or ASM_NO_LABEL */
    bool relative;  /* to the instruction that has it */
} asm_number;
#define ASM_NO_LABEL UINT32_MAX

typedef struct asm_fixup {
    uint32_t word, label, from; /* from: pc that counts as 0 */
} asm_fixup;

typedef struct assembler {
    asm_lexer lex;
    sage_program *p;
    sage_errinfo *err;
    asm_name *names;
    uint32_t n_names, cap_names;
    uint32_t *slots; /* of names by hash: index + 1 */
    uint32_t n_slots;
    sage_value *words;
    uint32_t n_words, cap_words;
    asm_fixup *fixups;
    uint32_t n_fixups, cap_fixups;
    sage_hint *hints;
    uint32_t n_hints, cap_hints, hints_here;
    bool builtins_given;
} assembler;

/* SAGE_EFORMAT at the current token. */
sage_status asm_bad(assembler *a, const char *where, const char *what);
bool asm_is(const assembler *a, char character);
bool asm_is_word(const assembler *a, const char *word);
/* Takes the character or word, or SAGE_EFORMAT "asm.syntax". */
SAGE_CHECKED sage_status asm_take(assembler *a, char character);
SAGE_CHECKED sage_status asm_take_word(assembler *a, const char *word);
/* A number, a constant, or (label_ok) a label, minus signs included. */
SAGE_CHECKED sage_status asm_read_number(assembler *a, bool label_ok, asm_number *out);
/* The name at the current token, new ones undefined; `called` marks it. */
SAGE_CHECKED sage_status asm_find_name(assembler *a, uint32_t *out);

/* One instruction up to its semicolon (asm_instruction.c). */
SAGE_CHECKED sage_status asm_read_instruction(assembler *a,
                                              sage_casm *out,
                                              asm_number *immediate);

#endif
