/* Facts of the running transaction, for the contracts that ask. */
#include "devnet/contracts/frame_facts.h"

#include "hash/poseidon252.h"

static const char nowhere[] = "Proof must be in proof_facts";

sage_facts sage_frame_facts(sage_frame *f)
{
    const sage_felt_list *l = sage_frame_proof_facts(f);
    sage_facts facts        = {0};
    sage_require(f, l->n > 0, nowhere);
    if (sage_panicked(f)) return facts;
    if (sage_facts_read(&facts, l->v, l->n, NULL)) sage_panic(f, "Proof facts of another form");
    return facts;
}

void sage_take_no_proof(sage_frame *f)
{
    uint32_t n = 0;
    (void)sage_take_array(f, &n);
    sage_require(f, n == 0, nowhere);
}

felt252 sage_fact_hash(const sage_facts *facts)
{
    felt252 v[SAGE_FACTS_LEN];
    sage_facts_write(v, facts);
    return sage_poseidon252_many(v, SAGE_FACTS_LEN);
}
