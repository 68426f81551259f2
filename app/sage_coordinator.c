/* sage-coordinator: queue, leases, verification and pay, in one process. */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/secret_file.h"
#include "base/cli.h"
#include "coordinator/coordinator.h"
#include "sage/version.h"

static struct {
    const char *data_dir, *database, *listen, *token_file;
    uint64_t security_bits, lease_ms, drain_ms, max_input, max_proof, verify_threads;
    uint64_t max_steps, max_cells, max_rows, max_memory;
} arg = {.listen         = "127.0.0.1:8080",
         .security_bits  = SAGE_DEFAULT_SECURITY_BITS,
         .lease_ms       = 60000,
         .drain_ms       = 30000,
         .max_input      = 64 << 20,
         .max_proof      = 8 << 20,
         .verify_threads = 2,
         .max_steps      = 1 << 22,
         .max_cells      = 1 << 26,
         .max_rows       = 24,
         .max_memory     = (uint64_t)16 << 30};

static const sage_checker checker = {.verify         = sage_verify,
                                     .wide_fibonacci = sage_statement_wide_fibonacci,
                                     .poseidon2      = sage_statement_poseidon2,
                                     .file_digest    = sage_statement_file_digest,
                                     .cairo          = sage_cairo_quote};

#define TEXT(n, v, h, t)                                                                       \
    {                                                                                          \
        n, 0, SAGE_CLI_TEXT, v, h, false, 0, 0,                                                \
        {                                                                                      \
            .text = &(t)                                                                       \
        }                                                                                      \
    }
#define NUMBER(n, v, h, lo, hi, t)                                                             \
    {                                                                                          \
        n, 0, SAGE_CLI_NUMBER, v, h, false, lo, hi,                                            \
        {                                                                                      \
            .number = &(t)                                                                     \
        }                                                                                      \
    }
#define SIZE(n, v, h, lo, hi, t)                                                               \
    {                                                                                          \
        n, 0, SAGE_CLI_SIZE, v, h, false, lo, hi,                                              \
        {                                                                                      \
            .number = &(t)                                                                     \
        }                                                                                      \
    }

static const sage_cli_option start_options[] = {
    TEXT(
        "data-dir", "DIR", "database and blobs (default ~/.bitsage/coordinator)", arg.data_dir),
    TEXT("database", "URL", "sqlite:PATH (default DIR/coordinator.db)", arg.database),
    TEXT("listen",
         "HOST:PORT",
         "default 127.0.0.1:8080; port 0 takes a free one, see DIR/port",
         arg.listen),
    TEXT("access-token-file",
         "FILE",
         "64 hex digits that submitting and registering need; required off loopback",
         arg.token_file),
    NUMBER("security-bits",
           "N",
           "least strength of a proof (default 96; lower is for tests)",
           1,
           1000,
           arg.security_bits),
    NUMBER("lease-ms",
           "MS",
           "how long a lease runs without heartbeat (default 60000)",
           200,
           3600000,
           arg.lease_ms),
    NUMBER("drain-ms",
           "MS",
           "how long SIGTERM waits for requests (default 30000)",
           1,
           600000,
           arg.drain_ms),
    SIZE("max-input", "BYTES", "largest input (default 64M)", 1, 1 << 30, arg.max_input),
    SIZE("max-proof", "BYTES", "largest proof (default 8M)", 1, 64 << 20, arg.max_proof),
    NUMBER("max-steps",
           "N",
           "cairo jobs: most steps of the program (default 2^22)",
           1,
           (uint64_t)1 << 40,
           arg.max_steps),
    NUMBER("max-cells",
           "N",
           "cairo jobs: most memory cells, of 32 bytes (default 2^26)",
           1 << 17,
           (uint64_t)1 << 40,
           arg.max_cells),
    NUMBER("max-rows",
           "K",
           "cairo jobs: largest component 2^K rows (default 24)",
           1,
           30,
           arg.max_rows),
    SIZE("max-prove-memory",
         "BYTES",
         "cairo jobs: most memory of the proof (default 16G)",
         1,
         0,
         arg.max_memory),
    NUMBER("verify-threads", "N", "threads that verify (default 2)", 1, 64, arg.verify_threads),
};

static const sage_cli_option audit_options[] = {
    TEXT("data-dir",
         "DIR",
         "the coordinator's folder (default ~/.bitsage/coordinator)",
         arg.data_dir),
    TEXT("database", "URL", "sqlite:PATH (default DIR/coordinator.db)", arg.database),
};

static char default_dir[512];

static const char *data_dir(void)
{
    if (arg.data_dir) return arg.data_dir;
    snprintf(default_dir, sizeof default_dir, "%s/.bitsage/coordinator", env_or("HOME", "."));
    return default_dir;
}

/* Signals are taken by sigwait in the main thread; every other thread inherits the mask. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
}

static int run_start(uint32_t n_args, const char *const *args)
{
    sigset_t signals;
    sage_errinfo err;
    sage_hex32 token;
    bool has_token;
    int which;
    sage_coordinator *c;
    sage_coordinator_options o;
    (void)n_args, (void)args;
    sage_coordinator_defaults(&o);
    if (secret_file_read(arg.token_file, &token, &has_token, &err))
        return sage_cli_report("sage-coordinator", &err);
    o.data_dir          = data_dir();
    o.database          = arg.database;
    o.listen            = arg.listen;
    o.access_token      = has_token ? token.text : NULL;
    o.min_security_bits = (uint32_t)arg.security_bits;
    o.lease_ms          = (int64_t)arg.lease_ms;
    o.max_input_bytes   = arg.max_input;
    o.max_proof_bytes   = arg.max_proof;
    o.heavy_threads     = (uint32_t)arg.verify_threads;
    o.cairo             = (sage_cairo_limits){.max_steps    = arg.max_steps,
                                              .max_cells    = arg.max_cells,
                                              .max_ms       = o.cairo.max_ms,
                                              .max_log_rows = (uint32_t)arg.max_rows,
                                              .max_bytes    = arg.max_memory};
    o.checker           = &checker;
    block_signals(&signals);
    if (sage_coordinator_start(&c, &o, &err)) return sage_cli_report("sage-coordinator", &err);
    printf("sage-coordinator: listening on port %u\n", sage_coordinator_port(c));
    fflush(stdout);
    sigwait(&signals, &which);
    sage_coordinator_stop(c, (int64_t)arg.drain_ms);
    return 0;
}

static void print_sum(const char *name, const sage_amount *a)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount_format_sage(text, a);
    printf("  %-14s %s SAGE\n", name, text);
}

static int run_audit(uint32_t n_args, const char *const *args)
{
    char path[640];
    sage_store *store;
    sage_audit a;
    sage_errinfo err;
    (void)n_args, (void)args;
    snprintf(path, sizeof path, "%s/coordinator.db", data_dir());
    if (!arg.database && access(path, R_OK) &&
        sage_fail(&err, SAGE_ENOTFOUND, "audit.database", -1, "no database at %.180s", path))
        return sage_cli_report("sage-coordinator audit", &err);
    if (sage_store_open(arg.database ? arg.database : path, NULL, NULL, &store, &err))
        return sage_cli_report("sage-coordinator audit", &err);
    sage_status st = sage_store_audit(store, &a, &err);
    sage_store_close(store);
    if (st) return sage_cli_report("sage-coordinator audit", &err);
    printf("jobs %" PRId64 "\n", a.n_jobs);
    for (int i = 0; i < SAGE_JOB_STATES; i++)
        printf("  %-14s %" PRId64 "\n", sage_job_state_name((sage_job_state)i), a.n_state[i]);
    printf("ledger: %" PRId64 " transactions, %" PRId64 " entries\n", a.n_txs, a.n_entries);
    print_sum("in escrow", &a.escrow);
    print_sum("paid", &a.paid);
    print_sum("fees", &a.fees);
    print_sum("refunded", &a.refunded);
    bool right = !a.n_unbalanced && !a.n_bad_escrow && !a.n_unproved;
    printf("unbalanced %" PRId64 ", wrong escrow %" PRId64 ", unproved or unpaid %" PRId64
           ": %s\n",
           a.n_unbalanced, a.n_bad_escrow, a.n_unproved, right ? "BALANCED" : "NOT BALANCED");
    return right ? 0 : sage_status_exit(SAGE_EINTERNAL);
}

static const sage_cli_command commands[] = {
    {.name      = "start",
     .help      = "serve until SIGTERM",
     .options   = start_options,
     .n_options = sizeof start_options / sizeof *start_options,
     .run       = run_start},
    {.name      = "audit",
     .help      = "add up the books: exit 0 if every transaction balances",
     .options   = audit_options,
     .n_options = sizeof audit_options / sizeof *audit_options,
     .run       = run_audit},
};

static const sage_cli_program program = {.name       = "sage-coordinator",
                                         .help       = "queue, verify and pay proofs",
                                         .version    = SAGE_VERSION,
                                         .commands   = commands,
                                         .n_commands = sizeof commands / sizeof *commands};

int main(int argc, char **argv)
{
    return sage_cli_main(&program, argc, argv);
}
