/* cairo_text.h -- a published Cairo proof as its text: an array of felts "0x...", where each of
 * them is, and other texts made from it.
 *
 * Two proofs of stwo-cairo 2b1fb4d (facts section 0). The files are not part of this repository
 * (base/test.h says where they are looked for). */
#ifndef TESTS_CAIRO_TEXT_H
#define TESTS_CAIRO_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Blake2s, all 46 components of the opcodes, fold step 3. */
#define ALL_OPCODES "stwo-cairo/test_prove_verify_all_opcode_components/proof.json"
/* Poseidon252, 24 components, fold step 1. */
#define RET_OPCODE  "stwo-cairo/test_prove_verify_ret_opcode/proof.json"

typedef struct cairo_text {
    char *bytes;
    size_t len;
    size_t *felt; /* offset of the opening quote; felt[n] = len */
    uint32_t n;
} cairo_text;

/* Skips the running test, counted, if the file is not there. */
cairo_text cairo_text_load(const char *name);
void cairo_text_free(cairo_text *t);

/* The value of felt i as eight little-endian words. */
void cairo_text_words(const cairo_text *t, uint32_t i, uint32_t words[8]);

/* Each writes a text to out, which holds t->len + CAIRO_TEXT_ROOM bytes, and returns its length.
 * splice: felts [from, to) with their commas become `with`; from < t->n. value: felt i becomes
 * "0x<v>". felt: felt i becomes `with`, quotes included. */
enum { CAIRO_TEXT_ROOM = 4096 };
size_t
cairo_text_splice(const cairo_text *t, uint32_t from, uint32_t to, const char *with, char *out);
size_t cairo_text_value(const cairo_text *t, uint32_t i, uint64_t v, char *out);
size_t cairo_text_felt(const cairo_text *t, uint32_t i, const char *with, char *out);

#endif
