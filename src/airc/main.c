/* airc INPUT.air.. --out DIR [--prefix NAME] [--verify-only] [--depfile FILE]: compiles AIR
 * files into C (airc.h, sage_airc_emit); the depfile names, for make and ninja, all that was
 * read. --table prints the table of the components instead. Exit codes as in sage/status.h: 65
 * if the text is wrong. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "airc/airc.h"

enum { MAX_INPUTS = 256, MAX_FILE = 1 << 20 };

typedef struct depfile {
    FILE *out; /* NULL: none is wanted */
    char dir[4096];
} depfile;

static bool open_depfile(depfile *d, const char *path, const char *target_dir)
{
    if (!path) return true;
    d->out = getcwd(d->dir, sizeof d->dir) ? fopen(path, "wb") : NULL;
    if (!d->out) {
        perror(path);
        return false;
    }
    fprintf(d->out, "%s/airs.c:", target_dir);
    return true;
}

static bool close_depfile(depfile *d)
{
    if (!d->out) return true;
    fputc('\n', d->out);
    bool bad = ferror(d->out);
    return !fclose(d->out) && !bad;
}

static sage_status read_file(void *arg, const char *path, char **text, size_t *len)
{
    depfile *d = arg;
    if (d->out)
        fprintf(d->out, *path == '/' ? " %s%s" : " %s/%s", *path == '/' ? "" : d->dir, path);
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

/* A file that stays as it is keeps its time: what is made of it is not made again. */
static bool is_there(const char *path, const char *text, size_t len)
{
    char piece[4096];
    size_t at = 0, n = 0;
    FILE *f = fopen(path, "rb");
    if (!f) return false;
    while ((n = fread(piece, 1, sizeof piece, f)) > 0) {
        if (n > len - at || memcmp(piece, text + at, n) != 0) break;
        at += n;
    }
    bool same = n == 0 && at == len && !ferror(f);
    fclose(f);
    return same;
}

static sage_status write_file(void *arg, const char *name, const char *text, size_t len)
{
    char path[4096];
    int n = snprintf(path, sizeof path, "%s/%s", (const char *)arg, name);
    if (n < 0 || (size_t)n >= sizeof path) return SAGE_ELIMIT;
    if (is_there(path, text, len)) return SAGE_OK;
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
    fprintf(stderr, "usage: airc INPUT.air.. --out DIR [--prefix NAME] [--verify-only] "
                    "[--depfile FILE] | airc INPUT.air.. --table\n");
    return sage_status_exit(SAGE_EINVAL);
}

typedef struct options {
    const char *inputs[MAX_INPUTS];
    size_t n;
    char *out;
    const char *prefix, *depfile;
    bool table, verify_only;
} options;

static bool parse_options(options *o, int argc, char **argv)
{
    o->prefix = "air";
    for (int i = 1; i < argc; i++) {
        bool more = i + 1 < argc;
        if (!strcmp(argv[i], "--table"))
            o->table = true;
        else if (!strcmp(argv[i], "--verify-only"))
            o->verify_only = true;
        else if (!strcmp(argv[i], "--out") && more)
            o->out = argv[++i];
        else if (!strcmp(argv[i], "--prefix") && more)
            o->prefix = argv[++i];
        else if (!strcmp(argv[i], "--depfile") && more)
            o->depfile = argv[++i];
        else if (argv[i][0] == '-' || o->n == MAX_INPUTS)
            return false;
        else
            o->inputs[o->n++] = argv[i];
    }
    return o->n && (o->out || (o->table && !o->depfile));
}

int main(int argc, char **argv)
{
    static options o;
    static depfile d;
    if (!parse_options(&o, argc, argv)) return usage();
    if (!open_depfile(&d, o.depfile, o.out)) return sage_status_exit(SAGE_EIO);
    sage_airc *c  = NULL;
    sage_status s = sage_airc_compile(o.inputs, o.n, read_file, &d, &c);
    fputs(sage_airc_messages(c), stderr);
    if (!close_depfile(&d) && !s) s = SAGE_EIO;
    if (!s)
        s = sage_airc_emit(c, o.prefix, o.table || o.verify_only,
                           o.table ? print_table : write_file, o.out);
    if (s && !*sage_airc_messages(c)) fprintf(stderr, "airc: %s\n", sage_status_text(s));
    sage_airc_free(c);
    return sage_status_exit(s);
}
