/* A claim's part of the transcript: against a slow computation from the description (facts A9),
 * and that whatever changes in the claim changes the transcript. */
#include "cairo/test_claims.h"
#include "hash/values.h"
#include "stark/channel.h"

static const sage_hash_kind kinds[] = {SAGE_HASH_BLAKE2S, SAGE_HASH_POSEIDON252};

static void digest_of(const sage_cairo_claim *c, sage_hash_kind kind, uint8_t out[32])
{
    sage_channel ch;
    sage_channel_init(&ch, kind);
    assert_int_equal(sage_cairo_claim_mix(c, &ch, NULL), SAGE_OK);
    memcpy(out, ch.digest, 32);
}

/* ---- the same, slowly ---- */

typedef struct list {
    uint32_t v[512], n;
} list;

static void put(list *l, uint32_t v)
{
    assert_true(l->n < 512);
    l->v[l->n++] = v;
}

static void mix_list(sage_channel *ch, const list *l)
{
    qm31 felts[128];
    uint32_t n = (l->n + 3) / 4;
    memset(felts, 0, sizeof felts);
    for (uint32_t i = 0; i < l->n; i++)
        felts[i / 4].v[i % 4] = l->v[i];
    sage_channel_mix_felts(ch, felts, n);
}

static void mix_one(sage_channel *ch, uint32_t v)
{
    list l = {{v}, 1};
    mix_list(ch, &l);
}

static void mix_limbs(sage_channel *ch, const sage_cairo_cells *cells)
{
    list l = {{0}, 0};
    for (uint32_t i = 0; i < cells->n; i++)
        for (uint32_t k = 0; k < 28; k++) {
            uint32_t limb = 0;
            for (uint32_t b = 0; b < 9; b++)
                limb |= (cells->at[i].value.w[(9 * k + b) / 32] >> (9 * k + b) % 32 & 1) << b;
            put(&l, limb);
        }
    sage_values_hash h;
    uint8_t digest[32];
    sage_values_init(&h, ch->kind);
    sage_values_add(&h, l.v, l.n);
    sage_values_final(&h, digest);
    sage_channel_mix_root(ch, digest);
}

static void slow_mix(const sage_cairo_claim *c, sage_channel *ch)
{
    list bits = {{0}, 0}, sizes = {{0}, 0}, publics = {{0}, 0};
    for (uint32_t i = 0; i < 49; i++)
        put(&bits, c->log[i] > 0);
    for (uint32_t i = 0; i < 16; i++)
        put(&bits, i < c->n_big);
    for (uint32_t i = 50; i < 68; i++)
        put(&bits, c->log[i] > 0);
    for (uint32_t i = 0; i < 68; i++)
        if (c->log[i])
            put(&sizes, c->log[i]);
        else if (i == 49)
            for (uint32_t k = 0; k < c->n_big; k++)
                put(&sizes, c->big_log[k]);

    for (int i = 0; i < 3; i++)
        put(&publics, c->initial[i]);
    for (int i = 0; i < 3; i++)
        put(&publics, c->final[i]);
    for (int i = 0; i < 11; i++)
        for (int k = 0; k < 4; k++)
            put(&publics, c->segments[i][k]);
    put(&publics, c->safe_call_ids[0]);
    put(&publics, c->safe_call_ids[1]);
    for (uint32_t i = 0; i < c->output.n; i++)
        put(&publics, c->output.at[i].id);
    for (uint32_t i = 0; i < c->program.n; i++)
        put(&publics, c->program.at[i].id);

    assert_int_equal(bits.n, 83);
    mix_one(ch, bits.n);
    mix_list(ch, &bits);
    mix_list(ch, &sizes);
    mix_one(ch, c->program.n);
    mix_list(ch, &publics);
    mix_limbs(ch, &c->output);
    mix_limbs(ch, &c->program);
}

static void slow_agrees(void **state)
{
    (void)state;
    for (int k = 0; k < 2; k++)
        for (uint32_t n_big = 0; n_big <= 2; n_big++)
            for (uint32_t n_output = 0; n_output <= TEST_OUTPUT; n_output++) {
                test_claim t;
                sage_channel ch;
                uint8_t digest[32];
                test_claim_make(&t);
                t.c.n_big    = n_big;
                t.c.output.n = n_output;
                digest_of(&t.c, kinds[k], digest);
                sage_channel_init(&ch, kinds[k]);
                slow_mix(&t.c, &ch);
                assert_memory_equal(digest, ch.digest, 32);
            }
}

/* ---- what changes the transcript ---- */

static void assert_differs(const sage_cairo_claim *c, uint8_t good[2][32], const char *what)
{
    for (int k = 0; k < 2; k++) {
        uint8_t digest[32];
        digest_of(c, kinds[k], digest);
        if (!memcmp(digest, good[k], 32)) fail_msg("%s is not bound", what);
    }
}

/* Finding 1: optional components were not mixed. Each alone, there or not; and one moved to
 * the next place, which leaves the list of sizes as it is. */
static void finding_1_optional_components(void **state)
{
    (void)state;
    test_claim t;
    uint8_t good[2][32];
    test_claim_make(&t);
    for (int k = 0; k < 2; k++)
        digest_of(&t.c, kinds[k], good[k]);
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++) {
        if (i == SAGE_CAIRO_MEMORY_BIG) continue;
        test_claim_make(&t);
        t.c.log[i] = t.c.log[i] ? 0 : 4;
        assert_differs(&t.c, good, sage_cairo_components[i].name);
    }
    test_claim_make(&t);
    test_set_log(&t.c, "ret_opcode", 0);
    test_set_log(&t.c, "mul_opcode", 4);
    assert_differs(&t.c, good, "which opcode");

    test_claim_make(&t);
    t.c.n_big = 1;
    assert_differs(&t.c, good, "the number of big memories");
    test_claim_make(&t); /* the last of them or memory_id_to_small, of one size */
    t.c.n_big                                     = 3;
    t.c.big_log[2]                                = 6;
    t.c.log[test_component("memory_id_to_small")] = 0;
    assert_differs(&t.c, good, "big or small memory");
}

/* Every word, by one bit: registers, segments, ids, sizes, the 252 bits of each value. */
static void every_bit(void **state)
{
    (void)state;
    test_claim t;
    uint8_t good[2][32];
    test_claim_make(&t);
    for (int k = 0; k < 2; k++)
        digest_of(&t.c, kinds[k], good[k]);

    uint32_t *words[] = {t.c.initial, t.c.final, &t.c.segments[0][0], t.c.safe_call_ids};
    uint32_t n[]      = {3, 3, 4 * SAGE_CAIRO_SEGMENTS, 2};
    for (int w = 0; w < 4; w++)
        for (uint32_t i = 0; i < n[w]; i++) {
            words[w][i] ^= 1;
            assert_differs(&t.c, good, "a word");
            words[w][i] ^= 1;
        }
    const sage_cairo_cells *cells[] = {&t.c.program, &t.c.output};
    for (int s = 0; s < 2; s++)
        for (uint32_t i = 0; i < cells[s]->n; i++) {
            cells[s]->at[i].id ^= 1;
            assert_differs(&t.c, good, "an id");
            cells[s]->at[i].id ^= 1;
            for (uint32_t bit = 0; bit < 252; bit += 1 + 7 * (i > 0)) {
                cells[s]->at[i].value.w[bit / 32] ^= 1u << bit % 32;
                assert_differs(&t.c, good, "a bit of a value");
                cells[s]->at[i].value.w[bit / 32] ^= 1u << bit % 32;
            }
        }
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (t.c.log[i]) {
            t.c.log[i]++;
            assert_differs(&t.c, good, "a size");
            t.c.log[i]--;
        }
    t.c.big_log[1]++;
    assert_differs(&t.c, good, "a big size");
}

/* Where the output ends and the program begins, though the ids are one list. */
static void finding_1_lengths(void **state)
{
    (void)state;
    test_claim t;
    uint8_t good[2][32];
    sage_cairo_cell all[TEST_OUTPUT + TEST_PROGRAM];
    test_claim_make(&t);
    for (uint32_t i = 0; i < TEST_PROGRAM; i++) /* equal values: nothing but lengths differs */
        t.program[i].value = (sage_felt252){{1}};
    for (uint32_t i = 0; i < TEST_OUTPUT; i++)
        t.output[i].value = (sage_felt252){{1}};
    for (int k = 0; k < 2; k++)
        digest_of(&t.c, kinds[k], good[k]);
    memcpy(all, t.output, sizeof t.output);
    memcpy(all + TEST_OUTPUT, t.program, sizeof t.program);
    t.c.output  = (sage_cairo_cells){all, TEST_OUTPUT + 1};
    t.c.program = (sage_cairo_cells){all + TEST_OUTPUT + 1, TEST_PROGRAM - 1};
    assert_differs(&t.c, good, "the program's length");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slow_agrees),
        cmocka_unit_test(finding_1_optional_components),
        cmocka_unit_test(every_bit),
        cmocka_unit_test(finding_1_lengths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
