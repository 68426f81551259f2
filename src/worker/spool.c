#include "worker/spool.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "proto/folder.h"
#include "proto/json.h"

static const char *const files[] = {"grant.json", "input.bin", "made", "proof.bin"};
enum { N_FILES = 4 };

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "spool.memory", -1, "no memory for a path");
}

char *sage_spool_path(const sage_spool *s, const sage_id *job, const char *file)
{
    char *path;
    int n = asprintf(&path, "%s/%s%s%s", s->dir, job->text, file ? "/" : "", file ? file : "");
    return n < 0 ? NULL : path;
}

void sage_spool_remove(const sage_spool *s, const sage_id *job)
{
    for (int i = 0; i < N_FILES; i++)
        sage_spool_drop(s, job, files[i]);
    char *dir = sage_spool_path(s, job, NULL);
    if (dir) rmdir(dir);
    free(dir);
}

void sage_spool_drop(const sage_spool *s, const sage_id *job, const char *file)
{
    char *path = sage_spool_path(s, job, file);
    if (path) unlink(path);
    free(path);
}

bool sage_spool_has(const sage_spool *s, const sage_id *job, const char *file)
{
    char *path = sage_spool_path(s, job, file);
    bool there = path && !access(path, R_OK);
    free(path);
    return there;
}

/* A folder without a grant is a proof in waiting; it goes when it is old or has no proof. */
static void tidy(const sage_spool *s, const sage_id *job)
{
    struct stat st;
    if (sage_spool_has(s, job, "grant.json")) return;
    char *proof = sage_spool_path(s, job, "proof.bin");
    bool keep   = proof && !stat(proof, &st) && time(NULL) - st.st_mtime < SAGE_SPOOL_KEEP_S;
    free(proof);
    if (!keep) sage_spool_remove(s, job);
}

static bool is_job(const struct dirent *e, sage_id *job)
{
    if (!sage_id_valid(e->d_name, 'j')) return false;
    memcpy(job->text, e->d_name, sizeof job->text);
    return true;
}

sage_status sage_spool_open(sage_spool *s, const char *data_dir, sage_errinfo *err)
{
    sage_id job;
    if (asprintf(&s->dir, "%s/spool", data_dir) < 0) {
        s->dir = NULL;
        return no_memory(err);
    }
    sage_status st = sage_folder_make(s->dir, err);
    DIR *d         = st ? NULL : opendir(s->dir);
    if (!st && !d) st = sage_fail(err, SAGE_EIO, "spool.open", errno, "cannot read %s", s->dir);
    for (struct dirent *e; d && (e = readdir(d));)
        if (is_job(e, &job)) tidy(s, &job);
    if (d) closedir(d);
    if (st) sage_spool_close(s);
    return st;
}

void sage_spool_close(sage_spool *s)
{
    free(s->dir);
    s->dir = NULL;
}

sage_status sage_spool_put(const sage_spool *s,
                           const sage_id *job,
                           const char *file,
                           const void *bytes,
                           size_t len,
                           sage_errinfo *err)
{
    char *dir = sage_spool_path(s, job, NULL), *path = sage_spool_path(s, job, file);
    sage_status st = dir && path ? sage_folder_make(dir, err) : no_memory(err);
    if (!st) st = sage_file_write(path, bytes, len, 0600, err);
    free(dir);
    free(path);
    return st;
}

sage_status sage_spool_get(const sage_spool *s,
                           const sage_id *job,
                           const char *file,
                           size_t max,
                           uint8_t **bytes,
                           size_t *len,
                           sage_errinfo *err)
{
    char *path = sage_spool_path(s, job, file);
    if (!path) return no_memory(err);
    sage_status st = sage_file_read(path, max, bytes, len, err);
    free(path);
    return st;
}

sage_status sage_spool_put_grant(const sage_spool *s, const sage_grant *g, sage_errinfo *err)
{
    char *text;
    sage_status st = sage_grant_print(g, &text, err);
    if (st) return st;
    st = sage_spool_put(s, &g->job, "grant.json", text, strlen(text), err);
    free(text);
    return st;
}

sage_status sage_spool_get_grant(const char *job_dir, sage_grant *g, sage_errinfo *err)
{
    char *path;
    uint8_t *bytes;
    size_t len;
    if (asprintf(&path, "%s/grant.json", job_dir) < 0) return no_memory(err);
    sage_status st = sage_file_read(path, SAGE_JSON_MAX_BYTES, &bytes, &len, err);
    free(path);
    if (st) return st;
    st = sage_grant_parse(g, (const char *)bytes, len, err);
    free(bytes);
    return st;
}

bool sage_spool_next(const sage_spool *s, sage_grant *out)
{
    sage_id job;
    bool found = false;
    DIR *d     = opendir(s->dir);
    for (struct dirent *e; d && !found && (e = readdir(d));) {
        if (!is_job(e, &job)) continue;
        char *dir = sage_spool_path(s, &job, NULL);
        found     = dir && !sage_spool_get_grant(dir, out, NULL);
        free(dir);
    }
    if (d) closedir(d);
    return found;
}
