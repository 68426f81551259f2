/* base/json_in.c -- the JSON cursor. */
#include "base/json_in.h"

#include <string.h>

sage_status sage_json_in_bad(const sage_json_in *c, const char *where, const char *what)
{
    return sage_fail(c->err, SAGE_EFORMAT, where, (long long)c->at, "byte %zu: %s", c->at,
                     what);
}

static sage_status syntax(const sage_json_in *c, const char *what)
{
    if (c->at == c->len) return sage_json_in_bad(c, "json.truncated", "the text ends here");
    return sage_json_in_bad(c, "json.syntax", what);
}

static bool is_space(char ch)
{
    return ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
}

char sage_json_in_peek(sage_json_in *c)
{
    while (c->at < c->len && is_space(c->text[c->at]))
        c->at++;
    return c->at < c->len ? c->text[c->at] : 0;
}

static bool take(sage_json_in *c, char want)
{
    if (sage_json_in_peek(c) != want) return false;
    c->at++;
    return true;
}

/* What may follow a number or a name. */
static bool at_delimiter(const sage_json_in *c)
{
    if (c->at == c->len) return true;
    char ch = c->text[c->at];
    return is_space(ch) || ch == ',' || ch == ']' || ch == '}';
}

sage_status sage_json_in_string(sage_json_in *c, const char **out, size_t *n)
{
    if (!take(c, '"')) return syntax(c, "a string is due");
    *out = c->text + c->at;
    for (; c->at < c->len && c->text[c->at] != '"'; c->at++)
        if ((unsigned char)c->text[c->at] < ' ' || c->text[c->at] == '\\')
            return syntax(c, "an escape or a control character");
    if (c->at == c->len) return syntax(c, "");
    *n = (size_t)(c->text + c->at - *out);
    c->at++;
    return SAGE_OK;
}

bool sage_json_in_null(sage_json_in *c)
{
    (void)sage_json_in_peek(c);
    if (c->len - c->at < 4 || memcmp(c->text + c->at, "null", 4) != 0) return false;
    sage_json_in after = *c;
    after.at += 4;
    if (!at_delimiter(&after)) return false;
    *c = after;
    return true;
}

static bool is_digit(char ch)
{
    return ch >= '0' && ch <= '9';
}

sage_status sage_json_in_number(sage_json_in *c, uint64_t max, uint64_t *out, const char *where)
{
    char first         = sage_json_in_peek(c);
    sage_json_in start = *c;
    uint64_t v         = 0;
    if (first == '-') return sage_json_in_bad(c, "json.sign", "a negative number");
    if (!is_digit(first)) return syntax(c, "a number is due");
    for (; c->at < c->len && is_digit(c->text[c->at]); c->at++) {
        uint64_t digit = (uint64_t)(c->text[c->at] - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return sage_json_in_bad(&start, "json.range", "a number of more than 64 bits");
        v = 10 * v + digit;
    }
    if (first == '0' && c->at - start.at > 1)
        return sage_json_in_bad(&start, "json.zeros", "a number with leading zeros");
    if (!at_delimiter(c)) {
        char next = c->text[c->at];
        if (next == '.' || next == 'e' || next == 'E')
            return sage_json_in_bad(&start, "json.fraction", "not a plain integer");
        return syntax(c, "no end of the number");
    }
    if (v > max) return sage_json_in_bad(&start, where, "a number out of its range");
    *out = v;
    return SAGE_OK;
}

/* Passes a number, a name, or whatever else stands where a value is due. */
static sage_status skip_plain(sage_json_in *c)
{
    size_t start = c->at;
    while (!at_delimiter(c) && c->text[c->at] != '"' && c->text[c->at] != '[' &&
           c->text[c->at] != '{' && c->text[c->at] != ':')
        c->at++;
    return c->at > start ? SAGE_OK : syntax(c, "a value is due");
}

/* Passes one value: balances brackets, without telling one kind from the other, and passes
 * strings whole. Its reader finds what is wrong inside. */
static sage_status skip_value(sage_json_in *c)
{
    uint32_t depth = 0;
    (void)sage_json_in_peek(c);
    if (c->at == c->len) return syntax(c, "");
    char ch = c->text[c->at];
    if (ch != '[' && ch != '{' && ch != '"') return skip_plain(c);
    do {
        if (c->at == c->len) return syntax(c, "");
        ch = c->text[c->at];
        if (ch == '"') {
            const char *text;
            size_t n;
            sage_status st = sage_json_in_string(c, &text, &n);
            if (st != SAGE_OK) return st;
            continue;
        }
        if ((ch == '[' || ch == '{') && ++depth > SAGE_JSON_IN_DEPTH)
            return sage_json_in_bad(c, "json.depth", "nested too deeply");
        if (ch == ']' || ch == '}') depth--;
        c->at++;
    } while (depth > 0);
    return SAGE_OK;
}

/* The value at c as a cursor of its own. */
static sage_status take_value(sage_json_in *c, sage_json_in *out)
{
    (void)sage_json_in_peek(c);
    *out           = *c;
    sage_status st = skip_value(c);
    out->len       = c->at;
    return st;
}

/* Keys mostly come in the order of names: `next` is tried first. n if there is none. */
static uint32_t
find_key(const char *const *names, uint32_t n, uint32_t next, const char *key, size_t len)
{
    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = (next + i) % n;
        if (strlen(names[k]) == len && memcmp(names[k], key, len) == 0) return k;
    }
    return n;
}

static sage_status take_member(
    sage_json_in *c, const char *const *names, uint32_t n, uint32_t *next, sage_json_in *out)
{
    (void)sage_json_in_peek(c);
    sage_json_in start = *c;
    const char *key;
    size_t len;
    sage_status st = sage_json_in_string(c, &key, &len);
    if (st != SAGE_OK) return st;
    uint32_t k = find_key(names, n, *next, key, len);
    if (k == n) return sage_json_in_bad(&start, "json.unknown", "an unknown key");
    if (out[k].text) return sage_json_in_bad(&start, "json.twice", "a key given twice");
    if (!take(c, ':')) return syntax(c, "no colon after the key");
    *next = k + 1;
    return take_value(c, &out[k]);
}

static sage_status check_members(const sage_json_in *c,
                                 const char *const *names,
                                 uint32_t n,
                                 const sage_json_in *out)
{
    for (uint32_t i = 0; i < n; i++)
        if (!out[i].text)
            return sage_fail(c->err, SAGE_EFORMAT, "json.missing", (long long)c->at,
                             "byte %zu: the object has no \"%s\"", c->at, names[i]);
    return SAGE_OK;
}

sage_status
sage_json_in_members(sage_json_in *c, const char *const *names, uint32_t n, sage_json_in *out)
{
    uint32_t next = 0;
    bool more     = true;
    if (n) memset(out, 0, n * sizeof *out);
    if (!take(c, '{')) return syntax(c, "an object is due");
    if (take(c, '}')) more = false;
    while (more) {
        sage_status st = take_member(c, names, n, &next, out);
        if (st != SAGE_OK) return st;
        more = take(c, ',');
        if (!more && !take(c, '}')) return syntax(c, "neither , nor } after a value");
    }
    return check_members(c, names, n, out);
}

sage_status sage_json_in_open(sage_json_in *c)
{
    return take(c, '[') ? SAGE_OK : syntax(c, "an array is due");
}

sage_status sage_json_in_more(sage_json_in *c, uint32_t i, bool *more)
{
    *more = !take(c, ']');
    if (!*more || i == 0 || take(c, ',')) return SAGE_OK;
    return syntax(c, "neither , nor ] after an item");
}

static sage_status wrong_count(const sage_json_in *c, uint32_t n, const char *where)
{
    return sage_fail(c->err, SAGE_EFORMAT, where, (long long)c->at,
                     "byte %zu: an array of %u items is due", c->at, n);
}

sage_status
sage_json_in_items(sage_json_in *c, uint32_t n, sage_json_in *out, const char *where)
{
    sage_json_in start = *c;
    bool more;
    sage_status st = sage_json_in_open(c);
    if (st != SAGE_OK) return st;
    for (uint32_t i = 0;; i++) {
        st = sage_json_in_more(c, i, &more);
        if (st != SAGE_OK) return st;
        if (!more && i == n) return SAGE_OK;
        if (!more || i == n) return wrong_count(&start, n, where);
        st = take_value(c, &out[i]);
        if (st != SAGE_OK) return st;
    }
}

sage_status
sage_json_in_count(const sage_json_in *c, uint32_t max, uint32_t *out, const char *where)
{
    sage_json_in ahead = *c, item;
    bool more          = true;
    sage_status st     = sage_json_in_open(&ahead);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        st = sage_json_in_more(&ahead, i, &more);
        if (st != SAGE_OK) return st;
        *out = i;
        if (!more) return SAGE_OK;
        if (i == max) return sage_json_in_bad(c, where, "too many items");
        st = take_value(&ahead, &item);
    }
    return st;
}

sage_status
sage_json_in_words(sage_json_in *c, uint32_t n, uint32_t max, uint32_t *out, const char *where)
{
    sage_json_in start = *c;
    bool more          = true;
    sage_status st     = sage_json_in_open(c);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        uint64_t v = 0;
        st         = sage_json_in_more(c, i, &more);
        if (st != SAGE_OK || (!more && i == n)) return st;
        if (!more || i == n) return wrong_count(&start, n, where);
        st     = sage_json_in_number(c, max, &v, where);
        out[i] = (uint32_t)v;
    }
    return st;
}
