/* cairo/json_out.c -- the JSON writer. */
#include "cairo/json_out.h"

#include <string.h>

enum { MAX_DEPTH = 16, MAX_DIGITS = 20 };

/* The longest beginning of an item: comma, line break, indentation. */
static const char line[2 + 2 * MAX_DEPTH + 1] = ",\n                                ";

static void begin_line(sage_json_out *o, bool comma)
{
    sage_sink_put(o->sink, line + !comma, 1u + comma + 2u * o->depth);
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
    sage_sink_put(o->sink, &bracket, 1);
    o->depth++;
    o->empty = true;
}

void sage_json_out_close(sage_json_out *o, char bracket)
{
    o->depth--;
    if (!o->empty) begin_line(o, false);
    sage_sink_put(o->sink, &bracket, 1);
    o->empty = false;
}

static void put_string(sage_json_out *o, const char *text)
{
    sage_sink_put(o->sink, "\"", 1);
    sage_sink_put(o->sink, text, strlen(text));
    sage_sink_put(o->sink, "\"", 1);
}

void sage_json_out_key(sage_json_out *o, const char *key)
{
    begin_value(o);
    put_string(o, key);
    sage_sink_put(o->sink, ": ", 2);
    o->named = true;
}

void sage_json_out_number(sage_json_out *o, uint64_t v)
{
    char digits[MAX_DIGITS];
    uint32_t at = MAX_DIGITS;
    begin_value(o);
    do {
        digits[--at] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    sage_sink_put(o->sink, digits + at, MAX_DIGITS - at);
}

void sage_json_out_string(sage_json_out *o, const char *text)
{
    begin_value(o);
    put_string(o, text);
}

void sage_json_out_null(sage_json_out *o)
{
    begin_value(o);
    sage_sink_put(o->sink, "null", 4);
}
