/* Block commitments and block hashes against a published block and published roots. */
#include "base/test.h"

#include "devnet/commitment.h"
#include "devnet/test_block.h"
#include "field/felt252_text.h"
#include "hash/poseidon252.h"

static felt252 felt(const char *hex)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, hex, strlen(hex), NULL), SAGE_OK);
    return v;
}

static void assert_felt(felt252 a, const char *hex)
{
    char text[SAGE_FELT_HEX];
    sage_felt_to_hex(text, a);
    char wanted[SAGE_FELT_HEX];
    sage_felt_to_hex(wanted, felt(hex));
    assert_string_equal(text, wanted);
}

static sage_felt_list list(const char *const *hex)
{
    sage_felt_list l = {0};
    for (int i = 0; i < BLOCK_FELTS && hex[i]; i++)
        assert_int_equal(sage_felt_list_add(&l, felt(hex[i]), NULL), SAGE_OK);
    return l;
}

/* Roots of 0, 1, 2, 3 leaves: starknet_api crypto/patricia_hash_test.rs, sequencer 60161ba. */
static void roots_of_few_leaves(void **state)
{
    (void)state;
    sage_commit_tree t = {0};
    assert_felt(sage_commit_root(&t), "0x0");
    sage_commit_add(&t, felt("0x1"));
    assert_felt(sage_commit_root(&t),
                "0x7752582c54a42fe0fa35c40f07293bb7d8efe90e21d8d2c06a7db52d7d9b7e1");
    sage_commit_add(&t, felt("0x2"));
    assert_felt(sage_commit_root(&t),
                "0x1c1ba983ee0a0de87d87d67ea3cbee7023aa65f6b7bcf71259f122ea3af80bf");
    sage_commit_add(&t, felt("0x3"));
    assert_felt(sage_commit_root(&t),
                "0x3b5cc7f1292eb3847c3f902d048a7e5dc7702d1c191ccd17c2d33f797e6fc32");
}

/* The same tree by its definition: a subtree of `n` leaves from `first` on, `height` levels. */
static felt252 slow_root(uint64_t first, uint64_t n, unsigned height)
{
    if (!height) return felt252_from_u64(first + 7);
    uint64_t half = height > 32 ? (uint64_t)1 << 32 : (uint64_t)1 << (height - 1);
    if (n > half)
        return sage_poseidon252_pair(slow_root(first, half, height - 1),
                                     slow_root(first + half, n - half, height - 1));
    unsigned zeros = 1;
    while (zeros < height && (height - zeros > 32 || n <= (uint64_t)1 << (height - zeros - 1)))
        zeros++;
    return felt252_add(
        sage_poseidon252_pair(slow_root(first, n, height - zeros), felt252_zero()),
        felt252_from_u64(zeros));
}

static void roots_as_defined(void **state)
{
    (void)state;
    sage_commit_tree t = {0};
    for (uint64_t n = 1; n <= 70; n++) {
        sage_commit_add(&t, felt252_from_u64(n - 1 + 7));
        assert_true(felt252_eq(sage_commit_root(&t), slow_root(0, n, 64)));
    }
}

static void take(sage_commit_tree trees[3], const block_tx *b)
{
    sage_felt_list signature = list(b->signature);
    sage_chain_event event   = {
          .from = felt(b->from), .keys = list(b->keys), .data = list(b->data)};
    sage_tx_result r = {.hash = felt(b->hash)};
    felt252_to_limbs(felt(b->fee), r.fee.w);
    r.gas[SAGE_GAS_L1]      = b->l1_gas;
    r.gas[SAGE_GAS_L1_DATA] = b->l1_data_gas;
    r.gas[SAGE_GAS_L2]      = 12345; /* counts as 0 */
    sage_commit_add(&trees[0], sage_commit_transaction(r.hash, &signature));
    sage_commit_add(&trees[1], sage_commit_event(&event, r.hash));
    sage_commit_add(&trees[2], sage_commit_receipt(&r));
    sage_felt_list_free(&signature);
    sage_felt_list_free(&event.keys);
    sage_felt_list_free(&event.data);
}

static void a_published_block(void **state)
{
    (void)state;
    sage_commit_tree trees[3]         = {0};
    const sage_amount wei[SAGE_GASES] = {sage_amount_of(0x3b9aca00), sage_amount_of(0x7a1200),
                                         sage_amount_of(1)};
    for (int i = 0; i < BLOCK_TXS; i++)
        take(trees, &block_txs[i]);
    sage_block_header h = {
        .number    = 1041730,
        .timestamp = 1771929403,
        .parent_hash =
            felt("0x6e906961988615175bfbbbee51e878301d1321aced176125ceb7b2681b6aaed"),
        .new_root  = felt("0x528cf80c68dc2ad6dcd7465b8f21c45bcd5331f111cfdf99f5441510a762332"),
        .sequencer = felt("0x1176a1bd84444c89232ec27754698e5d2e7e1a7f1539f12027f28b23ec9f3d8"),
        .state_diff_commitment =
            felt("0x1629d7b8352414ae341e3708145801b562de124910bcfd21acff401a7929b4b"),
        .transaction_commitment = sage_commit_root(&trees[0]),
        .event_commitment       = sage_commit_root(&trees[1]),
        .receipt_commitment     = sage_commit_root(&trees[2]),
        .n_transactions         = BLOCK_TXS,
        .n_events               = BLOCK_TXS,
        .state_diff_length      = 14,
        .gas_price              = {sage_amount_of(0xe8d4a51000), sage_amount_of(0x1dcd65000),
                                   sage_amount_of(0x3e8)}};
    assert_felt(h.transaction_commitment,
                "0x68d26a9cf25af1d4112175204b2a47493bd0080a88d44bc677123da0c17ae7a");
    assert_felt(h.event_commitment,
                "0x24cfbd017be3098e241b6f26ced9049b6e6a93e513246a0eba39d4129cf7b37");
    assert_felt(h.receipt_commitment,
                "0x32838b2f9e2da822df6aa2ac61a63299dfd6ed0e4060bd67b903882b29e1aa8");
    /* The file says version 0.14.4; the hash is that of 0.14.2, as the file is named. */
    assert_felt(sage_commit_block(&h, wei, "0.14.2"),
                "0x74783cfa65e14b85f5ad21311aaa4a5b82ba4972a86a110a3067892f6e8ebbb");
}

/* The formula written out for one of each, no class declared (starknet_api,
 * block_hash/state_diff_hash.rs). */
static void a_difference(void **state)
{
    (void)state;
    const sage_state_change cells[] = {
        {SAGE_CELL_STORAGE, felt("0x4"), felt("0x5"), felt("0x0"), felt("0x6")},
        {SAGE_CELL_STORAGE, felt("0x4"), felt("0x7"), felt("0x0"), felt("0x8")},
        {SAGE_CELL_CLASS, felt("0x4"), felt("0x0"), felt("0x0"), felt("0x15")},
        {SAGE_CELL_STORAGE, felt("0x9"), felt("0xa"), felt("0x1"), felt("0xb")},
        {SAGE_CELL_NONCE, felt("0x11"), felt("0x0"), felt("0x1"), felt("0x12")}};
    const felt252 words[] = {sage_felt_short("STARKNET_STATE_DIFF0"),
                             felt("0x1"),
                             felt("0x4"),
                             felt("0x15"), /* classes */
                             felt("0x0"),
                             felt("0x0"),
                             felt("0x1"),
                             felt("0x0"),
                             felt("0x2"), /* contracts */
                             felt("0x4"),
                             felt("0x2"),
                             felt("0x5"),
                             felt("0x6"),
                             felt("0x7"),
                             felt("0x8"),
                             felt("0x9"),
                             felt("0x1"),
                             felt("0xa"),
                             felt("0xb"),
                             felt("0x1"),
                             felt("0x11"),
                             felt("0x12")}; /* nonces */
    assert_true(felt252_eq(sage_commit_diff(cells, 5),
                           sage_poseidon252_many(words, sizeof words / sizeof *words)));
}

static void reverts_are_committed(void **state)
{
    (void)state;
    sage_tx_result good = {.hash = felt("0x1")}, bad = good;
    bad.reverted = true;
    memcpy(bad.reason, "ABC", 4);
    /* Keccak of "ABC": starknet_api, block_hash/receipt_commitment_test.rs. */
    const felt252 zero = felt252_zero(), no_messages = sage_poseidon252_many(&zero, 1);
    const felt252 reason =
        felt("0x1629b9dda060bb30c7908346f6af189c16773fa148d3366701fbaa35d54f3c8");
    const felt252 words[] = {bad.hash, zero, no_messages, reason, zero, zero, zero};
    assert_true(felt252_eq(sage_commit_receipt(&bad), sage_poseidon252_many(words, 7)));
    assert_false(felt252_eq(sage_commit_receipt(&good), sage_commit_receipt(&bad)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roots_of_few_leaves),   cmocka_unit_test(roots_as_defined),
        cmocka_unit_test(a_published_block),     cmocka_unit_test(a_difference),
        cmocka_unit_test(reverts_are_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
