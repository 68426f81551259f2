/* base/compiler.h -- the compiler extensions the house allows, each behind one name.
 *
 * Everything else in the tree is ISO C17. Known limits: gcc >= 11 and clang >= 14. */
#ifndef SAGE_BASE_COMPILER_H
#define SAGE_BASE_COMPILER_H

#include "sage/status.h" /* SAGE_CHECKED, SAGE_PRINTF */

#define SAGE_INLINE      static inline __attribute__((always_inline, unused))
#define SAGE_NOINLINE    __attribute__((noinline))
#define SAGE_ALIGNED(n)  __attribute__((aligned(n)))
#define SAGE_LIKELY(x)   __builtin_expect(!!(x), 1)
#define SAGE_UNLIKELY(x) __builtin_expect(!!(x), 0)

__extension__ typedef unsigned __int128 sage_u128;
__extension__ typedef __int128 sage_i128;

#endif
