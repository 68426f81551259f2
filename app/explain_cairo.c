/* What a Cairo proof claims, and the sizes it gives. */
#include <inttypes.h>
#include <stdlib.h>

#include "app/commands.h"
#include "app/explain.h"
#include "verify/cairo.h"

static const char *const segments[SAGE_CAIRO_SEGMENTS] = {
    "output", "pedersen", "range_check_128", "ecdsa",   "bitwise", "ec_op",
    "keccak", "poseidon", "range_check_96",  "add_mod", "mul_mod"};

static const char *const variants[SAGE_CAIRO_VARIANTS] = {
    [SAGE_CAIRO_CANONICAL]                  = "canonical",
    [SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN] = "canonical without Pedersen",
    [SAGE_CAIRO_CANONICAL_SMALL]            = "canonical, small"};

static void print_segments(const sage_cairo_claim *c)
{
    enum { START = 1, STOP = 3 };
    for (uint32_t i = 0; i < SAGE_CAIRO_SEGMENTS; i++) {
        uint32_t start = c->segments[i][START], stop = c->segments[i][STOP];
        if (start != stop)
            printf("  %-24s %10" PRIu32 " to %" PRIu32 "\n", segments[i], start, stop);
    }
}

static void print_registers(const sage_cairo_claim *c)
{
    static const char *const names[] = {"pc", "ap", "fp"};
    for (int i = 0; i < 3; i++)
        printf("  %-14s %" PRIu32 " to %" PRIu32 "\n", names[i], c->initial[i], c->final[i]);
}

static void print_components(const sage_cairo_claim *c)
{
    sage_cairo_instance in[SAGE_CAIRO_MAX_INSTANCES];
    uint32_t n        = sage_cairo_instances(c, in);
    explain_cells sum = {0};
    explain_component_head();
    for (uint32_t i = 0; i < n; i++)
        explain_component(&sum, in[i].component->name, in[i].log, in[i].component->trace,
                          in[i].component->inter);
    explain_component_sum(&sum);
}

static void print_claim(const sage_cairo_proof *p, const sage_statement *st, uint32_t format)
{
    const sage_cairo_claim *c = &p->claim;
    printf("claimed, not verified here\n");
    print_statement(stdout, st);
    printf("  program        %" PRIu32 " cells\n", c->program.n);
    print_registers(c);
    printf("  form           %s, %s\n  preprocessed   %s\n  salt           %" PRIu32 "\n",
           sage_proof_format_name(format), sage_hash_family_name(p->hash), variants[p->variant],
           p->salt);
    explain_config(&p->proof);
    printf("segments                  addresses\n");
    print_segments(c);
    print_components(c);
}

/* How long p is in our form, beside the commitment proof itself. */
static sage_status head_bytes(const sage_cairo_proof *p, size_t *out, sage_errinfo *err)
{
    sage_sink binary = {0};
    sage_status s    = sage_cairo_write(p, SAGE_CAIRO_FORMAT_BINARY, &binary, err);
    *out             = s ? 0 : binary.len - p->bytes.len;
    free(binary.bytes);
    return s;
}

sage_status
explain_cairo(const uint8_t *bytes, size_t len, sage_cairo_format format, sage_errinfo *err)
{
    sage_cairo_proof p;
    sage_statement st;
    sage_pcs_shape shape;
    void *mem = NULL;
    size_t head;
    sage_status s = sage_cairo_read(&p, bytes, len, format, err);
    if (s) return s;
    s = sage_cairo_claimed_statement(&p, &st, err);
    if (!s) s = sage_cairo_shape(&p, &shape, &mem, err);
    if (!s) s = head_bytes(&p, &head, err);
    if (!s) {
        print_claim(&p, &st, format);
        explain_trees(&p.proof, &shape);
        explain_bytes(&p.proof, &shape, head, head + p.bytes.len);
        printf("  %-26s %10zu\n", "as it came", len);
    }
    free(mem);
    sage_cairo_proof_free(&p);
    return s;
}
