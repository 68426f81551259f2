/* cairo_felts.h -- every felt of a Cairo proof's text and where its value lies in the proof that
 * was read, so that a felt can be changed without reading the text again. */
#ifndef TESTS_CAIRO_FELTS_H
#define TESTS_CAIRO_FELTS_H

#include "cairo/proof.h"
#include "cairo_text.h"

/* What a felt is, in the order of the text (facts A13). */
typedef enum cairo_section {
    SEC_PROGRAM_ID,
    SEC_PROGRAM_VALUE,
    SEC_SEGMENTS,
    SEC_OUTPUT_ID,
    SEC_OUTPUT_VALUE,
    SEC_SAFE_CALL,
    SEC_INITIAL,
    SEC_FINAL,
    SEC_OPTION,
    SEC_LOG_SIZE,
    SEC_INTERACTION_POW,
    SEC_CLAIMED_SUMS,
    SEC_CONFIG,
    SEC_ROOT,
    SEC_SAMPLED,
    SEC_SIBLINGS,
    SEC_QUERIED,
    SEC_POW_NONCE,
    SEC_FRI_WITNESS,
    SEC_FRI_SIBLINGS,
    SEC_FRI_ROOT,
    SEC_LAST_LAYER,
    SEC_LAST_LOG,
    SEC_SALT,
    SEC_COUNT, /* a length prefix, wherever it stands */
    SECTIONS
} cairo_section;
extern const char *const cairo_section_names[SECTIONS];

typedef enum cairo_felt_kind {
    FELT_SHAPE,  /* a length: nothing of it in the proof alone; at is NULL */
    FELT_TAG,    /* of an Option: the byte at is 0 for None; part is the component */
    FELT_LOG,    /* a byte, a log size */
    FELT_M31,    /* a word, canonical */
    FELT_WORD,   /* a word */
    FELT_TOP,    /* a word below 2^28, the highest of a value below 2^252 */
    FELT_U64,    /* two words */
    FELT_DIGEST, /* eight words, below the STARK prime */
} cairo_felt_kind;

typedef struct cairo_felt {
    uint8_t section, kind;
    uint8_t part;     /* tree, FRI layer, component, place in config or registers */
    bool first, last; /* of its vector */
    uint16_t column;  /* of a sampled value */
    void *at;         /* into the proof; unaligned */
} cairo_felt;

typedef struct cairo_felts {
    sage_cairo_proof proof;
    cairo_felt *felt; /* one for each of the text */
    uint32_t n;
} cairo_felts;

/* Reads the text and asserts that each felt of it is what lies at its place in the proof, which
 * must not be moved afterwards. */
void cairo_felts_open(cairo_felts *m, const cairo_text *t);
void cairo_felts_close(cairo_felts *m);

/* Another value of the felt's kind, by *seed; `old` keeps what was there. Not for FELT_SHAPE. */
typedef struct cairo_value {
    uint8_t bytes[32];
} cairo_value;
cairo_value cairo_felt_change(const cairo_felt *f, uint64_t *seed);
void cairo_felt_restore(const cairo_felt *f, const cairo_value *old);

/* A proof of its own, from the bytes of p, for sage_cairo_proof_free. */
void cairo_proof_copy(sage_cairo_proof *out, const sage_cairo_proof *p);

uint64_t cairo_random(uint64_t *seed);

#endif
