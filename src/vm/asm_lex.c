/* vm/asm_lex.c -- tokens: names with dots, numbers, marks, hints, comments of // and #. */
#include "vm/asm_lex.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
static bool in_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' ||
           is_digit(c);
}
static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Is `what` next? */
static bool ahead(const asm_lexer *x, const char *what)
{
    size_t n = strlen(what);
    return x->len - x->at >= n && !memcmp(x->text + x->at, what, n);
}

static void pass(asm_lexer *x)
{
    if (x->text[x->at++] != '\n') return;
    x->line++;
    x->line_at = x->at;
}

static void pass_blank(asm_lexer *x)
{
    while (x->at < x->len) {
        if (ahead(x, "//") || x->text[x->at] == '#')
            while (x->at < x->len && x->text[x->at] != '\n')
                x->at++;
        else if (is_blank(x->text[x->at]))
            pass(x);
        else
            return;
    }
}

/* Trimmed if on one line; else the lines between those of the brackets, as they stand. */
static void trim(asm_token *t)
{
    if (t->len && t->text[0] == '\n') {
        t->text++;
        t->len--;
        size_t n = t->len;
        while (n && (t->text[n - 1] == ' ' || t->text[n - 1] == '\t'))
            n--;
        if (n && t->text[n - 1] == '\n') t->len = n - 1;
        return;
    }
    while (t->len && is_blank(t->text[0])) {
        t->text++;
        t->len--;
    }
    while (t->len && is_blank(t->text[t->len - 1]))
        t->len--;
}

static sage_status read_hint(asm_lexer *x)
{
    asm_token *t = &x->token;
    t->kind      = ASM_HINT;
    x->at += 2;
    t->text = x->text + x->at;
    while (x->at < x->len && !ahead(x, "%}") && x->text[x->at])
        pass(x);
    t->len = (size_t)(x->text + x->at - t->text);
    if (!ahead(x, "%}"))
        return sage_fail(x->err, SAGE_EFORMAT, "asm.hint", t->line,
                         "%u:%u: a hint must end with %%}, and hold no NUL", t->line,
                         t->column);
    x->at += 2;
    trim(t);
    return SAGE_OK;
}

static sage_status read_mark(asm_lexer *x)
{
    static const struct {
        const char text[3];
        asm_kind kind;
    } marks[] = {{"++", ASM_PLUS2}, {"+=", ASM_PLUS_IS}, {"!=", ASM_IS_NOT}, {"=>", ASM_ARROW}};
    asm_token *t = &x->token;
    t->len       = 2;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (ahead(x, marks[i].text)) {
            t->kind = marks[i].kind;
            x->at += 2;
            return SAGE_OK;
        }
    t->len       = 1;
    t->kind      = ASM_CHARACTER;
    t->character = x->text[x->at];
    if (!t->character || !strchr("[]+-*=,;:", t->character))
        return sage_fail(x->err, SAGE_EFORMAT, "asm.character", t->line,
                         "%u:%u: byte 0x%02x begins nothing", t->line, t->column,
                         (unsigned char)t->character);
    x->at++;
    return SAGE_OK;
}

sage_status asm_next(asm_lexer *x)
{
    pass_blank(x);
    asm_token *t = &x->token;
    *t           = (asm_token){
                  .text = x->text + x->at, .line = x->line, .column = (uint32_t)(x->at - x->line_at) + 1};
    if (x->at == x->len) return SAGE_OK;
    if (ahead(x, "%{")) return read_hint(x);
    if (!in_name(x->text[x->at]) || x->text[x->at] == '.') return read_mark(x);
    t->kind = is_digit(x->text[x->at]) ? ASM_NUMBER : ASM_NAME;
    while (x->at < x->len && in_name(x->text[x->at]))
        x->at++;
    t->len = (size_t)(x->text + x->at - t->text);
    return SAGE_OK;
}
