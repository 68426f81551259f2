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

/* A new folder in $TMPDIR, or /tmp; its path goes to out. 0, or -1 as a fixture wants it. The
 * other takes it away with all that is in it. */
enum { SAGE_TEST_PATH = 512 };
SAGE_INLINE int sage_test_folder(char out[SAGE_TEST_PATH], const char *name)
{
    const char *top = getenv("TMPDIR");
    int n = snprintf(out, SAGE_TEST_PATH, "%s/sage-test-%s-XXXXXX", top ? top : "/tmp", name);
    return n > 0 && n < SAGE_TEST_PATH && mkdtemp(out) ? 0 : -1;
}
SAGE_INLINE int sage_test_remove_folder(const char *folder)
{
    char command[SAGE_TEST_PATH + 16];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command);
}

/* The file of that name under vectors/ of $SAGE_SHARED, else of ../shared beside the source;
 * malloc'ed, one byte longer than *len and ended by 0. The calling test is skipped, and counted
 * so, where the file is absent. */
SAGE_INLINE char *sage_test_vector(const char *name, size_t *len)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[1024];
    if (shared)
        snprintf(path, sizeof path, "%s/vectors/%s", shared, name);
    else
        snprintf(path, sizeof path, "%s/../shared/vectors/%s", source ? source : ".", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("no vector %s\n", name);
        skip();
    }
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    long size = ftell(f);
    assert_true(size >= 0 && !fseek(f, 0, SEEK_SET));
    char *bytes = malloc((size_t)size + 1);
    assert_non_null(bytes);
    *len = fread(bytes, 1, (size_t)size, f);
    fclose(f);
    assert_int_equal(*len, size);
    bytes[*len] = 0;
    return bytes;
}

#endif
