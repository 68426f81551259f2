/* SHA-256 against FIPS 180-4's example and Python's hashlib, around the ends of blocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "hash/sha256.h"

static void print_digest(char out[65], sage_sha256 *s)
{
    uint8_t digest[32];
    sage_sha256_final(s, digest);
    for (int i = 0; i < 32; i++)
        snprintf(out + 2 * i, 3, "%02x", digest[i]);
}

static void hashes_the_example(void **state)
{
    char got[65];
    sage_sha256 s;
    (void)state;
    sage_sha256_init(&s);
    sage_sha256_update(&s, "abc", 3);
    print_digest(got, &s);
    assert_string_equal(got,
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Byte i is 7 i + n. In one piece, and in pieces of 1, 2, 3, .. bytes. */
static void hashes_all_lengths(void **state)
{
    static const struct {
        size_t n;
        const char *digest;
    } cases[] = {
        {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {1, "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"},
        {3, "6ab0dba1f4f1dfbb37b4f9eeb092c09fca4900ad32bdcd147d8dde35d6c87c35"},
        {55, "81afe5b788dc2ce138ff83d9b20164db75a94d75d2b2432eea4a0ef605088c72"},
        {56, "2aba54f0ac632420a2b502431408866e40e1d5e430df4cd822642c78ab2eb9c1"},
        {63, "733d3d4ee79ee67145bf73da13588f6f235d37414fc64b14a2f00f1762792f5e"},
        {64, "79322907b3e9d013d7dc2c2f256674dbf733045cde01df3539271c6f5605feb8"},
        {65, "d85c007c6eb440f085afa2b84f6f2bce4658b240e9f62cb1364bf0485a57e720"},
        {119, "6c87eedf096b345de205b702e5223b73b447a3207791ded3ea007ba15ed6736e"},
        {120, "42500cf6a1e3936d6b9e0bcfe296d654b63255e525487d3634d0b15fde591c4d"},
        {200, "8e3f3819b4f1b1f71c011c6b854c43601f132c3c88b8982b20733d2b1695c593"},
        {1000, "6b0df76627243d095b0c4400cb658b7e804dd03461cc03aee8fc8fe0bcada168"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t bytes[1000];
        char got[65];
        size_t n = cases[i].n;
        sage_sha256 s;
        for (size_t k = 0; k < n; k++)
            bytes[k] = (uint8_t)(7 * k + n);
        sage_sha256_init(&s);
        sage_sha256_update(&s, bytes, n);
        print_digest(got, &s);
        assert_string_equal(got, cases[i].digest);
        sage_sha256_init(&s);
        for (size_t at = 0, piece = 1; at < n; at += piece, piece++) {
            if (piece > n - at) piece = n - at;
            sage_sha256_update(&s, bytes + at, piece);
        }
        print_digest(got, &s);
        assert_string_equal(got, cases[i].digest);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_the_example),
        cmocka_unit_test(hashes_all_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
