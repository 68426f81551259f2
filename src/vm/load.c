/* vm/load.c -- what program files of all forms have: texts, builtins, words, the start. */
#include "vm/load.h"

#include <stdlib.h>
#include <string.h>

#include "vm/start.h"

/* jmp rel n (Cairo whitepaper, section 4.5), n being the next word. */
static const uint64_t jump_rel = 0x10780017fff7fff;

sage_status load_no_memory(loader *l, const char *what)
{
    return sage_fail(l->err, SAGE_ENOMEM, "program.memory", -1, "no memory for %s", what);
}

sage_status load_decoded(loader *l, const char *raw, size_t n, const char **out)
{
    char *text = sage_program_take(l->p, n + 1, 1);
    if (!text) return load_no_memory(l, "a text");
    (void)sage_json_in_unescape(text, raw, n);
    *out = text;
    return SAGE_OK;
}

sage_status load_text(loader *l, sage_json_in *c, size_t max, const char **out)
{
    const char *raw;
    size_t n;
    sage_status s = sage_json_in_escaped(c, &raw, &n);
    if (s) return s;
    if (n > max) return sage_json_in_bad(c, "json.range", "a text that is too long");
    return load_decoded(l, raw, n, out);
}

static sage_status add_builtin(loader *l, const sage_json_in *c, const char *name, size_t n)
{
    sage_program *p = l->p;
    sage_builtin b;
    if (!sage_builtin_named(name, n, &b))
        return sage_fail(l->err, SAGE_EFORMAT, "program.builtins", (long long)c->at,
                         "unknown builtin \"%.*s\"", n < 40 ? (int)n : 40, name);
    if (p->n_builtins && p->builtins[p->n_builtins - 1] >= b)
        return sage_fail(l->err, SAGE_EFORMAT, "program.builtins", (long long)c->at,
                         "builtin %s must not come after %s", sage_builtin_name(b),
                         sage_builtin_name(p->builtins[p->n_builtins - 1]));
    p->builtins[p->n_builtins++] = b;
    return SAGE_OK;
}

sage_status load_builtins(loader *l, sage_json_in *c)
{
    bool more;
    sage_status s    = sage_json_in_open(c);
    l->p->n_builtins = 0;
    for (uint32_t i = 0; !s; i++) {
        const char *name;
        size_t n;
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = sage_json_in_string(c, &name, &n);
        if (!s) s = add_builtin(l, c, name, n);
    }
    return s;
}

/* "0x..", or a number as it stands in a PIE. */
static sage_status read_word(sage_json_in *c, sage_value *out)
{
    const char *text;
    size_t n;
    bool quoted        = sage_json_in_peek(c) == '"';
    sage_json_in start = *c;
    sage_status s =
        quoted ? sage_json_in_string(c, &text, &n) : sage_json_in_digits(c, &text, &n);
    if (s) return s;
    bool shaped = quoted ? n > 2 && text[0] == '0' && text[1] == 'x' : text[0] != '-';
    if (!shaped || !sage_value_parse(out, text, n) || !sage_value_is_felt(*out))
        return sage_json_in_bad(&start, "program.data", "no number below the prime");
    return SAGE_OK;
}

sage_status load_data(loader *l, sage_json_in *c)
{
    uint32_t n;
    bool more;
    sage_status s = sage_json_in_length(c, &n);
    if (s) return s;
    if (n > SAGE_PROGRAM_MAX_DATA - SAGE_START_MAX)
        return sage_fail(l->err, SAGE_ELIMIT, "program.data", n,
                         "%u words, a program has at most %d", n,
                         SAGE_PROGRAM_MAX_DATA - SAGE_START_MAX);
    sage_value *room = sage_program_take(l->p, (size_t)n + SAGE_START_MAX, sizeof(sage_value));
    if (!room) return load_no_memory(l, "the program's words");
    l->p->data   = room + SAGE_START_MAX;
    l->p->n_data = n;
    s            = sage_json_in_open(c);
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_word(c, &l->p->data[i]);
    }
    return s;
}

static bool same_digits(const char *text, size_t n, const char *digits)
{
    while (n > 1 && *text == '0') {
        text++;
        n--;
    }
    return strlen(digits) == n && !memcmp(text, digits, n);
}

sage_status load_prime(loader *l, const sage_json_in *at, const char *text, size_t n)
{
    bool hex = n > 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
    if (hex ? same_digits(text + 2, n - 2,
                          "800000000000011000000000000000000000000000000000000000000000001")
            : same_digits(text, n,
                          "3618502788666131213697322783095070105623107215331596699973092056135"
                          "872020481"))
        return SAGE_OK;
    return sage_fail(l->err, SAGE_EFORMAT, "program.prime", (long long)at->at,
                     "the program is for another field than 2^251 + 17 * 2^192 + 1");
}

static int by_pc(const void *a, const void *b)
{
    const sage_hint *x = a, *y = b;
    if (x->pc != y->pc) return x->pc < y->pc ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

sage_status load_sort_hints(loader *l)
{
    const sage_program *p = l->p;
    if (p->n_hints) qsort(p->hints, p->n_hints, sizeof *p->hints, by_pc);
    for (uint32_t i = 1; i < p->n_hints; i++)
        if (!by_pc(&p->hints[i - 1], &p->hints[i]))
            return sage_fail(l->err, SAGE_EFORMAT, "program.hints", p->hints[i].pc,
                             "two lists of hints for pc %u", p->hints[i].pc);
    if (p->n_hints && p->hints[p->n_hints - 1].pc >= p->n_data)
        return sage_fail(l->err, SAGE_EFORMAT, "program.hints", p->hints[p->n_hints - 1].pc,
                         "a hint at pc %u, the program ends at %u", p->hints[p->n_hints - 1].pc,
                         p->n_data);
    return SAGE_OK;
}

sage_status load_start(loader *l, uint64_t start)
{
    sage_program *p = l->p;
    if (p->n_data < SAGE_START_WORDS || start > p->n_data - SAGE_START_WORDS)
        return sage_fail(l->err, SAGE_EFORMAT, "program.entry", (long long)start,
                         "the program has %u words, and no start at %llu", p->n_data,
                         (unsigned long long)start);
    const sage_value *w = p->data + start;
    if (!sage_value_equal(w[SAGE_START_END], sage_value_from_u64(jump_rel)) ||
        !sage_value_equal(w[SAGE_START_END + 1], sage_value_from_u64(0)))
        return sage_fail(l->err, SAGE_EFORMAT, "program.entry", (long long)start,
                         "no endless loop at pc %llu, where the program must end",
                         (unsigned long long)start + SAGE_START_END);
    p->start = (uint32_t)start;
    p->end   = p->start + SAGE_START_END;
    return SAGE_OK;
}

static void shift(sage_program *p, uint32_t by)
{
    for (uint32_t i = 0; i < p->n_hints; i++)
        p->hints[i].pc += by;
    for (uint32_t i = 0; i < p->n_located; i++)
        p->symbols[p->located[i]].pc += by;
}

sage_status load_wrap(loader *l, uint64_t main)
{
    sage_program *p   = l->p;
    const uint32_t by = sage_start_length(p);
    if (main >= p->n_data)
        return sage_fail(l->err, SAGE_EFORMAT, "program.entry", (long long)main,
                         "main is at pc %llu, the program ends at %u", (unsigned long long)main,
                         p->n_data);
    p->data -= by;
    p->n_data += by;
    p->main = (uint32_t)main + by;
    sage_start_write(p, p->data, p->main);
    shift(p, by);
    return load_start(l, 0);
}
