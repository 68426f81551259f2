/* Kept preprocessed trees: what a file gives is what a tree in memory gives, and a file that is
 * damaged anywhere gives nothing. The small tree; with --all, for nightly runs, the large ones
 * and those of Poseidon252, at the first blowup, in $SAGE_TEST_CACHE_DIR (else the folder for
 * temporary files); another argument: those of --all with such a name. */
#include "base/test.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cairo/cache_form.h"
#include "cairo/pedersen_points.h"
#include "cairo/preprocessed_fill.h"

enum { THREADS = 2, OPENINGS = 70, PATH = 512, NOBODY = 65534 };

static const sage_cairo_cache_key small = {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, 1};

static uint32_t random_word(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

/* ---- folders ---- */

static const char *top_folder(void)
{
    const char *own = getenv("SAGE_TEST_CACHE_DIR"), *tmp = getenv("TMPDIR");
    return own ? own : tmp ? tmp : "/tmp";
}

static void make_folder(char dir[PATH])
{
    snprintf(dir, PATH, "%s/sage-test-cache-XXXXXX", top_folder());
    assert_non_null(mkdtemp(dir));
}

static uint32_t n_files(const char *dir)
{
    uint32_t n = 0;
    DIR *d     = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void remove_folder(const char *dir)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') assert_int_equal(unlinkat(dirfd(d), e->d_name, 0), 0);
    closedir(d);
    assert_int_equal(rmdir(dir), 0);
}

static void path_of(const char *dir, const sage_cairo_cache_key *key, char path[2 * PATH])
{
    char name[SAGE_CACHE_NAME];
    sage_cache_name(key, name);
    snprintf(path, 2 * PATH, "%s/%s", dir, name);
}

/* ---- builds ---- */

static sage_status build_told(const char *dir,
                              const sage_cairo_cache_key *key,
                              sage_progress_fn progress,
                              void *arg,
                              sage_errinfo *err)
{
    const sage_backend *be;
    sage_device *dev;
    sage_status s = sage_backend_find(NULL, &be, err);
    if (!s) s = be->open(&dev, THREADS, err);
    if (s) return s;
    s = sage_cairo_cache_build(be, dev, dir, key, progress, arg, err);
    be->close(dev);
    return s;
}

static sage_status build(const char *dir, const sage_cairo_cache_key *key, sage_errinfo *err)
{
    return build_told(dir, key, NULL, NULL, err);
}

/* The folder with the small tree that all tests read. */
static char shared[PATH];

static int setup(void **state)
{
    (void)state;
    sage_errinfo err = {0};
    make_folder(shared);
    if (build(shared, &small, &err)) print_error("%s: %s\n", err.where, err.msg);
    return err.code;
}

static int teardown(void **state)
{
    (void)state;
    remove_folder(shared);
    return 0;
}

/* A copy of it, of its first `len` bytes. */
static void copy_small(const char *dir, uint64_t len)
{
    char from[2 * PATH], to[2 * PATH];
    static uint8_t room[1 << 20];
    path_of(shared, &small, from);
    path_of(dir, &small, to);
    int in = open(from, O_RDONLY), out = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(in >= 0 && out >= 0);
    while (len) {
        size_t want = len < sizeof room ? (size_t)len : sizeof room;
        assert_int_equal(read(in, room, want), want);
        assert_int_equal(write(out, room, want), want);
        len -= want;
    }
    assert_int_equal(close(in) | close(out), 0);
}

static void put_at(const char *path, uint64_t at, const void *bytes, size_t len)
{
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, len, (off_t)at), len);
    assert_int_equal(close(fd), 0);
}

static void flip_at(const char *path, uint64_t at)
{
    uint8_t byte;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, (off_t)at), 1);
    assert_int_equal(close(fd), 0);
    byte ^= 0x10;
    put_at(path, at, &byte, 1);
}

static void expect_open(const char *dir,
                        const sage_cairo_cache_key *key,
                        sage_status status,
                        const char *where)
{
    sage_errinfo err = {0};
    sage_cairo_cache *c;
    assert_int_equal(sage_cairo_cache_open(&c, dir, key, &err), status);
    assert_null(c);
    assert_int_equal(err.code, status);
    assert_string_equal(err.where, where);
}

static sage_cairo_cache *open_tree(const char *dir, const sage_cairo_cache_key *key)
{
    sage_errinfo err = {0};
    sage_cairo_cache *c;
    if (sage_cairo_cache_open(&c, dir, key, &err)) fail_msg("%s: %s", err.where, err.msg);
    return c;
}

/* ---- the same as in memory ---- */

typedef struct memory_tree {
    const sage_backend *be;
    sage_device *dev;
    sage_merkle merkle;
    const uint32_t *cols[SAGE_CAIRO_MAX_PRE];
    uint32_t logs[SAGE_CAIRO_MAX_PRE];
} memory_tree;

static void fill_columns(const memory_tree *t, const sage_cache_form *f, uint32_t *const *cols)
{
    uint32_t *host = malloc(sizeof(uint32_t) << f->height);
    assert_non_null(host);
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t rows = 1u << f->pre[i].log;
        assert_int_equal(sage_cairo_pre_fill(f->pre[i], 0, rows, host, NULL), SAGE_OK);
        t->be->upload(t->dev, cols[i], host, rows);
    }
    free(host);
}

static void memory_open(memory_tree *t, const sage_cache_form *f)
{
    uint32_t *cols[SAGE_CAIRO_MAX_PRE], *at;
    size_t twiddles, nodes, words;
    assert_int_equal(sage_backend_find(NULL, &t->be, NULL), SAGE_OK);
    assert_int_equal(t->be->open(&t->dev, THREADS, NULL), SAGE_OK);
    twiddles = t->be->twiddle_words(f->height);
    nodes    = t->be->merkle_words(f->height);
    words    = twiddles + nodes;
    for (uint32_t i = 0; i < f->n; i++)
        words += (size_t)1 << f->logs[i];
    words += 2048;
    assert_int_equal(t->be->arena(t->dev, words * sizeof(uint32_t), &at, NULL), SAGE_OK);
    sage_twiddles tw = {at, f->height};
    at += (twiddles + 1023) & ~(size_t)1023;
    uint32_t *tree_nodes = at;
    at += (nodes + 1023) & ~(size_t)1023;
    t->be->twiddles(t->dev, tw);
    for (uint32_t i = 0; i < f->n; i++) {
        t->cols[i] = cols[i] = at;
        t->logs[i]           = f->logs[i];
        at += (size_t)1 << f->logs[i];
    }
    fill_columns(t, f, cols);
    for (uint32_t i = 0; i < f->n; i++)
        t->be->lde(t->dev, tw, cols + i, 1, f->pre[i].log, f->logs[i]);
    t->merkle = (sage_merkle){.cols       = t->cols,
                              .logs       = t->logs,
                              .n_cols     = f->n,
                              .log_height = f->height,
                              .nodes      = tree_nodes,
                              .hash       = f->key.hash};
    t->be->merkle_commit(t->dev, &t->merkle);
}

static void compare_leaves(const memory_tree *t, const sage_tree_source *s, uint64_t *state)
{
    static uint32_t got[OPENINGS * SAGE_CAIRO_MAX_PRE], want[OPENINGS * SAGE_CAIRO_MAX_PRE];
    uint32_t index[OPENINGS];
    for (uint32_t i = 0; i < OPENINGS; i++)
        index[i] = random_word(state) >> (32 - s->log_height);
    index[0] = 0;
    index[1] = (1u << s->log_height) - 1;
    index[2] = index[3]; /* twice the same */
    assert_int_equal(s->leaves(s->arg, index, OPENINGS, got, NULL), SAGE_OK);
    assert_int_equal(t->be->merkle_leaves(t->dev, &t->merkle, index, OPENINGS, want, NULL),
                     SAGE_OK);
    assert_memory_equal(got, want, sizeof(uint32_t) * OPENINGS * s->n_cols);
}

static void compare_digests(const memory_tree *t, const sage_tree_source *s, uint64_t *state)
{
    for (uint32_t level = 0; level <= s->log_height; level++) {
        uint8_t got[OPENINGS][32], want[OPENINGS][32];
        uint32_t index[OPENINGS], width = 1u << (s->log_height - level);
        for (uint32_t i = 0; i < OPENINGS; i++)
            index[i] = random_word(state) % width;
        assert_int_equal(s->digests(s->arg, level, index, OPENINGS, got, NULL), SAGE_OK);
        assert_int_equal(
            t->be->merkle_digests(t->dev, &t->merkle, level, index, OPENINGS, want, NULL),
            SAGE_OK);
        assert_memory_equal(got, want, sizeof got);
    }
}

/* Often enough that the table of known nodes is full and starts anew. */
static void compare_with_memory(const char *dir, const sage_cairo_cache_key *key)
{
    static memory_tree t;
    sage_cache_form f;
    uint64_t random     = 1;
    sage_cairo_cache *c = open_tree(dir, key);
    assert_int_equal(sage_cache_form_of(&f, key, NULL), SAGE_OK);
    memory_open(&t, &f);
    const sage_tree_source *s = sage_cairo_cache_tree(c);
    assert_int_equal(s->log_height, 21);
    assert_int_equal(s->n_cols, 156);
    for (uint32_t i = 0; i < 8; i++) {
        compare_leaves(&t, s, &random);
        compare_digests(&t, s, &random);
    }
    t.be->close(t.dev);
    sage_cairo_cache_close(c);
}

static void same_as_in_memory(void **state)
{
    (void)state;
    compare_with_memory(shared, &small);
}

static void root_is_known(void **state)
{
    (void)state;
    uint8_t known[32];
    sage_cairo_cache *c = open_tree(shared, &small);
    assert_true(sage_cairo_preprocessed_root(small.variant, small.hash, 1, known));
    assert_memory_equal(sage_cairo_cache_tree(c)->root, known, sizeof known);
    sage_cairo_cache_close(c);
}

static void indices_beyond(void **state)
{
    (void)state;
    sage_cairo_cache *c       = open_tree(shared, &small);
    const sage_tree_source *s = sage_cairo_cache_tree(c);
    uint32_t words[SAGE_CAIRO_MAX_PRE], index = 1u << s->log_height;
    uint8_t digest[1][32];
    sage_errinfo err = {0};
    assert_int_equal(s->leaves(s->arg, &index, 1, words, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "merkle.index");
    for (uint32_t level = 0; level <= s->log_height; level++, index >>= 1)
        assert_int_equal(s->digests(s->arg, level, &index, 1, digest, &err), SAGE_EINVAL);
    assert_int_equal(s->digests(s->arg, s->log_height + 1, &index, 1, digest, &err),
                     SAGE_EINVAL);
    assert_string_equal(err.where, "merkle.level");
    sage_cairo_cache_close(c);
}

/* ---- damage ---- */

/* Opens one leaf and all nodes beside its path. */
static sage_status open_leaf(const char *dir, uint32_t leaf, sage_errinfo *err)
{
    sage_cairo_cache *c       = open_tree(dir, &small);
    const sage_tree_source *t = sage_cairo_cache_tree(c);
    uint32_t words[SAGE_CAIRO_MAX_PRE];
    uint8_t digest[1][32];
    sage_status s = t->leaves(t->arg, &leaf, 1, words, err);
    for (uint32_t level = 0; !s && level < t->log_height; level++) {
        uint32_t sibling = leaf >> level ^ 1;
        s                = t->digests(t->arg, level, &sibling, 1, digest, err);
    }
    sage_cairo_cache_close(c);
    return s;
}

static void expect_damaged(const char *dir, const char *path, uint64_t at, uint32_t leaf)
{
    sage_errinfo err = {0};
    assert_int_equal(open_leaf(dir, leaf, NULL), SAGE_OK);
    flip_at(path, at);
    assert_int_equal(open_leaf(dir, leaf, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "prove.cache.format");
    assert_non_null(strstr(err.msg, "sage-test-cache"));
    flip_at(path, at);
}

/* Every column's word, every level's node and its sibling on the way of a leaf. */
static void damage_is_seen(void **state)
{
    (void)state;
    sage_cache_form f;
    char dir[PATH], path[2 * PATH];
    uint64_t random = 2;
    assert_int_equal(sage_cache_form_of(&f, &small, NULL), SAGE_OK);
    make_folder(dir);
    copy_small(dir, f.bytes);
    path_of(dir, &small, path);
    for (uint32_t i = 0; i < f.n; i++) {
        uint32_t leaf = random_word(&random) >> (32 - f.height);
        uint64_t word = lift_position(leaf, f.height, f.logs[i]);
        expect_damaged(dir, path, f.column[i] + 4 * word + i % 4, leaf);
    }
    for (uint32_t level = SAGE_CACHE_GROUP_LOG; level < f.height; level++)
        for (uint32_t sibling = 0; sibling < 2; sibling++) {
            uint32_t leaf = random_word(&random) >> (32 - f.height);
            expect_damaged(dir, path, f.level[level] + 32 * (uint64_t)(leaf >> level ^ sibling),
                           leaf);
        }
    remove_folder(dir);
}

static void header_damage_is_seen(void **state)
{
    (void)state;
    sage_cache_form f;
    uint8_t header[SAGE_CACHE_HEADER], root[32], got[32];
    const char *why;
    assert_int_equal(sage_cache_form_of(&f, &small, NULL), SAGE_OK);
    assert_true(sage_cairo_preprocessed_root(small.variant, small.hash, 1, root));
    sage_cache_header_write(&f, root, header);
    assert_true(sage_cache_header_read(&f, header, got, &why));
    assert_memory_equal(got, root, sizeof root);
    for (uint32_t i = 0; i < SAGE_CACHE_HEADER; i++) {
        header[i] ^= 1;
        assert_false(sage_cache_header_read(&f, header, got, &why));
        header[i] ^= 1;
    }
    /* A whole header, but of another root, another key. */
    root[5] ^= 1;
    sage_cache_header_write(&f, root, header);
    assert_false(sage_cache_header_read(&f, header, got, &why));
    assert_string_equal(why, "its root is not the known one");
    f.key.log_blowup = 2;
    assert_false(sage_cache_header_read(&f, header, got, &why));
    assert_string_equal(why, "another tree than its name says");
}

static void files_that_are_none(void **state)
{
    (void)state;
    sage_cache_form f;
    sage_cairo_cache_key other = small;
    char dir[PATH], path[2 * PATH], other_path[2 * PATH];
    make_folder(dir);
    path_of(dir, &small, path);
    assert_int_equal(sage_cache_form_of(&f, &small, NULL), SAGE_OK);
    expect_open(dir, &small, SAGE_ENOTFOUND, "prove.cache");
    expect_open("/nonexistent/folder", &small, SAGE_ENOTFOUND, "prove.cache");
    static const uint64_t lengths[] = {0, 100, SAGE_CACHE_HEADER, 1 << 20};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        copy_small(dir, lengths[i]);
        expect_open(dir, &small, SAGE_EFORMAT, "prove.cache.format");
    }
    copy_small(dir, f.bytes - 1);
    expect_open(dir, &small, SAGE_EFORMAT, "prove.cache.format");
    copy_small(dir, f.bytes);
    put_at(path, f.bytes, "x", 1);
    expect_open(dir, &small, SAGE_EFORMAT, "prove.cache.format");
    /* Zeros of the right length; another key's file. */
    other.log_blowup = 2;
    path_of(dir, &other, other_path);
    assert_int_equal(truncate(path, 0) | truncate(path, (off_t)f.bytes), 0);
    expect_open(dir, &small, SAGE_EFORMAT, "prove.cache.format");
    copy_small(dir, f.bytes);
    assert_int_equal(truncate(path, (off_t)sage_cairo_cache_bytes(&other)), 0);
    assert_int_equal(rename(path, other_path), 0);
    expect_open(dir, &other, SAGE_EFORMAT, "prove.cache.format");
    assert_int_equal(mkfifo(path, 0600), 0);
    expect_open(dir, &small, SAGE_EFORMAT, "prove.cache.format");
    remove_folder(dir);
}

/* A file that loses its end while it is open. */
static void cut_while_open(void **state)
{
    (void)state;
    sage_cache_form f;
    char dir[PATH], path[2 * PATH];
    uint32_t leaf    = 0, words[SAGE_CAIRO_MAX_PRE];
    sage_errinfo err = {0};
    make_folder(dir);
    path_of(dir, &small, path);
    assert_int_equal(sage_cache_form_of(&f, &small, NULL), SAGE_OK);
    copy_small(dir, f.bytes);
    sage_cairo_cache *c = open_tree(dir, &small);
    assert_int_equal(truncate(path, SAGE_CACHE_HEADER), 0);
    const sage_tree_source *s = sage_cairo_cache_tree(c);
    assert_int_equal(s->leaves(s->arg, &leaf, 1, words, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "prove.cache.format");
    sage_cairo_cache_close(c);
    remove_folder(dir);
}

static void keys(void **state)
{
    (void)state;
    static const sage_cairo_cache_key bad[] = {
        {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, 0},
        {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, 6},
        {(sage_cairo_variant)SAGE_CAIRO_VARIANTS, SAGE_HASH_BLAKE2S, 1},
        {SAGE_CAIRO_CANONICAL_SMALL, (sage_hash_kind)2, 1}};
    sage_errinfo err = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        expect_open(shared, &bad[i], SAGE_EINVAL, "prove.cache.variant");
        assert_int_equal(build(shared, &bad[i], &err), SAGE_EINVAL);
        assert_string_equal(err.where, "prove.cache.variant");
        assert_int_equal(sage_cairo_cache_bytes(&bad[i]), 0);
    }
    for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++)
        for (uint32_t log = 1; log < 5; log++) {
            sage_cairo_cache_key k    = {(sage_cairo_variant)v, SAGE_HASH_POSEIDON252, log};
            sage_cairo_cache_key next = {k.variant, k.hash, log + 1};
            assert_true(sage_cairo_cache_bytes(&k) < sage_cairo_cache_bytes(&next));
        }
    assert_int_equal(n_files(shared), 1);
}

/* ---- who builds, and where ---- */

/* Runs fn in a process of its own, which exits with 0 if it is satisfied. */
static int in_child(bool (*fn)(const char *dir), const char *dir)
{
    int status;
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (!pid) _exit(!fn(dir));
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static bool builds(const char *dir)
{
    return !build(dir, &small, NULL);
}

static void builders_at_once(void **state)
{
    (void)state;
    char dir[PATH];
    pid_t pid[3];
    make_folder(dir);
    for (int i = 0; i < 3; i++) {
        pid[i] = fork();
        assert_true(pid[i] >= 0);
        if (!pid[i]) _exit(!builds(dir));
    }
    for (int i = 0; i < 3; i++) {
        int status;
        assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
        assert_int_equal(status, 0);
    }
    assert_int_equal(n_files(dir), 1);
    assert_int_equal(open_leaf(dir, 12345, NULL), SAGE_OK);
    remove_folder(dir);
}

static void die_at(void *arg, const char *stage, double fraction)
{
    (void)stage;
    if (fraction >= *(const double *)arg) raise(SIGKILL);
}

static double death;

static bool builds_and_dies(const char *dir)
{
    (void)!build_told(dir, &small, die_at, &death, NULL);
    return true; /* not reached */
}

static void builder_killed(void **state)
{
    (void)state;
    static const double when[] = {0, 0.3, 0.7, 0.9};
    char dir[PATH];
    make_folder(dir);
    for (size_t i = 0; i < sizeof when / sizeof *when; i++) {
        death      = when[i];
        int status = in_child(builds_and_dies, dir);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        assert_int_equal(n_files(dir), 1); /* its own, none of those before */
        expect_open(dir, &small, SAGE_ENOTFOUND, "prove.cache");
    }
    assert_int_equal(build(dir, &small, NULL), SAGE_OK);
    assert_int_equal(n_files(dir), 1);
    assert_int_equal(open_leaf(dir, 1, NULL), SAGE_OK);
    remove_folder(dir);
}

static bool fails_to_write(const char *dir)
{
    sage_errinfo err = {0};
    return build(dir, &small, &err) == SAGE_EIO && !strcmp(err.where, "prove.cache.write");
}

static bool disk_full(const char *dir)
{
    struct rlimit limit = {1 << 20, 1 << 20};
    signal(SIGXFSZ, SIG_IGN);
    return !setrlimit(RLIMIT_FSIZE, &limit) && fails_to_write(dir);
}

/* The super-user may write everywhere: be somebody else. */
static bool read_only(const char *dir)
{
    if (!geteuid() && (setgid(NOBODY) || setuid(NOBODY))) return false;
    return fails_to_write(dir);
}

static void nowhere_to_write(void **state)
{
    (void)state;
    char dir[PATH], file[2 * PATH];
    make_folder(dir);
    assert_int_equal(in_child(disk_full, dir), 0);
    assert_int_equal(n_files(dir), 0);
    assert_int_equal(chmod(dir, 0555), 0);
    assert_int_equal(in_child(read_only, dir), 0);
    assert_int_equal(chmod(dir, 0755), 0);
    assert_int_equal(n_files(dir), 0);
    snprintf(file, sizeof file, "%s/file", dir);
    assert_int_equal(sage_file_write(file, "x", 1, 0600, NULL), SAGE_OK);
    assert_true(fails_to_write(file));
    remove_folder(dir);
}

static void names_too_long(void **state)
{
    (void)state;
    static char dir[5000];
    sage_errinfo err = {0};
    memset(dir, 'x', sizeof dir - 1);
    assert_int_equal(build(dir, &small, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "prove.cache.dir");
    expect_open(dir, &small, SAGE_EINVAL, "prove.cache.dir");
    assert_int_equal(build("", &small, &err), SAGE_EINVAL);
}

typedef struct told {
    double last;
    uint32_t n;
} told;

static void remember_progress(void *arg, const char *stage, double fraction)
{
    told *t = arg;
    assert_true(!strncmp(stage, "preprocessed ", 13));
    assert_true(fraction >= t->last && fraction <= 1);
    t->last = fraction;
    t->n++;
}

/* A folder in a folder that is not there; private, since the file is nobody else's business. */
static void makes_folders(void **state)
{
    (void)state;
    char dir[PATH], inner[PATH + 8], path[2 * PATH];
    struct stat st;
    told t           = {0};
    sage_errinfo err = {0};
    make_folder(dir);
    snprintf(inner, sizeof inner, "%s/a", dir);
    snprintf(path, sizeof path, "%s/b", inner);
    if (build_told(path, &small, remember_progress, &t, &err)) fail_msg("%s", err.msg);
    assert_true(t.last == 1 && t.n > 10);
    assert_int_equal(stat(inner, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(open_leaf(path, 7, NULL), SAGE_OK);
    remove_folder(path);
    remove_folder(inner);
    remove_folder(dir);
}

static void default_folder(void **state)
{
    (void)state;
    static char dir[4096], home[5000];
    assert_int_equal(setenv("SAGE_CACHE_DIR", "/own", 1), 0);
    assert_int_equal(setenv("XDG_CACHE_HOME", "/xdg", 1), 0);
    assert_int_equal(setenv("HOME", "/home/me", 1), 0);
    assert_true(sage_cairo_cache_dir(dir));
    assert_string_equal(dir, "/own");
    assert_int_equal(setenv("SAGE_CACHE_DIR", "", 1), 0);
    assert_true(sage_cairo_cache_dir(dir));
    assert_string_equal(dir, "/xdg/sage");
    assert_int_equal(setenv("XDG_CACHE_HOME", "relative", 1), 0);
    assert_true(sage_cairo_cache_dir(dir));
    assert_string_equal(dir, "/home/me/.cache/sage");
    memset(home, 'x', sizeof home - 1);
    assert_int_equal(setenv("HOME", home, 1), 0);
    assert_false(sage_cairo_cache_dir(dir));
    assert_int_equal(unsetenv("HOME"), 0);
    assert_false(sage_cairo_cache_dir(dir));
}

/* ---- measured, the large trees too ---- */

static void print_opening(const sage_cairo_cache *c, const char *how)
{
    static uint32_t words[OPENINGS * SAGE_CAIRO_MAX_PRE];
    const sage_tree_source *s = sage_cairo_cache_tree(c);
    uint32_t index[OPENINGS];
    uint8_t digest[OPENINGS][32];
    uint64_t random = 3, start = sage_clock_mono_ns();
    for (uint32_t i = 0; i < OPENINGS; i++)
        index[i] = random_word(&random) >> (32 - s->log_height);
    assert_int_equal(s->leaves(s->arg, index, OPENINGS, words, NULL), SAGE_OK);
    for (uint32_t level = 0; level < s->log_height; level++) {
        uint32_t sibling[OPENINGS];
        for (uint32_t i = 0; i < OPENINGS; i++)
            sibling[i] = index[i] >> level ^ 1;
        assert_int_equal(s->digests(s->arg, level, sibling, OPENINGS, digest, NULL), SAGE_OK);
    }
    print_message("%d openings, %s: %.1f ms\n", (int)OPENINGS, how,
                  (double)(sage_clock_mono_ns() - start) / 1e6);
}

/* The file's pages leave the page cache: the next opening is read from the disk. */
static void forget_pages(const char *dir, const sage_cairo_cache_key *key)
{
    char path[2 * PATH];
    path_of(dir, key, path);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED), 0);
    assert_int_equal(close(fd), 0);
}

static void print_openings(const char *dir, const sage_cairo_cache_key *key)
{
    static const char *const how[] = {"cached", "from the disk"};
    for (int i = 0; i < 2; i++) {
        sage_cairo_cache *c = open_tree(dir, key);
        print_opening(c, how[i]);
        sage_cairo_cache_close(c);
        forget_pages(dir, key);
    }
}

static void timed_tree(sage_cairo_variant variant, sage_hash_kind hash)
{
    sage_cairo_cache_key key = {variant, hash, 1};
    sage_errinfo err         = {0};
    char dir[PATH];
    struct rusage usage;
    uint8_t known[32];
    make_folder(dir);
    uint64_t start = sage_clock_mono_ns();
    if (build(dir, &key, &err)) fail_msg("%s: %s", err.where, err.msg);
    double seconds = (double)(sage_clock_mono_ns() - start) / 1e9;
    getrusage(RUSAGE_SELF, &usage);
    print_message("%.2f GB in %.1f s, %ld MiB at most\n",
                  (double)sage_cairo_cache_bytes(&key) / 1e9, seconds, usage.ru_maxrss / 1024);
    sage_cairo_cache *c = open_tree(dir, &key);
    assert_true(sage_cairo_preprocessed_root(key.variant, key.hash, 1, known));
    assert_memory_equal(sage_cairo_cache_tree(c)->root, known, sizeof known);
    sage_cairo_cache_close(c);
    print_openings(dir, &key);
    remove_folder(dir);
}

static void small_blake2s(void **state)
{
    (void)state;
    timed_tree(SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S);
}

static void without_pedersen(void **state)
{
    (void)state;
    timed_tree(SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN, SAGE_HASH_BLAKE2S);
}

static void without_pedersen_poseidon252(void **state)
{
    (void)state;
    timed_tree(SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN, SAGE_HASH_POSEIDON252);
}

static void canonical(void **state)
{
    (void)state;
    timed_tree(SAGE_CAIRO_CANONICAL, SAGE_HASH_BLAKE2S);
}

static void small_poseidon252(void **state)
{
    (void)state;
    sage_cairo_cache_key key = {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_POSEIDON252, 1};
    sage_errinfo err         = {0};
    char dir[PATH];
    make_folder(dir);
    if (build(dir, &key, &err)) fail_msg("%s: %s", err.where, err.msg);
    compare_with_memory(dir, &key);
    print_openings(dir, &key);
    remove_folder(dir);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(small_blake2s),
        cmocka_unit_test(without_pedersen),
        cmocka_unit_test(canonical),
        cmocka_unit_test(small_poseidon252),
        cmocka_unit_test(without_pedersen_poseidon252),
    };
    const struct CMUnitTest quick[] = {
        cmocka_unit_test(root_is_known),         cmocka_unit_test(same_as_in_memory),
        cmocka_unit_test(indices_beyond),        cmocka_unit_test(damage_is_seen),
        cmocka_unit_test(header_damage_is_seen), cmocka_unit_test(files_that_are_none),
        cmocka_unit_test(cut_while_open),        cmocka_unit_test(keys),
        cmocka_unit_test(builders_at_once),      cmocka_unit_test(builder_killed),
        cmocka_unit_test(nowhere_to_write),      cmocka_unit_test(names_too_long),
        cmocka_unit_test(makes_folders),         cmocka_unit_test(default_folder),
    };
    if (argc > 1 && strcmp(argv[1], "--all")) cmocka_set_test_filter(argv[1]);
    if (argc > 1) return cmocka_run_group_tests(all, NULL, NULL);
    return cmocka_run_group_tests(quick, setup, teardown);
}
