/* cairo/preprocessed_cache.h -- a committed preprocessed tree on disk, made once and opened by
 * every proof (facts A4, A14).
 *
 * One file per variant, hash and blowup: a header, the extended columns in commit order, the
 * Merkle nodes above the layers that are recomputed when opened. It is written beside its name,
 * synced and renamed, so a file that is there is whole. It is not trusted: every opening is
 * hashed up to the root, which must be the known constant where there is one. */
#ifndef SAGE_CAIRO_PREPROCESSED_CACHE_H
#define SAGE_CAIRO_PREPROCESSED_CACHE_H

#include "backend/backend.h"
#include "cairo/components.h"
#include "sage/prove.h"
#include "stark/preprocessed.h"

typedef struct sage_cairo_cache_key {
    sage_cairo_variant variant;
    sage_hash_kind hash;
    uint32_t log_blowup; /* 1 to 5 */
} sage_cairo_cache_key;

typedef struct sage_cairo_cache sage_cairo_cache;

/* The default directory: $SAGE_CACHE_DIR, else $XDG_CACHE_HOME/sage, else ~/.cache/sage; false
 * if the environment names none or it is too long. */
SAGE_CHECKED bool sage_cairo_cache_dir(char out[4096]);

/* sage_cairo_cache_open opens the file of `key` in `dir`: SAGE_ENOTFOUND "prove.cache" if there
 * is none, SAGE_EFORMAT "prove.cache.format" (with the path; remove it) if its header, length
 * or root is not what it must be, SAGE_EIO "prove.cache.read", SAGE_ENOMEM, SAGE_EINVAL
 * "prove.cache.variant", "prove.cache.dir" (a name too long). Cost: reads 4 KiB, takes 0.7 MiB. */
SAGE_CHECKED sage_status sage_cairo_cache_open(sage_cairo_cache **out,
                                               const char *dir,
                                               const sage_cairo_cache_key *key,
                                               sage_errinfo *err);
/* sage_cairo_cache_build makes the file, and the directory (0700) if need be. Another process
 * doing the same at the same time does no harm, and one that was killed leaves nothing that
 * the next does not remove. At most 0.5 GiB of memory beside the device's arena, which it
 * replaces; at blowup 2 they are 0.9 GiB together, whatever the variant. SAGE_EIO
 * "prove.cache.write" (disk full and the like; nothing is left behind), SAGE_ENOMEM
 * "prove.cache.memory", what the backend reports, SAGE_EINVAL "prove.cache.variant", "prove.cache.dir",
 * SAGE_EINTERNAL "prove.cache.root" if the root is not the known one. `progress` as for a
 * proof, fraction of this work alone; may be NULL. Cost: the disk's for so many bytes
 * under Blake2s; under Poseidon252 some 2 us a leaf of the tree, 7 without AVX-512 IFMA. */
SAGE_CHECKED sage_status sage_cairo_cache_build(const sage_backend *be,
                                                sage_device *dev,
                                                const char *dir,
                                                const sage_cairo_cache_key *key,
                                                sage_progress_fn progress,
                                                void *progress_arg,
                                                sage_errinfo *err);
void sage_cairo_cache_close(sage_cairo_cache *c); /* NULL allowed */

/* The tree, valid until close. Openings that do not hash to the root are SAGE_EFORMAT
 * "prove.cache.format". Thread safety: one caller at a time. Cost: 0.3 ms for a leaf and its
 * path where the file is in the page cache. */
const sage_tree_source *sage_cairo_cache_tree(const sage_cairo_cache *c);
/* Bytes the file of `key` takes; 0 for a key that is none. */
uint64_t sage_cairo_cache_bytes(const sage_cairo_cache_key *key);

#endif
