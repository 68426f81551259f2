/* test_rig.h -- what the backend's tests share: every available backend with 1, 2 and 3
 * threads, device columns, random field values, and the scalar forms of facts A3. */
#ifndef SAGE_BACKEND_TEST_RIG_H
#define SAGE_BACKEND_TEST_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/backend.h"

enum { RIG_THREADS = 3, RIG_LOG_MAX = 14 };

typedef struct rig {
    const sage_backend *be;
    sage_device *dev;
    uint32_t *next, *end; /* unused part of the arena */
    sage_twiddles tw;
} rig;

static inline uint32_t *rig_words(rig *r, size_t words)
{
    uint32_t *p = r->next;
    words       = (words + 15) & ~(size_t)15;
    assert_true((size_t)(r->end - p) >= words);
    r->next = p + words;
    return p;
}

static inline uint32_t *rig_upload(rig *r, const uint32_t *host, size_t words)
{
    uint32_t *p = rig_words(r, words);
    r->be->upload(r->dev, p, host, words);
    return p;
}

static inline void rig_columns(rig *r, uint32_t **cols, uint32_t n, size_t words)
{
    for (uint32_t i = 0; i < n; i++)
        cols[i] = rig_words(r, words);
}

/* Fails the test where the device's words differ from the host's. */
static inline void
rig_expect(rig *r, const uint32_t *device, const uint32_t *host, size_t words)
{
    uint32_t *got = malloc(words * sizeof *got);
    assert_non_null(got);
    assert_int_equal(r->be->download(r->dev, got, device, words, NULL), SAGE_OK);
    for (size_t i = 0; i < words; i++)
        if (got[i] != host[i])
            fail_msg("%s: word %zu is %u, expected %u", r->be->name, i, got[i], host[i]);
    free(got);
}

/* Runs fn on every available backend and 1 .. RIG_THREADS threads, with twiddles for
 * 2^log_max points and room for `words` more. The scalar backend must be among them. */
static inline void
rig_each(uint32_t log_max, size_t words, void (*fn)(rig *r, const void *arg), const void *arg)
{
    bool scalar = false;
    for (const sage_backend *const *be = sage_cpu_backends; *be; be++) {
        if ((*be)->available(NULL)) {
            print_message("skipped: backend %s is not available here\n", (*be)->name);
            continue;
        }
        scalar |= !strcmp((*be)->name, "scalar");
        for (uint32_t threads = 1; threads <= RIG_THREADS; threads++) {
            rig r        = {.be = *be};
            size_t tower = (*be)->twiddle_words(log_max), all = tower + words + 4096;
            assert_int_equal((*be)->open(&r.dev, threads, NULL), SAGE_OK);
            assert_int_equal((*be)->arena(r.dev, all * sizeof(uint32_t), &r.next, NULL),
                             SAGE_OK);
            r.end = r.next + all;
            r.tw  = (sage_twiddles){rig_words(&r, tower), log_max};
            (*be)->twiddles(r.dev, r.tw);
            fn(&r, arg);
            (*be)->close(r.dev);
        }
    }
    assert_true(scalar);
}

/* ---- random values, the same in every run ---- */

static inline uint32_t rig_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33) % M31_P;
}
static inline qm31 rig_random_q(uint64_t *state)
{
    qm31 x;
    for (int c = 0; c < 4; c++)
        x.v[c] = rig_random(state);
    return x;
}
static inline uint32_t *rig_random_words(uint64_t *state, size_t words)
{
    uint32_t *p = malloc(words * sizeof *p);
    assert_non_null(p);
    for (size_t i = 0; i < words; i++)
        p[i] = rig_random(state);
    /* the ends of the range, which lazily reduced sums must survive */
    for (size_t i = 0; i < words && i < 4; i++)
        p[words - 1 - i] = i & 1 ? 0 : M31_P - 1;
    return p;
}
/* A random point of the circle over the secure field (facts A5). */
static inline secure_point rig_random_point(uint64_t *state)
{
    qm31 t = rig_random_q(state), t2 = qm31_sqr(t), one = qm31_one();
    qm31 inv = qm31_inv(qm31_add(one, t2));
    return (secure_point){qm31_mul(qm31_sub(one, t2), inv), qm31_mul(qm31_add(t, t), inv)};
}
static inline qm31 rig_get(uint32_t *const col[4], size_t i)
{
    return qm31_of(col[0][i], col[1][i], col[2][i], col[3][i]);
}
static inline void rig_put(uint32_t *const col[4], size_t i, qm31 x)
{
    for (int c = 0; c < 4; c++)
        col[c][i] = x.v[c];
}

/* Value at a point of the polynomial of 2^log coefficients: bit 0 of the index stands for a
 * factor y, bit j for pi^(j-1)(x) (facts A3). */
static inline qm31 rig_eval(const uint32_t *coeff, uint32_t log, secure_point p)
{
    qm31 sum = qm31_zero();
    for (uint32_t i = 0; i < 1u << log; i++) {
        qm31 term = qm31_from(coeff[i]), x = p.x;
        if (i & 1) term = qm31_mul(term, p.y);
        for (uint32_t j = 1; j < log; j++, x = secure_double_x(x))
            if (i >> j & 1) term = qm31_mul(term, x);
        sum = qm31_add(sum, term);
    }
    return sum;
}

#endif
