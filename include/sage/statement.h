/* sage/statement.h -- what a proof claims: a kind and its public values.
 *
 * A statement is a fixed-size value without pointers. Public values are 32-bit words:
 *
 *   wide_fibonacci  n_columns, log_rows
 *   poseidon2       log_instances, start[16], end[16]: end = P^(2^log_instances)(start)
 *   file_digest     length low word, length high word, digest[8]
 *   cairo           hash family, program[8], output[8], n_outputs: the hashes of the program
 *                   that ran and of what it put out, as felt252 in little-endian words
 *
 * docs/statements.md defines each kind. Thread safety: all functions are pure. */
#ifndef SAGE_STATEMENT_H
#define SAGE_STATEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "sage/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum sage_statement_kind {
    SAGE_STATEMENT_WIDE_FIBONACCI = 1,
    SAGE_STATEMENT_POSEIDON2      = 2,
    SAGE_STATEMENT_FILE_DIGEST    = 3,
    SAGE_STATEMENT_CAIRO          = 4 /* proved by sage/cairo.h */
} sage_statement_kind;

/* Where the public words of a cairo statement stand. */
enum {
    SAGE_CAIRO_WORD_HASH      = 0, /* a sage_hash_family */
    SAGE_CAIRO_WORD_PROGRAM   = 1,
    SAGE_CAIRO_WORD_OUTPUT    = 9,
    SAGE_CAIRO_WORD_N_OUTPUTS = 17,
    SAGE_CAIRO_PUBLIC_WORDS   = 18
};

/* What a proof's trees and transcript are hashed with, and a Cairo program by the same. */
typedef enum sage_hash_family {
    SAGE_HASH_FAMILY_BLAKE2S     = 0,
    SAGE_HASH_FAMILY_POSEIDON252 = 1
} sage_hash_family;

enum { SAGE_MAX_PUBLIC = 64 };

typedef struct sage_statement {
    uint32_t kind; /* a sage_statement_kind */
    uint32_t n_public;
    uint32_t public_words[SAGE_MAX_PUBLIC];
} sage_statement;

/* "wide_fibonacci" ...; NULL for an unknown kind. */
const char *sage_statement_name(uint32_t kind);
/* "blake2s", "poseidon252"; NULL for an unknown family. */
const char *sage_hash_family_name(uint32_t family);
/* Checks kind, number and ranges of the public values: SAGE_EINVAL, "statement.<what>". */
SAGE_CHECKED sage_status sage_statement_check(const sage_statement *s, sage_errinfo *err);
/* Whether sage_prove makes proofs of this kind: SAGE_EINVAL "statement.kind" for an unknown kind,
 * SAGE_EUNSUP "statement.cairo" for cairo, of which sage_prove_cairo makes them. */
SAGE_CHECKED sage_status sage_statement_provable(uint32_t kind, sage_errinfo *err);

/* The three makers. poseidon2 takes start[16] (each < 2^31 - 1) and computes end; file_digest
 * computes the Poseidon2-M31 sponge digest of bytes[0..len). Cost: about 0.3 us a
 * permutation, one for 30 bytes. SAGE_EINVAL / SAGE_ELIMIT with the range in err->msg. */
SAGE_CHECKED sage_status sage_statement_wide_fibonacci(sage_statement *out,
                                                       uint32_t n_columns,
                                                       uint32_t log_rows,
                                                       sage_errinfo *err);
SAGE_CHECKED sage_status sage_statement_poseidon2(sage_statement *out,
                                                  uint32_t log_instances,
                                                  const uint32_t start[16],
                                                  sage_errinfo *err);
SAGE_CHECKED sage_status sage_statement_file_digest(sage_statement *out,
                                                    const uint8_t *bytes,
                                                    size_t len,
                                                    sage_errinfo *err);

/* Two statements are the same claim iff all words agree. */
int sage_statement_equal(const sage_statement *a, const sage_statement *b);

#ifdef __cplusplus
}
#endif

#endif
