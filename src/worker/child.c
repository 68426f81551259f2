#include "worker/child.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "proto/cairo_job.h"
#include "proto/crash.h"

extern char **environ;

enum { CHILD_PROGRESS_FD = 3 };

/* Its own process group: a Ctrl-C at the terminal is for the worker, which decides. */
static sage_status spawn(sage_child *c, int write_fd, char *const *argv, sage_errinfo *err)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_adddup2(&actions, write_fd, CHILD_PROGRESS_FD);
    int rc = posix_spawn(&c->pid, "/proc/self/exe", &actions, &attr, argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    if (rc) return sage_fail(err, SAGE_EIO, "child.start", rc, "posix_spawn: %s", strerror(rc));
    return SAGE_OK;
}

sage_status sage_child_start(sage_child *c,
                             const char *job_dir,
                             const sage_worker_options *o,
                             sage_errinfo *err)
{
    int fd[2];
    char threads[16], memory[24], params[64], parent[16];
    const sage_params *p = &o->params;
    *c                   = (sage_child){.pid = -1, .progress_fd = -1};
    snprintf(threads, sizeof threads, "%" PRIu32, o->threads);
    snprintf(memory, sizeof memory, "%" PRIu64, o->memory_bytes);
    snprintf(params, sizeof params, "%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32,
             p->pow_bits, p->log_blowup, p->n_queries, p->log_last_layer, p->fold_step);
    snprintf(parent, sizeof parent, "%d", (int)getpid());
    const char *argv[] = {
        "sage-worker", "prove-child", job_dir, o->backend ? o->backend : "auto", threads,
        memory,        params,        parent,  o->cache_dir ? o->cache_dir : "", NULL};
    /* dup2 onto itself would keep close-on-exec: the pipe must not be descriptor 3. */
    if (pipe2(fd, O_CLOEXEC))
        return sage_fail(err, SAGE_EIO, "child.start", errno, "pipe: %s", strerror(errno));
    int high = fcntl(fd[1], F_DUPFD_CLOEXEC, CHILD_PROGRESS_FD + 1);
    close(fd[1]);
    sage_status st = high < 0 ? sage_fail(err, SAGE_EIO, "child.start", errno, "dup")
                              : spawn(c, high, (char *const *)(uintptr_t)argv, err);
    if (high >= 0) close(high);
    if (st)
        close(fd[0]);
    else
        c->progress_fd = fd[0];
    return st;
}

/* Lines are "permille stage", or "!why it failed"; others are dropped. */
static void
take_line(sage_child *c, void (*on_progress)(void *, const char *, int64_t), void *arg)
{
    int permille, at = 0;
    c->line[c->n_line] = 0;
    c->n_line          = 0;
    if (c->line[0] == '!') snprintf(c->why, sizeof c->why, "%.230s", c->line + 1);
    if (sscanf(c->line, "%d %n", &permille, &at) < 1 || !at || !c->line[at]) return;
    if (permille >= 0 && permille <= 1000 && strlen(c->line + at) < SAGE_NAME_CAP)
        on_progress(arg, c->line + at, permille);
}

/* False at the end of the stream. */
static bool
read_lines(sage_child *c, void (*on_progress)(void *, const char *, int64_t), void *arg)
{
    char bytes[256];
    ssize_t n = read(c->progress_fd, bytes, sizeof bytes);
    if (n < 0) return errno == EINTR || errno == EAGAIN;
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n')
            take_line(c, on_progress, arg);
        else if (c->n_line < sizeof c->line - 1)
            c->line[c->n_line++] = bytes[i];
    }
    return n > 0;
}

static sage_status ended(sage_child *c, int status, sage_errinfo *err)
{
    c->pid = -1;
    if (WIFSIGNALED(status))
        return sage_fail(err, SAGE_EINTERNAL, "child.signal", WTERMSIG(status),
                         "the proving process was killed by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status))
        return sage_fail(err, SAGE_EINTERNAL, "child.exit", WEXITSTATUS(status), "%s",
                         c->why[0] ? c->why : "the proving process gave no reason");
    return SAGE_OK;
}

bool sage_child_poll(sage_child *c,
                     int wait_ms,
                     void (*on_progress)(void *arg, const char *stage, int64_t permille),
                     void *arg,
                     sage_status *status,
                     sage_errinfo *err)
{
    int how;
    struct pollfd p = {.fd = c->progress_fd, .events = POLLIN};
    int n           = poll(&p, 1, wait_ms);
    if (n == 0 || (n < 0 && errno == EINTR)) return false;
    if (read_lines(c, on_progress, arg)) return false;
    /* The pipe closes when the process ends. */
    while (waitpid(c->pid, &how, 0) < 0)
        if (errno != EINTR) {
            how = 0;
            break;
        }
    close(c->progress_fd);
    *status = ended(c, how, err);
    return true;
}

void sage_child_kill(sage_child *c)
{
    if (c->pid < 0) return;
    kill(c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    close(c->progress_fd);
    c->pid = -1;
}

/* From here: inside the child. */

typedef struct reporter {
    int fd;
    int permille;
    char stage[SAGE_NAME_CAP];
} reporter;

static void report(void *arg, const char *stage, double fraction)
{
    char line[SAGE_NAME_CAP + 16];
    reporter *r  = arg;
    int permille = (int)(fraction * 1000);
    if (permille == r->permille && !strcmp(stage, r->stage)) return;
    r->permille = permille;
    snprintf(r->stage, sizeof r->stage, "%s", stage);
    int n = snprintf(line, sizeof line, "%d %.60s\n", permille, stage);
    if (n > 0 && write(r->fd, line, (size_t)n) < 0)
        _exit(EXIT_FAILURE); /* the worker has gone */
    if (permille >= 500) sage_crash_point("child.prove.middle");
}

static char *in_dir(const char *dir, const char *file)
{
    char *path;
    return asprintf(&path, "%s/%s", dir, file) < 0 ? NULL : path;
}

static sage_status read_input(
    const char *dir, const sage_grant *g, uint8_t **bytes, size_t *len, sage_errinfo *err)
{
    *bytes = NULL, *len = 0;
    if (!sage_kind_has_input(g->statement.kind)) return SAGE_OK;
    char *path = in_dir(dir, "input.bin");
    if (!path) return sage_fail(err, SAGE_ENOMEM, "child.memory", -1, "no memory");
    sage_status st = sage_file_read(path, (size_t)g->input_len, bytes, len, err);
    free(path);
    return st;
}

static sage_status write_made(const char *dir,
                              const char *backend,
                              uint64_t ms,
                              const uint8_t *proof,
                              size_t len,
                              sage_errinfo *err)
{
    char text[SAGE_NAME_CAP + 32], *made = in_dir(dir, "made"),
                                   *path = in_dir(dir, "proof.bin");
    int n          = snprintf(text, sizeof text, "%.60s %" PRIu64 "\n", backend, ms);
    sage_status st = made && path
                         ? sage_file_write(made, text, (size_t)n, 0600, err)
                         : sage_fail(err, SAGE_ENOMEM, "child.memory", -1, "no memory");
    if (!st) st = sage_file_write(path, proof, len, 0600, err);
    free(made);
    free(path);
    return st;
}

/* A proof of another run than the job's would only be refused: the worker compares. */
static sage_status prove_cairo(const sage_grant *g,
                               const uint8_t *input,
                               size_t input_len,
                               const sage_prove_options *o,
                               const char *cache_dir,
                               uint8_t **proof,
                               size_t *len,
                               sage_errinfo *err)
{
    sage_cairo_task t;
    sage_status st = sage_cairo_job_open(&t, input, input_len, err);
    if (st) return st;
    t.hash      = g->statement.public_words[SAGE_CAIRO_WORD_HASH];
    t.cache_dir = cache_dir;
    return sage_prove_cairo(&t, o, SAGE_CAIRO_PROOF_BINARY, proof, len, NULL, err);
}

static sage_status prove_in(const char *dir,
                            const sage_prove_options *options,
                            const char *cache_dir,
                            sage_errinfo *err)
{
    sage_grant g;
    uint8_t *input, *proof = NULL;
    size_t input_len, len  = 0;
    bool automatic = !options->backend || !strcmp(options->backend, "auto");
    uint64_t start = sage_clock_mono_ms();
    sage_status st = sage_spool_get_grant(dir, &g, err);
    if (!st) st = read_input(dir, &g, &input, &input_len, err);
    if (st) return st;
    st = g.statement.kind == SAGE_STATEMENT_CAIRO
             ? prove_cairo(&g, input, input_len, options, cache_dir, &proof, &len, err)
             : sage_prove(&g.statement, input, input_len, options, &proof, &len, err);
    free(input);
    if (!st)
        st = write_made(dir, automatic ? sage_backend_default() : options->backend,
                        sage_clock_mono_ms() - start, proof, len, err);
    free(proof);
    return st;
}

int sage_worker_child(const char *dir,
                      const sage_prove_options *o,
                      const char *cache_dir,
                      int parent)
{
    sage_errinfo err;
    reporter r                 = {.fd = CHILD_PROGRESS_FD, .permille = -1};
    sage_prove_options options = *o;
    options.progress           = report;
    options.progress_arg       = &r;
    signal(SIGPIPE, SIG_IGN);
    /* Die with the worker; it may have died before this line. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != (pid_t)parent) return sage_status_exit(SAGE_EAGAIN);
    sage_status st = prove_in(dir, &options, cache_dir, &err);
    if (!st) return 0;
    char line[sizeof((sage_child *)0)->line];
    int n =
        snprintf(line, sizeof line, "!%s %s: %s\n", sage_status_name(st), err.where, err.msg);
    if (n > 0 && write(r.fd, line, strnlen(line, sizeof line - 1)) < 0)
        return EXIT_FAILURE; /* nobody is left to tell */
    return sage_status_exit(st);
}
