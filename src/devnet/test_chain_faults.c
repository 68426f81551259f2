/* The chain when the disk, or SQLite's memory, fails at the n-th call, for every n: what was
 * acknowledged is there, what was refused is not, memory and disk agree, and when the fault is
 * over, possibly after a restart, the chain goes on. */
#include "devnet/test_chain_rig.h"

#include "store/test_faults.h"

enum { AMOUNT = 7 };

static const sage_block_id newest = {.tag = SAGE_BLOCK_PRE_CONFIRMED};

static felt252 stranger(void)
{
    return felt252_from_u64(0xabcdef);
}

/* The sender's nonce, after a restart if the chain stopped. */
static uint64_t nonce_of(chain_rig *rig, bool *stopped)
{
    sage_errinfo err = {0};
    sage_block_header h;
    *stopped = sage_chain_header(rig->chain, &newest, &h, &err) != SAGE_OK;
    if (*stopped) {
        assert_string_equal(err.where, "chain.stopped");
        rig_stop(rig);
        rig_start(rig);
    }
    return rig_nonce(rig, newest, sage_chain_account(rig->chain, 0).address);
}

/* Sends one transaction with the n-th call failing; whether the fault was reached. */
static bool send_with_fault(chain_rig *rig, uint64_t nonce, int64_t n, bool sticky, bool seal)
{
    sage_errinfo err = {0};
    bool stopped;
    sage_tx t = rig_transfer(rig, 0, nonce, stranger(), AMOUNT);
    felt252 hash;
    fault          = (sage_faults){.armed = true, .sticky = sticky, .left = n};
    sage_status st = sage_chain_submit(rig->chain, &t, &hash, NULL, &err);
    if (!st && seal) st = sage_chain_seal(rig->chain, &err);
    const bool reached = fault.fired > 0;
    fault.armed        = false;
    assert_true(!st || st == SAGE_EIO || st == SAGE_ENOMEM);
    uint64_t there = nonce_of(rig, &stopped);
    if (!stopped && !seal) assert_int_equal(there, st ? nonce : nonce + 1);
    assert_true(there == nonce || there == nonce + 1);
    assert_int_equal(rig_balance(rig, newest, stranger()), there * AMOUNT);
    st = rig_send(rig, 0, nonce, stranger(), AMOUNT, NULL, &err);
    if (there == nonce)
        assert_int_equal(st, SAGE_OK);
    else
        assert_where(st, err, "chain.duplicate");
    return reached;
}

static void every_call(sage_fault_source from, bool sticky, bool seal)
{
    chain_rig rig;
    uint64_t nonce       = 0;
    int64_t n            = 1;
    const int64_t stride = from == MEMORY ? sage_test_quick() ? 17 : 5 : 1;
    rig_make(&rig);
    if (seal) rig.options.block_time_ms = 3600000;
    rig_start(&rig);
    while (send_with_fault(&rig, nonce++, n, sticky, seal))
        n += stride;
    assert_true(n > 30); /* a transaction makes more calls than that, of either kind */
    rig_stop(&rig);
    rig_start(&rig);
    assert_int_equal(rig_balance(&rig, newest, stranger()), nonce * AMOUNT);
    rig_check_blocks(&rig);
    rig_remove(&rig);
    print_message("%u failures\n", (unsigned)nonce - 1);
}

static void disk(void **state)
{
    (void)state;
    sage_faults_install(DISK);
    for (int mode = 0; mode < 4; mode++)
        every_call(DISK, mode & 1, mode & 2);
}

static void memory(void **state)
{
    (void)state;
    sage_faults_install(MEMORY);
    every_call(MEMORY, false, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(disk), cmocka_unit_test(memory)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
