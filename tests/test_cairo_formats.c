/* tests/test_cairo_formats.c -- Cairo proofs in their three formats: what is read comes out
 * again, in every direction; hostile files are refused by name, within bounded memory.
 *
 * The published proofs are not part of this repository (base/test.h says where they are looked
 * for); tests of them are skipped where they are absent. */
#include "base/test_text.h"

#include "base/bytes.h"
#include "base/test_heap.h"
#include "tests/cairo_synthetic.h"

enum { FORMATS = 3, SERDE = 1, JSON, BINARY };

static const char *const format_names[FORMATS + 1] = {"none", "cairo-serde", "json", "binary"};

/* A file's bytes, NUL-terminated, owned. */
typedef struct file {
    uint8_t *bytes;
    size_t len;
} file;

static const synthetic small = {
    SAGE_HASH_BLAKE2S, SAGE_CAIRO_CANONICAL, false, 1, 3, 2, 3, 2, 1};
static const synthetic small_poseidon = {
    SAGE_HASH_POSEIDON252, SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN, false, 1, 3, 2, 3, 2, 1};

static file make(const synthetic *s)
{
    file f;
    f.bytes = (uint8_t *)synthetic_text(s, &f.len);
    return f;
}

/* Reads within the promised memory; the caller frees *p if it is OK. */
static sage_status read_bounded(
    sage_cairo_proof *p, const uint8_t *bytes, size_t len, int format, sage_errinfo *err)
{
    size_t before  = heap_watch();
    sage_status st = sage_cairo_read(p, bytes, len, (sage_cairo_format)format, err);
    size_t taken   = heap_peak() - before;
    if (taken > 2 * len + SAGE_CAIRO_READ_BYTES)
        fail_msg("%zu bytes of %s took %zu", len, format_names[format], taken);
    if (st != SAGE_OK) assert_int_equal(heap_live(), before);
    return st;
}

static sage_cairo_proof read_good(const file *f, int format)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    if (read_bounded(&p, f->bytes, f->len, format, &err))
        fail_msg("%s: %s: %s", format_names[format], err.where, err.msg);
    return p;
}

static file write_good(const sage_cairo_proof *p, int format)
{
    sage_sink s      = {0};
    sage_errinfo err = {0};
    if (sage_cairo_write(p, (sage_cairo_format)format, &s, &err))
        fail_msg("%s: %s: %s", format_names[format], err.where, err.msg);
    size_t len = s.len;
    sage_sink_put(&s, "", 1);
    assert_false(s.failed);
    return (file){s.bytes, len};
}

static file convert(const file *f, int from, int to)
{
    sage_cairo_proof p = read_good(f, from);
    file out           = write_good(&p, to);
    sage_cairo_proof_free(&p);
    return out;
}

static void assert_same(const file *a, const file *b, int from, int to)
{
    size_t i = 0;
    while (i < a->len && i < b->len && a->bytes[i] == b->bytes[i])
        i++;
    if (i != a->len || i != b->len)
        fail_msg("%s to %s differs at byte %zu of %zu and %zu", format_names[from],
                 format_names[to], i, a->len, b->len);
}

/* All nine directions agree with the text. */
static void round_trips(const file *text)
{
    file form[FORMATS + 1];
    for (int to = 1; to <= FORMATS; to++)
        form[to] = convert(text, SERDE, to);
    assert_same(text, &form[SERDE], SERDE, SERDE);
    for (int from = 1; from <= FORMATS; from++) {
        assert_int_equal(sage_cairo_recognise(form[from].bytes, form[from].len), from);
        for (int to = 1; to <= FORMATS; to++) {
            file again = convert(&form[from], from, to);
            assert_same(&again, &form[to], from, to);
            free(again.bytes);
        }
    }
    print_message("  bytes: cairo-serde %zu, json %zu, binary %zu\n", form[SERDE].len,
                  form[JSON].len, form[BINARY].len);
    for (int i = 1; i <= FORMATS; i++)
        free(form[i].bytes);
}

static void test_round_trips(void **state)
{
    (void)state;
    for (int hash = 0; hash < 2; hash++)
        for (int v = 0; v < SAGE_CAIRO_VARIANTS; v++) {
            synthetic s = small;
            s.hash      = (sage_hash_kind)hash;
            s.variant   = (sage_cairo_variant)v;
            s.n_big     = (uint32_t)v;
            file f      = make(&s);
            round_trips(&f);
            sage_cairo_proof p = read_good(&f, SERDE);
            assert_int_equal(p.hash, hash);
            assert_int_equal(p.variant, v);
            sage_cairo_proof_free(&p);
            free(f.bytes);
        }
}

/* Nothing in the lists; everything there is. */
static void test_round_trips_extremes(void **state)
{
    (void)state;
    const synthetic none = {
        SAGE_HASH_BLAKE2S, SAGE_CAIRO_CANONICAL_SMALL, false, 0, 0, 0, 1, 0, 0};
    const synthetic all = {
        SAGE_HASH_POSEIDON252, SAGE_CAIRO_CANONICAL, true, 11, 9, 9, 2, 9, 3};
    const synthetic *each[] = {&none, &all};
    for (int i = 0; i < 2; i++) {
        file f = make(each[i]);
        round_trips(&f);
        free(f.bytes);
    }
}

static file load(const char *name)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[1024];
    if (shared)
        snprintf(path, sizeof path, "%s/vectors/stwo-cairo/%s/proof.json", shared, name);
    else
        snprintf(path, sizeof path, "%s/../shared/vectors/stwo-cairo/%s/proof.json",
                 source ? source : ".", name);
    FILE *in = fopen(path, "rb");
    if (!in) {
        print_message("no vector %s\n", name);
        skip();
    }
    file f = {malloc(8 << 20), 0};
    assert_non_null(f.bytes);
    f.len = fread(f.bytes, 1, 8 << 20, in);
    fclose(in);
    return f;
}

static void test_published(void **state)
{
    (void)state;
    static const char *const names[2] = {"test_prove_verify_all_opcode_components",
                                         "test_prove_verify_ret_opcode"};
    for (int i = 0; i < 2; i++) {
        file f = load(names[i]);
        round_trips(&f);
        free(f.bytes);
    }
}

/* The JSON's queried values, number by number, against the numbering of the synthetic proof:
 * column by column in commit order, each value from its place in the leaf. */
static void test_transposed(void **state)
{
    (void)state;
    synthetic s = small;
    s.all       = true;
    file text = make(&s), json = convert(&text, SERDE, JSON);
    sage_cairo_proof p = read_good(&text, SERDE);
    sage_pcs_shape shape;
    void *mem;
    sage_errinfo err = {0};
    assert_int_equal(sage_cairo_shape(&p, &shape, &mem, &err), SAGE_OK);
    char *at   = strstr((char *)json.bytes, "\"queried_values\"");
    bool moved = false;
    assert_non_null(at);
    for (uint32_t t = 0; t < SAGE_MAX_TREES; t++)
        for (uint32_t c = 0; c < shape.tree[t].n_cols; c++) {
            uint32_t place = 0;
            while (shape.tree[t].order[place] != c)
                place++;
            moved |= place != c;
            for (uint32_t r = 0; r < s.n_queries; r++) {
                at += strcspn(at, "0123456789");
                uint32_t want = synthetic_queried(t, r * shape.tree[t].n_cols + place);
                assert_int_equal(strtoul(at, &at, 10), want);
            }
        }
    assert_true(moved);
    free(mem);
    sage_cairo_proof_free(&p);
    free(json.bytes);
    free(text.bytes);
}

/* The same proof without a space, and with its last two members first. */
static void test_json_freedom(void **state)
{
    (void)state;
    file text = make(&small), json = convert(&text, SERDE, JSON);
    file loose = {malloc(2 * json.len), 0};
    assert_non_null(loose.bytes);
    char *salt  = strstr((char *)json.bytes, ",\n  \"channel_salt\"");
    char *out   = (char *)loose.bytes;
    size_t tail = (size_t)((char *)json.bytes + json.len - 1 - salt) - 1;
    assert_non_null(salt);
    out += sprintf(out, " {\t%.*s,\r\n", (int)tail, salt + 1);
    for (const char *c = (char *)json.bytes + 1; c < salt; c++)
        if (*c != ' ' && *c != '\n') *out++ = *c;
    out += sprintf(out, "}\n\n");
    loose.len = (size_t)(out - (char *)loose.bytes);

    file again = convert(&loose, JSON, JSON);
    assert_same(&again, &json, JSON, JSON);
    free(again.bytes);
    free(loose.bytes);
    free(json.bytes);
    free(text.bytes);
}

/* f with the first `from` behind `anchor` replaced by `to`. */
static file replaced(const file *f, const char *anchor, const char *from, const char *to)
{
    char *text = sage_test_replaced((const char *)f->bytes, anchor, from, to);
    return (file){(uint8_t *)text, strlen(text)};
}

static void assert_refused(const file *f, int format, const char *where, const char *what)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    sage_status st   = read_bounded(&p, f->bytes, f->len, format, &err);
    if (st == SAGE_OK) fail_msg("%s: %s is accepted", format_names[format], what);
    if (strcmp(err.where, where) != 0)
        fail_msg("%s: %s: %s instead of %s: %s", format_names[format], what, err.where, where,
                 err.msg);
    assert_int_equal(st, err.code);
    assert_true(st == SAGE_EFORMAT || st == SAGE_EUNSUP);
}

typedef struct mutation {
    const char *anchor, *from, *to, *where;
} mutation;

static void refuse_each(const file *f, int format, const mutation *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        file bad = replaced(f, m[i].anchor, m[i].from, m[i].to);
        assert_refused(&bad, format, m[i].where, m[i].to);
        free(bad.bytes);
    }
}

#define P_DECIMAL "3618502788666131213697322783095070105623107215331596699973092056135872020481"

static void test_json_hostile(void **state)
{
    (void)state;
    static const mutation form[] = {
        {"\"channel_salt\"", "2147483646", "-1", "json.sign"},
        {"\"channel_salt\"", "2147483646", "1.0", "json.fraction"},
        {"\"channel_salt\"", "2147483646", "1e3", "json.fraction"},
        {"\"channel_salt\"", "2147483646", "1E3", "json.fraction"},
        {"\"channel_salt\"", "2147483646", "01", "json.zeros"},
        {"\"channel_salt\"", "2147483646", "00", "json.zeros"},
        {"\"channel_salt\"", "2147483646", "18446744073709551616", "json.range"},
        {"\"channel_salt\"", "2147483646", "2147483647", "cairo.salt"},
        {"\"channel_salt\"", "2147483646", "1x", "json.syntax"},
        {"\"channel_salt\"", "2147483646", "+1", "json.syntax"},
        {"\"channel_salt\"", "2147483646", "\"1\"", "json.syntax"},
        {"\"channel_salt\"", "2147483646", "null", "json.syntax"},
        {"\"channel_salt\"", "2147483646", "", "json.syntax"},
        {"\"channel_salt\"", "2147483646", "[1}", "json.syntax"},
        {"\"channel_salt\"", "\"channel_salt\"", "\"channel_sal\"", "json.unknown"},
        {"\"channel_salt\"", "\"channel_salt\"", "\"channel\\u005fsalt\"", "json.syntax"},
        {"\"channel_salt\"", "\"channel_salt\"", "\"claim\"", "json.twice"},
        {"\"channel_salt\"", "\"channel_salt\": 2147483646,", "", "json.missing"},
        {"\"channel_salt\"", "\"channel_salt\"", "\"a\": 1, \"channel_salt\"", "json.unknown"},
        {"\"interaction_pow\"", ": ", "= ", "json.syntax"},
        {"\"interaction_pow\"", "1311768467463790320", "18446744073709551616", "json.range"},
        {"{", "{", "[", "json.syntax"},
        {"\"add_opcode\"", "null", "nul", "json.syntax"},
        {"\"add_opcode\"", "null,", "", "json.syntax"},
    };
    static const mutation claim[] = {
        {"\"add_opcode\"", "null", "{}", "json.missing"},
        {"\"add_opcode\"", "null", "{\"log_size\": 3}", "cairo.claim.log_size"},
        {"\"add_opcode\"", "null", "{\"log_size\": 26}", "cairo.claim.log_size"},
        {"\"add_opcode\"", "null", "{\"log_size\": 6}", "cairo.claimed_sums"},
        {"\"memory_id_to_big\"", "{", "null, \"x\": {", "json.unknown"},
        {"\"big_log_sizes\"", "5", "3", "cairo.claim.log_size"},
        {"\"big_log_sizes\"", "5", "5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5",
         "cairo.claim.big"},
        {"\"range_check_20\"", "{}", "{\"log_size\": 20}", "json.unknown"},
        {"\"program\"", "268435455", "268435456", "cairo.claim.program"},
        {"\"program\"", "[\n          [", "[[], [", "cairo.claim.program"},
        {"\"safe_call_ids\"", "[", "[1, ", "cairo.claim.safe_call"},
        {"\"pedersen\"", "{", "null, \"pedersen2\": {", "json.unknown"},
        {"\"pc\"", ": ", ": 4294967296, \"x\": ", "json.unknown"},
    };
    static const mutation proof[] = {
        {"\"min_lifting_log_size\"", "0", "21", "cairo.config.lifting"},
        {"\"n_queries\"", "3", "0", "cairo.config"},
        {"\"n_queries\"", "3", "257", "cairo.config"},
        {"\"n_queries\"", "3", "4294967296", "cairo.config"},
        {"\"log_blowup_factor\"", "1", "0", "cairo.config"},
        {"\"interaction_claim\"", "null", "{\"claimed_sum\": [[0, 0], [0, 0]]}",
         "cairo.claimed_sums"},
        {"\"big_claimed_sums\"", "[", "[[[0,0],[0,0]],", "cairo.claimed_sums"},
        {"\"big_claimed_sums\"", "\"claimed_sum\": [\n        [\n          ",
         "\"claimed_sum\": [\n        [\n          1", "cairo.claimed_sums"},
        {"\"commitments\"", "[\n", "[[],\n", "cairo.commitments"},
        {"\"sampled_values\"", "[\n", "[[],\n", "cairo.sampled"},
        {"\"sampled_values\"", "[]", "[[[0, 0], [0, 0]]]", "cairo.sampled"},
        {"\"sampled_values\"", "[],", "", "cairo.sampled"},
        {"\"decommitments\"", "[\n", "[{\"hash_witness\": []},\n", "cairo.decommitments"},
        {"\"hash_witness\"", "\"hash_witness\"", "\"hash\"", "json.unknown"},
        {"\"queried_values\"", "100000000", "2147483647", "cairo.queried"},
        {"\"queried_values\"", "100000000", "1, 1", "cairo.queried"},
        {"\"queried_values\"", "[\n      [", "[\n      [[],", "cairo.queried"},
        {"\"inner_layers\"", "[", "[{}, ", "json.missing"},
        {"\"coeffs\"", "[", "[[[0, 0], [0, 0]], ", "cairo.fri.last_log"},
        {"\"last_layer_poly\"", "\"log_size\": 1", "\"log_size\": 2", "cairo.fri.last_log"},
        {"\"last_layer_poly\"", "\"log_size\": 1", "\"log_size\": 64", "cairo.fri.last_log"},
        {"\"preprocessed_trace_variant\"", "canonical", "canonica", "cairo.variant"},
        {"\"preprocessed_trace_variant\"", "canonical", "canonical_small", "cairo.queried"},
    };
    file text = make(&small), json = convert(&text, SERDE, JSON);
    refuse_each(&json, JSON, form, sizeof form / sizeof *form);
    refuse_each(&json, JSON, claim, sizeof claim / sizeof *claim);
    refuse_each(&json, JSON, proof, sizeof proof / sizeof *proof);
    free(json.bytes);
    free(text.bytes);

    static const mutation poseidon[] = {
        {"\"commitments\"", "[\n      \"", "[\n      \"0", "cairo.commitments"},
        {"\"commitments\"", "[\n      \"", "[\n      \"" P_DECIMAL "\", \"",
         "cairo.commitments"},
        {"\"hash_witness\": [\n", "[\n          \"", "[\n          \"-", "cairo.decommitments"},
        {"\"hash_witness\": [\n", "[\n          \"", "[\n          \"0x",
         "cairo.decommitments"},
        {"\"hash_witness\": [\n", "[\n          \"", "[\n          \"" P_DECIMAL "\", \"",
         "cairo.decommitments"},
        {"\"hash_witness\": [\n", "[\n", "[\"" P_DECIMAL "0\",", "cairo.decommitments"},
        {"\"hash_witness\": [\n", "[\n", "[[0],", "json.syntax"},
    };
    text = make(&small_poseidon);
    json = convert(&text, SERDE, JSON);
    refuse_each(&json, JSON, poseidon, sizeof poseidon / sizeof *poseidon);
    free(json.bytes);
    free(text.bytes);
}

/* n copies of `unit` between head and tail. */
static file repeated(const char *head, const char *unit, size_t n, const char *tail)
{
    size_t size = strlen(unit), at = strlen(head);
    file f = {malloc(at + n * size + strlen(tail) + 1), at + n * size + strlen(tail)};
    assert_non_null(f.bytes);
    memcpy(f.bytes, head, at);
    for (size_t i = 0; i < n; i++, at += size)
        memcpy(f.bytes + at, unit, size);
    memcpy(f.bytes + at, tail, strlen(tail) + 1);
    return f;
}

/* Deep nesting; many items where few are due; text that ends anywhere. */
static void test_json_bombs(void **state)
{
    (void)state;
    file bomb = repeated("{\"claim\": ", "[", 1000000, "");
    assert_refused(&bomb, JSON, "json.depth", "a million [");
    free(bomb.bytes);
    bomb = repeated("", "{\"claim\":", 1000000, "");
    assert_refused(&bomb, JSON, "json.depth", "a million {");
    free(bomb.bytes);
    bomb = repeated("[", "[", 1000000, "");
    assert_refused(&bomb, SERDE, "cairo.claim.program", "a million [");
    free(bomb.bytes);

    file text = make(&small), json = convert(&text, SERDE, JSON);
    size_t step = sage_test_quick() ? 977 : 53;
    for (size_t n = 0; n < json.len; n += step) {
        char *cut = strndup((char *)json.bytes, n); /* a copy, for the sanitizer's sake */
        assert_non_null(cut);
        assert_refused(&(file){(uint8_t *)cut, n}, JSON, "json.truncated", "a cut text");
        free(cut);
    }
    file many = repeated("[\n      [", "0,", 1000000, "0], [");
    file bad  = replaced(&json, "\"queried_values\"", "[\n      [", (char *)many.bytes);
    assert_refused(&bad, JSON, "cairo.queried", "a column of a million rows");
    free(bad.bytes);
    free(many.bytes);
    free(json.bytes);
    free(text.bytes);

    text = make(&small_poseidon); /* digests of three characters, 32 bytes each with us */
    json = convert(&text, SERDE, JSON);
    many = repeated("[", "\"0\",", 1000000, "\"0\",");
    bad  = replaced(&json, "\"hash_witness\": [\n", "[", (char *)many.bytes);
    assert_refused(&bad, JSON, "cairo.decommitments", "a million siblings");
    free(bad.bytes);
    free(many.bytes);
    free(json.bytes);
    free(text.bytes);
}

typedef struct patch {
    size_t at;
    uint32_t word;
    const char *where;
} patch;

static void test_binary_hostile(void **state)
{
    (void)state;
    /* Offsets of cairo/binary.c; logs are four to a word. */
    enum { LOGS = 232, BIG = 300, PROGRAM = 316, OUTPUT = 320 + 3 * 36, PROOF = OUTPUT + 76 };
    static const patch patches[] = {
        {0, 0x45474153 ^ 1, "cairo.format"},
        {8, 3, "cairo.format"},
        {12, 2, "cairo.hash"},
        {16, 3, "cairo.variant"},
        {16, SAGE_CAIRO_CANONICAL_SMALL, "cairo.queried"},
        {20, M31_P, "cairo.salt"},
        {24, M31_P, "cairo.claim.initial"},
        {36, M31_P, "cairo.claim.final"},
        {48, M31_P, "cairo.claim.segments"},
        {224, M31_P, "cairo.claim.safe_call"},
        {LOGS, 3, "cairo.claim.log_size"},
        {LOGS, 26, "cairo.claim.log_size"},
        {LOGS, 6, "cairo.claimed_sums"},
        {LOGS + 48, 17 << 8, "cairo.claim.big"},
        {LOGS + 48, 2 << 8, "cairo.claim.log_size"},
        {BIG, 3, "cairo.claim.log_size"},
        {BIG + 12, 6, "cairo.claim.log_size"},
        {PROGRAM, 1 << 20, "cairo.claim.program"},
        {PROGRAM, UINT32_MAX, "cairo.claim.program"},
        {PROGRAM + 4, M31_P, "cairo.claim.program"},
        {PROGRAM + 36, 1u << 28, "cairo.claim.program"},
        {OUTPUT, UINT32_MAX, "cairo.claim.output"},
        {PROOF, 41, "proof.format.config"},
        {PROOF + 20, 5, "proof.format.n_trees"},
    };
    sage_cairo_proof p;
    file text = make(&small), good = convert(&text, SERDE, BINARY);
    for (size_t i = 0; i < sizeof patches / sizeof *patches; i++) {
        uint8_t was[4];
        char what[32];
        snprintf(what, sizeof what, "%u at %zu", patches[i].word, patches[i].at);
        memcpy(was, good.bytes + patches[i].at, 4);
        sage_store_le32(good.bytes + patches[i].at, patches[i].word);
        assert_refused(&good, BINARY, patches[i].where, what);
        memcpy(good.bytes + patches[i].at, was, 4);
    }
    for (size_t n = 0; n < good.len; n += n < 700 ? 1 : 37)
        if (!sage_cairo_read(&p, good.bytes, n, SAGE_CAIRO_FORMAT_BINARY, NULL))
            fail_msg("%zu bytes of %zu are accepted", n, good.len);
    good.len++;
    assert_refused(&good, BINARY, "proof.format.trailing", "a byte more");
    good.len = PROOF + 24 + 3 * 32 + 4 + 3 * 8 + 8 + 4 + 4; /* three empty trees */
    memset(good.bytes + PROOF + 20, 0, good.len - PROOF - 20);
    good.bytes[PROOF + 20] = 3;
    assert_refused(&good, BINARY, "cairo.commitments", "three trees");
    free(good.bytes);
    free(text.bytes);
}

/* One encoding: whatever word changes, the file is refused or comes out as it is. */
static void test_binary_canonical(void **state)
{
    (void)state;
    static const uint32_t words[] = {0, 1, M31_P, UINT32_MAX};
    const synthetic *each[]       = {&small, &small_poseidon};
    uint32_t accepted = 0, refused = 0;
    for (int i = 0; i < 2; i++) {
        file text = make(each[i]), f = convert(&text, SERDE, BINARY);
        for (size_t at = 0; at + 4 <= f.len; at += 4)
            for (int w = 0; w < 4; w++) {
                uint8_t was[4];
                sage_cairo_proof p;
                memcpy(was, f.bytes + at, 4);
                sage_store_le32(f.bytes + at, words[w]);
                if (!sage_cairo_read(&p, f.bytes, f.len, SAGE_CAIRO_FORMAT_BINARY, NULL)) {
                    file again = write_good(&p, BINARY);
                    assert_same(&again, &f, BINARY, BINARY);
                    free(again.bytes);
                    sage_cairo_proof_free(&p);
                    accepted++;
                } else {
                    refused++;
                }
                memcpy(f.bytes + at, was, 4);
            }
        free(f.bytes);
        free(text.bytes);
    }
    assert_true(accepted > 1000 && refused > 1000);
}

#define P_HEX "800000000000011000000000000000000000000000000000000000000000001"

static void test_poseidon_canonical(void **state)
{
    (void)state;
    static const uint8_t prime[32] = {1, 0, 0, 0, 0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0,
                                      0, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 8};
    file text = make(&small_poseidon), f = convert(&text, SERDE, BINARY);
    sage_cairo_proof p  = read_good(&f, BINARY);
    size_t start        = f.len - p.bytes.len;
    const uint8_t *at[] = {sage_view_digest(p.proof.roots, 3),
                           sage_view_digest(p.proof.hash_witness[1], 2),
                           sage_view_digest(p.proof.layer[0].root, 0),
                           sage_view_digest(p.proof.layer[2].hash_witness, 1)};
    /* Their numbers, in the order of stark/proof.h. */
    uint32_t number[] = {3, 4 + p.proof.hash_witness[0].n + 2, 4, 8};
    for (int t = 0; t < SAGE_MAX_TREES; t++) {
        number[2] += p.proof.hash_witness[t].n;
        number[3] += p.proof.hash_witness[t].n;
    }
    number[3] += p.proof.layer[0].hash_witness.n + p.proof.layer[1].hash_witness.n;
    for (int i = 0; i < 4; i++) {
        size_t offset = start + (size_t)(at[i] - p.bytes.bytes);
        uint8_t was[32];
        sage_cairo_proof again;
        sage_errinfo err = {0};
        memcpy(was, f.bytes + offset, 32);
        memcpy(f.bytes + offset, prime, 32);
        assert_int_equal(
            sage_cairo_read(&again, f.bytes, f.len, SAGE_CAIRO_FORMAT_BINARY, &err),
            SAGE_EFORMAT);
        assert_string_equal(err.where, "proof.format.digest");
        assert_int_equal(err.at, number[i]);
        f.bytes[offset]--; /* one below is a digest */
        assert_int_equal(
            sage_cairo_read(&again, f.bytes, f.len, SAGE_CAIRO_FORMAT_BINARY, &err), SAGE_OK);
        sage_cairo_proof_free(&again);
        memcpy(f.bytes + offset, was, 32);
    }
    sage_cairo_proof_free(&p);
    free(f.bytes);

    static const mutation felts[] = {
        {"\"0x1a\",\n  \"0x1\",\n  \"0x1\",\n  \"0x3\",\n  \"0x3\"", "\"0x4\",\n  \"0x7",
         "\"0x4\",\n  \"0x" P_HEX "\", \"0x7", "cairo.commitments"}};
    refuse_each(&text, SERDE, felts, 1);
    free(text.bytes);
}

static void test_serde_hostile(void **state)
{
    (void)state;
    static const mutation felts[] = {
        {"[", "[", "{", "cairo.felts"},
        {"]", "]", "] x", "cairo.felts"},
        {"]", "]", ", \"0x0\"]", "cairo.felts"},
        {"]", "]", ",]", "cairo.felts"},
        {"[", "\"0x3\"", "\"0x100000000\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"0x1000001\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"0xfffff\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"0x03\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"0x\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"0xA\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"3\"", "cairo.claim.program"},
        {"[", "\"0x3\"", "3", "cairo.claim.program"},
        {"[", "\"0x3\"", "\"-0x3\"", "cairo.claim.program"},
        {"0x123456789abcdef0", "\"0x4\"", "\"0xfffffff\"", "cairo.claimed_sums"},
        {"0x123456789abcdef0", "0x123456789abcdef0", "0x10000000000000000",
         "cairo.interaction_pow"},
        {"0xffffffffffffffff", "\"0x2\"", "\"0x3\"", "cairo.fri.first"},
        {"0x7ffffffe\"\n]", "0x7ffffffe", "0x7fffffff", "cairo.salt"},
        {"\"0xa1\"", "\"0xa1\"", "\"0xa0\"", "cairo.variant"},
    };
    file text = make(&small);
    refuse_each(&text, SERDE, felts, sizeof felts / sizeof *felts);
    for (size_t n = 0; n < text.len; n += sage_test_quick() ? 211 : 7)
        if (!sage_cairo_read(&(sage_cairo_proof){0}, text.bytes, n, SAGE_CAIRO_FORMAT_SERDE,
                             NULL))
            fail_msg("%zu characters of %zu are accepted", n, text.len);
    free(text.bytes);
}

/* What a format cannot say is not written. */
static void test_not_lossless(void **state)
{
    (void)state;
    sage_sink sink     = {0};
    sage_errinfo err   = {0};
    file text          = make(&small), again;
    sage_cairo_proof p = read_good(&text, SERDE);
    p.n_samples[0] ^= 1; /* the claim does not have it so */
    for (int format = JSON; format <= BINARY; format++) {
        assert_int_equal(sage_cairo_write(&p, (sage_cairo_format)format, &sink, &err),
                         SAGE_EFORMAT);
        assert_string_equal(err.where, "cairo.write.shape");
        assert_int_equal(sink.len, 0);
    }
    sage_cairo_proof_free(&p);
    free(text.bytes);

    text       = make(&small_poseidon);
    file json  = convert(&text, SERDE, JSON);
    char *root = strstr((char *)json.bytes, "\"commitments\"");
    assert_non_null(root);
    root = strchr(strchr(root, '[') + 1, '"') + 1;
    memset(root, ' ', strcspn(root, "\""));
    memmove(root + 3, strchr(root, '"'), strlen(strchr(root, '"')) + 1);
    memcpy(root, "4294967295", 3);
    again = (file){json.bytes, strlen((char *)json.bytes)};
    p     = read_good(&again, JSON);
    assert_int_equal(p.hash, SAGE_HASH_POSEIDON252);
    assert_int_equal(sage_cairo_write(&p, SAGE_CAIRO_FORMAT_SERDE, &sink, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "cairo.write.hash");
    again = write_good(&p, BINARY);
    sage_cairo_proof_free(&p);
    free(again.bytes);
    free(json.bytes);
    free(text.bytes);
    free(sink.bytes);

    text       = make(&small); /* a run without one of the builtins */
    json       = convert(&text, SERDE, JSON);
    char *from = strstr((char *)json.bytes, "\"pedersen\": "),
         *to   = strstr((char *)json.bytes, ",\n          \"range_check_128\"");
    assert_true(from && to);
    memset(from + 12, ' ', (size_t)(to - from) - 12);
    memcpy(from + 12, "null", 4);
    assert_refused(&json, JSON, "cairo.claim.segments", "an absent segment");
    free(json.bytes);
    free(text.bytes);
}

/* Each allocation fails in its turn: an error and nothing kept, or the same proof. */
static void test_no_memory(void **state)
{
    (void)state;
    file text = make(&small_poseidon);
    for (int format = 1; format <= FORMATS; format++) {
        file f       = convert(&text, SERDE, format);
        uint32_t bad = 0;
        for (size_t n = 1;; n++) {
            size_t before = heap_live();
            sage_cairo_proof p;
            sage_sink out    = {0};
            sage_errinfo err = {0};
            heap_fail(n);
            sage_status st =
                sage_cairo_read(&p, f.bytes, f.len, (sage_cairo_format)format, &err);
            if (!st) {
                st = sage_cairo_write(&p, (sage_cairo_format)format, &out, &err);
                sage_cairo_proof_free(&p);
            }
            bool done = heap_fail(0) > 0;
            if (st) {
                assert_int_equal(st, SAGE_ENOMEM);
                assert_string_equal(err.where, "cairo.bytes");
                bad++;
            } else {
                file again = {out.bytes, out.len};
                assert_same(&f, &again, format, format);
            }
            free(out.bytes);
            assert_int_equal(heap_live(), before);
            if (done) break;
        }
        assert_true(bad >= 4);
        free(f.bytes);
    }
    free(text.bytes);
}

static void test_recognise(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
        int format;
    } each[] = {
        {"", 0, 0},
        {"[", 1, SERDE},
        {" \n\t[\"0x1\"]", 10, SERDE},
        {"{", 1, JSON},
        {"\r\n{}", 4, JSON},
        {"x", 1, 0},
        {"   ", 3, 0},
        {"\"0x1\"", 5, 0},
        {"SAGEPRF1\4\0\0\0", 12, BINARY},
        {"SAGEPRF1\4\0\0", 11, 0},
        {"SAGEPRF1\3\0\0\0", 12, 0},
        {"SAGEPRF2\4\0\0\0", 12, 0},
    };
    sage_cairo_proof p;
    sage_errinfo err = {0};
    for (size_t i = 0; i < sizeof each / sizeof *each; i++)
        assert_int_equal(sage_cairo_recognise((const uint8_t *)each[i].bytes, each[i].len),
                         each[i].format);
    assert_int_equal(sage_cairo_read(&p, (const uint8_t *)"x", 1, (sage_cairo_format)0, &err),
                     SAGE_EFORMAT);
    assert_string_equal(err.where, "cairo.format");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trips),      cmocka_unit_test(test_round_trips_extremes),
        cmocka_unit_test(test_published),        cmocka_unit_test(test_transposed),
        cmocka_unit_test(test_json_freedom),     cmocka_unit_test(test_json_hostile),
        cmocka_unit_test(test_json_bombs),       cmocka_unit_test(test_binary_hostile),
        cmocka_unit_test(test_binary_canonical), cmocka_unit_test(test_poseidon_canonical),
        cmocka_unit_test(test_serde_hostile),    cmocka_unit_test(test_not_lossless),
        cmocka_unit_test(test_no_memory),        cmocka_unit_test(test_recognise),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
