#include "base/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

sage_status sage_random_fill(void *out, size_t n, sage_errinfo *err)
{
    uint8_t *at = out;
    size_t left = n;
    while (left) {
        ssize_t got = getrandom(at, left, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) {
            int error = errno;
            sage_secret_zero(out, n);
            return sage_fail(err, SAGE_EIO, "random.kernel", -1, "getrandom: errno %d", error);
        }
        at += got;
        left -= (size_t)got;
    }
    return SAGE_OK;
}

bool sage_secret_equal(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a, *y = b;
    uint8_t differ = 0;
    for (size_t i = 0; i < n; i++) {
        differ |= x[i] ^ y[i];
        __asm__ volatile("" : "+r"(differ)); /* no early exit by inference */
    }
    return differ == 0;
}

void sage_secret_zero(void *p, size_t n)
{
    explicit_bzero(p, n);
}
