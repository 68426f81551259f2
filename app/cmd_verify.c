/* sage verify FILE: accepts (exit 0) or refuses (66 false, 65 unreadable) a proof file. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/commands.h"
#include "base/file.h"

static struct {
    uint64_t bits;
    const char *input;
    bool json;
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

static double milliseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void accepted(const sage_verify_result *r, size_t len, double ms)
{
    if (arg.json) {
        printf("{\"valid\":true,");
        print_statement_json(stdout, &r->statement);
        printf(",\"security_bits\":%" PRIu32 ",\"bytes\":%zu,\"verify_ms\":%.3f}\n",
               r->security_bits, len, ms);
        return;
    }
    printf("VALID\n");
    print_statement(stdout, &r->statement);
    printf("  security       %" PRIu32 " bits (work %" PRIu32 ", %" PRIu32
           " queries, blowup 2^%" PRIu32 ")\n",
           r->security_bits, r->pow_bits, r->n_queries, r->log_blowup);
    printf("  proof          %zu bytes\n  verified in    %.2f ms\n", len, ms);
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

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_verify_result result;
    uint8_t *proof;
    size_t len;
    (void)n_args;
    if (sage_file_read(args[0], MAX_PROOF_BYTES, &proof, &len, &err))
        return sage_cli_report("sage verify", &err);
    double start  = milliseconds();
    sage_status s = sage_verify(proof, len, (uint32_t)arg.bits, &result, &err);
    double ms     = milliseconds() - start;
    free(proof);
    if (!s) s = check_input(&result.statement, &err);
    if (!s) {
        accepted(&result, len, ms);
        return 0;
    }
    refused(&err);
    return s == SAGE_EPROOF ? sage_status_exit(s) : sage_cli_report("sage verify", &err);
}

const sage_cli_command cmd_verify = {
    .name      = "verify",
    .arguments = "FILE",
    .help      = "check a proof file: exit 0 valid, 66 false, 65 unreadable",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};
