/* Which CPU backends this build has, and the choice among them. */
#include <string.h>

#include "backend/backend.h"

extern const sage_backend sage_backend_scalar;
#ifdef SAGE_BUILD_X86
extern const sage_backend sage_backend_avx2, sage_backend_avx512;
#endif

const sage_backend *const sage_cpu_backends[] = {
#ifdef SAGE_BUILD_X86
    &sage_backend_avx512,
    &sage_backend_avx2,
#endif
    &sage_backend_scalar,
    NULL,
};

static const char *const known[] = {"avx512", "avx2", "scalar"};

static sage_status fastest(const sage_backend **out, sage_errinfo *err)
{
    for (const sage_backend *const *b = sage_cpu_backends; *b; b++) {
        if ((*b)->available(NULL)) continue;
        *out = *b;
        return SAGE_OK;
    }
    return sage_fail(err, SAGE_EUNSUP, "backend.auto", -1, "no CPU backend is available");
}

sage_status sage_backend_find(const char *name, const sage_backend **out, sage_errinfo *err)
{
    *out = NULL;
    if (!name || !strcmp(name, "auto")) return fastest(out, err);
    for (const sage_backend *const *b = sage_cpu_backends; *b; b++) {
        if (strcmp(name, (*b)->name)) continue;
        sage_status s = (*b)->available(err);
        if (!s) *out = *b;
        return s;
    }
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (!strcmp(name, known[i]))
            return sage_fail(err, SAGE_EUNSUP, "backend.name", -1,
                             "backend %s is not built for this architecture", name);
    return sage_fail(err, SAGE_ENOTFOUND, "backend.name", -1,
                     "no backend is called '%.40s'; there are avx512, avx2, scalar, auto",
                     name);
}
