/* sage/verify.h -- check a proof file: of a statement of ours, or of a Cairo program.
 *
 * One call takes every form, which shows in the first bytes:
 *
 *   binary        "SAGEPRF1", what sage_prove writes; also holds Cairo proofs
 *   cairo-serde   a JSON array of felts "0x..": what the Cairo verifier reads
 *   json          the Rust verifier's struct as JSON
 *
 * The proof is hostile. Nothing crashes; each refusal has its stable name in err->where
 * ("proof.merkle.trace"; docs/errors.md lists them). Memory beside the caller's bytes is at most
 * SAGE_VERIFY_MAX_BYTES to verify, and for a Cairo proof twice the file's length to hold it,
 * whatever lengths the bytes promise.
 *
 * Links libc only. Thread safety: no state; any number of calls at once. Nothing here prints,
 * aborts or reads a file. docs/verify.md has an example. */
#ifndef SAGE_VERIFY_H
#define SAGE_VERIFY_H

#include "sage/statement.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SAGE_DEFAULT_SECURITY_BITS = 96, SAGE_VERIFY_MAX_BYTES = 64 << 20 };

typedef enum sage_proof_format {
    SAGE_PROOF_CAIRO_SERDE = 1,
    SAGE_PROOF_JSON        = 2,
    SAGE_PROOF_BINARY      = 3
} sage_proof_format;

/* "binary", "cairo-serde", "json"; NULL for an unknown format. */
const char *sage_proof_format_name(uint32_t format);

/* What a valid proof leaves open by the protocol's own fault. Whoever pays for proofs refuses
 * these; docs/SOUNDNESS.md ("Valid, and open") says why they are not invalid. */
typedef enum sage_caution {
    /* A row of generic_opcode may have jumped elsewhere than the program says. */
    SAGE_CAUTION_GENERIC_OPCODE = 1
} sage_caution;

/* "generic_opcode"; NULL for an unknown one. */
const char *sage_caution_name(uint32_t caution);

/* A felt252: an integer below 2^251 + 17 * 2^192 + 1, most significant byte first. */
typedef struct sage_felt_bytes {
    uint8_t be[32];
} sage_felt_bytes;

typedef struct sage_verify_result {
    sage_statement statement; /* what was proved */
    uint32_t format;          /* a sage_proof_format */
    uint32_t hash;            /* a sage_hash_family: of trees and transcript */
    uint32_t cautions;        /* sage_caution bits; 0: none */
    uint32_t security_bits;   /* conjectured: pow + blowup * queries */
    uint32_t pow_bits, log_blowup, n_queries, log_last_layer, fold_step;
    uint32_t log_rows;  /* of the largest component */
    uint32_t n_columns; /* committed trace and interaction columns */
    /* Of a Cairo proof; zero and empty for any other. */
    uint32_t salt; /* what its transcript began with */
    /* The root of its interaction tree, the first that depends on the salt. A proof that is
     * remade without proving anew keeps it. */
    uint8_t interaction_root[32];
    sage_felt_bytes program_hash;
    sage_felt_bytes *outputs; /* owned; NULL if there are none */
    size_t n_outputs;
} sage_verify_result;

/* sage_verify accepts or refuses proof[0..len).
 *
 *   in      min_security_bits   refuse configs below; SAGE_DEFAULT_SECURITY_BITS in services
 *   out     result              filled on success, for sage_verify_result_free; zeroed on error
 * Returns SAGE_OK; SAGE_EFORMAT if the bytes do not parse (err->at: byte offset, or index of
 * the felt in a felt array); SAGE_EPROOF if they parse and are false; SAGE_ELIMIT beyond the
 * bounds above; SAGE_EUNSUP for a component or preprocessed trace that is not known here;
 * SAGE_ENOMEM.
 * The caller must compare result->statement with what it wanted proved: a valid proof of
 * another statement is no answer.
 * Cost: milliseconds with Blake2s, some hundred with Poseidon252; O(queries * columns). */
SAGE_CHECKED sage_status sage_verify(const uint8_t *proof,
                                     size_t len,
                                     uint32_t min_security_bits,
                                     sage_verify_result *result,
                                     sage_errinfo *err);

/* Frees what a result owns and zeroes it; a zeroed result may be freed again. */
void sage_verify_result_free(sage_verify_result *result);

/* sage_proof_statement reads the claimed statement without verifying anything. Errors of
 * reading as above. Cost: one pass over the bytes, and hashing a Cairo proof's program. */
SAGE_CHECKED sage_status sage_proof_statement(const uint8_t *proof,
                                              size_t len,
                                              sage_statement *out,
                                              sage_errinfo *err);

#ifdef __cplusplus
}
#endif

#endif
