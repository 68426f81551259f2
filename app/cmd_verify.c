/* sage verify FILE: accepts (exit 0) or refuses (66 false, 65 unreadable) a proof file of any
 * kind and form. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hex.h"

static struct {
    uint64_t bits;
    const char *input, *program_hash;
    bool json, strict;
} arg = {.bits = SAGE_DEFAULT_SECURITY_BITS};

enum { MAX_PROOF_BYTES = 64 << 20 };

static const sage_cli_option options[] = {
    {"security-bits",
     's',
     SAGE_CLI_NUMBER,
     "N",
     "refuse proofs of less (default 96)",
     false,
     0,
     1000,
     {.number = &arg.bits}},
    {"input",
     'i',
     SAGE_CLI_TEXT,
     "FILE",
     "the proof must be file_digest of this file",
     false,
     0,
     0,
     {.text = &arg.input}},
    {"program-hash",
     'p',
     SAGE_CLI_TEXT,
     "0xHASH",
     "the proof must be of the Cairo program with this hash",
     false,
     0,
     0,
     {.text = &arg.program_hash}},
    {"strict",
     'S',
     SAGE_CLI_FLAG,
     NULL,
     "refuse what is valid with a caution, as coordinators do",
     false,
     0,
     0,
     {.flag = &arg.strict}},
    {"json",
     'j',
     SAGE_CLI_FLAG,
     NULL,
     "one JSON object, for programs",
     false,
     0,
     0,
     {.flag = &arg.json}},
};

/* The lowest caution that is left of *cautions, taken off; NULL at the end. */
static const char *next_caution(uint32_t *cautions)
{
    uint32_t lowest = *cautions & (0 - *cautions);
    *cautions ^= lowest;
    return lowest ? sage_caution_name(lowest) : NULL;
}

static void print_cautions(uint32_t cautions)
{
    const char *name;
    while ((name = next_caution(&cautions)))
        printf("  caution        %s: valid, but jumps of this component are not fully\n"
               "                 constrained by the protocol (docs/SOUNDNESS.md)\n",
               name);
}

static void json_cautions(uint32_t cautions)
{
    const char *name, *comma = "";
    printf(",\"cautions\":[");
    for (; (name = next_caution(&cautions)); comma = ",")
        printf("%s\"%s\"", comma, name);
    printf("]");
}

static void accepted_text(const sage_verify_result *r, size_t len, double ms)
{
    printf("VALID\n");
    print_statement(stdout, &r->statement);
    print_outputs(r);
    printf("  trace          %" PRIu32 " columns of up to 2^%" PRIu32 " rows\n", r->n_columns,
           r->log_rows);
    printf("  security       %" PRIu32 " bits (work %" PRIu32 ", %" PRIu32
           " queries, blowup 2^%" PRIu32 ")\n",
           r->security_bits, r->pow_bits, r->n_queries, r->log_blowup);
    printf("  proof          %zu bytes, %s, %s\n  verified in    %.2f ms\n", len,
           sage_proof_format_name(r->format), sage_hash_family_name(r->hash), ms);
    print_cautions(r->cautions);
}

static void json_outputs(const sage_verify_result *r)
{
    printf(",\"outputs\":[");
    for (size_t i = 0; i < r->n_outputs; i++) {
        printf("%s\"", i ? "," : "");
        print_felt(stdout, &r->outputs[i]);
        printf("\"");
    }
    printf("]");
}

static void accepted_json(const sage_verify_result *r, size_t len, double ms)
{
    printf("{\"valid\":true,\"kind\":\"%s\",", sage_statement_name(r->statement.kind));
    print_statement_json(stdout, &r->statement);
    if (r->statement.kind == SAGE_STATEMENT_CAIRO) json_outputs(r);
    json_cautions(r->cautions);
    printf(",\"format\":\"%s\",\"hash\":\"%s\"", sage_proof_format_name(r->format),
           sage_hash_family_name(r->hash));
    printf(",\"security_bits\":%" PRIu32 ",\"pow_bits\":%" PRIu32 ",\"log_blowup\":%" PRIu32
           ",\"n_queries\":%" PRIu32 ",\"log_last_layer\":%" PRIu32 ",\"fold_step\":%" PRIu32,
           r->security_bits, r->pow_bits, r->log_blowup, r->n_queries, r->log_last_layer,
           r->fold_step);
    printf(",\"trace_columns\":%" PRIu32 ",\"trace_log_rows\":%" PRIu32
           ",\"bytes\":%zu,\"verify_ms\":%.3f}\n",
           r->n_columns, r->log_rows, len, ms);
}

/* A message may quote a file's name: anything but plain printable text is escaped. */
static void json_text(const char *text)
{
    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        if (*p < ' ' || *p > '~' || *p == '"' || *p == '\\')
            printf("\\u%04x", *p);
        else
            putchar(*p);
}

static void refused(const sage_errinfo *err)
{
    if (arg.json) {
        printf("{\"valid\":false,\"code\":\"%s\",\"where\":\"%s\",\"at\":%lld,\"message\":\"",
               sage_status_name(err->code), err->where, err->at);
        json_text(err->msg);
        printf("\"}\n");
    } else if (err->code == SAGE_EPROOF) {
        printf("INVALID\n  reason         %s: %s\n", err->where, err->msg);
    }
}

/* A valid proof says nothing of a file until its statement is the file's. */
static sage_status check_input(const sage_statement *st, sage_errinfo *err)
{
    const request r = {.input = arg.input};
    sage_statement of_file;
    uint8_t *bytes;
    size_t len;
    if (!arg.input) return SAGE_OK;
    sage_status s = request_resolve(&r, "file_digest", &of_file, &bytes, &len, err);
    if (s) return s;
    free(bytes);
    if (!sage_statement_equal(st, &of_file))
        return sage_fail(err, SAGE_EPROOF, "verify.input", -1, "the proof is not of %s",
                         arg.input);
    return SAGE_OK;
}

/* Reads --program-hash; leading zeros may be left out. */
static sage_status wanted_program(sage_felt_bytes *out, sage_errinfo *err)
{
    char digits[2 * sizeof out->be + 1];
    const char *text = arg.program_hash;
    size_t n;
    memset(out, 0, sizeof *out);
    if (!text) return SAGE_OK;
    if (!strncmp(text, "0x", 2)) text += 2;
    n = strlen(text);
    if (n > 0 && n < sizeof digits) {
        memset(digits, '0', sizeof digits - 1);
        memcpy(digits + sizeof digits - 1 - n, text, n);
        if (!sage_hex_decode(out->be, sizeof out->be, digits, sizeof digits - 1, NULL))
            return SAGE_OK;
    }
    return sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                     "--program-hash wants 0x and 1 to 64 hexadecimal digits");
}

static sage_status
check_program(const sage_verify_result *r, const sage_felt_bytes *wanted, sage_errinfo *err)
{
    if (!arg.program_hash) return SAGE_OK;
    if (r->statement.kind != SAGE_STATEMENT_CAIRO)
        return sage_fail(err, SAGE_EPROOF, "verify.program", -1,
                         "the proof is of %s, not of a Cairo program",
                         sage_statement_name(r->statement.kind));
    if (memcmp(wanted, &r->program_hash, sizeof *wanted) != 0)
        return sage_fail(err, SAGE_EPROOF, "verify.program", -1,
                         "the proof is of a program with another hash");
    return SAGE_OK;
}

static sage_status check_cautions(const sage_verify_result *r, sage_errinfo *err)
{
    uint32_t cautions = r->cautions;
    if (!arg.strict || !cautions) return SAGE_OK;
    return sage_fail(err, SAGE_EPROOF, "verify.caution", -1,
                     "the proof is valid with a caution: %s", next_caution(&cautions));
}

static sage_status
verify(const char *path, sage_verify_result *r, size_t *len, double *ms, sage_errinfo *err)
{
    sage_felt_bytes program;
    uint8_t *proof;
    sage_status s = wanted_program(&program, err);
    if (!s) s = sage_file_read(path, MAX_PROOF_BYTES, &proof, len, err);
    if (s) return s;
    uint64_t start = sage_clock_mono_ns();
    s              = sage_verify(proof, *len, (uint32_t)arg.bits, r, err);
    *ms            = (double)(sage_clock_mono_ns() - start) / 1e6;
    free(proof);
    if (!s) s = check_input(&r->statement, err);
    if (!s) s = check_program(r, &program, err);
    if (!s) s = check_cautions(r, err);
    return s;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_verify_result result = {0};
    size_t len;
    double ms;
    (void)n_args;
    sage_status s = verify(args[0], &result, &len, &ms, &err);
    if (!s)
        (arg.json ? accepted_json : accepted_text)(&result, len, ms);
    else
        refused(&err);
    sage_verify_result_free(&result);
    if (!s || s == SAGE_EPROOF) return sage_status_exit(s);
    return sage_cli_report("sage verify", &err);
}

const sage_cli_command cmd_verify = {
    .name      = "verify",
    .arguments = "FILE",
    .help      = "check a proof file: exit 0 valid, 66 false, 65 unreadable",
    .notes =
        "FILE is a proof of a statement (sage prove) or of a Cairo program: a felt array\n"
        "(cairo-serde), the Rust verifier's JSON, or our binary; the form shows in its first\n"
        "bytes. Compare what is printed with what you wanted proved.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};
