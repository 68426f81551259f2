/* Hostile proof files. Whatever the bytes: an answer, a named reason, and the same answer
 * from the reader of the statement when the proof is accepted. */
#include "fuzz/fuzz.h"
#include "sage/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_verify_result result;
    sage_statement claimed;
    sage_errinfo err   = {0};
    sage_status status = sage_verify(bytes, len, 0, &result, &err);
    if (status) {
        FUZZ_EXPECT(err.code == status && err.where && strchr(err.where, '.'));
        FUZZ_EXPECT(status != SAGE_EINTERNAL);
        return 0;
    }
    FUZZ_EXPECT(!sage_proof_statement(bytes, len, &claimed, NULL));
    FUZZ_EXPECT(sage_statement_equal(&claimed, &result.statement));
    FUZZ_EXPECT(!sage_statement_check(&claimed, NULL));
    sage_verify_result_free(&result);
    return 0;
}
