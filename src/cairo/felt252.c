/* cairo/felt252.c -- STARK field elements in text. */
#include "cairo/felt252.h"

#include <string.h>

#include "base/bytes.h"

enum { WORDS = 8, NIBBLES = 64, CHUNK = 1000000000, CHUNK_DIGITS = 9 };

static const sage_felt252 stark_prime = {{1, 0, 0, 0, 0, 0, 17, 0x08000000}};

bool sage_felt252_canonical(const sage_felt252 *v)
{
    for (int i = WORDS - 1; i >= 0; i--)
        if (v->w[i] != stark_prime.w[i]) return v->w[i] < stark_prime.w[i];
    return false;
}

sage_felt252 sage_felt252_load(const uint8_t bytes[32])
{
    sage_felt252 v;
    for (int i = 0; i < WORDS; i++)
        v.w[i] = sage_load_le32(bytes + 4 * i);
    return v;
}

bool sage_felt252_from_decimal(sage_felt252 *out, const char *text, size_t n)
{
    if (n == 0 || (n > 1 && text[0] == '0')) return false;
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9') return false;
        uint64_t carry = (uint64_t)(text[i] - '0');
        for (int k = 0; k < WORDS; k++) {
            carry += 10ull * out->w[k];
            out->w[k] = (uint32_t)carry;
            carry >>= 32;
        }
        if (carry) return false;
    }
    return sage_felt252_canonical(out);
}

/* v /= CHUNK; returns the remainder. */
static uint32_t divide(sage_felt252 *v)
{
    uint64_t rest = 0;
    for (int i = WORDS - 1; i >= 0; i--) {
        rest    = rest << 32 | v->w[i];
        v->w[i] = (uint32_t)(rest / CHUNK);
        rest %= CHUNK;
    }
    return (uint32_t)rest;
}

void sage_felt252_to_decimal(const sage_felt252 *v, char out[SAGE_FELT252_DECIMAL])
{
    char digits[9 * CHUNK_DIGITS];
    size_t at         = sizeof digits;
    sage_felt252 left = *v;
    while (at >= CHUNK_DIGITS) {
        uint32_t chunk = divide(&left);
        for (int i = 0; i < CHUNK_DIGITS; i++, chunk /= 10)
            digits[--at] = (char)('0' + chunk % 10);
    }
    while (at + 1 < sizeof digits && digits[at] == '0')
        at++;
    memcpy(out, digits + at, sizeof digits - at);
    out[sizeof digits - at] = 0;
}

size_t sage_felt252_to_hex(const sage_felt252 *v, char out[SAGE_FELT252_HEX])
{
    static const char hex[] = "0123456789abcdef";
    uint32_t nibble         = NIBBLES - 1;
    size_t n                = 2;
    while (nibble > 0 && (v->w[nibble / 8] >> 4 * (nibble % 8) & 15) == 0)
        nibble--;
    memcpy(out, "0x", 2);
    for (uint32_t i = nibble + 1; i-- > 0;)
        out[n++] = hex[v->w[i / 8] >> 4 * (i % 8) & 15];
    out[n] = 0;
    return n;
}
