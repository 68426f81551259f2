/* base/json_out.c -- the JSON writer. */
#include "base/json_out.h"

#include <string.h>

#include "base/compiler.h"

enum { MAX_DEPTH = 16, MAX_DIGITS = 39 };

/* The longest beginning of an item: comma, line break, indentation. */
static const char line[2 + 2 * MAX_DEPTH + 1] = ",\n                                ";

static void begin_line(sage_json_out *o, bool comma)
{
    if (!o->compact)
        o->put(o->to, line + !comma, 1u + comma + 2u * o->depth);
    else if (comma)
        o->put(o->to, ",", 1);
}

static void begin_value(sage_json_out *o)
{
    if (o->named)
        o->named = false;
    else if (o->depth)
        begin_line(o, !o->empty);
    o->empty = false;
}

void sage_json_out_open(sage_json_out *o, char bracket)
{
    begin_value(o);
    o->put(o->to, &bracket, 1);
    o->depth++;
    o->empty = true;
}

void sage_json_out_close(sage_json_out *o, char bracket)
{
    o->depth--;
    if (!o->empty) begin_line(o, false);
    o->put(o->to, &bracket, 1);
    o->empty = false;
}

static void put_string(sage_json_out *o, const char *text)
{
    o->put(o->to, "\"", 1);
    o->put(o->to, text, strlen(text));
    o->put(o->to, "\"", 1);
}

void sage_json_out_key(sage_json_out *o, const char *key)
{
    begin_value(o);
    put_string(o, key);
    o->put(o->to, ": ", o->compact ? 1 : 2);
    o->named = true;
}

/* The digits of v before digits[at]; where they begin. */
static uint32_t put_digits(char *digits, uint32_t at, uint64_t v)
{
    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return at;
}

void sage_json_out_number(sage_json_out *o, uint64_t v)
{
    char digits[MAX_DIGITS];
    begin_value(o);
    uint32_t at = put_digits(digits, MAX_DIGITS, v);
    o->put(o->to, digits + at, MAX_DIGITS - at);
}

void sage_json_out_wide(sage_json_out *o, uint64_t low, uint64_t high)
{
    const uint64_t ten_19 = 10000000000000000000u;
    char digits[MAX_DIGITS];
    sage_u128 v = (sage_u128)high << 64 | low;
    uint32_t at = MAX_DIGITS, group = MAX_DIGITS;
    begin_value(o);
    for (; v >= ten_19; v /= ten_19) {
        at = put_digits(digits, at, (uint64_t)(v % ten_19));
        group -= 19;
        while (at > group)
            digits[--at] = '0';
    }
    at = put_digits(digits, at, (uint64_t)v);
    o->put(o->to, digits + at, MAX_DIGITS - at);
}

void sage_json_out_digits(sage_json_out *o, const char *digits)
{
    begin_value(o);
    o->put(o->to, digits, strlen(digits));
}

void sage_json_out_bool(sage_json_out *o, bool v)
{
    begin_value(o);
    o->put(o->to, v ? "true" : "false", v ? 4 : 5);
}

void sage_json_out_string(sage_json_out *o, const char *text)
{
    begin_value(o);
    put_string(o, text);
}

void sage_json_out_escaped(sage_json_out *o, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    begin_value(o);
    o->put(o->to, "\"", 1);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        char code[6]    = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        char plain      = c < 0x7f ? (char)c : '?';
        if (c < 0x20)
            o->put(o->to, code, sizeof code);
        else if (c == '"' || c == '\\')
            o->put(o->to, (char[2]){'\\', plain}, 2);
        else
            o->put(o->to, &plain, 1);
    }
    o->put(o->to, "\"", 1);
}

void sage_json_out_null(sage_json_out *o)
{
    begin_value(o);
    o->put(o->to, "null", 4);
}
