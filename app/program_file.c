#include "app/program_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "vm/asm.h"
#include "vm/run_input.h"

enum { MAX_INPUT = 64 << 20 };

bool program_is_source(const char *path)
{
    size_t n = strlen(path);
    return n > 5 && !strcmp(path + n - 5, ".casm");
}

/* The message of an error in a source, with the file in front. */
static sage_status place(sage_errinfo *err, const char *path)
{
    char text[sizeof err->msg];
    memcpy(text, err->msg, sizeof text);
    return sage_fail(err, err->code, err->where, err->at, "%.100s:%s", path, text);
}

sage_status program_parse(sage_program *out,
                          const char *path,
                          const uint8_t *bytes,
                          size_t len,
                          const char *entry,
                          sage_errinfo *err)
{
    if (!program_is_source(path)) return sage_program_read(out, bytes, len, entry, err);
    return sage_assemble(out, (const char *)bytes, len, err) ? place(err, path) : SAGE_OK;
}

sage_status
program_load(sage_program *out, const char *path, const char *entry, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    sage_status s = sage_file_read(path, SAGE_PROGRAM_MAX_BYTES, &bytes, &len, err);
    if (s) return s;
    s = program_parse(out, path, bytes, len, entry, err);
    free(bytes);
    return s;
}

sage_status input_load(sage_run_input *out, const char *path, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    *out = (sage_run_input){0};
    if (!path) return SAGE_OK;
    sage_status s = sage_file_read(path, MAX_INPUT, &bytes, &len, err);
    if (s) return s;
    s = sage_run_input_read(out, bytes, len, err);
    if (s) free(bytes);
    return s;
}

void input_free(sage_run_input *in)
{
    void *bytes = (void *)(uintptr_t)in->json;
    sage_run_input_free(in);
    free(bytes);
}
