/* Builtins: what they make of operands, what they refuse, what they leave alone; instances of
 * a published run. Modular circuits are in test_builtin_mod.c. */
#include "test_builtins.h"

#include <jansson.h>

#include "curve/curve.h"
#include "hash/keccak.h"
#include "hash/poseidon252.h"

/* These cells of one instance are refused at the end, and if they are all inputs already when
 * the first output is asked for. */
static void refused(sage_builtin b, const sage_value *cells, uint32_t inputs)
{
    sage_memory m    = fresh();
    sage_errinfo err = {0};
    sage_value out;
    put_all(&m, cells, inputs);
    assert_refused(
        sage_builtin_deduce(b, &m, (sage_address){CELLS_OF_BUILTIN, inputs}, &out, &err), &err,
        b);
    finish_refuses(b, &m);
    sage_memory_free(&m);
}

/* Inputs make outputs: deduced one by one or together, at the end, or checked if the program
 * wrote them; refused if it wrote others. */
static void makes(sage_builtin b, const sage_value *cells, uint32_t inputs)
{
    uint32_t n = sage_builtin_cells(b);
    sage_value out;
    for (uint32_t ask = 0; ask <= n; ask++) { /* n: nobody asks */
        sage_memory m = fresh();
        for (uint32_t i = 0; i < inputs; i++) {
            assert_int_equal(
                sage_builtin_deduce(b, &m, (sage_address){CELLS_OF_BUILTIN, n - 1}, &out, NULL),
                SAGE_OK);
            assert_false(sage_value_known(out)); /* not enough yet */
            put(&m, CELLS_OF_BUILTIN, i, cells[i]);
        }
        if (ask < n) {
            assert_int_equal(
                sage_builtin_deduce(b, &m, (sage_address){CELLS_OF_BUILTIN, ask}, &out, NULL),
                SAGE_OK);
            if (ask < inputs)
                assert_false(sage_value_known(out));
            else
                assert_value(out, cells[ask]);
        }
        finish_ok(b, &m);
        assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, n);
        for (uint32_t i = 0; i < n; i++)
            assert_value(cell(&m, i), cells[i]);
        finish_ok(b, &m); /* once more changes nothing */
        sage_memory_free(&m);
    }
    for (uint32_t wrong = inputs; wrong <= n; wrong++) { /* n: all are right */
        sage_memory m    = fresh();
        sage_errinfo err = {0};
        put_all(&m, cells, inputs);
        for (uint32_t i = inputs; i < n; i++)
            put(&m, CELLS_OF_BUILTIN, i,
                i == wrong ? sage_value_add(cells[i], number(1)) : cells[i]);
        if (wrong == n)
            finish_ok(b, &m);
        else {
            finish_refuses(b, &m);
            assert_refused(sage_builtin_finish(b, &m, CELLS_OF_BUILTIN, &err), &err, b);
            assert_int_equal(err.at, wrong);
        }
        sage_memory_free(&m);
    }
}

/* An address or nothing in the place of any input; an output alone. */
static void hostile_inputs(sage_builtin b, const sage_value *cells, uint32_t inputs)
{
    sage_value changed[16];
    for (uint32_t i = 0; i < inputs; i++) {
        memcpy(changed, cells, inputs * sizeof *cells);
        changed[i] = address(DATA, 5);
        refused(b, changed, inputs);
        sage_memory m = fresh();
        for (uint32_t k = 0; k < inputs; k++)
            if (k != i) put(&m, CELLS_OF_BUILTIN, k, cells[k]);
        put(&m, CELLS_OF_BUILTIN, inputs, cells[inputs]);
        finish_refuses(b, &m);
        sage_memory_free(&m);
    }
}

static void function_builtin(sage_builtin b, const sage_value *cells, uint32_t inputs)
{
    makes(b, cells, inputs);
    hostile_inputs(b, cells, inputs);
}

/* ---- names ---------------------------------------------------------------------------------- */

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t cells;
    } table[SAGE_BUILTINS] = {{"output", 1},  {"pedersen", 3}, {"range_check", 1},
                              {"ecdsa", 2},   {"bitwise", 5},  {"ec_op", 7},
                              {"keccak", 16}, {"poseidon", 6}, {"range_check96", 1},
                              {"add_mod", 7}, {"mul_mod", 7},  {"segment_arena", 3}};
    for (int b = 0; b < SAGE_BUILTINS; b++) {
        sage_builtin got = SAGE_BUILTINS;
        assert_string_equal(sage_builtin_name((sage_builtin)b), table[b].name);
        assert_int_equal(sage_builtin_cells((sage_builtin)b), table[b].cells);
        assert_true(sage_builtin_named(table[b].name, strlen(table[b].name), &got));
        assert_int_equal(got, b);
        assert_false(sage_builtin_named(table[b].name, strlen(table[b].name) - 1, &got));
    }
    sage_builtin got;
    assert_null(sage_builtin_name(SAGE_BUILTINS));
    assert_false(sage_builtin_named("", 0, &got));
    assert_true(sage_builtin_named("range_check96", 11, &got));
    assert_int_equal(got, SAGE_BUILTIN_RANGE_CHECK);
}

/* ---- functions ------------------------------------------------------------------------------ */

static void pedersen(void **state)
{
    (void)state;
    /* crypto-cpp, pedersen_hash_test.cc */
    const sage_value cells[3] = {
        text("0x3d937c035c878245caf64531a5756109c53068da139362728feb561405371cb"),
        text("0x208a0a10250e382e1e4bbe2880906c2791bf6275695e02fbbc6aeff9cd8b31a"),
        text("0x30e480bed5fe53fa909cc0f8c4d99b8f9f2c016be4c41e13a4848797979c662")};
    function_builtin(SAGE_BUILTIN_PEDERSEN, cells, 2);
}

static void poseidon(void **state)
{
    (void)state;
    felt252 lanes[3] = {felt252_from_u64(1), felt252_neg(felt252_one()), felt252_zero()};
    sage_value cells[6];
    for (int i = 0; i < 3; i++)
        cells[i] = sage_value_from_felt(lanes[i]);
    sage_poseidon252_permute(lanes);
    for (int i = 0; i < 3; i++)
        cells[3 + i] = sage_value_from_felt(lanes[i]);
    function_builtin(SAGE_BUILTIN_POSEIDON, cells, 3);
}

static void bitwise(void **state)
{
    (void)state;
    const sage_value top =
        text("0x7ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
    const sage_value cells[5] = {number(12), number(10), number(8), number(6), number(14)};
    const sage_value edge[5] = {top, number(1), number(1), sage_value_sub(top, number(1)), top};
    function_builtin(SAGE_BUILTIN_BITWISE, cells, 2);
    function_builtin(SAGE_BUILTIN_BITWISE, edge, 2);
    const sage_value above = sage_value_add(top, number(1)), last = text("-1");
    refused(SAGE_BUILTIN_BITWISE, (sage_value[]){above, number(0)}, 2);
    refused(SAGE_BUILTIN_BITWISE, (sage_value[]){number(0), above}, 2);
    refused(SAGE_BUILTIN_BITWISE, (sage_value[]){last, last}, 2);
}

static void point_cells(sage_value out[2], sage_point p)
{
    out[0] = sage_value_from_felt(p.x);
    out[1] = sage_value_from_felt(p.y);
}

static void ec_op(void **state)
{
    (void)state;
    const sage_point p = sage_curve_point(SAGE_CURVE_SHIFT), q = sage_curve_point(SAGE_CURVE_G);
    sage_value cells[7];
    sage_point sum;
    const sage_value m = text("-1"); /* all bits of P - 1, the largest */
    uint64_t limbs[4];
    memcpy(limbs, m.l, sizeof limbs);
    limbs[3] &= ~SAGE_VALUE_KNOWN;
    sage_jacobian want = sage_curve_multiply(q, limbs);
    want               = sage_jacobian_add_point(&want, p);
    assert_true(sage_jacobian_affine(&sum, &want));
    point_cells(cells, p);
    point_cells(cells + 2, q);
    cells[4] = m;
    point_cells(cells + 5, sum);
    function_builtin(SAGE_BUILTIN_EC_OP, cells, 5);
    point_cells(cells + 2, p); /* P + 1 P: the same x at once */
    cells[4] = number(1);
    refused(SAGE_BUILTIN_EC_OP, cells, 5);
    point_cells(cells + 2, sage_point_negative(p));
    refused(SAGE_BUILTIN_EC_OP, cells, 5);
    cells[4] = number(0); /* m = 0: P, and nothing is looked at */
    point_cells(cells + 5, p);
    function_builtin(SAGE_BUILTIN_EC_OP, cells, 5);
    cells[3] = sage_value_add(cells[3], number(1)); /* off the curve */
    refused(SAGE_BUILTIN_EC_OP, cells, 5);
    point_cells(cells + 2, q);
    cells[0] = cells[1] = number(0); /* no encoding of infinity */
    refused(SAGE_BUILTIN_EC_OP, cells, 5);
}

static sage_value keccak_cell(const uint8_t bytes[200], int i)
{
    sage_value v = number(0);
    for (int k = 24; k >= 0; k--)
        v = sage_value_add(sage_value_mul(v, number(256)), number(bytes[25 * i + k]));
    return v;
}

static void keccak(void **state)
{
    (void)state;
    uint64_t lanes[25];
    uint8_t bytes[200];
    sage_value cells[16];
    for (int i = 0; i < 25; i++)
        lanes[i] = (uint64_t)(i + 1) * 0x9e3779b97f4a7c15u;
    for (int half = 0; half < 2; half++) {
        for (int i = 0; i < 200; i++)
            bytes[i] = (uint8_t)(lanes[i / 8] >> (8 * (i % 8)));
        for (int i = 0; i < 8; i++)
            cells[8 * half + i] = keccak_cell(bytes, i);
        sage_keccak_f1600(lanes);
    }
    function_builtin(SAGE_BUILTIN_KECCAK, cells, 8);
    cells[7] = text("0x100000000000000000000000000000000000000000000000000"); /* 2^200 */
    refused(SAGE_BUILTIN_KECCAK, cells, 8);
}

/* Several instances, some asked for, a gap refused; the length becomes whole instances. */
static void many_instances(void **state)
{
    (void)state;
    sage_memory m = fresh();
    sage_value out;
    enum { N = 700 };
    for (uint32_t i = 0; i < N; i++) {
        put(&m, CELLS_OF_BUILTIN, 5 * i, number(i));
        put(&m, CELLS_OF_BUILTIN, 5 * i + 1, number(3 * i));
        if (i % 3) continue;
        sage_address at = {CELLS_OF_BUILTIN, 5 * i + 3};
        assert_int_equal(sage_builtin_deduce(SAGE_BUILTIN_BITWISE, &m, at, &out, NULL),
                         SAGE_OK);
        assert_value(out, number(i ^ (3 * i)));
        assert_value(cell(&m, 5 * i + 2), number(i & (3 * i))); /* its siblings came along */
    }
    finish_ok(SAGE_BUILTIN_BITWISE, &m);
    assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, 5 * N);
    for (uint32_t i = 0; i < N; i++)
        assert_value(cell(&m, 5 * i + 4), number(i | (3 * i)));
    put(&m, CELLS_OF_BUILTIN, 5 * (N + 1), number(1)); /* leaves instance N empty */
    finish_refuses(SAGE_BUILTIN_BITWISE, &m);
    sage_memory_free(&m);
}

/* An output that the program has already filled otherwise is refused when another is asked. */
static void contradicted_sibling(void **state)
{
    (void)state;
    sage_memory m    = fresh();
    sage_errinfo err = {0};
    sage_value out;
    put(&m, CELLS_OF_BUILTIN, 0, number(12));
    put(&m, CELLS_OF_BUILTIN, 1, number(10));
    put(&m, CELLS_OF_BUILTIN, 4, number(13));
    sage_address at = {CELLS_OF_BUILTIN, 2};
    assert_refused(sage_builtin_deduce(SAGE_BUILTIN_BITWISE, &m, at, &out, &err), &err,
                   SAGE_BUILTIN_BITWISE);
    sage_memory_free(&m);
}

/* ---- checks --------------------------------------------------------------------------------- */

static void range_checks(void **state)
{
    (void)state;
    const sage_value bound128 = text("0x100000000000000000000000000000000");
    const sage_value bound96  = text("0x1000000000000000000000000");
    const struct {
        sage_builtin b;
        sage_value bound;
    } both[2] = {{SAGE_BUILTIN_RANGE_CHECK, bound128}, {SAGE_BUILTIN_RANGE_CHECK96, bound96}};
    for (int i = 0; i < 2; i++) {
        const sage_value bad[] = {both[i].bound, text("-1"), address(DATA, 1),
                                  sage_value_add(both[i].bound, number(7))};
        for (int k = 0; k < 4; k++) {
            sage_memory m    = fresh();
            sage_errinfo err = {0};
            put(&m, CELLS_OF_BUILTIN, 0, number(0));
            put(&m, CELLS_OF_BUILTIN, 1, sage_value_sub(both[i].bound, number(1)));
            finish_ok(both[i].b, &m);
            put(&m, CELLS_OF_BUILTIN, 2, bad[k]);
            assert_refused(sage_builtin_finish(both[i].b, &m, CELLS_OF_BUILTIN, &err), &err,
                           both[i].b);
            assert_int_equal(err.at, 2);
            sage_memory_free(&m);
        }
        sage_memory m = fresh();
        sage_value out;
        put(&m, CELLS_OF_BUILTIN, 1, number(0)); /* cell 0 is empty, and nothing makes it */
        sage_address at = {CELLS_OF_BUILTIN, 0};
        assert_int_equal(sage_builtin_deduce(both[i].b, &m, at, &out, NULL), SAGE_OK);
        assert_false(sage_value_known(out));
        finish_refuses(both[i].b, &m);
        sage_memory_free(&m);
    }
}

/* output and segment_arena hold what the program likes; an empty segment is fine everywhere. */
static void plain_builtins(void **state)
{
    (void)state;
    sage_memory m = fresh();
    sage_value out;
    for (int b = 0; b < SAGE_BUILTINS; b++)
        finish_ok((sage_builtin)b, &m);
    put(&m, CELLS_OF_BUILTIN, 1, address(DATA, 3));
    put(&m, CELLS_OF_BUILTIN, 3, text("-1"));
    for (int i = 0; i < 2; i++) {
        sage_builtin b  = i ? SAGE_BUILTIN_SEGMENT_ARENA : SAGE_BUILTIN_OUTPUT;
        sage_address at = {CELLS_OF_BUILTIN, 0};
        assert_int_equal(sage_builtin_deduce(b, &m, at, &out, NULL), SAGE_OK);
        assert_false(sage_value_known(out));
        finish_ok(b, &m);
        assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, 4);
    }
    sage_memory_free(&m);
}

/* ---- ecdsa ---------------------------------------------------------------------------------- */

static sage_status announce(sage_memory *m, uint32_t offset, const char *r, const char *s)
{
    sage_address at = {CELLS_OF_BUILTIN, offset};
    return sage_builtin_add_signature(m, at, text(r), text(s), NULL);
}

static void ecdsa(void **state)
{
    (void)state;
    /* starknet-rs, ecdsa.rs: the key of the secret 1 signs 2. */
    const char *key = "0x1ef15c18599971b7beced415a40f0c7deacfd9b0d1819e03d723d8bc943cfca";
    const char *r   = "0x411494b501a98abd8262b0da1351e17899a0c4ef23dd2f96fec5ba847310b20";
    const char *s   = "0x405c3191ab3883ef2b763af35bc5f5d15b3b4e99461d70e84c654a351a7c81b";
    sage_memory m   = fresh();
    put(&m, CELLS_OF_BUILTIN, 0, text(key));
    put(&m, CELLS_OF_BUILTIN, 1, number(2));
    finish_refuses(SAGE_BUILTIN_ECDSA, &m); /* no signature */
    assert_int_equal(announce(&m, 4, "1", "1"), SAGE_OK);
    assert_int_equal(announce(&m, 0, r, s), SAGE_OK);
    assert_int_equal(announce(&m, 0, "5", "6"), SAGE_OK); /* the first one counts */
    finish_ok(SAGE_BUILTIN_ECDSA, &m);
    put(&m, CELLS_OF_BUILTIN, 2, text(key));
    finish_refuses(SAGE_BUILTIN_ECDSA, &m); /* no message */
    put(&m, CELLS_OF_BUILTIN, 3, number(3));
    assert_int_equal(announce(&m, 2, r, s), SAGE_OK);
    finish_refuses(SAGE_BUILTIN_ECDSA, &m); /* of another message */
    sage_errinfo err = {0};
    sage_address at  = {CELLS_OF_BUILTIN, 6};
    assert_refused(sage_builtin_add_signature(&m, at, address(DATA, 0), number(1), &err), &err,
                   SAGE_BUILTIN_ECDSA);
    assert_refused(sage_builtin_add_signature(&m, at, number(1), (sage_value){{0}}, &err), &err,
                   SAGE_BUILTIN_ECDSA);
    sage_memory_free(&m);
    m = fresh();
    put(&m, CELLS_OF_BUILTIN, 0, address(DATA, 0));
    put(&m, CELLS_OF_BUILTIN, 1, number(2));
    assert_int_equal(announce(&m, 0, r, s), SAGE_OK);
    finish_refuses(SAGE_BUILTIN_ECDSA, &m);
    sage_memory_free(&m);
}

/* ---- a published run ------------------------------------------------------------------------ */

/* stwo-cairo's run of all builtins: flat memory by ids. Its builtin segments hold whole
 * instances in which every cell is known. */
static json_t *load_published(void)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[4096];
    snprintf(path, sizeof path,
             "%s%s/vectors/stwo-cairo/test_prove_verify_all_builtins/prover_input.json",
             shared ? shared : (source ? source : "."), shared ? "" : "/../shared");
    FILE *f = fopen(path, "rb");
    if (!f) return NULL;
    /* Integers become strings, so that none is too long for the JSON library. */
    static char in[1 << 21], out[1 << 23];
    size_t n = fread(in, 1, sizeof in, f), k = 0;
    fclose(f);
    assert_true(n < sizeof in);
    bool quoted = false;
    for (size_t i = 0; i < n; i++) {
        bool digit  = in[i] >= '0' && in[i] <= '9';
        bool before = i && in[i - 1] >= '0' && in[i - 1] <= '9';
        if (digit && !before && !quoted) out[k++] = '"';
        if (!digit && before && !quoted) out[k++] = '"';
        quoted ^= in[i] == '"';
        out[k++] = in[i];
    }
    json_t *root = json_loadb(out, k, 0, NULL);
    assert_non_null(root);
    return root;
}

static uint64_t integer(const json_t *v)
{
    const char *digits = json_string_value(v);
    assert_non_null(digits);
    return strtoull(digits, NULL, 10);
}

static sage_value flat_value(const json_t *memory, size_t at)
{
    uint64_t id = integer(json_array_get(json_object_get(memory, "address_to_id"), at));
    uint64_t i  = id & ((1u << 30) - 1);
    if (!(id >> 30))
        return text(
            json_string_value(json_array_get(json_object_get(memory, "small_values"), i)));
    const json_t *words = json_array_get(json_object_get(memory, "f252_values"), i);
    sage_value v        = number(0);
    for (int w = 7; w >= 0; w--)
        v = sage_value_add(sage_value_mul(v, number((uint64_t)1 << 32)),
                           number(integer(json_array_get(words, (size_t)w))));
    return v;
}

/* The segment's inputs alone into segment 1, all of flat memory into segment 0. */
static void replay(const json_t *root, const char *name, sage_builtin b, uint32_t inputs)
{
    const json_t *memory  = json_object_get(root, "memory");
    const json_t *segment = json_object_get(json_object_get(root, "builtin_segments"), name);
    assert_true(json_is_object(segment));
    uint64_t begin = integer(json_object_get(segment, "begin_addr"));
    uint64_t stop  = integer(json_object_get(segment, "stop_ptr"));
    uint32_t cells = sage_builtin_cells(b), n = (uint32_t)(stop - begin);
    assert_true(n >= 16 * cells && n % cells == 0);
    sage_memory m    = fresh();
    size_t addresses = json_array_size(json_object_get(memory, "address_to_id"));
    bool modular     = b == SAGE_BUILTIN_ADD_MOD || b == SAGE_BUILTIN_MUL_MOD;
    for (size_t i = 1; modular && i < addresses; i++) {
        uint64_t id = integer(json_array_get(json_object_get(memory, "address_to_id"), i));
        if (id != (1u << 30) - 1) put(&m, DATA, (uint32_t)i, flat_value(memory, i));
    }
    for (uint32_t i = 0; i < n; i++) {
        sage_value v = flat_value(memory, begin + i);
        if (modular && (i % cells == 4 || i % cells == 5)) v = address(DATA, (uint32_t)v.l[0]);
        if (i % cells < inputs) put(&m, CELLS_OF_BUILTIN, i, v);
    }
    sage_errinfo err = {0};
    sage_status s    = sage_builtin_finish(b, &m, CELLS_OF_BUILTIN, &err);
    if (s) fail_msg("%s: %s", err.where, err.msg);
    assert_int_equal(m.segment[CELLS_OF_BUILTIN].len, n);
    for (uint32_t i = 0; i < n; i++)
        if (!modular) assert_value(cell(&m, i), flat_value(memory, begin + i));
    sage_memory_free(&m);
}

static void published_run(void **state)
{
    (void)state;
    json_t *root = load_published();
    if (!root) skip();
    replay(root, "pedersen_builtin", SAGE_BUILTIN_PEDERSEN, 2);
    replay(root, "poseidon_builtin", SAGE_BUILTIN_POSEIDON, 3);
    replay(root, "bitwise_builtin", SAGE_BUILTIN_BITWISE, 2);
    replay(root, "ec_op_builtin", SAGE_BUILTIN_EC_OP, 5);
    replay(root, "range_check_builtin", SAGE_BUILTIN_RANGE_CHECK, 1);
    replay(root, "range_check96_builtin", SAGE_BUILTIN_RANGE_CHECK96, 1);
    replay(root, "add_mod_builtin", SAGE_BUILTIN_ADD_MOD, 7);
    replay(root, "mul_mod_builtin", SAGE_BUILTIN_MUL_MOD, 7);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names),          cmocka_unit_test(pedersen),
        cmocka_unit_test(poseidon),       cmocka_unit_test(bitwise),
        cmocka_unit_test(ec_op),          cmocka_unit_test(keccak),
        cmocka_unit_test(many_instances), cmocka_unit_test(contradicted_sibling),
        cmocka_unit_test(range_checks),   cmocka_unit_test(plain_builtins),
        cmocka_unit_test(ecdsa),          cmocka_unit_test(published_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
