/* fuzz/fuzz.h -- the entry point of a fuzz target, and what an expectation does. */
#ifndef SAGE_FUZZ_FUZZ_H
#define SAGE_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"

/* Called with any bytes; returns 0. Inputs that break an expectation abort the process. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#define FUZZ_EXPECT(condition)                                                                 \
    do {                                                                                       \
        if (!(condition)) {                                                                    \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);            \
            abort();                                                                           \
        }                                                                                      \
    } while (0)

/* A NUL-terminated copy; the caller frees. */
SAGE_INLINE char *fuzz_text(const uint8_t *bytes, size_t len)
{
    char *text = malloc(len + 1);
    if (!text) abort();
    if (len) memcpy(text, bytes, len);
    text[len] = 0;
    return text;
}

#endif
