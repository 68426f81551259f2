/* Poseidon2 over M31: the constants' rule, the matrices by definition, the paper's condition
 * on the internal matrix, and the sponge against its definition on bits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "hash/blake2s.h"
#include "hash/poseidon2.h"

enum { T = 16 };

static void constants_follow_their_rule(void **state)
{
    (void)state;
    uint8_t seed[28] = "Sage Poseidon2-M31-16 v1", digest[32];
    int n            = 0;
    for (uint32_t counter = 0; n < SAGE_POSEIDON2_CONSTANTS; counter++) {
        sage_store_le32(seed + 24, counter);
        sage_blake2s_hash(seed, sizeof seed, digest);
        for (int i = 0; i < 8 && n < SAGE_POSEIDON2_CONSTANTS; i++) {
            uint32_t w = sage_load_le32(digest + 4 * i) & 0x7fffffff;
            if (w != M31_P) assert_int_equal(sage_poseidon2_constants[n++], w);
        }
    }
}

static uint32_t gcd(uint32_t a, uint32_t b)
{
    return b ? gcd(b, a % b) : a;
}

static void sbox_is_a_permutation(void **state)
{
    (void)state;
    assert_int_equal(gcd(5, M31_P - 1), 1);
}

/* The permutation from its matrices, nothing shared with the fast code but the constants. */
typedef struct matrix {
    m31 e[T][T];
} matrix;

static matrix external_matrix(void)
{
    static const m31 m4[4][4] = {{5, 7, 1, 3}, {4, 6, 1, 1}, {1, 3, 5, 7}, {1, 1, 4, 6}};
    matrix m;
    for (int i = 0; i < T; i++)
        for (int j = 0; j < T; j++)
            m.e[i][j] = (i / 4 == j / 4 ? 2 : 1) * m4[i % 4][j % 4];
    return m;
}

static matrix internal_matrix(void)
{
    static const m31 v[T] = {M31_P - 2, 1,       2,       4,      8,       16,
                             32,        64,      128,     256,    1 << 10, 1 << 12,
                             1 << 13,   1 << 14, 1 << 15, 1 << 16};
    matrix m;
    for (int i = 0; i < T; i++)
        for (int j = 0; j < T; j++)
            m.e[i][j] = m31_add(1, i == j ? v[i] : 0);
    return m;
}

static void apply(const matrix *m, m31 s[T])
{
    m31 out[T] = {0};
    for (int i = 0; i < T; i++)
        for (int j = 0; j < T; j++)
            out[i] = m31_add(out[i], m31_mul(m->e[i][j], s[j]));
    memcpy(s, out, sizeof out);
}

static void permute_by_definition(m31 s[T])
{
    matrix outer = external_matrix(), inner = internal_matrix();
    const m31 *c = sage_poseidon2_constants;
    apply(&outer, s);
    for (int r = 0; r < 4 + 14 + 4; r++) {
        int n = r >= 4 && r < 18 ? 1 : T;
        for (int i = 0; i < n; i++)
            s[i] = m31_pow(m31_add(s[i], *c++), 5);
        apply(n == 1 ? &inner : &outer, s);
    }
    assert_ptr_equal(c, sage_poseidon2_constants + SAGE_POSEIDON2_CONSTANTS);
}

static uint64_t rng_state = 1;
static uint32_t rng(void)
{
    rng_state = rng_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(rng_state >> 33);
}

static void permutation_equals_its_definition(void **state)
{
    (void)state;
    for (int k = 0; k < 2000; k++) {
        m31 a[T], b[T];
        for (int i = 0; i < T; i++) {
            uint32_t r = rng();
            a[i] = k < 3 ? (k == 1 ? M31_P - 1 : (m31)(k * i)) : r % 8 ? r % M31_P : M31_P - 1;
        }
        memcpy(b, a, sizeof a);
        sage_poseidon2_permute(a);
        permute_by_definition(b);
        for (int i = 0; i < T; i++)
            assert_true(a[i] < M31_P);
        assert_memory_equal(a, b, sizeof a);
    }
}

/* Values of an independent implementation (Python integers), so that a common slip of both
 * codes above shows. */
static void permutation_known_values(void **state)
{
    (void)state;
    static const m31 zero[T]  = {201479594,  401449491,  1738526848, 936245092,
                                 1233308867, 1871227123, 1363974053, 1124041463,
                                 528539119,  1947382572, 907078687,  154161696,
                                 1052314077, 2055694080, 351481718,  2011921780};
    static const m31 count[T] = {958506596,  1991228527, 1956432567, 672510293,
                                 2001996161, 1855394978, 1367887816, 2100581178,
                                 1185285511, 570509359,  1394774690, 590253355,
                                 1215536601, 147003841,  1165677210, 1154822668};
    m31 s[T]                  = {0};
    sage_poseidon2_permute(s);
    assert_memory_equal(s, zero, sizeof s);
    for (int i = 0; i < T; i++)
        s[i] = (m31)i;
    sage_poseidon2_permute(s);
    assert_memory_equal(s, count, sizeof s);
}

/* Characteristic polynomial (coefficients from x^0, monic) by Hessenberg reduction. */
static void hessenberg(matrix *a)
{
    for (int j = 0; j + 2 < T; j++) {
        int pivot = j + 1;
        while (pivot < T && !a->e[pivot][j])
            pivot++;
        if (pivot == T) continue;
        for (int k = 0; k < T; k++) {
            m31 t          = a->e[j + 1][k];
            a->e[j + 1][k] = a->e[pivot][k];
            a->e[pivot][k] = t;
        }
        for (int k = 0; k < T; k++) {
            m31 t          = a->e[k][j + 1];
            a->e[k][j + 1] = a->e[k][pivot];
            a->e[k][pivot] = t;
        }
        m31 inv = m31_inv(a->e[j + 1][j]);
        for (int i = j + 2; i < T; i++) {
            m31 u = m31_mul(a->e[i][j], inv);
            for (int k = 0; k < T; k++)
                a->e[i][k] = m31_sub(a->e[i][k], m31_mul(u, a->e[j + 1][k]));
            for (int k = 0; k < T; k++)
                a->e[k][j + 1] = m31_add(a->e[k][j + 1], m31_mul(u, a->e[k][i]));
        }
    }
}

static void characteristic(matrix a, m31 out[T + 1])
{
    m31 p[T + 1][T + 1] = {{1}};
    hessenberg(&a);
    for (int m = 1; m <= T; m++) {
        for (int i = 0; i < m; i++) {
            p[m][i + 1] = m31_add(p[m][i + 1], p[m - 1][i]);
            p[m][i]     = m31_sub(p[m][i], m31_mul(a.e[m - 1][m - 1], p[m - 1][i]));
        }
        m31 t = 1;
        for (int i = 1; i < m; i++) {
            t     = m31_mul(t, a.e[m - i][m - i - 1]);
            m31 f = m31_mul(t, a.e[m - i - 1][m - 1]);
            for (int k = 0; k < m - i; k++)
                p[m][k] = m31_sub(p[m][k], m31_mul(f, p[m - i - 1][k]));
        }
    }
    memcpy(out, p[T], sizeof p[T]);
}

/* r = a b mod f, f monic of degree T. */
static void mul_mod(m31 r[T], const m31 a[T], const m31 b[T], const m31 f[T + 1])
{
    m31 wide[2 * T] = {0};
    for (int i = 0; i < T; i++)
        for (int j = 0; j < T; j++)
            wide[i + j] = m31_add(wide[i + j], m31_mul(a[i], b[j]));
    for (int i = 2 * T - 1; i >= T; i--)
        for (int j = 0; j < T; j++)
            wide[i - T + j] = m31_sub(wide[i - T + j], m31_mul(wide[i], f[j]));
    memcpy(r, wide, T * sizeof *r);
}

/* g = g^p mod f. */
static void frobenius(m31 g[T], const m31 f[T + 1])
{
    m31 r[T] = {1}, base[T];
    memcpy(base, g, sizeof base);
    for (int bit = 0; bit < 31; bit++) { /* p is 31 ones */
        mul_mod(r, r, base, f);
        mul_mod(base, base, base, f);
    }
    memcpy(g, r, sizeof r);
}

/* Do f (degree T) and g have a common root: Euclid. */
static int coprime(const m31 f[T + 1], const m31 g[T])
{
    m31 a[T + 1], b[T + 1] = {0};
    memcpy(a, f, sizeof a);
    memcpy(b, g, T * sizeof *b);
    int da = T, db = T;
    for (;;) {
        while (db >= 0 && !b[db])
            db--;
        if (db < 0) return da == 0;
        m31 inv = m31_inv(b[db]);
        for (int i = da; i >= db; i--) {
            m31 c = m31_mul(a[i], inv);
            for (int k = 0; k <= db; k++)
                a[i - db + k] = m31_sub(a[i - db + k], m31_mul(c, b[k]));
        }
        int dr = db - 1;
        for (int i = 0; i <= T; i++) {
            m31 t = i <= dr ? a[i] : 0;
            a[i]  = i <= db ? b[i] : 0;
            b[i]  = t;
        }
        da = db, db = dr;
    }
}

/* Rabin: f of degree 16 is irreducible iff x^(p^16) = x mod f and x^(p^8) - x is prime to f. */
static int irreducible(const m31 f[T + 1])
{
    m31 x[T] = {0, 1}, g[T];
    memcpy(g, x, sizeof g);
    for (int i = 1; i <= T; i++) {
        frobenius(g, f);
        if (i == T / 2) {
            m31 d[T];
            memcpy(d, g, sizeof d);
            d[1] = m31_sub(d[1], 1);
            if (!coprime(f, d)) return 0;
        }
    }
    return !memcmp(g, x, sizeof g);
}

static matrix product(const matrix *a, const matrix *b)
{
    matrix c = {{{0}}};
    for (int i = 0; i < T; i++)
        for (int j = 0; j < T; j++)
            for (int k = 0; k < T; k++)
                c.e[i][j] = m31_add(c.e[i][j], m31_mul(a->e[i][k], b->e[k][j]));
    return c;
}

/* The test itself must be able to say no: to x^16 - 1, and to 16 distinct linear factors,
 * which pass x^(p^16) = x and fail only the gcd. */
static void irreducibility_test_refuses(void **state)
{
    (void)state;
    m31 f[T + 1] = {M31_P - 1};
    f[T]         = 1;
    assert_false(irreducible(f));
    matrix diagonal = {{{0}}};
    for (int i = 0; i < T; i++)
        diagonal.e[i][i] = (m31)i + 1;
    characteristic(diagonal, f);
    m31 at_one = 0;
    for (int i = 0; i <= T; i++)
        at_one = m31_add(at_one, f[i]);
    assert_int_equal(at_one, 0); /* 1 is an eigenvalue */
    assert_false(irreducible(f));
}

/* Poseidon2 section 5.3: no infinitely long invariant subspace trails if the minimal
 * polynomials of M, M^2, ..., M^(2t) are irreducible of degree t. The characteristic
 * polynomial, when irreducible, is the minimal one. */
static void internal_matrix_meets_the_condition(void **state)
{
    (void)state;
    matrix m = internal_matrix(), power = m;
    for (int k = 1; k <= 2 * T; k++) {
        m31 f[T + 1];
        characteristic(power, f);
        assert_true(irreducible(f));
        power = product(&power, &m);
    }
}

static void shifts_are_the_matrix(void **state)
{
    (void)state;
    matrix m = internal_matrix();
    assert_int_equal(sage_poseidon2_shifts[0], 1);
    assert_int_equal(m.e[0][0], m31_sub(1, 2));
    for (int i = 1; i < T; i++)
        assert_int_equal(m.e[i][i], 1 + (1u << sage_poseidon2_shifts[i]));
}

/* The sponge bit by bit. */
static void digest_by_definition(const uint8_t *bytes, uint64_t len, m31 digest[8])
{
    uint64_t groups = len ? (len + 119) / 120 : 1;
    m31 s[T]        = {0};
    s[8] = (m31)(len % (1u << 30)), s[9] = (m31)((len >> 30) % (1u << 30));
    s[10] = 0x53414745u % M31_P, s[11] = 1;
    for (uint64_t block = 0; block < 4 * groups; block++) {
        for (uint64_t i = 0; i < 8; i++) {
            m31 limb = 0;
            for (uint64_t b = 0; b < 30; b++) {
                uint64_t bit = 30 * (8 * block + i) + b;
                if (bit < 8 * len) limb |= (bytes[bit / 8] >> bit % 8 & 1u) << b;
            }
            s[i] = m31_add(s[i], limb);
        }
        permute_by_definition(s);
    }
    memcpy(digest, s, 8 * sizeof *digest);
}

static void digest_equals_its_definition(void **state)
{
    (void)state;
    static const uint64_t lens[] = {0, 1, 2, 29, 30, 31, 119, 120, 121, 239, 240, 241, 1000};
    uint8_t bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rng();
    for (size_t k = 0; k < sizeof lens / sizeof *lens; k++) {
        m31 a[8], b[8];
        sage_file_digest(bytes, lens[k], NULL, NULL, a);
        digest_by_definition(bytes, lens[k], b);
        assert_memory_equal(a, b, sizeof a);
    }
}

static void digest_known_values(void **state)
{
    (void)state;
    static const struct {
        uint64_t len;
        m31 digest[8];
    } known[] = {{0,
                  {563021399, 1798694938, 1742176564, 10821467, 1314227723, 1022238354,
                   39948658, 699738200}},
                 {1,
                  {515011131, 1571162833, 144581719, 1812633141, 218346884, 1335683971,
                   1633070073, 879345951}},
                 {30,
                  {2394916, 1943762628, 1684720640, 1684780440, 1356440104, 1680213776,
                   973308896, 1186211936}},
                 {119,
                  {1833939595, 1676871757, 851025695, 519075001, 1478577824, 535293750,
                   688435979, 335174860}},
                 {120,
                  {565287581, 1763723554, 1542624933, 1297990052, 1273563560, 1419904289,
                   1016981516, 1309572266}},
                 {121,
                  {1946899524, 30050483, 561680553, 1072695871, 432169494, 1666153037,
                   1070333440, 2138186424}},
                 {1000,
                  {1120414881, 584107156, 1168981921, 1154514803, 1684758361, 1205592448,
                   668981255, 246826010}}};
    uint8_t bytes[1000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(7 * i + 3);
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        m31 d[8];
        sage_file_digest(bytes, known[k].len, NULL, NULL, d);
        assert_memory_equal(d, known[k].digest, sizeof d);
    }
}

/* A file and the same file with zero bytes behind it differ through the length. */
static void zero_padding_is_not_a_collision(void **state)
{
    (void)state;
    uint8_t bytes[240] = {0};
    m31 seen[4][8];
    static const uint64_t lens[4] = {0, 1, 30, 240};
    for (int i = 0; i < 4; i++) {
        sage_file_digest(bytes, lens[i], NULL, NULL, seen[i]);
        for (int j = 0; j < i; j++)
            assert_memory_not_equal(seen[i], seen[j], sizeof seen[i]);
    }
}

typedef struct record {
    uint64_t n;
    m31 next[T];
} record;

static void
on_group(void *arg, uint64_t g, const m31 s[T], const m31 limbs[SAGE_SPONGE_GROUP_LIMBS])
{
    record *r = arg;
    assert_int_equal(g, r->n);
    if (g) assert_memory_equal(s, r->next, sizeof r->next);
    memcpy(r->next, s, sizeof r->next);
    sage_sponge_group(r->next, limbs);
    r->n++;
}

static void groups_chain(void **state)
{
    (void)state;
    uint8_t bytes[700];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rng();
    record r = {0};
    m31 d[8];
    sage_file_digest(bytes, sizeof bytes, on_group, &r, d);
    assert_int_equal(r.n, 6);
    assert_int_equal(sage_sponge_groups(sizeof bytes), 6);
    assert_memory_equal(d, r.next, sizeof d);
    assert_int_equal(sage_sponge_groups(0), 1);
    assert_int_equal(sage_sponge_groups(120), 1);
    assert_int_equal(sage_sponge_groups(121), 2);
    assert_true(sage_sponge_groups(UINT64_MAX) == UINT64_MAX / 120 + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constants_follow_their_rule),
        cmocka_unit_test(sbox_is_a_permutation),
        cmocka_unit_test(permutation_equals_its_definition),
        cmocka_unit_test(permutation_known_values),
        cmocka_unit_test(irreducibility_test_refuses),
        cmocka_unit_test(internal_matrix_meets_the_condition),
        cmocka_unit_test(shifts_are_the_matrix),
        cmocka_unit_test(digest_equals_its_definition),
        cmocka_unit_test(digest_known_values),
        cmocka_unit_test(zero_padding_is_not_a_collision),
        cmocka_unit_test(groups_chain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
