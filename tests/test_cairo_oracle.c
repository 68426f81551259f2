/* tests/test_cairo_oracle.c -- the published Cairo proofs as oracles of our protocol.
 *
 * Two proofs of stwo-cairo 2b1fb4d (facts section 0). The Blake2s one must be accepted as it
 * stands and refused, with a reason, after any change of a felt. The files are not part of
 * this repository ($SAGE_SHARED, else ../shared beside the source); without them those tests
 * are skipped. What is derived from the Blake2s proof and small is below and always checked. */
#include "base/test.h"

#include "cairo/check.h"
#include "hash/blake2s.h"

#define ALL_OPCODES "stwo-cairo/test_prove_verify_all_opcode_components/proof.json"
#define RET_OPCODE  "stwo-cairo/test_prove_verify_ret_opcode/proof.json"

enum { MAX_TEXT = 8 << 20 };

/* Derived facts: all from the transcript and the last FRI layer of ALL_OPCODES. */
static const char interaction_digest[] =
    "24f5f29dff80511d9a83bc9b2348c10ccacbba39de67e9b893aa39ec4b615bfc";
static const uint64_t interaction_nonce = 0x80005a15e;
static const qm31 logup_z               = {{1724453436, 656701161, 997520552, 195617167}};
static const qm31 logup_alpha           = {{95425808, 26745409, 1910090746, 1267188173}};

static const char point_digest[] =
    "2e3181f51ab974ef8ed28e6ac8a60736be40bff3956c5dab520d7e2b4beba485";
static const secure_point oods_point = {{{1359393285, 1554860819, 325248175, 312971234}},
                                        {{979222963, 387875780, 2103437573, 1647248740}}};

static const char query_digest[] =
    "b198dfb9ffd0abefee477012620659690d3af1bf66f04c5568644faaf1c64f7d";
static const uint64_t query_nonce = 0x96000f2392;
static const uint32_t queries[70] = {
    15668,   45111,   68348,   83683,   89912,   90943,   118037,  118457,  125566,  147956,
    161511,  213401,  291297,  362415,  384225,  387792,  420799,  478151,  478515,  489744,
    507259,  557702,  573356,  593713,  618907,  634763,  651434,  658853,  674287,  701954,
    721876,  745651,  761694,  791379,  871047,  875490,  933065,  941250,  957785,  1050625,
    1056880, 1073429, 1095730, 1114638, 1133715, 1197986, 1234158, 1243194, 1251664, 1262298,
    1281612, 1289255, 1372440, 1512434, 1539466, 1550616, 1624397, 1640902, 1649558, 1770785,
    1851622, 1856444, 1858146, 1875507, 1899709, 1916737, 1950767, 1958315, 1969481, 2030565};

/* The last committed layer: 2^3 values on half_odds(3), four to a leaf, folded twice. */
static const char last_root[] =
    "5a54a4d0ccb3638fa2a3cd82770e2d6dae751aa4da789e7e25a1d9d14df82b5c";
static const qm31 last_alpha      = {{804004793, 2138168616, 281254378, 1640619097}};
static const qm31 last_value      = {{1721709792, 1370623707, 2122065661, 2146644763}};
static const qm31 layer_values[8] = {{{1912521076, 1479505154, 429254575, 844278409}},
                                     {{1706090177, 1824015486, 1749009411, 769576314}},
                                     {{2045298977, 1613884980, 1751564577, 1959360696}},
                                     {{1781926890, 1963599828, 1612898572, 1738463211}},
                                     {{748607255, 1564896441, 1432571590, 1880517682}},
                                     {{1165743502, 367353116, 665854880, 1550551047}},
                                     {{1353164362, 175362435, 937751020, 1448991344}},
                                     {{2030838354, 478426162, 359065998, 431618557}}};

static void from_hex(uint8_t out[32], const char *hex)
{
    for (int i = 0; i < 32; i++) {
        char byte[3] = {hex[2 * i], hex[2 * i + 1], 0};
        out[i]       = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static sage_channel channel_at(const char *digest)
{
    sage_channel ch;
    sage_channel_init(&ch, SAGE_HASH_BLAKE2S);
    from_hex(ch.digest, digest);
    return ch;
}

static void assert_qm31(qm31 a, qm31 b)
{
    for (int i = 0; i < 4; i++)
        assert_int_equal(a.v[i], b.v[i]);
}

static void test_facts_transcript(void **state)
{
    (void)state;
    sage_channel ch = channel_at(interaction_digest);
    assert_true(sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, interaction_nonce));
    assert_false(
        sage_channel_pow_valid(&ch, SAGE_CAIRO_INTERACTION_POW, interaction_nonce + 1));
    sage_channel_mix_u64(&ch, interaction_nonce);
    qm31 drawn[2];
    sage_channel_draw_felts(&ch, drawn, 2);
    assert_qm31(drawn[0], logup_z);
    assert_qm31(drawn[1], logup_alpha);

    ch             = channel_at(point_digest);
    secure_point p = sage_channel_draw_point(&ch);
    assert_qm31(p.x, oods_point.x);
    assert_qm31(p.y, oods_point.y);
}

static void test_facts_queries(void **state)
{
    (void)state;
    sage_channel ch = channel_at(query_digest);
    assert_true(sage_channel_pow_valid(&ch, 26, query_nonce));
    assert_false(sage_channel_pow_valid(&ch, 26, query_nonce ^ 1));
    sage_channel_mix_u64(&ch, query_nonce);
    uint32_t drawn[70];
    assert_int_equal(sage_draw_queries(&ch, 70, 21, drawn), 70);
    assert_memory_equal(drawn, queries, sizeof queries);
}

static void test_facts_last_layer(void **state)
{
    (void)state;
    uint8_t root[32], digests[64];
    uint32_t positions[2] = {0, 1};
    from_hex(root, last_root);
    for (int leaf = 0; leaf < 2; leaf++) {
        sage_blake2s h;
        sage_blake2s_init(&h);
        for (int i = 0; i < 4; i++)
            sage_blake2s_update_words(&h, layer_values[4 * leaf + i].v, 4);
        sage_blake2s_final(&h, digests + 32 * leaf);
    }
    assert_true(sage_merkle_verify(SAGE_HASH_BLAKE2S, root, 1, positions, digests, 2,
                                   (sage_view){NULL, 0}));

    qm31 v[8], alpha = last_alpha;
    memcpy(v, layer_values, sizeof v);
    for (uint32_t log = 3; log > 1; log--, alpha = qm31_sqr(alpha))
        for (uint32_t i = 0; i < 1u << (log - 1); i++) {
            m31 x    = line_at(log, bit_reverse(2 * i, log));
            qm31 sum = qm31_add(v[2 * i], v[2 * i + 1]);
            qm31 odd = qm31_scale(qm31_sub(v[2 * i], v[2 * i + 1]), m31_inv(x));
            v[i]     = qm31_add(sum, qm31_mul(alpha, odd));
        }
    assert_qm31(v[0], last_value);
    assert_qm31(v[1], last_value);
}

/* A text and where each felt of it is. */
typedef struct text {
    char *bytes;
    size_t len;
    size_t *felt; /* offset of the opening quote; felt[n] = len */
    uint32_t n;
} text;

static void text_free(text *t)
{
    free(t->bytes);
    free(t->felt);
}

/* skip()s the test when the file is not there. */
static text text_load(const char *name)
{
    const char *shared = getenv("SAGE_SHARED"), *source = getenv("SAGE_SOURCE_DIR");
    char path[1024];
    if (shared)
        snprintf(path, sizeof path, "%s/vectors/%s", shared, name);
    else
        snprintf(path, sizeof path, "%s/../shared/vectors/%s", source ? source : ".", name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("no vector %s\n", name);
        skip();
    }
    text t = {malloc(MAX_TEXT), 0, calloc(MAX_TEXT / 6, sizeof(size_t)), 0};
    assert_non_null(t.bytes);
    assert_non_null(t.felt);
    t.len = fread(t.bytes, 1, MAX_TEXT, f);
    fclose(f);
    assert_true(t.len > 0 && t.len < MAX_TEXT);
    bool open = false;
    for (size_t i = 0; i < t.len; i++) {
        if (t.bytes[i] != '"') continue;
        if (!open) t.felt[t.n++] = i;
        open = !open;
    }
    t.felt[t.n] = t.len;
    return t;
}

/* Sections in the order of the text, as the reader names them. */
static const char *const sections[] = {
    "cairo.claim.program",   "cairo.claim.segments",  "cairo.claim.output",
    "cairo.claim.safe_call", "cairo.claim.initial",   "cairo.claim.final",
    "cairo.claim.option",    "cairo.interaction_pow", "cairo.claimed_sums",
    "cairo.config",          "cairo.commitments",     "cairo.sampled",
    "cairo.decommitments",   "cairo.queried",         "cairo.pow_nonce",
    "cairo.fri.first",       "cairo.fri.layers",      "cairo.fri.inner",
    "cairo.fri.last",        "cairo.fri.last_log",    "cairo.salt"};
enum { SECTIONS = sizeof sections / sizeof *sections };

/* The section of felt i: what the reader misses when the text ends before it. */
static int section_of(const text *t, uint32_t i)
{
    sage_cairo_proof p;
    sage_errinfo err = {0};
    size_t end       = i ? t->felt[i] : t->felt[0];
    while (i && t->bytes[end - 1] != '"')
        end--;
    sage_status st =
        sage_cairo_read(&p, (const uint8_t *)t->bytes, end, SAGE_CAIRO_FORMAT_SERDE, &err);
    assert_int_equal(st, SAGE_EFORMAT);
    const char *where = err.where;
    if (!strcmp(where, "cairo.claim.log_size") || !strcmp(where, "cairo.claim.big"))
        where = "cairo.claim.option";
    for (int s = 0; s < SECTIONS; s++)
        if (!strcmp(where, sections[s])) return s;
    fail_msg("felt %u is missed as %s", i, err.where);
    return -1;
}

/* first[s]: the first felt of section s; sections follow each other in the text. Found once. */
static uint32_t first[SECTIONS + 1];
static void find_sections(const text *t)
{
    if (first[SECTIONS]) return;
    for (int s = 0; s <= SECTIONS; s++) {
        uint32_t lo = s ? first[s - 1] : 0, hi = t->n;
        while (s && lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (section_of(t, mid) >= s)
                hi = mid;
            else
                lo = mid + 1;
        }
        first[s] = s ? lo : 0;
    }
    assert_int_equal(first[SECTIONS], t->n);
}

/* Reasons and how often they were given. */
typedef struct histogram {
    const char *where[96];
    uint32_t count[96], n, total;
} histogram;

static void histogram_add(histogram *h, const char *where)
{
    uint32_t i = 0;
    while (i < h->n && strcmp(h->where[i], where) != 0)
        i++;
    assert_true(i < 96);
    if (i == h->n) h->where[h->n++] = where;
    h->count[i]++;
    h->total++;
}

static void histogram_print(const histogram *h)
{
    print_message("%u mutations refused:\n", h->total);
    for (uint32_t i = 0; i < h->n; i++)
        print_message("  %5u %s\n", h->count[i], h->where[i]);
}

static sage_status read_text(sage_cairo_proof *p, const text *t, sage_errinfo *err)
{
    return sage_cairo_read(p, (const uint8_t *)t->bytes, t->len, SAGE_CAIRO_FORMAT_SERDE, err);
}

static sage_status judge(const char *bytes, size_t len, sage_errinfo *err)
{
    sage_cairo_proof p;
    sage_status st =
        sage_cairo_read(&p, (const uint8_t *)bytes, len, SAGE_CAIRO_FORMAT_SERDE, err);
    if (st != SAGE_OK) return st;
    st = sage_cairo_check_commitments(&p, err);
    sage_cairo_proof_free(&p);
    return st;
}

static void
assert_refused(const char *bytes, size_t len, const char *what, uint32_t at, histogram *h)
{
    sage_errinfo err = {0};
    sage_status st   = judge(bytes, len, &err);
    if (st == SAGE_OK) fail_msg("accepted with %s at felt %u", what, at);
    if (st != SAGE_EFORMAT && st != SAGE_EPROOF && st != SAGE_EINVAL && st != SAGE_EUNSUP)
        fail_msg("%s at felt %u: %s", what, at, err.msg);
    assert_non_null(err.where);
    histogram_add(h, err.where);
}

/* The text with felts [from, to) replaced by `with`. */
static size_t splice(const text *t, uint32_t from, uint32_t to, const char *with, char *out)
{
    size_t head = t->felt[from], tail = to == t->n ? t->felt[t->n - 1] : t->felt[to];
    size_t n = strlen(with);
    if (to == t->n) tail += strcspn(t->bytes + tail + 1, "\"") + 2;
    memcpy(out, t->bytes, head);
    memcpy(out + head, with, n);
    memcpy(out + head + n, t->bytes + tail, t->len - tail);
    return head + n + t->len - tail;
}

static uint64_t next_random(uint64_t *s)
{
    *s ^= *s << 13;
    *s ^= *s >> 7;
    *s ^= *s << 17;
    return *s;
}

/* The first words of felt i; all felts of this proof fit 64 bits. */
static uint64_t felt_value(const text *t, uint32_t i)
{
    return strtoull(t->bytes + t->felt[i] + 1, NULL, 16);
}

static size_t replace_value(const text *t, uint32_t i, uint64_t v, char *out)
{
    char with[64];
    const char *after = i + 1 < t->n ? ",\n  " : "";
    snprintf(with, sizeof with, "\"0x%llx\"%s", (unsigned long long)v, after);
    return splice(t, i, i + 1, with, out);
}

static uint64_t mutated(uint64_t v, uint64_t *seed)
{
    uint64_t changed[] = {v ^ 1,     v ^ 1u << 30, v + 1,
                          v ? 0 : 1, M31_P - 1,    next_random(seed) >> 33};
    uint64_t to        = changed[next_random(seed) % 6];
    return to != v ? to : v ^ 1;
}

static void test_read_both(void **state)
{
    (void)state;
    static const char *const names[2] = {ALL_OPCODES, RET_OPCODE};
    for (int i = 0; i < 2; i++) {
        text t           = text_load(names[i]);
        sage_errinfo err = {0};
        sage_cairo_proof p;
        sage_pcs_shape shape;
        void *mem = NULL;
        assert_int_equal(t.n, i ? 64816 : 270641);
        assert_int_equal(read_text(&p, &t, &err), SAGE_OK);
        assert_int_equal(p.hash, i ? SAGE_HASH_POSEIDON252 : SAGE_HASH_BLAKE2S);
        assert_int_equal(p.variant,
                         i ? SAGE_CAIRO_CANONICAL_WITHOUT_PEDERSEN : SAGE_CAIRO_CANONICAL);
        assert_int_equal(sage_cairo_shape(&p, &shape, &mem, &err), SAGE_OK);

        assert_int_equal(p.salt, i ? 42 : 0);
        assert_int_equal(p.claim.n_big, i ? 0 : 1);
        assert_int_equal(p.proof.claimed_sums.n, i ? 24 : 46);
        assert_int_equal(shape.tree[0].n_cols, i ? 105 : 161);
        assert_int_equal(shape.tree[1].n_cols, i ? 160 : 1464);
        assert_int_equal(shape.tree[2].n_cols, i ? 212 : 1032);
        const uint8_t *samples = p.n_samples;
        for (int k = 0; k < SAGE_MAX_TREES; samples += p.n_columns[k], k++) {
            assert_int_equal(p.n_columns[k], shape.tree[k].n_cols);
            assert_memory_equal(samples, shape.tree[k].samples, shape.tree[k].n_cols);
        }
        sage_fri_plan plan;
        sage_fri_plan_make(&plan, &shape.config, shape.log_ext);
        assert_int_equal(plan.n_layers, p.proof.n_layers);
        free(mem);
        sage_cairo_proof_free(&p);
        text_free(&t);
    }
}

static void test_accept(void **state)
{
    (void)state;
    text t           = text_load(ALL_OPCODES);
    sage_errinfo err = {0};
    sage_cairo_proof p;
    sage_channel ch;
    uint8_t digest[32];
    assert_int_equal(read_text(&p, &t, &err), SAGE_OK);
    assert_int_equal(sage_cairo_mix_statement(&p, &ch, &err), SAGE_OK);
    sage_channel want = channel_at(interaction_digest);
    sage_channel_mix_u64(&want, interaction_nonce);
    memcpy(digest, want.digest, sizeof digest);
    assert_memory_equal(ch.digest, digest, sizeof digest);
    if (sage_cairo_check_commitments(&p, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);
    sage_cairo_proof_free(&p);
    text_free(&t);
}

/* The second proof, whose transcript and trees hash with Poseidon252. */
static void test_accept_poseidon(void **state)
{
    (void)state;
    text t           = text_load(RET_OPCODE);
    sage_errinfo err = {0};
    sage_cairo_proof p;
    assert_int_equal(read_text(&p, &t, &err), SAGE_OK);
    if (sage_cairo_check_commitments(&p, &err) != SAGE_OK)
        fail_msg("%s: %s", err.where, err.msg);

    /* With Blake2s it is another proof, and so it is with another nonce, value or sibling. */
    p.hash = SAGE_HASH_BLAKE2S;
    assert_int_not_equal(sage_cairo_check_commitments(&p, &err), SAGE_OK);
    p.hash = SAGE_HASH_POSEIDON252;
    p.proof.pow_nonce++;
    assert_int_equal(sage_cairo_check_commitments(&p, &err), SAGE_EPROOF);
    assert_string_equal(err.where, "proof.pow.query");
    p.proof.pow_nonce--;
    sage_sink *b          = &p.bytes;
    const size_t value    = (size_t)(p.proof.queried[1].p - b->bytes);
    const size_t sibling  = (size_t)(p.proof.hash_witness[2].p - b->bytes);
    const size_t leaf     = (size_t)(p.proof.layer[3].witness.p - b->bytes);
    const size_t places[] = {value, sibling, leaf};
    const char *wheres[]  = {"proof.merkle.trace", "proof.merkle.interaction",
                             "proof.fri.layer"};
    for (int i = 0; i < 3; i++) {
        b->bytes[places[i]] ^= 1;
        assert_int_equal(sage_cairo_check_commitments(&p, &err), SAGE_EPROOF);
        assert_string_equal(err.where, wheres[i]);
        b->bytes[places[i]] ^= 1;
    }

    /* A second encoding of a sibling: the same residue, P more. */
    uint8_t *digest = b->bytes + sibling;
    uint32_t carry  = 1;
    for (int i = 0; i < 32; i++) {
        carry += digest[i] + (i == 24 ? 17u : i == 31 ? 8u : 0u);
        digest[i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_int_equal(sage_cairo_check_commitments(&p, &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "proof.format.digest");
    sage_cairo_proof_free(&p);
    text_free(&t);
}

/* Every section, evenly: all of a short one, `per` felts of a long one. */
static void test_felts(void **state)
{
    (void)state;
    text t        = text_load(ALL_OPCODES);
    char *out     = malloc(t.len + 64);
    uint32_t per  = sage_test_quick() ? 6 : 40;
    uint64_t seed = 0x5a6e0001;
    histogram h   = {0};
    assert_non_null(out);
    find_sections(&t);
    for (int s = 0; s < SECTIONS; s++) {
        uint32_t n = first[s + 1] - first[s];
        assert_true(n > 0);
        for (uint32_t k = 0; k < (n < per ? n : per); k++) {
            uint32_t i = first[s] + (n <= per ? k : (uint32_t)(next_random(&seed) % n));
            size_t len = replace_value(&t, i, mutated(felt_value(&t, i), &seed), out);
            assert_refused(out, len, sections[s], i, &h);
        }
    }
    histogram_print(&h);
    assert_true(h.total >= (sage_test_quick() ? 80u : 300u));
    free(out);
    text_free(&t);
}

/* Sizes, encodings and order rather than values. */
static void test_structure(void **state)
{
    (void)state;
    text t      = text_load(ALL_OPCODES);
    char *out   = malloc(t.len + 256);
    histogram h = {0};
    assert_non_null(out);
    find_sections(&t);

    for (int s = 0; s < SECTIONS; s++) { /* section heads: many are length prefixes */
        uint64_t v            = felt_value(&t, first[s]);
        const uint64_t give[] = {v + 1, v - 1, 0x7fffffff, 0xffffffff, 1ull << 32, UINT64_MAX};
        for (size_t k = 0; k < sizeof give / sizeof *give; k += sage_test_quick() ? 3 : 1)
            assert_refused(out, replace_value(&t, first[s], give[k], out), sections[s],
                           first[s], &h);
        size_t len = splice(&t, first[s], first[s] + 1, "", out); /* a felt is missing */
        assert_refused(out, len, "a missing felt", first[s], &h);
        len = splice(&t, first[s], first[s], "\"0x1\", ", out); /* one too many */
        assert_refused(out, len, "an extra felt", first[s], &h);
        len = t.felt[first[s]]; /* cut */
        memcpy(out, t.bytes, len);
        assert_refused(out, len, "the end", first[s], &h);
    }

    static const char prime[]        = "\"0x8000000000000110000000000000000000000000000000"
                                       "00000000000000001\"";
    static const char *const forms[] = {"\"0x00\"", "\"0X0\"", "\"0x\"",  "\"0xG\"",
                                        "0",        "null",    "[]",      "\"\"",
                                        prime,      "\"0x0",   "\"-0x1\""};
    for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
        size_t len = splice(&t, t.n - 1, t.n, forms[k], out); /* the salt, 0 */
        assert_refused(out, len, forms[k], t.n - 1, &h);
    }
    assert_refused(out, replace_value(&t, t.n - 1, M31_P, out), "salt p", t.n - 1, &h);

    uint32_t roots = first[10] + 1; /* two roots change places */
    memcpy(out, t.bytes, t.len);
    size_t a = t.felt[roots + 8], b = t.felt[roots + 16], c = t.felt[roots + 24];
    memcpy(out + a, t.bytes + b, c - b);
    memcpy(out + a + (c - b), t.bytes + a, b - a);
    assert_refused(out, t.len, "swapped roots", roots, &h);

    memcpy(out, t.bytes, t.len);
    memcpy(out + t.len, "x", 2);
    assert_refused(out, t.len + 1, "text after the array", t.n, &h);
    assert_refused("", 0, "nothing", 0, &h);
    assert_refused("[]", 2, "an empty array", 0, &h);
    histogram_print(&h);
    free(out);
    text_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_facts_transcript),
        cmocka_unit_test(test_facts_queries),
        cmocka_unit_test(test_facts_last_layer),
        cmocka_unit_test(test_read_both),
        cmocka_unit_test(test_accept),
        cmocka_unit_test(test_accept_poseidon),
        cmocka_unit_test(test_felts),
        cmocka_unit_test(test_structure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
