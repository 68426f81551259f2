/* A chain used by many threads: 200 submitters share groups while others read. */
#include "devnet/test_chain_rig.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "base/clock.h"

enum { SUBMITTERS = 200, ACCOUNTS = 100, READERS = 3 };

static const sage_block_id latest = {.tag = SAGE_BLOCK_LATEST};
static const sage_block_id newest = {.tag = SAGE_BLOCK_PRE_CONFIRMED};

static chain_rig rig;
static atomic_uint ready, accepted, refused_full;
static atomic_bool done;

static felt252 stranger(void)
{
    return felt252_from_u64(0xabcdef);
}

/* Two submitters share an account: the second's nonce is wrong until the first's is taken. */
static void *submit(void *arg)
{
    const unsigned i = *(const unsigned *)arg;
    sage_errinfo err = {0};
    atomic_fetch_add(&ready, 1);
    for (;;) {
        sage_status st = rig_send(&rig, i % ACCOUNTS, i / ACCOUNTS, stranger(), 1, NULL, &err);
        if (!st) atomic_fetch_add(&accepted, 1);
        if (!st) return NULL;
        if (st == SAGE_EAGAIN)
            atomic_fetch_add(&refused_full, 1);
        else if (strcmp(err.where, "chain.nonce") != 0)
            return NULL; /* not counted: the test fails */
    }
}

/* What is read is of one moment: nobody's balance goes down, blocks do not go back. */
static void *read_all(void *arg)
{
    uint64_t balance = 0, block = 0;
    const sage_block_id at = *(const sage_block_id *)arg;
    sage_event_filter f    = {.to_block = UINT64_MAX, .limit = 10};
    while (!atomic_load(&done)) {
        sage_emitted *e;
        uint32_t n;
        bool more;
        uint64_t now  = rig_balance(&rig, at, stranger());
        uint64_t last = rig_header(&rig, latest).number;
        assert_true(now >= balance && last >= block);
        balance = now;
        block   = last;
        assert_int_equal(sage_chain_events(rig.chain, &f, &e, &n, &more, NULL), SAGE_OK);
        sage_emitted_free(e, n);
        rig_balance(&rig, rig_number(last / 2), stranger());
    }
    return NULL;
}

static sqlite3 *hold_database(void)
{
    char path[128];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/chain.db", rig.folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static void give_database(sqlite3 *db)
{
    assert_int_equal(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* All at once, while a stranger holds the database for a moment, so that tasks gather. */
static void run_all(unsigned submitters)
{
    pthread_t s[SUBMITTERS], r[READERS];
    static unsigned numbers[SUBMITTERS];
    static const sage_block_id places[READERS] = {{.tag = SAGE_BLOCK_LATEST},
                                                  {.tag = SAGE_BLOCK_PRE_CONFIRMED},
                                                  {.tag = SAGE_BLOCK_LATEST}};
    sage_block_id where[READERS];
    memcpy(where, places, sizeof where);
    atomic_store(&done, false);
    atomic_store(&accepted, 0);
    atomic_store(&ready, 0);
    sqlite3 *held = hold_database();
    for (unsigned i = 0; i < submitters; i++) {
        numbers[i] = i;
        assert_int_equal(pthread_create(&s[i], NULL, submit, &numbers[i]), 0);
    }
    for (unsigned i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&r[i], NULL, read_all, &where[i]), 0);
    while (atomic_load(&ready) < submitters)
        ;
    for (uint64_t until = sage_clock_mono_ms() + 200; sage_clock_mono_ms() < until;)
        ;
    give_database(held);
    for (unsigned i = 0; i < submitters; i++)
        pthread_join(s[i], NULL);
    atomic_store(&done, true);
    for (unsigned i = 0; i < READERS; i++)
        pthread_join(r[i], NULL);
    assert_int_equal(atomic_load(&accepted), submitters);
}

static void groups(void **state)
{
    (void)state;
    const unsigned n = sage_test_quick() ? 60 : SUBMITTERS;
    rig_make(&rig);
    rig.options.n_accounts = ACCOUNTS;
    rig_start(&rig);
    run_all(n);
    assert_int_equal(rig_balance(&rig, latest, stranger()), n);
    const uint64_t blocks = rig_check_blocks(&rig);
    uint32_t transactions = 0;
    for (uint64_t i = 1; i <= blocks; i++)
        transactions += rig_header(&rig, rig_number(i)).n_transactions;
    assert_int_equal(transactions, n);
    assert_true(blocks < n); /* they shared transactions of the database */
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_balance(&rig, latest, stranger()), n);
    rig_remove(&rig);
}

/* Blocks by the clock, and a queue that is too short: refused ones try again. */
static void blocks_by_the_clock(void **state)
{
    (void)state;
    const unsigned n = 40;
    rig_make(&rig);
    rig.options.n_accounts    = ACCOUNTS;
    rig.options.block_time_ms = 5;
    rig.options.queue         = 4;
    rig_start(&rig);
    run_all(n);
    assert_int_equal(rig_balance(&rig, newest, stranger()), n);
    const uint64_t sealed = rig_header(&rig, latest).number;
    while (rig_header(&rig, latest).number < sealed + 3)
        ; /* without transactions, too */
    assert_int_equal(rig_balance(&rig, latest, stranger()), n);
    rig_check_blocks(&rig);
    rig_remove(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(groups),
                                       cmocka_unit_test(blocks_by_the_clock)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
