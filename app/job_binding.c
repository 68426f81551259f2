/* Job, worker and input of a proof, from the command line. */
#include "app/job_binding.h"

#include <string.h>

#include "field/felt252_text.h"

static sage_status
read_felt(felt252 *out, const char *option, const char *text, sage_errinfo *err)
{
    if (!text)
        return sage_fail(err, SAGE_EINVAL, "cli.required", -1,
                         "--job-id, --worker and --input-hash go together: --%s is missing",
                         option);
    if (!sage_felt_from_text(out, text, strlen(text), NULL)) return SAGE_OK;
    return sage_fail(err, SAGE_EINVAL, "cli.value", -1,
                     "--%s wants a number, decimal or 0x and hexadecimal digits", option);
}

sage_status job_binding_read(const job_binding *b, sage_facts *out, sage_errinfo *err)
{
    felt252 job;
    sage_facts f  = {0};
    sage_status s = read_felt(&job, "job-id", b->job_id, err);
    if (!s) s = read_felt(&f.worker, "worker", b->worker, err);
    if (!s) s = read_felt(&f.input_hash, "input-hash", b->input_hash, err);
    if (s) return s;
    felt252_to_limbs(job, f.job_id.w);
    *out = f;
    return SAGE_OK;
}
