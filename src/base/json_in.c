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

/* --- text of other writers: any keys, escapes, numbers of any size --- */

static int hex_digit(char ch)
{
    if (is_digit(ch)) return ch - '0';
    ch |= 0x20;
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Four hexadecimal digits; -1 if they are none. */
static int32_t code_unit(const char *text)
{
    int32_t v = 0;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(text[i]);
        if (digit < 0) return -1;
        v = v << 4 | digit;
    }
    return v;
}

/* The escape at c, a backslash: passed if it is one. */
static sage_status pass_escape(sage_json_in *c)
{
    if (c->len - c->at < 2) {
        c->at = c->len;
        return syntax(c, "");
    }
    char kind = c->text[c->at + 1];
    if (kind != 'u') {
        if (!kind || !strchr("\"\\/bfnrt", kind)) return syntax(c, "an unknown escape");
        c->at += 2;
        return SAGE_OK;
    }
    if (c->len - c->at < 6) {
        c->at = c->len;
        return syntax(c, "");
    }
    if (code_unit(c->text + c->at + 2) <= 0) return syntax(c, "no character");
    c->at += 6;
    return SAGE_OK;
}

sage_status sage_json_in_escaped(sage_json_in *c, const char **out, size_t *n)
{
    if (!take(c, '"')) return syntax(c, "a string is due");
    *out = c->text + c->at;
    while (c->at < c->len && c->text[c->at] != '"') {
        if (c->text[c->at] == '\\') {
            sage_status st = pass_escape(c);
            if (st != SAGE_OK) return st;
            continue;
        }
        if ((unsigned char)c->text[c->at] < ' ') return syntax(c, "a control character");
        c->at++;
    }
    if (c->at == c->len) return syntax(c, "");
    *n = (size_t)(c->text + c->at - *out);
    c->at++;
    return SAGE_OK;
}

static size_t put_utf8(char *out, uint32_t ch)
{
    if (ch < 0x80) {
        out[0] = (char)ch;
        return 1;
    }
    size_t n = ch < 0x800 ? 2 : ch < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, ch >>= 6)
        out[i] = (char)(0x80 | (ch & 0x3f));
    out[0] = (char)((0xf00 >> n & 0xff) | ch);
    return n;
}

/* \uXXXX at raw, or two of them that make one character; *used of at most n characters. A half
 * of a pair that stands alone becomes U+FFFD. */
static uint32_t unescape_unicode(const char *raw, size_t n, size_t *used)
{
    uint32_t ch = (uint32_t)code_unit(raw + 2);
    *used       = 6;
    if (ch < 0xd800 || ch > 0xdfff) return ch;
    if (ch < 0xdc00 && n >= 12 && raw[6] == '\\' && raw[7] == 'u') {
        uint32_t low = (uint32_t)code_unit(raw + 8);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *used = 12;
            return 0x10000 + ((ch - 0xd800) << 10 | (low - 0xdc00));
        }
    }
    return 0xfffd;
}

static char plain_escape(char kind)
{
    switch (kind) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return kind;
    }
}

size_t sage_json_in_unescape(char *out, const char *raw, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n;) {
        size_t used = 1;
        if (raw[i] != '\\') {
            out[k++] = raw[i];
        } else if (raw[i + 1] != 'u') {
            out[k++] = plain_escape(raw[i + 1]);
            used     = 2;
        } else {
            k += put_utf8(out + k, unescape_unicode(raw + i, n - i, &used));
        }
        i += used;
    }
    return k;
}

sage_status sage_json_in_digits(sage_json_in *c, const char **out, size_t *n)
{
    (void)sage_json_in_peek(c);
    sage_json_in start = *c;
    if (c->at < c->len && c->text[c->at] == '-') c->at++;
    size_t first = c->at;
    while (c->at < c->len && is_digit(c->text[c->at]))
        c->at++;
    if (c->at == first) return syntax(c, "a number is due");
    if (c->text[first] == '0' && c->at - first > 1)
        return sage_json_in_bad(&start, "json.zeros", "a number with leading zeros");
    if (!at_delimiter(c)) {
        char next = c->text[c->at];
        if (next == '.' || next == 'e' || next == 'E')
            return sage_json_in_bad(&start, "json.fraction", "not a plain integer");
        return syntax(c, "no end of the number");
    }
    *out = c->text + start.at;
    *n   = c->at - start.at;
    return SAGE_OK;
}

static size_t pass_digits(sage_json_in *c)
{
    size_t start = c->at;
    while (c->at < c->len && is_digit(c->text[c->at]))
        c->at++;
    return c->at - start;
}

/* Any number, fractions and exponents too. */
static sage_status skip_number(sage_json_in *c)
{
    if (c->text[c->at] == '-') c->at++;
    bool zero     = c->at < c->len && c->text[c->at] == '0';
    size_t digits = pass_digits(c);
    if (!digits) return syntax(c, "a value is due");
    if (zero && digits > 1)
        return sage_json_in_bad(c, "json.zeros", "a number with leading zeros");
    if (c->at < c->len && c->text[c->at] == '.') {
        c->at++;
        if (!pass_digits(c)) return syntax(c, "no digits after the point");
    }
    if (c->at < c->len && (c->text[c->at] | 0x20) == 'e') {
        c->at++;
        if (c->at < c->len && (c->text[c->at] == '+' || c->text[c->at] == '-')) c->at++;
        if (!pass_digits(c)) return syntax(c, "no digits of the exponent");
    }
    return at_delimiter(c) ? SAGE_OK : syntax(c, "no end of the number");
}

static bool take_word(sage_json_in *c, const char *word)
{
    size_t n = strlen(word);
    if (c->len - c->at < n || memcmp(c->text + c->at, word, n) != 0) return false;
    c->at += n;
    return at_delimiter(c);
}

sage_status sage_json_in_bool(sage_json_in *c, bool *out)
{
    char first = sage_json_in_peek(c);
    *out       = first == 't';
    if ((first == 't' && take_word(c, "true")) || (first == 'f' && take_word(c, "false")))
        return SAGE_OK;
    return syntax(c, "true or false is due");
}

static sage_status skip_scalar(sage_json_in *c)
{
    const char *text;
    size_t n;
    switch (sage_json_in_peek(c)) {
    case '"': return sage_json_in_escaped(c, &text, &n);
    case 't': return take_word(c, "true") ? SAGE_OK : syntax(c, "a value is due");
    case 'f': return take_word(c, "false") ? SAGE_OK : syntax(c, "a value is due");
    case 'n': return take_word(c, "null") ? SAGE_OK : syntax(c, "a value is due");
    case 0: return syntax(c, "a value is due");
    default: return skip_number(c);
    }
}

static sage_status take_key(sage_json_in *c, const char **key, size_t *len)
{
    sage_status st = sage_json_in_escaped(c, key, len);
    if (st != SAGE_OK) return st;
    return take(c, ':') ? SAGE_OK : syntax(c, "no colon after the key");
}

/* The brackets that are open: one bit each, set for objects. */
typedef struct open_brackets {
    uint64_t object[SAGE_JSON_IN_SKIP_DEPTH / 64];
    uint32_t depth;
} open_brackets;

static bool in_object(const open_brackets *b)
{
    uint32_t top = b->depth - 1;
    return b->object[top / 64] >> top % 64 & 1;
}

/* Opens a bracket if one is there; *opened tells. */
static sage_status open_bracket(sage_json_in *c, open_brackets *b, bool *opened)
{
    char ch = sage_json_in_peek(c);
    *opened = ch == '[' || ch == '{';
    if (!*opened) return SAGE_OK;
    if (b->depth == SAGE_JSON_IN_SKIP_DEPTH)
        return sage_json_in_bad(c, "json.depth", "nested too deeply");
    uint64_t bit = (uint64_t)1 << b->depth % 64, *word = &b->object[b->depth / 64];
    *word = ch == '{' ? *word | bit : *word & ~bit;
    b->depth++;
    c->at++;
    return SAGE_OK;
}

/* After a value: commas and closing brackets, up to where the next value is due (*more). */
static sage_status close_brackets(sage_json_in *c, open_brackets *b, bool first, bool *more)
{
    const char *key;
    size_t n;
    for (; b->depth; first = false) {
        bool object = in_object(b);
        if (take(c, object ? '}' : ']')) {
            b->depth--;
            continue;
        }
        if (!first && !take(c, ',')) return syntax(c, "neither a comma nor the end of these");
        *more = true;
        return object ? take_key(c, &key, &n) : SAGE_OK;
    }
    *more = false;
    return SAGE_OK;
}

sage_status sage_json_in_skip(sage_json_in *c, sage_json_in *out)
{
    open_brackets b = {.depth = 0};
    sage_status st  = SAGE_OK;
    bool more = true, opened = false;
    (void)sage_json_in_peek(c);
    sage_json_in start = *c;
    while (more) {
        st = open_bracket(c, &b, &opened);
        if (st == SAGE_OK && !opened) st = skip_scalar(c);
        if (st == SAGE_OK) st = close_brackets(c, &b, opened, &more);
        if (st != SAGE_OK) return st;
    }
    start.len = c->at;
    if (out) *out = start;
    return SAGE_OK;
}

sage_status sage_json_in_open_object(sage_json_in *c)
{
    return take(c, '{') ? SAGE_OK : syntax(c, "an object is due");
}

sage_status
sage_json_in_member(sage_json_in *c, uint32_t i, bool *more, const char **key, size_t *len)
{
    *more = !take(c, '}');
    if (!*more) return SAGE_OK;
    if (i && !take(c, ',')) return syntax(c, "neither , nor } after a value");
    return take_key(c, key, len);
}

sage_status
sage_json_in_pick(sage_json_in *c, const char *const *names, uint32_t n, sage_json_in *out)
{
    uint32_t next = 0;
    bool more     = true;
    const char *key;
    size_t len;
    if (n) memset(out, 0, n * sizeof *out);
    sage_status st = sage_json_in_open_object(c);
    for (uint32_t i = 0; st == SAGE_OK; i = 1) {
        st = sage_json_in_member(c, i, &more, &key, &len);
        if (st != SAGE_OK || !more) return st;
        uint32_t k = find_key(names, n, next, key, len);
        if (k < n && out[k].text)
            return sage_json_in_bad(c, "json.twice", "the value of a key given twice");
        st   = sage_json_in_skip(c, k < n ? &out[k] : NULL);
        next = k < n ? k + 1 : next;
    }
    return st;
}

sage_status sage_json_in_length(const sage_json_in *c, uint32_t *out)
{
    sage_json_in ahead = *c;
    bool object = sage_json_in_peek(&ahead) == '{', more = true;
    const char *key;
    size_t len;
    sage_status st = object ? sage_json_in_open_object(&ahead) : sage_json_in_open(&ahead);
    for (uint32_t i = 0; st == SAGE_OK; i++) {
        st = object ? sage_json_in_member(&ahead, i, &more, &key, &len)
                    : sage_json_in_more(&ahead, i, &more);
        if (st != SAGE_OK) return st;
        *out = i;
        if (!more) return SAGE_OK;
        st = sage_json_in_skip(&ahead, NULL);
    }
    return st;
}

sage_status sage_json_in_end(sage_json_in *c)
{
    (void)sage_json_in_peek(c);
    return c->at == c->len ? SAGE_OK : sage_json_in_bad(c, "json.syntax", "text after the end");
}
