#include "sage/status.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
    int value, http, exit;
    const char *name, *text;
} table[] = {
#define X(n, v, h, e, t) {v, h, e, #n, t},
    SAGE_STATUS_LIST(X)
#undef X
};

enum { INTERNAL_ROW = -SAGE_EINTERNAL };

static unsigned row_of(sage_status s)
{
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++)
        if (table[i].value == (int)s) return i;
    return INTERNAL_ROW;
}

const char *sage_status_name(sage_status s)
{
    return table[row_of(s)].name;
}
const char *sage_status_text(sage_status s)
{
    return table[row_of(s)].text;
}
int sage_status_http(sage_status s)
{
    return table[row_of(s)].http;
}
int sage_status_exit(sage_status s)
{
    return table[row_of(s)].exit;
}

sage_status(sage_fail)(
    sage_errinfo *err, sage_status code, const char *where, long long at, const char *fmt, ...)
{
    if (err) {
        va_list ap;
        err->code  = code;
        err->where = where;
        err->at    = at;
        va_start(ap, fmt);
        if (vsnprintf(err->msg, sizeof err->msg, fmt, ap) < 0) err->msg[0] = 0;
        va_end(ap);
    }
    return code;
}
