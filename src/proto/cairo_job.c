#include "proto/cairo_job.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum { MAGIC_LEN = 8, HEAD_LEN = 16 };
static const char magic[MAGIC_LEN + 1] = "SAGEJOB1";

sage_status
sage_cairo_job_pack(const sage_cairo_task *t, uint8_t **bytes, size_t *len, sage_errinfo *err)
{
    size_t n = HEAD_LEN;
    *bytes   = NULL;
    *len     = 0;
    if (t->program_len > SIZE_MAX - n || t->args_len > SIZE_MAX - n - t->program_len)
        return sage_fail(err, SAGE_ENOMEM, "job.memory", -1, "no memory for the job");
    n += t->program_len + t->args_len;
    uint8_t *p = malloc(n);
    if (!p) return sage_fail(err, SAGE_ENOMEM, "job.memory", -1, "no memory for the job");
    memcpy(p, magic, MAGIC_LEN);
    sage_store_le64(p + MAGIC_LEN, t->program_len);
    memcpy(p + HEAD_LEN, t->program, t->program_len);
    if (t->args_len) memcpy(p + HEAD_LEN + t->program_len, t->args, t->args_len);
    *bytes = p;
    *len   = n;
    return SAGE_OK;
}

sage_status
sage_cairo_job_open(sage_cairo_task *out, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    *out = (sage_cairo_task){0};
    if (len < HEAD_LEN || memcmp(bytes, magic, MAGIC_LEN) != 0)
        return sage_fail(err, SAGE_EFORMAT, "job.magic", 0,
                         "the input of a cairo job begins SAGEJOB1");
    uint64_t program = sage_load_le64(bytes + MAGIC_LEN);
    if (!program || program > len - HEAD_LEN)
        return sage_fail(err, SAGE_EFORMAT, "job.length", MAGIC_LEN,
                         "a program of %llu bytes in a job of %zu", (unsigned long long)program,
                         len);
    out->program     = bytes + HEAD_LEN;
    out->program_len = (size_t)program;
    out->args_len    = len - HEAD_LEN - out->program_len;
    out->args        = out->args_len ? out->program + out->program_len : NULL;
    return SAGE_OK;
}
