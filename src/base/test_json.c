/* json_in, json_out: what strangers write, and what is written for them. */
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/test.h"

static sage_errinfo err;

static sage_json_in cursor(const char *text)
{
    memset(&err, 0, sizeof err);
    return (sage_json_in){.text = text, .len = strlen(text), .err = &err};
}

static void skips_what_is_json(void **state)
{
    (void)state;
    static const char *const good[] = {"0",
                                       "-0",
                                       "12.5e-3",
                                       "1E+2",
                                       "true",
                                       "false",
                                       "null",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       "[[[]]]",
                                       "[1,2]",
                                       " [ 1 , {\"a\" : [ ] } ] ",
                                       "{\"a\":{\"b\":[1,null,\"\\u00e9\\\\\"]},\"a\":2}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        sage_json_in c = cursor(good[i]);
        assert_int_equal(sage_json_in_skip(&c, NULL), SAGE_OK);
        assert_int_equal(sage_json_in_end(&c), SAGE_OK);
        for (size_t cut = 0; cut < strlen(good[i]); cut++) {
            c          = cursor(good[i]);
            c.len      = cut; /* no byte beyond is read: sanitizers see a copy */
            char *copy = malloc(cut + 1);
            assert_non_null(copy);
            memcpy(copy, good[i], cut);
            c.text = copy;
            if (sage_json_in_skip(&c, NULL)) assert_non_null(strstr(err.where, "json."));
            free(copy);
        }
    }
}

static void refuses_what_is_not(void **state)
{
    (void)state;
    static const struct {
        const char *text, *where;
    } bad[] = {{"", "json.truncated"},         {"[", "json.truncated"},
               {"[1", "json.truncated"},       {"[1,]", "json.syntax"},
               {"[,1]", "json.syntax"},        {"{\"a\"}", "json.syntax"},
               {"{\"a\":}", "json.syntax"},    {"{a:1}", "json.syntax"},
               {"{\"a\":1,}", "json.syntax"},  {"[1}", "json.syntax"},
               {"{\"a\":1]", "json.syntax"},   {"01", "json.zeros"},
               {"1.", "json.truncated"},       {"1e", "json.truncated"},
               {"-", "json.truncated"},        {"+1", "json.syntax"},
               {"nul", "json.syntax"},         {"nulll", "json.syntax"},
               {"truefalse", "json.syntax"},   {"\"a", "json.truncated"},
               {"\"\\x\"", "json.syntax"},     {"\"\\u12", "json.truncated"},
               {"\"\\u0000\"", "json.syntax"}, {"\"\\u12g4\"", "json.syntax"},
               {"\"\n\"", "json.syntax"},      {"]", "json.syntax"},
               {"[1 2]", "json.syntax"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        sage_json_in c = cursor(bad[i].text);
        assert_int_equal(sage_json_in_skip(&c, NULL), SAGE_EFORMAT);
        if (strcmp(err.where, bad[i].where) != 0) fail_msg("%s: %s", bad[i].text, err.where);
    }
}

static void bounds_depth(void **state)
{
    (void)state;
    for (uint32_t deep = SAGE_JSON_IN_SKIP_DEPTH; deep <= SAGE_JSON_IN_SKIP_DEPTH + 1; deep++) {
        char text[2 * SAGE_JSON_IN_SKIP_DEPTH + 3] = "";
        memset(text, '[', deep);
        memset(text + deep, ']', deep);
        sage_json_in c = cursor(text);
        assert_int_equal(sage_json_in_skip(&c, NULL),
                         deep > SAGE_JSON_IN_SKIP_DEPTH ? SAGE_EFORMAT : SAGE_OK);
    }
    assert_string_equal(err.where, "json.depth");
}

static void picks_and_counts(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b"};
    sage_json_in part[2], c = cursor("{\"x\":[1],\"b\":[1,[2],{}],\"y\":0}");
    uint32_t n;
    assert_int_equal(sage_json_in_length(&c, &n), SAGE_OK);
    assert_int_equal(n, 3);
    assert_int_equal(sage_json_in_pick(&c, names, 2, part), SAGE_OK);
    assert_null(part[0].text);
    assert_int_equal(sage_json_in_length(&part[1], &n), SAGE_OK);
    assert_int_equal(n, 3);
    c = cursor("{\"a\":1,\"a\":2}");
    assert_int_equal(sage_json_in_pick(&c, names, 2, part), SAGE_EFORMAT);
    assert_string_equal(err.where, "json.twice");
}

static void decodes_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *raw, *text;
    } cases[] = {{"\"a\\n\\t\\b\\f\\r\\\"\\\\\\/\"", "a\n\t\b\f\r\"\\/"},
                 {"\"\\u0041\\u00e9\\u20AC\"", "A\xc3\xa9\xe2\x82\xac"},
                 {"\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80"},
                 {"\"\\ud83d\\u0041\"", "\xef\xbf\xbd"
                                        "A"},
                 {"\"\\ude00\\ud83d\"", "\xef\xbf\xbd\xef\xbf\xbd"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_json_in c = cursor(cases[i].raw);
        const char *raw;
        size_t n;
        char out[64] = {0};
        assert_int_equal(sage_json_in_escaped(&c, &raw, &n), SAGE_OK);
        size_t k = sage_json_in_unescape(out, raw, n);
        assert_true(k <= n);
        assert_int_equal(k, strlen(cases[i].text));
        assert_string_equal(out, cases[i].text);
    }
}

static void takes_digits(void **state)
{
    (void)state;
    const char *text;
    size_t n;
    sage_json_in c = cursor("-36185027886661312136973227830950701 ");
    assert_int_equal(sage_json_in_digits(&c, &text, &n), SAGE_OK);
    assert_int_equal(n, 36);
    static const struct {
        const char *text, *where;
    } bad[] = {{"00", "json.zeros"},    {"1.5", "json.fraction"}, {"1e5", "json.fraction"},
               {"-", "json.truncated"}, {"\"1\"", "json.syntax"}, {"1x", "json.syntax"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        c = cursor(bad[i].text);
        assert_int_equal(sage_json_in_digits(&c, &text, &n), SAGE_EFORMAT);
        assert_string_equal(err.where, bad[i].where);
    }
}

static void append(void *to, const void *bytes, size_t n)
{
    strncat(to, bytes, n);
}

static void writes_wide_numbers(void **state)
{
    (void)state;
    static const struct {
        uint64_t low, high;
        const char *text;
    } cases[] = {{0, 0, "0"},
                 {UINT64_MAX, 0, "18446744073709551615"},
                 {0, 1, "18446744073709551616"},
                 {UINT64_MAX, 255, "4722366482869645213695"},
                 {10000000000000000000u, 0, "10000000000000000000"},
                 {UINT64_MAX, UINT64_MAX, "340282366920938463463374607431768211455"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[64]   = "";
        sage_json_out o = {.put = append, .to = text};
        sage_json_out_wide(&o, cases[i].low, cases[i].high);
        assert_string_equal(text, cases[i].text);
    }
}

static void writes_as_serde_does(void **state)
{
    (void)state;
    char text[128]  = "";
    sage_json_out o = {.put = append, .to = text};
    sage_json_out_open(&o, '{');
    sage_json_out_key(&o, "a");
    sage_json_out_open(&o, '[');
    sage_json_out_bool(&o, true);
    sage_json_out_bool(&o, false);
    sage_json_out_close(&o, ']');
    sage_json_out_key(&o, "b");
    sage_json_out_open(&o, '[');
    sage_json_out_close(&o, ']');
    sage_json_out_key(&o, "c");
    sage_json_out_null(&o);
    sage_json_out_close(&o, '}');
    assert_string_equal(
        text, "{\n  \"a\": [\n    true,\n    false\n  ],\n  \"b\": [],\n  \"c\": null\n}");
}

static void writes_compactly(void **state)
{
    (void)state;
    char text[128]  = "";
    sage_json_out o = {.put = append, .to = text, .compact = true};
    sage_json_out_open(&o, '{');
    sage_json_out_key(&o, "a");
    sage_json_out_open(&o, '[');
    sage_json_out_number(&o, 1);
    sage_json_out_digits(&o, "{\"x\":2}");
    sage_json_out_close(&o, ']');
    sage_json_out_key(&o, "b");
    sage_json_out_escaped(&o, "q\"b\\n\nu\xc3");
    sage_json_out_close(&o, '}');
    assert_string_equal(text, "{\"a\":[1,{\"x\":2}],\"b\":\"q\\\"b\\\\n\\u000au?\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(skips_what_is_json),  cmocka_unit_test(refuses_what_is_not),
        cmocka_unit_test(bounds_depth),        cmocka_unit_test(picks_and_counts),
        cmocka_unit_test(decodes_escapes),     cmocka_unit_test(takes_digits),
        cmocka_unit_test(writes_wide_numbers), cmocka_unit_test(writes_as_serde_does),
        cmocka_unit_test(writes_compactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
