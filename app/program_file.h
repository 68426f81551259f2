/* app/program_file.h -- the files of Cairo programs on a command line. */
#ifndef SAGE_APP_PROGRAM_FILE_H
#define SAGE_APP_PROGRAM_FILE_H

#include "vm/run.h"

/* Does the name end in .casm? */
bool program_is_source(const char *path);

/* Reads a program of any form; a name that ends in .casm is assembled, and its errors begin
 * "FILE:LINE:COLUMN: ". entry as sage_program_read. */
SAGE_CHECKED sage_status program_load(sage_program *out,
                                      const char *path,
                                      const char *entry,
                                      sage_errinfo *err);

/* The same of a file's bytes; path for its name. */
SAGE_CHECKED sage_status program_parse(sage_program *out,
                                       const char *path,
                                       const uint8_t *bytes,
                                       size_t len,
                                       const char *entry,
                                       sage_errinfo *err);

/* An input file: a JSON list of numbers, "0x.." texts and lists of them, which become felts (a
 * list inside is its length, then its items); or any other JSON, for hints. path NULL: none.
 * SAGE_EFORMAT "run.input", "json.*". Everything is the caller's: input_free. */
SAGE_CHECKED sage_status input_load(sage_run_input *out, const char *path, sage_errinfo *err);
void input_free(sage_run_input *in);

#endif
