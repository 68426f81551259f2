/* devnet/state.c -- cells in a row, found through an open table of their indices.
 *
 * A write that made a cell takes it away when it is undone, so that undone writes leave nothing.
 * Writes are undone last first: the cell is then the last of the row and the last one entered in
 * the table, no search runs over its place, and the place can be emptied. On top of another
 * source reading makes cells, too; such a state is short-lived and keeps them. */
#include "devnet/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/size.h"

typedef struct cell {
    felt252 contract, key, value;
    uint64_t maker; /* the number of the write that made it */
    sage_cell_kind kind;
} cell;

struct sage_state {
    cell *cells;
    size_t n_cells, cap_cells;
    uint32_t *table; /* index + 1, 0: empty; a power of 2 long, at most half full */
    size_t mask;     /* its length - 1 */
    uint64_t seed;   /* keys are chosen by strangers: nobody is to know where they meet */
    sage_state_change *journal;
    size_t n_journal, cap_journal;
    uint64_t settled;        /* the number of the journal's first write */
    sage_state_read_fn read; /* NULL: what is not here is 0 */
    void *arg;
    sage_status status; /* of read, the first that failed */
    sage_errinfo failure;
};

enum { FIRST_CELLS = 64, FIRST_JOURNAL = 256 };

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "state.memory", -1, "no memory for the chain's state");
}

static uint64_t mix(uint64_t h, felt252 v)
{
    for (int i = 0; i < 4; i++) {
        sage_u128 t = (sage_u128)(h ^ v.l[i]) * 0x9e3779b97f4a7c15;
        h           = (uint64_t)t ^ (uint64_t)(t >> 64);
    }
    return h;
}

static size_t
first_place(const sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key)
{
    uint64_t h = mix(mix(s->seed + (uint64_t)kind, contract), key);
    return (size_t)(h ^ h >> 29) & s->mask;
}

/* The place of the cell in the table, or the empty one where it would go. */
static size_t find(const sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key)
{
    size_t at = first_place(s, kind, contract, key);
    for (; s->table[at]; at = (at + 1) & s->mask) {
        const cell *c = &s->cells[s->table[at] - 1];
        if (felt252_eq(c->key, key) && felt252_eq(c->contract, contract) && c->kind == kind)
            break;
    }
    return at;
}

/* Enters the cells of the row into a new table, in their order. */
static void fill_table(sage_state *s)
{
    for (size_t i = 0; i < s->n_cells; i++) {
        const cell *c                                   = &s->cells[i];
        s->table[find(s, c->kind, c->contract, c->key)] = (uint32_t)(i + 1);
    }
}

/* Room for one more cell. */
static sage_status reserve_cell(sage_state *s, sage_errinfo *err)
{
    if (s->n_cells < s->cap_cells) return SAGE_OK;
    size_t cap = s->cap_cells ? 2 * s->cap_cells : FIRST_CELLS, bytes;
    if (cap > UINT32_MAX / 2 || !sage_size_mul(cap, sizeof(cell), &bytes))
        return no_memory(err);
    uint32_t *table = calloc(2 * cap, sizeof *table);
    cell *cells     = table ? realloc(s->cells, bytes) : NULL;
    if (!cells) {
        free(table);
        return no_memory(err);
    }
    free(s->table);
    s->table     = table;
    s->mask      = 2 * cap - 1;
    s->cells     = cells;
    s->cap_cells = cap;
    fill_table(s);
    return SAGE_OK;
}

static sage_status reserve_journal(sage_state *s, sage_errinfo *err)
{
    if (s->n_journal < s->cap_journal) return SAGE_OK;
    size_t cap = 2 * s->cap_journal, bytes;
    if (!sage_size_mul(cap, sizeof(sage_state_change), &bytes)) return no_memory(err);
    sage_state_change *journal = realloc(s->journal, bytes);
    if (!journal) return no_memory(err);
    s->journal     = journal;
    s->cap_journal = cap;
    return SAGE_OK;
}

/* There is room. The write is the journal's last. */
static void
put(sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key, felt252 value)
{
    size_t at = find(s, kind, contract, key);
    if (!s->table[at]) {
        uint64_t maker         = s->settled + s->n_journal;
        s->cells[s->n_cells++] = (cell){contract, key, value, maker, kind};
        s->table[at]           = (uint32_t)s->n_cells;
        return;
    }
    s->cells[s->table[at] - 1].value = value;
}

sage_status sage_state_new(sage_state **out, sage_errinfo *err)
{
    return sage_state_over(out, NULL, NULL, err);
}

sage_status
sage_state_over(sage_state **out, sage_state_read_fn read, void *arg, sage_errinfo *err)
{
    *out          = NULL;
    sage_state *s = calloc(1, sizeof *s);
    if (!s) return no_memory(err);
    s->read            = read;
    s->arg             = arg;
    sage_status status = sage_random_fill(&s->seed, sizeof s->seed, err);
    if (!status) status = reserve_cell(s, err);
    if (!status) {
        s->cap_journal = FIRST_JOURNAL;
        s->journal     = malloc(FIRST_JOURNAL * sizeof *s->journal);
        if (!s->journal) status = no_memory(err);
    }
    if (status) {
        sage_state_free(s);
        return status;
    }
    *out = s;
    return SAGE_OK;
}

void sage_state_free(sage_state *s)
{
    if (!s) return;
    free(s->cells);
    free(s->table);
    free(s->journal);
    free(s);
}

static void keep_failure(sage_state *s, sage_status status, const sage_errinfo *e)
{
    if (s->status) return;
    s->status  = status;
    s->failure = *e;
}

/* What the other source has; it is kept, so that it is asked once a cell. */
static felt252 fetch(sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key)
{
    felt252 value      = felt252_zero();
    sage_errinfo e     = {0};
    sage_status status = s->read(s->arg, kind, contract, key, &value, &e);
    if (!status) status = reserve_cell(s, &e);
    if (status) {
        keep_failure(s, status, &e);
        return felt252_zero();
    }
    put(s, kind, contract, key, value);
    return value;
}

felt252 sage_state_get(sage_state *s, sage_cell_kind kind, felt252 contract, felt252 key)
{
    uint32_t found = s->table[find(s, kind, contract, key)];
    if (found) return s->cells[found - 1].value;
    return s->read ? fetch(s, kind, contract, key) : felt252_zero();
}

sage_status sage_state_status(const sage_state *s, sage_errinfo *err)
{
    if (s->status && err) *err = s->failure;
    return s->status;
}

sage_status sage_state_set(sage_state *s,
                           sage_cell_kind kind,
                           felt252 contract,
                           felt252 key,
                           felt252 value,
                           sage_errinfo *err)
{
    felt252 before     = sage_state_get(s, kind, contract, key);
    sage_status status = sage_state_status(s, err);
    if (!status) status = reserve_cell(s, err);
    if (!status) status = reserve_journal(s, err);
    if (status) return status;
    s->journal[s->n_journal++] = (sage_state_change){kind, contract, key, before, value};
    put(s, kind, contract, key, value);
    return SAGE_OK;
}

size_t sage_state_mark(const sage_state *s)
{
    return s->n_journal;
}

/* Undoes the journal's last write. */
static void undo(sage_state *s)
{
    const sage_state_change *c = &s->journal[s->n_journal - 1];
    size_t at                  = find(s, c->kind, c->contract, c->key);
    cell *written              = &s->cells[s->table[at] - 1];
    written->value             = c->before;
    if (!s->read && written->maker == s->settled + s->n_journal) {
        s->table[at] = 0;
        s->n_cells--;
    }
    s->n_journal--;
}

void sage_state_rollback(sage_state *s, size_t mark)
{
    while (s->n_journal > mark)
        undo(s);
}

void sage_state_settle(sage_state *s)
{
    s->settled += s->n_journal;
    s->n_journal = 0;
}

const sage_state_change *sage_state_changes(const sage_state *s, size_t mark, size_t *n)
{
    *n = s->n_journal > mark ? s->n_journal - mark : 0;
    return s->journal + (*n ? mark : 0);
}
