#include "backend/cpu/grind_search.h"

/* Lowers s->first to lo if that is smaller. */
static void report(sage_grind_search *s, uint32_t lo)
{
    unsigned best = atomic_load_explicit(&s->first, memory_order_relaxed);
    while (lo < best && !atomic_compare_exchange_weak_explicit(
                            &s->first, &best, lo, memory_order_relaxed, memory_order_relaxed)) {
    }
}

static void search_chunk(void *arg, size_t chunk, uint32_t worker)
{
    sage_grind_search *s = arg;
    uint32_t begin       = (uint32_t)chunk << s->chunk_log;
    (void)worker;
    if (begin >= atomic_load_explicit(&s->first, memory_order_relaxed)) return;
    uint32_t before = s->chunk(s->arg, s->hi, begin);
    if (before < 1u << s->chunk_log) report(s, begin + before);
}

sage_status
sage_grind_run(sage_device *dev, sage_grind_search *s, uint64_t *nonce, sage_errinfo *err)
{
    const unsigned none = 1u << s->lo_bits;
    for (uint64_t hi = 0; hi >> 32 == 0; hi++) {
        s->hi = (uint32_t)hi;
        atomic_init(&s->first, none);
        sage_pool_for(dev->pool, none >> s->chunk_log, search_chunk, s);
        unsigned lo = atomic_load_explicit(&s->first, memory_order_relaxed);
        if (lo < none) {
            *nonce = hi << 32 | lo;
            return SAGE_OK;
        }
    }
    return sage_fail(err, SAGE_EINTERNAL, "grind.exhausted", -1, "no nonce has the zeros");
}
