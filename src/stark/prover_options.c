#include "stark/prover_options.h"

#include <string.h>
#include <unistd.h>

#include "base/cpu.h"

sage_config sage_options_config(const sage_params *p)
{
    sage_config c = {p->pow_bits, p->log_blowup, p->n_queries, p->log_last_layer, p->fold_step};
    sage_config none = {0};
    return memcmp(&c, &none, sizeof c) ? c : sage_config_production;
}

/* The machine's memory when the caller sets no budget. */
static uint64_t budget(const sage_prove_options *o)
{
    long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (o->memory_bytes) return o->memory_bytes;
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_MAX;
}

sage_status
sage_options_check_memory(const sage_prove_options *o, uint64_t bytes, sage_errinfo *err)
{
    if (bytes <= budget(o)) return SAGE_OK;
    return sage_fail(err, SAGE_ENOMEM, "prove.memory", -1,
                     "the proof needs %llu bytes, the budget is %llu",
                     (unsigned long long)bytes, (unsigned long long)budget(o));
}

uint32_t sage_options_threads(const sage_prove_options *o)
{
    return o->threads ? o->threads : sage_cpu_count();
}

void sage_options_cost(sage_prove_cost *out, const sage_layout *l, const sage_config *c)
{
    out->security_bits = sage_config_security(c);
    out->cells         = 0;
    out->log_rows      = 0;
    for (uint32_t i = 0; i < l->n; i++) {
        const sage_instance *in = &l->inst[i];
        uint32_t cols           = sage_instance_trace(in) + 4 * sage_instance_pairs(in);
        out->cells += (uint64_t)cols << in->log_rows;
        if (in->log_rows > out->log_rows) out->log_rows = in->log_rows;
    }
}
