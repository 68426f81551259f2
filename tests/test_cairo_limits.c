/* tests/test_cairo_limits.c -- what a Cairo proof may cost its verifier: memory is bounded for
 * honest and hostile proofs, the largest shapes included. */
#include "base/test.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/test_heap.h"
#include "cairo/layout.h"
#include "cairo/public.h"
#include "cairo/verify.h"
#include "cairo_felts.h"
#include "cairo_judge.h"
#include "sage/verify.h"

enum { DOOR_BYTES = SAGE_VERIFY_MAX_BYTES, STACK_BYTES = 512 << 10 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define SANITIZED 1
#elif defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#ifndef SANITIZED
#    define SANITIZED 0
#endif

static sage_status door(const void *bytes, size_t len, sage_errinfo *err)
{
    sage_verify_result r;
    memset(err, 0, sizeof *err);
    sage_status s = sage_verify(bytes, len, SAGE_SECURITY_BITS, &r, err);
    if (s == SAGE_OK) sage_verify_result_free(&r);
    return s;
}

/* The most bytes held by the door beside the caller's, which must be given back. */
static size_t door_peak(const void *bytes, size_t len, sage_status *s, sage_errinfo *err)
{
    size_t before = heap_watch();
    *s            = door(bytes, len, err);
    assert_int_equal(heap_live(), before);
    return heap_peak() - before;
}

/* ---- honest proofs ---- */

/* Verifying alone; what reading holds besides is test_cairo_formats.c's and test_verify.c's. */
static void test_published(void **state)
{
    (void)state;
    static const char *const names[] = {ALL_OPCODES, RET_OPCODE};
    for (int i = 0; i < 2; i++) {
        cairo_text t = cairo_text_load(names[i]);
        sage_cairo_proof p;
        sage_errinfo err = {0};
        assert_int_equal(
            sage_cairo_read(&p, (const uint8_t *)t.bytes, t.len, SAGE_CAIRO_FORMAT_SERDE, &err),
            SAGE_OK);
        size_t before = heap_watch();
        assert_int_equal(sage_cairo_verify(&p, SAGE_SECURITY_BITS, &err), SAGE_OK);
        size_t peak = heap_peak() - before;
        assert_int_equal(heap_live(), before);
        assert_true(peak <= SAGE_VERIFY_MAX_BYTES);
        print_message("%s: %zu bytes held\n", names[i], peak);
        sage_cairo_proof_free(&p);
        cairo_text_free(&t);
    }
}

/* Pages of this process now. */
static size_t address_space(void)
{
    unsigned long pages = 0;
    FILE *f             = fopen("/proc/self/statm", "r");
    if (!f) skip();
    assert_int_equal(fscanf(f, "%lu", &pages), 1);
    fclose(f);
    return (size_t)pages * (size_t)sysconf(_SC_PAGESIZE);
}

/* In a process that may map DOOR_BYTES more than it has, with a small stack: the door's answer
 * as an exit code; 255 if a limit could not be set. */
static int door_confined(const void *bytes, size_t len)
{
    rlim_t space = address_space() + DOOR_BYTES;
    pid_t pid    = fork();
    int status;
    assert_true(pid >= 0);
    if (pid == 0) {
        sage_errinfo err;
        struct rlimit as = {space, space}, stack = {STACK_BYTES, STACK_BYTES};
        if (setrlimit(RLIMIT_AS, &as) || setrlimit(RLIMIT_STACK, &stack)) _exit(255);
        _exit(-door(bytes, len, &err));
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    if (!WIFEXITED(status)) fail_msg("the process died of signal %d", WTERMSIG(status));
    return WEXITSTATUS(status);
}

static void test_address_space(void **state)
{
    (void)state;
    if (SANITIZED) skip(); /* shadow memory is address space too */
    static const char *const names[] = {ALL_OPCODES, RET_OPCODE};
    for (int i = 0; i < 2; i++) {
        cairo_text t = cairo_text_load(names[i]);
        assert_int_equal(door_confined(t.bytes, t.len), SAGE_OK);
        cairo_text_free(&t);
    }
}

/* ---- hostile lengths ---- */

/* Every length prefix but the thousands of columns' promises more than there is. */
static void test_promises(void **state)
{
    (void)state;
    static const uint64_t promised[] = {1u << 16,   (1u << 24) - 1, 1u << 24,
                                        1ull << 31, UINT32_MAX,     UINT64_MAX};
    cairo_text t                     = cairo_text_load(ALL_OPCODES);
    cairo_felts m;
    cairo_felts_open(&m, &t);
    char *out = malloc(t.len + CAIRO_TEXT_ROOM);
    assert_non_null(out);
    uint32_t prefixes = 0, columns = 0;
    size_t most = 0;
    for (uint32_t i = 0; i < m.n; i++) {
        if (m.felt[i].kind != FELT_SHAPE) continue;
        bool column = m.felt[i + 1 < m.n ? i + 1 : i].section == SEC_SAMPLED;
        if (column && columns++ % 512) continue;
        prefixes++;
        for (size_t k = 0; k < sizeof promised / sizeof *promised; k++) {
            sage_errinfo err;
            sage_status s;
            size_t len  = cairo_text_value(&t, i, promised[k], out);
            size_t peak = door_peak(out, len, &s, &err);
            assert_int_equal(s, SAGE_EFORMAT);
            if (peak > most) most = peak;
        }
    }
    print_message("%u prefixes, at most %zu bytes held\n", prefixes, most);
    assert_true(prefixes > 30 && most <= DOOR_BYTES);
    if (!SANITIZED) assert_int_equal(door_confined(out, t.len), -SAGE_EFORMAT);
    free(out);
    cairo_felts_close(&m);
    cairo_text_free(&t);
}

/* A text as long as it says, with many cells of output: held in no more than twice its length,
 * and judged without more. */
static void test_many_cells(void **state)
{
    (void)state;
    static const char cell[] =
        "\"0x5\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",\"0x0\",";
    cairo_text t = cairo_text_load(ALL_OPCODES);
    cairo_felts m;
    cairo_felts_open(&m, &t);
    const uint32_t n = sage_test_quick() ? 5000 : 200000, more = n - m.proof.claim.output.n;
    uint32_t count = 0, stop = 0;
    while (m.felt[count + 1].section != SEC_OUTPUT_ID)
        count++;
    while (m.felt[stop].section != SEC_SEGMENTS || m.felt[stop].part != SAGE_CAIRO_STOP)
        stop++;

    /* The segment's end, the number of cells and the cells: three pieces of the text change. */
    char *out = malloc(t.len + more * sizeof cell + CAIRO_TEXT_ROOM), *at = out;
    assert_non_null(out);
    uint32_t end = m.proof.claim.segments[SAGE_CAIRO_SEGMENT_OUTPUT][SAGE_CAIRO_START] + n;
    memcpy(at, t.bytes, t.felt[stop]);
    at += t.felt[stop];
    at += sprintf(at, "\"0x%x\",", end);
    memcpy(at, t.bytes + t.felt[stop + 1], t.felt[count] - t.felt[stop + 1]);
    at += t.felt[count] - t.felt[stop + 1];
    at += sprintf(at, "\"0x%x\",", n);
    for (uint32_t i = 0; i < more; i++, at += sizeof cell - 1)
        memcpy(at, cell, sizeof cell - 1);
    memcpy(at, t.bytes + t.felt[count + 1], t.len - t.felt[count + 1]);
    at += t.len - t.felt[count + 1];

    sage_errinfo err;
    sage_status s;
    size_t len = (size_t)(at - out), peak = door_peak(out, len, &s, &err);
    assert_int_equal(s, SAGE_EPROOF);
    assert_string_equal(err.where, "proof.pow.interaction");
    print_message("%zu bytes with %u outputs: %zu held\n", len, n, peak);
    assert_true(peak <= 2 * len + DOOR_BYTES);
    free(out);
    cairo_felts_close(&m);
    cairo_text_free(&t);
}

/* ---- the largest shapes ---- */

/* Gives p the samples per column, and as many sampled values, that its claim and config ask
 * for: then all of the verifier's memory is taken before the first commitment is judged. */
static void shape_as_claimed(sage_cairo_proof *p, uint8_t *zeros, size_t n_zeros)
{
    sage_pcs_shape shape;
    void *mem;
    sage_errinfo err = {0};
    if (sage_cairo_shape(p, &shape, &mem, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);
    uint8_t *at = p->n_samples;
    for (int t = 0; t < SAGE_MAX_TREES; t++) {
        p->n_columns[t] = shape.tree[t].n_cols;
        memcpy(at, shape.tree[t].samples, shape.tree[t].n_cols);
        at += shape.tree[t].n_cols;
    }
    assert_true(shape.n_samples * 16 <= n_zeros);
    p->proof.n_trees = SAGE_MAX_TREES;
    p->proof.sampled = (sage_view){zeros, (uint32_t)shape.n_samples};
    p->proof.roots   = (sage_view){zeros, SAGE_MAX_TREES};
    free(mem);
}

static void test_largest(void **state)
{
    (void)state;
    enum { ZEROS = 1 << 20, SAMPLES = 1 << 16 };
    static const sage_config configs[] = {{26, 1, 70, 0, 1},
                                          {26, 1, 256, 10, 6},
                                          {40, 5, 256, 10, 6},
                                          {20, 5, 256, 0, 6},
                                          {20, 2, 256, 0, 1}};
    cairo_text t                       = cairo_text_load(ALL_OPCODES);
    sage_cairo_proof p;
    sage_errinfo err = {0};
    size_t most      = 0;
    uint8_t *zeros   = calloc(ZEROS, 1);
    assert_non_null(zeros);
    assert_int_equal(
        sage_cairo_read(&p, (const uint8_t *)t.bytes, t.len, SAGE_CAIRO_FORMAT_SERDE, &err),
        SAGE_OK);
    free(p.n_samples);
    p.n_samples = calloc(SAMPLES, 1);
    assert_non_null(p.n_samples);
    for (size_t c = 0; c < sizeof configs / sizeof *configs; c++)
        for (uint32_t n_big = 0; n_big <= SAGE_CAIRO_MAX_BIG; n_big += 4)
            for (uint8_t log = SAGE_CAIRO_MIN_LOG; log <= 24; log += 5) {
                p.claim.n_big = n_big;
                memset(p.claim.big_log, log, sizeof p.claim.big_log);
                p.proof.config = configs[c];
                shape_as_claimed(&p, zeros, ZEROS);
                size_t before = heap_watch();
                sage_status s = sage_cairo_verify(&p, SAGE_SECURITY_BITS, &err);
                size_t peak   = heap_peak() - before;
                assert_int_equal(heap_live(), before);
                assert_int_equal(s, SAGE_EPROOF);
                assert_string_equal(err.where, "proof.preprocessed");
                assert_true(peak <= SAGE_VERIFY_MAX_BYTES);
                if (peak > most) most = peak;
            }
    print_message("at most %zu bytes held\n", most);
    assert_true(most > 1 << 20); /* the scratch of 256 queries was among them */
    free(zeros);
    sage_cairo_proof_free(&p);
    cairo_text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published), cmocka_unit_test(test_address_space),
        cmocka_unit_test(test_promises),  cmocka_unit_test(test_many_cells),
        cmocka_unit_test(test_largest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
