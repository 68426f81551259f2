/* tests/test_mutation.c -- no change of a proof file survives.
 *
 * Usage: test_mutation_<statement> STATEMENT. Small proofs of it in two configs. Every word is
 * changed; the file is cut at every length and extended, words are dropped and doubled, parts
 * swapped, public values replaced, gigantic counts written: each must be refused with its
 * reason named, whatever the bytes say about sizes, and without asking for more memory than a
 * verifier may use. SAGE_TEST_QUICK=1 takes samples. */
#include "base/test.h"

#include "base/test_heap.h"
#include "hash/blake2s.h"
#include "sage/prove.h"
#include "sage/verify.h"

/* A proof file and the words of it. */
typedef struct file {
    const char *name;
    sage_statement statement;
    sage_params params;
    uint8_t *bytes, *copy;
    size_t len;
} file;

static file make(const char *name,
                 const sage_statement *st,
                 const uint8_t *input,
                 size_t len,
                 sage_params params)
{
    file f               = {.name = name, .statement = *st, .params = params};
    sage_errinfo err     = {0};
    sage_prove_options o = {.backend = "scalar", .threads = 1, .params = params};
    sage_status s        = sage_prove(st, input, len, &o, &f.bytes, &f.len, &err);
    if (s) fail_msg("%s: %s %s", name, err.where, err.msg);
    f.copy = malloc(f.len + 64);
    assert_non_null(f.copy);
    memcpy(f.copy, f.bytes, f.len);
    assert_int_equal(f.len % 4, 0);
    return f;
}

static void file_free(file *f)
{
    free(f->bytes);
    free(f->copy);
}

/* The proofs by the name of the statement; two configs: a plain one, and one with packed
 * leaves, a polynomial as last layer and a larger blowup. */
enum { N_FILES = 2 };
static file files[N_FILES];
static const char *statement_name;

static sage_status make_statement(sage_statement *st, const uint8_t **input, size_t *len)
{
    static const uint8_t text[] = "a file";
    uint32_t start[16];
    for (uint32_t i = 0; i < 16; i++)
        start[i] = 100 + i;
    *input = NULL, *len = 0;
    if (!strcmp(statement_name, "wide_fibonacci"))
        return sage_statement_wide_fibonacci(st, 5, 5, NULL);
    if (!strcmp(statement_name, "poseidon2"))
        return sage_statement_poseidon2(st, 7, start, NULL);
    *input = text, *len = sizeof text;
    return sage_statement_file_digest(st, text, sizeof text, NULL);
}

static int setup(void **state)
{
    static const sage_params params[N_FILES] = {{5, 1, 3, 0, 1}, {4, 2, 4, 1, 3}};
    static const char *const names[N_FILES]  = {"plain", "packed"};
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        sage_statement st;
        const uint8_t *input;
        size_t len;
        assert_int_equal(make_statement(&st, &input, &len), SAGE_OK);
        files[i] = make(names[i], &st, input, len, params[i]);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++)
        file_free(&files[i]);
    return 0;
}

/* The distance in bytes between places, so that n changes at each make no more than `budget`
 * in all; an odd number of words, so that no field of four is favoured. */
static size_t stride(const file *f, size_t n, size_t budget)
{
    if (sage_test_quick()) budget /= 8;
    return 4 * (f->len * n / 4 / budget | 1);
}

/* Reasons and how often they were given. */
typedef struct histogram {
    const char *where[96];
    uint32_t count[96], n, total;
} histogram;

static void histogram_add(histogram *h, const char *where)
{
    uint32_t i = 0;
    while (i < h->n && strcmp(h->where[i], where) != 0)
        i++;
    assert_true(i < 96);
    if (i == h->n) h->where[h->n++] = where;
    h->count[i]++;
    h->total++;
}

static void histogram_print(const char *name, const histogram *h)
{
    print_message("%s: %u refused\n", name, h->total);
    for (uint32_t i = 0; i < h->n; i++)
        print_message("  %6u %s\n", h->count[i], h->where[i]);
}

/* The verdict on a buffer that ends where the bytes do. A proof is judged by itself: whoever
 * accepts it must find the statement that was proved. */
static sage_status judge(const uint8_t *bytes, size_t len, uint32_t bits, sage_errinfo *err)
{
    static const sage_verify_result zero;
    sage_verify_result r;
    uint8_t *exact = malloc(len ? len : 1);
    assert_non_null(exact);
    if (len) memcpy(exact, bytes, len);
    memset(err, 0, sizeof *err);
    size_t before = heap_watch();
    sage_status s = sage_verify(exact, len, bits, &r, err);
    size_t peak   = heap_peak() - before;
    free(exact);
    assert_true(peak <= SAGE_VERIFY_MAX_BYTES);
    if (s != SAGE_OK) {
        assert_memory_equal(&r, &zero, sizeof r);
        assert_int_equal(err->code, s);
        assert_non_null(err->where);
        assert_true(strchr(err->where, '.') != NULL);
        assert_true(err->msg[0] != 0);
    }
    return s;
}

static void assert_refused(
    const file *f, const uint8_t *bytes, size_t len, const char *what, size_t at, histogram *h)
{
    sage_errinfo err;
    sage_status s = judge(bytes, len, 1, &err);
    if (s == SAGE_OK) fail_msg("%s: accepted with %s at byte %zu", f->name, what, at);
    if (s != SAGE_EFORMAT && s != SAGE_EPROOF && s != SAGE_ELIMIT && s != SAGE_EUNSUP)
        fail_msg("%s: %s at byte %zu gives %s (%s)", f->name, what, at, sage_status_name(s),
                 err.where);
    histogram_add(h, err.where);
}

static void test_accepts(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        sage_verify_result r;
        sage_errinfo err = {0};
        sage_status s    = sage_verify(files[i].bytes, files[i].len, 1, &r, &err);
        if (s) fail_msg("%s: %s %s", files[i].name, err.where, err.msg);
        assert_true(sage_statement_equal(&r.statement, &files[i].statement));
        print_message("%s: %zu bytes, %u bits\n", files[i].name, files[i].len, r.security_bits);
    }
}

/* Every word of the plain proof, in each way if the file is small; in a large one the low bit
 * of every word, the other ways in turn. The packed proof likewise, a large one in places. */
static void test_words(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        file *f           = &files[i];
        histogram h       = {0};
        const bool small  = f->len < 16384;
        const size_t step = (small || i == 0) && !sage_test_quick() ? 4 : stride(f, 1, 8000);
        for (size_t at = 0; at < f->len; at += step) {
            uint32_t v          = sage_load_le32(f->copy + at);
            const uint32_t to[] = {v ^ 1, 0, 0x7ffffffe};
            for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
                if (to[k] == v || (!small && k && (at / step) % 4 != k)) continue;
                sage_store_le32(f->copy + at, to[k]);
                assert_refused(f, f->copy, f->len, "another word", at, &h);
            }
            sage_store_le32(f->copy + at, v);
        }
        histogram_print(f->name, &h);
    }
}

/* Any word may be a count, a size or an exponent. */
static void test_gigantic(void **state)
{
    (void)state;
    static const uint32_t to[] = {31, 32, 63, 64, 1u << 24, 1u << 28, 0x80000000, UINT32_MAX};
    for (int i = 0; i < N_FILES; i++) {
        file *f     = &files[i];
        histogram h = {0};
        for (size_t at = 0; at < f->len; at += stride(f, 8, 8000)) {
            uint32_t v = sage_load_le32(f->copy + at);
            for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
                if (to[k] == v) continue;
                sage_store_le32(f->copy + at, to[k]);
                assert_refused(f, f->copy, f->len, "a large word", at, &h);
            }
            sage_store_le32(f->copy + at, v);
        }
        histogram_print(f->name, &h);
    }
}

static void test_lengths(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        file *f           = &files[i];
        histogram h       = {0};
        const size_t step = sage_test_quick() ? 29 : 1;
        for (size_t n = 0; n < f->len; n += step)
            assert_refused(f, f->copy, n, "the end", n, &h);
        memset(f->copy + f->len, 0, 64);
        for (size_t n = 1; n <= 64; n++)
            assert_refused(f, f->copy, f->len + n, "more bytes", f->len, &h);
        histogram_print(f->name, &h);
    }
}

/* A word too many or too few anywhere. */
static void test_shifts(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        file *f     = &files[i];
        histogram h = {0};
        for (size_t at = 0; at < f->len; at += stride(f, 2, 4000)) {
            memmove(f->copy + at, f->bytes + at + 4, f->len - at - 4);
            assert_refused(f, f->copy, f->len - 4, "a missing word", at, &h);
            memcpy(f->copy + at, f->bytes + at, 4);
            memcpy(f->copy + at + 4, f->bytes + at, f->len - at);
            assert_refused(f, f->copy, f->len + 4, "a doubled word", at, &h);
            memcpy(f->copy, f->bytes, f->len);
        }
        histogram_print(f->name, &h);
    }
}

/* Neighbouring digests or secure values change places. */
static void test_swaps(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        file *f     = &files[i];
        histogram h = {0};
        for (size_t size = 16; size <= 32; size *= 2)
            for (size_t at = 0; at + 2 * size <= f->len; at += stride(f, 2, 4000)) {
                if (!memcmp(f->bytes + at, f->bytes + at + size, size)) continue;
                memcpy(f->copy + at, f->bytes + at + size, size);
                memcpy(f->copy + at + size, f->bytes + at, size);
                assert_refused(f, f->copy, f->len, "swapped parts", at, &h);
                memcpy(f->copy + at, f->bytes + at, 2 * size);
            }
        histogram_print(f->name, &h);
    }
}

/* Where the statement ends: magic, kind, count, words, count, log sizes. */
static size_t head_len(const file *f)
{
    size_t n_public = sage_load_le32(f->bytes + 12), at = 16 + 4 * n_public;
    return at + 4 + 4 * (size_t)sage_load_le32(f->bytes + at);
}

/* A good proof of something else proves nothing: the proof of one public value under the
 * statement with another. */
static void test_other_statements(void **state)
{
    (void)state;
    histogram h = {0};
    for (int i = 0; i < N_FILES; i++) {
        file *f     = &files[i];
        size_t head = head_len(f);
        for (size_t at = 8; at < head; at += 4) {
            uint32_t v          = sage_load_le32(f->copy + at);
            const uint32_t to[] = {v + 1, v - 1, v + 2, 2 * v, v / 2, 1, 2, 3, 17};
            for (size_t k = 0; k < sizeof to / sizeof *to; k++) {
                if (to[k] == v) continue;
                sage_store_le32(f->copy + at, to[k]);
                assert_refused(f, f->copy, f->len, "another statement", at, &h);
            }
            sage_store_le32(f->copy + at, v);
        }
        /* The statement of one config's file with the proof of the other's is that file. */
        file *g        = &files[1 - i];
        size_t len     = head + g->len - head_len(g);
        uint8_t *mixed = malloc(len);
        sage_errinfo err;
        assert_non_null(mixed);
        memcpy(mixed, f->bytes, head);
        memcpy(mixed + head, g->bytes + head_len(g), g->len - head_len(g));
        assert_int_equal(judge(mixed, len, 1, &err), SAGE_OK);
        free(mixed);
    }
    histogram_print("other statements", &h);
}

static void test_security_asked(void **state)
{
    (void)state;
    for (int i = 0; i < N_FILES; i++) {
        const sage_params *p = &files[i].params;
        uint32_t bits        = p->pow_bits + p->log_blowup * p->n_queries;
        sage_errinfo err;
        assert_int_equal(judge(files[i].bytes, files[i].len, bits, &err), SAGE_OK);
        const uint32_t more[] = {bits + 1, SAGE_DEFAULT_SECURITY_BITS, UINT32_MAX};
        for (int k = 0; k < 3; k++) {
            assert_int_equal(judge(files[i].bytes, files[i].len, more[k], &err), SAGE_EPROOF);
            assert_string_equal(err.where, "proof.config.security");
        }
    }
}

int main(int argc, char **argv)
{
    statement_name                  = argc > 1 ? argv[1] : "wide_fibonacci";
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepts),          cmocka_unit_test(test_words),
        cmocka_unit_test(test_gigantic),         cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_shifts),           cmocka_unit_test(test_swaps),
        cmocka_unit_test(test_other_statements), cmocka_unit_test(test_security_asked),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
