#include "cairo_crew.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/test.h"

enum { PROCESSES = 2, PROGRESS_SECONDS = 30 };

void crew_wrong(crew_report *r, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    if (r->n_wrong < CREW_MAX_WRONG)
        vsnprintf(r->wrong[r->n_wrong], CREW_MESSAGE, format, args);
    va_end(args);
    r->n_wrong++;
}

static void work(uint32_t first, uint32_t tasks, crew_check check, void *arg, crew_report *r)
{
    for (uint32_t i = first; i < tasks; i += PROCESSES) {
        r->current = i;
        check(arg, i, r);
        r->done++;
    }
}

static void add_report(crew_report *sum, const crew_report *r)
{
    for (int s = 0; s < SECTIONS; s++)
        for (uint32_t i = 0; i < r->by[s].n; i++)
            cairo_reasons_add(&sum->by[s], r->by[s].where[i], r->by[s].count[i]);
    for (uint32_t i = 0; i < r->n_wrong && i < CREW_MAX_WRONG; i++)
        crew_wrong(sum, "%s", r->wrong[i]);
    if (r->n_wrong > CREW_MAX_WRONG) sum->n_wrong += r->n_wrong - CREW_MAX_WRONG;
    sum->done += r->done;
}

static void print_progress(const crew_report *r, uint32_t tasks, time_t start)
{
    uint32_t done = 0, wrong = 0;
    for (int i = 0; i < PROCESSES; i++)
        done += r[i].done, wrong += r[i].n_wrong;
    print_message("%u of %u checks, %u wrong, %ld s\n", done, tasks, wrong,
                  (long)(time(NULL) - start));
    fflush(stderr);
    fflush(stdout);
}

/* Waits for one process; false if it did not end by itself. */
static bool wait_for(pid_t pid, const crew_report *all, uint32_t tasks, bool progress)
{
    time_t start = time(NULL), told = start;
    int status = 0;
    pid_t ended;
    while ((ended = waitpid(pid, &status, progress ? WNOHANG : 0)) == 0) {
        nanosleep(&(struct timespec){0, 200000000}, NULL);
        if (time(NULL) - told < PROGRESS_SECONDS) continue;
        print_progress(all, tasks, start);
        told = time(NULL);
    }
    return ended == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void crew_run(uint32_t tasks, crew_check check, void *arg, bool progress, crew_report *sum)
{
    const size_t bytes = PROCESSES * sizeof(crew_report);
    crew_report *all =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t pid[PROCESSES];
    assert_true(all != MAP_FAILED);
    memset(sum, 0, sizeof *sum);
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < PROCESSES; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (pid[i] == 0) {
            work((uint32_t)i, tasks, check, arg, &all[i]);
            _exit(0);
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        if (!wait_for(pid[i], all, tasks, progress))
            crew_wrong(sum, "a process died at check %u", all[i].current);
        add_report(sum, &all[i]);
    }
    munmap(all, bytes);
    for (uint32_t i = 0; i < sum->n_wrong && i < CREW_MAX_WRONG; i++)
        print_error("%s\n", sum->wrong[i]);
    if (sum->n_wrong) fail_msg("%u of %u checks", sum->n_wrong, tasks);
    assert_int_equal(sum->done, tasks);
}

void crew_print(const crew_report *sum)
{
    for (int s = 0; s < SECTIONS; s++)
        if (sum->by[s].total) cairo_reasons_print(&sum->by[s], cairo_section_names[s]);
}
