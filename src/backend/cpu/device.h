/* backend/cpu/device.h -- what every CPU kernel family knows of its device.
 *
 * Device memory is host memory here. Kernels share `pool` and index `tile` by the worker
 * number; they allocate nothing. */
#ifndef SAGE_BACKEND_CPU_DEVICE_H
#define SAGE_BACKEND_CPU_DEVICE_H

#include "backend/backend.h"
#include "base/pool.h"

/* Words of scratch each worker has between sage_pool_for calls; 64-byte aligned. */
enum { SAGE_CPU_TILE_WORDS = 1 << 18 };

struct sage_device {
    sage_pool *pool;
    uint32_t threads;
    uint32_t *arena; /* NULL before the first sage_cpu_arena */
    size_t arena_bytes;
    uint32_t *tiles; /* threads * SAGE_CPU_TILE_WORDS */
};

SAGE_INLINE uint32_t *sage_cpu_tile(const sage_device *dev, uint32_t worker)
{
    return dev->tiles + (size_t)worker * SAGE_CPU_TILE_WORDS;
}

/* The operations that do not depend on the lane width; contracts in backend/backend.h. */
sage_status sage_cpu_available_scalar(sage_errinfo *err);
sage_status sage_cpu_available_avx2(sage_errinfo *err);
sage_status sage_cpu_available_avx512(sage_errinfo *err);
sage_status sage_cpu_open(sage_device **dev, uint32_t threads, sage_errinfo *err);
void sage_cpu_close(sage_device *dev);
sage_status sage_cpu_arena(sage_device *dev, size_t bytes, uint32_t **base, sage_errinfo *err);
void sage_cpu_upload(sage_device *dev, uint32_t *dst, const uint32_t *host, size_t words);
sage_status sage_cpu_download(
    sage_device *dev, uint32_t *host, const uint32_t *src, size_t words, sage_errinfo *err);
void sage_cpu_copy(sage_device *dev, uint32_t *dst, const uint32_t *src, size_t words);
void sage_cpu_zero(sage_device *dev, uint32_t *dst, size_t words);

#endif
