/* Hostile texts in the form of published Cairo proofs. */
#include "cairo/proof.h"
#include "fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    if (sage_cairo_read(&p, bytes, len, SAGE_CAIRO_FORMAT_SERDE, &err))
        FUZZ_EXPECT(err.where && strchr(err.where, '.'));
    else
        sage_cairo_proof_free(&p);
    return 0;
}
