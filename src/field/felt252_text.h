/* field/felt252_text.h -- felts as people and JSON write them: 0x and hex digits, decimal
 * digits, or a short string of ASCII.
 *
 * Model: text is one number below P; a number of P or more is an error, never its residue.
 * Time depends on the value: for public values. Pure functions. */
#ifndef SAGE_FIELD_FELT252_TEXT_H
#define SAGE_FIELD_FELT252_TEXT_H

#include "field/felt252.h"
#include "sage/status.h"

enum {
    SAGE_FELT_HEX     = 67, /* the longest hex form with its NUL */
    SAGE_FELT_DECIMAL = 79, /* the longest decimal one */
    SAGE_FELT_SHORT   = 31  /* characters of the longest short string */
};

/* Any number of 256 bits, low limb first: the digits of both rooms that write felts. Writes "0x",
 * lowercase digits without leading zeros and a NUL; returns the length. Reads n hex digits, 0x
 * not among them: false for none, more than 64, or another character. */
size_t sage_limbs_to_hex(char out[SAGE_FELT_HEX], const uint64_t limbs[4]);
SAGE_CHECKED bool sage_limbs_from_hex(uint64_t limbs[4], const char *digits, size_t n);
/* The same in decimal: n digits without leading zeros. */
size_t sage_limbs_to_decimal(char out[SAGE_FELT_DECIMAL], const uint64_t limbs[4]);
SAGE_CHECKED bool sage_limbs_from_decimal(uint64_t limbs[4], const char *digits, size_t n);

/* Either: 0x or 0X and hex digits, else decimal ones. */
SAGE_CHECKED bool sage_limbs_from_text(uint64_t limbs[4], const char *text, size_t n);

/* "0x", lowercase digits without leading zeros ("0x0" for 0), a NUL; returns the length. */
size_t sage_felt_to_hex(char out[SAGE_FELT_HEX], felt252 v);
/* The wire's form: 0x or 0X and 1..64 hex digits. strict refuses leading zeros, as the FELT of
 * the JSON-RPC specification does (facts C6). SAGE_EFORMAT "felt.hex", SAGE_ELIMIT "felt.range". */
SAGE_CHECKED sage_status
sage_felt_from_hex(felt252 *out, const char *text, size_t n, bool strict, sage_errinfo *err);
/* What a person types: hex with or without leading zeros, or decimal digits. SAGE_EFORMAT
 * "felt.text", SAGE_ELIMIT "felt.range". */
SAGE_CHECKED sage_status sage_felt_from_text(felt252 *out,
                                             const char *text,
                                             size_t n,
                                             sage_errinfo *err);
/* Up to 31 printable ASCII characters, first one most significant; "" is 0. SAGE_ELIMIT
 * "felt.short", SAGE_EFORMAT "felt.ascii". */
SAGE_CHECKED sage_status sage_felt_from_short(felt252 *out,
                                              const char *text,
                                              size_t n,
                                              sage_errinfo *err);
/* Up to 31 bytes of any value, first one most significant. */
felt252 sage_felt_from_bytes_be(const void *bytes, size_t n);
/* Of a string constant of ours, which must be a short string. */
felt252 sage_felt_short(const char *literal);
/* The characters of a short string; false if v is none (0 gives ""). */
bool sage_felt_to_short(char out[SAGE_FELT_SHORT + 1], felt252 v);

/* Decimal digits and a NUL; returns the length. */
size_t sage_felt_to_decimal(char out[SAGE_FELT_DECIMAL], felt252 v);

/* A number below 2^64, 2^128; false if v is not below. The u128 as low and high word. */
SAGE_CHECKED bool sage_felt_to_u64(uint64_t *out, felt252 v);
SAGE_CHECKED bool sage_felt_to_u128(uint64_t out[2], felt252 v);
felt252 sage_felt_from_u128(const uint64_t v[2]);
/* < 0, 0, > 0 as the numbers compare. */
int sage_felt_compare(felt252 a, felt252 b);

#endif
