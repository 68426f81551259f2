#include "coordinator/accept.h"

sage_status sage_accept_proof(const sage_checker *checker,
                              const uint8_t *proof,
                              size_t len,
                              uint32_t min_security_bits,
                              const sage_statement *job,
                              uint32_t *security_bits,
                              sage_errinfo *err)
{
    sage_verify_result v;
    *security_bits = 0;
    sage_status st = checker->verify(proof, len, min_security_bits, &v, err);
    if (st) return st;
    if (!sage_statement_equal(&v.statement, job))
        st = sage_fail(err, SAGE_EPROOF, "result.statement", -1,
                       "the proof is of another statement");
    else if (v.cautions)
        st = sage_fail(err, SAGE_EPROOF, "result.caution", v.cautions,
                       "the proof is valid and shows too little to be paid: %s",
                       sage_caution_name(v.cautions & (0 - v.cautions)));
    else
        *security_bits = v.security_bits;
    sage_verify_result_free(&v);
    return st;
}
