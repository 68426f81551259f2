/* vm/load_cairo1.c -- *.executable.json, what scarb writes for a Cairo 1 executable:
 * {"program": {"bytecode": ["0x..", ..], "hints": [[pc, [hint, ..]], ..]},
 *  "entrypoints": [{"kind": "Standalone", "offset": 0, "builtins": [..]}, ..]}
 * A standalone entry begins with the words of a proof's start; a bootloader's is a function. */
#include <string.h>

#include "vm/load.h"

enum { CALL_WORD = 2 }; /* of the start */

/* Which entry is asked for. */
static const char *kind_of(const char *entry)
{
    if (!entry || !strcmp(entry, "standalone")) return "Standalone";
    return strcmp(entry, "bootloader") ? NULL : "Bootloader";
}

static sage_status
read_entry(loader *l, sage_json_in *c, const char *kind, bool *taken, uint64_t *offset)
{
    static const char *const keys[] = {"kind", "offset", "builtins"};
    sage_json_in part[3];
    const char *text;
    size_t n;
    sage_status s = sage_json_in_pick(c, keys, 3, part);
    if (s) return s;
    for (int i = 0; i < 3; i++)
        if (!part[i].text)
            return sage_fail(l->err, SAGE_EFORMAT, "json.missing", (long long)c->at,
                             "byte %zu: an entry point without \"%s\"", c->at, keys[i]);
    s = sage_json_in_string(&part[0], &text, &n);
    if (s) return s;
    if (*taken || strlen(kind) != n || memcmp(kind, text, n) != 0) return SAGE_OK;
    *taken = true;
    s      = sage_json_in_number(&part[1], SAGE_PROGRAM_MAX_DATA, offset, "program.entry");
    return s ? s : load_builtins(l, &part[2]);
}

static sage_status read_entries(loader *l, sage_json_in *c, const char *kind, uint64_t *offset)
{
    bool more, taken = false;
    sage_status s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s) return s;
        if (!more) break;
        s = read_entry(l, c, kind, &taken, offset);
    }
    if (s || taken) return s;
    return sage_fail(l->err, SAGE_EFORMAT, "program.entry", -1,
                     "the executable has no %s entry point", kind);
}

/* --- hints: a list of [pc, [value, ..]] --- */

static sage_status open_pair(sage_json_in *c, uint64_t *pc)
{
    bool more;
    sage_status s = sage_json_in_open(c);
    if (!s) s = sage_json_in_more(c, 0, &more);
    if (!s) s = sage_json_in_number(c, UINT32_MAX, pc, "program.hints");
    if (!s) s = sage_json_in_more(c, 1, &more);
    if (!s && !more) s = sage_json_in_bad(c, "program.hints", "a pc without hints");
    return s;
}

static sage_status close_pair(sage_json_in *c)
{
    bool more;
    sage_status s = sage_json_in_more(c, 2, &more);
    return s || !more ? s
                      : sage_json_in_bad(c, "program.hints", "more than a pc and its hints");
}

static sage_status add_hint(loader *l, sage_json_in *c, uint64_t pc, uint32_t order)
{
    sage_json_in value;
    sage_hint *h  = &l->p->hints[l->p->n_hints++];
    sage_status s = sage_json_in_skip(c, &value);
    if (s) return s;
    size_t n   = value.len - value.at;
    char *text = sage_program_take(l->p, n + 1, 1);
    if (!text) return load_no_memory(l, "a hint");
    memcpy(text, value.text + value.at, n);
    *h = (sage_hint){.pc = (uint32_t)pc, .order = order, .text = text};
    return SAGE_OK;
}

/* l NULL: count alone. */
static sage_status read_pair(loader *l, sage_json_in *c, size_t *n)
{
    uint64_t pc;
    bool more;
    sage_status s = open_pair(c, &pc);
    if (!s) s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s) return s;
        if (!more) return close_pair(c);
        ++*n;
        s = l ? add_hint(l, c, pc, i) : sage_json_in_skip(c, NULL);
    }
    return s;
}

static sage_status read_pairs(loader *l, sage_json_in *c, size_t *n)
{
    bool more;
    sage_status s = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_pair(l, c, n);
    }
    return s;
}

static sage_status read_hints(loader *l, sage_json_in *c)
{
    sage_json_in again = *c;
    size_t n           = 0;
    sage_status s      = read_pairs(NULL, c, &n);
    if (s) return s;
    l->p->hints = sage_program_take(l->p, n, sizeof *l->p->hints);
    if (!l->p->hints) return load_no_memory(l, "the hints");
    n = 0;
    s = read_pairs(l, &again, &n);
    return s ? s : load_sort_hints(l);
}

static sage_status read_program(loader *l, sage_json_in *c)
{
    static const char *const keys[] = {"bytecode", "hints"};
    sage_json_in part[2];
    sage_status s = sage_json_in_pick(c, keys, 2, part);
    if (s) return s;
    for (int i = 0; i < 2; i++)
        if (!part[i].text)
            return sage_fail(l->err, SAGE_EFORMAT, "json.missing", (long long)c->at,
                             "the executable's program has no \"%s\"", keys[i]);
    s = load_data(l, &part[0]);
    return s ? s : read_hints(l, &part[1]);
}

/* main is what the start calls. */
static sage_status enter(loader *l, uint64_t offset)
{
    sage_status s = load_start(l, offset);
    if (s) return s;
    sage_value by = l->p->data[offset + CALL_WORD + 1];
    l->p->main    = l->p->start;
    if (sage_value_is_small(by) && by.l[0] < l->p->n_data - offset - CALL_WORD)
        l->p->main = (uint32_t)(offset + CALL_WORD + by.l[0]);
    return SAGE_OK;
}

sage_status load_cairo1(loader *l, const sage_json_in *text)
{
    static const char *const keys[] = {"program", "entrypoints"};
    sage_json_in c                  = *text, part[2];
    const char *kind                = kind_of(l->entry);
    uint64_t offset                 = 0;
    l->p->form                      = SAGE_PROGRAM_CAIRO1;
    if (!kind)
        return sage_fail(
            l->err, SAGE_EINVAL, "program.entry", -1,
            "entry points of an executable are standalone and bootloader, not %.60s", l->entry);
    sage_status s = sage_json_in_pick(&c, keys, 2, part);
    if (!s) s = read_program(l, &part[0]);
    if (!s) s = read_entries(l, &part[1], kind, &offset);
    if (s) return s;
    return kind[0] == 'S' ? enter(l, offset) : load_wrap(l, offset);
}
