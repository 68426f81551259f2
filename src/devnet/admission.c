/* Proofs at the door: facts without proof, proof without facts, and false ones are refused. */
#include "devnet/admission.h"

#include "field/felt252_text.h"
#include "starknet/facts.h"

static sage_status refuse(sage_errinfo *err, const char *why)
{
    return sage_fail(err, SAGE_EPROOF, "chain.proof", -1, "%s", why);
}

static bool of_virtual_os(const sage_felt_list *facts)
{
    return felt252_eq(facts->v[0], sage_felt_short("PROOF0")) ||
           felt252_eq(facts->v[0], sage_felt_short("PROOF1"));
}

/* What goes wrong inside keeps its name, in the message. */
static sage_status named(sage_status s, const sage_errinfo *inner, sage_errinfo *err)
{
    if (s == SAGE_ENOMEM) return sage_fail(err, s, inner->where, inner->at, "%s", inner->msg);
    return sage_fail(err, s == SAGE_EUNSUP ? s : SAGE_EPROOF, "chain.proof", inner->at,
                     "%s (%s)", inner->msg, inner->where);
}

sage_status sage_admission_check(const sage_tx *t, uint32_t min_bits, sage_errinfo *err)
{
    const sage_felt_list *facts = &t->proof_facts;
    sage_errinfo inner          = {0};
    sage_facts f;
    if (!facts->n && !t->proof_len) return SAGE_OK;
    if (t->kind != SAGE_TX_INVOKE) return refuse(err, "only an INVOKE carries a proof");
    if (!t->proof_len) return refuse(err, "proof_facts without a proof");
    if (!facts->n) return refuse(err, "a proof without proof_facts");
    if (of_virtual_os(facts))
        return sage_fail(err, SAGE_EUNSUP, "chain.proof", 0,
                         "this node does not verify proofs of Starknet's virtual OS (PROOF0, "
                         "PROOF1), only those marked SAGE1");
    sage_status s = sage_facts_read(&f, facts->v, facts->n, &inner);
    if (!s) s = sage_facts_check(&f, t->proof, t->proof_len, min_bits, &inner);
    return s ? named(s, &inner, err) : SAGE_OK;
}
