/* base/test_text.h -- texts that tests damage on purpose. Included by test programs only. */
#ifndef SAGE_BASE_TEST_TEXT_H
#define SAGE_BASE_TEST_TEXT_H

#include "base/test.h"

/* text with the first `from` at or behind the first `after` replaced by `to`; malloc'ed and ended
 * by 0, the caller frees. The calling test fails where there is none. */
SAGE_INLINE char *
sage_test_replaced(const char *text, const char *after, const char *from, const char *to)
{
    const char *at = strstr(text, after);
    if (at) at = strstr(at, from);
    if (!at) fail_msg("no %s behind %s", from, after);
    size_t head = (size_t)(at - text), size = strlen(text) - strlen(from) + strlen(to) + 1;
    char *out = malloc(size);
    assert_non_null(out);
    memcpy(out, text, head);
    snprintf(out + head, size - head, "%s%s", to, at + strlen(from));
    return out;
}

#endif
