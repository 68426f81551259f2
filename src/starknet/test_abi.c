/* Words and typed arguments to calldata, answers to text, and ABIs that are hostile. */
#include "base/test.h"

#include "field/felt252_text.h"
#include "starknet/abi.h"

static felt252 felt(const char *text)
{
    felt252 v;
    assert_int_equal(sage_felt_from_text(&v, text, strlen(text), NULL), SAGE_OK);
    return v;
}

/* want: decimal numbers, a space between. */
static void same_felts(const sage_felt_list *l, const char *want)
{
    char text[2048], *save;
    uint32_t n = 0;
    snprintf(text, sizeof text, "%s", want);
    for (char *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save), n++) {
        assert_true(n < l->n);
        assert_true(felt252_eq(l->v[n], felt(p)));
    }
    assert_int_equal(n, l->n);
}

static void word(const char *text, const char *want)
{
    sage_felt_list l = {0};
    sage_errinfo err;
    sage_status s = sage_abi_word(&l, text, &err);
    if (s) print_message("%s: %s %s\n", text, err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    same_felts(&l, want);
    sage_felt_list_free(&l);
}

static void bad_word(const char *text, const char *where)
{
    sage_felt_list l = {0};
    sage_errinfo err;
    assert_int_not_equal(sage_abi_word(&l, text, &err), SAGE_OK);
    assert_string_equal(err.where, where);
    sage_felt_list_free(&l);
}

#define MAX_256 "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
#define MAX_128 "340282366920938463463374607431768211455"

static void words(void **state)
{
    (void)state;
    word("0x123", "291");
    word("7", "7");
    word("felt:0x00ff", "255");
    word("u256:1000", "1000 0");
    word("u256:" MAX_256, MAX_128 " " MAX_128);
    word("amount:1.5", "1500000000000000000 0");
    word("str:SN_SEPOLIA", "393402133025997798000961");
    word("str:", "0");
    word("bool:true", "1");
    word("bool:false", "0");
    word("arr:", "0");
    word("arr:1,u256:2,str:a", "3 1 2 0 97");
    word("bytearray:", "0 0 0");
    word("bytearray:hi \"there\\", "0 493065337887332754416988 10"); /* as it stands */
    /* 31 bytes fill a word. */
    word("bytearray:1234567890123456789012345678901",
         "1 86921973946889608444641514252360676678984087116218318142845213717418291249 0 0");
    word("bytearray:\xc3\xa4", "0 50084 2");

    static const char *const bad[] = {"",
                                      "felt:",
                                      "x",
                                      "0x",
                                      "-1",
                                      "u256:",
                                      "u256:-1",
                                      "u256:1.5",
                                      "bool:1",
                                      "bool:",
                                      "amount:",
                                      "amount:1.",
                                      "amount:.5",
                                      "amount:0.0000000000000000001",
                                      "str:\xc3\xa4",
                                      "str:12345678901234567890123456789012",
                                      "arr:1,",
                                      "arr:,",
                                      "arr:1,,2",
                                      "arr:arr:1",
                                      "'a",
                                      "u256:" MAX_256 "0"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        bad_word(bad[i], "abi.value");
    bad_word("0x800000000000011000000000000000000000000000000000000000000000001", "abi.range");
}

#define FELT             "core::felt252"
#define U256             "core::integer::u256"
#define BYTES            "core::byte_array::ByteArray"
#define ADDRESS          "core::starknet::contract_address::ContractAddress"
#define PART(name, type) "{\"name\":\"" name "\",\"type\":\"" type "\"}"
#define FUNCTION(name, inputs, outputs)                                                        \
    "{\"type\":\"function\",\"name\":\"" name "\",\"inputs\":[" inputs                         \
    "],\"outputs\":[" outputs "],\"state_mutability\":\"view\"}"
#define GIVES(name, type) FUNCTION(name, PART("x", type), "{\"type\":\"" type "\"}")

static const char
    contract[] =
        "[{\"type\":\"impl\",\"name\":\"I\",\"interface_name\":\"i::I\"},"
        "{\"type\":\"interface\",\"name\":\"i::I\",\"items\":["
        "{\"type\":\"function\",\"name\":\"transfer\",\"inputs\":[" PART("recipient", ADDRESS) "," PART(
            "amount",
            U256) "],\"outputs\":[{\"type\":\"core::bool\"}],"
                  "\"state_mutability\":\"external\"}," FUNCTION(
                      "all", PART("a", "core::integer::i8") "," PART("b", BYTES) "," PART("c", "core::array::Array::<(core::integer::u8, core::bool)>") "," PART("d", "m::Point") "," PART("e", "core::option::Option::<core::integer::u64>") "," PART("f", "m::Shape") "," PART("g", "core::array::Span::<core::array::Array::<core::felt252>>") "," PART("h", "core::bytes_31::bytes31"), "") "," GIVES("felt", FELT) "," GIVES("u256",
                                                                                                                                                                                                                                                                                                                                                                                                                                  U256) "," GIVES("i8", "core::integer::i8") "," GIVES("i128", "core::integer::i128") "," GIVES("u8",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "core::integer::u8") "," GIVES("bool", "core::bool") "," GIVES("bytes", BYTES) "," GIVES("address",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         ADDRESS) "," GIVES("short",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "core::bytes_31::bytes31") "," GIVES("list",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "core::array::Array::<(core::integer::u8, core::bool)>") "," GIVES("point",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "m::Point") "," GIVES("option",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "core::option::Option::<core::integer::u64>") "," GIVES("shape", "m::Shape") "," GIVES("unit",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "()") "," GIVES("odd",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 "m::Unknown") "," GIVES("loop",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "m::Loop") "," GIVES("wide", "m::W5") "," GIVES("units",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "core::array::Array::<()>") "," FUNCTION("two", "", "{\"type\":\"" FELT "\"},{\"type\":\"" U256 "\"}") "]},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                "{\"type\":\"constructor\",\"name\":\"constructor\",\"inputs\":[" PART("key", FELT) "]},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "{\"type\":\"struct\",\"name\":\"m::Point\",\"members\":[" PART("x",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    U256) "," PART("y",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   FELT) "]},"
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         "{\"type\":\"struct\",\"name\":\"m::Loop\",\"members\":[" PART(
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "again",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "m::Loop") "]},"
#define W(i, j)                                                                                         \
    "{\"type\":\"struct\",\"name\":\"m::W" #i                                                           \
    "\",\"members\":[" PART("a", "m::W" #j) "," PART("b", "m::W" #j) "," PART("c", "m::W" #j) "," PART( \
        "d",                                                                                            \
        "m::W" #j) "," PART("e",                                                                        \
                            "m::W" #j) "," PART("f",                                                    \
                                                "m::W" #j) "," PART("g",                                \
                                                                    "m::W" #j) "," PART("h",            \
                                                                                        "m::"           \
                                                                                        "W" #j) "]},"
    W(5, 4) W(4, 3) W(3, 2) W(2, 1)
        W(1, 0) "{\"type\":\"struct\",\"name\":\"m::W0\",\"members\":[]},"
                "{\"type\":\"enum\",\"name\":\"core::option::Option::<core::integer::u64>\","
                "\"variants\":[" PART("Some", "core::integer::u64") "," PART(
                    "None",
                    "()") "]},"
                          "{\"type\":\"enum\",\"name\":\"m::Shape\",\"variants\":[" PART(
                              "Dot",
                              "()") "," PART("At",
                                             "m::Point") "]},"
                                                         "{\"type\":\"event\",\"name\":\"E\","
                                                         "\"kind\":\"struct\",\"members\":[]}]";

static sage_abi *opened(void)
{
    sage_abi *a;
    sage_errinfo err;
    sage_status s = sage_abi_open(&a, contract, strlen(contract), &err);
    if (s) print_message("%s: %s\n", err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    return a;
}

/* The felts are those of CallData.compile of starknet.js 10.8.0 for this ABI. */
static void as_starknet_js(void **state)
{
    (void)state;
    const char *all[]      = {"-5",
                              "The quick brown fox jumps over the lazy dog",
                              "[(1, true), (255, false)]",
                              "{340282366920938463463374607431768211463, 'hello'}",
                              "Some(9)",
                              "At({x: 1, y: 2})",
                              "[[1,2],[],[3]]",
                              "'abc'"};
    const char *transfer[] = {"0x123", "1000"};
    sage_abi *a            = opened();
    sage_felt_list l       = {0};
    sage_errinfo err;
    assert_int_equal(sage_abi_encode(&l, a, "all", all, 8, &err), SAGE_OK);
    same_felts(&l,
               "3618502788666131213697322783095070105623107215331596699973092056135872020476 "
               "1 149135661432731394956257645691571923558847000832975560702342420370527973920 "
               "36026466981636187488606515047 12 2 1 1 255 0 7 1 448378203247 0 9 1 1 0 2 3 2 "
               "1 2 0 1 3 6382179");
    sage_felt_list_free(&l);
    assert_int_equal(sage_abi_encode(&l, a, "transfer", transfer, 2, &err), SAGE_OK);
    same_felts(&l, "291 1000 0");
    sage_felt_list_free(&l);
    sage_abi_close(a);
}

static void signatures(void **state)
{
    (void)state;
    char text[100];
    sage_errinfo err;
    sage_abi *a = opened();
    assert_int_equal(sage_abi_signature(text, sizeof text, a, "transfer", &err), SAGE_OK);
    assert_string_equal(text, "transfer(recipient: ContractAddress, amount: u256) -> bool");
    assert_int_equal(sage_abi_signature(text, sizeof text, a, "list", &err), SAGE_OK);
    assert_string_equal(text, "list(x: Array<(u8, bool)>) -> Array<(u8, bool)>");
    assert_int_equal(sage_abi_signature(text, 5, a, "list", &err), SAGE_OK);
    assert_string_equal(text, "list");
    assert_int_equal(sage_abi_signature(text, sizeof text, a, "none", &err), SAGE_ENOTFOUND);
    assert_string_equal(err.where, "abi.function");
    assert_true(sage_abi_has(a, "transfer") && sage_abi_has(a, "constructor"));
    assert_false(sage_abi_has(a, "m::Point") || sage_abi_has(a, "E"));
    assert_false(sage_abi_is_view(a, "transfer") || sage_abi_is_view(a, "none"));
    assert_true(sage_abi_is_view(a, "list"));
    sage_abi_close(a);
}

/* An argument of `function`, its felts, and what they read as, if not as the argument. */
static void
both(sage_abi *a, const char *function, const char *arg, const char *want, const char *shown)
{
    sage_felt_list l = {0};
    char *text       = NULL;
    sage_errinfo err;
    sage_status s = sage_abi_encode(&l, a, function, &arg, 1, &err);
    if (s) print_message("%s: %s %s\n", arg, err.where, err.msg);
    assert_int_equal(s, SAGE_OK);
    same_felts(&l, want);
    assert_int_equal(sage_abi_decode(&text, a, function, l.v, l.n, &err), SAGE_OK);
    assert_string_equal(text, shown ? shown : arg);
    free(text);
    sage_felt_list_free(&l);
}

static void there_and_back(void **state)
{
    (void)state;
    sage_abi *a = opened();
    both(a, "felt", "0x5", "5", NULL);
    both(a, "felt", "'SAGE'", "1396787013", "0x53414745 ('SAGE')");
    both(a, "felt", "\"SAGE\"", "1396787013", "0x53414745 ('SAGE')");
    both(a, "felt", "str:SAGE", "1396787013", "0x53414745 ('SAGE')");
    both(a, "felt", "felt:7", "7", "0x7");
    both(a, "felt", "'it\\'s'", "1769219955", "0x69742773 ('it\\'s')");
    both(a, "u256", "0", "0 0", NULL);
    both(a, "u256", "u256:" MAX_256, MAX_128 " " MAX_128,
         "115792089237316195423570985008687907853269984665640564039457584007913129639935");
    both(a, "u256", "amount:0.5", "500000000000000000 0", "500000000000000000");
    both(a, "u8", "255", "255", NULL);
    both(a, "u8", "0xff", "255", "255");
    both(a, "i8", "-128",
         "3618502788666131213697322783095070105623107215331596699973092056135872020353", NULL);
    both(a, "i8", "127", "127", NULL);
    both(a, "i8", "-0", "0", "0");
    both(a, "i128", "-170141183460469231731687303715884105728",
         "3618502788666131213697322783095070105452966031871127468241404752419987914753", NULL);
    both(a, "bool", "true", "1", NULL);
    both(a, "bool", "bool:false", "0", "false");
    both(a, "bytes", "\"a\\\"b\\\\\"", "0 1629643356 4", NULL);
    both(a, "bytes", "", "0 0 0", "\"\"");
    both(a, "bytes", "\xc3\xa4\n", "0 12821514 3", "\"\\xc3\\xa4\\x0a\"");
    both(a, "address", "0x123", "291", NULL);
    both(a, "short", "'abc'", "6382179", NULL);
    both(a, "short", "0x1", "1", NULL);
    both(a, "list", "[]", "0", NULL);
    both(a, "list", " [ ( 1 ,true) , (2, false ) ] ", "2 1 1 2 0", "[(1, true), (2, false)]");
    both(a, "point", "{x: 1, y: 0x2}", "1 0 2", NULL);
    both(a, "point", "{1,'a, }'}", "1 0 1630281853", "{x: 1, y: 0x612c207d ('a, }')}");
    both(a, "option", "None", "1", NULL);
    both(a, "option", "Some(7)", "0 7", NULL);
    both(a, "shape", "At({x: 1, y: 0x2})", "1 1 0 2", NULL);
    both(a, "unit", "()", "", NULL);
    both(a, "units", "[(), ()]", "2", NULL);
    sage_abi_close(a);
}

static void bad_argument(sage_abi *a, const char *function, const char *arg, const char *where)
{
    sage_felt_list l = {0};
    sage_errinfo err = {.where = "none"};
    sage_status s    = sage_abi_encode(&l, a, function, &arg, 1, &err);
    if (!s || strcmp(err.where, where) != 0)
        print_message("%s(%s): %s %s\n", function, arg, err.where, err.msg);
    assert_int_not_equal(s, SAGE_OK);
    assert_string_equal(err.where, where);
    assert_int_equal(err.at, 0);
    assert_true(!strncmp(err.msg, "x: ", 3)); /* the parameter's name */
    sage_felt_list_free(&l);
}

static void refused_arguments(void **state)
{
    (void)state;
    sage_abi *a                       = opened();
    static const char *const bad[][2] = {
        {"felt", ""},
        {"felt", "hello"},
        {"felt", "'a"},
        {"felt", "'a'b"},
        {"felt", "'a\\b'"},
        {"felt", "1 2"},
        {"felt", "1,2"},
        {"u256", "'a'"},
        {"u256", "-1"},
        {"u256", "1.5"},
        {"u256", "str:a"},
        {"u8", "-1"},
        {"u8", "one"},
        {"i8", "--1"},
        {"i8", "- 1"},
        {"bool", "1"},
        {"bool", "'true'"},
        {"bytes", "\"a"},
        {"bytes", "\"a\" b"},
        {"address", "'a'"},
        {"list", "1"},
        {"list", "[1]"},
        {"list", "[(1)]"},
        {"list", "[(1,true)"},
        {"list", "[(1,true),]"},
        {"list", "[(1,true)]]"},
        {"list", "[(1,true)] x"},
        {"point", "{1}"},
        {"point", "{1,2,3}"},
        {"point", "{y: 1, x: 2}"},
        {"point", "(1,2)"},
        {"option", "Some"},
        {"option", "some(1)"},
        {"option", "None()"},
        {"option", ""},
        {"shape", "At(1)"},
        {"unit", ""},
        {"unit", "(1)"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        bad_argument(a, bad[i][0], bad[i][1], "abi.value");
    bad_argument(a, "u8", "256", "abi.range");
    bad_argument(a, "i8", "128", "abi.range");
    bad_argument(a, "i8", "-129", "abi.range");
    bad_argument(a, "felt", MAX_256, "abi.range");
    bad_argument(a, "address",
                 "0x800000000000000000000000000000000000000000000000000000000000000",
                 "abi.range");
    bad_argument(a, "short",
                 "0x100000000000000000000000000000000000000000000000000000000000000",
                 "abi.range");
    bad_argument(a, "odd", "1", "abi.type");
    bad_argument(a, "loop", "{{{{{{{{{{{{{{{{{{{{1}}}}}}}}}}}}}}}}}}}}", "abi.size");

    sage_felt_list l = {0};
    sage_errinfo err;
    const char *two[] = {"1", "2"};
    assert_int_equal(sage_abi_encode(&l, a, "felt", two, 2, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "abi.arguments");
    assert_non_null(strstr(err.msg, "felt(x: felt252)"));
    assert_int_equal(sage_abi_encode(&l, a, "none", two, 2, &err), SAGE_ENOTFOUND);
    sage_abi_close(a);
}

static void bad_answer(sage_abi *a, const char *function, const char *felts, const char *where)
{
    felt252 data[8];
    uint32_t n = 0;
    char text[1024], *save, *shown = NULL;
    sage_errinfo err;
    snprintf(text, sizeof text, "%s", felts);
    for (char *p = strtok_r(text, " ", &save); p; p = strtok_r(NULL, " ", &save))
        data[n++] = felt(p);
    assert_int_not_equal(sage_abi_decode(&shown, a, function, data, n, &err), SAGE_OK);
    assert_string_equal(err.where, where);
    assert_null(shown);
}

static void refused_answers(void **state)
{
    (void)state;
    sage_abi *a                       = opened();
    static const char *const bad[][2] = {
        {"felt", ""},
        {"felt", "1 2"},
        {"u256", "1"},
        {"u8", "256"},
        {"i8", "128"},
        {"bool", "2"},
        {"bytes", "0 0"},
        {"bytes", "0 1 0"},
        {"bytes", "0 256 1"},
        {"bytes", "0 0 31"},
        {"bytes", "2 1 0 0"},
        {"bytes", "0xffffffffffffffff 0 0"},
        {"list", "1"},
        {"list", "2 1 1"},
        {"list", "0xffffffffffffffff 1 1"},
        {"point", "1 0"},
        {"option", "2"},
        {"option", "0"},
        {"unit", "1"},
        {"two", "1 2"},
        {"i8", "3618502788666131213697322783095070105623107215331596699973092056135872020352"},
        {"short", "0x100000000000000000000000000000000000000000000000000000000000000"},
        {"address", "0x800000000000000000000000000000000000000000000000000000000000000"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (strcmp(bad[i][1], MAX_256 " 0") != 0)
            bad_answer(a, bad[i][0], bad[i][1], "abi.data");
    bad_answer(a, "u256", "0x100000000000000000000000000000000 0", "abi.data");
    bad_answer(a, "odd", "1", "abi.type");
    bad_answer(a, "none", "1", "abi.function");
    bad_answer(a, "loop", "1", "abi.size");
    /* Without a felt read, 8^5 members and 2^64 units would be written. */
    bad_answer(a, "wide", "1", "abi.data");
    bad_answer(a, "units", "0xffffffffffffffff", "abi.size");
    char *text;
    const felt252 data[3] = {felt252_one(), felt252_one(), felt252_zero()};
    assert_int_equal(sage_abi_decode(&text, a, "two", data, 3, NULL), SAGE_OK);
    assert_string_equal(text, "0x1\n1");
    free(text);
    sage_abi_close(a);
}

static void refused_abis(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "{}",
        "[",
        "1",
        "[1]",
        "[{}]",
        "[{\"type\":1}]",
        "[{\"type\":\"function\"}]",
        "[{\"type\":\"struct\",\"name\":2}]",
        "[{\"type\":\"interface\",\"items\":[{\"type\":\"enum\"}]}]",
        "[] []"};
    sage_abi *a;
    sage_errinfo err;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(sage_abi_open(&a, bad[i], strlen(bad[i]), &err), SAGE_EFORMAT);
        assert_string_equal(err.where, "abi.form");
        assert_null(a);
    }
    assert_int_equal(sage_abi_open(&a, contract, SAGE_ABI_MAX_BYTES + 1, &err), SAGE_ELIMIT);
    assert_string_equal(err.where, "abi.size");

    /* Types that are none, and control characters that stay out of what is printed. */
    static const char odd[] =
        "[{\"type\":\"function\",\"name\":\"f\",\"inputs\":[{\"name\":\"\\u001b[2J\",\"type\":"
        "\"\\u001b[31m\"}],\"outputs\":[{}]},{\"type\":\"function\",\"name\":\"g\",\"inputs\":"
        "3,"
        "\"outputs\":{}}]";
    const char *arg  = "1";
    sage_felt_list l = {0};
    char text[100], *shown;
    assert_int_equal(sage_abi_open(&a, odd, strlen(odd), &err), SAGE_OK);
    assert_int_equal(sage_abi_encode(&l, a, "f", &arg, 1, &err), SAGE_EUNSUP);
    assert_string_equal(err.msg, "?[2J: the type ?[31m is not known");
    assert_int_equal(sage_abi_signature(text, sizeof text, a, "f", &err), SAGE_EFORMAT);
    assert_int_equal(sage_abi_decode(&shown, a, "f", l.v, 0, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "abi.form");
    assert_int_equal(sage_abi_encode(&l, a, "g", &arg, 1, &err), SAGE_EINVAL);
    assert_int_equal(sage_abi_encode(&l, a, "g", &arg, 0, &err), SAGE_OK);
    sage_abi_close(a);
}

static void of_class(void **state)
{
    (void)state;
    json_t *class = json_object();
    sage_abi *a;
    sage_errinfo err;
    assert_int_equal(sage_abi_of_class(&a, class, &err), SAGE_EFORMAT);
    json_object_set_new(class, "abi", json_string(contract));
    assert_int_equal(sage_abi_of_class(&a, class, &err), SAGE_OK);
    assert_true(sage_abi_has(a, "transfer"));
    sage_abi_close(a);
    json_object_set_new(class, "abi", json_loads(contract, 0, NULL));
    assert_int_equal(sage_abi_of_class(&a, class, &err), SAGE_OK);
    assert_true(sage_abi_has(a, "transfer"));
    json_decref(class);
    assert_true(sage_abi_has(a, "transfer")); /* holds what it needs */
    sage_abi_close(a);
    assert_int_equal(sage_abi_of_class(&a, NULL, &err), SAGE_EFORMAT);
    sage_abi_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(as_starknet_js),
        cmocka_unit_test(signatures),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(refused_arguments),
        cmocka_unit_test(refused_answers),
        cmocka_unit_test(refused_abis),
        cmocka_unit_test(of_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
