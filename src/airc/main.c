/* airc INPUT.air.. --out DIR: compiles AIR files into C. --table prints the table of the
 * components instead. Exit codes as in sage/status.h: 65 if the text is wrong. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "airc/airc.h"

enum { MAX_INPUTS = 64, MAX_FILE = 1 << 20 };

static sage_status read_file(void *arg, const char *path, char **text, size_t *len)
{
    (void)arg;
    FILE *f       = fopen(path, "rb");
    sage_status s = SAGE_EIO;
    *text         = NULL;
    if (!f) return SAGE_EIO;
    char *p = malloc(MAX_FILE + 1);
    if (p) {
        *len = fread(p, 1, MAX_FILE + 1, f);
        if (!ferror(f)) s = SAGE_OK;
    } else {
        s = SAGE_ENOMEM;
    }
    fclose(f);
    if (s)
        free(p);
    else
        *text = p;
    return s;
}

static sage_status write_file(void *arg, const char *name, const char *text, size_t len)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
    if (n < 0 || (size_t)n >= sizeof path) return SAGE_ELIMIT;
    FILE *f = fopen(path, "wb");
    if (!f) {
        perror(path);
        return SAGE_EIO;
    }
    size_t put = fwrite(text, 1, len, f);
    if (fclose(f) || put != len) {
        perror(path);
        return SAGE_EIO;
    }
    return SAGE_OK;
}

static sage_status print_table(void *arg, const char *name, const char *text, size_t len)
{
    (void)arg;
    if (strcmp(name, "airs.md") != 0) return SAGE_OK;
    return fwrite(text, 1, len, stdout) == len ? SAGE_OK : SAGE_EIO;
}

static int usage(void)
{
    fprintf(stderr, "usage: airc INPUT.air.. --out DIR | airc INPUT.air.. --table\n");
    return sage_status_exit(SAGE_EINVAL);
}

int main(int argc, char **argv)
{
    const char *inputs[MAX_INPUTS];
    size_t n   = 0;
    char *out  = NULL;
    bool table = false;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--table"))
            table = true;
        else if (!strcmp(argv[i], "--out") && i + 1 < argc)
            out = argv[++i];
        else if (argv[i][0] == '-' || n == MAX_INPUTS)
            return usage();
        else
            inputs[n++] = argv[i];
    }
    if (!n || (!out && !table)) return usage();
    sage_airc *c  = NULL;
    sage_status s = sage_airc_compile(inputs, n, read_file, NULL, &c);
    fputs(sage_airc_messages(c), stderr);
    if (!s)
        s = table ? sage_airc_emit(c, print_table, NULL) : sage_airc_emit(c, write_file, out);
    if (s && !*sage_airc_messages(c)) fprintf(stderr, "airc: %s\n", sage_status_text(s));
    sage_airc_free(c);
    return sage_status_exit(s);
}
