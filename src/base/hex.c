#include "base/hex.h"

static char digit(unsigned v)
{
    return (char)(v < 10 ? '0' + v : 'a' + (v - 10));
}

void sage_hex_encode(char *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        out[2 * i]     = digit(bytes[i] >> 4);
        out[2 * i + 1] = digit(bytes[i] & 15);
    }
    out[2 * n] = 0;
}

/* 0 to 15, or -1. */
static int value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

sage_status
sage_hex_decode(uint8_t *out, size_t n, const char *text, size_t len, sage_errinfo *err)
{
    if (len % 2 || len / 2 != n)
        return sage_fail(err, SAGE_EFORMAT, "hex.length", (long long)len,
                         "%zu hexadecimal digits where %zu bytes are wanted", len, n);
    for (size_t i = 0; i < n; i++) {
        int high = value(text[2 * i]), low = value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return sage_fail(err, SAGE_EFORMAT, "hex.digit", (long long)i * 2 + (high >= 0),
                             "not a hexadecimal digit");
        out[i] = (uint8_t)(high << 4 | low);
    }
    return SAGE_OK;
}
