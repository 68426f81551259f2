#include "app/recorded.h"

#include <stdlib.h>

#include "base/file.h"
#include "vm/trace_files.h"

static sage_status load(const char *path, const uint8_t **bytes, size_t *len, sage_errinfo *err)
{
    uint8_t *read = NULL;
    sage_status s = path ? sage_file_read(path, RECORDED_MAX_BYTES, &read, len, err) : SAGE_OK;
    *bytes        = read;
    return s;
}

static void release(const uint8_t *bytes)
{
    free((void *)(uintptr_t)bytes);
}

sage_status recorded_read(sage_prover_input *out, const recorded_files *f, sage_errinfo *err)
{
    sage_trace_files in = {0};
    if (!f->trace || !f->memory)
        return sage_fail(err, SAGE_EINVAL, "cli.required", -1,
                         "a recorded run needs --trace-file and --memory-file");
    sage_status s = load(f->trace, &in.trace, &in.trace_len, err);
    if (!s) s = load(f->memory, &in.memory, &in.memory_len, err);
    if (!s) s = load(f->public_input, &in.public_input, &in.public_input_len, err);
    if (!s) s = sage_trace_files_read(out, &in, err);
    release(in.trace);
    release(in.memory);
    release(in.public_input);
    return s;
}

uint64_t recorded_steps(const sage_prover_input *in)
{
    uint64_t n = 0;
    for (int o = 0; o < SAGE_OPCODES; o++)
        n += in->states[o].n;
    return n;
}

uint64_t recorded_cells(const sage_prover_input *in)
{
    uint64_t n = 0;
    for (uint32_t i = 1; i < in->n_addresses; i++)
        n += in->address_to_id[i] != SAGE_MEMORY_NO_ID;
    return n;
}

sage_status
recorded_output(const sage_prover_input *in, sage_value **out, uint32_t *n, sage_errinfo *err)
{
    sage_builtin_range r = in->builtin[SAGE_BUILTIN_OUTPUT];
    *n                   = r.stop - r.begin;
    *out                 = calloc((size_t)*n + 1, sizeof **out);
    if (!*out) return sage_fail(err, SAGE_ENOMEM, "run.memory", -1, "no memory for the output");
    for (uint32_t i = 0; i < *n; i++)
        (*out)[i] = sage_prover_input_value(in, r.begin + i);
    return SAGE_OK;
}
