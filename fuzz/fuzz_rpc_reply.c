/* Replies of a hostile Starknet node: the first byte chooses the call and whether what follows is
 * a whole answer or the result in one. What is taken must be what was asked for. */
#include "field/felt252_text.h"
#include "fuzz/fuzz.h"
#include "starknet/rpc.h"

typedef struct node {
    const char *bytes;
    size_t len;
    int http;
} node;

static sage_status ask(void *self, const sage_sn_question *q, sage_errinfo *err)
{
    const node *n = self;
    return sage_sn_answer(q, n->http, n->bytes, n->len, 1, err);
}

static void expect_ascii(const char *text)
{
    for (; *text; text++)
        FUZZ_EXPECT(*text >= 0x20 && *text <= 0x7e);
}

static felt252 asked_hash(void)
{
    return felt252_from_u64(0xabc);
}

static sage_status try_receipt(const sage_sn *sn, sage_errinfo *err)
{
    sage_sn_receipt r;
    sage_status st = sage_sn_tx_receipt(sn, asked_hash(), &r, err);
    if (!st) {
        FUZZ_EXPECT(felt252_eq(r.hash, asked_hash()));
        FUZZ_EXPECT(r.finality >= SAGE_SN_EXECUTED && r.finality <= SAGE_SN_ON_L1);
        FUZZ_EXPECT(!r.fee.w[2] && !r.fee.w[3]);
        expect_ascii(r.reason);
    } else
        FUZZ_EXPECT(!r.events && !r.n_events);
    sage_sn_receipt_free(&r);
    return st;
}

static bool on_event(void *arg, const sage_sn_event *e)
{
    const sage_sn_filter *f = arg;
    FUZZ_EXPECT(felt252_eq(e->from, f->address));
    FUZZ_EXPECT(e->keys.n && felt252_eq(e->keys.v[0], f->keys[0]));
    FUZZ_EXPECT(!e->in_block || (e->block_number >= 2 && e->block_number <= 9));
    return true;
}

static sage_status try_events(const sage_sn *sn, sage_errinfo *err)
{
    sage_sn_filter f = {.from    = {SAGE_SN_AT, 2},
                        .to      = {SAGE_SN_AT, 9},
                        .address = felt252_from_u64(1),
                        .n_keys  = 1,
                        .keys    = {felt252_from_u64(2)},
                        .page    = 16};
    return sage_sn_events(sn, &f, 1000, on_event, &f, err);
}

static sage_status try_add(const sage_sn *sn, sage_tx_kind kind, sage_errinfo *err)
{
    const sage_tx t = {.kind = kind, .sender = felt252_from_u64(0x51)};
    sage_status st  = sage_sn_add(sn, &t, asked_hash(), err);
    const node *n   = sn->self;
    /* Taken only if the answer names our hash, in one of its spellings. */
    if (!st) FUZZ_EXPECT(strcasestr(n->bytes, "abc") || strchr(n->bytes, '\\'));
    return st;
}

static sage_status try_class(const sage_sn *sn, sage_errinfo *err)
{
    json_t *out;
    const sage_sn_block latest = {SAGE_SN_LATEST, 0};
    sage_status st             = sage_sn_class(sn, latest, felt252_one(), &out, err);
    FUZZ_EXPECT(!st == (out != NULL));
    json_decref(out);
    return st;
}

static sage_status try_call(const sage_sn *sn, sage_errinfo *err)
{
    const sage_felt_list none = {0};
    sage_felt_list out;
    const sage_sn_block latest = {SAGE_SN_LATEST, 0};
    sage_status st = sage_sn_call(sn, latest, felt252_one(), felt252_one(), &none, &out, err);
    FUZZ_EXPECT(!st || !out.n);
    sage_felt_list_free(&out);
    return st;
}

static sage_status try_estimate(const sage_sn *sn, sage_errinfo *err)
{
    sage_sn_fee fee;
    const sage_tx t            = {.query = true};
    const sage_sn_block latest = {SAGE_SN_LATEST, 0};
    sage_status st             = sage_sn_estimate(sn, latest, &t, true, &fee, err);
    if (!st) FUZZ_EXPECT(!fee.fee.w[2] && !fee.fee.w[3]);
    return st;
}

static sage_status try_status(const sage_sn *sn, sage_errinfo *err)
{
    sage_sn_status s;
    sage_status st = sage_sn_tx_status(sn, asked_hash(), &s, err);
    if (!st) expect_ascii(s.reason);
    return st;
}

static sage_status try_words(const sage_sn *sn, char call, sage_errinfo *err)
{
    char version[SAGE_SN_VERSION];
    felt252 v;
    uint64_t n;
    sage_sn_header h;
    const sage_sn_block nine = {SAGE_SN_AT, 9};
    sage_status st;
    switch (call) {
    case 'v':
        st = sage_sn_spec_version(sn, version, err);
        FUZZ_EXPECT(strlen(version) < SAGE_SN_VERSION);
        return st;
    case 'n': return sage_sn_nonce(sn, nine, felt252_one(), &n, err);
    case 'b': return sage_sn_block_number(sn, &n, err);
    case 'h':
        st = sage_sn_block_header(sn, nine, &h, err);
        FUZZ_EXPECT(st || h.number == 9);
        return st;
    default: return sage_sn_chain_id(sn, &v, err);
    }
}

static void try_one(char call, node *n)
{
    sage_errinfo err = {0};
    const sage_sn sn = {ask, n};
    sage_status st;
    switch (call) {
    case 'r': st = try_receipt(&sn, &err); break;
    case 'e': st = try_events(&sn, &err); break;
    case 'i': st = try_add(&sn, SAGE_TX_INVOKE, &err); break;
    case 'd': st = try_add(&sn, SAGE_TX_DEPLOY_ACCOUNT, &err); break;
    case 'c': st = try_class(&sn, &err); break;
    case 'f': st = try_call(&sn, &err); break;
    case 'g': st = try_estimate(&sn, &err); break;
    case 's': st = try_status(&sn, &err); break;
    default: st = try_words(&sn, call, &err); break;
    }
    FUZZ_EXPECT(!st || (err.code == st && err.where));
    expect_ascii(err.msg);
    (void)sage_sn_unknown(&err);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":";
    if (!size) return 0;
    size_t room = size + sizeof head + 1, len = size - 1;
    char *text = malloc(room), call = (char)(bytes[0] | 0x20);
    if (!text) abort();
    bool whole = bytes[0] != (uint8_t)call; /* an upper-case letter: a whole answer */
    int n      = whole ? 0 : snprintf(text, room, "%s", head);
    if (len) memcpy(text + n, bytes + 1, len);
    len += (size_t)n;
    if (!whole) text[len++] = '}';
    text[len] = 0;
    node good = {text, len, 200}, bad = {text, len, 500};
    try_one(call, &good);
    if (whole) try_one(call, &bad);
    free(text);
    return 0;
}
