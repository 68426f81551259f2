/* Events: their rows, and queries with a filter. */
#include "devnet/events.h"

#include <stdlib.h>
#include <string.h>

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "no memory for events");
}

/* The felts of l as bytes; malloc'ed, never NULL but without memory. */
static sage_felt_be *bytes_of(const sage_felt_list *l)
{
    sage_felt_be *out = calloc((size_t)l->n + 1, sizeof *out);
    for (uint32_t i = 0; out && i < l->n; i++)
        out[i] = sage_felt_to_be(l->v[i]);
    return out;
}

static sage_status
write_one(sage_db *db, const int64_t at[3], const sage_chain_event *e, sage_errinfo *err)
{
    const size_t size           = sizeof(sage_felt_be);
    const sage_felt_be contract = sage_felt_to_be(e->from);
    sage_felt_be *keys = bytes_of(&e->keys), *data = bytes_of(&e->data);
    sage_status st = SAGE_OK;
    if (!keys || !data)
        st = no_memory(err);
    else
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO event (block, tx, idx, contract, keys, data, key0)"
                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                         e->keys.n ? "iiibbbb" : "iiibbbn", at[0], at[1], at[2], contract.b,
                         size, (const void *)keys, e->keys.n * size, (const void *)data,
                         e->data.n * size, (const void *)keys, size);
    free(keys);
    free(data);
    return st;
}

sage_status sage_events_write(sage_db *db,
                              uint64_t block,
                              uint32_t tx,
                              const sage_chain_event *events,
                              uint32_t n,
                              sage_errinfo *err)
{
    sage_status st = SAGE_OK;
    for (uint32_t i = 0; i < n && !st; i++) {
        const int64_t at[3] = {(int64_t)block, tx, i};
        st                  = write_one(db, at, &events[i], err);
    }
    return st;
}

void sage_emitted_free(sage_emitted *e, uint32_t n)
{
    for (uint32_t i = 0; e && i < n; i++) {
        sage_felt_list_free(&e[i].event.keys);
        sage_felt_list_free(&e[i].event.data);
    }
    free(e);
}

/* Columns of every query, and the range that all have: after (?1, ?2, ?3), to block ?4. */
#define COLUMNS                                                                                \
    "SELECT block, tx, idx, contract, keys, data,"                                             \
    " (SELECT hash FROM tx t WHERE t.id = event.block * 4294967296 + event.tx),"               \
    " (SELECT hash FROM block b WHERE b.number = event.block) FROM event "
#define RANGE "(block, tx, idx) > (?1, ?2, ?3) AND block <= ?4 ORDER BY block, tx, idx"

static const char by_contract[] =
    COLUMNS "INDEXED BY event_contract WHERE contract = ?5 AND " RANGE;
static const char by_key[]   = COLUMNS "INDEXED BY event_key WHERE key0 = ?5 AND " RANGE;
static const char by_place[] = COLUMNS "WHERE " RANGE;

/* Where a query begins: behind this event. */
static void start_of(const sage_event_filter *f, int64_t at[3])
{
    at[0] = (int64_t)(f->from_block < INT64_MAX ? f->from_block : INT64_MAX);
    at[1] = at[2] = -1;
    if (!f->after_set || f->after_block < f->from_block) return;
    at[0] = (int64_t)(f->after_block < INT64_MAX ? f->after_block : INT64_MAX);
    at[1] = f->after_tx;
    at[2] = f->after_event;
}

static sage_status start_query(
    sage_db *db, const sage_event_filter *f, uint64_t last, sqlite3_stmt **q, sage_errinfo *err)
{
    int64_t at[3];
    start_of(f, at);
    const bool one_key = f->n_keys && f->keys[0].n == 1;
    const int64_t to   = (int64_t)last;
    sage_felt_be what  = {{0}};
    if (f->n_addresses == 1) {
        what = sage_felt_to_be(f->addresses[0]);
        return sage_db_query(db, q, err, by_contract, "iiiib", at[0], at[1], at[2], to, what.b,
                             sizeof what);
    }
    if (!f->n_addresses && one_key) {
        what = sage_felt_to_be(f->keys[0].v[0]);
        return sage_db_query(db, q, err, by_key, "iiiib", at[0], at[1], at[2], to, what.b,
                             sizeof what);
    }
    return sage_db_query(db, q, err, by_place, "iiii", at[0], at[1], at[2], to);
}

static bool among(const felt252 *v, uint32_t n, felt252 what)
{
    for (uint32_t i = 0; i < n; i++)
        if (felt252_eq(v[i], what)) return true;
    return false;
}

/* Does the filter want it? Trailing places where any key will do need no key there. */
static bool wanted(const sage_event_filter *f, const sage_chain_event *e)
{
    if (f->n_addresses && !among(f->addresses, f->n_addresses, e->from)) return false;
    for (uint32_t i = 0; i < f->n_keys; i++) {
        if (!f->keys[i].n) continue;
        if (i >= e->keys.n || !among(f->keys[i].v, f->keys[i].n, e->keys.v[i])) return false;
    }
    return true;
}

static sage_status read_list(sqlite3_stmt *q, int i, sage_felt_list *l, sage_errinfo *err)
{
    const uint8_t *bytes = sqlite3_column_blob(q, i);
    const size_t len     = (size_t)sqlite3_column_bytes(q, i);
    sage_status st       = SAGE_OK;
    if (len % SAGE_FELT_BE) return sage_chain_db_broken(err, "an event of another form");
    for (size_t at = 0; at < len && !st; at += SAGE_FELT_BE) {
        felt252 v;
        if (!sage_felt_from_be(&v, bytes + at))
            return sage_chain_db_broken(err, "an event of another form");
        st = sage_felt_list_add(l, v, err);
    }
    return st;
}

static sage_status
read_event(sqlite3_stmt *q, uint64_t sealed, sage_emitted *e, sage_errinfo *err)
{
    *e             = (sage_emitted){.block       = (uint64_t)sage_db_int(q, 0),
                                    .tx_index    = (uint32_t)sage_db_int(q, 1),
                                    .event_index = (uint32_t)sage_db_int(q, 2)};
    sage_status st = sage_db_felt(q, 3, &e->event.from, err);
    if (!st) st = read_list(q, 4, &e->event.keys, err);
    if (!st) st = read_list(q, 5, &e->event.data, err);
    if (!st) st = sage_db_felt(q, 6, &e->tx_hash, err);
    if (!st && e->block <= sealed) st = sage_db_felt(q, 7, &e->block_hash, err);
    return st;
}

/* The events found so far. */
typedef struct page {
    sage_emitted *v;
    uint32_t n, cap;
} page;

static sage_status page_add(page *p, const sage_emitted *e, sage_errinfo *err)
{
    if (p->n == p->cap) {
        uint32_t cap        = p->cap ? 2 * p->cap : 16;
        sage_emitted *grown = realloc(p->v, cap * sizeof *grown);
        if (!grown) return no_memory(err);
        p->v   = grown;
        p->cap = cap;
    }
    p->v[p->n++] = *e;
    return SAGE_OK;
}

static void emitted_drop(sage_emitted *e)
{
    sage_felt_list_free(&e->event.keys);
    sage_felt_list_free(&e->event.data);
}

/* Takes the row if it is wanted and there is room for it; else *more. */
static sage_status take_row(sqlite3_stmt *q,
                            const sage_event_filter *f,
                            uint64_t sealed,
                            page *p,
                            bool *more,
                            sage_errinfo *err)
{
    sage_emitted e;
    sage_status st = read_event(q, sealed, &e, err);
    bool keep      = !st && wanted(f, &e.event);
    *more          = keep && p->n == f->limit;
    if (keep && !*more) {
        st = page_add(p, &e, err);
        if (!st) return SAGE_OK;
    }
    emitted_drop(&e);
    return st;
}

sage_status sage_events_find(sage_db *db,
                             const sage_event_filter *filter,
                             uint64_t last,
                             uint64_t sealed,
                             sage_emitted **out,
                             uint32_t *n,
                             bool *more,
                             sage_errinfo *err)
{
    page p = {0};
    sqlite3_stmt *q;
    bool row;
    *out           = NULL;
    *n             = 0;
    *more          = false;
    sage_status st = start_query(db, filter, last, &q, err);
    if (st) return st;
    while (!*more && !(st = sage_db_step(db, q, &row, err)) && row) {
        st = take_row(q, filter, sealed, &p, more, err);
        if (st) break;
    }
    sage_db_done(q);
    if (st) {
        sage_emitted_free(p.v, p.n);
        return st;
    }
    *out = p.v;
    *n   = p.n;
    return SAGE_OK;
}
