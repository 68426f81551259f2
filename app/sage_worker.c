/* sage-worker: takes leases from a coordinator and makes their proofs. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/secret_file.h"
#include "proto/coordinator_client.h"
#include "sage/version.h"
#include "worker/worker.h"

#define DEFAULT_COORDINATOR "http://127.0.0.1:8080"

static struct {
    const char *coordinator, *data_dir, *name, *backend, *params, *token_file, *cache_dir;
    uint64_t threads, memory, max_input;
    bool once, daemon;
} arg = {.max_input = 64 << 20};

#define TEXT(n, v, h, t)                                                                       \
    {                                                                                          \
        n, 0, SAGE_CLI_TEXT, v, h, false, 0, 0,                                                \
        {                                                                                      \
            .text = &(t)                                                                       \
        }                                                                                      \
    }

#define PLACE_OPTIONS                                                                          \
    TEXT("coordinator", "URL", "default $BITSAGE_COORDINATOR_URL, else " DEFAULT_COORDINATOR,  \
         arg.coordinator),                                                                     \
        TEXT("data-dir", "DIR", "identity and spool (default ~/.bitsage)", arg.data_dir)

static const sage_cli_option start_options[] = {
    PLACE_OPTIONS,
    TEXT("name",
         "NAME",
         "how the coordinator shows this worker (default: the host's name)",
         arg.name),
    TEXT("backend", "NAME", "auto, scalar, avx2 or avx512 (default auto)", arg.backend),
    {"threads",
     't',
     SAGE_CLI_NUMBER,
     "N",
     "threads that prove (default: all cores)",
     false,
     1,
     1024,
     {.number = &arg.threads}},
    {"memory",
     'm',
     SAGE_CLI_SIZE,
     "BYTES",
     "refuse jobs that need more (default: no limit)",
     false,
     1,
     0,
     {.number = &arg.memory}},
    {"max-input",
     0,
     SAGE_CLI_SIZE,
     "BYTES",
     "refuse longer inputs (default 64M)",
     false,
     1,
     1 << 30,
     {.number = &arg.max_input}},
    TEXT("params", "FILE", "protocol parameters (default: 96 bits)", arg.params),
    TEXT("cache-dir",
         "DIR",
         "preprocessed trees of Cairo proofs (default $SAGE_CACHE_DIR, ~/.cache/sage)",
         arg.cache_dir),
    TEXT("access-token-file",
         "FILE",
         "what the coordinator asks for to register",
         arg.token_file),
    {"once", 0, SAGE_CLI_FLAG, NULL, "end after one job", false, 0, 0, {.flag = &arg.once}},
    {"daemon",
     0,
     SAGE_CLI_FLAG,
     NULL,
     "not in this version: use systemd",
     false,
     0,
     0,
     {.flag = &arg.daemon}},
};

static const sage_cli_option place_options[] = {PLACE_OPTIONS};

static atomic_int stop;

/* Once: finish the job at hand. Twice: leave it to the next start. */
static void on_signal(int number)
{
    (void)number;
    atomic_fetch_add(&stop, 1);
}

static void install_signals(void)
{
    struct sigaction a = {.sa_handler = on_signal};
    sigaction(SIGTERM, &a, NULL);
    sigaction(SIGINT, &a, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a full disk is an error of write() */
}

static char default_dir[512];

static const char *data_dir(void)
{
    if (arg.data_dir) return arg.data_dir;
    snprintf(default_dir, sizeof default_dir, "%s/.bitsage", env_or("HOME", "."));
    return default_dir;
}

static const char *coordinator(void)
{
    return arg.coordinator ? arg.coordinator
                           : env_or("BITSAGE_COORDINATOR_URL", DEFAULT_COORDINATOR);
}

static int run_start(uint32_t n_args, const char *const *args)
{
    sage_worker_options o;
    sage_errinfo err;
    sage_hex32 token;
    bool has_token;
    (void)n_args, (void)args;
    sage_worker_defaults(&o);
    if (arg.daemon && sage_fail(&err, SAGE_EUNSUP, "worker.daemon", -1,
                                "--daemon is not in this version; let systemd run it"))
        return sage_cli_report("sage-worker start", &err);
    sage_status st = params_load(arg.params, &o.params, &err);
    if (!st) st = secret_file_read(arg.token_file, &token, &has_token, &err);
    if (st) return sage_cli_report("sage-worker start", &err);
    o.coordinator     = coordinator();
    o.data_dir        = data_dir();
    o.name            = arg.name;
    o.access_token    = has_token ? token.text : NULL;
    o.backend         = arg.backend ? arg.backend : "auto";
    o.threads         = (uint32_t)arg.threads;
    o.memory_bytes    = arg.memory;
    o.max_input_bytes = arg.max_input;
    o.cache_dir       = arg.cache_dir;
    o.once            = arg.once;
    o.stop            = &stop;
    install_signals();
    st = sage_worker_run(&o, &err);
    return st ? sage_cli_report("sage-worker start", &err) : 0;
}

static int run_status(uint32_t n_args, const char *const *args)
{
    sage_identity id;
    sage_worker w;
    sage_http *http = NULL;
    sage_errinfo err;
    sage_http_response answer = {0};
    sage_http_request get     = {.method = "GET", .path = "/v1/workers/me", .timeout_ms = 5000};
    (void)n_args, (void)args;
    sage_status st = sage_identity_load(&id, data_dir(), &err);
    if (!st) st = sage_http_open(&http, coordinator(), &err);
    if (!st) {
        get.bearer = id.secret.text;
        st         = sage_coordinator_call(http, &get, &answer, &err);
    }
    if (!st) st = sage_worker_parse(&w, answer.body, answer.len, &err);
    free(answer.body);
    sage_http_close(http);
    if (st) return sage_cli_report("sage-worker status", &err);
    printf("Worker: %s (%s)\nCoordinator: %s\nBackend: %s\nJobs Completed: %" PRId64
           "\nJobs Rejected: %" PRId64 "\nJobs Failed: %" PRId64 "\n",
           w.id.text, w.name, coordinator(), w.backend, w.n_accepted, w.n_rejected, w.n_failed);
    return 0;
}

/* The guide's commands that later versions bring. They take any arguments, so that the
 * answer is the same however they are written. */
static const struct {
    const char *name, *help;
} absent[] = {
    {"setup", "wizard (not in this version)"},
    {"stop", "stop a daemon (not in this version)"},
    {"info", "hardware and earnings (not in this version)"},
    {"logs", "show logs (not in this version)"},
    {"stake", "stake SAGE (not in this version)"},
    {"unstake", "take stake back (not in this version)"},
    {"claim", "claim rewards (not in this version)"},
    {"export", "back up the wallet (not in this version)"},
    {"reset", "remove all state (not in this version)"},
};
enum { N_ABSENT = sizeof absent / sizeof absent[0], N_PRESENT = 2 };

static int refuse_absent(const char *name)
{
    sage_errinfo err = {.where = "worker.command"};
    if (sage_fail(&err, SAGE_EUNSUP, "worker.command", -1, "\"%s\" is not in this version",
                  name))
        return sage_cli_report("sage-worker", &err);
    return 0;
}

static int run_absent(uint32_t n_args, const char *const *args)
{
    (void)n_args, (void)args;
    return refuse_absent("the command");
}

/* prove-child DIR BACKEND THREADS MEMORY PARAMS PARENT CACHE: started by the worker alone. */
static int run_child(int argc, char **argv)
{
    sage_params p;
    if (argc != 9) return sage_status_exit(SAGE_EINVAL);
    if (sscanf(argv[6], "%" SCNu32 ",%" SCNu32 ",%" SCNu32 ",%" SCNu32 ",%" SCNu32, &p.pow_bits,
               &p.log_blowup, &p.n_queries, &p.log_last_layer, &p.fold_step) != 5)
        return sage_status_exit(SAGE_EINVAL);
    const sage_prove_options o = {.backend      = argv[3],
                                  .threads      = (uint32_t)strtoul(argv[4], NULL, 10),
                                  .memory_bytes = strtoull(argv[5], NULL, 10),
                                  .params       = p};
    return sage_worker_child(argv[2], &o, argv[8][0] ? argv[8] : NULL, atoi(argv[7]));
}

int main(int argc, char **argv)
{
    sage_cli_command commands[N_PRESENT + N_ABSENT] = {
        {.name      = "start",
         .help      = "take jobs until SIGTERM",
         .options   = start_options,
         .n_options = sizeof start_options / sizeof *start_options,
         .run       = run_start},
        {.name      = "status",
         .help      = "this worker as the coordinator sees it",
         .options   = place_options,
         .n_options = sizeof place_options / sizeof *place_options,
         .run       = run_status},
    };
    for (int i = 0; i < N_ABSENT; i++) {
        if (argc > 1 && !strcmp(argv[1], absent[i].name)) return refuse_absent(argv[1]);
        commands[N_PRESENT + i] = (sage_cli_command){
            .name = absent[i].name, .help = absent[i].help, .run = run_absent};
    }
    if (argc > 1 && !strcmp(argv[1], "prove-child")) return run_child(argc, argv);
    const sage_cli_program program = {.name       = "sage-worker",
                                      .help       = "make proofs for a coordinator",
                                      .version    = SAGE_VERSION,
                                      .commands   = commands,
                                      .n_commands = sizeof commands / sizeof *commands};
    return sage_cli_main(&program, argc, argv);
}
