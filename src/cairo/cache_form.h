/* cairo/cache_form.h -- the file of a kept preprocessed tree: what lies where.
 *
 *   0           header, SAGE_CACHE_HEADER bytes
 *   column[i]   the extended column i in commit order: 2^logs[i] words
 *   level[l]    the digests of level l, first_level <= l < height, 32 bytes each
 *
 * Words are little-endian, columns begin at whole pages. Below first_level nothing is kept: a
 * group of 2^SAGE_CACHE_GROUP_LOG leaves is hashed again when one of them is opened.
 *
 * Columns lie one after the other, as they are extended, and not leaf by leaf. A proof opens
 * some 70 leaves: a read of at most 64 bytes in each of 161 columns, about 1 us each from
 * the page cache. Columns of one size woven together would save nine reads in ten of these, but to
 * weave Pedersen's 56 takes all of them at once (3.5 GiB), or a second pass over the disk, which
 * is what a build waits for. */
#ifndef SAGE_CAIRO_CACHE_FORM_H
#define SAGE_CAIRO_CACHE_FORM_H

#include "cairo/preprocessed_cache.h"

enum {
    SAGE_CACHE_HEADER     = 4096,
    SAGE_CACHE_VERSION    = 1,
    SAGE_CACHE_GROUP_LOG  = 4,
    SAGE_CACHE_MAX_BLOWUP = 5,
    SAGE_CACHE_MAX_HEIGHT = 30,
    SAGE_CACHE_NAME       = 96
};

typedef struct sage_cache_form {
    sage_cairo_cache_key key;
    sage_air_pre pre[SAGE_CAIRO_MAX_PRE];
    uint32_t logs[SAGE_CAIRO_MAX_PRE]; /* extended */
    uint32_t n, height;
    uint64_t column[SAGE_CAIRO_MAX_PRE], level[SAGE_CACHE_MAX_HEIGHT]; /* offsets in bytes */
    uint64_t bytes;                                                    /* of the file */
} sage_cache_form;

/* The form of a key's file. SAGE_EINVAL "prove.cache.variant" if there is no such variant, hash or
 * blowup. */
SAGE_CHECKED sage_status sage_cache_form_of(sage_cache_form *f,
                                            const sage_cairo_cache_key *key,
                                            sage_errinfo *err);
/* The file's name, which no other key and no other version has. */
void sage_cache_name(const sage_cairo_cache_key *key, char name[SAGE_CACHE_NAME]);

/* The header: all of the form, the root, and the Blake2s digest of what stands before it. */
void sage_cache_header_write(const sage_cache_form *f,
                             const uint8_t root[32],
                             uint8_t header[SAGE_CACHE_HEADER]);
/* Is it a header of that form? Then also its root, which is the known one if there is one; else
 * *why is a static text. */
SAGE_CHECKED bool sage_cache_header_read(const sage_cache_form *f,
                                         const uint8_t header[SAGE_CACHE_HEADER],
                                         uint8_t root[32],
                                         const char **why);

#endif
