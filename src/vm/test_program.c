/* Program files of every form: what they say, and what is refused. */
#include <zip.h>

#include "base/bytes.h"
#include "base/test_text.h"
#include "vm/pie.h"
#include "vm/program.h"

static sage_errinfo err;

static sage_status read_text(sage_program *p, const char *text, const char *entry)
{
    memset(&err, 0, sizeof err);
    return sage_program_read(p, (const uint8_t *)text, strlen(text), entry, &err);
}

/* --- a program with one of everything --- */

static const char cairo0[] =
    "{\"attributes\":[],\"builtins\":[\"output\",\"range_check\"],\"compiler_version\":\"0.14."
    "0\","
    "\"data\":[\"0x40780017fff7fff\",\"0x2\",\"0x1104800180018000\",\"0x4\","
    "\"0x10780017fff7fff\",\"0x0\",\"0x208b7fff7fff7ffe\"],"
    "\"debug_info\":{\"x\":[1.5e3,null,{}]},"
    "\"hints\":{\"6\":[{\"accessible_scopes\":[\"__main__\",\"__main__.main\"],"
    "\"code\":\"ids.x = \\\"\\u00e9\\\"\\nmemory[ap] = "
    "1\",\"flow_tracking_data\":{\"ap_tracking\":"
    "{\"group\":2,\"offset\":5},\"reference_ids\":{\"__main__.main.y\":1,\"__main__.main.x\":0}"
    "}},"
    "{\"accessible_scopes\":[],\"code\":\"second\",\"flow_tracking_data\":null}]},"
    "\"identifiers\":{\"__main__.__start__\":{\"pc\":0,\"type\":\"label\"},"
    "\"__main__.__end__\":{\"pc\":4,\"type\":\"label\"},"
    "\"__main__.main\":{\"decorators\":[],\"pc\":6,\"type\":\"function\"},"
    "\"__main__.first\":{\"destination\":\"__main__.second\",\"type\":\"alias\"},"
    "\"__main__.second\":{\"destination\":\"lib.MINUS\",\"type\":\"alias\"},"
    "\"__main__.module\":{\"destination\":\"lib\",\"type\":\"alias\"},"
    "\"lib.MINUS\":{\"type\":\"const\",\"value\":-1},"
    "\"lib.S\":{\"full_name\":\"lib.S\",\"members\":{\"a\":{\"cairo_type\":\"felt\",\"offset\":"
    "0},"
    "\"b\":{\"cairo_type\":\"felt*\",\"offset\":1}},\"size\":2,\"type\":\"struct\"},"
    "\"lib.S.a\":{\"type\":\"member\",\"offset\":0,\"cairo_type\":\"felt\"},"
    "\"lib.T\":{\"cairo_type\":\"()\",\"type\":\"type_definition\"},"
    "\"__main__.main.x\":{\"type\":\"reference\",\"references\":[]}},"
    "\"main_scope\":\"__main__\","
    "\"prime\":\"0x800000000000011000000000000000000000000000000000000000000000001\","
    "\"reference_manager\":{\"references\":["
    "{\"ap_tracking_data\":{\"group\":2,\"offset\":2},\"pc\":6,\"value\":\"[cast(fp + (-3), "
    "felt*)]\"},"
    "{\"ap_tracking_data\":{\"group\":1,\"offset\":0},\"pc\":6,\"value\":\"cast(ap, "
    "felt)\"}]}}\n";

static const sage_symbol *symbol(const sage_program *p, const char *name)
{
    return sage_program_symbol(p, name, strlen(name));
}

static void reads_cairo0(void **state)
{
    (void)state;
    sage_program p;
    assert_int_equal(read_text(&p, cairo0, NULL), SAGE_OK);
    assert_int_equal(p.form, SAGE_PROGRAM_CAIRO0);
    assert_int_equal(p.n_data, 7);
    assert_true(sage_value_equal(p.data[1], sage_value_from_u64(2)));
    assert_int_equal(p.n_builtins, 2);
    assert_int_equal(p.builtins[1], SAGE_BUILTIN_RANGE_CHECK);
    assert_true(p.start == 0 && p.end == 4 && p.main == 6);
    assert_string_equal(p.compiler_version, "0.14.0");

    assert_int_equal(p.n_hints, 2);
    assert_string_equal(p.hints[0].text, "ids.x = \"\xc3\xa9\"\nmemory[ap] = 1");
    assert_true(p.hints[0].pc == 6 && p.hints[0].order == 0 && p.hints[0].n_scopes == 2);
    assert_string_equal(p.hints[0].scopes[1], "__main__.main");
    assert_int_equal(p.hints[0].n_references, 2);
    const sage_hint_reference *r = p.hints[0].references;
    assert_string_equal(r[0].name, "x");
    assert_string_equal(r[0].path, "__main__.main.x");
    assert_string_equal(r[0].expression, "[cast(fp + (-3), felt*)]");
    assert_true(r[0].ap_tracked && r[0].ap_delta == 3);
    assert_string_equal(r[1].expression, "cast(ap, felt)");
    assert_true(!r[1].ap_tracked);
    assert_string_equal(p.hints[1].text, "second");
    assert_true(p.hints[1].pc == 6 && p.hints[1].order == 1 && !p.hints[1].n_references);

    char minus_one[SAGE_VALUE_TEXT];
    sage_value_print(minus_one, symbol(&p, "__main__.first")->value);
    assert_string_equal(minus_one,
                        "0x800000000000011000000000000000000000000000000000000000000000000");
    assert_int_equal(symbol(&p, "lib.S")->kind, SAGE_SYMBOL_STRUCT);
    assert_true(sage_value_equal(symbol(&p, "lib.S")->value, sage_value_from_u64(2)));
    assert_string_equal(symbol(&p, "lib.S.b")->type, "felt*");
    assert_null(symbol(&p, "__main__.module"));
    assert_null(symbol(&p, "lib.T"));
    assert_null(symbol(&p, "lib.MINU"));
    assert_null(symbol(&p, "lib.MINUSX"));
    assert_int_equal(p.n_located, 3);
    assert_string_equal(sage_program_function(&p, 5)->name, "__main__.__end__");
    assert_string_equal(sage_program_function(&p, 6)->name, "__main__.main");
    sage_program_free(&p);
}

static void wraps_what_has_no_start(void **state)
{
    (void)state;
    sage_program p;
    for (int named = 0; named < 2; named++) {
        char *text = strdup(cairo0), *start = strstr(text, "__main__.__start__");
        assert_non_null(text);
        assert_non_null(start);
        if (!named) start[0] = 'x';
        assert_int_equal(read_text(&p, text, named ? "main" : NULL), SAGE_OK);
        /* Six words, and a frame that hands on two of eleven pointers, of 2 + 2 + 11 + 1. */
        assert_int_equal(p.n_data, 29);
        assert_int_equal(p.n_builtins, 11);
        assert_true(sage_value_equal(p.data[1], sage_value_from_u64(11)));
        assert_true(sage_value_equal(p.data[3], sage_value_from_u64(4)));
        assert_true(sage_value_equal(p.data[9], sage_value_from_u64(28 - 8)));
        assert_true(p.start == 0 && p.end == 4 && p.main == 28);
        assert_int_equal(p.hints[0].pc, 28);
        assert_int_equal(symbol(&p, "__main__.main")->pc, 28);
        sage_program_free(&p);
        free(text);
    }
    assert_int_equal(read_text(&p, cairo0, "mani"), SAGE_EFORMAT);
    assert_string_equal(err.where, "program.entry");
}

/* base with `from` replaced by `to`. */
static void assert_refused(
    const char *base, const char *from, const char *to, sage_status code, const char *where)
{
    sage_program p;
    char *text    = sage_test_replaced(base, "", from, to);
    sage_status s = read_text(&p, text, NULL);
    if (s != code || !err.where || strcmp(err.where, where) != 0)
        fail_msg("%s -> %s: %d %s, not %s", from, to, s, err.where ? err.where : "", where);
    assert_null(p.memory);
    free(text);
}

static void refuses_cairo0(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *where;
    } bad[] = {
        {"0x8000000000000110", "0x8000000000000111", "program.prime"},
        {"\"0x80000000000001100", "\"80000000000001100", "program.prime"},
        {"\"0x40780017fff7fff\"",
         "\"0x800000000000011000000000000000000000000000000000000000000000001\"",
         "program.data"},
        {"\"0x40780017fff7fff\"", "\"0x\"", "program.data"},
        {"\"0x40780017fff7fff\"", "\"0xg\"", "program.data"},
        {"\"0x40780017fff7fff\"", "\"12\"", "program.data"},
        {"\"0x40780017fff7fff\"", "-1", "program.data"},
        {"\"0x40780017fff7fff\"", "1.5", "json.fraction"},
        {"\"0x40780017fff7fff\"", "null", "json.syntax"},
        {"\"0x10780017fff7fff\"", "\"0x10780017fff7ffe\"", "program.entry"},
        {"\"range_check\"", "\"range_chek\"", "program.builtins"},
        {"\"output\",\"range_check\"", "\"range_check\",\"output\"", "program.builtins"},
        {"\"output\",\"range_check\"", "\"output\",\"output\"", "program.builtins"},
        {"\"output\",\"range_check\"", "0", "json.syntax"},
        {"{\"6\":", "{\"7\":", "program.hints"},
        {"{\"6\":", "{\"-6\":", "json.sign"},
        {"{\"6\":", "{\"x\":", "json.syntax"},
        {"{\"6\":", "{\"6\":[{\"code\":\"\"}],\"6\":", "program.hints"},
        {"\"code\":\"second\"", "\"cod\":\"second\"", "program.hints"},
        {"\"__main__.main.y\":1", "\"__main__.main.y\":2", "program.references"},
        {"{\"group\":2,\"offset\":5}", "{\"group\":2}", "program.references"},
        {"{\"group\":2,\"offset\":5}", "{\"group\":2,\"offset\":4294967296}",
         "program.references"},
        {"\"value\":\"cast(ap, felt)\"", "\"valu\":\"\"", "program.references"},
        {"\"destination\":\"lib.MINUS\"", "\"destination\":\"__main__.first\"",
         "program.identifiers"},
        {"\"destination\":\"lib.MINUS\"", "\"destination\":\"__main__.second\"",
         "program.identifiers"},
        {"\"destination\":\"lib.MINUS\"", "\"dest\":\"lib.MINUS\"", "program.identifiers"},
        {"\"pc\":6,\"type\":\"function\"", "\"pc\":8,\"type\":\"function\"",
         "program.identifiers"},
        {"\"pc\":6,\"type\":\"function\"", "\"pc\":6", "program.identifiers"},
        {"\"pc\":6,\"type\":\"function\"", "\"type\":\"function\"", "program.identifiers"},
        {"\"value\":-1",
         "\"value\":"
         "3618502788666131213697322783095070105623107215331596699973092056135872020481",
         "program.identifiers"},
        {"\"pc\":4,\"type\":\"label\"", "\"pc\":5,\"type\":\"label\"", "program.entry"},
        {"\"pc\":0,\"type\":\"label\"", "\"pc\":2,\"type\":\"label\"", "program.entry"},
        {"__main__.__end__", "__main__.__ende__", "program.entry"},
        {"\"identifiers\"", "\"identifier\"", "json.missing"},
        {"\"prime\"", "\"data\"", "json.twice"},
        {"\"debug_info\":{", "\"debug_info\":[", "json.syntax"},
        {"}]}}\n", "}]}}}\n", "json.syntax"},
        {"}]}}\n", "}]}", "json.truncated"},
        {"{\"attributes\"", "[\"attributes\"", "program.form"},
        {"{\"attributes\"", "", "program.form"},
        {"\"data\"", "\"date\"", "program.form"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(cairo0, bad[i].from, bad[i].to, SAGE_EFORMAT, bad[i].where);
    assert_refused(cairo0, "\"0.14.0\"", "\"1.0\"", SAGE_EUNSUP, "program.version");
    assert_refused(cairo0, "\"lib.MINUS\":{", "\"lib.S\":{", SAGE_EFORMAT,
                   "program.identifiers");
    sage_program p;
    assert_int_equal(read_text(&p, "{\"sierra_program\":[]}", NULL), SAGE_EUNSUP);
    assert_string_equal(err.where, "program.form");
    assert_int_equal(read_text(&p, "{\"bytecode\":[]}", NULL), SAGE_EUNSUP);
    assert_int_equal(
        sage_program_read(&p, NULL, (size_t)SAGE_PROGRAM_MAX_BYTES + 1, NULL, &err),
        SAGE_ELIMIT);
    assert_string_equal(err.where, "program.size");
    assert_int_equal(sage_program_read(&p, (const uint8_t *)"", 0, NULL, &err), SAGE_EFORMAT);
}

/* --- Cairo 1 --- */

static const char cairo1[] =
    "{\"program\":{\"bytecode\":[\"0x40780017fff7fff\",\"0x1\",\"0x1104800180018000\",\"0x4\","
    "\"0x10780017fff7fff\",\"0x0\",\"0x208b7fff7fff7ffe\"],\"hints\":[[6,[{\"AllocSegment\":"
    "{\"dst\":{\"register\":\"AP\",\"offset\":0}}},\"Other\"]],[2,[]],[0,[{\"A\": [1 ,2]}]]]},"
    "\"entrypoints\":[{\"builtins\":[\"output\"],\"offset\":0,\"kind\":\"Standalone\"},"
    "{\"builtins\":[\"output\",\"poseidon\"],\"offset\":6,\"kind\":\"Bootloader\"}],"
    "\"debug_info\":null}";

static void reads_cairo1(void **state)
{
    (void)state;
    sage_program p;
    assert_int_equal(read_text(&p, cairo1, NULL), SAGE_OK);
    assert_int_equal(p.form, SAGE_PROGRAM_CAIRO1);
    assert_true(p.n_data == 7 && p.start == 0 && p.end == 4 && p.main == 6);
    assert_true(p.n_builtins == 1 && p.builtins[0] == SAGE_BUILTIN_OUTPUT);
    assert_int_equal(p.n_hints, 3);
    assert_string_equal(p.hints[0].text, "{\"A\": [1 ,2]}");
    assert_string_equal(p.hints[1].text,
                        "{\"AllocSegment\":{\"dst\":{\"register\":\"AP\",\"offset\":0}}}");
    assert_string_equal(p.hints[2].text, "\"Other\"");
    assert_true(p.hints[0].pc == 0 && p.hints[2].pc == 6 && p.hints[2].order == 1);
    assert_null(symbol(&p, "main"));
    assert_null(sage_program_function(&p, 0));
    sage_program_free(&p);
    assert_int_equal(read_text(&p, cairo1, "standalone"), SAGE_OK);
    sage_program_free(&p);

    assert_int_equal(read_text(&p, cairo1, "bootloader"), SAGE_OK);
    assert_true(p.n_data == 29 && p.start == 0 && p.end == 4 && p.main == 28);
    assert_true(p.n_builtins == 11 && p.hints[2].pc == 28);
    assert_true(sage_value_equal(p.data[9], sage_value_from_u64(28 - 8)));
    sage_program_free(&p);
    assert_int_equal(read_text(&p, cairo1, "main"), SAGE_EINVAL);
    assert_string_equal(err.where, "program.entry");
}

static void refuses_cairo1(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *where;
    } bad[] = {
        {"Standalone", "Stand", "program.entry"},
        {"\"offset\":0,\"kind\"", "\"offset\":1,\"kind\"", "program.entry"},
        {"\"offset\":0,\"kind\"", "\"offset\":4294967296,\"kind\"", "program.entry"},
        {"\"offset\":0,\"kind\"", "\"kind\"", "json.missing"},
        {"\"bytecode\"", "\"bytcode\"", "json.missing"},
        {"[\"output\"]", "[\"gas\"]", "program.builtins"},
        {"[6,[", "[7,[", "program.hints"},
        {"[2,[]]", "[2,[],0]", "program.hints"},
        {"[2,[]]", "[2]", "program.hints"},
        {"[2,[]]", "[6,[0]]", "program.hints"},
        {"[2,[]]", "[]", "json.syntax"},
        {"[2,[]]", "[2,{}]", "json.syntax"},
        {"\"Other\"", "Other", "json.syntax"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(cairo1, bad[i].from, bad[i].to, SAGE_EFORMAT, bad[i].where);
}

/* --- Cairo PIE --- */

typedef struct part {
    const char *name;
    const void *bytes;
    size_t len;
} part;

/* A zip file of the parts, in memory that the caller frees. */
static uint8_t *zip_of(const part *parts, size_t n, size_t *len)
{
    zip_error_t why;
    zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, &why);
    assert_non_null(whole);
    zip_t *zip = zip_open_from_source(whole, ZIP_CREATE | ZIP_TRUNCATE, &why);
    assert_non_null(zip);
    zip_source_keep(whole);
    for (size_t i = 0; i < n; i++) {
        zip_source_t *s = zip_source_buffer(zip, parts[i].bytes, parts[i].len, 0);
        assert_non_null(s);
        assert_true(zip_file_add(zip, parts[i].name, s, 0) >= 0);
    }
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(whole), 0);
    assert_int_equal(zip_source_seek(whole, 0, SEEK_END), 0);
    *len = (size_t)zip_source_tell(whole);
    assert_int_equal(zip_source_seek(whole, 0, SEEK_SET), 0);
    uint8_t *bytes = malloc(*len + 1);
    assert_non_null(bytes);
    assert_int_equal(zip_source_read(whole, bytes, *len), *len);
    zip_source_close(whole);
    zip_source_free(whole);
    return bytes;
}

static const char version[] = "{\"cairo_pie\": \"1.1\"}";
static const char metadata[] =
    "{\"program\":{\"prime\":36185027886661312136973227830950701056231072"
    "15331596699973092056135872020481,\"data\":[5189976364521848831,7,"
    "12],\"builtins\":[\"output\"],\"main\":2},\"program_segment\":"
    "{\"index\":0,\"size\":3}}";

/* Three cells: 0:0 = 5, 1:2 = 0:1, 3:0 = P - 1. */
static void make_records(uint8_t r[120])
{
    static const uint64_t words[15] = {(uint64_t)1 << 63,
                                       5,
                                       0,
                                       0,
                                       0,
                                       (uint64_t)1 << 63 | (uint64_t)1 << 47 | 2,
                                       1,
                                       0,
                                       0,
                                       (uint64_t)1 << 63,
                                       (uint64_t)1 << 63 | (uint64_t)3 << 47,
                                       0,
                                       0,
                                       0,
                                       0x0800000000000011};
    for (int i = 0; i < 15; i++)
        sage_store_le64(r + 8 * i, words[i]);
}

static void reads_pie(void **state)
{
    (void)state;
    uint8_t records[120];
    make_records(records);
    const part parts[] = {{"version.json", version, strlen(version)},
                          {"metadata.json", metadata, strlen(metadata)},
                          {"memory.bin", records, sizeof records}};
    size_t len;
    uint8_t *zip = zip_of(parts, 3, &len);
    sage_program p;
    sage_memory m;
    assert_int_equal(sage_program_read(&p, zip, len, NULL, &err), SAGE_OK);
    assert_int_equal(p.form, SAGE_PROGRAM_PIE);
    assert_true(p.n_data == 3 && p.main == 2 && p.n_builtins == 1);
    assert_true(sage_value_equal(p.data[2], sage_value_from_u64(12)));
    sage_program_free(&p);
    assert_int_equal(sage_program_read(&p, zip, len, "main", &err), SAGE_EUNSUP);

    assert_int_equal(sage_pie_memory(&m, zip, len, 1000, &err), SAGE_OK);
    assert_int_equal(m.n, 4);
    assert_true(
        sage_value_equal(sage_memory_get(&m, (sage_address){0, 0}), sage_value_from_u64(5)));
    assert_true(sage_value_equal(sage_memory_get(&m, (sage_address){1, 2}),
                                 sage_value_from_address((sage_address){0, 1})));
    sage_memory_free(&m);
    assert_int_equal(sage_pie_memory(&m, zip, len, 1, &err), SAGE_ELIMIT);
    /* Any byte of it may be wrong. */
    for (size_t i = 0; i < len; i++) {
        zip[i] ^= 0x41;
        if (!sage_program_read(&p, zip, len, NULL, &err)) sage_program_free(&p);
        if (!sage_pie_memory(&m, zip, len, 1000, &err)) sage_memory_free(&m);
        zip[i] ^= 0x41;
        if (!sage_program_read(&p, zip, i, NULL, &err)) sage_program_free(&p);
    }
    free(zip);
}

static void assert_pie(const part *parts, size_t n, sage_status code, const char *where)
{
    size_t len;
    uint8_t *zip = zip_of(parts, n, &len);
    sage_program p;
    sage_memory m = {0};
    sage_status s = sage_program_read(&p, zip, len, NULL, &err);
    if (!s) {
        sage_program_free(&p);
        s = sage_pie_memory(&m, zip, len, 1000, &err);
        if (!s) sage_memory_free(&m);
    }
    free(zip);
    if (s != code || strcmp(err.where, where) != 0)
        fail_msg("%d %s, not %s", s, err.where, where);
}

static void refuses_pie(void **state)
{
    (void)state;
    uint8_t records[120];
    static const size_t large = 64 << 20;
    uint8_t *zeros            = calloc(1, large);
    assert_non_null(zeros);
    make_records(records);
    part parts[] = {{"version.json", version, strlen(version)},
                    {"metadata.json", metadata, strlen(metadata)},
                    {"memory.bin", records, sizeof records}};
    assert_pie(parts, 2, SAGE_EFORMAT, "program.pie");
    assert_pie(parts, 1, SAGE_EFORMAT, "program.pie");
    parts[0] = (part){"version.json", "{\"cairo_pie\":\"2.0\"}", 19};
    assert_pie(parts, 3, SAGE_EUNSUP, "program.version");
    parts[0] = (part){"version.json", version, strlen(version)};
    parts[2] = (part){"memory.bin", zeros, large};
    assert_pie(parts, 3, SAGE_ELIMIT, "program.pie");
    parts[2] = (part){"memory.bin", records, 119};
    assert_pie(parts, 3, SAGE_EFORMAT, "program.pie");
    parts[2] = (part){"memory.bin", zeros, 40};
    assert_pie(parts, 3, SAGE_EFORMAT, "program.pie");
    parts[2]        = (part){"memory.bin", records, sizeof records};
    records[72 + 7] = 0x81;
    assert_pie(parts, 3, SAGE_EFORMAT, "program.pie");
    make_records(records);
    records[80 + 8] = 1; /* P */
    assert_pie(parts, 3, SAGE_EFORMAT, "program.pie");
    parts[1] = (part){"metadata.json", "{\"program\":{}}", 14};
    assert_pie(parts, 3, SAGE_EFORMAT, "program.pie");
    parts[1] = (part){"metadata.json", zeros, large};
    assert_pie(parts, 3, SAGE_ELIMIT, "program.pie");
    free(zeros);
}

/* --- hostile and published files --- */

static void survives_changes(void **state)
{
    (void)state;
    static const char *const texts[] = {cairo0, cairo1};
    static const char bytes[]        = "\0\"{}[],:0-9\\x";
    for (int t = 0; t < 2; t++) {
        size_t len = strlen(texts[t]);
        for (size_t i = 0; i < len; i++) {
            sage_program p;
            char *text = malloc(len);
            assert_non_null(text);
            memcpy(text, texts[t], len);
            for (size_t k = 0; k < sizeof bytes - 1; k++) {
                text[i] = bytes[k];
                if (!sage_program_read(&p, (const uint8_t *)text, len, NULL, &err))
                    sage_program_free(&p);
                else
                    assert_non_null(strchr(err.where, '.'));
            }
            free(text);
            text = malloc(i + 1);
            assert_non_null(text);
            memcpy(text, texts[t], i);
            /* The last line break alone may be missing. */
            if (!sage_program_read(&p, (const uint8_t *)text, i, NULL, &err)) {
                assert_int_equal(i + 1, strlen(cairo0));
                sage_program_free(&p);
            }
            free(text);
        }
    }
}

static uint8_t *published(const char *name, size_t *len)
{
    char path[128];
    snprintf(path, sizeof path, "stwo-cairo/%s/compiled.json", name);
    return (uint8_t *)sage_test_vector(path, len);
}

static void reads_published(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t words, hints;
    } programs[] = {{"test_pedersen_aggregator", 75, 0},
                    {"test_poseidon_aggregator", 86, 0},
                    {"test_prove_verify_add_mod_builtin", 345, 1},
                    {"test_prove_verify_all_builtins", 482, 2},
                    {"test_prove_verify_all_opcode_components", 1340, 1},
                    {"test_prove_verify_bitwise_builtin", 52, 1},
                    {"test_prove_verify_mul_mod_builtin", 345, 1},
                    {"test_prove_verify_pedersen_builtin", 57, 0},
                    {"test_prove_verify_poseidon_builtin", 68, 0},
                    {"test_prove_verify_range_check_bits_128_builtin", 41, 1},
                    {"test_prove_verify_range_check_bits_96_builtin", 41, 1},
                    {"test_prove_verify_ret_opcode", 18, 0}};
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        size_t len;
        sage_program p;
        uint8_t *bytes = published(programs[i].name, &len);
        assert_int_equal(sage_program_read(&p, bytes, len, NULL, &err), SAGE_OK);
        assert_int_equal(p.n_data, programs[i].words);
        assert_int_equal(p.n_hints, programs[i].hints);
        assert_int_equal(p.n_builtins, 11);
        assert_true(p.start == 0 && p.end == 4);
        const sage_symbol *main = symbol(&p, "__main__.main");
        assert_non_null(main);
        assert_int_equal(p.main, main->pc);
        if (p.n_hints) assert_string_equal(p.hints[0].text, "memory[ap] = segments.add()");
        sage_program_free(&p);
        free(bytes);
    }
}

static void knows_published_names(void **state)
{
    (void)state;
    size_t len;
    sage_program p;
    uint8_t *bytes = published("test_prove_verify_all_builtins", &len);
    assert_int_equal(sage_program_read(&p, bytes, len, NULL, &err), SAGE_OK);
    const sage_hint *h = &p.hints[1];
    assert_int_equal(h->pc, 70);
    assert_int_equal(h->n_references, 4);
    assert_string_equal(h->references[0].name, "ecdsa_ptr");
    assert_string_equal(h->references[3].name, "signature_s");
    assert_string_equal(h->scopes[1], "__main__.do_ecdsa");
    const sage_symbol *member =
        symbol(&p, "starkware.cairo.common.cairo_builtins.SignatureBuiltin.message");
    assert_non_null(member);
    assert_int_equal(member->kind, SAGE_SYMBOL_MEMBER);
    assert_true(sage_value_equal(member->value, sage_value_from_u64(1)));
    const sage_symbol *batch = symbol(&p, "__main__.BATCH_SIZE");
    assert_non_null(batch);
    assert_int_equal(batch->kind, SAGE_SYMBOL_CONST);
    assert_true(sage_value_equal(batch->value, sage_value_from_u64(1)));
    sage_program_free(&p);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_cairo0),    cmocka_unit_test(wraps_what_has_no_start),
        cmocka_unit_test(refuses_cairo0),  cmocka_unit_test(reads_cairo1),
        cmocka_unit_test(refuses_cairo1),  cmocka_unit_test(reads_pie),
        cmocka_unit_test(refuses_pie),     cmocka_unit_test(survives_changes),
        cmocka_unit_test(reads_published), cmocka_unit_test(knows_published_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
