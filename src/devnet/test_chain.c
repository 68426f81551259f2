/* A chain used by one thread: blocks, history, events, restarts, refusals, failures. */
#include "devnet/test_chain_rig.h"

#include <sqlite3.h>

#include "devnet/commitment.h"
#include "starknet/address.h"

static const sage_block_id latest = {.tag = SAGE_BLOCK_LATEST};
static const sage_block_id newest = {.tag = SAGE_BLOCK_PRE_CONFIRMED};

static felt252 stranger(void)
{
    return felt252_from_u64(0xabcdef);
}

static void send(const chain_rig *rig, uint64_t nonce, uint64_t amount, felt252 *hash)
{
    sage_errinfo err = {0};
    sage_status st   = rig_send(rig, 0, nonce, stranger(), amount, hash, &err);
    if (st) fail_msg("%s: %s", err.where, err.msg);
}

static void a_new_chain(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    sage_block_header h;
    rig_make(&rig);
    rig_start(&rig);
    assert_int_equal(rig_check_blocks(&rig), 0);
    h = rig_header(&rig, rig_number(0));
    assert_int_equal(h.n_transactions, 0);
    assert_true(h.state_diff_length > 20);
    h = rig_header(&rig, newest);
    assert_false(h.sealed);
    assert_int_equal(h.number, 1);
    sage_block_id one = rig_number(1), l1 = rig_at(SAGE_BLOCK_L1_ACCEPTED);
    sage_block_id hash = {.tag = SAGE_BLOCK_HASH, .hash = felt252_from_u64(5)};
    assert_where(sage_chain_header(rig.chain, &one, &h, &err), err, "chain.block");
    assert_where(sage_chain_header(rig.chain, &l1, &h, &err), err, "chain.block");
    assert_where(sage_chain_header(rig.chain, &hash, &h, &err), err, "chain.block");
    assert_true(rig_balance(&rig, latest, sage_chain_account(rig.chain, 1).address) > 0);
    rig_remove(&rig);
}

static void a_block_a_transaction(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    felt252 hash[3];
    sage_chain_tx t;
    rig_make(&rig);
    rig_start(&rig);
    const felt252 sender = sage_chain_account(rig.chain, 0).address;
    for (uint64_t i = 0; i < 3; i++)
        send(&rig, i, 10 + i, &hash[i]);
    assert_int_equal(rig_check_blocks(&rig), 3);
    assert_int_equal(rig_balance(&rig, latest, stranger()), 33);
    assert_int_equal(rig_nonce(&rig, latest, sender), 3);
    assert_int_equal(sage_chain_tx_by_hash(rig.chain, hash[1], &t, &err), SAGE_OK);
    assert_true(t.sealed);
    assert_int_equal(t.block, 2);
    assert_int_equal(t.index, 0);
    assert_non_null(strstr(t.tx, "INVOKE"));
    assert_non_null(strstr(t.receipt, "SUCCEEDED"));
    sage_chain_tx_free(&t);
    sage_block_id two = rig_number(2);
    assert_int_equal(sage_chain_tx_at(rig.chain, &two, 0, &t, &err), SAGE_OK);
    assert_true(felt252_eq(t.hash, hash[1]));
    sage_chain_tx_free(&t);
    assert_where(sage_chain_tx_at(rig.chain, &two, 1, &t, &err), err, "chain.index");
    assert_where(sage_chain_tx_by_hash(rig.chain, stranger(), &t, &err), err, "chain.tx");
    assert_where(rig_send(&rig, 0, 1, stranger(), 11, NULL, &err), err, "chain.duplicate");
    assert_where(rig_send(&rig, 0, 1, stranger(), 12, NULL, &err), err, "chain.nonce");
    assert_where(rig_send(&rig, 0, 4, stranger(), 12, NULL, &err), err, "chain.nonce");
    assert_int_equal(rig_header(&rig, latest).n_transactions, 1);
    rig_remove(&rig);
}

static void refusals(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    felt252 hash;
    rig_make(&rig);
    rig_start(&rig);
    sage_tx t        = rig_transfer(&rig, 0, 0, stranger(), 1);
    t.signature.v[1] = felt252_from_u64(7);
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.validation");
    assert_null(t.calldata.v);
    t       = rig_transfer(&rig, 0, 0, stranger(), 1);
    t.query = true;
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.version");
    t      = rig_transfer(&rig, 0, 0, stranger(), 1);
    t.kind = SAGE_TX_DECLARE;
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.unsupported");
    t          = rig_transfer(&rig, 0, 0, stranger(), 1);
    t.nonce_da = 1;
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.unsupported");
    t = rig_transfer(&rig, 0, 0, stranger(), 1);
    assert_int_equal(sage_felt_list_add(&t.proof_facts, stranger(), &err), SAGE_OK);
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.proof");
    /* nobody has a proof verified whose signature is not good: the facts change the hash */
    t = rig_transfer(&rig, 0, 0, stranger(), 1);
    assert_int_equal(sage_felt_list_add(&t.proof_facts, stranger(), &err), SAGE_OK);
    t.proof = calloc(1, t.proof_len = 64);
    assert_non_null(t.proof);
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.validation");
    t       = rig_transfer(&rig, 0, 0, stranger(), 1);
    t.proof = calloc(1, t.proof_len = 64);
    assert_non_null(t.proof);
    assert_where(sage_chain_submit(rig.chain, &t, &hash, NULL, &err), err, "chain.proof");
    assert_int_equal(rig_check_blocks(&rig), 0);
    rig_remove(&rig);
}

/* Pre-confirmed is durable and told apart from sealed, before and after a restart. */
static void open_blocks(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    sage_chain_tx t;
    felt252 hash;
    sage_state_change *cells;
    uint32_t n;
    rig_make(&rig);
    rig.options.block_time_ms = 3600000;
    rig_start(&rig);
    send(&rig, 0, 5, &hash);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(rig_check_blocks(&rig), 0);
        assert_int_equal(rig_balance(&rig, latest, stranger()), 0);
        assert_int_equal(rig_balance(&rig, rig_number(0), stranger()), 0);
        assert_int_equal(rig_balance(&rig, newest, stranger()), 5);
        assert_int_equal(rig_header(&rig, newest).n_transactions, 1);
        assert_int_equal(sage_chain_tx_by_hash(rig.chain, hash, &t, &err), SAGE_OK);
        assert_false(t.sealed);
        assert_int_equal(t.block, 1);
        sage_chain_tx_free(&t);
        assert_int_equal(sage_chain_diff(rig.chain, &newest, &cells, &n, &err), SAGE_OK);
        assert_true(n >= 4);
        free(cells);
        rig_stop(&rig);
        rig_start(&rig);
    }
    send(&rig, 1, 6, NULL);
    const sage_block_header open = rig_header(&rig, newest);
    assert_int_equal(sage_chain_seal(rig.chain, &err), SAGE_OK);
    assert_int_equal(rig_check_blocks(&rig), 1);
    assert_int_equal(rig_header(&rig, latest).timestamp, open.timestamp);
    assert_int_equal(rig_header(&rig, latest).n_transactions, 2);
    assert_int_equal(rig_balance(&rig, latest, stranger()), 11);
    assert_int_equal(sage_chain_seal(rig.chain, &err), SAGE_OK);
    assert_int_equal(rig_check_blocks(&rig), 2);
    assert_int_equal(rig_header(&rig, latest).n_transactions, 0);
    rig_remove(&rig);
}

/* The same transactions give the same commitments, whether one process ran them or several. */
static void restarts_do_not_show(void **state)
{
    (void)state;
    sage_block_header h[2];
    for (int restarts = 0; restarts < 2; restarts++) {
        chain_rig rig;
        rig_make(&rig);
        rig.options.block_time_ms = 3600000;
        rig_start(&rig);
        for (uint64_t i = 0; i < 5; i++) {
            send(&rig, i, i, NULL);
            if (!restarts) continue;
            rig_stop(&rig);
            rig_start(&rig);
        }
        assert_int_equal(sage_chain_seal(rig.chain, NULL), SAGE_OK);
        h[restarts] = rig_header(&rig, latest);
        assert_int_equal(rig_check_blocks(&rig), 1);
        rig_remove(&rig);
    }
    assert_true(felt252_eq(h[0].transaction_commitment, h[1].transaction_commitment));
    assert_true(felt252_eq(h[0].event_commitment, h[1].event_commitment));
    assert_true(felt252_eq(h[0].receipt_commitment, h[1].receipt_commitment));
    assert_true(felt252_eq(h[0].state_diff_commitment, h[1].state_diff_commitment));
    assert_int_equal(h[0].n_events, h[1].n_events);
    assert_true(h[0].n_events >= 10);
}

enum { HISTORY = 12 };

/* After every block, by number and by hash: what was seen when it was the last. */
static void check_history(const chain_rig *rig,
                          const uint64_t theirs[HISTORY],
                          const uint64_t ours[HISTORY])
{
    const felt252 sender = sage_chain_account(rig->chain, 0).address;
    for (uint64_t i = 0; i < HISTORY; i++) {
        sage_block_id hash = {.tag  = SAGE_BLOCK_HASH,
                              .hash = rig_header(rig, rig_number(i)).hash};
        assert_int_equal(rig_balance(rig, rig_number(i), stranger()), theirs[i]);
        assert_int_equal(rig_balance(rig, hash, sender), ours[i]);
        assert_int_equal(rig_nonce(rig, rig_number(i), sender), i);
    }
}

/* The differences of the blocks, put together, are the cells' values. */
static void check_diffs(const chain_rig *rig)
{
    sage_errinfo err;
    sage_state_change *cells;
    uint32_t n;
    for (uint64_t i = 0; i < HISTORY; i++) {
        sage_block_id at = rig_number(i), before = rig_number(i - 1);
        assert_int_equal(sage_chain_diff(rig->chain, &at, &cells, &n, &err), SAGE_OK);
        assert_int_equal(n, rig_header(rig, at).state_diff_length);
        assert_true(
            felt252_eq(rig_header(rig, at).state_diff_commitment, sage_commit_diff(cells, n)));
        for (uint32_t k = 0; k < n; k++) {
            felt252 v;
            const sage_state_change *c = &cells[k];
            assert_false(felt252_eq(c->before, c->after));
            assert_int_equal(
                sage_chain_get(rig->chain, &at, c->kind, c->contract, c->key, &v, &err),
                SAGE_OK);
            assert_true(felt252_eq(v, c->after));
            if (!i) continue;
            assert_int_equal(
                sage_chain_get(rig->chain, &before, c->kind, c->contract, c->key, &v, &err),
                SAGE_OK);
            assert_true(felt252_eq(v, c->before));
        }
        free(cells);
    }
}

static void history(void **state)
{
    (void)state;
    chain_rig rig;
    uint64_t theirs[HISTORY] = {0}, ours[HISTORY] = {0};
    rig_make(&rig);
    rig_start(&rig);
    const felt252 sender = sage_chain_account(rig.chain, 0).address;
    ours[0]              = rig_balance(&rig, latest, sender);
    for (uint64_t i = 1; i < HISTORY; i++) {
        send(&rig, i - 1, i, NULL);
        theirs[i] = rig_balance(&rig, latest, stranger());
        ours[i]   = rig_balance(&rig, latest, sender);
        assert_int_equal(theirs[i], i * (i + 1) / 2);
    }
    check_history(&rig, theirs, ours);
    check_diffs(&rig);
    rig_stop(&rig);
    rig_start(&rig);
    check_history(&rig, theirs, ours);
    assert_int_equal(rig_check_blocks(&rig), HISTORY - 1);
    felt252 v;
    sage_errinfo err;
    assert_where(sage_chain_get(rig.chain, &latest, SAGE_CELL_NONCE, stranger(), felt252_zero(),
                                &v, &err),
                 err, "chain.contract");
    rig_remove(&rig);
}

enum { EVENTS_MAX = 256 };

/* All events of a filter, in pages of `limit`; returns how many, and their places. */
static uint32_t
collect(const chain_rig *rig, sage_event_filter f, uint32_t limit, uint64_t places[EVENTS_MAX])
{
    sage_errinfo err;
    bool more      = true;
    uint32_t total = 0;
    f.limit        = limit;
    while (more) {
        sage_emitted *e;
        uint32_t n;
        assert_int_equal(sage_chain_events(rig->chain, &f, &e, &n, &more, &err), SAGE_OK);
        assert_true(n <= limit);
        assert_true(!more || n == limit);
        for (uint32_t i = 0; i < n; i++) {
            assert_true(total < EVENTS_MAX);
            places[total++] = e[i].block << 32 | e[i].tx_index << 16 | e[i].event_index;
            f.after_block   = e[i].block;
            f.after_tx      = e[i].tx_index;
            f.after_event   = e[i].event_index;
            f.after_set     = true;
        }
        sage_emitted_free(e, n);
    }
    return total;
}

static void check_pages(const chain_rig *rig, const sage_event_filter *f, uint32_t wanted)
{
    uint64_t whole[EVENTS_MAX], pages[EVENTS_MAX];
    assert_int_equal(collect(rig, *f, EVENTS_MAX, whole), wanted);
    for (uint32_t i = 1; i < wanted; i++)
        assert_true(whole[i - 1] < whole[i]);
    for (uint32_t limit = 1; limit < 6; limit++) {
        assert_int_equal(collect(rig, *f, limit, pages), wanted);
        assert_memory_equal(whole, pages, wanted * sizeof *pages);
    }
}

static void events(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    rig_make(&rig);
    rig.options.block_time_ms = 3600000;
    rig_start(&rig);
    for (uint64_t i = 0; i < 9; i++) { /* blocks of 1, 2, 3 and an open one of 3 */
        send(&rig, i, i, NULL);
        if (i == 0 || i == 2 || i == 5)
            assert_int_equal(sage_chain_seal(rig.chain, &err), SAGE_OK);
    }
    /* Each transfer emits one of its own and one for the fee. */
    felt252 strk[]     = {sage_chain_contract("STRK"), sage_chain_contract("ETH")};
    felt252 words[]    = {sage_selector("Transfer"), stranger()};
    felt252 nobody     = felt252_from_u64(99);
    sage_felt_list any = {0}, name = {.v = words, .n = 1}, to = {.v = words + 1, .n = 1};
    sage_felt_list keys[] = {name, any, to}, nothing = {.v = &nobody, .n = 1};
    sage_event_filter f = {.to_block = UINT64_MAX};
    check_pages(&rig, &f, 18);
    f.addresses   = strk;
    f.n_addresses = 1;
    check_pages(&rig, &f, 18);
    f.n_addresses = 2;
    check_pages(&rig, &f, 18);
    f.keys   = keys;
    f.n_keys = 3;
    check_pages(&rig, &f, 9);
    f.n_addresses = 1;
    check_pages(&rig, &f, 9);
    f.n_addresses = 0;
    check_pages(&rig, &f, 9);
    f.from_block = 2;
    f.to_block   = 3;
    check_pages(&rig, &f, 5);
    f.from_block = 0;
    f.to_block   = 100; /* sealed ones alone */
    check_pages(&rig, &f, 6);
    f.keys   = &nothing;
    f.n_keys = 1;
    check_pages(&rig, &f, 0);
    f.keys        = NULL;
    f.n_keys      = 0;
    f.addresses   = &nobody;
    f.n_addresses = 1;
    check_pages(&rig, &f, 0);
    rig_remove(&rig);
}

static void the_clock(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    rig_make(&rig);
    rig_start(&rig);
    const uint64_t start = rig_header(&rig, latest).timestamp;
    assert_int_equal(sage_chain_increase_time(rig.chain, 604800, &err), SAGE_OK);
    const uint64_t later = rig_header(&rig, latest).timestamp;
    assert_true(later >= start + 604800);
    assert_int_equal(rig_check_blocks(&rig), 1);
    assert_where(sage_chain_set_time(rig.chain, start, &err), err, "chain.time");
    assert_where(sage_chain_increase_time(rig.chain, UINT64_MAX, &err), err, "chain.time");
    assert_int_equal(sage_chain_set_time(rig.chain, later + 1000, &err), SAGE_OK);
    assert_true(rig_header(&rig, latest).timestamp >= later + 1000);
    rig_stop(&rig);
    rig_start(&rig);
    send(&rig, 0, 1, NULL);
    assert_true(rig_header(&rig, latest).timestamp >= later + 1000);
    rig.options.block_time_ms = 3600000;
    rig_stop(&rig);
    rig_start(&rig);
    send(&rig, 1, 1, NULL); /* is sealed with its own time, then comes an empty block */
    const uint64_t last = rig_header(&rig, latest).number;
    assert_int_equal(sage_chain_increase_time(rig.chain, 50, &err), SAGE_OK);
    assert_int_equal(rig_check_blocks(&rig), last + 2);
    assert_int_equal(rig_header(&rig, rig_number(last + 1)).n_transactions, 1);
    assert_int_equal(rig_header(&rig, latest).n_transactions, 0);
    rig_remove(&rig);
}

static void minting(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    felt252 hash;
    sage_amount amount = sage_amount_of(12345);
    rig_make(&rig);
    rig_start(&rig);
    assert_int_equal(sage_chain_mint(rig.chain, stranger(), &amount, "FRI", &hash, &err),
                     SAGE_OK);
    assert_int_equal(sage_chain_mint(rig.chain, stranger(), &amount, "FRI", &hash, &err),
                     SAGE_OK);
    assert_int_equal(rig_balance(&rig, latest, stranger()), 24690);
    assert_where(sage_chain_mint(rig.chain, stranger(), &amount, "EUR", &hash, &err), err,
                 "chain.mint");
    amount.w[2] = 1; /* more SAGE than there may be */
    assert_where(sage_chain_mint(rig.chain, stranger(), &amount, "SAGE", &hash, &err), err,
                 "chain.mint");
    assert_int_equal(rig_check_blocks(&rig), 3);
    rig_remove(&rig);
}

static void simulations(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    sage_tx_result r[2];
    rig_make(&rig);
    rig_start(&rig);
    sage_tx t[2] = {rig_transfer(&rig, 0, 0, stranger(), 1),
                    rig_transfer(&rig, 0, 1, stranger(), 2)};
    assert_int_equal(sage_chain_simulate(rig.chain, &latest, t, 2, 0, true, r, &err), SAGE_OK);
    const sage_amount fee = r[0].fee;
    sage_tx_result_free(&r[0]);
    sage_tx_result_free(&r[1]);
    assert_int_equal(rig_balance(&rig, newest, stranger()), 0);
    const felt252 sender = sage_chain_account(rig.chain, 0).address;
    uint64_t before      = rig_balance(&rig, latest, sender);
    send(&rig, 0, 1, NULL);
    assert_int_equal(before - rig_balance(&rig, latest, sender), fee.w[0] + 1);
    assert_where(sage_chain_simulate(rig.chain, &latest, t, 2, 0, true, r, &err), err,
                 "chain.execution");
    assert_int_equal(err.at, 0);
    sage_tx_result_free(&r[0]);
    sage_tx_result_free(&r[1]);
    sage_block_id zero = rig_number(0); /* the past is as it was */
    assert_int_equal(sage_chain_simulate(rig.chain, &zero, t, 2, 0, true, r, &err), SAGE_OK);
    assert_int_equal(sage_amount_compare(&r[0].fee, &fee), 0);
    for (int i = 0; i < 2; i++) {
        sage_tx_result_free(&r[i]);
        sage_tx_free(&t[i]);
    }
    rig_remove(&rig);
}

static void sql(const chain_rig *rig, const char *text)
{
    char path[128];
    sqlite3 *db;
    snprintf(path, sizeof path, "%s/chain.db", rig->folder);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    sqlite3_busy_timeout(db, 10000);
    assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A database that refuses a write, at every table: the chain is as before, and goes on after. */
static void failing_writes(void **state)
{
    (void)state;
    static const char *const tables[] = {"INSERT ON tx",   "INSERT ON event",
                                         "INSERT ON cell", "INSERT ON block",
                                         "INSERT ON diff", "UPDATE ON head"};
    chain_rig rig;
    sage_errinfo err;
    rig_make(&rig);
    rig_start(&rig);
    const felt252 sender = sage_chain_account(rig.chain, 0).address;
    for (uint64_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        char text[200];
        const felt252 root = rig_header(&rig, latest).hash;
        snprintf(text, sizeof text,
                 "CREATE TRIGGER fault BEFORE %s BEGIN SELECT RAISE(ABORT, 'no'); END",
                 tables[i]);
        sql(&rig, text);
        assert_where(rig_send(&rig, 0, i, stranger(), 1, NULL, &err), err, "chain.write");
        assert_int_equal(err.code, SAGE_EIO);
        assert_int_equal(rig_balance(&rig, newest, stranger()), i);
        assert_int_equal(rig_nonce(&rig, newest, sender), i);
        assert_true(felt252_eq(rig_header(&rig, latest).hash, root));
        sql(&rig, "DROP TRIGGER fault");
        send(&rig, i, 1, NULL);
        assert_int_equal(rig_balance(&rig, newest, stranger()), i + 1);
        assert_int_equal(rig_check_blocks(&rig), i + 1);
    }
    rig_remove(&rig);
}

static sage_status reopen(chain_rig *rig, sage_errinfo *err)
{
    sage_chain *second;
    sage_status st = sage_chain_open(&second, &rig->options, err);
    if (!st) sage_chain_close(second);
    return st;
}

static void wrong_folders(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    rig_make(&rig);
    rig_start(&rig);
    send(&rig, 0, 1, NULL);
    assert_where(reopen(&rig, &err), err, "chain.locked");
    rig_stop(&rig);
    rig.options.seed = 1;
    assert_where(reopen(&rig, &err), err, "chain.options");
    rig.options.seed       = 0;
    rig.options.n_accounts = 0;
    assert_where(reopen(&rig, &err), err, "chain.options");
    rig.options.n_accounts = 2;
    assert_int_equal(reopen(&rig, &err), SAGE_OK);
    sql(&rig, "UPDATE block SET timestamp = timestamp + 1 WHERE number = 1");
    assert_where(reopen(&rig, &err), err, "chain.database");
    sql(&rig, "UPDATE block SET timestamp = timestamp - 1 WHERE number = 1");
    assert_int_equal(reopen(&rig, &err), SAGE_OK);
    sql(&rig, "UPDATE cell SET block = 7 WHERE block = 1");
    assert_where(reopen(&rig, &err), err, "chain.database");
    sql(&rig, "UPDATE cell SET block = 1 WHERE block = 7; PRAGMA user_version = 2");
    assert_where(reopen(&rig, &err), err, "chain.database");
    sql(&rig, "PRAGMA user_version = 1; PRAGMA application_id = 5");
    assert_where(reopen(&rig, &err), err, "chain.database");
    rig_remove(&rig);
}

static void no_database(void **state)
{
    (void)state;
    chain_rig rig;
    sage_errinfo err;
    char path[128];
    rig_make(&rig);
    rig.options.data_dir = rig.folder;
    snprintf(path, sizeof path, "%s/chain.db", rig.folder);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    for (int i = 0; i < 5000; i++)
        fputs("nothing like it ", f);
    fclose(f);
    assert_where(reopen(&rig, &err), err, "chain.database");
    rig.options.data_dir = "/proc/none/such";
    assert_where(reopen(&rig, &err), err, "chain.folder");
    rig_remove(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_chain),    cmocka_unit_test(a_block_a_transaction),
        cmocka_unit_test(refusals),       cmocka_unit_test(open_blocks),
        cmocka_unit_test(history),        cmocka_unit_test(restarts_do_not_show),
        cmocka_unit_test(events),         cmocka_unit_test(the_clock),
        cmocka_unit_test(minting),        cmocka_unit_test(simulations),
        cmocka_unit_test(failing_writes), cmocka_unit_test(wrong_folders),
        cmocka_unit_test(no_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
