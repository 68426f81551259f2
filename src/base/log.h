/* base/log.h -- levelled lines on standard error, one event each:
 *
 *   2026-01-31T23:59:59.999Z level=info event=worker.lease job=42 backend=avx2
 *
 * Model: an event has a static name "module.what" and fields with static keys; values are
 * quoted where needed and control bytes escaped, so a hostile value cannot forge a line.
 * A field whose key names a secret (contains secret, token, password, passphrase,
 * private_key or authorization) prints as [redacted], whatever its value.
 *
 * The level comes from SAGE_LOG, or else RUST_LOG, at the first line: off, error, warn,
 * info (the default), debug, trace. A word it does not know is reported by one line and
 * info is used. Each line is one write. Thread safe.
 * Known limit: a line ends at SAGE_LOG_LINE bytes, with truncated=true. */
#ifndef SAGE_BASE_LOG_H
#define SAGE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

typedef enum sage_log_level {
    SAGE_LOG_OFF,
    SAGE_LOG_ERROR,
    SAGE_LOG_WARN,
    SAGE_LOG_INFO,
    SAGE_LOG_DEBUG,
    SAGE_LOG_TRACE,
} sage_log_level;

enum { SAGE_LOG_LINE = 2048 };

typedef enum sage_log_kind { SAGE_LOG_TEXT = 1, SAGE_LOG_U64, SAGE_LOG_I64 } sage_log_kind;

typedef struct sage_log_field {
    const char *key; /* NULL ends the list */
    sage_log_kind kind;
    union {
        const char *text; /* NULL prints as - */
        uint64_t u64;
        int64_t i64;
    } value;
} sage_log_field;

SAGE_INLINE sage_log_field sage_log_text(const char *key, const char *text)
{
    return (sage_log_field){.key = key, .kind = SAGE_LOG_TEXT, .value.text = text};
}
SAGE_INLINE sage_log_field sage_log_u64(const char *key, uint64_t value)
{
    return (sage_log_field){.key = key, .kind = SAGE_LOG_U64, .value.u64 = value};
}
SAGE_INLINE sage_log_field sage_log_i64(const char *key, int64_t value)
{
    return (sage_log_field){.key = key, .kind = SAGE_LOG_I64, .value.i64 = value};
}

/* sage_log(level, event, field, ...): one line, if level is on. At least one field:
 *   sage_log(SAGE_LOG_INFO, "worker.lease", sage_log_u64("job", id)); */
#define sage_log(level, event, ...)                                                            \
    do {                                                                                       \
        if (sage_log_on(level))                                                                \
            sage_log_write((level), (event), (const sage_log_field[]){__VA_ARGS__, {0}});      \
    } while (0)

/* sage_log_error logs a failure with its code, where and message as fields. */
void sage_log_error(sage_log_level level, const char *event, const sage_errinfo *err);

bool sage_log_on(sage_log_level level);
void sage_log_write(sage_log_level level, const char *event, const sage_log_field *fields);

/* sage_log_format writes the line without time and newline, NUL-terminated, into out[size),
 * size >= 64, and returns its length: what sage_log_write prints. */
size_t sage_log_format(char *out,
                       size_t size,
                       sage_log_level level,
                       const char *event,
                       const sage_log_field *fields);

/* sage_log_level_parse: false for an unknown word; *level is then unchanged. */
bool sage_log_level_parse(const char *word, sage_log_level *level);

#endif
