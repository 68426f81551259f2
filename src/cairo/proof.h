/* cairo/proof.h -- a Cairo proof in memory: the claim, and the commitment proof in our binary
 * form. All file formats read into it and are written from it (facts A13).
 *
 * A proof that was read is well-formed, not true: counts fit their bounds and every field
 * element is canonical; whether the sizes are those of the claim, and all the rest, is
 * cairo/verify.h's to judge. */
#ifndef SAGE_CAIRO_PROOF_H
#define SAGE_CAIRO_PROOF_H

#include "cairo/claim.h"
#include "hash/kind.h"
#include "stark/verifier.h"

enum { SAGE_CAIRO_INTERACTION_POW = 24, SAGE_CAIRO_MIN_POW = 20 };

typedef struct sage_cairo_proof {
    sage_hash_kind hash;
    sage_cairo_variant variant; /* by the number of preprocessed columns */
    sage_cairo_claim claim;
    m31 salt;
    /* What the proof says about samples: columns of each tree, and samples per column, flat. */
    uint32_t n_columns[SAGE_MAX_TREES];
    uint8_t *n_samples; /* owned */
    sage_sink bytes;    /* the commitment proof in our binary form (stark/proof.h); owned */
    sage_proof proof;   /* views into bytes */
} sage_cairo_proof;

void sage_cairo_proof_free(sage_cairo_proof *p);
/* The same proof: hash, variant, salt, claim, sample counts, commitment proof. */
bool sage_cairo_proof_equal(const sage_cairo_proof *a, const sage_cairo_proof *b);

/* How a proof is written in a file.
 *   SERDE   JSON array of felts "0x..": what the Cairo verifier reads
 *   JSON    the Rust verifier's struct as JSON
 *   BINARY  ours: "SAGEPRF1", statement kind cairo */
typedef enum sage_cairo_format {
    SAGE_CAIRO_FORMAT_SERDE = 1,
    SAGE_CAIRO_FORMAT_JSON,
    SAGE_CAIRO_FORMAT_BINARY
} sage_cairo_format;

/* The format that bytes begin like; 0 if like none. Looks at the first bytes only. */
sage_cairo_format sage_cairo_recognise(const uint8_t *bytes, size_t len);

/* sage_cairo_read reads bytes[0..len) of the given format; the hash shows in the bytes
 * themselves. SAGE_EFORMAT "cairo.<what>" or "proof.format.<field>" (err->at: felt of SERDE,
 * byte offset of the others; of "proof.format.digest" the digest's number); SAGE_EUNSUP for a
 * JSON proof that lacks a builtin segment or has a lifting size of its own, which the other
 * formats cannot say; SAGE_ENOMEM. On error *out is freed. Memory: at most twice the bytes and
 * SAGE_CAIRO_READ_BYTES, whatever lengths they promise. Cost: one pass over SERDE and BINARY,
 * at most five over JSON. */
enum { SAGE_CAIRO_READ_BYTES = 32 << 20 };
SAGE_CHECKED sage_status sage_cairo_read(sage_cairo_proof *out,
                                         const uint8_t *bytes,
                                         size_t len,
                                         sage_cairo_format format,
                                         sage_errinfo *err);

/* sage_cairo_write appends p to *out; nothing on error. Reading and writing are inverse: the
 * proof comes back the same, and so do the bytes, if their spaces and the order of their keys
 * are the writer's (docs/cairo-proofs.md). SAGE_EFORMAT "cairo.write.shape" if p's trees are
 * not of the claim's shape, which JSON and BINARY rely on, "cairo.write.hash" for a Poseidon252
 * proof whose first root fits 32 bits, which SERDE would take for Blake2s; SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_cairo_write(const sage_cairo_proof *p,
                                          sage_cairo_format format,
                                          sage_sink *out,
                                          sage_errinfo *err);

/* sage_cairo_proof_finish makes a proof of what a prover has: of hash, variant, claim, salt and
 * bytes it fills the other fields. Errors as sage_cairo_read's of our binary form; p is freed
 * by its owner then too. */
SAGE_CHECKED sage_status sage_cairo_proof_finish(sage_cairo_proof *p, sage_errinfo *err);

/* The trees that claim, variant and config demand, of all 68 components; *mem, which the
 * shape points into, is the caller's to free. SAGE_EINVAL "pcs.shape.<what>", SAGE_ENOMEM. */
SAGE_CHECKED sage_status sage_cairo_shape(const sage_cairo_proof *p,
                                          sage_pcs_shape *out,
                                          void **mem,
                                          sage_errinfo *err);

#endif
