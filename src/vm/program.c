/* vm/program.c -- programs: their memory, their names, and which reader a file is for. */
#include "vm/program.h"

#include <stdlib.h>
#include <string.h>

#include "base/size.h"
#include "vm/load.h"

const char *sage_program_form_name(sage_program_form f)
{
    switch (f) {
    case SAGE_PROGRAM_CAIRO0: return "Cairo 0";
    case SAGE_PROGRAM_CAIRO1: return "Cairo 1";
    case SAGE_PROGRAM_CASM: return "assembled";
    case SAGE_PROGRAM_PIE: return "Cairo PIE";
    }
    return NULL;
}

/* --- memory: blocks in a list, the first one with room for small pieces --- */

enum { BLOCK = 1 << 16, ALIGN = 16 };

typedef struct block {
    struct block *next;
    size_t size, used;
    _Alignas(ALIGN) unsigned char bytes[];
} block;

static block *new_block(size_t size)
{
    size_t total;
    if (!sage_size_add(size, sizeof(block), &total)) return NULL;
    block *b = calloc(1, total);
    if (b) b->size = size;
    return b;
}

/* A piece too large for a shared block gets its own, behind the first. */
static void *take_large(block *first, size_t bytes)
{
    block *b = new_block(bytes);
    if (!b) return NULL;
    b->used     = bytes;
    b->next     = first->next;
    first->next = b;
    return b->bytes;
}

void *sage_program_take(sage_program *p, size_t count, size_t size)
{
    block *first = p->memory;
    size_t bytes;
    if (!sage_size_mul(count, size, &bytes) || !sage_size_add(bytes, ALIGN - 1, &bytes))
        return NULL;
    bytes &= ~(size_t)(ALIGN - 1);
    if (!first || (first->size - first->used < bytes && bytes <= BLOCK / 4)) {
        block *b = new_block(BLOCK);
        if (!b) return NULL;
        b->next   = first;
        p->memory = first = b;
    }
    if (first->size - first->used < bytes) return take_large(first, bytes);
    void *piece = first->bytes + first->used;
    first->used += bytes;
    return piece;
}

void sage_program_free(sage_program *p)
{
    for (block *b = p->memory, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    memset(p, 0, sizeof *p);
}

/* --- names --- */

static const sage_symbol *find(const sage_program *p, const char *name, size_t len)
{
    uint32_t low = 0, high = p->n_symbols;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *s   = p->symbols[middle].name;
        int order       = strncmp(s, name, len);
        if (!order && s[len]) order = 1;
        if (!order) return &p->symbols[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const sage_symbol *sage_program_symbol(const sage_program *p, const char *name, size_t len)
{
    const sage_symbol *s = find(p, name, len);
    if (s && s->kind == SAGE_SYMBOL_ALIAS) s = find(p, s->type, strlen(s->type));
    return s && s->kind != SAGE_SYMBOL_ALIAS ? s : NULL;
}

const sage_symbol *sage_program_function(const sage_program *p, uint32_t pc)
{
    uint32_t low = 0, high = p->n_located;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->symbols[p->located[middle]].pc <= pc)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low) return NULL;
    const sage_symbol *last = &p->symbols[p->located[low - 1]], *s = last;
    for (uint32_t i = low; i-- > 0 && p->symbols[p->located[i]].pc == last->pc;)
        if (p->symbols[p->located[i]].kind == SAGE_SYMBOL_FUNCTION)
            s = &p->symbols[p->located[i]];
    return s;
}

/* --- which form --- */

static sage_status refuse(loader *l, sage_status code, const char *what)
{
    return sage_fail(l->err, code, "program.form", 0, "%s", what);
}

/* By the keys of the outermost object. */
static sage_status load_json(loader *l, const uint8_t *bytes, size_t len)
{
    static const char *const keys[] = {"data",     "program",        "entrypoints",
                                       "bytecode", "sierra_program", "type_declarations"};
    sage_json_in c                  = {.text = (const char *)bytes, .len = len, .err = l->err};
    sage_json_in all                = c, part[sizeof keys / sizeof *keys];
    sage_status s = sage_json_in_pick(&c, keys, sizeof keys / sizeof *keys, part);
    if (!s) s = sage_json_in_end(&c);
    if (s) return s;
    if (part[1].text && part[2].text) return load_cairo1(l, &all);
    if (part[0].text) return load_cairo0(l, &all);
    if (part[4].text || part[5].text)
        return refuse(l, SAGE_EUNSUP,
                      "this is Sierra, not yet code of the machine: build it as an executable "
                      "(scarb build with the target [executable])");
    if (part[3].text)
        return refuse(l, SAGE_EUNSUP,
                      "this is the class of a contract, which has no main: build it as an "
                      "executable");
    return refuse(l, SAGE_EFORMAT, "JSON, but no program: neither data nor entrypoints");
}

static sage_status load(loader *l, const uint8_t *bytes, size_t len)
{
    size_t at = 0;
    if (len > SAGE_PROGRAM_MAX_BYTES)
        return sage_fail(l->err, SAGE_ELIMIT, "program.size", (long long)len,
                         "%zu bytes, at most %d are read", len, SAGE_PROGRAM_MAX_BYTES);
    if (len >= 4 && !memcmp(bytes, "PK\3\4", 4)) return load_pie(l, bytes, len);
    while (at < len && memchr(" \n\t\r", bytes[at], 4))
        at++;
    if (at < len && bytes[at] == '{') return load_json(l, bytes, len);
    return refuse(l, SAGE_EFORMAT,
                  "neither JSON (compiled.json, executable.json) nor a Cairo PIE");
}

sage_status sage_program_read(
    sage_program *out, const uint8_t *bytes, size_t len, const char *entry, sage_errinfo *err)
{
    loader l = {.p = out, .entry = entry, .err = err};
    memset(out, 0, sizeof *out);
    sage_status s = load(&l, bytes, len);
    if (s) sage_program_free(out);
    return s;
}
