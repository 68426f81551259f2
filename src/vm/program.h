/* vm/program.h -- a Cairo program as it was compiled, before it runs.
 *
 * Read from Cairo 0 JSON, a Cairo 1 executable, a Cairo PIE, or assembled (vm/casm.h). */
#ifndef SAGE_VM_PROGRAM_H
#define SAGE_VM_PROGRAM_H

#include "sage/status.h"
#include "vm/value.h"

/* In the order of main's arguments (facts D). segment_arena is Cairo 1's: no builtin of the
 * proof, but a segment of the run. */
typedef enum sage_builtin {
    SAGE_BUILTIN_OUTPUT = 0,
    SAGE_BUILTIN_PEDERSEN,
    SAGE_BUILTIN_RANGE_CHECK,
    SAGE_BUILTIN_ECDSA,
    SAGE_BUILTIN_BITWISE,
    SAGE_BUILTIN_EC_OP,
    SAGE_BUILTIN_KECCAK,
    SAGE_BUILTIN_POSEIDON,
    SAGE_BUILTIN_RANGE_CHECK96,
    SAGE_BUILTIN_ADD_MOD,
    SAGE_BUILTIN_MUL_MOD,
    SAGE_BUILTIN_SEGMENT_ARENA,
    SAGE_BUILTINS
} sage_builtin;

/* "range_check96" and so on; NULL beyond. false: no such name. */
const char *sage_builtin_name(sage_builtin b);
bool sage_builtin_named(const char *name, size_t len, sage_builtin *out);

/* A hint before the instruction at pc. Cairo 0: its Python text. Cairo 1: its JSON value as
 * text, {"TestLessThan":{..}}. reference: what Cairo 0's names stand for (ids.x). */
typedef struct sage_hint {
    uint32_t pc;
    const char *text;
    struct sage_hint_reference *references; /* NULL for Cairo 1 */
    uint32_t n_references;
} sage_hint;

/* ids.<name> of a Cairo 0 hint: a cell near ap or fp as of this instruction.
 * The value is the cell at base + offset1, or [[base + offset1] + offset2] and so on, as the
 * compiler's reference expression says; vm/references.h evaluates. */
typedef struct sage_hint_reference {
    const char *name, *expression; /* e.g. "[cast(fp + (-3), felt*)]" */
    int32_t ap_delta;              /* what ap grew by since the reference was made */
    bool ap_tracked;
} sage_hint_reference;

/* A name of an address: a function or label, for profiles, or a constant for hints. */
typedef struct sage_symbol {
    const char *name;
    enum {
        SAGE_SYMBOL_FUNCTION,
        SAGE_SYMBOL_LABEL,
        SAGE_SYMBOL_CONST,
        SAGE_SYMBOL_MEMBER
    } kind;
    uint32_t pc;      /* function, label */
    sage_value value; /* const; member: its offset */
} sage_symbol;

typedef enum sage_program_form {
    SAGE_PROGRAM_CAIRO0 = 0,
    SAGE_PROGRAM_CAIRO1,
    SAGE_PROGRAM_CASM
} sage_program_form;

/* Everything a program points to lies in its own memory, freed at once. */
typedef struct sage_program {
    sage_program_form form;
    sage_value *data;
    uint32_t n_data;
    sage_builtin builtins[SAGE_BUILTINS];
    uint32_t n_builtins;
    uint32_t start, end, main; /* pc of __start__, __end__ (the endless loop), main */
    sage_hint *hints;          /* ascending by pc, in order of execution */
    uint32_t n_hints;
    sage_symbol *symbols; /* ascending by pc, then name */
    uint32_t n_symbols;
    void *memory; /* private */
} sage_program;

enum { SAGE_PROGRAM_MAX_BYTES = 256 << 20, SAGE_PROGRAM_MAX_DATA = 1 << 24 };

/* sage_program_read reads a program file of any form, recognised by its content.
 *
 *   in   entry   Cairo 1: "standalone" (NULL) or "bootloader"; Cairo 0: main's name or NULL
 * SAGE_EFORMAT "program.<what>" (version, prime, builtins, data, hints, entry ..) with err->at
 * an offset where there is one; SAGE_EUNSUP; SAGE_ENOMEM. On error *out is freed. Hostile
 * input: bounded memory (a multiple of len), no recursion beyond the JSON library's bound. */
SAGE_CHECKED sage_status sage_program_read(
    sage_program *out, const uint8_t *bytes, size_t len, const char *entry, sage_errinfo *err);
void sage_program_free(sage_program *p);

#endif
