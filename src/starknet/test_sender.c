/* Sending through nodes that misbehave: what is signed lands once, and its end is known. */
#include "base/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "field/felt252_text.h"
#include "starknet/address.h"
#include "starknet/sender.h"
#include "starknet/test_fake_node.h"

typedef struct fixture {
    fake_node node;
    sage_sn_pool *pool;
    sage_sender *sender;
    felt252 address, salt;
    int n_signed;
    char journal[64], lock[80];
} fixture;

/* Not a signature that an account would take: the fake node only counts its felts. */
static sage_status sign(void *arg, felt252 hash, felt252 out[2], sage_errinfo *err)
{
    fixture *f = arg;
    (void)err;
    f->n_signed++;
    out[0] = hash;
    out[1] = felt252_one();
    return SAGE_OK;
}

static sage_sender_options options(fixture *f)
{
    sage_sender_options o = sage_sender_defaults(f->pool, f->address);
    o.sign                = sign;
    o.sign_arg            = f;
    o.journal             = f->journal;
    o.wait_ms             = 5000;
    o.poll_ms             = 20;
    return o;
}

static void open_sender(fixture *f)
{
    const sage_sender_options o = options(f);
    sage_errinfo err            = {0};
    if (sage_sender_open(&f->sender, &o, &err)) fail_msg("%s %s", err.where, err.msg);
}

static void open_pool(fixture *f)
{
    const char *const urls[]     = {f->node.server.url};
    const sage_sn_pool_options o = {.urls       = urls,
                                    .n          = 1,
                                    .chain_id   = sage_felt_short("SN_SEPOLIA"),
                                    .timeout_ms = 300,
                                    .rounds     = 1,
                                    .down_ms    = 1};
    assert_int_equal(sage_sn_pool_open(&f->pool, &o, NULL), SAGE_OK);
}

static felt252 class_hash(void)
{
    return felt252_from_u64(5);
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    snprintf(f->journal, sizeof f->journal, "/tmp/sage_sender_XXXXXX");
    int fd = mkstemp(f->journal);
    assert_true(fd >= 0);
    close(fd);
    unlink(f->journal);
    snprintf(f->lock, sizeof f->lock, "%s.lock", f->journal);
    fake_node_start(&f->node);
    f->salt    = felt252_from_u64(77);
    f->address = sage_contract_address(felt252_zero(), f->salt, class_hash(), &f->salt, 1);
    open_pool(f);
    open_sender(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    sage_sender_close(f->sender);
    sage_sn_pool_close(f->pool);
    fake_node_stop(&f->node);
    unlink(f->journal);
    unlink(f->lock);
    free(f);
    return 0;
}

/* The program ends here, and is started again. */
static void restart(fixture *f)
{
    sage_sender_close(f->sender);
    open_sender(f);
}

static sage_status invoke(fixture *f, felt252 *hash, sage_errinfo *err)
{
    const sage_call call = {.to = felt252_from_u64(3), .selector = sage_selector("transfer")};
    return sage_sender_invoke(f->sender, &call, 1, NULL, hash, err);
}

static felt252 invoke_well(fixture *f)
{
    felt252 hash;
    sage_errinfo err = {0};
    if (invoke(f, &hash, &err)) fail_msg("%s %s", err.where, err.msg);
    assert_false(felt252_is_zero(hash));
    return hash;
}

static void wait_well(fixture *f, felt252 hash)
{
    sage_sn_receipt r;
    sage_errinfo err = {0};
    if (sage_sender_wait(f->sender, hash, &r, &err)) fail_msg("%s %s", err.where, err.msg);
    assert_true(felt252_eq(r.hash, hash));
    assert_int_equal(r.fee.w[0], 0x123);
    sage_sn_receipt_free(&r);
}

/* Sets a field of the node. */
#define SET_NODE(f, field, value)                                                              \
    do {                                                                                       \
        fake_node_lock(&(f)->node);                                                            \
        (f)->node.field = (value);                                                             \
        fake_node_unlock(&(f)->node);                                                          \
    } while (0)

static uint32_t in_flight(const fixture *f)
{
    felt252 hashes[SAGE_SENDER_FLIGHT];
    return sage_sender_in_flight(f->sender, hashes);
}

static void expect_node(fixture *f, uint32_t n_tx, uint64_t nonce)
{
    fake_node_lock(&f->node);
    assert_int_equal(f->node.n_tx, n_tx);
    assert_int_equal(f->node.nonce, nonce);
    fake_node_unlock(&f->node);
}

static void expect_invoke(fixture *f, sage_status want, const char *where, bool stays)
{
    felt252 hash;
    sage_errinfo err = {0};
    assert_int_equal(invoke(f, &hash, &err), want);
    assert_string_equal(err.where, where);
    assert_int_equal(!felt252_is_zero(hash), stays);
    assert_int_equal(in_flight(f), stays);
}

static void test_one_after_the_other(void **state)
{
    fixture *f = *state;
    for (uint64_t i = 0; i < 3; i++) {
        wait_well(f, invoke_well(f));
        expect_node(f, (uint32_t)i + 1, i + 1);
        assert_int_equal(in_flight(f), 0);
    }
    assert_int_equal(f->n_signed, 3);
}

static void test_several_in_flight(void **state)
{
    fixture *f = *state;
    felt252 hash[4];
    SET_NODE(f, manual, true);
    for (int i = 0; i < 4; i++)
        hash[i] = invoke_well(f);
    assert_int_equal(in_flight(f), 4);
    expect_node(f, 4, 0);
    restart(f); /* what is in flight is known after it */
    assert_int_equal(in_flight(f), 4);
    fake_node_execute(&f->node);
    for (int i = 3; i >= 0; i--)
        wait_well(f, hash[i]);
    assert_int_equal(in_flight(f), 0);
    assert_int_equal(f->n_signed, 4);
}

/* However the answer is lost, the transaction is there once, and signed once. */
static void test_lost_answers(void **state)
{
    static const fake_fault faults[] = {FAULT_DROP, FAULT_LATE,     FAULT_LOST, FAULT_CUT,
                                        FAULT_500,  FAULT_NONSENSE, FAULT_GIANT};
    fixture *f                       = *state;
    for (uint32_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        fake_node_fault(&f->node, "addInvokeTransaction", faults[i], 0, 1);
        wait_well(f, invoke_well(f));
        expect_node(f, i + 1, i + 1);
        assert_int_equal(f->n_signed, i + 1);
    }
}

/* Answers that say neither yes nor no: 59, 63, -32603, 41. */
static void test_doubtful_errors(void **state)
{
    static const int codes[] = {59, 63, -32603, 41, 4711};
    fixture *f               = *state;
    for (uint32_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fake_node_fault(&f->node, "addInvokeTransaction", FAULT_CODE, codes[i], 1);
        wait_well(f, invoke_well(f));
        expect_node(f, i + 1, i + 1);
        assert_int_equal(f->n_signed, i + 1);
    }
}

/* Answers that say no: nothing stays, and the nonce is free again. */
static void test_refusals(void **state)
{
    static const struct {
        int code;
        sage_status status;
        const char *where;
    } cases[] = {
        {53, SAGE_ECONFLICT, "rpc.resources"},  {54, SAGE_ECONFLICT, "rpc.balance"},
        {55, SAGE_ECONFLICT, "rpc.validation"}, {58, SAGE_ENOTFOUND, "rpc.non_account"},
        {65, SAGE_ECONFLICT, "rpc.fee"},        {69, SAGE_EPROOF, "rpc.proof"}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        fake_node_fault(&f->node, "addInvokeTransaction", FAULT_CODE, cases[i].code, 1);
        expect_invoke(f, cases[i].status, cases[i].where, false);
    }
    expect_node(f, 0, 0);
    wait_well(f, invoke_well(f));
    expect_node(f, 1, 1);
}

/* Somebody else sends for the account: its nonce is read anew, and another one signed. */
static void test_nonce_race(void **state)
{
    fixture *f = *state;
    wait_well(f, invoke_well(f));
    fake_node_steal(&f->node);
    wait_well(f, invoke_well(f)); /* nonce 2: the node says so */
    expect_node(f, 2, 3);
    assert_int_equal(f->n_signed, 2);
}

static sage_status sign_and_steal(void *arg, felt252 hash, felt252 out[2], sage_errinfo *err)
{
    fixture *f = arg;
    if (!f->n_signed) fake_node_steal(&f->node);
    return sign(arg, hash, out, err);
}

static void test_nonce_race_late(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    o.sign                = sign_and_steal;
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    wait_well(f, invoke_well(f));
    expect_node(f, 1, 2);
    assert_int_equal(f->n_signed, 2);
}

static void test_lost_to_another(void **state)
{
    fixture *f = *state;
    sage_errinfo err;
    SET_NODE(f, manual, true);
    felt252 hash = invoke_well(f);
    fake_node_steal(&f->node);
    assert_int_equal(sage_sender_wait(f->sender, hash, NULL, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "sender.lost");
    assert_int_equal(in_flight(f), 0);
    assert_int_equal(sage_sender_wait(f->sender, hash, NULL, &err), SAGE_ENOTFOUND);
    assert_string_equal(err.where, "sender.unknown");
}

static void test_wrong_hash(void **state)
{
    fixture *f = *state;
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_WRONG, 0, 1);
    expect_invoke(f, SAGE_EPROOF, "rpc.hash", true);
}

static void test_revert(void **state)
{
    fixture *f = *state;
    sage_sn_receipt r;
    sage_errinfo err;
    SET_NODE(f, revert, true);
    felt252 hash = invoke_well(f);
    assert_int_equal(sage_sender_wait(f->sender, hash, &r, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "sender.reverted");
    assert_non_null(strstr(err.msg, "u256_sub Overflow"));
    assert_string_equal(r.reason, "u256_sub Overflow");
    assert_true(r.reverted);
    sage_sn_receipt_free(&r);
    assert_int_equal(in_flight(f), 0);
}

typedef struct heard {
    int ends, reverts, receipts;
} heard;

static void on_end(void *arg,
                   felt252 hash,
                   sage_status st,
                   const sage_errinfo *err,
                   const sage_sn_receipt *receipt)
{
    heard *h = arg;
    h->ends++;
    h->receipts += receipt && felt252_eq(receipt->hash, hash);
    h->reverts += st && !strcmp(err->where, "sender.reverted");
}

/* Each end is told of, and a revert is no failure of settling. */
static void test_settle(void **state)
{
    fixture *f = *state;
    heard h    = {0};
    SET_NODE(f, manual, true);
    (void)invoke_well(f);
    (void)invoke_well(f);
    SET_NODE(f, revert, true);
    fake_node_execute(&f->node);
    assert_int_equal(sage_sender_settle(f->sender, on_end, &h, NULL), SAGE_OK);
    assert_int_equal(h.ends, 2);
    assert_int_equal(h.reverts, 2);
    assert_int_equal(h.receipts, 2);
    assert_int_equal(in_flight(f), 0);
}

static void test_fees(void **state)
{
    const sage_call call = {.to = felt252_from_u64(3)};
    fixture *f           = *state;
    sage_sender_quote q;
    SET_NODE(f, price, 3);
    assert_int_equal(sage_sender_quote_calls(f->sender, &call, 1, NULL, &q, NULL), SAGE_OK);
    assert_int_equal(q.bounds[SAGE_GAS_L2].max_amount, 1501); /* 1000 and a half, and one */
    assert_int_equal(q.bounds[SAGE_GAS_L2].max_price[0], 5);
    assert_int_equal(q.bounds[SAGE_GAS_L1].max_amount, 0);
    assert_int_equal(q.max_fee.w[0], 1501 * 5 + 194 * 2);
    SET_NODE(f, price, UINT64_MAX); /* a node that would have it all */
    expect_invoke(f, SAGE_ELIMIT, "sender.fee_cap", false);
    assert_int_equal(f->n_signed, 0);
}

static void test_wrong_chain(void **state)
{
    fixture *f = *state;
    wait_well(f, invoke_well(f));
    SET_NODE(f, chain_id, sage_felt_short("SN_MAIN"));
    expect_invoke(f, SAGE_EINVAL, "pool.chain", false);
    assert_int_equal(f->n_signed, 1);
}

/* The crash came after the journal and before the node: the same bytes go out. */
static void test_crash_before_sending(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    o.wait_ms             = 0;
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_DROP, 0, 100);
    expect_invoke(f, SAGE_EAGAIN, "sender.pending", true);
    expect_node(f, 0, 0);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_NONE, 0, 0);
    restart(f);
    assert_int_equal(in_flight(f), 1);
    assert_int_equal(sage_sender_settle(f->sender, NULL, NULL, NULL), SAGE_OK);
    expect_node(f, 1, 1);
    assert_int_equal(f->n_signed, 1);
    restart(f);
    assert_int_equal(in_flight(f), 0);
}

/* A new one does not overtake one whose outcome is open: that goes out again first. */
static void test_order_after_crash(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    o.wait_ms             = 0;
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_DROP, 0, 100);
    expect_invoke(f, SAGE_EAGAIN, "sender.pending", true);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_NONE, 0, 0);
    restart(f);
    wait_well(f, invoke_well(f));
    expect_node(f, 2, 2);
    assert_int_equal(sage_sender_settle(f->sender, NULL, NULL, NULL), SAGE_OK);
    assert_int_equal(in_flight(f), 0);
}

static void test_forget(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    felt252 hash;
    o.wait_ms = 0;
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_DROP, 0, 100);
    assert_int_equal(invoke(f, &hash, NULL), SAGE_EAGAIN);
    assert_int_equal(sage_sender_forget(f->sender, hash, NULL), SAGE_OK);
    assert_int_equal(sage_sender_forget(f->sender, hash, NULL), SAGE_ENOTFOUND);
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_NONE, 0, 0);
    restart(f);
    wait_well(f, invoke_well(f)); /* nonce 0 again */
    expect_node(f, 1, 1);
}

static void test_pending(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    sage_errinfo err;
    o.wait_ms = 60;
    SET_NODE(f, manual, true);
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    felt252 hash = invoke_well(f);
    assert_int_equal(sage_sender_wait(f->sender, hash, NULL, &err), SAGE_EAGAIN);
    assert_string_equal(err.where, "sender.pending");
    assert_int_equal(in_flight(f), 1);
    fake_node_execute(&f->node);
    wait_well(f, hash);
}

static void test_full(void **state)
{
    fixture *f = *state;
    SET_NODE(f, manual, true);
    for (int i = 0; i < SAGE_SENDER_FLIGHT; i++)
        (void)invoke_well(f);
    felt252 hash;
    sage_errinfo err = {0};
    assert_int_equal(invoke(f, &hash, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "sender.full");
    assert_int_equal(f->n_signed, SAGE_SENDER_FLIGHT);
}

static void test_deploy(void **state)
{
    fixture *f               = *state;
    const sage_felt_list key = {.v = &f->salt, .n = 1, .cap = 1};
    felt252 hash;
    sage_errinfo err;
    SET_NODE(f, absent, true);
    assert_int_equal(
        sage_sender_deploy(f->sender, class_hash(), felt252_one(), &key, &hash, &err),
        SAGE_EINVAL);
    assert_string_equal(err.where, "sender.address");
    fake_node_fault(&f->node, "addDeployAccountTransaction", FAULT_LOST, 0, 1);
    assert_int_equal(sage_sender_deploy(f->sender, class_hash(), f->salt, &key, &hash, NULL),
                     SAGE_OK);
    wait_well(f, hash);
    expect_node(f, 1, 1);
    assert_int_equal(sage_sender_deploy(f->sender, class_hash(), f->salt, &key, &hash, &err),
                     SAGE_ECONFLICT);
    assert_string_equal(err.where, "sender.deployed");
    wait_well(f, invoke_well(f));
}

static void test_proof(void **state)
{
    static const uint8_t bytes[] = {1, 2, 3, 4, 5};
    const felt252 facts[]        = {sage_felt_short("SAGE1"), felt252_one()};
    sage_sender_proof p          = {facts, 2, bytes, sizeof bytes};
    const sage_call call         = {.to = felt252_from_u64(3)};
    fixture *f                   = *state;
    felt252 hash, bare;
    sage_errinfo err;
    fake_node_fault(&f->node, "addInvokeTransaction", FAULT_LOST, 0, 1);
    assert_int_equal(sage_sender_invoke(f->sender, &call, 1, &p, &hash, NULL), SAGE_OK);
    wait_well(f, hash);
    assert_int_equal(sage_sender_invoke(f->sender, &call, 1, NULL, &bare, NULL), SAGE_OK);
    wait_well(f, bare);
    p.len = 0;
    assert_int_equal(sage_sender_invoke(f->sender, &call, 1, &p, &hash, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "sender.proof");
}

static void write_journal(const fixture *f, const char *text)
{
    FILE *out = fopen(f->journal, "w");
    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

static char *read_journal(const fixture *f)
{
    static char text[8192];
    FILE *in = fopen(f->journal, "r");
    assert_non_null(in);
    text[fread(text, 1, sizeof text - 1, in)] = 0;
    fclose(in);
    return text;
}

static void expect_open(fixture *f, sage_status want, const char *where)
{
    sage_sender *s;
    sage_errinfo err            = {0};
    const sage_sender_options o = options(f);
    assert_int_equal(sage_sender_open(&s, &o, &err), want);
    if (want) assert_string_equal(err.where, where);
    sage_sender_close(s);
}

static void test_journal(void **state)
{
    fixture *f = *state;
    struct stat st;
    SET_NODE(f, manual, true);
    (void)invoke_well(f);
    expect_open(f, SAGE_ECONFLICT, "sender.locked");
    sage_sender_close(f->sender);
    f->sender  = NULL;
    char *good = strdup(read_journal(f)), *bad = strdup(good);
    assert_int_equal(stat(f->journal, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    expect_open(f, SAGE_OK, NULL);
    for (size_t n = strlen(good) - 2; n > 0; n -= n > 97 ? 97 : n) {
        bad[n] = 0; /* ever shorter */
        write_journal(f, bad);
        expect_open(f, SAGE_EFORMAT, "sender.journal");
    }
    strcpy(bad, good);
    memcpy(strstr(bad, "\"tip\": \"0x0\""), "\"tip\": \"0x1\"", 12);
    write_journal(f, bad);
    expect_open(f, SAGE_EFORMAT, "sender.journal");
    write_journal(f, good);
    f->address = felt252_one();
    expect_open(f, SAGE_EFORMAT, "sender.journal");
    free(good);
    free(bad);
}

static void test_options(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    sage_sender *s;
    o.price_percent = 99;
    assert_int_equal(sage_sender_open(&s, &o, NULL), SAGE_EINVAL);
    o      = options(f);
    o.sign = NULL;
    assert_int_equal(sage_sender_open(&s, &o, NULL), SAGE_EINVAL);
    assert_null(s);
}

static void test_stop(void **state)
{
    fixture *f            = *state;
    sage_sender_options o = options(f);
    atomic_int stop       = 0;
    sage_errinfo err;
    o.stop = &stop;
    SET_NODE(f, manual, true);
    sage_sender_close(f->sender);
    assert_int_equal(sage_sender_open(&f->sender, &o, NULL), SAGE_OK);
    felt252 hash = invoke_well(f);
    atomic_store(&stop, 1);
    assert_int_equal(sage_sender_wait(f->sender, hash, NULL, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "http.cancelled");
    assert_int_equal(in_flight(f), 1);
}

#define WITH_NODE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_NODE(test_one_after_the_other),
        WITH_NODE(test_several_in_flight),
        WITH_NODE(test_lost_answers),
        WITH_NODE(test_doubtful_errors),
        WITH_NODE(test_refusals),
        WITH_NODE(test_nonce_race),
        WITH_NODE(test_nonce_race_late),
        WITH_NODE(test_lost_to_another),
        WITH_NODE(test_wrong_hash),
        WITH_NODE(test_revert),
        WITH_NODE(test_settle),
        WITH_NODE(test_fees),
        WITH_NODE(test_wrong_chain),
        WITH_NODE(test_crash_before_sending),
        WITH_NODE(test_order_after_crash),
        WITH_NODE(test_forget),
        WITH_NODE(test_pending),
        WITH_NODE(test_full),
        WITH_NODE(test_deploy),
        WITH_NODE(test_proof),
        WITH_NODE(test_journal),
        WITH_NODE(test_options),
        WITH_NODE(test_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
