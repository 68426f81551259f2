/* Hostile headers of kept preprocessed trees. The first byte picks the key, the rest is written
 * over the header that the key should have, with the checksum it has then, or as it is. A
 * header that is taken is the one that would be written, and its root is the known one. */
#include "cairo/cache_form.h"
#include "fuzz/fuzz.h"
#include "hash/blake2s.h"

enum { CHECKSUM = 32 };

static sage_cairo_cache_key key_of(uint8_t byte)
{
    sage_hash_kind hash = byte & 1 ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S;
    return (sage_cairo_cache_key){(sage_cairo_variant)(byte / 2 % SAGE_CAIRO_VARIANTS), hash,
                                  1 + byte / 8u % SAGE_CACHE_MAX_BLOWUP};
}

/* Pairs of an offset (two bytes) and a byte. */
static void edit(uint8_t header[SAGE_CACHE_HEADER], const uint8_t *bytes, size_t len)
{
    for (; len >= 3; bytes += 3, len -= 3)
        header[(bytes[0] | (size_t)bytes[1] << 8) % SAGE_CACHE_HEADER] ^= bytes[2];
}

static void judge(const sage_cache_form *f, const uint8_t header[SAGE_CACHE_HEADER])
{
    uint8_t again[SAGE_CACHE_HEADER], root[32] = {0}, known[32];
    const char *why = NULL;
    if (!sage_cache_header_read(f, header, root, &why)) {
        FUZZ_EXPECT(why && why[0]);
        return;
    }
    sage_cache_header_write(f, root, again);
    FUZZ_EXPECT(!memcmp(again, header, sizeof again));
    if (sage_cairo_preprocessed_root(f->key.variant, f->key.hash, f->key.log_blowup, known))
        FUZZ_EXPECT(!memcmp(known, root, sizeof root));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    static const uint8_t unknown[32] = {1, 2, 3};
    uint8_t header[SAGE_CACHE_HEADER], root[32];
    sage_cache_form f;
    if (!len) return 0;
    sage_cairo_cache_key key = key_of(bytes[0]);
    FUZZ_EXPECT(!sage_cache_form_of(&f, &key, NULL));
    if (!sage_cairo_preprocessed_root(key.variant, key.hash, key.log_blowup, root))
        memcpy(root, unknown, sizeof root);
    sage_cache_header_write(&f, root, header);
    edit(header, bytes + 1, len - 1);
    judge(&f, header);
    sage_blake2s_hash(header, SAGE_CACHE_HEADER - CHECKSUM,
                      header + SAGE_CACHE_HEADER - CHECKSUM);
    judge(&f, header);
    /* The bytes as the beginning of a file. */
    memset(header, 0, sizeof header);
    memcpy(header, bytes + 1, len - 1 < sizeof header ? len - 1 : sizeof header);
    judge(&f, header);
    return 0;
}
