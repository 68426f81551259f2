/* The worker's parts: spool, identity, waiting, and the child process's end. */
#include "base/test.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/backoff.h"
#include "worker/child.h"
#include "worker/worker.h"

static char dir[64];

static int setup(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/sage-worker-XXXXXX");
    return mkdtemp(dir) ? 0 : -1;
}

static void remove_tree(const char *path)
{
    char inner[400];
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        snprintf(inner, sizeof inner, "%.100s/%.255s", path, e->d_name);
        if (unlink(inner)) remove_tree(inner);
    }
    if (d) closedir(d);
    rmdir(path);
}

static int teardown(void **state)
{
    (void)state;
    remove_tree(dir);
    return 0;
}

static sage_grant some_grant(void)
{
    sage_grant g;
    memset(&g, 0, sizeof g);
    assert_int_equal(sage_id_new(&g.lease, 'l', NULL), SAGE_OK);
    assert_int_equal(sage_id_new(&g.job, 'j', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&g.token, NULL), SAGE_OK);
    assert_int_equal(sage_statement_wide_fibonacci(&g.statement, 8, 6, NULL), SAGE_OK);
    sage_digest_bytes(&g.input_digest, "", 0);
    g.lease_ms = 1000;
    return g;
}

static void put(sage_spool *s, const sage_grant *g, const char *file)
{
    assert_int_equal(sage_spool_put(s, &g->job, file, "x", 1, NULL), SAGE_OK);
}

static void test_spool_keeps_a_grant(void **state)
{
    (void)state;
    sage_spool s;
    sage_grant found, g = some_grant();
    assert_int_equal(sage_spool_open(&s, dir, NULL), SAGE_OK);
    assert_false(sage_spool_next(&s, &found));
    assert_int_equal(sage_spool_put_grant(&s, &g, NULL), SAGE_OK);
    sage_spool_close(&s);
    assert_int_equal(sage_spool_open(&s, dir, NULL), SAGE_OK);
    assert_true(sage_spool_next(&s, &found));
    assert_memory_equal(&g, &found, sizeof g);
    sage_spool_remove(&s, &g.job);
    assert_false(sage_spool_next(&s, &found));
    sage_spool_close(&s);
}

static void test_spool_token_is_private(void **state)
{
    (void)state;
    sage_spool s;
    struct stat st;
    sage_grant g = some_grant();
    assert_int_equal(sage_spool_open(&s, dir, NULL), SAGE_OK);
    assert_int_equal(sage_spool_put_grant(&s, &g, NULL), SAGE_OK);
    char *path = sage_spool_path(&s, &g.job, "grant.json");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    free(path);
    sage_spool_close(&s);
}

/* Without a grant a proof is kept for a day, anything less is not. */
static void test_spool_tidies(void **state)
{
    (void)state;
    sage_spool s;
    sage_grant fresh = some_grant(), old = some_grant(), none = some_grant();
    assert_int_equal(sage_spool_open(&s, dir, NULL), SAGE_OK);
    put(&s, &fresh, "proof.bin");
    put(&s, &old, "proof.bin");
    put(&s, &none, "input.bin");
    char *path                    = sage_spool_path(&s, &old.job, "proof.bin");
    const struct utimbuf long_ago = {1000, 1000};
    assert_int_equal(utime(path, &long_ago), 0);
    free(path);
    sage_spool_close(&s);
    assert_int_equal(sage_spool_open(&s, dir, NULL), SAGE_OK);
    assert_true(sage_spool_has(&s, &fresh.job, "proof.bin"));
    assert_false(sage_spool_has(&s, &old.job, "proof.bin"));
    assert_false(sage_spool_has(&s, &none.job, "input.bin"));
    sage_spool_close(&s);
}

static void test_identity(void **state)
{
    (void)state;
    sage_identity read, id;
    struct stat st;
    char path[96];
    assert_int_equal(sage_identity_load(&read, dir, NULL), SAGE_ENOTFOUND);
    assert_int_equal(sage_id_new(&id.worker, 'w', NULL), SAGE_OK);
    assert_int_equal(sage_secret_new(&id.secret, NULL), SAGE_OK);
    assert_int_equal(sage_identity_save(&id, dir, NULL), SAGE_OK);
    assert_int_equal(sage_identity_load(&read, dir, NULL), SAGE_OK);
    assert_memory_equal(&id, &read, sizeof id);
    snprintf(path, sizeof path, "%s/worker.json", dir);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void test_backoff(void **state)
{
    (void)state;
    for (int round = 0; round < 100; round++) {
        sage_backoff b = {0};
        int64_t bound  = SAGE_BACKOFF_FIRST_MS;
        for (int i = 0; i < 40; i++) {
            int64_t ms = sage_backoff_next(&b);
            assert_true(ms >= bound / 2 && ms <= bound);
            bound = 2 * bound < SAGE_BACKOFF_MAX_MS ? 2 * bound : SAGE_BACKOFF_MAX_MS;
        }
    }
}

typedef struct heard {
    int lines;
    int64_t permille;
    char stage[SAGE_NAME_CAP];
} heard;

static void hear(void *arg, const char *stage, int64_t permille)
{
    heard *h    = arg;
    h->permille = permille;
    h->lines++;
    snprintf(h->stage, sizeof h->stage, "%s", stage);
}

/* A child that writes text and ends in the given way; how its parent sees that. */
static sage_status
watch(const char *text, int code, int signal_number, heard *h, sage_errinfo *err)
{
    int fd[2];
    sage_status st = SAGE_OK;
    sage_child c   = {.pid = -1};
    assert_int_equal(pipe(fd), 0);
    c.pid = fork();
    assert_true(c.pid >= 0);
    if (!c.pid) {
        close(fd[0]);
        ssize_t n = write(fd[1], text, strlen(text));
        if (signal_number) raise(signal_number);
        _exit(n < 0 ? 99 : code);
    }
    close(fd[1]);
    c.progress_fd = fd[0];
    memset(h, 0, sizeof *h);
    while (!sage_child_poll(&c, 1000, hear, h, &st, err))
        continue;
    return st;
}

static void test_child_endings(void **state)
{
    (void)state;
    heard h;
    sage_errinfo err;
    assert_int_equal(watch("1 trace\n500 fri\n1000 done\n", 0, 0, &h, &err), SAGE_OK);
    assert_int_equal(h.lines, 3);
    assert_string_equal(h.stage, "done");
    assert_int_equal(watch("!ENOMEM prove.memory: too little\n", 71, 0, &h, &err),
                     SAGE_EINTERNAL);
    assert_string_equal(err.where, "child.exit");
    assert_int_equal(err.at, 71);
    assert_string_equal(err.msg, "ENOMEM prove.memory: too little");
    assert_int_equal(watch("", 3, 0, &h, &err), SAGE_EINTERNAL);
    assert_int_equal(watch("250 trace\n", 0, SIGKILL, &h, &err), SAGE_EINTERNAL);
    assert_string_equal(err.where, "child.signal");
    assert_int_equal(err.at, SIGKILL);
}

/* Whatever a broken child writes, its parent takes only well-formed lines. */
static void test_child_noise(void **state)
{
    (void)state;
    char noise[1200];
    heard h;
    memset(noise, 'x', sizeof noise - 1);
    noise[sizeof noise - 1] = 0;
    memcpy(noise + 600, "\n1001 high\n-1 low\n7\n\n12 ok\n", 27);
    assert_int_equal(watch(noise, 0, 0, &h, NULL), SAGE_OK);
    assert_int_equal(h.lines, 1);
    assert_string_equal(h.stage, "ok");
}

int main(void)
{
#define CASE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_spool_keeps_a_grant),
        CASE(test_spool_token_is_private),
        CASE(test_spool_tidies),
        CASE(test_identity),
        cmocka_unit_test(test_backoff),
        cmocka_unit_test(test_child_endings),
        cmocka_unit_test(test_child_noise),
    };
    return cmocka_run_group_tests_name("worker", tests, NULL, NULL);
}
