/* airc/common.h -- what all stages share: the context, its arena, errors, growing text.
 *
 * Running out of memory or over a limit leaves the compiler by one longjmp to the entry
 * point (`stop`); all memory is in the arena, so nothing leaks. */
#ifndef SAGE_AIRC_COMMON_H
#define SAGE_AIRC_COMMON_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "airc/airc.h"
#include "field/m31.h"

enum {
    AIRC_MAX_ERRORS = 20,
    AIRC_MAX_FILES  = 256,
    AIRC_MAX_TEXT   = 1 << 20, /* bytes of one source file */
    AIRC_MAX_NEST   = 200,     /* brackets and blocks inside one another */
    AIRC_MAX_CALLS  = 64,      /* fn calls inside one another */
    AIRC_MAX_DIMS   = 4,
    AIRC_MAX_ARRAY  = 1 << 16, /* elements of an array that is spelled out */
    AIRC_MAX_NODES  = 1 << 20,
    AIRC_MAX_STEPS  = 1 << 22,
    AIRC_MAX_PARAMS = 128, /* SAGE_AIR_MAX_PARAMS */
    AIRC_MAX_DEGREE = 3
};

typedef struct airc_pos {
    uint32_t file, line, col;
} airc_pos;

typedef struct airc_chunk airc_chunk;
struct airc_item;
struct airc_program;

struct sage_airc {
    airc_chunk *chunks;
    size_t used_bytes;
    jmp_buf stop;
    sage_status stop_code;
    airc_pos at;                       /* the statement that is being run */
    char stopped[512];                 /* the message of a stop that had no error before it */
    const char *files[AIRC_MAX_FILES]; /* paths as given or as included */
    uint32_t n_files;
    char *text;     /* the file being cut into tokens: malloc, as its reader gave it */
    char *messages; /* in the arena */
    size_t messages_len, messages_cap;
    uint32_t errors;
    sage_airc_read read;
    void *read_arg;
    struct airc_item *first, *last;                    /* all items, in order of the files */
    struct airc_program *program_first, *program_last; /* compiled components */
    const char *prefix;                                /* of the names in what is emitted */
};

/* Zeroed memory of the arena; never NULL. */
void *airc_alloc(sage_airc *c, size_t count, size_t size);
char *airc_strndup(sage_airc *c, const char *s, size_t n);
char *airc_printf(sage_airc *c, const char *fmt, ...) SAGE_PRINTF(2, 3);
/* Records an error; after AIRC_MAX_ERRORS the compile stops. */
void airc_error(sage_airc *c, airc_pos at, const char *fmt, ...) SAGE_PRINTF(3, 4);
_Noreturn void airc_stop(sage_airc *c, sage_status code);

/* Growing text in the arena. */
typedef struct airc_text {
    sage_airc *c;
    char *s;
    size_t len, cap;
} airc_text;
void airc_put(airc_text *t, const char *fmt, ...) SAGE_PRINTF(2, 3);
void airc_put_bytes(airc_text *t, const void *p, size_t n);

#endif
