/* Hostile texts in the form of published Cairo proofs: read, and the shape they claim. */
#include "cairo/proof.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    if (!len) return 0;
    sage_cairo_hash hash = bytes[0] & 1 ? SAGE_CAIRO_BLAKE2S : SAGE_CAIRO_POSEIDON252;
    if (sage_cairo_proof_read(&p, (const char *)bytes + 1, len - 1, hash, &err))
        FUZZ_EXPECT(err.where && strchr(err.where, '.'));
    else
        sage_cairo_proof_free(&p);
    return 0;
}
