/* cairo/preprocessed_cache.c -- opening a kept tree, every time up to the root.
 *
 * Nodes that hash to the root are remembered, so that of the paths of one proof's queries no
 * part is read or hashed twice. */
#include "cairo/preprocessed_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cairo/cache_file.h"
#include "cairo/cache_form.h"

enum {
    DIGEST = 32,
    GROUP  = 1 << SAGE_CACHE_GROUP_LOG,
    PAIR   = 2 * DIGEST,
    /* 70 openings of a tree of height 26 meet some 5000 nodes. */
    KNOWN_LOG = 14,
    KNOWN     = 1 << KNOWN_LOG
};

typedef struct known_node {
    uint64_t key; /* level and index; 0: none */
    uint8_t digest[DIGEST];
} known_node;

struct sage_cairo_cache {
    sage_cache_form form;
    const sage_tree_hash *hash;
    sage_tree_source tree;
    int fd;
    char path[SAGE_CACHE_PATH];
    known_node known[KNOWN]; /* open addressing */
    uint32_t n_known;
    uint64_t group;                            /* whose words are in `rows`, + 1; 0: none */
    uint32_t rows[GROUP * SAGE_CAIRO_MAX_PRE]; /* leaf by leaf */
};

/* ---- where and how large ---- */

static const char *variable(const char *name)
{
    const char *text = getenv(name);
    return text && text[0] ? text : NULL;
}

bool sage_cairo_cache_dir(char out[4096])
{
    const char *own = variable("SAGE_CACHE_DIR"), *xdg = variable("XDG_CACHE_HOME");
    const char *home = variable("HOME");
    int n            = -1;
    if (own)
        n = snprintf(out, SAGE_CACHE_PATH, "%s", own);
    else if (xdg && xdg[0] == '/') /* the XDG specification: others are to be ignored */
        n = snprintf(out, SAGE_CACHE_PATH, "%s/sage", xdg);
    else if (home)
        n = snprintf(out, SAGE_CACHE_PATH, "%s/.cache/sage", home);
    return n >= 0 && n < SAGE_CACHE_PATH;
}

uint64_t sage_cairo_cache_bytes(const sage_cairo_cache_key *key)
{
    sage_cache_form f;
    return sage_cache_form_of(&f, key, NULL) ? 0 : f.bytes;
}

/* ---- known nodes ---- */

static known_node *slot_of(sage_cairo_cache *c, uint32_t level, uint32_t index)
{
    uint64_t key = ((uint64_t)(level + 1) << 32) | index;
    uint32_t at  = (uint32_t)((key * 0x9e3779b97f4a7c15u) >> (64 - KNOWN_LOG)); /* 2^64 / phi */
    while (c->known[at].key && c->known[at].key != key)
        at = (at + 1) % KNOWN;
    return &c->known[at];
}

static const uint8_t *known(sage_cairo_cache *c, uint32_t level, uint32_t index)
{
    if (level == c->form.height) return c->tree.root;
    const known_node *slot = slot_of(c, level, index);
    return slot->key ? slot->digest : NULL;
}

/* A table that is full starts anew: it saves work and decides nothing. Before an opening, which
 * meets fewer nodes than are then free. */
static void make_room(sage_cairo_cache *c)
{
    if (c->n_known <= KNOWN / 4 * 3) return;
    memset(c->known, 0, sizeof c->known);
    c->n_known = 0;
}

static void remember(sage_cairo_cache *c, uint32_t level, uint32_t index, const uint8_t *digest)
{
    known_node *slot = slot_of(c, level, index);
    if (slot->key) return;
    slot->key = ((uint64_t)(level + 1) << 32) | index;
    memcpy(slot->digest, digest, DIGEST);
    c->n_known++;
}

/* ---- openings ---- */

static sage_status
damaged(const sage_cairo_cache *c, uint32_t level, uint32_t index, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "prove.cache.format", index,
                     "%.160s is damaged (level %u); remove it", c->path, level);
}

/* The digest of a kept node: down from the lowest known node above it, two children at a time. */
static sage_status kept_digest(sage_cairo_cache *c,
                               uint32_t level,
                               uint32_t index,
                               uint8_t digest[DIGEST],
                               sage_errinfo *err)
{
    uint32_t at = level;
    while (!known(c, at, index >> (at - level)))
        at++;
    memcpy(digest, known(c, at, index >> (at - level)), DIGEST);
    while (at-- > level) {
        uint8_t pair[PAIR], parent[DIGEST];
        uint32_t child = index >> (at - level), left = child & ~1u;
        sage_status s = sage_cache_get(
            c->fd, c->path, c->form.level[at] + (uint64_t)DIGEST * left, pair, PAIR, err);
        if (s) return s;
        c->hash->node(pair, parent);
        if (!c->hash->canonical(pair) || !c->hash->canonical(pair + DIGEST) ||
            memcmp(parent, digest, DIGEST))
            return damaged(c, at, left, err);
        remember(c, at, left, pair);
        remember(c, at, left + 1, pair + DIGEST);
        memcpy(digest, pair + (size_t)DIGEST * (child & 1), DIGEST);
    }
    return SAGE_OK;
}

/* The words of a group of leaves: in each column they are a run, from the first one's on. */
static sage_status read_rows(sage_cairo_cache *c, uint32_t group, sage_errinfo *err)
{
    const sage_cache_form *f = &c->form;
    uint32_t leaf            = group << SAGE_CACHE_GROUP_LOG;
    for (uint32_t i = 0; i < f->n; i++) {
        uint8_t run[4 * GROUP];
        uint32_t first = lift_position(leaf, f->height, f->logs[i]);
        uint32_t last  = lift_position(leaf + GROUP - 1, f->height, f->logs[i]);
        sage_status s  = sage_cache_get(c->fd, c->path, f->column[i] + 4 * (uint64_t)first, run,
                                        4 * (size_t)(last - first + 1), err);
        if (s) return s;
        for (uint32_t k = 0; k < GROUP; k++)
            c->rows[k * f->n + i] = sage_load_le32(
                run + 4 * (size_t)(lift_position(leaf + k, f->height, f->logs[i]) - first));
    }
    return SAGE_OK;
}

static void hash_leaf(const sage_cairo_cache *c, uint32_t k, uint8_t digest[DIGEST])
{
    uint8_t bytes[4 * SAGE_CAIRO_MAX_PRE];
    for (uint32_t i = 0; i < c->form.n; i++)
        sage_store_le32(bytes + 4 * i, c->rows[k * c->form.n + i]);
    c->hash->leaf(bytes, c->form.n, digest);
}

/* The words of a group into c->rows, and all nodes below its root among the known. */
static sage_status open_group(sage_cairo_cache *c, uint32_t group, sage_errinfo *err)
{
    uint8_t node[2 * GROUP][DIGEST], want[DIGEST]; /* node i has children 2 i and 2 i + 1 */
    if (c->group == (uint64_t)group + 1) return SAGE_OK;
    c->group      = 0;
    sage_status s = read_rows(c, group, err);
    if (!s) s = kept_digest(c, SAGE_CACHE_GROUP_LOG, group, want, err);
    if (s) return s;
    for (uint32_t k = 0; k < GROUP; k++)
        hash_leaf(c, k, node[GROUP + k]);
    for (uint32_t i = GROUP - 1; i > 0; i--)
        c->hash->node(node[2 * (size_t)i], node[i]);
    if (memcmp(node[1], want, DIGEST)) return damaged(c, 0, group * GROUP, err);
    for (uint32_t level = 0; level < SAGE_CACHE_GROUP_LOG; level++)
        for (uint32_t i = 0; i < (uint32_t)GROUP >> level; i++)
            remember(c, level, (group * GROUP >> level) + i, node[(GROUP >> level) + i]);
    c->group = (uint64_t)group + 1;
    return SAGE_OK;
}

static sage_status digest_of(
    sage_cairo_cache *c, uint32_t level, uint32_t index, uint8_t out[DIGEST], sage_errinfo *err)
{
    make_room(c);
    if (level >= SAGE_CACHE_GROUP_LOG) return kept_digest(c, level, index, out, err);
    if (!known(c, level, index)) {
        c->group      = 0; /* its nodes were forgotten */
        sage_status s = open_group(c, index >> (SAGE_CACHE_GROUP_LOG - level), err);
        if (s) return s;
    }
    memcpy(out, known(c, level, index), DIGEST);
    return SAGE_OK;
}

static sage_status
check_indices(const uint32_t *index, uint32_t n, uint32_t log, sage_errinfo *err)
{
    for (uint32_t i = 0; i < n; i++)
        if (index[i] >> log)
            return sage_fail(err, SAGE_EINVAL, "merkle.index", i, "node %u of a layer of 2^%u",
                             index[i], log);
    return SAGE_OK;
}

static sage_status digests(void *arg,
                           uint32_t level,
                           const uint32_t *index,
                           uint32_t n,
                           uint8_t (*out)[32],
                           sage_errinfo *err)
{
    sage_cairo_cache *c = arg;
    if (level > c->form.height)
        return sage_fail(err, SAGE_EINVAL, "merkle.level", level,
                         "level %u of a tree of height %u", level, c->form.height);
    sage_status s = check_indices(index, n, c->form.height - level, err);
    for (uint32_t i = 0; !s && i < n; i++)
        s = digest_of(c, level, index[i], out[i], err);
    return s;
}

static sage_status
leaves(void *arg, const uint32_t *index, uint32_t n, uint32_t *out, sage_errinfo *err)
{
    sage_cairo_cache *c = arg;
    uint32_t words      = c->form.n;
    sage_status s       = check_indices(index, n, c->form.height, err);
    for (uint32_t i = 0; !s && i < n; i++) {
        make_room(c);
        s = open_group(c, index[i] / GROUP, err);
        if (!s)
            memcpy(out + (size_t)i * words, c->rows + (size_t)(index[i] % GROUP) * words,
                   words * sizeof *out);
    }
    return s;
}

/* ---- open and close ---- */

static sage_status open_file(sage_cairo_cache *c, const char *dir, sage_errinfo *err)
{
    char name[SAGE_CACHE_NAME];
    sage_cache_name(&c->form.key, name);
    int n = snprintf(c->path, sizeof c->path, "%s/%s", dir, name);
    if (n < 0 || (size_t)n >= sizeof c->path)
        return sage_fail(err, SAGE_EINVAL, "prove.cache.dir", -1,
                         "the folder's name is too long");
    c->fd = open(c->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe must not stop us */
    if (c->fd >= 0) return SAGE_OK;
    if (errno == ENOENT)
        return sage_fail(err, SAGE_ENOTFOUND, "prove.cache", -1, "no %.160s", c->path);
    return sage_fail(err, SAGE_EIO, "prove.cache.read", -1, "%.160s: %s", c->path,
                     strerror(errno));
}

static sage_status read_head(sage_cairo_cache *c, sage_errinfo *err)
{
    uint8_t header[SAGE_CACHE_HEADER];
    const char *why = "not a file of its length";
    struct stat st;
    if (fstat(c->fd, &st))
        return sage_fail(err, SAGE_EIO, "prove.cache.read", -1, "%.160s: %s", c->path,
                         strerror(errno));
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size == c->form.bytes) {
        sage_status s = sage_cache_get(c->fd, c->path, 0, header, sizeof header, err);
        if (s) return s;
        if (sage_cache_header_read(&c->form, header, c->tree.root, &why)) return SAGE_OK;
    }
    return sage_fail(err, SAGE_EFORMAT, "prove.cache.format", -1, "%.160s: %s; remove it",
                     c->path, why);
}

static sage_status
start(sage_cairo_cache *c, const char *dir, const sage_cairo_cache_key *key, sage_errinfo *err)
{
    sage_status s = sage_cache_form_of(&c->form, key, err);
    if (!s) s = open_file(c, dir, err);
    if (!s) s = read_head(c, err);
    if (s) return s;
    c->hash            = sage_tree_hash_of(key->hash);
    c->tree.arg        = c;
    c->tree.log_height = c->form.height;
    c->tree.n_cols     = c->form.n;
    c->tree.digests    = digests;
    c->tree.leaves     = leaves;
    return SAGE_OK;
}

sage_status sage_cairo_cache_open(sage_cairo_cache **out,
                                  const char *dir,
                                  const sage_cairo_cache_key *key,
                                  sage_errinfo *err)
{
    sage_cairo_cache *c = calloc(1, sizeof *c);
    *out                = NULL;
    if (!c)
        return sage_fail(err, SAGE_ENOMEM, "prove.cache.memory", -1,
                         "no memory to open a preprocessed tree");
    c->fd         = -1;
    sage_status s = start(c, dir, key, err);
    if (s)
        sage_cairo_cache_close(c);
    else
        *out = c;
    return s;
}

void sage_cairo_cache_close(sage_cairo_cache *c)
{
    if (!c) return;
    if (c->fd >= 0) close(c->fd);
    free(c);
}

const sage_tree_source *sage_cairo_cache_tree(const sage_cairo_cache *c)
{
    return &c->tree;
}
