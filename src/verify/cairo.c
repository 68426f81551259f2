#include "verify/cairo.h"

#include <stdlib.h>
#include <string.h>

#include "cairo/public.h"
#include "cairo/verify.h"
#include "statement/statement.h"

_Static_assert((int)SAGE_HASH_BLAKE2S == (int)SAGE_HASH_FAMILY_BLAKE2S &&
                   (int)SAGE_HASH_POSEIDON252 == (int)SAGE_HASH_FAMILY_POSEIDON252,
               "hash/kind.h and sage/statement.h number the families alike");
_Static_assert((int)SAGE_CAIRO_FORMAT_SERDE == (int)SAGE_PROOF_CAIRO_SERDE &&
                   (int)SAGE_CAIRO_FORMAT_JSON == (int)SAGE_PROOF_JSON &&
                   (int)SAGE_CAIRO_FORMAT_BINARY == (int)SAGE_PROOF_BINARY,
               "cairo/proof.h and sage/verify.h number the formats alike");

sage_status
sage_cairo_claimed_statement(const sage_cairo_proof *p, sage_statement *out, sage_errinfo *err)
{
    return sage_cairo_claim_statement(&p->claim, p->hash, out, err);
}

/* The trees' order: preprocessed, trace, interaction, composition. */
enum { INTERACTION_TREE = 2 };

static void put_big_endian(sage_felt_bytes *out, const uint32_t w[8])
{
    for (int i = 0; i < 32; i++)
        out->be[31 - i] = (uint8_t)(w[i / 4] >> 8 * (i % 4));
}

/* The cells have been read from at least as many bytes. */
static sage_status
copy_outputs(sage_verify_result *r, const sage_cairo_cells *cells, sage_errinfo *err)
{
    if (!cells->n) return SAGE_OK;
    r->outputs = calloc(cells->n, sizeof *r->outputs);
    if (!r->outputs)
        return sage_fail(err, SAGE_ENOMEM, "verify.outputs", -1, "no memory for %u outputs",
                         cells->n);
    r->n_outputs = cells->n;
    for (uint32_t i = 0; i < cells->n; i++)
        put_big_endian(&r->outputs[i], cells->at[i].value.w);
    return SAGE_OK;
}

static uint32_t largest_log(const sage_cairo_claim *c)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n = sage_cairo_instances(c, in), log = 0;
    for (uint32_t i = 0; i < n; i++)
        if (in[i].log > log) log = in[i].log;
    return log;
}

/* The pinned AIR ties generic_opcode's next pc to the target of an absolute jump only for
 * relative ones (air/cairo/README.md). */
static uint32_t cautions(const sage_cairo_claim *c)
{
    return c->log[SAGE_CAIRO_GENERIC_OPCODE] ? SAGE_CAUTION_GENERIC_OPCODE : 0;
}

static sage_status describe(sage_verify_result *out,
                            const sage_cairo_proof *p,
                            sage_cairo_format format,
                            sage_errinfo *err)
{
    const sage_config *c = &p->proof.config;
    sage_verify_result r = {.format         = format,
                            .hash           = p->hash,
                            .cautions       = cautions(&p->claim),
                            .security_bits  = sage_config_security(c),
                            .pow_bits       = c->pow_bits,
                            .log_blowup     = c->log_blowup,
                            .n_queries      = c->n_queries,
                            .log_last_layer = c->log_last_layer,
                            .fold_step      = c->fold_step,
                            .log_rows       = largest_log(&p->claim),
                            .n_columns      = p->n_columns[1] + p->n_columns[2],
                            .salt           = p->salt};
    memcpy(r.interaction_root, sage_view_digest(p->proof.roots, INTERACTION_TREE),
           sizeof r.interaction_root);
    sage_status s = sage_cairo_claimed_statement(p, &r.statement, err);
    if (!s) s = copy_outputs(&r, &p->claim.output, err);
    if (s) return s;
    put_big_endian(&r.program_hash, r.statement.public_words + SAGE_CAIRO_WORD_PROGRAM);
    *out = r;
    return SAGE_OK;
}

sage_status sage_verify_cairo(const uint8_t *proof,
                              size_t len,
                              sage_cairo_format format,
                              uint32_t min_security_bits,
                              sage_verify_result *result,
                              sage_errinfo *err)
{
    sage_cairo_proof p;
    sage_status s = sage_cairo_read(&p, proof, len, format, err);
    if (s) return s;
    s = sage_cairo_verify(&p, min_security_bits, err);
    if (!s) s = describe(result, &p, format, err);
    sage_cairo_proof_free(&p);
    return s;
}

sage_status sage_cairo_claimed(const uint8_t *proof,
                               size_t len,
                               sage_cairo_format format,
                               sage_statement *out,
                               sage_errinfo *err)
{
    sage_cairo_proof p;
    sage_status s = sage_cairo_read(&p, proof, len, format, err);
    if (s) return s;
    s = sage_cairo_claimed_statement(&p, out, err);
    sage_cairo_proof_free(&p);
    return s;
}
