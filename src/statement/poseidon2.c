/* poseidon2: public log_instances, start[16], end[16]. docs/statements.md. */
#include <string.h>

#include "airs.h"
#include "hash/poseidon2.h"
#include "statement/kind.h"

enum { LOG_INSTANCES = 0, START = 1, END = 17, N_PUBLIC = 33, WIDTH = SAGE_POSEIDON2_WIDTH };
/* Permutations per row: a constant of air/poseidon2.air. */
enum { LOG_PER_ROW = 2, PER_ROW = 1 << LOG_PER_ROW };
enum { MIN_LOG = SAGE_AIR_MIN_LOG + LOG_PER_ROW, MAX_LOG = SAGE_AIR_MAX_LOG + LOG_PER_ROW };

static sage_status check(const sage_statement *s, sage_errinfo *err)
{
    uint32_t log = s->public_words[LOG_INSTANCES];
    if (log < MIN_LOG || log > MAX_LOG)
        return sage_fail(err, SAGE_EINVAL, "statement.log_instances", log,
                         "2^%u permutations, allowed 2^%d to 2^%d", log, MIN_LOG, MAX_LOG);
    for (uint32_t i = START; i < N_PUBLIC; i++)
        if (s->public_words[i] >= M31_P)
            return sage_fail(err, SAGE_EINVAL, "statement.state", i,
                             "public word %u is %u, not below 2^31 - 1", i, s->public_words[i]);
    return SAGE_OK;
}

static uint32_t log_rows(const sage_statement *s)
{
    return s->public_words[LOG_INSTANCES] - LOG_PER_ROW;
}

static sage_status layout(const sage_statement *s,
                          const uint32_t *logs,
                          uint32_t n_logs,
                          sage_layout *out,
                          sage_errinfo *err)
{
    (void)logs, (void)n_logs, (void)err;
    out->n       = 1;
    out->inst[0] = (sage_instance){.air = &sage_air_poseidon2_chain, .log_rows = log_rows(s)};
    return SAGE_OK;
}

/* The rows use state 0 .. n-1 and yield 1 .. n: outside yields the start and uses the end. */
static sage_status
public_sum(const sage_statement *s, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    m31 start[1 + WIDTH] = {0}, end[1 + WIDTH] = {1u << log_rows(s)};
    memcpy(start + 1, s->public_words + START, WIDTH * sizeof *start);
    memcpy(end + 1, s->public_words + END, WIDTH * sizeof *end);
    const sage_air *air = &sage_air_poseidon2_chain;
    sage_status st = statement_add_public(out, air, "Poseidon2State", start, 1 + WIDTH, false,
                                          z, alpha, err);
    if (st) return st;
    return statement_add_public(out, air, "Poseidon2State", end, 1 + WIDTH, true, z, alpha,
                                err);
}

static void fill(const sage_statement *s,
                 const uint8_t *input,
                 size_t len,
                 const sage_layout *l,
                 uint32_t *const *const *columns)
{
    m31 state[WIDTH];
    (void)input, (void)len;
    memcpy(state, s->public_words + START, sizeof state);
    for (uint32_t r = 0; r < 1u << l->inst[0].log_rows; r++) {
        columns[0][0][r] = r;
        for (uint32_t i = 0; i < WIDTH; i++)
            columns[0][1 + i][r] = state[i];
        for (uint32_t k = 0; k < PER_ROW; k++)
            sage_poseidon2_permute(state);
    }
}

const statement_kind statement_poseidon2 = {
    .kind       = SAGE_STATEMENT_POSEIDON2,
    .n_public   = N_PUBLIC,
    .name       = "poseidon2",
    .check      = check,
    .layout     = layout,
    .public_sum = public_sum,
    .fill       = fill,
};

sage_status sage_statement_poseidon2(sage_statement *out,
                                     uint32_t log_instances,
                                     const uint32_t start[16],
                                     sage_errinfo *err)
{
    m31 state[WIDTH];
    *out = (sage_statement){SAGE_STATEMENT_POSEIDON2, N_PUBLIC, {log_instances}};
    memcpy(out->public_words + START, start, WIDTH * sizeof *start);
    sage_status s = sage_statement_check(out, err);
    if (s) return s;
    memcpy(state, start, sizeof state);
    for (uint64_t k = 0; k < (uint64_t)1 << log_instances; k++)
        sage_poseidon2_permute(state);
    memcpy(out->public_words + END, state, sizeof state);
    return SAGE_OK;
}
