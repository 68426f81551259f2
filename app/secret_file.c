#include "app/secret_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"

sage_status secret_file_read(const char *path, sage_hex32 *out, bool *has, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    *has = false;
    if (!path) return SAGE_OK;
    sage_status st = sage_file_read(path, 256, &bytes, &len, err);
    if (st) return st;
    size_t n = len == SAGE_HEX32_LEN + 1 && bytes[len - 1] == '\n' ? len - 1 : len;
    if (n == SAGE_HEX32_LEN) {
        memcpy(out->text, bytes, n);
        out->text[n] = 0;
        *has         = sage_hex32_valid(out->text);
    }
    sage_secret_zero(bytes, len);
    free(bytes);
    if (*has) return SAGE_OK;
    return sage_fail(err, SAGE_EFORMAT, "secret.form", -1, "%.160s must hold 64 hex digits",
                     path);
}

const char *env_or(const char *name, const char *fallback)
{
    const char *value = getenv(name);
    return value && value[0] ? value : fallback;
}
