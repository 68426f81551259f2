/* bench_curve: signatures and hashes of Starknet, one JSON line each, CPU time of one thread:
 * median, fastest and median absolute deviation of the runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "curve/curve.h"
#include "curve/generator.h"
#include "curve/order.h"
#include "curve/pedersen.h"
#include "curve/sign.h"
#include "hash/poseidon252.h"
#include "timing.h"

enum { RUNS = 21, COUNT = 500 };

/* State that each operation reads and changes, so that none can be left out. */
typedef struct bench_state {
    sage_secret_key key;
    felt252 public, message, r, s, x, y;
    sage_order k;
} bench_state;

static void sign(bench_state *b)
{
    if (sage_sign(&b->r, &b->s, &b->key, b->message, NULL)) abort();
    b->message = felt252_add(b->message, felt252_one());
}

static void verify(bench_state *b)
{
    if (!sage_signed(b->public, b->x, b->r, b->s)) abort();
}

static void refuse(bench_state *b)
{
    if (sage_signed(b->public, b->message, b->r, b->s)) abort();
    b->message = felt252_add(b->message, felt252_one());
}

static void public_key(bench_state *b)
{
    felt252 x = sage_public_key(&b->key);
    b->key.l[0] ^= x.l[0] & 1;
}

static void table_secret(bench_state *b)
{
    sage_jacobian p = sage_generator_multiply(b->k);
    b->k.l[0] ^= p.x.l[0];
}

static void table_public(bench_state *b)
{
    sage_jacobian p = sage_generator_multiply_public(b->k);
    b->k.l[0] ^= p.x.l[0];
}

static void order_inverse(bench_state *b)
{
    b->k = sage_order_inv(b->k);
}

static void pedersen(bench_state *b)
{
    b->y = sage_pedersen(b->y, b->message);
}

static void poseidon_pair(bench_state *b)
{
    b->y = sage_poseidon252_pair(b->y, b->message);
}

typedef struct bench_operation {
    const char *name;
    void (*run)(bench_state *b);
} bench_operation;

static const bench_operation operations[] = {
    {"sign", sign},
    {"verify", verify},
    {"verify_refused", refuse},
    {"public_key", public_key},
    {"multiply_g_secret", table_secret},
    {"multiply_g_public", table_public},
    {"order_inverse", order_inverse},
    {"pedersen", pedersen},
    {"poseidon_pair", poseidon_pair},
};

static bench_state start(void)
{
    bench_state b = {.key = {{0x123456789abcdef5, 0xfedcba9876543210, 0x5555123456789abc,
                              0x0712345678901234}}};
    b.public      = sage_public_key(&b.key);
    b.message     = felt252_from_u64(1);
    for (int i = 0; i < 4; i++) {
        b.k.l[i]  = b.key.l[i];
        b.message = felt252_inv(felt252_add(b.message, felt252_one()));
        uint64_t v[4];
        felt252_to_limbs(b.message, v);
        v[3] &= UINT64_MAX >> 5;
        b.message = felt252_from_limbs(v);
    }
    b.x = b.y = b.message;
    if (sage_sign(&b.r, &b.s, &b.key, b.x, NULL)) abort();
    b.message = felt252_add(b.message, felt252_one());
    return b;
}

static void measure(const bench_operation *o)
{
    double t[RUNS], off[RUNS];
    bench_state b = start();
    o->run(&b); /* tables */
    for (int r = 0; r < RUNS; r++) {
        double from = bench_ns(CLOCK_PROCESS_CPUTIME_ID);
        for (int i = 0; i < COUNT; i++)
            o->run(&b);
        t[r] = (bench_ns(CLOCK_PROCESS_CPUTIME_ID) - from) / COUNT;
    }
    double mid = bench_median(t, RUNS), least = t[0];
    for (int r = 0; r < RUNS; r++)
        off[r] = t[r] > mid ? t[r] - mid : mid - t[r];
    printf("{\"operation\":\"%s\",\"ns\":%.1f,\"min\":%.1f,\"mad\":%.1f}\n", o->name, mid,
           least, bench_median(off, RUNS));
    fflush(stdout);
}

int main(void)
{
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++)
        measure(&operations[i]);
    return 0;
}
