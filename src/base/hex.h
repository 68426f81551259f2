/* base/hex.h -- bytes as hexadecimal text. Pure functions. */
#ifndef SAGE_BASE_HEX_H
#define SAGE_BASE_HEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* sage_hex_encode writes 2n lower-case digits and a NUL: out has room for 2n + 1. */
void sage_hex_encode(char *out, const uint8_t *bytes, size_t n);

/* sage_hex_decode reads exactly n bytes from text[0..len), which must be 2n hexadecimal
 * digits of either case and nothing else (no "0x", no space). SAGE_EFORMAT "hex.length" or
 * "hex.digit" with the offset in err->at; out is unspecified then. Takes time that depends
 * on n alone as long as the text is well formed. */
SAGE_CHECKED sage_status
sage_hex_decode(uint8_t *out, size_t n, const char *text, size_t len, sage_errinfo *err);

#endif
