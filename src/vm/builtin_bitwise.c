/* vm/builtin_bitwise.c -- x, y, then x & y, x ^ y, x | y of numbers below 2^251. */
#include "vm/builtin_kind.h"

const char *builtin_bitwise(sage_value *out, const sage_value *in)
{
    uint64_t x[4], y[4], result[3][4];
    builtin_limbs(in[0], x);
    builtin_limbs(in[1], y);
    if ((x[3] | y[3]) >> 59) return "an operand is not below 2^251";
    for (int i = 0; i < 4; i++) {
        result[0][i] = x[i] & y[i];
        result[1][i] = x[i] ^ y[i];
        result[2][i] = x[i] | y[i];
    }
    for (int i = 0; i < 3; i++)
        out[i] = builtin_value(result[i]); /* below 2^251 < P */
    return NULL;
}
