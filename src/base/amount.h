/* base/amount.h -- money: whole base units, 256 bits, checked.
 *
 * Model: an amount is an unsigned integer of base units, 10^18 of them to one SAGE; it is
 * never a float, and decimals exist only where people read and write. Every operation that
 * could leave [0, 2^256) says so. Pure functions. */
#ifndef SAGE_BASE_AMOUNT_H
#define SAGE_BASE_AMOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"

enum {
    SAGE_AMOUNT_DECIMALS = 18,
    SAGE_AMOUNT_TEXT     = 80, /* the longest text of either form, with its NUL */
};

typedef struct sage_amount {
    uint64_t w[4]; /* least significant first */
} sage_amount;

sage_amount sage_amount_of(uint64_t base_units);
/* < 0, 0, > 0 as a is less than, equal to, greater than b. */
int sage_amount_compare(const sage_amount *a, const sage_amount *b);
bool sage_amount_is_zero(const sage_amount *a);

/* Base units as decimal digits, the form of messages and the store. parse takes exactly one
 * form of each number: no sign, space or leading zero. SAGE_EFORMAT "amount.digits" (offset
 * in err->at), SAGE_ELIMIT "amount.overflow". */
SAGE_CHECKED sage_status sage_amount_parse(sage_amount *out,
                                           const char *text,
                                           sage_errinfo *err);
void sage_amount_format(char out[SAGE_AMOUNT_TEXT], const sage_amount *a);

/* SAGE with at most 18 decimals ("10", "0.25"), the form people use. parse wants a digit
 * on both sides of the point; format leaves out trailing zeros. Errors as above, and
 * SAGE_EFORMAT "amount.decimals" for a 19th decimal, which is never rounded away. */
SAGE_CHECKED sage_status sage_amount_parse_sage(sage_amount *out,
                                                const char *text,
                                                sage_errinfo *err);
void sage_amount_format_sage(char out[SAGE_AMOUNT_TEXT], const sage_amount *a);

/* *out = a + b, a - b; out may be a or b. SAGE_ELIMIT "amount.overflow"; SAGE_ELIMIT
 * "amount.negative". On error *out is unchanged. */
SAGE_CHECKED sage_status sage_amount_add(sage_amount *out,
                                         const sage_amount *a,
                                         const sage_amount *b,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_amount_sub(sage_amount *out,
                                         const sage_amount *a,
                                         const sage_amount *b,
                                         sage_errinfo *err);

/* *out = floor(a * mul / div), the product being exact. A share of a price: with mul <= div
 * it cannot overflow; book what rounding leaves by subtracting the shares from the whole.
 * SAGE_EINVAL "amount.divide" for div = 0, SAGE_ELIMIT "amount.overflow". */
SAGE_CHECKED sage_status sage_amount_mul_div(
    sage_amount *out, const sage_amount *a, uint64_t mul, uint64_t div, sage_errinfo *err);

#endif
