/* devnet/names.c -- a table that only grows; entries are published whole. */
#include "devnet/names.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "starknet/address.h"

enum { PLACES = 2048, LONGEST = 48, PROBES = 16 };

typedef struct entry {
    char name[LONGEST];
    felt252 selector;
} entry;

static struct {
    _Atomic(entry *) at[PLACES];
    entry entries[PLACES];
    size_t n;
    pthread_mutex_t lock;
} names = {.lock = PTHREAD_MUTEX_INITIALIZER};

static uint32_t hash_text(const char *name, size_t n)
{
    uint32_t h = 2166136261;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (uint8_t)name[i]) * 16777619;
    return h ^ h >> 15;
}

/* Puts the name into a place found empty, unless another thread was faster. */
static void keep(uint32_t place, const char *name, size_t n, felt252 selector)
{
    pthread_mutex_lock(&names.lock);
    if (names.n < PLACES && !atomic_load(&names.at[place])) {
        entry *e = &names.entries[names.n++];
        memcpy(e->name, name, n + 1);
        e->selector = selector;
        atomic_store_explicit(&names.at[place], e, memory_order_release);
    }
    pthread_mutex_unlock(&names.lock);
}

felt252 sage_name_selector(const char *name)
{
    size_t n = strlen(name);
    if (n >= LONGEST) return sage_selector(name);
    uint32_t h = hash_text(name, n);
    for (uint32_t i = 0; i < PROBES; i++) {
        uint32_t place = (h + i) % PLACES;
        const entry *e = atomic_load_explicit(&names.at[place], memory_order_acquire);
        if (e && !strcmp(e->name, name)) return e->selector;
        if (e) continue;
        felt252 selector = sage_selector(name);
        keep(place, name, n, selector);
        return selector;
    }
    return sage_selector(name);
}
