/* Statements as a command line names them, and as a person reads them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/prover_params.h"
#include "base/file.h"
#include "cairo/felt252.h"

enum { SHOWN_OUTPUTS = 8 };

static sage_status wants(bool given, const char *option, const char *kind, sage_errinfo *err)
{
    if (given) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "cli.required", -1, "%s needs --%s", kind, option);
}

static sage_status no_stray(const request *r,
                            const char *kind,
                            bool input,
                            bool shape,
                            bool instances,
                            sage_errinfo *err)
{
    const char *stray = r->program                              ? "program"
                        : r->hash                               ? "hash"
                        : r->input && !input                    ? "input"
                        : (r->columns || r->log_rows) && !shape ? "columns and --log-rows"
                        : r->log_instances && !instances        ? "log-instances"
                                                                : NULL;
    if (!stray) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "cli.option", -1, "%s does not take --%s", kind, stray);
}

static sage_status file_digest(const request *r,
                               const char *kind,
                               sage_statement *out,
                               uint8_t **input,
                               size_t *len,
                               sage_errinfo *err)
{
    sage_status s = wants(r->input, "input", kind, err);
    if (!s) s = no_stray(r, kind, true, false, false, err);
    if (!s) s = sage_file_read(r->input, MAX_INPUT_BYTES, input, len, err);
    if (s) return s;
    s = sage_statement_file_digest(out, *input, *len, err);
    if (s) {
        free(*input);
        *input = NULL;
    }
    return s;
}

static sage_status
wide_fibonacci(const request *r, const char *kind, sage_statement *out, sage_errinfo *err)
{
    sage_status s = wants(r->columns, "columns", kind, err);
    if (!s) s = wants(r->log_rows, "log-rows", kind, err);
    if (!s) s = no_stray(r, kind, false, true, false, err);
    if (s) return s;
    return sage_statement_wide_fibonacci(out, (uint32_t)r->columns, (uint32_t)r->log_rows, err);
}

/* The chain starts at (0, 1, ..., 15). */
static sage_status
poseidon2(const request *r, const char *kind, sage_statement *out, sage_errinfo *err)
{
    uint32_t start[16];
    sage_status s = wants(r->log_instances, "log-instances", kind, err);
    if (!s) s = no_stray(r, kind, false, false, true, err);
    if (s) return s;
    for (uint32_t i = 0; i < 16; i++)
        start[i] = i;
    return sage_statement_poseidon2(out, (uint32_t)r->log_instances, start, err);
}

sage_status request_resolve(const request *r,
                            const char *kind,
                            sage_statement *out,
                            uint8_t **input,
                            size_t *input_len,
                            sage_errinfo *err)
{
    *input     = NULL;
    *input_len = 0;
    if (!strcmp(kind, "file_digest")) return file_digest(r, kind, out, input, input_len, err);
    if (!strcmp(kind, "wide_fibonacci")) return wide_fibonacci(r, kind, out, err);
    if (!strcmp(kind, "poseidon2")) return poseidon2(r, kind, out, err);
    if (!strcmp(kind, sage_statement_name(SAGE_STATEMENT_CAIRO)))
        return sage_fail(err, SAGE_EINVAL, "cli.kind", -1,
                         "this command takes statements, not Cairo programs");
    return sage_fail(
        err, SAGE_EINVAL, "cli.kind", -1,
        "unknown statement \"%s\"; there are cairo, file_digest, wide_fibonacci, poseidon2",
        kind);
}

static void hex_words(FILE *to, const uint32_t *words, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fprintf(to, "%08" PRIx32, words[i]);
}

static uint64_t length_of(const sage_statement *s)
{
    return s->public_words[0] | (uint64_t)s->public_words[1] << 32;
}

static void felt_words(FILE *to, const uint32_t words[8])
{
    sage_felt252 v;
    char text[SAGE_FELT252_HEX];
    memcpy(v.w, words, sizeof v.w);
    sage_felt252_to_hex(&v, text);
    fputs(text, to);
}

void print_felt(FILE *to, const sage_felt_bytes *v)
{
    uint32_t words[8] = {0};
    for (int i = 0; i < 32; i++)
        words[i / 4] |= (uint32_t)v->be[31 - i] << 8 * (i % 4);
    felt_words(to, words);
}

void print_statement(FILE *to, const sage_statement *s)
{
    const uint32_t *w = s->public_words;
    fprintf(to, "  statement      %s\n", sage_statement_name(s->kind));
    switch (s->kind) {
    case SAGE_STATEMENT_WIDE_FIBONACCI:
        fprintf(to, "  columns        %" PRIu32 "\n  rows           2^%" PRIu32 "\n", w[0],
                w[1]);
        break;
    case SAGE_STATEMENT_POSEIDON2:
        fprintf(to, "  permutations   2^%" PRIu32 "\n  start          ", w[0]);
        hex_words(to, w + 1, 16);
        fprintf(to, "\n  end            ");
        hex_words(to, w + 17, 16);
        fprintf(to, "\n");
        break;
    case SAGE_STATEMENT_CAIRO:
        fprintf(to, "  program hash   ");
        felt_words(to, w + SAGE_CAIRO_WORD_PROGRAM);
        fprintf(to, "\n  output hash    ");
        felt_words(to, w + SAGE_CAIRO_WORD_OUTPUT);
        fprintf(to, "\n  outputs        %" PRIu32 "\n", w[SAGE_CAIRO_WORD_N_OUTPUTS]);
        break;
    default:
        fprintf(to, "  length         %" PRIu64 " bytes\n  digest         ", length_of(s));
        hex_words(to, w + 2, 8);
        fprintf(to, "\n");
    }
}

void print_cost(const sage_prove_cost *c)
{
    printf("  cells          %" PRIu64 "\n  rows           2^%" PRIu32
           "\n  memory         %.1f MiB\n  security       %" PRIu32 " bits\n",
           c->cells, c->log_rows, (double)c->bytes / 1048576.0, c->security_bits);
}

void print_outputs(const sage_verify_result *r)
{
    for (size_t i = 0; i < r->n_outputs && i < SHOWN_OUTPUTS; i++) {
        printf("    %-12zu ", i);
        print_felt(stdout, &r->outputs[i]);
        printf("\n");
    }
    if (r->n_outputs > SHOWN_OUTPUTS)
        printf("    ...          %zu more, all of them with sage verify --json\n",
               r->n_outputs - SHOWN_OUTPUTS);
}

static void json_felt(FILE *to, const char *name, const uint32_t *words)
{
    fprintf(to, ",\"%s\":\"", name);
    felt_words(to, words);
    fprintf(to, "\"");
}

static void json_hex(FILE *to, const char *name, const uint32_t *words, uint32_t n)
{
    fprintf(to, ",\"%s\":\"", name);
    hex_words(to, words, n);
    fprintf(to, "\"");
}

void print_statement_json(FILE *to, const sage_statement *s)
{
    const uint32_t *w = s->public_words;
    fprintf(to, "\"statement\":\"%s\"", sage_statement_name(s->kind));
    switch (s->kind) {
    case SAGE_STATEMENT_WIDE_FIBONACCI:
        fprintf(to, ",\"columns\":%" PRIu32 ",\"log_rows\":%" PRIu32, w[0], w[1]);
        break;
    case SAGE_STATEMENT_POSEIDON2:
        fprintf(to, ",\"log_instances\":%" PRIu32, w[0]);
        json_hex(to, "start", w + 1, 16);
        json_hex(to, "end", w + 17, 16);
        break;
    case SAGE_STATEMENT_CAIRO:
        json_felt(to, "program_hash", w + SAGE_CAIRO_WORD_PROGRAM);
        json_felt(to, "output_hash", w + SAGE_CAIRO_WORD_OUTPUT);
        fprintf(to, ",\"n_outputs\":%" PRIu32, w[SAGE_CAIRO_WORD_N_OUTPUTS]);
        break;
    default:
        fprintf(to, ",\"length\":%" PRIu64, length_of(s));
        json_hex(to, "digest", w + 2, 8);
    }
}

sage_status params_load(const char *path, sage_params *p, sage_errinfo *err)
{
    prover_params all;
    sage_status s = prover_params_load(&all, path, err);
    *p            = all.params;
    if (!s && all.reference)
        s = sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                      "%.120s is a parameter file of Cairo proofs; here its lines are "
                      "`pow_bits = 26`",
                      path);
    return s;
}
