/* tests/test_cairo_texts.c -- the text of a published Cairo proof in other forms: numbers that
 * are written otherwise or out of range, lengths, felts too many or too few, tags of Options
 * with and without what follows them. One text per proof: each is refused, by the name of the
 * part where it first goes wrong. */
#include "base/test.h"

#include "cairo_felts.h"
#include "cairo_judge.h"

static cairo_text text;
static cairo_felts map;
static char *out;
static cairo_reasons reasons;

/* Loads the text once; skips the test that asks for it where it is not. */
static void need(void)
{
    if (out) return;
    text = cairo_text_load(ALL_OPCODES);
    cairo_felts_open(&map, &text);
    out = malloc(text.len + CAIRO_TEXT_ROOM);
    assert_non_null(out);
}

static int teardown(void **state)
{
    (void)state;
    free(out);
    cairo_felts_close(&map);
    cairo_text_free(&text);
    return 0;
}

/* How the reader calls the part that felt i belongs to. */
static const char *name_of(uint32_t i)
{
    static const char *const names[SECTIONS] = {
        [SEC_PROGRAM_ID]      = "cairo.claim.program",
        [SEC_PROGRAM_VALUE]   = "cairo.claim.program",
        [SEC_SEGMENTS]        = "cairo.claim.segments",
        [SEC_OUTPUT_ID]       = "cairo.claim.output",
        [SEC_OUTPUT_VALUE]    = "cairo.claim.output",
        [SEC_SAFE_CALL]       = "cairo.claim.safe_call",
        [SEC_INITIAL]         = "cairo.claim.initial",
        [SEC_FINAL]           = "cairo.claim.final",
        [SEC_OPTION]          = "cairo.claim.option",
        [SEC_LOG_SIZE]        = "cairo.claim.log_size",
        [SEC_INTERACTION_POW] = "cairo.interaction_pow",
        [SEC_CLAIMED_SUMS]    = "cairo.claimed_sums",
        [SEC_CONFIG]          = "cairo.config",
        [SEC_ROOT]            = "cairo.commitments",
        [SEC_SAMPLED]         = "cairo.sampled",
        [SEC_SIBLINGS]        = "cairo.decommitments",
        [SEC_QUERIED]         = "cairo.queried",
        [SEC_POW_NONCE]       = "cairo.pow_nonce",
        [SEC_LAST_LAYER]      = "cairo.fri.last",
        [SEC_LAST_LOG]        = "cairo.fri.last_log",
        [SEC_SALT]            = "cairo.salt",
    };
    const cairo_felt *f = &map.felt[i];
    if (f->section == SEC_COUNT) return "cairo.*";
    if (f->section == SEC_FRI_WITNESS || f->section == SEC_FRI_SIBLINGS ||
        f->section == SEC_FRI_ROOT)
        return f->part ? "cairo.fri.inner" : "cairo.fri.first";
    return names[f->section];
}

/* The text out[0..len), in which felt i is `with`, is refused by one of the patterns. */
static void
expect_in(size_t len, uint32_t i, const char *with, sage_status want, const char *const *where)
{
    sage_errinfo err;
    sage_status s = cairo_judge_text(out, len, &err);
    if (s == SAGE_OK) fail_msg("accepted: felt %u as %.60s", i, with);
    if ((want != SAGE_OK && s != want) || !cairo_refusal(s) ||
        !cairo_where_in(err.where, where))
        fail_msg("felt %u as %.60s: %s (%s) instead of %s", i, with, err.where, err.msg,
                 where[0]);
    cairo_reasons_add(&reasons, err.where, 1);
}

static void expect(size_t len, uint32_t i, const char *with, const char *where)
{
    const char *const patterns[] = {where, NULL};
    expect_in(len, i, with, SAGE_EFORMAT, patterns);
}

/* ---- numbers ---- */

/* 2^bits + v, and the STARK prime + v, as felts. */
static void power_plus(char with[80], uint32_t bits, const uint32_t v[8])
{
    uint32_t w[9] = {0};
    memcpy(w, v, 8 * sizeof *w);
    uint64_t carry = 1ull << bits % 32;
    for (uint32_t i = bits / 32; i < 9 && carry; i++) {
        carry += w[i];
        w[i] = (uint32_t)carry;
        carry >>= 32;
    }
    char hex[73];
    for (int i = 0; i < 9; i++)
        snprintf(hex + 8 * i, 9, "%08x", w[8 - i]);
    snprintf(with, 80, "\"0x%s\"", hex + strspn(hex, "0"));
}

static void prime_plus(char with[80], const uint32_t v[8])
{
    char hex[65];
    uint64_t add[8] = {1, 0, 0, 0, 0, 0, 17, 1u << 27}, carry = 0;
    for (int i = 0; i < 8; i++) {
        carry += add[i] + v[i];
        add[i] = (uint32_t)carry;
        carry >>= 32;
    }
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", (uint32_t)add[7 - i]);
    snprintf(with, 80, "\"0x%s\"", hex + strspn(hex, "0"));
}

static void expect_felt(uint32_t i, const char *with)
{
    expect(cairo_text_felt(&text, i, with, out), i, with, name_of(i));
}

static void expect_number(uint32_t i, uint64_t v)
{
    char with[80];
    snprintf(with, sizeof with, "\"0x%llx\"", (unsigned long long)v);
    expect_felt(i, with);
}

static void expect_alias(uint32_t i, uint32_t bits)
{
    char with[80];
    uint32_t v[8];
    cairo_text_words(&text, i, v);
    power_plus(with, bits, v);
    expect_felt(i, with);
}

/* What any felt must not look like. */
static void wrong_anywhere(uint32_t i)
{
    static const char *const forms[] = {"\"\"",
                                        "\"0x\"",
                                        "\"0X1\"",
                                        "\"0xg\"",
                                        "\"0xA\"",
                                        "\"00\"",
                                        "\"1\"",
                                        "1",
                                        "-1",
                                        "1.5",
                                        "null",
                                        "true",
                                        "[]",
                                        "{}",
                                        "[\"0x1\"]",
                                        "\"-0x1\"",
                                        "\"0x-1\"",
                                        "\" 0x1\"",
                                        "\"0x1 \"",
                                        "\"0x00\"",
                                        "\"0x\\u0031\"",
                                        "'0x1'",
                                        "\"0x0000000001\"",
                                        "\"0x1"};
    char with[80];
    uint32_t v[8];
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
        expect_felt(i, forms[k]);
    cairo_text_words(&text, i, v);
    prime_plus(with, v); /* the same field element, written again */
    expect_felt(i, with);
    expect_alias(i, 252);
    expect_alias(i, 256); /* 65 digits */
}

static void wrong_of_its_kind(uint32_t i)
{
    static const uint32_t logs[] = {0, 1, 3, 26, 31, 32, 63, 64, UINT32_MAX};
    uint32_t v[8];
    cairo_text_words(&text, i, v);
    switch ((cairo_felt_kind)map.felt[i].kind) {
    case FELT_M31:
        expect_number(i, M31_P);
        expect_number(i, (uint64_t)M31_P + v[0]);
        expect_number(i, UINT32_MAX);
        break;
    case FELT_LOG:
        for (size_t k = 0; k < sizeof logs / sizeof *logs; k++)
            expect_number(i, logs[k]);
        expect_alias(i, 8);
        break;
    case FELT_TAG:
        expect_number(i, 2);
        expect_number(i, UINT32_MAX);
        expect_alias(i, 8);
        break;
    case FELT_TOP: expect_alias(i, 28); break;
    case FELT_SHAPE:
        expect_number(i, 1u << 31);
        expect_number(i, UINT32_MAX);
        expect_number(i, UINT64_MAX);
        break;
    case FELT_WORD:
    case FELT_U64:
    case FELT_DIGEST: break;
    }
    if (map.felt[i].kind != FELT_U64) expect_alias(i, 32);
    expect_alias(i, 64);
    expect_alias(i, 128);
}

/* The first felt of each kind in each part, the last and one between. */
static void test_numbers(void **state)
{
    (void)state;
    need();
    uint64_t seed = 0x5a6e0003;
    for (uint32_t s = 0; s < SECTIONS; s++) {
        uint32_t first = map.n, last = 0, n = 0, taken[3];
        for (uint32_t i = 0; i < map.n; i++) {
            if (map.felt[i].section != s) continue;
            if (first == map.n) first = i;
            last = i;
        }
        assert_true(first < map.n);
        taken[n++] = first;
        if (last != first) taken[n++] = last;
        uint32_t between = first + (uint32_t)(cairo_random(&seed) % (last - first + 1));
        if (map.felt[between].section == s && between != first && between != last)
            taken[n++] = between;
        if (sage_test_quick()) n = 1;
        for (uint32_t k = 0; k < n; k++) {
            /* A first root of more than 32 bits is read as one of the other hash. */
            if (s == SEC_ROOT && taken[k] == first) continue;
            wrong_of_its_kind(taken[k]);
            if (k == 0) wrong_anywhere(taken[k]);
        }
    }
}

/* A first root beyond 32 bits says Poseidon252, whose digests are one felt: nothing that
 * follows fits. */
static void test_hash_is_seen(void **state)
{
    (void)state;
    need();
    uint32_t i = 0;
    while (map.felt[i].section != SEC_ROOT)
        i++;
    char with[80];
    uint32_t v[8];
    cairo_text_words(&text, i, v);
    power_plus(with, 32, v);
    expect(cairo_text_felt(&text, i, with, out), i, with, "cairo.sampled");
    power_plus(with, 250, v);
    expect(cairo_text_felt(&text, i, with, out), i, with, "cairo.sampled");
}

/* ---- lengths ---- */

static void test_config_out_of_range(void **state)
{
    (void)state;
    need();
    static const uint64_t values[5][5] = {{41, 64, 256, UINT32_MAX, 1ull << 32}, /* pow_bits */
                                          {0, 6, 31, 32, 1ull << 31},   /* log_blowup */
                                          {11, 31, 32, 64, UINT32_MAX}, /* log_last_layer */
                                          {0, 257, 1ull << 31, UINT32_MAX, 1ull << 32},
                                          {0, 7, 31, 40, UINT32_MAX}}; /* fold_step */
    for (uint32_t i = 0; i < map.n; i++)
        if (map.felt[i].section == SEC_CONFIG)
            for (int k = 0; k < 5; k++)
                expect_number(i, values[map.felt[i].part][k]);
}

/* The felts at which something can go wrong in its own way: the first of each part of each
 * kind (a program word, a tree's columns), and some of the thousands of others where one kind
 * ends. Ends with map.n. */
static uint32_t next_head(uint32_t i)
{
    static bool seen[SECTIONS][UINT8_MAX + 1];
    if (i == 0) memset(seen, 0, sizeof seen);
    for (; i < map.n; i++) {
        const cairo_felt *f = &map.felt[i];
        bool *known         = &seen[f->section][f->section <= SEC_PROGRAM_VALUE ? 0 : f->part];
        if (!*known || (f->section != f[-1].section && i % 61 == 0)) {
            *known = true;
            return i;
        }
    }
    return map.n;
}

/* Cut before a felt: the reader misses the part that would come. */
static void test_cut(void **state)
{
    (void)state;
    need();
    for (uint32_t i = next_head(0); i < map.n; i = next_head(i + 1)) {
        const cairo_felt *f = &map.felt[i];
        /* Of a vector the length is missed already: what follows it is too short. */
        bool item         = i && f[-1].section == SEC_COUNT;
        const char *where = item ? "cairo.*" : name_of(i);
        if (sage_test_quick() && i % 4) continue;
        memcpy(out, text.bytes, text.len);
        expect(text.felt[i], i, "the end after a comma", where);
        size_t end = text.felt[i];
        while (i && text.bytes[end - 1] != '"')
            end--; /* without the comma */
        expect(end, i, "the end", where);
        out[end] = ']';
        expect(end + 1, i, "the array's end", where);
    }
}

/* A felt less, a felt more. */
static void test_shifted(void **state)
{
    (void)state;
    need();
    uint32_t heads = 0;
    for (uint32_t i = next_head(0); i < map.n; i = next_head(i + 1), heads++) {
        if (sage_test_quick() && i % 4) continue;
        expect(cairo_text_splice(&text, i, i + 1, "", out), i, "left out", "cairo.*");
        expect(cairo_text_splice(&text, i, i, "\"0x1\", ", out), i, "one more", "cairo.*");
    }
    assert_in_range(heads, 200, 1000);
}

static void test_around(void **state)
{
    (void)state;
    need();
    static const char *const junk[] = {"x", "]", ",", "\"0x0\"", "[]", "{}", "//"};
    for (size_t k = 0; k < sizeof junk / sizeof *junk; k++) {
        size_t n = strlen(junk[k]);
        memcpy(out, text.bytes, text.len);
        memcpy(out + text.len, junk[k], n);
        expect(text.len + n, map.n, junk[k], "cairo.felts");
        memcpy(out, junk[k], n);
        memcpy(out + n, text.bytes, text.len);
        expect(text.len + n, 0, junk[k], "cairo.*");
    }
    memcpy(out, text.bytes, text.len);
    out[text.len] = 0;
    expect(text.len + 1, map.n, "a zero byte behind", "cairo.felts");
    size_t bracket = text.len;
    while (text.bytes[bracket - 1] != ']')
        bracket--;
    expect(bracket - 1, map.n, "no bracket", "cairo.felts");
    expect(0, 0, "nothing", "cairo.*");
    memcpy(out, "[]", 2);
    expect(2, 0, "an empty array", "cairo.*");
}

/* ---- components ---- */

/* Tags of Options turned, alone, and with the size that belongs to them taken out or put in. */
static void test_options(void **state)
{
    (void)state;
    need();
    static const char *const judged[] = {"cairo.claim.*", "cairo.component",
                                         "proof.shape.sampled", NULL};
    uint32_t turned                   = 0;
    for (uint32_t i = 0; i < map.n; i++) {
        const cairo_felt *f = &map.felt[i];
        if (f->section != SEC_OPTION || f->kind != FELT_TAG) continue;
        bool there = *(const uint8_t *)f->at, fixed = sage_cairo_components[f->part].log != 0;
        if (fixed) {
            expect_in(cairo_text_value(&text, i, there, out), i, "a tag turned", SAGE_OK,
                      judged);
        } else if (there) {
            expect_in(cairo_text_value(&text, i, 1, out), i, "a tag turned", SAGE_EFORMAT,
                      judged);
            expect_in(cairo_text_splice(&text, i, i + 2, "\"0x1\", ", out), i,
                      "tag and size taken out", SAGE_OK, judged);
        } else {
            expect_in(cairo_text_value(&text, i, 0, out), i, "a tag turned", SAGE_EFORMAT,
                      judged);
            expect_in(cairo_text_splice(&text, i, i + 1, "\"0x0\", \"0x4\", ", out), i,
                      "tag and size put in", SAGE_OK, judged);
        }
        turned++;
    }
    assert_int_equal(turned, SAGE_CAIRO_COMPONENTS - 1);
}

static void test_big_memories(void **state)
{
    (void)state;
    need();
    static const char *const judged[] = {"proof.shape.sampled", NULL};
    uint32_t tag                      = 0;
    while (map.felt[tag].section != SEC_OPTION || map.felt[tag].kind != FELT_SHAPE)
        tag++;
    assert_int_equal(map.felt[tag].part, SAGE_CAIRO_MEMORY_BIG);
    expect(cairo_text_value(&text, tag, 1, out), tag, "no memory_id_to_big",
           "cairo.claim.option");
    expect_in(cairo_text_splice(&text, tag + 1, tag + 3, "\"0x0\", ", out), tag, "no sizes",
              SAGE_EPROOF, judged);
    for (uint32_t n = 2; n <= SAGE_CAIRO_MAX_BIG + 1; n++) {
        char with[512];
        int len = snprintf(with, sizeof with, "\"0x%x\", ", n);
        for (uint32_t k = 0; k < n; k++)
            len += snprintf(with + len, sizeof with - (size_t)len, "\"0x9\", ");
        size_t size = cairo_text_splice(&text, tag + 1, tag + 3, with, out);
        if (n > SAGE_CAIRO_MAX_BIG)
            expect(size, tag, with, "cairo.claim.big");
        else
            expect_in(size, tag, with, SAGE_EPROOF, judged);
    }
}

static void test_summary(void **state)
{
    (void)state;
    need();
    sage_errinfo err;
    if (cairo_judge_text(text.bytes, text.len, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);
    cairo_reasons_print(&reasons, "other texts");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_hash_is_seen),
        cmocka_unit_test(test_config_out_of_range),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_shifted),
        cmocka_unit_test(test_around),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_big_memories),
        cmocka_unit_test(test_summary),
    };
    return cmocka_run_group_tests(tests, NULL, teardown);
}
