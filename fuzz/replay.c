/* Runs a fuzz target on the files and folders given: how corpora are replayed as tests, with
 * any compiler. For each file also every prefix, up to a number of them, since that is where
 * parsers of hostile bytes fail first. */
#include <dirent.h>
#include <sys/stat.h>

#include "base/file.h"
#include "fuzz/fuzz.h"

enum { MAX_FILE = 16 << 20, PREFIXES = 64 };

static unsigned long files, runs;

/* A copy of exactly len bytes, so that a sanitizer sees the first byte read beyond. */
static void run_exact(const uint8_t *bytes, size_t len)
{
    uint8_t *copy = malloc(len ? len : 1);
    if (!copy) abort();
    memcpy(copy, bytes, len);
    LLVMFuzzerTestOneInput(copy, len);
    free(copy);
    runs++;
}

static int run_file(const char *path)
{
    uint8_t *bytes;
    size_t len;
    sage_errinfo err;
    if (sage_file_read(path, MAX_FILE, &bytes, &len, &err)) {
        fprintf(stderr, "%s: %s\n", path, err.msg);
        return 1;
    }
    run_exact(bytes, len);
    for (size_t i = 0; i < PREFIXES && len; i++)
        run_exact(bytes, len < PREFIXES ? i % len : len / PREFIXES * i);
    free(bytes);
    files++;
    return 0;
}

static int run_path(const char *path)
{
    struct stat st;
    if (stat(path, &st)) {
        perror(path);
        return 1;
    }
    if (!S_ISDIR(st.st_mode)) return run_file(path);
    DIR *dir = opendir(path);
    int bad  = !dir;
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char name[4096];
        if (e->d_name[0] == '.') continue;
        int n = snprintf(name, sizeof name, "%s/%s", path, e->d_name);
        bad |= n < 0 || (size_t)n >= sizeof name || run_path(name);
    }
    if (dir) closedir(dir);
    return bad;
}

int main(int argc, char **argv)
{
    int bad = 0;
    for (int i = 1; i < argc; i++)
        bad |= run_path(argv[i]);
    printf("%lu files, %lu runs\n", files, runs);
    return bad || !files; /* an empty corpus tests nothing */
}
