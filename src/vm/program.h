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

/* ids.<name> of a Cairo 0 hint: what the compiler knew of a name just before the instruction,
 * a cell or a value near ap or fp; vm/references.h evaluates it. */
typedef struct sage_hint_reference {
    const char *name;       /* the last part of path: what stands behind "ids." */
    const char *path;       /* "__main__.main.x" */
    const char *expression; /* "[cast(fp + (-3), felt*)]" */
    int32_t ap_delta;       /* what ap grew by since the expression was true */
    bool ap_tracked;        /* false: nobody knows, an expression of ap has no value */
} sage_hint_reference;

/* A hint before the instruction at pc. Cairo 0: its Python text. Cairo 1: its JSON value as it
 * stands in the file, {"TestLessThan":{..}}. */
typedef struct sage_hint {
    uint32_t pc;
    uint32_t order; /* 0, 1, .. among the hints of one pc */
    const char *text;
    sage_hint_reference *references; /* ascending by path; none for Cairo 1 */
    uint32_t n_references;
    const char **scopes; /* accessible ones, outermost first: ids.X may be scope.X */
    uint32_t n_scopes;
} sage_hint;

/* A name of the program, in full: "__main__.main", "starkware.cairo.common.dict_access.
 * DictAccess.key" for a member. */
typedef struct sage_symbol {
    const char *name;
    enum {
        SAGE_SYMBOL_FUNCTION,
        SAGE_SYMBOL_LABEL,
        SAGE_SYMBOL_CONST,
        SAGE_SYMBOL_MEMBER, /* of a struct */
        SAGE_SYMBOL_STRUCT,
        SAGE_SYMBOL_ALIAS /* what an import made */
    } kind;
    uint32_t pc;      /* function, label */
    sage_value value; /* const; member: its offset; struct: its size */
    const char *type; /* member: "felt*"; alias: the name that is meant; else NULL */
} sage_symbol;

typedef enum sage_program_form {
    SAGE_PROGRAM_CAIRO0 = 0,
    SAGE_PROGRAM_CAIRO1,
    SAGE_PROGRAM_CASM,
    SAGE_PROGRAM_PIE /* to be looked at: its hints are not in it, so it cannot run */
} sage_program_form;
/* "Cairo 0" and so on. */
const char *sage_program_form_name(sage_program_form f);

/* Everything a program points to lies in its own memory, freed at once. */
typedef struct sage_program {
    sage_program_form form;
    sage_value *data;
    uint32_t n_data;
    sage_builtin builtins[SAGE_BUILTINS];
    uint32_t n_builtins;
    uint32_t start, end, main; /* pc of __start__, __end__ (the endless loop), main */
    sage_hint *hints;          /* ascending by pc, then order */
    uint32_t n_hints;
    sage_symbol *symbols; /* ascending by name, each once */
    uint32_t n_symbols;
    uint32_t *located; /* the functions and labels among them, ascending by pc, then name */
    uint32_t n_located;
    const char *compiler_version; /* "0.14.4"; NULL where the form has none */
    void *memory;                 /* private */
} sage_program;

enum { SAGE_PROGRAM_MAX_BYTES = 256 << 20, SAGE_PROGRAM_MAX_DATA = 1 << 24 };

/* sage_program_read reads a program file of any form, recognised by its content.
 *
 *   in   entry   Cairo 1: "standalone" (NULL) or "bootloader"; Cairo 0: NULL, or the name of a
 *                function of the main scope that is to run as main
 * A program that was not compiled for proofs (no __start__), and a function that is asked for
 * by name, get the words that a proof starts with in front (vm/start.h), which pass pointers
 * to all builtins that a proof has. All pcs count them.
 *
 * SAGE_EFORMAT with err->at a byte offset, or a pc for entry and hints: "program.form" (none of
 * ours), "program.prime", "program.builtins" (unknown, or out of order), "program.data" (no
 * felts), "program.entry", "program.hints", "program.references", "program.identifiers",
 * "program.pie" and "json.*"; SAGE_EINVAL "program.entry" (no name of an entry); SAGE_EUNSUP
 * "program.version", "program.form", "program.pie"; SAGE_ELIMIT "program.size", "program.data",
 * "program.identifiers", "program.pie"; SAGE_ENOMEM "program.memory". On error *out is freed.
 * Hostile input: memory is bounded by a multiple of len, no recursion. Cost: about 3 ns a
 * byte. */
SAGE_CHECKED sage_status sage_program_read(
    sage_program *out, const uint8_t *bytes, size_t len, const char *entry, sage_errinfo *err);
void sage_program_free(sage_program *p);

/* The symbol of that name; an alias comes back as what it stands for. NULL: none. Cost: a binary
 * search. */
const sage_symbol *sage_program_symbol(const sage_program *p, const char *name, size_t len);
/* The function or label that pc belongs to: the last one at or before it. NULL: none. */
const sage_symbol *sage_program_function(const sage_program *p, uint32_t pc);

/* For those who make a program: zeroed memory that sage_program_free frees. NULL: there is none,
 * or count * size overflows. */
void *sage_program_take(sage_program *p, size_t count, size_t size);

#endif
