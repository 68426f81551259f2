#include "backend/cpu/device.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cpu.h"

enum { HUGE_PAGE = 1 << 21, CACHE_LINE = 64 };

static sage_status need(bool has, const char *isa, sage_errinfo *err)
{
    if (has) return SAGE_OK;
    return sage_fail(err, SAGE_EUNSUP, "backend.cpu", -1,
                     "backend %s: this CPU lacks the instructions, or SAGE_CPU_MASK hides them",
                     isa);
}

sage_status sage_cpu_available_scalar(sage_errinfo *err)
{
    return need(true, "scalar", err);
}
sage_status sage_cpu_available_avx2(sage_errinfo *err)
{
    return need(sage_cpu_has(SAGE_CPU_AVX2), "avx2", err);
}
sage_status sage_cpu_available_avx512(sage_errinfo *err)
{
#ifdef SAGE_LANES_SIMDE /* the tests' sixteen lanes made of AVX2 */
    return need(sage_cpu_has(SAGE_CPU_AVX2), "avx512", err);
#else
    return need(sage_cpu_has(SAGE_CPU_AVX512), "avx512", err);
#endif
}

/* bytes > 0 rounded up to a multiple of `align`; NULL if there is no memory or no such size. */
static uint32_t *aligned(size_t bytes, size_t align)
{
    if (bytes > SIZE_MAX - align) return NULL;
    return aligned_alloc(align, (bytes + align - 1) / align * align);
}

sage_status sage_cpu_open(sage_device **out, uint32_t threads, sage_errinfo *err)
{
    sage_device *dev = calloc(1, sizeof *dev);
    sage_status s;
    *out = NULL;
    if (!dev) return sage_fail(err, SAGE_ENOMEM, "backend.device", -1, "no memory");
    s = sage_pool_create(&dev->pool, threads, err);
    if (s) {
        sage_cpu_close(dev);
        return s;
    }
    dev->threads = threads;
    dev->tiles = aligned((size_t)threads * SAGE_CPU_TILE_WORDS * sizeof(uint32_t), CACHE_LINE);
    if (!dev->tiles) {
        sage_cpu_close(dev);
        return sage_fail(err, SAGE_ENOMEM, "backend.device", -1, "no scratch for %u workers",
                         threads);
    }
    *out = dev;
    return SAGE_OK;
}

void sage_cpu_close(sage_device *dev)
{
    if (!dev) return;
    sage_pool_destroy(dev->pool);
    free(dev->arena);
    free(dev->tiles);
    free(dev);
}

sage_status sage_cpu_arena(sage_device *dev, size_t bytes, uint32_t **base, sage_errinfo *err)
{
    *base = NULL;
    if (!bytes) return sage_fail(err, SAGE_EINVAL, "backend.arena", -1, "an empty arena");
    if (bytes > dev->arena_bytes) {
        free(dev->arena);
        dev->arena_bytes = 0;
        dev->arena       = aligned(bytes, HUGE_PAGE);
        if (!dev->arena)
            return sage_fail(err, SAGE_ENOMEM, "backend.arena", -1,
                             "%zu bytes of device memory are not to be had", bytes);
        dev->arena_bytes = bytes;
#ifdef MADV_HUGEPAGE
        /* Advice: a proof touches every page, and small ones cost 6-14 % in faults and TLB
         * misses. Refusal changes nothing but speed. */
        (void)madvise(dev->arena, bytes, MADV_HUGEPAGE);
#endif
    }
    *base = dev->arena;
    return SAGE_OK;
}

void sage_cpu_upload(sage_device *dev, uint32_t *dst, const uint32_t *host, size_t words)
{
    sage_cpu_copy(dev, dst, host, words);
}

sage_status sage_cpu_download(
    sage_device *dev, uint32_t *host, const uint32_t *src, size_t words, sage_errinfo *err)
{
    (void)err;
    sage_cpu_copy(dev, host, src, words);
    return SAGE_OK;
}

void sage_cpu_copy(sage_device *dev, uint32_t *dst, const uint32_t *src, size_t words)
{
    (void)dev;
    if (words) memcpy(dst, src, words * sizeof *dst);
}

void sage_cpu_zero(sage_device *dev, uint32_t *dst, size_t words)
{
    (void)dev;
    if (words) memset(dst, 0, words * sizeof *dst);
}
