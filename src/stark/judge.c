#include "stark/judge.h"

#include <stdlib.h>

#include "sage/verify.h"

sage_status sage_judge_alloc(void **out, size_t bytes, sage_errinfo *err)
{
    *out = NULL;
    if (bytes > SAGE_VERIFY_MAX_BYTES)
        return sage_fail(err, SAGE_ELIMIT, "verify.memory", -1,
                         "verifying needs %zu bytes, the limit is %d", bytes,
                         SAGE_VERIFY_MAX_BYTES);
    *out = malloc(bytes);
    if (!*out)
        return sage_fail(err, SAGE_ENOMEM, "verify.memory", -1, "no memory for %zu bytes",
                         bytes);
    return SAGE_OK;
}

sage_status sage_judge_claim(sage_status s, sage_errinfo *err)
{
    if (s != SAGE_EINVAL && s != SAGE_ELIMIT) return s;
    if (err) err->code = SAGE_EPROOF;
    return SAGE_EPROOF;
}
