/* cairo/serde.c -- felt arrays. */
#include "cairo/serde.h"

#include <string.h>

enum { MAX_DIGITS = 63, MIN_FELT_BYTES = 6 /* "0x0", and a comma or the bracket */ };

static sage_status
bad(const sage_felts *f, const char *where, const char *what, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, where, f->index, "felt %u: %s", f->index, what);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void skip_space(sage_felts *f)
{
    while (f->at < f->len && is_space(f->text[f->at]))
        f->at++;
}

static bool take(sage_felts *f, char c)
{
    skip_space(f);
    if (f->at == f->len || f->text[f->at] != c) return false;
    f->at++;
    return true;
}

sage_status sage_felts_open(sage_felts *f, const char *text, size_t len, sage_errinfo *err)
{
    *f = (sage_felts){text, len, 0, 0};
    return take(f, '[') ? SAGE_OK : bad(f, "cairo.felts", "no array", err);
}

sage_status sage_felts_close(sage_felts *f, sage_errinfo *err)
{
    if (!take(f, ']')) return bad(f, "cairo.felts", "felts after the end of the proof", err);
    skip_space(f);
    return f->at == f->len ? SAGE_OK : bad(f, "cairo.felts", "text after the array", err);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
}

sage_status
sage_felts_next(sage_felts *f, sage_felt252 *out, const char *where, sage_errinfo *err)
{
    if (f->index && !take(f, ',')) return bad(f, where, "the array ends here", err);
    skip_space(f);
    if (f->len - f->at < 3 || memcmp(f->text + f->at, "\"0x", 3) != 0)
        return bad(f, where, "not a string 0x...", err);

    const char *digits = f->text + f->at + 3;
    size_t left = f->len - f->at - 3, n = 0;
    while (n < left && n <= MAX_DIGITS && hex_digit(digits[n]) >= 0)
        n++;
    if (n == 0 || n > MAX_DIGITS || n == left || digits[n] != '"')
        return bad(f, where, "not 1 to 63 lowercase hex digits", err);
    if (digits[0] == '0' && n > 1) return bad(f, where, "leading zero", err);

    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        size_t nibble = n - 1 - i;
        out->w[nibble / 8] |= (uint32_t)hex_digit(digits[i]) << 4 * (nibble % 8);
    }
    if (!sage_felt252_canonical(out)) return bad(f, where, "not below the STARK prime", err);
    f->at += 3 + n + 1;
    f->index++;
    return SAGE_OK;
}

sage_status sage_felts_u64(sage_felts *f, uint64_t *out, const char *where, sage_errinfo *err)
{
    sage_felt252 v;
    sage_status st = sage_felts_next(f, &v, where, err);
    if (st != SAGE_OK) return st;
    for (int i = 2; i < 8; i++)
        if (v.w[i]) return bad(f, where, "exceeds 64 bits", err);
    *out = (uint64_t)v.w[1] << 32 | v.w[0];
    return SAGE_OK;
}

sage_status sage_felts_u32(sage_felts *f, uint32_t *out, const char *where, sage_errinfo *err)
{
    uint64_t v     = 0;
    sage_status st = sage_felts_u64(f, &v, where, err);
    if (st != SAGE_OK) return st;
    if (v > UINT32_MAX) return bad(f, where, "exceeds 32 bits", err);
    *out = (uint32_t)v;
    return SAGE_OK;
}

sage_status sage_felts_m31(sage_felts *f, m31 *out, const char *where, sage_errinfo *err)
{
    sage_status st = sage_felts_u32(f, out, where, err);
    if (st == SAGE_OK && *out >= M31_P)
        st = bad(f, where, "not a canonical field element", err);
    return st;
}

sage_status sage_felts_qm31(sage_felts *f, qm31 *out, const char *where, sage_errinfo *err)
{
    for (int i = 0; i < 4; i++) {
        sage_status st = sage_felts_m31(f, &out->v[i], where, err);
        if (st != SAGE_OK) return st;
    }
    return SAGE_OK;
}

sage_status sage_felts_count(sage_felts *f,
                             uint32_t felts,
                             uint32_t max,
                             uint32_t *out,
                             const char *where,
                             sage_errinfo *err)
{
    uint64_t v     = 0;
    sage_status st = sage_felts_u64(f, &v, where, err);
    if (st != SAGE_OK) return st;
    uint64_t room = (f->len - f->at) / ((uint64_t)MIN_FELT_BYTES * (felts ? felts : 1));
    if (v > max || v > room) return bad(f, where, "count exceeds what can follow", err);
    *out = (uint32_t)v;
    return SAGE_OK;
}

/* Begins an array's line or the next one, and a string of n characters on it. */
static void put_line(sage_felts_out *o, const char *hex, size_t n)
{
    char line[5 + SAGE_FELT252_HEX + 1];
    const char *begin = o->begun ? ",\n  \"" : "[\n  \"";
    memcpy(line, begin, 5);
    memcpy(line + 5, hex, n);
    line[5 + n] = '"';
    sage_sink_put(o->sink, line, 5 + n + 1);
    o->begun = true;
}

void sage_felts_put_felt(sage_felts_out *o, const sage_felt252 *v)
{
    char hex[SAGE_FELT252_HEX];
    put_line(o, hex, sage_felt252_to_hex(v, hex));
}

void sage_felts_put(sage_felts_out *o, uint64_t v)
{
    sage_felts_put_felt(o, &(sage_felt252){{(uint32_t)v, (uint32_t)(v >> 32)}});
}

void sage_felts_end(sage_felts_out *o)
{
    sage_sink_put(o->sink, o->begun ? "\n]" : "[]", 2);
}
