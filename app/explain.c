#include "app/explain.h"

#include <inttypes.h>
#include <stdio.h>

enum { DIGEST = 32, SECURE = 16, WORD = 4, BAR = 32 };

/* --- components --- */

void explain_component_head(void)
{
    printf("components                      rows    trace  interaction        cells\n");
}

void explain_component(explain_cells *sum,
                       const char *name,
                       uint32_t log_rows,
                       uint32_t trace,
                       uint32_t interaction)
{
    uint64_t rows = (uint64_t)1 << log_rows;
    sum->trace += rows * trace;
    sum->interaction += rows * interaction;
    printf("  %-28s 2^%-3" PRIu32 " %8" PRIu32 " %12" PRIu32 " %12" PRIu64 "\n", name, log_rows,
           trace, interaction, rows * (trace + interaction));
}

void explain_component_sum(const explain_cells *sum)
{
    printf("  %-33s trace %" PRIu64 ", interaction %" PRIu64 " cells\n", "all", sum->trace,
           sum->interaction);
}

/* --- parameters and trees --- */

static const char *tree_name(const sage_proof *p, uint32_t t)
{
    static const char *const names[] = {"preprocessed", "trace", "interaction", "composition"};
    return t + 1 == p->n_trees ? names[3] : names[t];
}

void explain_config(const sage_proof *p)
{
    const sage_config *c = &p->config;
    printf("  config         pow_bits %" PRIu32 ", log_blowup %" PRIu32 ", n_queries %" PRIu32
           ", log_last_layer %" PRIu32 ", fold_step %" PRIu32 "\n",
           c->pow_bits, c->log_blowup, c->n_queries, c->log_last_layer, c->fold_step);
    printf("  security       %" PRIu32 " bits if valid (%" PRIu32 " of work + %" PRIu32
           " queries of %" PRIu32 ")\n",
           sage_config_security(c), c->pow_bits, c->n_queries, c->log_blowup);
}

static uint64_t cells_of(const sage_tree_shape *t)
{
    uint64_t n = 0;
    for (uint32_t i = 0; i < t->n_cols; i++)
        n += (uint64_t)1 << t->log[i];
    return n;
}

static void print_root(const sage_proof *p, uint32_t t)
{
    const uint8_t *root = sage_view_digest(p->roots, t);
    for (uint32_t i = 0; i < DIGEST; i++)
        printf("%02x", root[i]);
    printf("\n");
}

void explain_trees(const sage_proof *p, const sage_pcs_shape *s)
{
    printf("trees           columns        cells  height  root\n");
    for (uint32_t t = 0; t < p->n_trees; t++) {
        printf("  %-13s %7" PRIu32 " %12" PRIu64 "  %6" PRIu32 "  ", tree_name(p, t),
               s->tree[t].n_cols, cells_of(&s->tree[t]), s->tree[t].log_height);
        print_root(p, t);
    }
    printf("  FRI           %" PRIu32 " layers from 2^%" PRIu32 "\n", p->n_layers, s->log_ext);
}

/* --- bytes, with a bar for each share --- */

static void line(const char *name, uint64_t bytes, size_t total)
{
    char bar[BAR + 1];
    double share = total ? (double)bytes / (double)total : 0;
    int n        = (int)(share * BAR + 0.5);
    for (int i = 0; i < BAR; i++)
        bar[i] = i < n ? '#' : ' ';
    bar[BAR] = 0;
    while (n < BAR && bar[n] == ' ')
        bar[n] = 0; /* nothing behind the bar */
    printf("  %-26s %10" PRIu64 "  %5.1f %%%s%s\n", name, bytes, 100 * share, n ? "  " : "",
           bar);
}

static uint64_t layer_bytes(const sage_proof_layer *l)
{
    return DIGEST + (uint64_t)l->witness.n * SECURE + (uint64_t)l->hash_witness.n * DIGEST;
}

static uint64_t tree_lines(const sage_proof *p, size_t total)
{
    uint64_t sum = 0;
    for (uint32_t t = 0; t < p->n_trees; t++) {
        uint64_t values = (uint64_t)p->queried[t].n * WORD,
                 hashes = (uint64_t)p->hash_witness[t].n * DIGEST;
        char name[64];
        snprintf(name, sizeof name, "%s openings", tree_name(p, t));
        line(name, values, total);
        snprintf(name, sizeof name, "%s hashes", tree_name(p, t));
        line(name, hashes, total);
        sum += values + hashes;
    }
    return sum;
}

static uint64_t layer_lines(const sage_proof *p, const sage_pcs_shape *s, size_t total)
{
    sage_fri_plan plan;
    uint64_t sum = 0;
    sage_fri_plan_make(&plan, &p->config, s->log_ext);
    for (uint32_t i = 0; i < p->n_layers; i++) {
        char name[64];
        snprintf(name, sizeof name, "FRI layer %" PRIu32 ", 2^%u", i,
                 i < plan.n_layers ? plan.log[i] : 0);
        line(name, layer_bytes(&p->layer[i]), total);
        sum += layer_bytes(&p->layer[i]);
    }
    return sum;
}

void explain_bytes(const sage_proof *p, const sage_pcs_shape *s, size_t head, size_t total)
{
    uint64_t roots = (uint64_t)p->roots.n * DIGEST, sums = (uint64_t)p->claimed_sums.n * SECURE,
             samples = (uint64_t)p->sampled.n * SECURE,
             last    = (uint64_t)p->last_layer.n * SECURE;
    printf("bytes                      in binary form\n");
    line("claim", head, total);
    line("commitments", roots, total);
    line("claimed sums", sums, total);
    line("samples", samples, total);
    uint64_t sum = head + roots + sums + samples + tree_lines(p, total);
    sum += layer_lines(p, s, total);
    line("FRI last layer", last, total);
    line("counts, nonces, config", total - sum - last, total);
    line("all", total, total);
}
