#include "proto/routes.h"

#include <string.h>

const sage_route sage_routes[SAGE_ROUTES] = {
#define X(name, method, path, body, auth)                                                      \
    {SAGE_ROUTE_##name, method, path, SAGE_BODY_##body, SAGE_AUTH_##auth},
    SAGE_ROUTE_LIST(X)
#undef X
};

static bool matches(const char *pattern, const char *path, sage_id *id)
{
    const char *star = strchr(pattern, '*');
    if (!star) return !strcmp(pattern, path);
    size_t head = (size_t)(star - pattern);
    if (strncmp(pattern, path, head)) return false;
    path += head;
    if (strnlen(path, SAGE_ID_LEN) < SAGE_ID_LEN || strcmp(path + SAGE_ID_LEN, star + 1))
        return false;
    memcpy(id->text, path, SAGE_ID_LEN);
    id->text[SAGE_ID_LEN] = 0;
    return true;
}

sage_status sage_route_find(const char *method,
                            const char *path,
                            const sage_route **out,
                            sage_id *id,
                            sage_errinfo *err)
{
    bool known = false;
    for (int i = 0; i < SAGE_ROUTES; i++) {
        if (!matches(sage_routes[i].path, path, id)) continue;
        known = true;
        *out  = &sage_routes[i];
        if (!strcmp(method, sage_routes[i].method)) return SAGE_OK;
    }
    if (known)
        return sage_fail(err, SAGE_EINVAL, "route.method", -1, "not a method of this path");
    return sage_fail(err, SAGE_ENOTFOUND, "route.path", -1, "no such path");
}
