/* sage inspect FILE: what a proof file holds and where its bytes go; verifies nothing. */
#include <inttypes.h>
#include <stdlib.h>

#include "app/commands.h"
#include "app/inspect.h"
#include "base/file.h"
#include "statement/container.h"

enum { MAX_PROOF_BYTES = 64 << 20, DIGEST = 32, SECURE = 16, WORD = 4 };

static void line(const char *name, uint64_t bytes, size_t total)
{
    printf("  %-24s %10" PRIu64 "  %5.1f %%\n", name, bytes,
           total ? 100.0 * (double)bytes / (double)total : 0.0);
}

static const char *tree_name(const sage_proof *p, uint32_t t)
{
    static const char *const names[] = {"preprocessed", "trace", "interaction", "composition"};
    return t + 1 == p->n_trees ? names[3] : names[t];
}

static void print_sizes(const sage_proof *p, size_t total)
{
    uint64_t fri = 0;
    line("sampled values", (uint64_t)p->sampled.n * SECURE, total);
    for (uint32_t t = 0; t < p->n_trees; t++) {
        char name[64];
        snprintf(name, sizeof name, "%s openings", tree_name(p, t));
        line(name, (uint64_t)p->queried[t].n * WORD, total);
        snprintf(name, sizeof name, "%s hashes", tree_name(p, t));
        line(name, (uint64_t)p->hash_witness[t].n * DIGEST, total);
    }
    for (uint32_t i = 0; i < p->n_layers; i++)
        fri += DIGEST + (uint64_t)p->layer[i].witness.n * SECURE +
               (uint64_t)p->layer[i].hash_witness.n * DIGEST;
    line("FRI layers", fri, total);
    line("last layer", (uint64_t)p->last_layer.n * SECURE, total);
    line("all", total, total);
}

void inspect_proof(const sage_proof *p, size_t total)
{
    printf("  config         pow_bits %" PRIu32 ", log_blowup %" PRIu32 ", n_queries %" PRIu32
           ", log_last_layer %" PRIu32 ", fold_step %" PRIu32 "\n",
           p->config.pow_bits, p->config.log_blowup, p->config.n_queries,
           p->config.log_last_layer, p->config.fold_step);
    printf("  security       %" PRIu32 " bits if valid\n", sage_config_security(&p->config));
    printf("  trees          %" PRIu32 ", FRI layers %" PRIu32 ", samples %" PRIu32 "\n",
           p->n_trees, p->n_layers, p->sampled.n);
    for (uint32_t t = 0; t < p->n_trees; t++) {
        const uint8_t *root = sage_view_digest(p->roots, t);
        printf("  %-14s ", tree_name(p, t));
        for (uint32_t i = 0; i < DIGEST; i++)
            printf("%02x", root[i]);
        printf("\n");
    }
    printf("bytes\n");
    print_sizes(p, total);
}

static sage_status inspect_statement(const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    sage_container c;
    sage_proof p;
    sage_status s = sage_container_parse(&c, bytes, len, err);
    if (!s) s = sage_statement_check(&c.statement, err);
    if (!s) s = sage_proof_parse(&p, c.proof, c.proof_len, err);
    if (s) return s;
    printf("claimed, not verified here\n");
    print_statement(stdout, &c.statement);
    for (uint32_t i = 0; i < c.n_logs; i++)
        printf("  part           2^%" PRIu32 " rows\n", c.logs[i]);
    inspect_proof(&p, len);
    return SAGE_OK;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    uint8_t *bytes;
    size_t len;
    (void)n_args;
    if (sage_file_read(args[0], MAX_PROOF_BYTES, &bytes, &len, &err))
        return sage_cli_report("sage inspect", &err);
    sage_cairo_format cairo = sage_cairo_recognise(bytes, len);
    sage_status s =
        cairo ? inspect_cairo(bytes, len, cairo, &err) : inspect_statement(bytes, len, &err);
    free(bytes);
    return s ? sage_cli_report("sage inspect", &err) : 0;
}

const sage_cli_command cmd_inspect = {
    .name      = "inspect",
    .arguments = "FILE",
    .help      = "show what a proof file holds, without verifying it",
    .min_args  = 1,
    .max_args  = 1,
    .run       = run,
};
