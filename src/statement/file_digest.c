/* file_digest: public length (two words), digest[8]. docs/statements.md defines the sponge;
 * air/file_digest.air proves it. One row is one group of 120 bytes. */
#include <string.h>

#include "airs.h"
#include "hash/poseidon2.h"
#include "statement/kind.h"

enum { LENGTH_LOW = 0, LENGTH_HIGH = 1, DIGEST = 2, N_PUBLIC = 10, N_DIGEST = 8 };
enum { WIDTH = SAGE_POSEIDON2_WIDTH, LIMBS = SAGE_SPONGE_GROUP_LIMBS };
enum { BITS = SAGE_SPONGE_LIMB_BITS, PIECE_BITS = 15, TABLE_LOG = 15 };
/* The rows are cut into at most this many components of different size, so that little is
 * padded; the lifted commitment makes small ones cheap. */
enum { MAX_PARTS = 3, MAX_PART_LOG = 23 };
/* Each part's columns are opened at every query, so it must save an eighth of the rows. */
enum { WORTH_A_PART = 8 };
#define MAX_LENGTH ((uint64_t)SAGE_SPONGE_GROUP_BYTES << MAX_PART_LOG)

static uint64_t length(const sage_statement *s)
{
    return s->public_words[LENGTH_LOW] | (uint64_t)s->public_words[LENGTH_HIGH] << 32;
}

static sage_status check(const sage_statement *s, sage_errinfo *err)
{
    if (length(s) > MAX_LENGTH)
        return sage_fail(err, SAGE_ELIMIT, "statement.length", -1,
                         "the file has %llu bytes, at most %llu can be proved",
                         (unsigned long long)length(s), (unsigned long long)MAX_LENGTH);
    for (uint32_t i = DIGEST; i < N_PUBLIC; i++)
        if (s->public_words[i] >= M31_P)
            return sage_fail(err, SAGE_EINVAL, "statement.digest", i,
                             "digest word %u is %u, not below 2^31 - 1", i - DIGEST,
                             s->public_words[i]);
    return SAGE_OK;
}

/* Greedy cover of `rows` by `parts` powers of two, largest first, the last rounded up.
 * Returns the rows covered. */
static uint64_t cover(uint64_t rows, uint32_t parts, uint32_t *logs, uint32_t *n)
{
    uint64_t total = 0;
    for (*n = 0; *n < parts && total < rows;) {
        uint64_t left = rows - total;
        bool last     = *n + 1 == parts;
        uint32_t log  = SAGE_AIR_MIN_LOG;
        while (last ? 1ull << log < left : 2ull << log <= left)
            log++;
        logs[(*n)++] = log;
        total += 1ull << log;
    }
    return total;
}

static sage_status
choose_logs(const sage_statement *s, uint32_t *logs, uint32_t *n, sage_errinfo *err)
{
    uint64_t rows = sage_sponge_groups(length(s)), best = UINT64_MAX;
    (void)err;
    for (uint32_t parts = 1; parts <= MAX_PARTS; parts++) {
        uint32_t tried[MAX_PARTS], count;
        uint64_t total = cover(rows, parts, tried, &count);
        if (best != UINT64_MAX && total + best / WORTH_A_PART > best) continue;
        best = total;
        *n   = count;
        memcpy(logs, tried, count * sizeof *logs);
    }
    return SAGE_OK;
}

/* Claim data of a rows component, in the order of the .air file: N, full_pad[32], part[32],
 * top. Of the last group's limbs those beyond the end are zero, and the one that straddles it
 * is below 2^b: limb + top < 2^30 with top = 2^30 - 2^b. */
static void set_params(const sage_statement *s, sage_instance *in)
{
    uint64_t groups = sage_sponge_groups(length(s));
    uint64_t bits   = 8 * (length(s) - (groups - 1) * SAGE_SPONGE_GROUP_BYTES);
    m31 *p          = in->params;
    p[0]            = (m31)groups;
    for (uint32_t j = 0; j < LIMBS; j++) {
        uint64_t from    = (uint64_t)BITS * j;
        bool partial     = from < bits && bits < from + BITS;
        p[1 + j]         = from >= bits;
        p[1 + LIMBS + j] = partial;
        if (partial) p[1 + 2 * LIMBS] = (1u << BITS) - (1u << (bits - from));
    }
    in->n_params = 2 + 2 * LIMBS;
}

static sage_status layout(const sage_statement *s,
                          const uint32_t *logs,
                          uint32_t n_logs,
                          sage_layout *out,
                          sage_errinfo *err)
{
    uint64_t rows = 0;
    if (n_logs < 1 || n_logs > MAX_PARTS)
        return sage_fail(err, SAGE_EINVAL, "statement.logs", n_logs,
                         "%u parts, allowed 1 to %d", n_logs, MAX_PARTS);
    for (uint32_t i = 0; i < n_logs; i++) {
        if (logs[i] < SAGE_AIR_MIN_LOG || logs[i] > MAX_PART_LOG)
            return sage_fail(err, SAGE_EINVAL, "statement.logs", i,
                             "a part of 2^%u rows, allowed 2^%d to 2^%d", logs[i],
                             SAGE_AIR_MIN_LOG, MAX_PART_LOG);
        rows += 1ull << logs[i];
        out->inst[i] = (sage_instance){.air = &sage_air_file_digest_rows, .log_rows = logs[i]};
        set_params(s, &out->inst[i]);
    }
    if (rows < sage_sponge_groups(length(s)))
        return sage_fail(err, SAGE_EINVAL, "statement.logs", n_logs,
                         "%llu rows cannot hold the file's %llu groups",
                         (unsigned long long)rows,
                         (unsigned long long)sage_sponge_groups(length(s)));
    out->inst[n_logs] = (sage_instance){.air = &sage_air_range_check_15, .log_rows = TABLE_LOG};
    out->n            = n_logs + 1;
    return SAGE_OK;
}

static sage_status
public_sum(const sage_statement *s, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *err)
{
    const sage_air *air  = &sage_air_file_digest_rows;
    m31 start[1 + WIDTH] = {0};
    sage_sponge_start(start + 1, length(s));
    sage_status st = statement_add_public(out, air, "FileDigestState", start, 1 + WIDTH, false,
                                          z, alpha, err);
    if (st) return st;
    return statement_add_public(out, air, "FileDigestEnd", s->public_words + DIGEST, N_DIGEST,
                                true, z, alpha, err);
}

/* Input columns of a rows component: on, last, step, state[16], limb[32]. */
enum { IN_ON = 0, IN_LAST = 1, IN_STEP = 2, IN_STATE = 3, IN_LIMB = 3 + WIDTH };

/* Walks the file's groups into the rows of the parts, one after the other. */
typedef struct filler {
    const sage_layout *layout;
    uint32_t *const *const *columns;
    uint64_t groups;
    uint32_t part, row;
    uint32_t *uses; /* of the range table */
    m31 top;
} filler;

static void count_pieces(filler *f, m31 limb)
{
    f->uses[limb & ((1u << PIECE_BITS) - 1)]++;
    f->uses[limb >> PIECE_BITS]++;
}

/* The partial limb of the last row is range-checked once more, shifted up by top; every other
 * row checks zero there. */
static m31 shifted(const filler *f, bool last, const m31 *limbs)
{
    const m31 *part = f->layout->inst[0].params + 1 + LIMBS;
    m31 t           = f->top;
    if (!last) return 0;
    for (uint32_t j = 0; j < LIMBS; j++)
        if (part[j]) t += limbs[j];
    return t;
}

static void put_row(void *arg, uint64_t g, const m31 state[WIDTH], const m31 limbs[LIMBS])
{
    filler *f            = arg;
    uint32_t *const *col = f->columns[f->part];
    bool last            = g + 1 == f->groups;
    col[IN_ON][f->row]   = 1;
    col[IN_LAST][f->row] = last;
    col[IN_STEP][f->row] = (uint32_t)g;
    for (uint32_t i = 0; i < WIDTH; i++)
        col[IN_STATE + i][f->row] = state[i];
    for (uint32_t j = 0; j < LIMBS; j++) {
        col[IN_LIMB + j][f->row] = limbs[j];
        count_pieces(f, limbs[j]);
    }
    count_pieces(f, shifted(f, last, limbs));
    if (++f->row >> f->layout->inst[f->part].log_rows) {
        f->part++;
        f->row = 0;
    }
}

static void fill(const sage_statement *s,
                 const uint8_t *input,
                 size_t len,
                 const sage_layout *l,
                 uint32_t *const *const *columns)
{
    m31 digest[N_DIGEST];
    filler f = {.layout  = l,
                .columns = columns,
                .groups  = sage_sponge_groups(length(s)),
                .uses    = columns[l->n - 1][0],
                .top     = l->inst[0].params[1 + 2 * LIMBS]};
    sage_file_digest(input, len, put_row, &f, digest);
}

const statement_kind statement_file_digest = {
    .kind        = SAGE_STATEMENT_FILE_DIGEST,
    .n_public    = N_PUBLIC,
    .name        = "file_digest",
    .check       = check,
    .choose_logs = choose_logs,
    .layout      = layout,
    .public_sum  = public_sum,
    .fill        = fill,
};

sage_status sage_statement_file_digest(sage_statement *out,
                                       const uint8_t *bytes,
                                       size_t len,
                                       sage_errinfo *err)
{
    *out = (sage_statement){
        SAGE_STATEMENT_FILE_DIGEST, N_PUBLIC, {(uint32_t)len, (uint32_t)((uint64_t)len >> 32)}};
    sage_status s = sage_statement_check(out, err);
    if (s) return s;
    sage_file_digest(bytes, len, NULL, NULL, out->public_words + DIGEST);
    return SAGE_OK;
}
