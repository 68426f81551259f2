#include "app/client_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/secret_file.h"
#include "base/file.h"
#include "base/random.h"
#include "proto/folder.h"
#include "proto/json.h"

static char *state_path(const char *name)
{
    char *path;
    const char *dir = env_or("SAGE_STATE_DIR", NULL), *home = env_or("HOME", ".");
    int n = dir ? asprintf(&path, "%s/%s", dir, name)
                : asprintf(&path, "%s/.bitsage/client/%s", home, name);
    return n < 0 ? NULL : path;
}

static sage_status make_state_folder(sage_errinfo *err)
{
    char *path     = state_path("");
    sage_status st = path ? sage_folder_make(path, err)
                          : sage_fail(err, SAGE_ENOMEM, "client.state", -1, "no memory");
    free(path);
    return st;
}

static void pending_name(const client_job *j, char out[80])
{
    sage_hex32 hash;
    sage_secret_hash(&hash, &j->secret);
    snprintf(out, 80, "pending-%.16s", hash.text);
}

sage_status client_state_save(const client_job *j, const sage_id *id, sage_errinfo *err)
{
    char name[80], *text = NULL;
    if (id)
        snprintf(name, sizeof name, "%s", id->text);
    else
        pending_name(j, name);
    char *path = state_path(name);
    json_t *o  = json_object();
    sage_json_put(&o, "coordinator", json_string(j->coordinator));
    sage_json_put(&o, "secret", json_string(j->secret.text));
    sage_json_put(&o, "statement", sage_json_of_statement(&j->statement));
    sage_status st = sage_json_print(o, &text, err);
    if (!st && !path) st = sage_fail(err, SAGE_ENOMEM, "client.state", -1, "no memory");
    if (!st) st = make_state_folder(err);
    if (!st) st = sage_file_write(path, text, strlen(text), 0600, err);
    if (text) sage_secret_zero(text, strlen(text));
    free(text);
    free(path);
    return st;
}

void client_state_settled(const client_job *j)
{
    char name[80];
    pending_name(j, name);
    char *path = state_path(name);
    if (path) unlink(path);
    free(path);
}

sage_status client_state_load(client_job *j, const char *id, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    sage_json reader;
    if (!sage_id_valid(id, 'j'))
        return sage_fail(err, SAGE_EINVAL, "client.job", -1, "\"%.40s\" is not a job id", id);
    char *path = state_path(id);
    if (!path) return sage_fail(err, SAGE_ENOMEM, "client.state", -1, "no memory");
    sage_status st = sage_file_read(path, SAGE_JSON_MAX_BYTES, &bytes, &len, err);
    free(path);
    if (st == SAGE_ENOTFOUND)
        return sage_fail(err, st, "client.job", -1, "this machine has no secret of job %s", id);
    if (st) return st;
    memset(j, 0, sizeof *j);
    sage_json_begin(&reader, (const char *)bytes, len, err);
    sage_json_text(&reader, "coordinator", j->coordinator, sizeof j->coordinator);
    sage_json_hex32(&reader, "secret", &j->secret);
    sage_json_statement(&reader, "statement", &j->statement);
    st = sage_json_end(&reader, true);
    sage_secret_zero(bytes, len);
    free(bytes);
    return st;
}
