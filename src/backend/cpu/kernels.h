/* backend/cpu/kernels.h -- the kernels of one lane width; table.c lists them in its
 * sage_backend. Each is one lane-generic text, compiled once per instruction set; contracts
 * in backend/backend.h. Include field/lanes.h first. */
#ifndef SAGE_BACKEND_CPU_KERNELS_H
#define SAGE_BACKEND_CPU_KERNELS_H

#include "backend/cpu/device.h"
#include "field/lanes.h"

/* fft.c */
size_t LANES_SUFFIX(sage_twiddle_words)(uint32_t log_max);
void LANES_SUFFIX(sage_twiddles)(sage_device *dev, sage_twiddles tw);
void LANES_SUFFIX(sage_interpolate)(sage_device *dev,
                                    sage_twiddles tw,
                                    uint32_t *const *cols,
                                    uint32_t n,
                                    uint32_t log,
                                    uint32_t log_domain);
void LANES_SUFFIX(sage_evaluate)(sage_device *dev,
                                 sage_twiddles tw,
                                 uint32_t *const *cols,
                                 uint32_t n,
                                 uint32_t log_coeffs,
                                 uint32_t log_eval);
void LANES_SUFFIX(sage_lde)(sage_device *dev,
                            sage_twiddles tw,
                            uint32_t *const *cols,
                            uint32_t n,
                            uint32_t log_rows,
                            uint32_t log_ext);

/* sample.c */
size_t LANES_SUFFIX(sage_sample_words)(uint32_t log_rows);
sage_status LANES_SUFFIX(sage_sample)(sage_device *dev,
                                      sage_twiddles tw,
                                      const uint32_t *const *cols,
                                      uint32_t n,
                                      uint32_t log_rows,
                                      uint32_t log_ext,
                                      secure_point point,
                                      uint32_t *scratch,
                                      qm31 *out,
                                      sage_errinfo *err);

/* merkle.c */
size_t LANES_SUFFIX(sage_merkle_words)(uint32_t log_height);
void LANES_SUFFIX(sage_merkle_commit)(sage_device *dev, const sage_merkle *tree);
sage_status LANES_SUFFIX(sage_merkle_digests)(sage_device *dev,
                                              const sage_merkle *tree,
                                              uint32_t level,
                                              const uint32_t *index,
                                              uint32_t n,
                                              uint8_t (*out)[32],
                                              sage_errinfo *err);
sage_status LANES_SUFFIX(sage_merkle_leaves)(sage_device *dev,
                                             const sage_merkle *tree,
                                             const uint32_t *index,
                                             uint32_t n,
                                             uint32_t *out,
                                             sage_errinfo *err);

/* grind.c */
sage_status LANES_SUFFIX(sage_grind)(sage_device *dev,
                                     sage_hash_kind kind,
                                     const uint8_t prefix32[32],
                                     uint32_t bits,
                                     uint64_t *nonce,
                                     sage_errinfo *err);

/* air_ops.c */
sage_status LANES_SUFFIX(sage_witness)(sage_device *dev,
                                       const sage_air *air,
                                       const sage_air_rows *rows,
                                       sage_errinfo *err);
sage_status LANES_SUFFIX(sage_count)(sage_device *dev,
                                     const sage_air *air,
                                     const sage_air_rows *rows,
                                     const sage_air_counters *counters,
                                     sage_errinfo *err);
size_t LANES_SUFFIX(sage_logup_words)(const sage_air *air, uint32_t log_rows);
sage_status LANES_SUFFIX(sage_logup)(sage_device *dev,
                                     const sage_air *air,
                                     const sage_air_rows *rows,
                                     uint32_t *scratch,
                                     qm31 *claimed,
                                     sage_errinfo *err);
sage_status LANES_SUFFIX(sage_constraints)(sage_device *dev,
                                           const sage_air *air,
                                           const sage_air_rows *rows,
                                           sage_errinfo *err);

/* quotients.c */
size_t LANES_SUFFIX(sage_quotient_words)(uint32_t n, uint32_t log);
void LANES_SUFFIX(sage_quotients)(sage_device *dev,
                                  sage_twiddles tw,
                                  const sage_quotient_batch *batches,
                                  uint32_t n,
                                  uint32_t log,
                                  uint32_t *scratch,
                                  uint32_t *const out[4]);

/* fold.c */
void LANES_SUFFIX(sage_lift_add)(sage_device *dev,
                                 uint32_t *const big[4],
                                 uint32_t log_big,
                                 const uint32_t *const small[4],
                                 uint32_t log_small);
void LANES_SUFFIX(sage_fold_circle)(sage_device *dev,
                                    sage_twiddles tw,
                                    const uint32_t *const src[4],
                                    uint32_t log,
                                    qm31 alpha,
                                    uint32_t *const dst[4]);
void LANES_SUFFIX(sage_fold_line)(sage_device *dev,
                                  sage_twiddles tw,
                                  const uint32_t *const src[4],
                                  uint32_t log,
                                  qm31 alpha,
                                  uint32_t *const dst[4]);

/* Columns too short for a lane width's vectors take the scalar kernels. */
void sage_interpolate_scalar(sage_device *dev,
                             sage_twiddles tw,
                             uint32_t *const *cols,
                             uint32_t n,
                             uint32_t log,
                             uint32_t log_domain);
void sage_evaluate_scalar(sage_device *dev,
                          sage_twiddles tw,
                          uint32_t *const *cols,
                          uint32_t n,
                          uint32_t log_coeffs,
                          uint32_t log_eval);
void sage_lde_scalar(sage_device *dev,
                     sage_twiddles tw,
                     uint32_t *const *cols,
                     uint32_t n,
                     uint32_t log_rows,
                     uint32_t log_ext);
sage_status sage_sample_scalar(sage_device *dev,
                               sage_twiddles tw,
                               const uint32_t *const *cols,
                               uint32_t n,
                               uint32_t log_rows,
                               uint32_t log_ext,
                               secure_point point,
                               uint32_t *scratch,
                               qm31 *out,
                               sage_errinfo *err);

extern const sage_backend LANES_SUFFIX(sage_backend);

#endif
