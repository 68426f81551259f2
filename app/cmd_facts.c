/* sage facts PROOF: the proof_facts of a proof that was made for a job, for a transaction that
 * carries it. */
#include <stdlib.h>

#include "app/commands.h"
#include "app/job_binding.h"
#include "base/file.h"
#include "field/felt252_text.h"
#include "starknet/transaction.h"

static struct {
    job_binding job;
    uint64_t bits;
} arg = {.bits = SAGE_DEFAULT_SECURITY_BITS};

static const sage_cli_option options[] = {
    JOB_BINDING_OPTIONS(arg.job, true),
    {"security-bits",
     's',
     SAGE_CLI_NUMBER,
     "N",
     "refuse proofs of less (default 96)",
     false,
     0,
     1000,
     {.number = &arg.bits}},
};

static void print_facts(const sage_facts *f)
{
    char text[SAGE_FELT_HEX];
    felt252 v[SAGE_FACTS_LEN];
    sage_facts_write(v, f);
    for (int i = 0; i < SAGE_FACTS_LEN; i++) {
        sage_felt_to_hex(text, v[i]);
        printf("%s\"%s\"", i ? "," : "[", text);
    }
    printf("]\n");
}

/* What the proof states, under the job's name; a proof for another job is refused here as it
 * would be by a node. */
static sage_status
facts_of(const uint8_t *proof, size_t len, sage_facts *job, sage_errinfo *err)
{
    sage_verify_result r;
    sage_facts f;
    sage_status s = sage_verify(proof, len, (uint32_t)arg.bits, &r, err);
    if (s) return s;
    s        = sage_facts_of_proof(&f, &r, job->input_hash, err);
    f.job_id = job->job_id;
    f.worker = job->worker;
    if (!s) s = sage_facts_match(&f, &r, err);
    sage_verify_result_free(&r);
    if (!s) *job = f;
    return s;
}

static int run(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    sage_facts f;
    uint8_t *proof = NULL;
    size_t len;
    (void)n_args;
    sage_status s = job_binding_read(&arg.job, &f, &err);
    if (!s) s = sage_file_read(args[0], SAGE_TX_MAX_PROOF, &proof, &len, &err);
    if (!s) s = facts_of(proof, len, &f, &err);
    if (!s) print_facts(&f);
    free(proof);
    return s ? sage_cli_report("sage facts", &err) : 0;
}

const sage_cli_command cmd_facts = {
    .name      = "facts",
    .arguments = "PROOF",
    .help      = "the proof_facts of a proof made for a job on chain",
    .notes =
        "PROOF was made by sage prove cairo with the same --job-id, --worker and\n"
        "--input-hash. Prints a JSON array; the transaction's proof is the file in base64.",
    .min_args  = 1,
    .max_args  = 1,
    .options   = options,
    .n_options = sizeof options / sizeof *options,
    .run       = run,
};
