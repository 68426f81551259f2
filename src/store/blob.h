/* store/blob.h -- inputs and proofs on disk, named by their Blake2s digest.
 *
 * Model: DIR/<digest> is complete and durable or absent: bytes go to DIR/tmp first, are
 * fsynced, then renamed, then the folder is fsynced. A blob is stored before the database
 * row that names it commits; a crash in between leaves a blob that nothing names, which
 * sage_blobs_sweep removes at the next start. Thread safety: a writer belongs to one thread,
 * everything else is free-threaded. */
#ifndef SAGE_STORE_BLOB_H
#define SAGE_STORE_BLOB_H

#include "hash/blake2s.h"
#include "proto/types.h"

typedef struct sage_blobs {
    char *dir;
} sage_blobs;

/* A blob on its way in. fd is -1 when there is none. */
typedef struct sage_blob_writer {
    const sage_blobs *blobs;
    sage_blake2s hash;
    uint64_t len, max;
    int fd;
    char *path;
} sage_blob_writer;

/* Bytes of a blob, mapped read-only. */
typedef struct sage_blob {
    const uint8_t *bytes;
    size_t len;
} sage_blob;

/* Creates dir and dir/tmp (mode 0700) and empties dir/tmp. SAGE_EIO "blob.open". */
SAGE_CHECKED sage_status sage_blobs_open(sage_blobs *b, const char *dir, sage_errinfo *err);
void sage_blobs_close(sage_blobs *b);

/* begin opens a temporary file; write appends, SAGE_ELIMIT "blob.size" past max bytes;
 * finish makes the blob durable under its digest and ends the writer, also on error; abort
 * removes it, and is harmless on a writer that has ended. SAGE_EIO "blob.write". */
SAGE_CHECKED sage_status sage_blob_begin(sage_blob_writer *w,
                                         const sage_blobs *b,
                                         uint64_t max,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_blob_write(sage_blob_writer *w,
                                         const void *bytes,
                                         size_t len,
                                         sage_errinfo *err);
SAGE_CHECKED sage_status sage_blob_finish(sage_blob_writer *w,
                                          sage_hex32 *digest,
                                          uint64_t *len,
                                          sage_errinfo *err);
void sage_blob_abort(sage_blob_writer *w);
/* The digest of, and a map of, what was written so far, before it is a blob. SAGE_EIO "blob.read". */
void sage_blob_digest(const sage_blob_writer *w, sage_hex32 *digest);
SAGE_CHECKED sage_status sage_blob_peek(const sage_blob_writer *w,
                                        sage_blob *out,
                                        sage_errinfo *err);

/* Maps a blob: SAGE_ENOTFOUND "blob.missing", SAGE_EIO "blob.read". An empty blob has bytes
 * that may not be read. unmap takes zeroed ones too. */
SAGE_CHECKED sage_status sage_blob_map(const sage_blobs *b,
                                       const sage_hex32 *digest,
                                       sage_blob *out,
                                       sage_errinfo *err);
void sage_blob_unmap(sage_blob *blob);
/* An open descriptor to the blob's file, read-only; *len its size. */
SAGE_CHECKED sage_status sage_blob_fd(
    const sage_blobs *b, const sage_hex32 *digest, int *fd, uint64_t *len, sage_errinfo *err);

/* Removes every blob for which keep(arg, digest) is false; *removed counts them. */
SAGE_CHECKED sage_status sage_blobs_sweep(const sage_blobs *b,
                                          bool (*keep)(void *arg, const char *digest),
                                          void *arg,
                                          uint64_t *removed,
                                          sage_errinfo *err);

#endif
