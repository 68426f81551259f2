/* Hostile Cairo proofs, whichever format they begin like. Refused by name; or read, and then
 * all that can be written of them reads back as the same proof. */
#include "cairo/proof.h"
#include "fuzz/fuzz.h"

/* Written, read, written again: the bytes are the same; ours are those that were given. */
static void check_format(const sage_cairo_proof *p,
                         sage_cairo_format format,
                         const uint8_t *given,
                         size_t len)
{
    sage_cairo_proof again;
    sage_sink first = {0}, second = {0};
    sage_errinfo err = {0};
    if (sage_cairo_write(p, format, &first, &err)) {
        FUZZ_EXPECT(err.code != SAGE_EFORMAT || strstr(err.where, "cairo.write.") == err.where);
        FUZZ_EXPECT(!given && first.len == 0);
        free(first.bytes);
        return;
    }
    if (given && format == SAGE_CAIRO_FORMAT_BINARY)
        FUZZ_EXPECT(first.len == len && memcmp(first.bytes, given, len) == 0);
    FUZZ_EXPECT(sage_cairo_recognise(first.bytes, first.len) == format);
    FUZZ_EXPECT(!sage_cairo_read(&again, first.bytes, first.len, format, &err));
    FUZZ_EXPECT(sage_cairo_proof_equal(p, &again));
    FUZZ_EXPECT(!sage_cairo_write(&again, format, &second, &err));
    FUZZ_EXPECT(first.len == second.len);
    FUZZ_EXPECT(memcmp(first.bytes, second.bytes, first.len) == 0);
    sage_cairo_proof_free(&again);
    free(first.bytes);
    free(second.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_cairo_proof p;
    sage_errinfo err         = {0};
    sage_cairo_format format = sage_cairo_recognise(bytes, len);
    if (sage_cairo_read(&p, bytes, len, format, &err)) {
        FUZZ_EXPECT(err.where && strchr(err.where, '.'));
        return 0;
    }
    for (int f = SAGE_CAIRO_FORMAT_SERDE; f <= SAGE_CAIRO_FORMAT_BINARY; f++)
        check_format(&p, (sage_cairo_format)f, (int)format == f ? bytes : NULL, len);
    sage_cairo_proof_free(&p);
    return 0;
}
