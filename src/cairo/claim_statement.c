/* cairo/claim_statement.c -- what a claim says to the world: the program that ran and what it
 * put out, by their hashes (docs/statements.md). */
#include "cairo/public.h"

sage_status sage_cairo_claim_statement(const sage_cairo_claim *c,
                                       sage_hash_kind hash,
                                       sage_statement *out,
                                       sage_errinfo *err)
{
    uint8_t program[32], output[32];
    sage_status s = sage_cairo_section_hash(&c->program, hash, program, err);
    if (!s) s = sage_cairo_section_hash(&c->output, hash, output, err);
    if (!s) s = sage_statement_cairo(out, hash, program, output, c->output.n, err);
    return s;
}
