/* base/size.h -- sizes that say when they do not fit. */
#ifndef SAGE_BASE_SIZE_H
#define SAGE_BASE_SIZE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/compiler.h"

/* *out = a * b, a + b; false, and *out unspecified, if the result exceeds size_t. */
SAGE_INLINE bool sage_size_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

SAGE_INLINE bool sage_size_add(size_t a, size_t b, size_t *out)
{
    return !__builtin_add_overflow(a, b, out);
}

#endif
