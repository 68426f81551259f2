/* A proof file of a statement of ours, from its bytes to a verdict. */
#include "statement/verify.h"

#include <stdlib.h>

#include "stark/air_verifier.h"
#include "stark/judge.h"
#include "statement/claim.h"
#include "statement/container.h"

sage_status
sage_statement_claimed(const uint8_t *proof, size_t len, sage_statement *out, sage_errinfo *err)
{
    sage_container c;
    sage_status s = sage_container_parse(&c, proof, len, err);
    if (!s) s = sage_statement_check(&c.statement, err);
    if (!s) s = sage_statement_provable(c.statement.kind, err);
    if (!s) *out = c.statement;
    return s;
}

static sage_status check_config(const sage_config *c, uint32_t min_bits, sage_errinfo *err)
{
    sage_status s = sage_judge_claim(sage_config_check(c, err), err);
    if (s) return s;
    if (sage_config_security(c) < min_bits)
        return sage_fail(err, SAGE_EPROOF, "proof.config.security", sage_config_security(c),
                         "the proof has %u bits of security, %u are required",
                         sage_config_security(c), min_bits);
    return SAGE_OK;
}

static sage_status check(const sage_air_verifier *v, sage_errinfo *err)
{
    void *scratch;
    sage_status s = sage_judge_alloc(&scratch, sage_air_verify_bytes(v->layout, v->shape), err);
    if (!s) s = sage_air_verify(v, scratch, err);
    free(scratch);
    return s;
}

static sage_status run(const sage_container *c,
                       const sage_proof *proof,
                       const sage_layout *layout,
                       sage_errinfo *err)
{
    void *tables;
    sage_pcs_shape shape;
    sage_claim claim    = {&c->statement, c->logs, c->n_logs};
    sage_air_verifier v = {.layout = layout,
                           .shape  = &shape,
                           .proof  = proof,
                           .interaction_pow =
                               sage_layout_interaction_pow(layout, &proof->config),
                           .mix_claim  = sage_claim_mix,
                           .public_sum = sage_claim_public_sum,
                           .claim      = &claim};
    sage_status s = sage_statement_preprocessed_root(&c->statement, proof->config.log_blowup,
                                                     v.preprocessed_root, err);
    if (s) return s;
    if ((s = sage_judge_alloc(&tables, sage_layout_shape_bytes(layout), err))) return s;
    s = sage_judge_claim(sage_layout_shape(layout, &proof->config, tables, &shape, err), err);
    if (!s) s = check(&v, err);
    free(tables);
    return s;
}

static void describe(sage_verify_result *r,
                     const sage_container *c,
                     const sage_config *f,
                     const sage_layout *l)
{
    *r = (sage_verify_result){.statement      = c->statement,
                              .format         = SAGE_PROOF_BINARY,
                              .hash           = SAGE_HASH_FAMILY_BLAKE2S,
                              .security_bits  = sage_config_security(f),
                              .pow_bits       = f->pow_bits,
                              .log_blowup     = f->log_blowup,
                              .n_queries      = f->n_queries,
                              .log_last_layer = f->log_last_layer,
                              .fold_step      = f->fold_step};
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->inst[i].log_rows > r->log_rows) r->log_rows = l->inst[i].log_rows;
        r->n_columns += sage_instance_trace(&l->inst[i]) + 4 * sage_instance_pairs(&l->inst[i]);
    }
}

sage_status sage_statement_verify(const uint8_t *proof,
                                  size_t len,
                                  uint32_t min_security_bits,
                                  sage_verify_result *result,
                                  sage_errinfo *err)
{
    sage_container c;
    sage_proof view;
    sage_layout layout;
    sage_status s = sage_container_parse(&c, proof, len, err);
    if (!s) s = sage_proof_parse(&view, c.proof, c.proof_len, err);
    if (!s) s = check_config(&view.config, min_security_bits, err);
    if (!s)
        s = sage_judge_claim(
            sage_statement_layout(&c.statement, c.logs, c.n_logs, &layout, err), err);
    if (!s) s = sage_judge_claim(sage_layout_check(&layout, &view.config, err), err);
    if (!s) s = run(&c, &view, &layout, err);
    if (!s) describe(result, &c, &view.config, &layout);
    return s;
}
