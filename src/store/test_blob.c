#include "base/test.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/blob.h"

static char dir[64];
static sage_blobs blobs;

static int setup(void **state)
{
    (void)state;
    strcpy(dir, "/tmp/sage-blob-XXXXXX");
    assert_non_null(mkdtemp(dir));
    assert_int_equal(sage_blobs_open(&blobs, dir, NULL), SAGE_OK);
    return 0;
}

static bool keep_none(void *arg, const char *digest)
{
    (void)arg, (void)digest;
    return false;
}

static int teardown(void **state)
{
    (void)state;
    uint64_t n;
    char tmp[80];
    assert_int_equal(sage_blobs_sweep(&blobs, keep_none, NULL, &n, NULL), SAGE_OK);
    sage_blobs_close(&blobs);
    snprintf(tmp, sizeof tmp, "%s/tmp", dir);
    assert_int_equal(rmdir(tmp), 0); /* no temporary file was left */
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static sage_hex32 put(const char *text)
{
    sage_hex32 digest;
    sage_blob_writer w;
    uint64_t len;
    assert_int_equal(sage_blob_begin(&w, &blobs, 100, NULL), SAGE_OK);
    for (const char *p = text; *p; p++)
        assert_int_equal(sage_blob_write(&w, p, 1, NULL), SAGE_OK);
    assert_int_equal(sage_blob_finish(&w, &digest, &len, NULL), SAGE_OK);
    assert_int_equal(len, strlen(text));
    return digest;
}

static void test_round_trip(void **state)
{
    (void)state;
    sage_blob blob;
    sage_hex32 whole, d = put("hello");
    sage_digest_bytes(&whole, "hello", 5);
    assert_string_equal(d.text, whole.text);
    put("hello"); /* again: the same blob */
    assert_int_equal(sage_blob_map(&blobs, &d, &blob, NULL), SAGE_OK);
    assert_int_equal(blob.len, 5);
    assert_memory_equal(blob.bytes, "hello", 5);
    sage_blob_unmap(&blob);
    d = put("");
    assert_int_equal(sage_blob_map(&blobs, &d, &blob, NULL), SAGE_OK);
    assert_int_equal(blob.len, 0);
    assert_non_null(blob.bytes);
    sage_blob_unmap(&blob);
}

static void test_missing(void **state)
{
    (void)state;
    sage_blob blob;
    sage_hex32 d;
    sage_digest_bytes(&d, "absent", 6);
    assert_int_equal(sage_blob_map(&blobs, &d, &blob, NULL), SAGE_ENOTFOUND);
}

static void test_limit_and_abort(void **state)
{
    (void)state;
    sage_blob_writer w;
    char bytes[101] = {0};
    assert_int_equal(sage_blob_begin(&w, &blobs, 100, NULL), SAGE_OK);
    assert_int_equal(sage_blob_write(&w, bytes, 101, NULL), SAGE_ELIMIT);
    assert_int_equal(sage_blob_write(&w, bytes, 100, NULL), SAGE_OK);
    assert_int_equal(sage_blob_write(&w, bytes, 1, NULL), SAGE_ELIMIT);
    sage_blob_abort(&w);
    sage_blob_abort(&w);
}

/* A disk that fills up, as a file size limit shows it: an error and nothing left behind. */
static void test_disk_full(void **state)
{
    (void)state;
    struct rlimit old, small;
    sage_blob_writer w;
    sage_errinfo err;
    char bytes[1 << 12] = {0};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    small = (struct rlimit){1 << 13, old.rlim_max};
    assert_int_equal(sage_blob_begin(&w, &blobs, 1 << 20, NULL), SAGE_OK);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    sage_status st = SAGE_OK;
    for (int i = 0; i < 8 && !st; i++)
        st = sage_blob_write(&w, bytes, sizeof bytes, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    assert_int_equal(st, SAGE_EIO);
    assert_string_equal(err.where, "blob.write");
    sage_blob_abort(&w);
}

static bool keep_one(void *arg, const char *digest)
{
    return !strcmp(arg, digest);
}

static void test_sweep(void **state)
{
    (void)state;
    uint64_t n;
    sage_blob blob;
    sage_hex32 a = put("a"), b = put("b");
    assert_int_equal(sage_blobs_sweep(&blobs, keep_one, a.text, &n, NULL), SAGE_OK);
    assert_int_equal(n, 1);
    assert_int_equal(sage_blob_map(&blobs, &b, &blob, NULL), SAGE_ENOTFOUND);
    assert_int_equal(sage_blob_map(&blobs, &a, &blob, NULL), SAGE_OK);
    sage_blob_unmap(&blob);
}

/* What a crash left in tmp is gone after the next open. */
static void test_crash_leftovers(void **state)
{
    (void)state;
    sage_blob_writer w;
    sage_blobs again;
    assert_int_equal(sage_blob_begin(&w, &blobs, 100, NULL), SAGE_OK);
    assert_int_equal(access(w.path, F_OK), 0);
    assert_int_equal(sage_blobs_open(&again, dir, NULL), SAGE_OK);
    assert_int_not_equal(access(w.path, F_OK), 0);
    sage_blobs_close(&again);
    sage_blob_abort(&w);
}

int main(void)
{
#define CASE(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(test_round_trip), CASE(test_missing), CASE(test_limit_and_abort),
        CASE(test_disk_full),  CASE(test_sweep),   CASE(test_crash_leftovers),
    };
    return cmocka_run_group_tests_name("blob", tests, NULL, NULL);
}
