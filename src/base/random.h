/* base/random.h -- secrets: drawing, comparing, forgetting. Thread safe. */
#ifndef SAGE_BASE_RANDOM_H
#define SAGE_BASE_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

/* sage_random_fill fills out[0..n) from the kernel's generator, waiting for it at boot.
 * SAGE_EIO "random.kernel" if the kernel refuses; out is zeroed then. */
SAGE_CHECKED sage_status sage_random_fill(void *out, size_t n, sage_errinfo *err);

/* sage_secret_equal compares n bytes in time that depends on n alone. */
bool sage_secret_equal(const void *a, const void *b, size_t n);

/* sage_secret_zero clears p[0..n); the compiler may not leave it out. */
void sage_secret_zero(void *p, size_t n);

#endif
