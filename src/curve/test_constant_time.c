/* Does a branch or an address depend on a secret? Under valgrind's memcheck, for which secrets
 * are memory without a value: every branch on them and every address made of them is an error,
 * and errors are counted. What is tested are the objects that ship, one function replaced by the
 * linker. Without valgrind every case is skipped. */
#include "base/test.h"

#include "curve/curve.h"
#include "curve/declassify.h"
#include "curve/generator.h"
#include "curve/nonce.h"
#include "curve/sign.h"
#include "hash/hmac_sha256.h"

#ifdef SAGE_HAVE_MEMCHECK
#    include <valgrind/memcheck.h>
#else
#    define RUNNING_ON_VALGRIND              0
#    define VALGRIND_COUNT_ERRORS            0
#    define VALGRIND_MAKE_MEM_UNDEFINED(...) ((void)0)
#    define VALGRIND_MAKE_MEM_DEFINED(...)   ((void)0)
#    define VALGRIND_GET_VBITS(...)          ((void)0)
#endif

static unsigned declassified; /* how often, since the last case began */

bool __wrap_sage_declassify(bool bit);
bool __wrap_sage_declassify(bool bit)
{
    volatile bool answer = bit;
    VALGRIND_MAKE_MEM_DEFINED(&answer, sizeof answer);
    declassified++;
    return answer;
}

static void hide(void *p, size_t n)
{
    (void)p, (void)n;
    VALGRIND_MAKE_MEM_UNDEFINED(p, n);
}

static void show(void *p, size_t n)
{
    (void)p, (void)n;
    VALGRIND_MAKE_MEM_DEFINED(p, n);
}

/* Did the secret reach p[0..n)? Else the case would test nothing. */
static bool hidden(const void *p, size_t n)
{
    uint8_t bits[64] = {0};
    assert_true(n <= sizeof bits);
    (void)p;
    VALGRIND_GET_VBITS(p, bits, n);
    unsigned any = 0;
    for (size_t i = 0; i < n; i++)
        any |= bits[i];
    return any != 0;
}

static unsigned leaks_before;

static void begin(void)
{
    if (!RUNNING_ON_VALGRIND) skip();
    leaks_before = VALGRIND_COUNT_ERRORS;
    declassified = 0;
}

static unsigned leaks(void)
{
    return VALGRIND_COUNT_ERRORS - leaks_before;
}

static sage_secret_key some_key(void)
{
    return (sage_secret_key){
        {0x123456789abcdef5, 0xfedcba9876543210, 0x5555123456789abc, 0x0712345678901234}};
}

static sage_order some_number(void)
{
    sage_secret_key key = some_key();
    return (sage_order){{key.l[0], key.l[1], key.l[2], key.l[3]}};
}

static felt252 some_message(void)
{
    return felt252_inv(felt252_from_u64(7));
}

static void key_bytes(void **state)
{
    (void)state;
    uint8_t bytes[32], back[32];
    sage_secret_key key;
    begin();
    memset(bytes, 3, sizeof bytes);
    hide(bytes, sizeof bytes);
    assert_true(sage_secret_key_from_bytes(&key, bytes));
    assert_int_equal(declassified, 1);
    sage_secret_key_to_bytes(back, &key);
    assert_true(hidden(back, sizeof back));
    assert_int_equal(leaks(), 0);
    memset(bytes, 0xff, sizeof bytes); /* a number that is no key */
    hide(bytes, sizeof bytes);
    assert_false(sage_secret_key_from_bytes(&key, bytes));
    assert_int_equal(leaks(), 0);
}

static void public_key(void **state)
{
    (void)state;
    sage_secret_key key = some_key();
    begin();
    hide(&key, sizeof key);
    felt252 x = sage_public_key(&key);
    assert_true(hidden(&x, sizeof x));
    assert_int_equal(declassified, 0);
    assert_int_equal(leaks(), 0);
}

/* Several messages: among the nonces some were refused once or more. */
static void signing(void **state)
{
    (void)state;
    sage_secret_key key = some_key();
    felt252 message = some_message(), r, s, public = sage_public_key(&key);
    begin();
    for (int i = 0; i < 4; i++) {
        hide(&key, sizeof key);
        sage_status status = sage_sign(&r, &s, &key, message, NULL);
        assert_int_equal(status, SAGE_OK);
        assert_true(hidden(&r, sizeof r) && hidden(&s, sizeof s));
        assert_int_equal(leaks(), 0);
        show(&r, sizeof r), show(&s, sizeof s), show(&key, sizeof key);
        assert_true(sage_signed(public, message, r, s));
        message = r;
    }
    assert_true(declassified > 3 * 4); /* the key, a nonce, its use; and a refusal */
}

static void nonces(void **state)
{
    (void)state;
    sage_secret_key key       = some_key();
    const uint64_t message[4] = {1, 2, 3, 4};
    sage_nonce nonce;
    sage_order k;
    begin();
    hide(&key, sizeof key);
    sage_nonce_init(&nonce, key.l, message, NULL, 0);
    for (int i = 0; i < 8; i++) {
        sage_nonce_next(&nonce, &k);
        assert_true(hidden(&k, sizeof k));
    }
    assert_true(hidden(nonce.k, sizeof nonce.k) && hidden(nonce.v, sizeof nonce.v));
    assert_int_equal(leaks(), 0);
}

static void multiples(void **state)
{
    (void)state;
    sage_order k = some_number();
    begin();
    hide(&k, sizeof k);
    sage_jacobian p = sage_generator_multiply(k);
    felt252 x       = sage_generator_x(k);
    assert_true(hidden(&p.z, sizeof p.z) && hidden(&x, sizeof x));
    assert_int_equal(leaks(), 0);
}

static void order(void **state)
{
    (void)state;
    sage_order a = some_number(), b = sage_order_negative(a), c;
    begin();
    hide(&a, sizeof a), hide(&b, sizeof b);
    c = sage_order_add(sage_order_mul(a, b), sage_order_inv(a));
    c = sage_order_add(sage_order_negative(c), sage_order_reduce(b.l));
    assert_true(hidden(&c, sizeof c));
    bool below = sage_order_from_limbs(&a, c.l), zero = sage_order_is_zero(c);
    assert_true(hidden(&below, 1) && hidden(&zero, 1));
    assert_int_equal(leaks(), 0);
}

static void field(void **state)
{
    (void)state;
    uint64_t limbs[4] = {1, 2, 3, 4};
    uint8_t bytes[32];
    begin();
    hide(limbs, sizeof limbs);
    felt252 a = felt252_from_limbs(limbs), b = felt252_inv(a);
    b = felt252_sub(felt252_neg(felt252_sqr(b)), felt252_add(felt252_mul(a, b), a));
    felt252_to_limbs(b, limbs);
    felt252_to_bytes(b, bytes);
    bool below = felt252_from_bytes(&a, bytes), same = felt252_eq(a, b);
    assert_true(hidden(limbs, sizeof limbs) && hidden(bytes, sizeof bytes));
    assert_true(hidden(&below, 1) && hidden(&same, 1));
    assert_int_equal(leaks(), 0);
}

static void hmac(void **state)
{
    (void)state;
    uint8_t key[80] = {1}, tag[32];
    sage_hmac_sha256 h;
    begin();
    hide(key, sizeof key);
    sage_hmac_sha256_key(&h, key, 32);
    sage_hmac_sha256_update(&h, key, sizeof key);
    sage_hmac_sha256_final(&h, tag);
    assert_true(hidden(tag, sizeof tag));
    sage_hmac_sha256_key(&h, key, sizeof key);
    sage_hmac_sha256_final(&h, tag);
    assert_int_equal(leaks(), 0);
}

/* What follows leaks, and must be seen to. */

static volatile unsigned sink;

/* As many writes as the number says: no compiler makes them without a branch. */
SAGE_NOINLINE static void branch_on(uint64_t number)
{
    for (uint64_t i = 0; i < (number & 7); i++)
        sink += 3;
}

SAGE_NOINLINE static void look_up(uint64_t index)
{
    static volatile const uint8_t values[256] = {1, 2, 3};
    sink += values[index & 255];
}

static void leaks_are_seen(void **state)
{
    (void)state;
    sage_secret_key key = some_key();
    begin();
    hide(&key, sizeof key);
    branch_on(key.l[0]);
    assert_true(leaks() > 0);
    unsigned after_branch = leaks();
    look_up(key.l[1]);
    assert_true(leaks() > after_branch);
}

/* The same of real functions that are for public values. */
static void public_functions_leak(void **state)
{
    (void)state;
    sage_order k = some_number();
    felt252 a    = some_message();
    begin();
    hide(&k, sizeof k), hide(&a, sizeof a);
    sage_jacobian p = sage_generator_multiply_public(k);
    unsigned first  = leaks();
    assert_true(first > 0);
    felt252 b       = felt252_inv_public(a);
    unsigned second = leaks();
    assert_true(second > first);
    p = sage_curve_multiply(sage_curve_point(SAGE_CURVE_G), k.l);
    assert_true(leaks() > second);
    show(&p, sizeof p), show(&b, sizeof b);
    sink += (unsigned)(p.x.l[0] ^ b.l[0]); /* none of it is left out */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_bytes),      cmocka_unit_test(public_key),
        cmocka_unit_test(signing),        cmocka_unit_test(nonces),
        cmocka_unit_test(multiples),      cmocka_unit_test(order),
        cmocka_unit_test(field),          cmocka_unit_test(hmac),
        cmocka_unit_test(leaks_are_seen), cmocka_unit_test(public_functions_leak),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
