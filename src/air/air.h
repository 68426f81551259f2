/* air/air.h -- what a compiled component is: metadata, bytecode, and the row context its
 * kernels run on. `airc` writes the instances; nothing here is typed in by hand.
 *
 * Order is protocol (facts A4, A7, A8): trace columns in order of cell declaration,
 * constraints in order of assert, then one constraint per LogUp pair; LogUp entries in order
 * of use / yield, batched in consecutive pairs; interaction column b of pair b is 4 base
 * columns; the last pair's column is the running sum over rows.
 * A *sized* component has one run-time size n (e.g. the columns of wide_fibonacci): every
 * count is then base + step * n. */
#ifndef SAGE_AIR_AIR_H
#define SAGE_AIR_AIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "field/qm31.h"
#include "sage/status.h"

enum {
    SAGE_AIR_MAX_ARITY  = 128, /* values of a relation, its id included */
    SAGE_AIR_MAX_PARAMS = 128,
    SAGE_AIR_MIN_LOG    = 4, /* widest lane group: a component has at least 16 rows */
    SAGE_AIR_MAX_LOG    = 26
};

/* base + step * n mod 2^32 of a sized component (base may stand for a negative number);
 * step = 0 otherwise. */
typedef struct sage_air_count {
    uint32_t base, step;
} sage_air_count;

/* A preprocessed column: a function of the row alone (facts A14). `widths` and `index` are 0
 * where a kind does not name them.
 *   SEQ          row r: r
 *   BIT_FIELD    r cut into fields of the given widths, the first one most significant;
 *                widths: four bits a field, the first field lowest; index: which field
 *   XOR_TABLE    r = (a, b), `widths` bits each: index 0 is a, 1 is b, 2 is a xor b
 *   BLAKE_SIGMA  message word `index` of Blake2s round r; of round 0 from row 10 on
 * Cairo's preprocessed traces have two more, which no component here reads yet:
 *   POSEIDON_KEYS    word `index` of round r's keys
 *   PEDERSEN_POINTS  limb `index` of point r of the tables with windows of `widths` bits    */
typedef enum sage_pre_kind {
    SAGE_PRE_SEQ = 0,
    SAGE_PRE_BIT_FIELD,
    SAGE_PRE_XOR_TABLE,
    SAGE_PRE_BLAKE_SIGMA,
    SAGE_PRE_POSEIDON_KEYS,
    SAGE_PRE_PEDERSEN_POINTS
} sage_pre_kind;
typedef struct sage_air_pre {
    sage_pre_kind kind;
    uint32_t log; /* 0: the component's own log_rows */
    uint32_t widths, index;
} sage_air_pre;

/* A relation the component uses or yields: FNV-1a-32(name) mod p is value 0 (facts B2).
 * A counted one is a table's: its declaration says how a tuple gives a key (`by`), and the
 * witness counts the uses of every key, for the table's multiplicities. */
typedef struct sage_air_relation {
    const char *name;
    uint32_t id;
    uint32_t arity;              /* values after the id */
    sage_air_count uses, yields; /* entries of each kind per row */
    uint32_t counted;            /* 1 if it has a key */
} sage_air_relation;

/* A `feed` statement: every row that counts gives component `to` a row, whose input columns
 * are `n` columns from `first` on of the context's feed columns. */
typedef struct sage_air_feed {
    const char *to;
    uint32_t first, n;
} sage_air_feed;

typedef struct sage_air {
    const char *name;
    uint32_t witness;        /* 1 if its cells have initialisers: it can be proved */
    uint32_t sized;          /* 1 if it has a run-time size n */
    uint32_t size_min;       /* least n */
    sage_air_count trace;    /* trace columns */
    sage_air_count asserts;  /* constraints that are not LogUp's */
    sage_air_count pairs;    /* LogUp pairs = secure interaction columns */
    sage_air_count entries;  /* use / yield per row */
    sage_air_count inputs;   /* witness input columns */
    uint32_t params;         /* public M31 parameters, claim data of the instance */
    uint32_t degree;         /* highest constraint degree, LogUp included; <= 3 */
    uint32_t assert_degree;  /* the same without LogUp's */
    uint32_t fixed_log;      /* log_rows of every instance, if its tables fix it; else 0 */
    const sage_air_pre *pre; /* preprocessed columns, in order of first mention */
    uint32_t n_pre;
    const sage_air_relation *relations;
    uint32_t n_relations;
    const uint16_t *logup_trace; /* trace columns that LogUp entries read, ascending; */
    uint32_t n_logup_trace;      /* NULL, 0 for a sized component: all of them */
    const uint8_t *code;         /* bytecode of constraints and entries (airc/air_code.h) */
    size_t code_len;
    uint32_t code_regs; /* registers the interpreter needs */
    const sage_air_feed *feeds;
    uint32_t n_feeds, feed_columns; /* of all feeds */
} sage_air;

SAGE_INLINE uint32_t sage_air_at(sage_air_count c, uint32_t n)
{
    return c.base + c.step * n;
}

/* Memory as a witness sees it (facts B3), device memory. An id below 2^30 is of `small`, four
 * words a value (72 bits), another of `big`, eight words a value, at id - 2^30; little-endian
 * words. What lies beyond a table reads as id 0 and value 0: a witness of a hostile run may
 * look anywhere. */
enum { SAGE_AIR_BIG_ID = 1 << 30 };
typedef struct sage_air_memory {
    const uint32_t *id; /* by address */
    const uint32_t *small, *big;
    uint32_t n_ids, n_small, n_big; /* addresses, values */
} sage_air_memory;

/* How often each key of a counted relation was used: keys below 2^30 count in low, others in
 * high at key - 2^30. Device memory; low NULL: nobody counts this relation. */
typedef struct sage_air_counters {
    uint32_t *low, *high;
    uint32_t n_low, n_high;
} sage_air_counters;

/* The context of every kernel. Pointers are device memory, the arrays of them host memory.
 * A kernel works on rows [begin, end), multiples of 16. Which fields are read depends on the
 * kernel: witness (inputs, memory -> trace, feed), count (trace -> counters), fractions (pre,
 * trace -> num, den), constraints (pre, trace, inter on the evaluation domain -> acc); all of
 * them read params. Rows from n_active on are padding: enabler() is 0 there. */
typedef struct sage_air_rows {
    uint32_t log_rows, log_eval;
    uint32_t size; /* n of a sized component, else 0 */
    uint32_t n_active;
    const sage_air_memory *memory; /* host struct; NULL if no witness step reads memory */
    uint32_t *const *feed;         /* feed_columns columns of 2^log_rows */
    const uint32_t *const *inputs;
    const uint32_t *const *pre;
    uint32_t *const *trace;
    uint32_t *const *inter; /* 4 * pairs, coordinate-minor: column 4 * b + c */
    uint32_t *const *acc;   /* 4 */
    const m31 *params;
    const qm31 *alpha; /* powers alpha^0 .. alpha^arity_max (id included) */
    qm31 z;
    qm31 shift;        /* claimed sum / 2^log_rows */
    const qm31 *coef;  /* weight of constraint j: rho^(N-1-j), asserts then pairs */
    m31 vanish_inv[2]; /* 1 / V on the two halves of the evaluation domain */
} sage_air_rows;

/* One component's kernels for one instruction set; airc writes these tables too.
 * fractions writes, for rows [begin, end) and pair b, numerator and denominator at
 * num[4 * b + c][row - begin] and den[...]; begin and end are multiples of LANES. */
typedef struct sage_air_kernels {
    const char *name; /* the component's */
    /* NULL if the component's cells have no initialisers. */
    void (*witness)(const sage_air_rows *r, size_t begin, size_t end);
    void (*fractions)(const sage_air_rows *r,
                      size_t begin,
                      size_t end,
                      uint32_t *const *num,
                      uint32_t *const *den);
    void (*constraints)(const sage_air_rows *r, size_t begin, size_t end);
    /* Adds the multiplicity of every use of relation `relation` (its index in the component's
     * list, a counted one) in rows [begin, end) to its key's counter. false if a key lies
     * outside the counters; NULL if the component uses no counted relation. */
    bool (*count)(const sage_air_rows *r,
                  uint32_t relation,
                  size_t begin,
                  size_t end,
                  const sage_air_counters *to);
} sage_air_kernels;

/* Values of one component's mask at the out-of-domain point, for the verifier. */
typedef struct sage_air_mask {
    uint32_t size;
    const qm31 *pre;   /* n_pre */
    const qm31 *trace; /* trace columns */
    const qm31 *inter; /* pairs: recombined from 4 coordinates, at the point */
    qm31 inter_prev;   /* the last pair's column one row before */
    const m31 *params;
    const qm31 *alpha;
    qm31 z, shift;
} sage_air_mask;

/* sage_air_at_point folds the component's constraints, in order, into a Horner sum:
 * *acc = *acc * rho + C_j for every j (facts A7). regs: code_regs values of scratch.
 * Returns SAGE_EINTERNAL if the bytecode is malformed (checked, never out of bounds). */
SAGE_CHECKED sage_status sage_air_at_point(
    const sage_air *air, const sage_air_mask *mask, qm31 rho, qm31 *regs, qm31 *acc);

#endif
