#include "cairo/cache_form.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "cairo/layout.h"
#include "hash/blake2s.h"

enum { PAGE = 4096, DIGEST = 32, MAGIC = 8 };

static const uint8_t magic[MAGIC] = {'S', 'A', 'G', 'E', 't', 'r', 'e', 'e'};

/* Where the fields of a header stand. Offsets of columns follow, then those of levels; both are
 * as many as the file has, and zeros fill up to the checksum. */
enum {
    AT_VERSION  = 8,
    AT_VARIANT  = 12,
    AT_HASH     = 16,
    AT_BLOWUP   = 20,
    AT_COLUMNS  = 24,
    AT_HEIGHT   = 28,
    AT_GROUP    = 32,
    AT_BYTES    = 40,
    AT_ROOT     = 48,
    AT_LOGS     = 80,
    AT_OFFSETS  = AT_LOGS + 4 * SAGE_CAIRO_MAX_PRE,
    AT_LEVELS   = AT_OFFSETS + 8 * SAGE_CAIRO_MAX_PRE,
    AT_END      = AT_LEVELS + 8 * SAGE_CACHE_MAX_HEIGHT,
    AT_CHECKSUM = SAGE_CACHE_HEADER - DIGEST
};
_Static_assert(AT_END <= AT_CHECKSUM, "the header holds all");

static sage_status check(const sage_cairo_cache_key *key, sage_errinfo *err)
{
    if ((unsigned)key->variant < SAGE_CAIRO_VARIANTS &&
        (key->hash == SAGE_HASH_BLAKE2S || key->hash == SAGE_HASH_POSEIDON252) &&
        key->log_blowup >= 1 && key->log_blowup <= SAGE_CACHE_MAX_BLOWUP)
        return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "prove.cache.variant", -1,
                     "no preprocessed tree %d, hash %d, blowup 2^%u", (int)key->variant,
                     (int)key->hash, key->log_blowup);
}

static uint64_t whole_pages(uint64_t bytes)
{
    return (bytes + PAGE - 1) / PAGE * PAGE;
}

/* At most 161 columns of 2^32 bytes: no sum overflows. */
static void place(sage_cache_form *f)
{
    uint64_t at = SAGE_CACHE_HEADER;
    for (uint32_t i = 0; i < f->n; i++) {
        f->column[i] = at;
        at           = whole_pages(at + ((uint64_t)sizeof(uint32_t) << f->logs[i]));
    }
    for (uint32_t l = SAGE_CACHE_GROUP_LOG; l < f->height; l++) {
        f->level[l] = at;
        at += (uint64_t)DIGEST << (f->height - l);
    }
    f->bytes = at;
}

sage_status
sage_cache_form_of(sage_cache_form *f, const sage_cairo_cache_key *key, sage_errinfo *err)
{
    sage_cairo_pre_column columns[SAGE_CAIRO_MAX_PRE];
    sage_status s = check(key, err);
    if (s) return s;
    memset(f, 0, sizeof *f);
    f->key = *key;
    f->n   = sage_cairo_preprocessed(key->variant, columns);
    for (uint32_t i = 0; i < f->n; i++) {
        f->pre[i]  = sage_cairo_pre(columns[i]);
        f->logs[i] = f->pre[i].log + key->log_blowup;
    }
    f->height = f->logs[f->n - 1]; /* they ascend */
    place(f);
    return SAGE_OK;
}

void sage_cache_name(const sage_cairo_cache_key *key, char name[SAGE_CACHE_NAME])
{
    static const char *const variants[] = {[SAGE_CAIRO_CANONICAL] = "canonical",
                                           [SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN] =
                                               "canonical_without_pedersen",
                                           [SAGE_CAIRO_CANONICAL_SMALL] = "canonical_small"};
    static const char *const hashes[]   = {
          [SAGE_HASH_BLAKE2S] = "blake2s", [SAGE_HASH_POSEIDON252] = "poseidon252"};
    snprintf(name, SAGE_CACHE_NAME, "%s-%s-blowup%u-v%d.tree", variants[key->variant],
             hashes[key->hash], key->log_blowup, SAGE_CACHE_VERSION);
}

static void checksum(const uint8_t header[SAGE_CACHE_HEADER], uint8_t digest[DIGEST])
{
    sage_blake2s_hash(header, AT_CHECKSUM, digest);
}

void sage_cache_header_write(const sage_cache_form *f,
                             const uint8_t root[32],
                             uint8_t header[SAGE_CACHE_HEADER])
{
    memset(header, 0, SAGE_CACHE_HEADER);
    memcpy(header, magic, MAGIC);
    sage_store_le32(header + AT_VERSION, SAGE_CACHE_VERSION);
    sage_store_le32(header + AT_VARIANT, (uint32_t)f->key.variant);
    sage_store_le32(header + AT_HASH, (uint32_t)f->key.hash);
    sage_store_le32(header + AT_BLOWUP, f->key.log_blowup);
    sage_store_le32(header + AT_COLUMNS, f->n);
    sage_store_le32(header + AT_HEIGHT, f->height);
    sage_store_le32(header + AT_GROUP, SAGE_CACHE_GROUP_LOG);
    sage_store_le64(header + AT_BYTES, f->bytes);
    memcpy(header + AT_ROOT, root, DIGEST);
    for (uint32_t i = 0; i < f->n; i++) {
        sage_store_le32(header + AT_LOGS + 4 * i, f->logs[i]);
        sage_store_le64(header + AT_OFFSETS + 8 * i, f->column[i]);
    }
    for (uint32_t l = 0; l < f->height; l++)
        sage_store_le64(header + AT_LEVELS + 8 * l, f->level[l]);
    checksum(header, header + AT_CHECKSUM);
}

/* All but the root follows from the key: a header is read by writing the one it should be. */
bool sage_cache_header_read(const sage_cache_form *f,
                            const uint8_t header[SAGE_CACHE_HEADER],
                            uint8_t root[32],
                            const char **why)
{
    uint8_t want[SAGE_CACHE_HEADER], known[DIGEST];
    *why = "not a tree of this version";
    if (memcmp(header, magic, MAGIC)) return false;
    if (sage_load_le32(header + AT_VERSION) != SAGE_CACHE_VERSION) return false;
    checksum(header, want);
    *why = "its header is damaged";
    if (memcmp(want, header + AT_CHECKSUM, DIGEST)) return false;
    sage_cache_header_write(f, header + AT_ROOT, want);
    *why = "another tree than its name says";
    if (memcmp(want, header, SAGE_CACHE_HEADER)) return false;
    *why = "its root is not the known one";
    if (sage_cairo_preprocessed_root(f->key.variant, f->key.hash, f->key.log_blowup, known) &&
        memcmp(known, header + AT_ROOT, DIGEST))
        return false;
    memcpy(root, header + AT_ROOT, DIGEST);
    return true;
}
