/* DATA/worker.json: the worker's id and secret, mode 0600 from its creation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "proto/json.h"
#include "worker/worker.h"

static char *identity_path(const char *data_dir)
{
    char *path;
    return asprintf(&path, "%s/worker.json", data_dir) < 0 ? NULL : path;
}

sage_status sage_identity_load(sage_identity *out, const char *data_dir, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    sage_registered m;
    char *path = identity_path(data_dir);
    if (!path) return sage_fail(err, SAGE_ENOMEM, "worker.identity", -1, "no memory");
    sage_status st = sage_file_read(path, SAGE_JSON_MAX_BYTES, &bytes, &len, err);
    free(path);
    if (st) return st;
    st = sage_registered_parse(&m, (const char *)bytes, len, err);
    sage_secret_zero(bytes, len);
    free(bytes);
    if (!st) *out = (sage_identity){m.worker, m.secret};
    return st;
}

sage_status sage_identity_save(const sage_identity *id, const char *data_dir, sage_errinfo *err)
{
    char *text, *path = identity_path(data_dir);
    sage_registered m = {id->worker, id->secret};
    if (!path) return sage_fail(err, SAGE_ENOMEM, "worker.identity", -1, "no memory");
    sage_status st = sage_registered_print(&m, &text, err);
    if (!st) {
        st = sage_file_write(path, text, strlen(text), 0600, err);
        sage_secret_zero(text, strlen(text));
        free(text);
    }
    free(path);
    return st;
}
