/* cairo/felt252.h -- elements of the STARK field as values: what programs hold in memory, and
 * Poseidon252 digests. Nothing is computed with them here. */
#ifndef SAGE_CAIRO_FELT252_H
#define SAGE_CAIRO_FELT252_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value as 8 little-endian words; canonical if below 2^251 + 17 * 2^192 + 1. */
typedef struct sage_felt252 {
    uint32_t w[8];
} sage_felt252;

bool sage_felt252_canonical(const sage_felt252 *v);
/* 32 little-endian bytes: how digests are kept (hash/kind.h). */
sage_felt252 sage_felt252_load(const uint8_t bytes[32]);

/* Decimal digits without leading zeros; false if text[0..n) is anything else or the value is
 * not canonical. */
bool sage_felt252_from_decimal(sage_felt252 *out, const char *text, size_t n);
/* The digits and a NUL: at most 78 characters. */
enum { SAGE_FELT252_DECIMAL = 79 };
void sage_felt252_to_decimal(const sage_felt252 *v, char out[SAGE_FELT252_DECIMAL]);
/* "0x", lowercase digits without leading zeros, and a NUL; returns the length. */
enum { SAGE_FELT252_HEX = 67 };
size_t sage_felt252_to_hex(const sage_felt252 *v, char out[SAGE_FELT252_HEX]);

#endif
