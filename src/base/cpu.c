#include "base/cpu.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *word;
    uint32_t bit;
} words[] = {{"scalar", 0}, {"avx2", SAGE_CPU_AVX2}, {"avx512", SAGE_CPU_AVX512}};

enum { N_WORDS = sizeof words / sizeof words[0] };

static pthread_once_t once = PTHREAD_ONCE_INIT;
static uint32_t usable;
static sage_status mask_status;
static sage_errinfo mask_error;

static bool word_bit(const char *text, size_t len, uint32_t *bit)
{
    for (size_t i = 0; i < N_WORDS; i++)
        if (strlen(words[i].word) == len && !memcmp(words[i].word, text, len)) {
            *bit = words[i].bit;
            return true;
        }
    return false;
}

sage_status sage_cpu_mask_parse(const char *text, uint32_t *mask, sage_errinfo *err)
{
    *mask = 0;
    for (const char *at = text;;) {
        size_t len = strcspn(at, ",");
        uint32_t bit;
        if (!word_bit(at, len, &bit)) {
            *mask = 0;
            return sage_fail(err, SAGE_EINVAL, "cpu.mask", at - text,
                             "SAGE_CPU_MASK: \"%.*s\" is none of scalar, avx2, avx512",
                             len < 32 ? (int)len : 32, at);
        }
        *mask |= bit;
        if (!at[len]) return SAGE_OK;
        at += len + 1;
    }
}

/* __builtin_cpu_supports looks at CPUID and, for the AVX families, at XCR0. */
static uint32_t detect(void)
{
    uint32_t found = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
        found |= SAGE_CPU_AVX2;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
        found |= SAGE_CPU_AVX512;
#endif
    return found;
}

static void initialise(void)
{
    const char *text = getenv("SAGE_CPU_MASK");
    uint32_t allowed = UINT32_MAX;
    if (text) mask_status = sage_cpu_mask_parse(text, &allowed, &mask_error);
    usable = detect() & allowed;
}

bool sage_cpu_has(sage_cpu_feature feature)
{
    pthread_once(&once, initialise);
    return (usable & (uint32_t)feature) == (uint32_t)feature;
}

sage_status sage_cpu_mask_check(sage_errinfo *err)
{
    pthread_once(&once, initialise);
    if (mask_status && err) *err = mask_error;
    return mask_status;
}

static uint32_t affinity_count(void)
{
    /* The kernel refuses a set smaller than its own with EINVAL; grow until it fits. */
    for (int cpus = 1024; cpus <= 1 << 20; cpus *= 4) {
        cpu_set_t *set = CPU_ALLOC(cpus);
        size_t bytes   = CPU_ALLOC_SIZE(cpus);
        if (!set) return 1;
        int rc    = sched_getaffinity(0, bytes, set);
        int error = errno;
        int count = rc ? 0 : CPU_COUNT_S(bytes, set);
        CPU_FREE(set);
        if (!rc) return count > 0 ? (uint32_t)count : 1;
        if (error != EINVAL) return 1;
    }
    return 1;
}

uint32_t sage_cpu_quota_parse(const char *text)
{
    char *end;
    if (text[0] < '0' || text[0] > '9') return UINT32_MAX;
    errno                    = 0;
    unsigned long long quota = strtoull(text, &end, 10);
    if (errno || end[0] != ' ' || end[1] < '0' || end[1] > '9') return UINT32_MAX;
    unsigned long long period = strtoull(end + 1, NULL, 10);
    if (errno || !period) return UINT32_MAX;
    unsigned long long cpus = quota / period + (quota % period != 0);
    if (cpus >= UINT32_MAX) return UINT32_MAX;
    return cpus ? (uint32_t)cpus : 1;
}

/* Reads the first line of a small file, without its newline. */
static bool first_line(const char *path, char *line, int size)
{
    FILE *f = fopen(path, "re");
    if (!f) return false;
    bool ok = fgets(line, size, f) != NULL;
    fclose(f);
    if (ok) line[strcspn(line, "\n")] = 0;
    return ok;
}

/* The cgroup v2 path of this process ("/a/b"); the hierarchy is the entry "0::". */
static bool cgroup_path(char *path, int size)
{
    FILE *f    = fopen("/proc/self/cgroup", "re");
    bool found = false;
    if (!f) return false;
    while (!found && fgets(path, size, f))
        found = !strncmp(path, "0::/", 4);
    fclose(f);
    if (!found) return false;
    path[strcspn(path, "\n")] = 0;
    memmove(path, path + 3, strlen(path + 3) + 1);
    return true;
}

static uint32_t quota_count(void)
{
    char path[1024], file[1100], line[64];
    uint32_t least = UINT32_MAX;
    if (!cgroup_path(path, sizeof path)) return least;
    for (;;) {
        int n = snprintf(file, sizeof file, "/sys/fs/cgroup%s/cpu.max", path);
        if (n > 0 && (size_t)n < sizeof file && first_line(file, line, sizeof line)) {
            uint32_t cpus = sage_cpu_quota_parse(line);
            if (cpus < least) least = cpus;
        }
        char *slash = strrchr(path, '/');
        if (!slash) return least;
        *slash = 0; /* to the group above; "" is the root as this namespace sees it */
    }
}

uint32_t sage_cpu_count(void)
{
    uint32_t cpus = affinity_count(), quota = quota_count();
    return cpus < quota ? cpus : quota;
}
