/* vm/asm_json.c -- an assembled program as compiled.json. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_out.h"
#include "vm/asm.h"

static const char prime[] = "0x800000000000011000000000000000000000000000000000000000000000001";
enum { DECIMAL_DIGITS = 80, LONGEST_ESCAPE = 6 };

/* v in decimal: 19 digits a division. */
static const char *decimal(sage_value v, char out[DECIMAL_DIGITS])
{
    const uint64_t ten_19 = 10000000000000000000u;
    uint64_t l[4]         = {v.l[0], v.l[1], v.l[2], v.l[3] & ~SAGE_VALUE_KNOWN};
    char *at              = out + DECIMAL_DIGITS - 1;
    *at                   = 0;
    do {
        sage_u128 rest = 0;
        for (int i = 3; i >= 0; i--) {
            rest = rest << 64 | l[i];
            l[i] = (uint64_t)(rest / ten_19);
            rest %= ten_19;
        }
        bool last = !(l[0] | l[1] | l[2] | l[3]);
        for (int k = 0; k < 19 && (!last || rest || !k); k++, rest /= 10)
            *--at = (char)('0' + (int)(rest % 10));
        if (last) break;
    } while (true);
    return at;
}

/* What stands between the quotes of a string that means `text`; the caller frees. */
static char *escaped(const char *text)
{
    static const char hex[] = "0123456789abcdef";
    size_t n                = strlen(text);
    char *out = n < SIZE_MAX / LONGEST_ESCAPE - 1 ? malloc(LONGEST_ESCAPE * n + 1) : NULL;
    char *at  = out;
    if (!out) return NULL;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20) {
            memcpy(at, "\\u00", 4);
            at[4] = hex[c >> 4];
            at[5] = hex[c & 15];
            at += LONGEST_ESCAPE;
            continue;
        }
        if (c == '"' || c == '\\') *at++ = '\\';
        *at++ = (char)c;
    }
    *at = 0;
    return out;
}

static void pair(sage_json_out *o, const char *key, const char *value)
{
    sage_json_out_key(o, key);
    sage_json_out_string(o, value);
}

static void number(sage_json_out *o, const char *key, uint64_t value)
{
    sage_json_out_key(o, key);
    sage_json_out_number(o, value);
}

static void empty(sage_json_out *o, const char *key, char bracket)
{
    sage_json_out_key(o, key);
    sage_json_out_open(o, bracket);
    sage_json_out_close(o, bracket == '[' ? ']' : '}');
}

static void builtins(sage_json_out *o, const sage_program *p)
{
    sage_json_out_key(o, "builtins");
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < p->n_builtins; i++)
        sage_json_out_string(o, sage_builtin_name(p->builtins[i]));
    sage_json_out_close(o, ']');
}

static void data(sage_json_out *o, const sage_program *p)
{
    char word[SAGE_VALUE_TEXT];
    sage_json_out_key(o, "data");
    sage_json_out_open(o, '[');
    for (uint32_t i = 0; i < p->n_data; i++) {
        sage_value_print(word, p->data[i]);
        sage_json_out_string(o, word);
    }
    sage_json_out_close(o, ']');
}

/* One hint, with the members that other machines ask for. */
static bool hint(sage_json_out *o, const sage_hint *h)
{
    char *code = escaped(h->text);
    if (!code) return false;
    sage_json_out_open(o, '{');
    sage_json_out_key(o, "accessible_scopes");
    sage_json_out_open(o, '[');
    sage_json_out_string(o, "__main__");
    sage_json_out_close(o, ']');
    pair(o, "code", code);
    sage_json_out_key(o, "flow_tracking_data");
    sage_json_out_open(o, '{');
    sage_json_out_key(o, "ap_tracking");
    sage_json_out_open(o, '{');
    number(o, "group", 0);
    number(o, "offset", 0);
    sage_json_out_close(o, '}');
    empty(o, "reference_ids", '{');
    sage_json_out_close(o, '}');
    sage_json_out_close(o, '}');
    free(code);
    return true;
}

static bool hints(sage_json_out *o, const sage_program *p)
{
    bool ok = true;
    char pc[16];
    sage_json_out_key(o, "hints");
    sage_json_out_open(o, '{');
    for (uint32_t i = 0; ok && i < p->n_hints;) {
        uint32_t here = p->hints[i].pc;
        snprintf(pc, sizeof pc, "%u", here);
        sage_json_out_key(o, pc);
        sage_json_out_open(o, '[');
        for (; ok && i < p->n_hints && p->hints[i].pc == here; i++)
            ok = hint(o, &p->hints[i]);
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, '}');
    return ok;
}

static void identifier(sage_json_out *o, const sage_symbol *s)
{
    char digits[DECIMAL_DIGITS] = {0};
    sage_json_out_key(o, s->name);
    sage_json_out_open(o, '{');
    if (s->kind == SAGE_SYMBOL_CONST) {
        pair(o, "type", "const");
        sage_json_out_key(o, "value");
        sage_json_out_digits(o, decimal(s->value, digits));
    } else {
        bool function = s->kind == SAGE_SYMBOL_FUNCTION;
        if (function) empty(o, "decorators", '[');
        number(o, "pc", s->pc);
        pair(o, "type", function ? "function" : "label");
    }
    sage_json_out_close(o, '}');
}

sage_status sage_program_write(const sage_program *p,
                               void (*put)(void *to, const void *bytes, size_t n),
                               void *to,
                               sage_errinfo *err)
{
    sage_json_out o = {.put = put, .to = to};
    sage_json_out_open(&o, '{');
    empty(&o, "attributes", '[');
    builtins(&o, p);
    data(&o, p);
    if (!hints(&o, p))
        return sage_fail(err, SAGE_ENOMEM, "asm.memory", -1, "no memory for a hint");
    sage_json_out_key(&o, "identifiers");
    sage_json_out_open(&o, '{');
    for (uint32_t i = 0; i < p->n_symbols; i++)
        identifier(&o, &p->symbols[i]);
    sage_json_out_close(&o, '}');
    pair(&o, "main_scope", "__main__");
    pair(&o, "prime", prime);
    sage_json_out_key(&o, "reference_manager");
    sage_json_out_open(&o, '{');
    empty(&o, "references", '[');
    sage_json_out_close(&o, '}');
    sage_json_out_close(&o, '}');
    put(to, "\n", 1);
    return SAGE_OK;
}
