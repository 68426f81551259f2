/* HMAC-SHA256 against RFC 4231's cases and its own definition. */
#include "base/test.h"

#include "hash/hmac_sha256.h"

typedef struct vector {
    uint8_t key_byte, data_byte;
    size_t key_len, data_len;
    const char *key, *data, *tag;
} vector;

/* RFC 4231, sections 4.2 to 4.4, 4.7 and 4.8; keys and data of one repeated byte as such. */
static const vector vectors[] = {
    {0x0b, 0, 20, 0, NULL, "Hi There",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
    {0, 0, 0, 0, "Jefe", "what do ya want for nothing?",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
    {0xaa, 0xdd, 20, 50, NULL, NULL,
     "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    {0xaa, 0, 131, 0, NULL, "Test Using Larger Than Block-Size Key - Hash Key First",
     "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
    {0xaa, 0, 131, 0, NULL,
     "This is a test using a larger than block-size key and a larger than block-size data. "
     "The key needs to be hashed before being used by the HMAC algorithm.",
     "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
};

static size_t bytes_of(uint8_t *out, const char *text, uint8_t byte, size_t n)
{
    if (text) {
        n = strlen(text);
        memcpy(out, text, n);
    } else {
        memset(out, byte, n);
    }
    return n;
}

static void assert_tag(const uint8_t tag[32], const char *hex)
{
    char text[65];
    for (int i = 0; i < 32; i++)
        snprintf(text + 2 * i, 3, "%02x", tag[i]);
    assert_string_equal(text, hex);
}

static void published(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const vector *v = &vectors[i];
        uint8_t key[256], data[256], tag[32];
        size_t key_len  = bytes_of(key, v->key, v->key_byte, v->key_len);
        size_t data_len = bytes_of(data, v->data, v->data_byte, v->data_len);
        sage_hmac_sha256 h;
        sage_hmac_sha256_key(&h, key, key_len);
        for (int again = 0; again < 2; again++) { /* the key stays for the next message */
            sage_hmac_sha256_update(&h, data, data_len / 2);
            sage_hmac_sha256_update(&h, data + data_len / 2, data_len - data_len / 2);
            sage_hmac_sha256_final(&h, tag);
            assert_tag(tag, v->tag);
        }
    }
}

/* A key of a whole block is taken as it is, one of a byte more as its hash. */
static void long_keys(void **state)
{
    (void)state;
    uint8_t key[65], digest[32], a[32], b[32];
    memset(key, 7, sizeof key);
    sage_sha256 s;
    sage_sha256_init(&s);
    sage_sha256_update(&s, key, 65);
    sage_sha256_final(&s, digest);
    sage_hmac_sha256 h;
    sage_hmac_sha256_key(&h, key, 65);
    sage_hmac_sha256_final(&h, a);
    sage_hmac_sha256_key(&h, digest, 32);
    sage_hmac_sha256_final(&h, b);
    assert_memory_equal(a, b, 32);
    sage_hmac_sha256_key(&h, key, 64);
    sage_hmac_sha256_final(&h, b);
    assert_memory_not_equal(a, b, 32);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published),
        cmocka_unit_test(long_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
