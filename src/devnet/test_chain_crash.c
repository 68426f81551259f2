/* kill -9 at every point of the path: what was acknowledged is there after the restart, nothing
 * is there twice, and the chain goes on. */
#include "devnet/test_chain_rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "devnet/executor.h"

enum { TRANSACTIONS = 6, AMOUNT = 100 };

static const sage_block_id newest = {.tag = SAGE_BLOCK_PRE_CONFIRMED};

#ifdef SAGE_CRASH_POINTS

static felt252 stranger(void)
{
    return felt252_from_u64(0xabcdef);
}

/* The child: sends one transaction after the other, seals after every other one if blocks have
 * a time of their own, and tells each that was acknowledged. */
static void work_until_killed(chain_rig *rig, const char *point, unsigned nth, int acknowledged)
{
    char at[80];
    snprintf(at, sizeof at, "%s:%u", point, nth);
    setenv("SAGE_CRASH_AT", at, 1);
    rig_start(rig);
    for (uint64_t i = 0; i < TRANSACTIONS; i++) {
        if (rig_send(rig, 0, i, stranger(), AMOUNT, NULL, NULL)) _exit(1);
        if (write(acknowledged, "x", 1) != 1) _exit(2);
        if (rig->options.block_time_ms && i % 2 && sage_chain_seal(rig->chain, NULL)) _exit(3);
    }
    _exit(0); /* the point was not reached */
}

/* Returns how many transactions were acknowledged before the child was killed. */
static uint64_t run_child(chain_rig *rig, const char *point, unsigned nth)
{
    int ends[2], status;
    uint64_t n = 0;
    char byte;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (!child) {
        close(ends[0]);
        work_until_killed(rig, point, nth, ends[1]);
    }
    close(ends[1]);
    while (read(ends[0], &byte, 1) == 1)
        n++;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return n;
}

/* Every transaction either is on the chain, with all it does, or is not at all. */
static void check_after(chain_rig *rig, uint64_t acknowledged)
{
    sage_errinfo err;
    const felt252 sender = sage_chain_account(rig->chain, 0).address;
    const uint64_t there = rig_nonce(rig, newest, sender);
    assert_true(there >= acknowledged && there <= acknowledged + 1);
    assert_int_equal(rig_balance(rig, newest, stranger()), there * AMOUNT);
    rig_check_blocks(rig);
    for (uint64_t i = 0; i < TRANSACTIONS; i++) {
        sage_status st = rig_send(rig, 0, i, stranger(), AMOUNT, NULL, &err);
        if (i < there)
            assert_where(st, err, "chain.duplicate");
        else
            assert_int_equal(st, SAGE_OK);
    }
    assert_int_equal(rig_balance(rig, newest, stranger()), TRANSACTIONS * AMOUNT);
    assert_int_equal(rig_nonce(rig, newest, sender), TRANSACTIONS);
    assert_int_equal(sage_chain_seal(rig->chain, &err), SAGE_OK);
    rig_check_blocks(rig);
}

static void crash_at(const char *point, unsigned nth, uint64_t block_time_ms)
{
    chain_rig rig;
    rig_make(&rig);
    rig.options.block_time_ms = block_time_ms;
    uint64_t acknowledged     = run_child(&rig, point, nth);
    for (int starts = 0; starts < 2; starts++) { /* the second finds what the first left */
        rig_start(&rig);
        if (!starts) check_after(&rig, acknowledged);
        assert_int_equal(rig_balance(&rig, newest, stranger()), TRANSACTIONS * AMOUNT);
        rig_stop(&rig);
    }
    rig_remove(&rig);
}

static void crashes(void **state)
{
    (void)state;
    static const char *const points[] = {
#    define X(name) name,
        SAGE_CHAIN_CRASH_LIST(X)
#    undef X
    };
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        const bool seals = strstr(points[i], ".seal.") != NULL;
        for (unsigned nth = 1; nth <= 3; nth++) {
            crash_at(points[i], nth, 3600000);
            if (!seals) crash_at(points[i], nth, 0);
        }
    }
}

#else

static void crashes(void **state)
{
    (void)state;
    (void)newest;
    skip(); /* built without crash points */
}

#endif

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(crashes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
