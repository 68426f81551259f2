/* backend/backend.h -- the table of operations on columns. The prover is written once above
 * it; a backend is a folder that fills it (cpu: scalar, avx2, avx512; cuda).
 *
 * Model: a column is a run of 32-bit words in *device memory*, one canonical M31 value each.
 * A `uint32_t *` marked device below may be handed back to operations and offset by words,
 * and must not be dereferenced by the caller. One arena per proof, sized by the caller's
 * plan; operations allocate nothing and take their scratch from the caller, its size given
 * by the pure `*_words` functions. All backends give the same bytes for any thread count.
 * Evaluations are bit-reversed (field/circle.h). "ext" sizes include the blowup.
 *
 * Errors: operations that return nothing record the first fault in the device; `download`,
 * and every operation that returns a status, reports it. CPU operations cannot fault.
 * Thread safety: one caller per device. */
#ifndef SAGE_BACKEND_BACKEND_H
#define SAGE_BACKEND_BACKEND_H

#include <stddef.h>
#include <stdint.h>

#include "air/air.h"
#include "field/circle.h"
#include "hash/kind.h"
#include "sage/status.h"

typedef struct sage_backend sage_backend;
typedef struct sage_device sage_device;

/* Twiddle tables for all canonic domains up to 2^log_max points; device memory. */
typedef struct sage_twiddles {
    uint32_t *mem;
    uint32_t log_max;
} sage_twiddles;

/* A lifted Merkle tree (facts A4). cols in leaf order: stable ascending by log size; each
 * column has 2^logs[i] words. log_height >= max logs - log_pack. log_pack = 2 is FRI's
 * packed leaf: n_cols = 4 coordinate columns, leaf q holds values 4q..4q+3, each as its 4
 * coordinates (16 words); otherwise 0. nodes: device, merkle_words words; its bottom
 * SAGE_MERKLE_DROP layers are not stored but recomputed when opened. What nodes holds is the
 * backend's own affair, and the hash's; digests are as hash/kind.h says. */
typedef struct sage_merkle {
    const uint32_t *const *cols; /* host array of device columns */
    const uint32_t *logs;        /* host */
    uint32_t n_cols, log_height, log_pack;
    uint32_t *nodes;
    sage_hash_kind hash; /* of the leaves and nodes; 0 is Blake2s */
} sage_merkle;

/* One column's share in a DEEP quotient batch: weight * F(D), F lifted to the big domain. */
typedef struct sage_quotient_entry {
    const uint32_t *col; /* device */
    uint32_t log;        /* ext size of col */
    qm31 weight;         /* gamma^e * c of facts A11 */
} sage_quotient_entry;

/* All samples at one point: numerator(D) = sum weight * F(D) - a * D.y - b; the denominator
 * is (Re P.x - D.x) Im P.y - (Re P.y - D.y) Im P.x over CM31. entries ascend by log. */
typedef struct sage_quotient_batch {
    secure_point point;
    qm31 a, b; /* sums of gamma^e a_e, gamma^e b_e */
    const sage_quotient_entry *entries;
    uint32_t n_entries;
} sage_quotient_batch;

struct sage_backend {
    const char *name; /* "scalar", "avx2", "avx512" */

    /* available returns SAGE_OK, or SAGE_EUNSUP with the reason (not built, CPU lacks it). */
    sage_status (*available)(sage_errinfo *err);
    /* open makes a device with `threads` >= 1 workers. close frees all, NULL allowed. */
    sage_status (*open)(sage_device **dev, uint32_t threads, sage_errinfo *err);
    void (*close)(sage_device *dev);
    /* arena gives `bytes` of device memory, 2 MiB aligned, contents undefined; it replaces
     * any earlier arena and lives until close. SAGE_ENOMEM if it cannot be had. */
    sage_status (*arena)(sage_device *dev, size_t bytes, uint32_t **base, sage_errinfo *err);

    void (*upload)(sage_device *dev, uint32_t *dst, const uint32_t *host, size_t words);
    sage_status (*download)(
        sage_device *dev, uint32_t *host, const uint32_t *src, size_t words, sage_errinfo *err);
    void (*copy)(sage_device *dev, uint32_t *dst, const uint32_t *src, size_t words);
    void (*zero)(sage_device *dev, uint32_t *dst, size_t words);

    /* Circle FFT (facts A3). Columns are transformed in place; n columns of equal shape. */
    size_t (*twiddle_words)(uint32_t log_max);
    void (*twiddles)(sage_device *dev, sage_twiddles tw);
    /* interpolate: values on the first 2^log positions of the canonic domain of log_domain
     * (log_domain >= log; they form a circle domain) -> 2^log coefficients, scaled. */
    void (*interpolate)(sage_device *dev,
                        sage_twiddles tw,
                        uint32_t *const *cols,
                        uint32_t n,
                        uint32_t log,
                        uint32_t log_domain);
    /* evaluate: 2^log_coeffs coefficients, room for 2^log_eval words -> values on the
     * canonic domain of log_eval >= log_coeffs. */
    void (*evaluate)(sage_device *dev,
                     sage_twiddles tw,
                     uint32_t *const *cols,
                     uint32_t n,
                     uint32_t log_coeffs,
                     uint32_t log_eval);
    /* lde: values on the canonic domain of log_rows, room for 2^log_ext -> values on that of
     * log_ext. Equals interpolate + evaluate, in fewer passes. */
    void (*lde)(sage_device *dev,
                sage_twiddles tw,
                uint32_t *const *cols,
                uint32_t n,
                uint32_t log_rows,
                uint32_t log_ext);

    /* Lifted Merkle trees. */
    size_t (*merkle_words)(uint32_t log_height);
    void (*merkle_commit)(sage_device *dev, const sage_merkle *tree);
    /* digests of nodes at `level` (0 = leaves, log_height = root) at the n indices given. */
    sage_status (*merkle_digests)(sage_device *dev,
                                  const sage_merkle *tree,
                                  uint32_t level,
                                  const uint32_t *index,
                                  uint32_t n,
                                  uint8_t (*out)[32],
                                  sage_errinfo *err);
    /* leaves: the words hashed into leaf q, for n positions q, row-major; each row has
     * n_cols << log_pack words. */
    sage_status (*merkle_leaves)(sage_device *dev,
                                 const sage_merkle *tree,
                                 const uint32_t *index,
                                 uint32_t n,
                                 uint32_t *out,
                                 sage_errinfo *err);

    /* AIR. witness: input columns and memory -> trace and feed columns on all 2^log_rows rows.
     * SAGE_EUNSUP if this backend was built without the component's kernels. */
    sage_status (*witness)(sage_device *dev,
                           const sage_air *air,
                           const sage_air_rows *rows,
                           sage_errinfo *err);
    /* count: for every relation r of air with counters[r].low, adds the multiplicities of its
     * uses in all 2^log_rows rows to the counters of their keys. Reads rows->trace and params.
     * SAGE_EPROOF "witness.count" with the relation's name if a key lies outside its counters:
     * a value that the table does not have. */
    sage_status (*count)(sage_device *dev,
                         const sage_air *air,
                         const sage_air_rows *rows,
                         const sage_air_counters *counters,
                         sage_errinfo *err);
    /* logup: fractions of every row, batch inverted, accumulated, summed over the rows in
     * coset order (facts A8). rows->inter receives 4 * n_pairs columns on the trace domain;
     * *claimed the sum over all rows. Reads rows->pre, rows->trace on the trace domain. */
    size_t (*logup_words)(const sage_air *air, uint32_t log_rows);
    sage_status (*logup)(sage_device *dev,
                         const sage_air *air,
                         const sage_air_rows *rows,
                         uint32_t *scratch,
                         qm31 *claimed,
                         sage_errinfo *err);
    /* constraints: rows->acc[0..3] += sum_j coef[j] * C_j / V on all 2^log_eval points of
     * the canonic domain of log_eval = log_rows + 1 (facts A7). */
    sage_status (*constraints)(sage_device *dev,
                               const sage_air *air,
                               const sage_air_rows *rows,
                               sage_errinfo *err);
    /* lift_add: big[c][i] += small[c][lift(i)], 4 coordinate columns each (facts A7). */
    void (*lift_add)(sage_device *dev,
                     uint32_t *const big[4],
                     uint32_t log_big,
                     const uint32_t *const small[4],
                     uint32_t log_small);

    /* sample: out[i] = value at `point` of the polynomial of degree < 2^log_rows whose
     * values on the canonic domain of log_ext are cols[i]. `point` is already doubled for
     * lifting. Weights are computed once and serve all n columns. */
    size_t (*sample_words)(uint32_t log_rows);
    sage_status (*sample)(sage_device *dev,
                          sage_twiddles tw,
                          const uint32_t *const *cols,
                          uint32_t n,
                          uint32_t log_rows,
                          uint32_t log_ext,
                          secure_point point,
                          uint32_t *scratch,
                          qm31 *out,
                          sage_errinfo *err);

    /* quotients: out[0..3] = sum over batches of numerator / denominator on the canonic
     * domain of 2^log points (facts A11). quotient_words bounds the scratch of any n batches. */
    size_t (*quotient_words)(uint32_t n, uint32_t log);
    void (*quotients)(sage_device *dev,
                      sage_twiddles tw,
                      const sage_quotient_batch *batches,
                      uint32_t n,
                      uint32_t log,
                      uint32_t *scratch,
                      uint32_t *const out[4]);

    /* FRI folds (facts A12), 4 coordinate columns of 2^log -> 2^(log-1); dst may not alias.
     * circle: pairs divide by y of the canonic domain of log; line: by x of half_odds(log).
     * No factor 1/2. */
    void (*fold_circle)(sage_device *dev,
                        sage_twiddles tw,
                        const uint32_t *const src[4],
                        uint32_t log,
                        qm31 alpha,
                        uint32_t *const dst[4]);
    void (*fold_line)(sage_device *dev,
                      sage_twiddles tw,
                      const uint32_t *const src[4],
                      uint32_t log,
                      qm31 alpha,
                      uint32_t *const dst[4]);

    /* grind: the first nonce in the reference's order (hi = 0, 1, ..; lo ascending; nonce =
     * hi << 32 | lo) whose hash has >= bits trailing zero bits. Blake2s: H(prefix32 || LE u64
     * nonce) as a little-endian integer, lo < 2^20 (facts A5). Poseidon252: the hash of the
     * pair (prefix, nonce), prefix32 a canonical felt252, lo < 2^14 (facts A10). SAGE_EINVAL
     * "grind.bits" from 64 bits on, "grind.prefix" if no canonical felt252. */
    sage_status (*grind)(sage_device *dev,
                         sage_hash_kind kind,
                         const uint8_t prefix32[32],
                         uint32_t bits,
                         uint64_t *nonce,
                         sage_errinfo *err);
};

enum { SAGE_MERKLE_DROP = 3 };

/* The CPU backends, best first by speed: avx512, avx2, scalar; NULL-terminated. */
extern const sage_backend *const sage_cpu_backends[];
/* sage_backend_find: name NULL or "auto" gives the fastest available one; an unknown name
 * SAGE_ENOTFOUND, an unavailable one SAGE_EUNSUP with the reason. Never falls back. */
SAGE_CHECKED sage_status sage_backend_find(const char *name,
                                           const sage_backend **out,
                                           sage_errinfo *err);

#endif
