/* curve/test_vectors.h -- numbers and published vectors for this room's tests. */
#ifndef SAGE_CURVE_TEST_VECTORS_H
#define SAGE_CURVE_TEST_VECTORS_H

#include "base/test.h"

#include <jansson.h>

#include "field/felt252.h"

/* crypto.json of the shared vectors; NULL where there is none. The caller frees it. */
SAGE_INLINE json_t *vectors_load(void)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path, "%s%s/vectors/starknet/crypto.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    return json_load_file(path, 0, NULL);
}

/* Hexadecimal text, "0x" or not, of at most 256 bits. */
SAGE_INLINE void limbs_of(uint64_t limbs[4], const char *text)
{
    size_t start = strncmp(text, "0x", 2) ? 0 : 2;
    memset(limbs, 0, 4 * sizeof *limbs);
    for (const char *c = text + start; *c; c++) {
        for (int i = 3; i > 0; i--)
            limbs[i] = limbs[i] << 4 | limbs[i - 1] >> 60;
        unsigned digit = (unsigned)(*c <= '9' ? *c - '0' : (*c | 32) - 'a' + 10);
        assert_true(digit < 16);
        limbs[0] = limbs[0] << 4 | digit;
    }
}

SAGE_INLINE felt252 felt_of(const char *text)
{
    uint64_t limbs[4];
    limbs_of(limbs, text);
    return felt252_from_limbs(limbs);
}

SAGE_INLINE const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    return text;
}

SAGE_INLINE uint64_t random_word(void)
{
    static uint64_t seed = 0xcafe;
    seed                 = seed * 6364136223846793005u + 1442695040888963407u;
    return seed ^ seed >> 29;
}

SAGE_INLINE void random_limbs(uint64_t limbs[4])
{
    for (int i = 0; i < 4; i++)
        limbs[i] = random_word();
}

SAGE_INLINE felt252 random_felt(void)
{
    uint64_t limbs[4];
    random_limbs(limbs);
    return felt252_from_limbs(limbs);
}

#endif
