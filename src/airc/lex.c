#include "airc/ast.h"

#include <string.h>

static const char *const keywords[] = {
    "as",       "assert", "by",     "cell", "component", "const",   "else",  "feed",
    "fn",       "for",    "free",   "if",   "in",        "include", "input", "param",
    "relation", "repeat", "return", "use",  "xor",       "yield"};
/* Longest first, so that the first match is the right one. */
static const char *const puncts[] = {"..", "->", "<<", ">>", "<=", ">=", "==", "!=", "+",
                                     "-",  "*",  "/",  "%",  "^",  "&",  "|",  "<",  ">",
                                     "=",  "(",  ")",  "[",  "]",  "{",  "}",  ",",  ";"};

typedef struct lexer {
    sage_airc *c;
    const char *s, *end, *line_start;
    uint32_t file, line, depth;
    airc_token *out;
    size_t n, cap;
} lexer;

static airc_pos here(const lexer *l)
{
    return (airc_pos){l->file, l->line, (uint32_t)(l->s - l->line_start) + 1};
}

static void push(lexer *l, airc_token t)
{
    if (l->n == l->cap) {
        size_t cap    = l->cap ? 2 * l->cap : 256;
        airc_token *p = airc_alloc(l->c, cap, sizeof *p);
        if (l->n) memcpy(p, l->out, l->n * sizeof *p);
        l->out = p;
        l->cap = cap;
    }
    l->out[l->n++] = t;
}

static bool is_alpha(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || ch == '_';
}
static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

static int hex_digit(char ch)
{
    if (is_digit(ch)) return ch - '0';
    if (ch >= 'a' && ch <= 'f') return ch - 'a' + 10;
    if (ch >= 'A' && ch <= 'F') return ch - 'A' + 10;
    return -1;
}

static void lex_number(lexer *l)
{
    airc_token t   = {.kind = T_INT, .pos = here(l)};
    const char *at = l->s;
    int64_t base   = 10;
    bool big = false, bad = false;
    if (l->end - l->s > 2 && l->s[0] == '0' && (l->s[1] == 'x' || l->s[1] == 'X')) {
        base = 16;
        l->s += 2;
    }
    for (; l->s < l->end && (is_alpha(*l->s) || is_digit(*l->s)); l->s++) {
        if (*l->s == '_') continue;
        int d = hex_digit(*l->s);
        if (d < 0 || d >= base) {
            bad = true;
            continue;
        }
        big = big || __builtin_mul_overflow(t.value, base, &t.value) ||
              __builtin_add_overflow(t.value, (int64_t)d, &t.value);
    }
    if (bad)
        airc_error(l->c, t.pos, "'%.*s' is not a number; numbers are 12, 1_000 or 0x1f",
                   (int)(l->s - at), at);
    else if (big)
        airc_error(l->c, t.pos, "this number does not fit 63 bits");
    push(l, t);
}

static void lex_word(lexer *l)
{
    airc_token t   = {.kind = T_NAME, .pos = here(l)};
    const char *at = l->s;
    while (l->s < l->end && (is_alpha(*l->s) || is_digit(*l->s)))
        l->s++;
    t.text = airc_strndup(l->c, at, (size_t)(l->s - at));
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (!strcmp(t.text, keywords[i])) t.kind = T_KEYWORD;
    push(l, t);
}

static void lex_string(lexer *l)
{
    airc_token t   = {.kind = T_STRING, .pos = here(l)};
    const char *at = ++l->s;
    while (l->s < l->end && *l->s != '"' && *l->s != '\n')
        l->s++;
    t.text = airc_strndup(l->c, at, (size_t)(l->s - at));
    if (l->s < l->end && *l->s == '"')
        l->s++;
    else
        airc_error(l->c, t.pos, "this string has no closing quote on its line");
    push(l, t);
}

static void lex_punct(lexer *l)
{
    airc_token t = {.kind = T_PUNCT, .pos = here(l)};
    for (size_t i = 0; i < sizeof puncts / sizeof *puncts; i++) {
        size_t n = strlen(puncts[i]);
        if ((size_t)(l->end - l->s) < n || memcmp(l->s, puncts[i], n) != 0) continue;
        t.text = puncts[i];
        l->s += n;
        if (*t.text == '(' || *t.text == '[') l->depth++;
        if ((*t.text == ')' || *t.text == ']') && l->depth) l->depth--;
        push(l, t);
        return;
    }
    unsigned ch = (unsigned char)*l->s++;
    if (ch >= 0x21 && ch < 0x7f)
        airc_error(l->c, t.pos, "'%c' has no meaning here", (int)ch);
    else
        airc_error(l->c, t.pos, "byte 0x%02x has no meaning here; the language is ASCII", ch);
}

/* A line that ends in an operator, a comma or an open bracket goes on. */
static bool may_end(const lexer *l)
{
    if (!l->n || l->depth) return false;
    const airc_token *t = &l->out[l->n - 1];
    if (t->kind == T_NL) return false;
    return t->kind != T_PUNCT || strchr(")]}", *t->text);
}

static void lex_newline(lexer *l)
{
    if (may_end(l)) push(l, (airc_token){.kind = T_NL, .pos = here(l)});
    l->line++;
    l->line_start = ++l->s;
}

airc_token *airc_lex(sage_airc *c, uint32_t file, const char *text, size_t len)
{
    lexer l = {
        .c = c, .s = text, .end = text + len, .line_start = text, .file = file, .line = 1};
    while (l.s < l.end) {
        char ch = *l.s;
        if (ch == '\n')
            lex_newline(&l);
        else if (ch == ' ' || ch == '\t' || ch == '\r')
            l.s++;
        else if (ch == '#')
            while (l.s < l.end && *l.s != '\n')
                l.s++;
        else if (is_alpha(ch))
            lex_word(&l);
        else if (is_digit(ch))
            lex_number(&l);
        else if (ch == '"')
            lex_string(&l);
        else
            lex_punct(&l);
    }
    push(&l, (airc_token){.kind = T_NL, .pos = here(&l)});
    push(&l, (airc_token){.kind = T_EOF, .pos = here(&l), .text = "end of file"});
    return l.out;
}
