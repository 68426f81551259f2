/* wide_fibonacci: public n_columns, log_rows. docs/statements.md. */
#include "airs.h"
#include "statement/kind.h"

enum { COLUMNS = 0, LOG_ROWS = 1, N_PUBLIC = 2, MIN_COLUMNS = 3 };

static sage_status check(const sage_statement *s, sage_errinfo *err)
{
    uint32_t n = s->public_words[COLUMNS], log = s->public_words[LOG_ROWS];
    if (n < MIN_COLUMNS || n > SAGE_MAX_COLUMNS)
        return sage_fail(err, SAGE_EINVAL, "statement.columns", n,
                         "%u columns, allowed %d to %d", n, MIN_COLUMNS, SAGE_MAX_COLUMNS);
    if (log < SAGE_AIR_MIN_LOG || log > SAGE_AIR_MAX_LOG)
        return sage_fail(err, SAGE_EINVAL, "statement.log_rows", log,
                         "2^%u rows, allowed 2^%d to 2^%d", log, SAGE_AIR_MIN_LOG,
                         SAGE_AIR_MAX_LOG);
    return SAGE_OK;
}

static sage_status layout(const sage_statement *s,
                          const uint32_t *logs,
                          uint32_t n_logs,
                          sage_layout *out,
                          sage_errinfo *err)
{
    (void)logs, (void)n_logs, (void)err;
    out->n       = 1;
    out->inst[0] = (sage_instance){.air      = &sage_air_wide_fibonacci,
                                   .log_rows = s->public_words[LOG_ROWS],
                                   .size     = s->public_words[COLUMNS]};
    return SAGE_OK;
}

/* Row r starts with (1, r). */
static void fill(const sage_statement *s,
                 const uint8_t *input,
                 size_t len,
                 const sage_layout *l,
                 uint32_t *const *const *columns)
{
    (void)s, (void)input, (void)len;
    for (uint32_t r = 0; r < 1u << l->inst[0].log_rows; r++) {
        columns[0][0][r] = 1;
        columns[0][1][r] = r;
    }
}

const statement_kind statement_wide_fibonacci = {
    .kind     = SAGE_STATEMENT_WIDE_FIBONACCI,
    .n_public = N_PUBLIC,
    .name     = "wide_fibonacci",
    .check    = check,
    .layout   = layout,
    .fill     = fill,
};

sage_status sage_statement_wide_fibonacci(sage_statement *out,
                                          uint32_t n_columns,
                                          uint32_t log_rows,
                                          sage_errinfo *err)
{
    *out = (sage_statement){SAGE_STATEMENT_WIDE_FIBONACCI, N_PUBLIC, {n_columns, log_rows}};
    return sage_statement_check(out, err);
}
