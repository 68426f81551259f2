/* base/test.h -- what every cmocka program needs: its includes in the order cmocka wants.
 *
 * Included by test programs only. SAGE_TEST_QUICK=1 in the environment (sanitizer runs) asks
 * for small sizes. */
#ifndef SAGE_BASE_TEST_H
#define SAGE_BASE_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/compiler.h"

SAGE_INLINE bool sage_test_quick(void)
{
    const char *text = getenv("SAGE_TEST_QUICK");
    return text && !strcmp(text, "1");
}

#endif
