/* sage_verify: the first bytes tell what kind of proof it is, and who judges it. */
#include "sage/verify.h"

#include <stdlib.h>
#include <string.h>

#include "statement/verify.h"
#include "verify/cairo.h"

const char *sage_proof_format_name(uint32_t format)
{
    switch (format) {
    case SAGE_PROOF_BINARY: return "binary";
    case SAGE_PROOF_CAIRO_SERDE: return "cairo-serde";
    case SAGE_PROOF_JSON: return "json";
    default: return NULL;
    }
}

const char *sage_caution_name(uint32_t caution)
{
    return caution == SAGE_CAUTION_GENERIC_OPCODE ? "generic_opcode" : NULL;
}

sage_status sage_verify(const uint8_t *proof,
                        size_t len,
                        uint32_t min_security_bits,
                        sage_verify_result *result,
                        sage_errinfo *err)
{
    sage_cairo_format cairo = sage_cairo_recognise(proof, len);
    memset(result, 0, sizeof *result);
    if (cairo) return sage_verify_cairo(proof, len, cairo, min_security_bits, result, err);
    return sage_statement_verify(proof, len, min_security_bits, result, err);
}

void sage_verify_result_free(sage_verify_result *result)
{
    free(result->outputs);
    memset(result, 0, sizeof *result);
}

sage_status
sage_proof_statement(const uint8_t *proof, size_t len, sage_statement *out, sage_errinfo *err)
{
    sage_cairo_format cairo = sage_cairo_recognise(proof, len);
    memset(out, 0, sizeof *out);
    if (cairo) return sage_cairo_claimed(proof, len, cairo, out, err);
    return sage_statement_claimed(proof, len, out, err);
}
