/* Keccak: its constants, published digests, block edges against byte-wise padding. */
#include "base/test.h"

#include "base/hex.h"
#include "hash/keccak.h"

static void assert_digest(const void *bytes, size_t n, const char *hex)
{
    uint8_t digest[32];
    char text[65];
    sage_keccak256(bytes, n, digest);
    sage_hex_encode(text, digest, 32);
    assert_string_equal(text, hex);
}

/* Ethereum's empty hash; "abc" of the Keccak team; the selector of transfer(address,uint256)
 * begins a9059cbb; sn_keccak("transfer") of Starknet is the same 250 bits. */
static void published(void **state)
{
    (void)state;
    assert_digest(NULL, 0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
    assert_digest("abc", 3, "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
    uint8_t digest[32];
    sage_keccak256("transfer(address,uint256)", 25, digest);
    assert_memory_equal(digest, "\xa9\x05\x9c\xbb", 4);
    static const uint8_t transfer[32] = {0x00, 0x83, 0xaf, 0xd3, 0xf4, 0xca, 0xed, 0xc6,
                                         0xee, 0xbf, 0x44, 0x24, 0x6f, 0xe5, 0x4e, 0x38,
                                         0xc9, 0x5e, 0x31, 0x79, 0xa5, 0xec, 0x9e, 0xa8,
                                         0x17, 0x40, 0xec, 0xa5, 0xb4, 0x82, 0xd1, 0x2e};
    sage_keccak256("transfer", 8, digest);
    digest[0] &= 3;
    assert_memory_equal(digest, transfer, 32);
}

/* The permutation with the LFSR's constants, on bits: FIPS 202 read literally. */
static int lfsr_bit(int t)
{
    unsigned r = 1;
    for (int i = 0; i < t % 255; i++)
        r = r << 1 ^ (r >> 7 & 1 ? 0x171 : 0);
    return r & 1;
}

static int at(const uint8_t bits[1600], int x, int y, int z)
{
    return bits[64 * (5 * (((y % 5) + 5) % 5) + ((x % 5) + 5) % 5) + ((z % 64) + 64) % 64];
}

static void literal_round(uint8_t b[1600], int round)
{
    static uint8_t c[1600];
    for (int i = 0; i < 1600; i++) { /* theta */
        int x = i / 64 % 5, y = i / 320, z = i % 64, sum = at(b, x, y, z);
        for (int k = 0; k < 5; k++)
            sum ^= at(b, x - 1, k, z) ^ at(b, x + 1, k, z - 1);
        c[i] = (uint8_t)sum;
    }
    memcpy(b, c, sizeof c);
    for (int x = 1, y = 0, t = 0; t < 24; t++) { /* rho */
        for (int z = 0; z < 64; z++)
            c[64 * (5 * y + x) + z] = (uint8_t)at(b, x, y, z - (t + 1) * (t + 2) / 2 % 64);
        int next = (2 * x + 3 * y) % 5;
        x = y, y = next;
    }
    for (int i = 0; i < 1600; i++) { /* pi */
        int x = i / 64 % 5, y = i / 320;
        b[i] = (uint8_t)at(c, x + 3 * y, x, i % 64);
    }
    for (int i = 0; i < 1600; i++) { /* chi */
        int x = i / 64 % 5, y = i / 320, z = i % 64;
        c[i] = (uint8_t)(at(b, x, y, z) ^ ((at(b, x + 1, y, z) ^ 1) & at(b, x + 2, y, z)));
    }
    memcpy(b, c, sizeof c);
    for (int j = 0; j <= 6; j++) /* iota */
        b[(1 << j) - 1] ^= (uint8_t)lfsr_bit(j + 7 * round);
}

static void literal(void **state)
{
    (void)state;
    uint64_t fast[25];
    static uint8_t bits[1600];
    for (int i = 0; i < 25; i++)
        fast[i] = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 1600; i++)
        bits[i] = fast[i / 64] >> (i % 64) & 1;
    sage_keccak_f1600(fast);
    for (int round = 0; round < 24; round++)
        literal_round(bits, round);
    for (int i = 0; i < 1600; i++)
        assert_int_equal(bits[i], fast[i / 64] >> (i % 64) & 1);
}

/* Lengths around a block: the sponge over a message padded by hand. */
static void block_edges(void **state)
{
    (void)state;
    uint8_t message[3 * 136], digest[32];
    for (size_t n = 0; n < 2 * 136 + 2; n++) {
        uint64_t sponge[25] = {0};
        memset(message, 0, sizeof message);
        for (size_t i = 0; i < n; i++)
            message[i] = (uint8_t)(i * 7 + n);
        size_t blocks = n / 136 + 1;
        sage_keccak256(message, n, digest);
        message[n] |= 1;
        message[136 * blocks - 1] |= 0x80;
        for (size_t i = 0; i < 136 * blocks; i++) {
            sponge[i % 136 / 8] ^= (uint64_t)message[i] << (8 * (i % 8));
            if (i % 136 == 135) sage_keccak_f1600(sponge);
        }
        for (int i = 0; i < 32; i++)
            assert_int_equal(digest[i], sponge[i / 8] >> (8 * (i % 8)) & 255);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published),
        cmocka_unit_test(literal),
        cmocka_unit_test(block_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
