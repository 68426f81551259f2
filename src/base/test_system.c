/* arena, file, random, log, progress: the pieces that touch the system. */
#include "base/arena.h"
#include "base/file.h"
#include "base/listen.h"
#include "base/log.h"
#include "base/progress.h"
#include "base/random.h"
#include "base/tasks.h"

#include <dirent.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/sage-test-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int count_files(void)
{
    int n    = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir));)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static const char *in_folder(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void arena_places(void **state)
{
    (void)state;
    sage_arena a;
    void *p, *q, *r;
    assert_int_equal(sage_arena_open(&a, 4096, 1 << 16, NULL), SAGE_OK);
    assert_int_equal((uintptr_t)a.base % (1 << 16), 0);
    assert_int_equal(sage_arena_take(&a, 1, 1, 1, &p, NULL), SAGE_OK);
    assert_ptr_equal(p, a.base);
    assert_int_equal(sage_arena_take(&a, 3, 8, 64, &q, NULL), SAGE_OK);
    assert_ptr_equal(q, a.base + 64);
    size_t mark = sage_arena_mark(&a);
    assert_int_equal(sage_arena_take(&a, 4096 - 88, 1, 1, &r, NULL), SAGE_OK);
    assert_ptr_equal(r, a.base + 88);
    memset(p, 1, 1), memset(q, 2, 24), memset(r, 3, 4096 - 88);
    assert_int_equal(sage_arena_take(&a, 0, 8, 1, &p, NULL), SAGE_OK);
    assert_int_equal(sage_arena_take(&a, 1, 1, 1, &p, NULL), SAGE_ENOMEM);
    assert_null(p);
    sage_arena_rewind(&a, mark);
    assert_int_equal(sage_arena_take(&a, 1, 1, 1, &p, NULL), SAGE_OK);
    assert_ptr_equal(p, a.base + 88);
    sage_arena_close(&a);
    assert_null(a.base);
    sage_arena_close(&a);
}

static void arena_refuses(void **state)
{
    (void)state;
    sage_arena a;
    sage_errinfo err;
    void *p;
    assert_int_equal(sage_arena_open(&a, 64, 0, &err), SAGE_EINVAL);
    assert_int_equal(sage_arena_open(&a, 64, 3, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "arena.align");
    assert_int_equal(sage_arena_open(&a, SIZE_MAX, 64, &err), SAGE_ENOMEM);
    assert_string_equal(err.where, "arena.memory");
    assert_int_equal(sage_arena_take(&a, 1, 1, 1, &p, &err), SAGE_ENOMEM);
    assert_int_equal(sage_arena_open(&a, 1024, 64, NULL), SAGE_OK);
    assert_int_equal(sage_arena_take(&a, SIZE_MAX / 4 + 1, 8, 1, &p, &err), SAGE_ENOMEM);
    assert_string_equal(err.where, "arena.full");
    assert_int_equal(sage_arena_take(&a, SIZE_MAX, 1, 64, &p, &err), SAGE_ENOMEM);
    assert_int_equal(sage_arena_take(&a, 1, 1, 48, &p, &err), SAGE_EINVAL);
    assert_int_equal(a.used, 0);
    sage_arena_close(&a);
}

static void file_round_trip(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 65535, 65536, 65537, 300000};
    static uint8_t bytes[300000];
    const char *path = in_folder("data");
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 31 + i / 256);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *back;
        size_t len;
        sage_errinfo err;
        assert_int_equal(sage_file_write(path, bytes, sizes[i], 0600, NULL), SAGE_OK);
        assert_int_equal(sage_file_read(path, sizes[i], &back, &len, NULL), SAGE_OK);
        assert_int_equal(len, sizes[i]);
        assert_memory_equal(back, bytes, len);
        free(back);
        if (!sizes[i]) continue;
        assert_int_equal(sage_file_read(path, sizes[i] - 1, &back, &len, &err), SAGE_ELIMIT);
        assert_string_equal(err.where, "file.size");
        assert_null(back);
        assert_int_equal(len, 0);
    }
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(count_files(), 1); /* no temporary is left */
    assert_int_equal(unlink(path), 0);
}

static void file_refuses(void **state)
{
    (void)state;
    uint8_t *bytes;
    size_t len;
    sage_errinfo err;
    assert_int_equal(sage_file_read(in_folder("none"), 10, &bytes, &len, &err), SAGE_ENOTFOUND);
    assert_string_equal(err.where, "file.open");
    assert_int_equal(sage_file_read(folder, 10, &bytes, &len, &err), SAGE_EIO);
    assert_string_equal(err.where, "file.read");
    assert_int_equal(sage_file_read("/dev/zero", 100000, &bytes, &len, &err), SAGE_ELIMIT);
    assert_int_equal(sage_file_write(folder, "x", 1, 0600, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "file.not_regular");
    assert_int_equal(sage_file_write("/dev/null", "x", 1, 0600, &err), SAGE_EINVAL);
    assert_int_equal(sage_file_write("", "x", 1, 0600, &err), SAGE_EINVAL);
    assert_int_equal(sage_file_write(in_folder("no/such"), "x", 1, 0600, &err), SAGE_ENOTFOUND);
    assert_string_equal(err.where, "file.create");
    assert_int_equal(count_files(), 0);
}

static void file_in_pieces(void **state)
{
    (void)state;
    enum { PIECES = 300, SIZE = 1000 };
    static char piece[SIZE], large[100000];
    sage_file_out *out;
    uint8_t *bytes;
    size_t len;
    for (int keep = 0; keep < 2; keep++) {
        assert_int_equal(sage_file_begin(&out, in_folder("pieces"), 0600, NULL), SAGE_OK);
        for (int i = 0; i < PIECES; i++) {
            memset(piece, i, SIZE);
            sage_file_put(out, piece, SIZE);
        }
        sage_file_put(out, large, sizeof large);
        sage_file_put(out, "", 0);
        assert_int_equal(sage_file_end(out, keep, NULL), SAGE_OK);
        assert_int_equal(count_files(), keep);
    }
    assert_int_equal(sage_file_read(in_folder("pieces"), 1u << 20, &bytes, &len, NULL),
                     SAGE_OK);
    assert_int_equal(len, PIECES * SIZE + sizeof large);
    for (int i = 0; i < PIECES * SIZE; i++)
        assert_int_equal(bytes[i], (uint8_t)(i / SIZE));
    free(bytes);
    assert_int_equal(unlink(in_folder("pieces")), 0);
    assert_int_equal(sage_file_begin(&out, folder, 0600, NULL), SAGE_EINVAL);
    assert_null(out);
}

static void file_replaces_link(void **state)
{
    (void)state;
    char link[128], target[128];
    struct stat st;
    uint8_t *bytes;
    size_t len;
    strcpy(link, in_folder("link")), strcpy(target, in_folder("target"));
    assert_int_equal(sage_file_write(target, "old", 3, 0644, NULL), SAGE_OK);
    assert_int_equal(symlink("target", link), 0);
    assert_int_equal(sage_file_write(link, "new", 3, 0644, NULL), SAGE_OK);
    assert_int_equal(lstat(link, &st), 0);
    assert_true(S_ISREG(st.st_mode));
    assert_int_equal(sage_file_read(target, 10, &bytes, &len, NULL), SAGE_OK);
    assert_memory_equal(bytes, "old", 3);
    free(bytes);
    assert_int_equal(unlink(link) | unlink(target), 0);
}

static void file_new_replaces_nothing(void **state)
{
    (void)state;
    char link[128], path[128];
    struct stat st;
    uint8_t *bytes;
    size_t len;
    sage_errinfo err;
    strcpy(link, in_folder("link")), strcpy(path, in_folder("new"));
    assert_int_equal(sage_file_write_new(path, "first", 5, 0600, NULL), SAGE_OK);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_nlink, 1);
    assert_int_equal(sage_file_write_new(path, "second", 6, 0600, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "file.exists");
    assert_int_equal(sage_file_read(path, 10, &bytes, &len, NULL), SAGE_OK);
    assert_int_equal(len, 5);
    free(bytes);
    assert_int_equal(symlink("nowhere", link), 0); /* dangling: it still has the name */
    assert_int_equal(sage_file_write_new(link, "x", 1, 0600, &err), SAGE_ECONFLICT);
    assert_int_equal(count_files(), 2);
    assert_int_equal(unlink(path) | unlink(link), 0);
}

static void random_and_secrets(void **state)
{
    (void)state;
    uint8_t a[64] = {0}, b[64] = {0}, zero[64] = {0};
    assert_int_equal(sage_random_fill(a, sizeof a, NULL), SAGE_OK);
    assert_int_equal(sage_random_fill(b, sizeof b, NULL), SAGE_OK);
    assert_false(sage_secret_equal(a, b, sizeof a)); /* one in 2^512 */
    assert_false(sage_secret_equal(a, zero, sizeof a));
    memcpy(b, a, sizeof a);
    assert_true(sage_secret_equal(a, b, sizeof a));
    for (size_t i = 0; i < 8 * sizeof a; i++) {
        b[i / 8] ^= (uint8_t)(1 << i % 8);
        assert_false(sage_secret_equal(a, b, sizeof a));
        b[i / 8] ^= (uint8_t)(1 << i % 8);
    }
    assert_true(sage_secret_equal(a, zero, 0));
    sage_secret_zero(a, sizeof a);
    assert_memory_equal(a, zero, sizeof a);
    assert_int_equal(sage_random_fill(a, 0, NULL), SAGE_OK);
}

static void log_lines(void **state)
{
    (void)state;
    char out[256];
    const sage_log_field fields[] = {sage_log_u64("job", 42),
                                     sage_log_i64("delta", -7),
                                     sage_log_text("backend", "avx2"),
                                     sage_log_text("why", "two words"),
                                     sage_log_text("none", NULL),
                                     sage_log_text("empty", ""),
                                     sage_log_text("forged", "x\nlevel=error \"\\\x7f"),
                                     sage_log_text("worker_secret", "s3"),
                                     sage_log_u64("lease_token", 99),
                                     {0}};
    size_t n = sage_log_format(out, sizeof out, SAGE_LOG_INFO, "a.b", fields);
    assert_string_equal(out, "level=info event=a.b job=42 delta=-7 backend=avx2 "
                             "why=\"two words\" none=- empty=\"\" "
                             "forged=\"x\\x0alevel=error \\\"\\\\\\x7f\" "
                             "worker_secret=[redacted] lease_token=[redacted]");
    assert_int_equal(n, strlen(out));
}

static void log_cuts_whole_fields(void **state)
{
    (void)state;
    char out[256], text[200];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1]         = 0;
    const sage_log_field fields[] = {
        sage_log_u64("first", 1), sage_log_text("long", text), {0}};
    for (size_t size = 64; size < sizeof out; size++) {
        memset(out, 'Z', sizeof out);
        size_t n = sage_log_format(out, size, SAGE_LOG_WARN, "a.b", fields);
        assert_true(n < size && out[n] == 0 && strlen(out) == n);
        assert_int_equal(out[size], 'Z');
        if (n < 200)
            assert_string_equal(out, "level=warn event=a.b first=1 truncated=true");
        else
            assert_string_equal(out + n - 4, "aaaa");
    }
}

/* The level is read once, so each setting is tried in a child that writes to a pipe. */
static void log_child(const char *name, const char *word, char *out, size_t size)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        unsetenv("SAGE_LOG");
        unsetenv("RUST_LOG");
        if (name) setenv(name, word, 1);
        dup2(ends[1], STDERR_FILENO);
        sage_log(SAGE_LOG_DEBUG, "t.debug", sage_log_u64("n", 1));
        sage_log(SAGE_LOG_INFO, "t.info", sage_log_u64("n", 2));
        const sage_errinfo err = {SAGE_EPROOF, "proof.x", 3, "bad"};
        sage_log_error(SAGE_LOG_ERROR, "t.error", &err);
        _exit(0);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got; (got = read(ends[0], out + n, size - 1 - n)) > 0;)
        n += (size_t)got;
    out[n] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void log_levels(void **state)
{
    (void)state;
    static const struct {
        const char *name, *word;
        bool debug, info, error, complaint;
    } cases[] = {
        {NULL, NULL, false, true, true, false},
        {"SAGE_LOG", "debug", true, true, true, false},
        {"RUST_LOG", "trace", true, true, true, false},
        {"RUST_LOG", "error", false, false, true, false},
        {"SAGE_LOG", "off", false, false, false, false},
        {"SAGE_LOG", "loud", false, true, true, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[1024];
        log_child(cases[i].name, cases[i].word, out, sizeof out);
        assert_int_equal(!!strstr(out, " level=debug event=t.debug n=1\n"), cases[i].debug);
        assert_int_equal(!!strstr(out, " level=info event=t.info n=2\n"), cases[i].info);
        assert_int_equal(!!strstr(out, " level=error event=t.error code=EPROOF where=proof.x "
                                       "message=bad\n"),
                         cases[i].error);
        assert_int_equal(!!strstr(out, "event=log.level"), cases[i].complaint);
        if (cases[i].error) assert_int_equal(out[4], '-'); /* a date */
    }
}

static char *progress_text(bool terminal, bool success)
{
    static char text[8192];
    sage_progress p;
    FILE *f = fmemopen(text, sizeof text, "w");
    assert_non_null(f);
    sage_progress_begin_on(&p, f, terminal, "proof");
    for (int i = -5; i <= 105; i++)
        sage_progress_update(&p, i < 50 ? "trace" : "fri", i / 100.0);
    sage_progress_update(&p, "late", 0.2); /* never backwards */
    sage_progress_end(&p, success);
    assert_int_equal(fclose(f), 0);
    return text;
}

static int count(const char *text, char c)
{
    int n = 0;
    for (; *text; text++)
        n += *text == c;
    return n;
}

static void progress_lines(void **state)
{
    (void)state;
    char *text = progress_text(false, true);
    assert_int_equal(count(text, '\n'), 11); /* 0, 10, .. 100 % */
    assert_int_equal(count(text, '\r'), 0);
    assert_non_null(strstr(text, "proof:  50% "));
    assert_null(strstr(text, "late"));
    text = progress_text(false, false);
    assert_int_equal(count(text, '\n'), 12); /* and the end, which is not plain from 100 % */
    assert_non_null(strstr(text, "stopped\n"));
}

static void progress_bar(void **state)
{
    (void)state;
    char *text = progress_text(true, true);
    assert_int_equal(count(text, '\n'), 1);
    assert_non_null(strstr(text, "[##############################] 100%"));
    text = progress_text(true, false);
    assert_non_null(strstr(text, "stopped"));
}

static void listen_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good, loopback;
        int family;
    } cases[] = {{"127.0.0.1:0", true, true, AF_INET},
                 {"0.0.0.0:65535", true, false, AF_INET},
                 {"[::1]:80", true, true, AF_INET6},
                 {"[::]:80", true, false, AF_INET6},
                 {"127.0.0.1:65536", false, false, 0},
                 {"127.0.0.1:", false, false, 0},
                 {"127.0.0.1:+1", false, false, 0},
                 {"localhost:1", false, false, 0},
                 {"::1:80", false, false, 0},
                 {"[::1:80", false, false, 0},
                 {"", false, false, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_listen l;
        assert_int_equal(sage_listen_parse(&l, cases[i].text), cases[i].good);
        if (!cases[i].good) continue;
        assert_int_equal(l.loopback, cases[i].loopback);
        assert_int_equal(l.address.ss_family, cases[i].family);
    }
}

static atomic_int tasks_run;

static void count_task(sage_task *task)
{
    (void)task;
    atomic_fetch_add(&tasks_run, 1);
}

static void tasks_all_run(void **state)
{
    (void)state;
    enum { N = 100 };
    sage_task task[N];
    sage_tasks *pool;
    sage_errinfo err;
    atomic_store(&tasks_run, 0);
    assert_int_equal(sage_tasks_start(&pool, 3, N, count_task, &err), SAGE_OK);
    for (int i = 0; i < N; i++)
        assert_true(sage_tasks_put(pool, &task[i]));
    sage_tasks_stop(pool); /* runs what is queued */
    assert_int_equal(atomic_load(&tasks_run), N);
    assert_int_equal(sage_tasks_start(&pool, 0, 1, count_task, &err), SAGE_OK);
    assert_true(sage_tasks_put(pool, &task[0]));
    assert_false(sage_tasks_put(pool, &task[1])); /* full */
    sage_tasks_stop(pool);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_places),
        cmocka_unit_test(arena_refuses),
        cmocka_unit_test_setup_teardown(file_round_trip, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(file_refuses, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(file_in_pieces, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(file_replaces_link, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(file_new_replaces_nothing, make_folder, remove_folder),
        cmocka_unit_test(random_and_secrets),
        cmocka_unit_test(listen_addresses),
        cmocka_unit_test(tasks_all_run),
        cmocka_unit_test(log_lines),
        cmocka_unit_test(log_cuts_whole_fields),
        cmocka_unit_test(log_levels),
        cmocka_unit_test(progress_lines),
        cmocka_unit_test(progress_bar),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
