#include "airc/ast.h"

#include <stdlib.h>
#include <string.h>

typedef struct parser {
    sage_airc *c;
    const airc_token *t;
    uint32_t file, nest;
    bool failed; /* the current statement is wrong; skip to its end */
} parser;

static bool is(const parser *p, const char *text)
{
    return (p->t->kind == T_KEYWORD || p->t->kind == T_PUNCT) && !strcmp(p->t->text, text);
}
static bool take(parser *p, const char *text)
{
    if (!is(p, text)) return false;
    p->t++;
    return true;
}

static const char *shown(parser *p)
{
    switch (p->t->kind) {
    case T_EOF: return "the end of the file";
    case T_NL: return "the end of the line";
    case T_INT: return airc_printf(p->c, "%lld", (long long)p->t->value);
    case T_STRING: return "a string";
    default: return airc_printf(p->c, "'%s'", p->t->text);
    }
}

static void fail(parser *p, const char *wanted)
{
    if (!p->failed) airc_error(p->c, p->t->pos, "expected %s, found %s", wanted, shown(p));
    p->failed = true;
}
static void expect(parser *p, const char *text)
{
    if (!p->failed && !take(p, text)) fail(p, airc_printf(p->c, "'%s'", text));
}
static const char *expect_name(parser *p, const char *what)
{
    if (p->failed) return "";
    if (p->t->kind == T_NAME) return (p->t++)->text;
    fail(p, p->t->kind == T_KEYWORD
                ? airc_printf(p->c, "%s (%s is a word of the language)", what, p->t->text)
                : what);
    return "";
}

static bool enter(parser *p)
{
    if (++p->nest <= AIRC_MAX_NEST) return true;
    fail(p, "at most 200 brackets and blocks inside one another");
    return false;
}

static airc_expr *make(parser *p, airc_expr_kind kind, airc_pos pos)
{
    airc_expr *e = airc_alloc(p->c, 1, sizeof *e);
    e->kind      = kind;
    e->pos       = pos;
    return e;
}

static airc_expr *parse_expr(parser *p);

static uint32_t parse_list(parser *p, const char *close, airc_expr **out)
{
    uint32_t n = 0;
    for (airc_expr **tail = out; !p->failed && !is(p, close);) {
        *tail = parse_expr(p);
        tail  = &(*tail)->next;
        n++;
        if (!take(p, ",")) break;
    }
    expect(p, close);
    return n;
}

static airc_expr *parse_brackets(parser *p, airc_pos pos)
{
    airc_expr *e = make(p, E_LIST, pos);
    if (take(p, "]")) return e;
    e->list   = parse_expr(p);
    e->n_list = 1;
    if (take(p, "for")) {
        airc_expr *first = e->list;
        e->kind          = E_COMP;
        e->a             = first;
        e->list          = NULL;
        e->name          = expect_name(p, "the name that runs");
        expect(p, "in");
        e->b = parse_expr(p);
        expect(p, "..");
        e->c = parse_expr(p);
        expect(p, "]");
    } else if (take(p, ",")) {
        e->n_list += parse_list(p, "]", &e->list->next);
    } else {
        expect(p, "]");
    }
    return e;
}

static airc_expr *parse_primary(parser *p)
{
    const airc_token *t = p->t;
    airc_expr *e        = make(p, E_INT, t->pos);
    if (p->failed) return e;
    if (t->kind == T_INT) {
        p->t++;
        e->value = t->value;
    } else if (t->kind == T_NAME) {
        p->t++;
        e->kind = E_NAME;
        e->name = t->text;
        if (take(p, "(")) {
            e->kind   = E_CALL;
            e->n_list = parse_list(p, ")", &e->list);
        }
    } else if (take(p, "(")) {
        e = parse_expr(p);
        expect(p, ")");
    } else if (take(p, "[")) {
        e = parse_brackets(p, t->pos);
    } else if (take(p, "input")) {
        e->kind = E_INPUT;
    } else {
        fail(p, "an expression");
    }
    return e;
}

static airc_expr *parse_postfix(parser *p)
{
    airc_expr *e = parse_primary(p);
    while (!p->failed && (is(p, "[") || is(p, "("))) {
        bool called  = is(p, "(");
        airc_pos pos = (p->t++)->pos;
        airc_expr *i = make(p, called ? E_CALL : E_INDEX, pos);
        i->a         = e;
        e            = i;
        if (called) {
            i->n_list = parse_list(p, ")", &i->list);
            continue;
        }
        i->b = parse_expr(p);
        if (take(p, "..")) {
            i->kind = E_SLICE;
            i->c    = parse_expr(p);
        }
        expect(p, "]");
    }
    return e;
}

static airc_expr *parse_unary(parser *p);

static airc_expr *parse_power(parser *p)
{
    airc_expr *e = parse_postfix(p);
    if (!p->failed && is(p, "^")) {
        airc_expr *b = make(p, E_BIN, (p->t++)->pos);
        b->op        = OP_POW;
        b->a         = e;
        b->b         = parse_unary(p);
        e            = b;
    }
    return e;
}

static airc_expr *parse_unary(parser *p)
{
    airc_pos pos = p->t->pos;
    airc_expr *e;
    if (!enter(p)) return make(p, E_INT, pos);
    if (!p->failed && take(p, "-")) {
        e    = make(p, E_NEG, pos);
        e->a = parse_unary(p);
    } else {
        e = parse_power(p);
    }
    while (!p->failed && is(p, "as")) {
        airc_expr *k = make(p, E_CAST, (p->t++)->pos);
        k->a         = e;
        k->name      = expect_name(p, "a type: m31, u16 or u32");
        e            = k;
    }
    p->nest--;
    return e;
}

static const struct {
    const char *text;
    airc_op op;
    int level;
} binary[] = {{"*", OP_MUL, 7},   {"/", OP_DIV, 7},  {"%", OP_MOD, 7},  {"+", OP_ADD, 6},
              {"-", OP_SUB, 6},   {"<<", OP_SHL, 5}, {">>", OP_SHR, 5}, {"&", OP_AND, 4},
              {"xor", OP_XOR, 3}, {"|", OP_OR, 2},   {"==", OP_EQ, 1},  {"!=", OP_NE, 1},
              {"<", OP_LT, 1},    {"<=", OP_LE, 1},  {">", OP_GT, 1},   {">=", OP_GE, 1}};

static airc_expr *parse_binary(parser *p, int level)
{
    airc_expr *e = parse_unary(p);
    while (!p->failed) {
        size_t k = 0, n = sizeof binary / sizeof *binary;
        while (k < n && !is(p, binary[k].text))
            k++;
        if (k == n || binary[k].level < level) break;
        airc_expr *b = make(p, E_BIN, (p->t++)->pos);
        b->op        = binary[k].op;
        b->a         = e;
        b->b         = parse_binary(p, binary[k].level + 1);
        e            = b;
    }
    return e;
}

static airc_expr *parse_expr(parser *p)
{
    airc_pos pos = p->t->pos;
    if (!enter(p)) return make(p, E_INT, pos);
    airc_expr *e = parse_binary(p, 1);
    p->nest--;
    return e;
}

static airc_decl *parse_decl(parser *p, const char *what)
{
    airc_decl *d = airc_alloc(p->c, 1, sizeof *d);
    d->pos       = p->t->pos;
    d->name      = expect_name(p, what);
    while (!p->failed && take(p, "[")) {
        if (d->n_dims == AIRC_MAX_DIMS) {
            fail(p, "at most four dimensions");
            break;
        }
        d->dim[d->n_dims++] = parse_expr(p);
        expect(p, "]");
    }
    return d;
}

static uint32_t parse_decls(parser *p, const char *what, const char *close, airc_decl **out)
{
    uint32_t n = 0;
    for (airc_decl **tail = out; !p->failed && !(close && is(p, close));) {
        *tail = parse_decl(p, what);
        tail  = &(*tail)->next;
        n++;
        if (!take(p, ",")) break;
    }
    if (close) expect(p, close);
    return n;
}

static airc_stat *parse_block(parser *p);
static void parse_items(parser *p);

static airc_stat *parse_loop(parser *p, airc_stat *s)
{
    s->name = expect_name(p, "the name that runs");
    expect(p, "in");
    s->value = parse_expr(p);
    expect(p, "..");
    s->hi   = parse_expr(p);
    s->body = parse_block(p);
    return s;
}

/* name = .., name[i] = .., a, b = .., or a call. */
static void parse_assign_or_call(parser *p, airc_stat *s)
{
    if (p->t->kind == T_NAME && p->t[1].kind == T_PUNCT && *p->t[1].text == '(') {
        s->kind  = ST_CALL;
        s->value = parse_expr(p);
        return;
    }
    s->kind = ST_ASSIGN;
    if (p->t->kind != T_NAME) {
        fail(p, "a statement");
        return;
    }
    s->n_decls = parse_decls(p, "a name", NULL, &s->decls);
    expect(p, "=");
    s->value = parse_expr(p);
}

static void parse_if(parser *p, airc_stat *s)
{
    s->value = parse_expr(p);
    s->body  = parse_block(p);
    if (p->failed || !is(p, "else")) return;
    airc_pos pos = (p->t++)->pos;
    if (is(p, "if")) {
        p->t++;
        s->other       = airc_alloc(p->c, 1, sizeof *s->other);
        s->other->kind = ST_IF;
        s->other->pos  = pos;
        if (enter(p)) parse_if(p, s->other);
        p->nest--;
    } else {
        s->other = parse_block(p);
    }
}

/* feed name(value, ..) */
static void parse_feed(parser *p, airc_stat *s)
{
    s->kind            = ST_FEED;
    const airc_expr *x = parse_expr(p);
    if (p->failed) return;
    if (x->kind != E_CALL || !x->name || !x->n_list) {
        airc_error(p->c, s->pos, "write `feed component(value, ..)`");
        return;
    }
    s->name   = x->name;
    s->list   = x->list;
    s->n_list = x->n_list;
}

static airc_stat *parse_stat(parser *p)
{
    airc_stat *s = airc_alloc(p->c, 1, sizeof *s);
    s->pos       = p->t->pos;
    if (take(p, "free")) {
        s->free = true;
        if (!is(p, "cell")) fail(p, "'cell' after 'free'");
    }
    if (take(p, "cell")) {
        s->kind    = ST_CELL;
        s->decls   = parse_decl(p, "the name of the cell");
        s->n_decls = 1;
        if (take(p, "=")) s->value = parse_expr(p);
    } else if (is(p, "input") || is(p, "param")) {
        s->kind = *p->t->text == 'i' ? ST_INPUT : ST_PARAM;
        p->t++;
        s->n_decls = parse_decls(p, "a name", NULL, &s->decls);
    } else if (is(p, "assert") || is(p, "use") || is(p, "yield")) {
        s->kind = *p->t->text == 'a' ? ST_ASSERT : *p->t->text == 'u' ? ST_USE : ST_YIELD;
        p->t++;
        s->value = parse_expr(p);
    } else if (is(p, "for") || is(p, "repeat")) {
        s->kind = *p->t->text == 'f' ? ST_FOR : ST_REPEAT;
        p->t++;
        parse_loop(p, s);
    } else if (take(p, "feed")) {
        parse_feed(p, s);
    } else if (take(p, "if")) {
        s->kind = ST_IF;
        parse_if(p, s);
    } else if (take(p, "return")) {
        s->kind = ST_RETURN;
        for (airc_expr **tail = &s->list; !p->failed; tail = &(*tail)->next) {
            *tail = parse_expr(p);
            s->n_list++;
            if (!take(p, ",")) break;
        }
    } else {
        parse_assign_or_call(p, s);
    }
    return s;
}

static void skip_newlines(parser *p)
{
    while (p->t->kind == T_NL || is(p, ";"))
        p->t++;
}

/* After an error: to the end of the line, over the block that may follow it. */
static void recover(parser *p)
{
    p->failed = false;
    while (p->t->kind != T_EOF && p->t->kind != T_NL && !is(p, "}")) {
        if (is(p, "{")) {
            uint32_t depth = 0;
            do {
                if (is(p, "{")) depth++;
                if (is(p, "}")) depth--;
                p->t++;
            } while (depth && p->t->kind != T_EOF);
            continue;
        }
        p->t++;
    }
}

static airc_stat *parse_block(parser *p)
{
    airc_stat *first = NULL, **tail = &first;
    expect(p, "{");
    if (p->failed || !enter(p)) return NULL;
    for (;;) {
        skip_newlines(p);
        if (is(p, "}") || p->t->kind == T_EOF) break;
        *tail = parse_stat(p);
        tail  = &(*tail)->next;
        if (!p->failed && p->t->kind != T_NL && !is(p, ";") && !is(p, "}"))
            fail(p, "the end of the statement");
        if (p->failed) recover(p);
    }
    expect(p, "}");
    p->nest--;
    return first;
}

static void parse_results(parser *p, airc_item *item)
{
    if (!take(p, "->")) return;
    do {
        expect_name(p, "the name of a result");
        item->n_results++;
    } while (!p->failed && take(p, ","));
}

static void parse_size(parser *p, airc_item *item)
{
    if (!take(p, "(")) return;
    if (!take(p, ")")) {
        item->size_name = expect_name(p, "the name of the run-time size");
        expect(p, ">=");
        item->size_min = parse_expr(p);
        expect(p, ")");
    }
}

/* `a/./b` and `a/b/../c` are `a/b` and `a/c`: a file is one file whatever the way to it. */
static const char *plain_path(sage_airc *c, const char *path)
{
    char *out = airc_alloc(c, strlen(path) + 1, 1);
    size_t n = 0, fixed = 0; /* out[0..fixed) is what no .. takes away */
    while (*path) {
        size_t len = strcspn(path, "/"), slash = path[len] == '/';
        bool up = len == 2 && !memcmp(path, "..", 2);
        if (up && n > fixed) {
            for (n--; n > fixed && out[n - 1] != '/'; n--) {
            }
        } else if (len ? len != 1 || *path != '.' : !n) {
            memcpy(out + n, path, len + slash);
            n += len + slash;
            if (up || !len) fixed = n;
        }
        path += len + slash;
    }
    out[n] = 0;
    return out;
}

/* Reads `path` once; returns false with the reason in *why, true also if it was read before. */
static bool load(sage_airc *c, const char *path, const char **why)
{
    path = plain_path(c, path);
    for (uint32_t i = 0; i < c->n_files; i++)
        if (!strcmp(c->files[i], path)) return true; /* each file counts once */
    char *text = NULL;
    size_t len = 0;
    if (c->n_files == AIRC_MAX_FILES) {
        *why = "there are too many files";
        return false;
    }
    if (c->read(c->read_arg, path, &text, &len)) {
        *why = "it cannot be read";
        return false;
    }
    if (len > AIRC_MAX_TEXT) {
        free(text);
        *why = "it is larger than 1 MiB";
        return false;
    }
    uint32_t file        = c->n_files++;
    c->files[file]       = path;
    c->text              = text; /* the lexer may stop the compile */
    const airc_token *ts = airc_lex(c, file, text, len);
    free(text);
    c->text = NULL;
    parse_items(&(parser){.c = c, .t = ts, .file = file});
    return true;
}

static void parse_include(parser *p)
{
    const airc_token *t = p->t;
    sage_airc *c        = p->c;
    const char *why = NULL, *from = c->files[p->file], *slash = strrchr(from, '/');
    if (t->kind != T_STRING) {
        fail(p, "the name of a file in quotes");
        return;
    }
    p->t++;
    const char *path =
        slash ? airc_printf(c, "%.*s/%s", (int)(slash - from), from, t->text) : t->text;
    if (!load(c, path, &why)) airc_error(c, t->pos, "cannot include \"%s\": %s", path, why);
}

static void parse_item(parser *p)
{
    airc_item *item = airc_alloc(p->c, 1, sizeof *item);
    item->pos       = p->t->pos;
    if (take(p, "include")) {
        parse_include(p);
        return;
    }
    if (take(p, "const")) {
        item->kind  = I_CONST;
        item->pos   = p->t->pos;
        item->decls = parse_decl(p, "the name of the constant");
        item->name  = item->decls->name;
        expect(p, "=");
        item->value = parse_expr(p);
    } else if (take(p, "relation")) {
        item->kind = I_RELATION;
        item->pos  = p->t->pos;
        item->name = expect_name(p, "the name of the relation");
        expect(p, "(");
        item->n_decls = parse_decls(p, "the name of a value", ")", &item->decls);
        if (take(p, "by")) item->value = parse_expr(p);
    } else if (take(p, "fn")) {
        item->kind = I_FN;
        item->pos  = p->t->pos;
        item->name = expect_name(p, "the name of the function");
        expect(p, "(");
        item->n_decls = parse_decls(p, "the name of a parameter", ")", &item->decls);
        parse_results(p, item);
        item->body = parse_block(p);
    } else if (take(p, "component")) {
        item->kind = I_COMPONENT;
        item->pos  = p->t->pos;
        item->name = expect_name(p, "the name of the component");
        parse_size(p, item);
        item->body = parse_block(p);
    } else {
        fail(p, "const, relation, fn, component or include");
        return;
    }
    if (p->failed) return;
    if (p->c->last)
        p->c->last->next = item;
    else
        p->c->first = item;
    p->c->last = item;
}

static void parse_items(parser *p)
{
    for (;;) {
        skip_newlines(p);
        if (p->t->kind == T_EOF) return;
        const airc_token *start = p->t;
        parse_item(p);
        if (!p->failed && p->t->kind != T_NL && !is(p, ";") && p->t->kind != T_EOF)
            fail(p, "the end of the line");
        if (p->failed) recover(p);
        if (p->t == start) p->t++; /* a stray closing brace */
    }
}

void airc_parse(sage_airc *c, const char *path)
{
    const char *why = NULL;
    if (load(c, path, &why)) return;
    uint32_t file  = c->n_files < AIRC_MAX_FILES ? c->n_files++ : AIRC_MAX_FILES - 1;
    c->files[file] = path;
    airc_error(c, (airc_pos){file, 1, 1}, "cannot compile this file: %s", why);
}
