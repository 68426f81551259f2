/* vm/prover_input_json.c -- prover_input.json, as stwo-cairo's adapter lays it out. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_in.h"
#include "base/json_out.h"
#include "base/pages.h"
#include "vm/builtins.h"
#include "vm/prover_input.h"

enum { SMALL_BITS = 72, LOG_SMALL = 24, PRESENT = 11, MIN_INSTANCES = 16, WORDS = 8 };
static const char small_max[] = "4722366482869645213695"; /* 2^72 - 1 */

/* The keys of each object, in the order of the published files. */
static const char *const top_keys[] = {"state_transitions", "memory",
                                       "pc_count",          "public_memory_addresses",
                                       "builtin_segments",  "public_segment_context"};
enum { TRANSITIONS, MEMORY, PC_COUNT, PUBLIC, SEGMENTS, CONTEXT, TOP_KEYS };
static const char *const transition_keys[] = {"initial_state", "final_state",
                                              "casm_states_by_opcode"};
static const char *const state_keys[]      = {"pc", "ap", "fp"};
static const char *const memory_keys[]     = {"config", "address_to_id", "f252_values",
                                              "small_values"};
static const char *const config_keys[]     = {"small_max", "log_small_value_capacity"};
static const char *const segment_keys[]    = {"begin_addr", "stop_ptr"};
static const char *const context_keys[]    = {"present"};

/* The builtins that a proof covers, in the order of the file. */
static const struct {
    const char *key;
    sage_builtin builtin;
} segments[] = {{"add_mod_builtin", SAGE_BUILTIN_ADD_MOD},
                {"bitwise_builtin", SAGE_BUILTIN_BITWISE},
                {"output", SAGE_BUILTIN_OUTPUT},
                {"mul_mod_builtin", SAGE_BUILTIN_MUL_MOD},
                {"pedersen_builtin", SAGE_BUILTIN_PEDERSEN},
                {"poseidon_builtin", SAGE_BUILTIN_POSEIDON},
                {"range_check96_builtin", SAGE_BUILTIN_RANGE_CHECK96},
                {"range_check_builtin", SAGE_BUILTIN_RANGE_CHECK},
                {"ec_op_builtin", SAGE_BUILTIN_EC_OP}};
enum { N_SEGMENTS = sizeof segments / sizeof *segments };

/* --- reading --- */

static sage_status no_memory(const sage_json_in *c, const char *what)
{
    return sage_fail(c->err, SAGE_ENOMEM, "prover_input.memory", -1, "no memory for %s", what);
}

static sage_status read_u32(sage_json_in *c, uint64_t below, uint32_t *out, const char *where)
{
    uint64_t v    = 0;
    sage_status s = sage_json_in_number(c, below - 1, &v, where);
    *out          = (uint32_t)v;
    return s;
}

static sage_status read_state(sage_json_in *c, sage_casm_state *out)
{
    const uint64_t below = (uint64_t)1 << SAGE_MAX_ADDRESS_BITS;
    sage_json_in part[3];
    sage_status s = sage_json_in_members(c, state_keys, 3, part);
    if (!s) s = read_u32(&part[0], below, &out->pc, "prover_input.state");
    if (!s) s = read_u32(&part[1], below, &out->ap, "prover_input.state");
    if (!s) s = read_u32(&part[2], below, &out->fp, "prover_input.state");
    return s;
}

static sage_status read_states(sage_json_in *c, sage_casm_states *out)
{
    uint32_t n    = 0;
    bool more     = true;
    sage_status s = sage_json_in_count(c, UINT32_MAX, &n, "prover_input.state");
    if (!s) s = sage_json_in_open(c);
    if (s) return s;
    if (n) out->at = sage_pages_grow(NULL, 0, (size_t)n * sizeof *out->at);
    if (n && !out->at) return no_memory(c, "the states");
    out->n = n;
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_state(c, &out->at[i]);
    }
    return s;
}

static sage_status read_transitions(sage_prover_input *p, sage_json_in *c)
{
    const char *names[SAGE_OPCODES];
    sage_json_in part[3], states[SAGE_OPCODES];
    for (int o = 0; o < SAGE_OPCODES; o++)
        names[o] = sage_opcode_name((sage_opcode)o);
    sage_status s = sage_json_in_members(c, transition_keys, 3, part);
    if (!s) s = read_state(&part[0], &p->initial);
    if (!s) s = read_state(&part[1], &p->final);
    if (!s) s = sage_json_in_members(&part[2], names, SAGE_OPCODES, states);
    for (int o = 0; !s && o < SAGE_OPCODES; o++)
        s = read_states(&states[o], &p->states[o]);
    return s;
}

static sage_status read_config(sage_json_in *c)
{
    sage_json_in part[2];
    const char *digits;
    size_t n;
    uint64_t log  = 0;
    sage_status s = sage_json_in_members(c, config_keys, 2, part);
    if (!s) s = sage_json_in_digits(&part[0], &digits, &n);
    if (!s) s = sage_json_in_number(&part[1], UINT64_MAX, &log, "prover_input.config");
    if (s) return s;
    if (n != sizeof small_max - 1 || memcmp(digits, small_max, n) != 0 || log != LOG_SMALL)
        return sage_json_in_bad(&part[0], "prover_input.config",
                                "small values are below 2^72, at most 2^24 of them");
    return SAGE_OK;
}

static sage_status read_big(sage_json_in *c, uint32_t out[WORDS])
{
    sage_json_in start = *c;
    sage_value v;
    uint64_t l[WORDS / 2];
    sage_status s = sage_json_in_words(c, WORDS, UINT32_MAX, out, "prover_input.f252_values");
    if (s) return s;
    for (int i = 0; i < WORDS / 2; i++)
        l[i] = out[2 * i] | (uint64_t)out[2 * i + 1] << 32;
    if (!sage_value_from_limbs(&v, l))
        return sage_json_in_bad(&start, "prover_input.f252_values", "not below the prime");
    return SAGE_OK;
}

static sage_status read_bigs(sage_prover_input *p, sage_json_in *c)
{
    uint32_t n    = 0;
    bool more     = true;
    sage_status s = sage_json_in_count(c, SAGE_MEMORY_NO_ID, &n, "prover_input.f252_values");
    if (!s) s = sage_json_in_open(c);
    if (s) return s;
    if (n) p->big_values = sage_pages_grow(NULL, 0, (size_t)n * sizeof *p->big_values);
    if (n && !p->big_values) return no_memory(c, "the values");
    p->n_big = p->cap_big = n;
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_big(c, p->big_values[i]);
    }
    return s;
}

static sage_status read_small(sage_json_in *c, uint64_t out[2])
{
    sage_json_in start = *c;
    const char *digits;
    size_t n;
    sage_value v;
    sage_status s = sage_json_in_digits(c, &digits, &n);
    if (s) return s;
    if (n >= sizeof small_max || digits[0] == '-' || !sage_value_parse(&v, digits, n) ||
        v.l[1] >> (SMALL_BITS - 64))
        return sage_json_in_bad(&start, "prover_input.small_values", "not below 2^72");
    out[0] = v.l[0];
    out[1] = v.l[1];
    return SAGE_OK;
}

static sage_status read_smalls(sage_prover_input *p, sage_json_in *c)
{
    uint32_t n    = 0;
    bool more     = true;
    sage_status s = sage_json_in_count(c, 1 << LOG_SMALL, &n, "prover_input.small_values");
    if (!s) s = sage_json_in_open(c);
    if (s) return s;
    if (n) p->small_values = sage_pages_grow(NULL, 0, (size_t)n * sizeof *p->small_values);
    if (n && !p->small_values) return no_memory(c, "the values");
    p->n_small = p->cap_small = n;
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) return s;
        s = read_small(c, p->small_values[i]);
    }
    return s;
}

static bool is_id(const sage_prover_input *p, uint32_t id)
{
    if (id == SAGE_MEMORY_NO_ID) return true;
    return id & SAGE_MEMORY_BIG ? (id ^ SAGE_MEMORY_BIG) < p->n_big : id < p->n_small;
}

static sage_status read_id(const sage_prover_input *p, sage_json_in *c, uint32_t *out)
{
    sage_json_in start = *c;
    sage_status s =
        read_u32(c, (uint64_t)2 * SAGE_MEMORY_BIG, out, "prover_input.address_to_id");
    if (s || is_id(p, *out)) return s;
    return sage_json_in_bad(&start, "prover_input.address_to_id", "no value has this id");
}

/* Address 0 is nobody's. */
static sage_status read_ids(sage_prover_input *p, sage_json_in *c)
{
    uint32_t n         = 0;
    bool more          = true;
    sage_json_in start = *c;
    sage_status s =
        sage_json_in_count(c, 1 << SAGE_MAX_ADDRESS_BITS, &n, "prover_input.address_to_id");
    if (!s) s = sage_json_in_open(c);
    if (s) return s;
    if (n) p->address_to_id = sage_pages_grow(NULL, 0, (size_t)n * sizeof *p->address_to_id);
    if (n && !p->address_to_id) return no_memory(c, "the memory");
    p->n_addresses = n;
    for (uint32_t i = 0; !s; i++) {
        s = sage_json_in_more(c, i, &more);
        if (s || !more) break;
        s = read_id(p, c, &p->address_to_id[i]);
    }
    if (!s && (!n || p->address_to_id[0] != SAGE_MEMORY_NO_ID))
        s = sage_json_in_bad(&start, "prover_input.address_to_id", "address 0 holds a value");
    return s;
}

static sage_status read_memory(sage_prover_input *p, sage_json_in *c)
{
    sage_json_in part[4];
    sage_status s = sage_json_in_members(c, memory_keys, 4, part);
    if (!s) s = read_config(&part[0]);
    if (!s) s = read_bigs(p, &part[2]);
    if (!s) s = read_smalls(p, &part[3]);
    if (!s) s = read_ids(p, &part[1]);
    return s;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The adapter lists them in any order. */
static sage_status sort_public(sage_prover_input *p, const sage_json_in *c)
{
    bool sorted = true;
    for (uint32_t i = 1; i < p->n_public; i++)
        sorted = sorted && p->public_addresses[i - 1] < p->public_addresses[i];
    if (sorted) return SAGE_OK;
    qsort(p->public_addresses, p->n_public, sizeof *p->public_addresses, ascending);
    for (uint32_t i = 1; i < p->n_public; i++)
        if (p->public_addresses[i - 1] == p->public_addresses[i])
            return sage_json_in_bad(c, "prover_input.public_memory_addresses",
                                    "an address given twice");
    return SAGE_OK;
}

static sage_status read_public(sage_prover_input *p, sage_json_in *c)
{
    static const char where[] = "prover_input.public_memory_addresses";
    sage_json_in start        = *c;
    uint32_t n                = 0;
    sage_status s             = sage_json_in_count(c, p->n_addresses, &n, where);
    if (s) return s;
    p->public_addresses = malloc((size_t)n * sizeof *p->public_addresses + 1);
    if (!p->public_addresses) return no_memory(c, "the public memory");
    p->n_public = n;
    s           = sage_json_in_words(c, n, p->n_addresses - 1, p->public_addresses, where);
    if (s) return s;
    for (uint32_t i = 0; i < n; i++)
        if (p->address_to_id[p->public_addresses[i]] == SAGE_MEMORY_NO_ID)
            return sage_json_in_bad(&start, where, "a public address without value");
    return sort_public(p, &start);
}

/* Instances of a builtin are as many as its component has rows. */
static bool is_padded(sage_builtin b, uint32_t cells)
{
    uint32_t size = sage_builtin_cells(b), n = cells / size;
    if (b == SAGE_BUILTIN_OUTPUT) return true;
    return cells % size == 0 && n >= MIN_INSTANCES && !(n & (n - 1));
}

static sage_status read_segment(sage_prover_input *p, sage_json_in *c, sage_builtin b)
{
    static const char where[] = "prover_input.builtin_segments";
    sage_builtin_range r;
    sage_json_in part[2], start = *c;
    if (sage_json_in_null(c)) return SAGE_OK;
    sage_status s = sage_json_in_members(c, segment_keys, 2, part);
    if (!s) s = read_u32(&part[0], p->n_addresses, &r.begin, where);
    if (!s) s = read_u32(&part[1], (uint64_t)p->n_addresses + 1, &r.stop, where);
    if (s) return s;
    if (!r.begin || r.stop < r.begin || !is_padded(b, r.stop - r.begin))
        return sage_json_in_bad(&start, where,
                                "no range of 16, 32, 64 .. instances of the builtin");
    p->builtin[b] = r;
    return SAGE_OK;
}

static sage_status read_segments(sage_prover_input *p, sage_json_in *c)
{
    const char *names[N_SEGMENTS];
    sage_json_in part[N_SEGMENTS];
    for (int i = 0; i < N_SEGMENTS; i++)
        names[i] = segments[i].key;
    sage_status s = sage_json_in_members(c, names, N_SEGMENTS, part);
    for (int i = 0; !s && i < N_SEGMENTS; i++)
        s = read_segment(p, &part[i], segments[i].builtin);
    return s;
}

static sage_status read_context(sage_prover_input *p, sage_json_in *c)
{
    sage_json_in list, item[PRESENT];
    sage_status s = sage_json_in_members(c, context_keys, 1, &list);
    if (!s) s = sage_json_in_items(&list, PRESENT, item, "prover_input.present");
    for (int i = 0; !s && i < PRESENT; i++)
        s = sage_json_in_bool(&item[i], &p->present[i]);
    return s;
}

static sage_status read_all(sage_prover_input *p, sage_json_in *c)
{
    sage_json_in part[TOP_KEYS];
    uint64_t count = 0;
    sage_status s  = sage_json_in_members(c, top_keys, TOP_KEYS, part);
    if (!s) s = sage_json_in_end(c);
    if (!s) s = read_transitions(p, &part[TRANSITIONS]);
    if (!s) s = read_memory(p, &part[MEMORY]);
    if (!s)
        s = sage_json_in_number(&part[PC_COUNT], p->n_addresses - 1, &count,
                                "prover_input.pc_count");
    p->pc_count = count;
    if (!s) s = read_public(p, &part[PUBLIC]);
    if (!s) s = read_segments(p, &part[SEGMENTS]);
    return s ? s : read_context(p, &part[CONTEXT]);
}

bool sage_prover_input_is(const uint8_t *bytes, size_t len)
{
    sage_errinfo err;
    sage_json_in c = {.text = (const char *)bytes, .len = len, .err = &err};
    const char *key;
    size_t n;
    bool more;
    if (sage_json_in_open_object(&c) || sage_json_in_member(&c, 0, &more, &key, &n) || !more)
        return false;
    for (int i = 0; i < TOP_KEYS; i++)
        if (n == strlen(top_keys[i]) && !memcmp(key, top_keys[i], n)) return true;
    return false;
}

sage_status sage_prover_input_read(sage_prover_input *out,
                                   const uint8_t *bytes,
                                   size_t len,
                                   sage_errinfo *err)
{
    sage_json_in c = {.text = (const char *)bytes, .len = len, .err = err};
    memset(out, 0, sizeof *out);
    sage_status s = read_all(out, &c);
    if (s) sage_prover_input_free(out);
    return s;
}

/* --- writing --- */

static void put_field(sage_json_out *o, const char *key, uint64_t v)
{
    sage_json_out_key(o, key);
    sage_json_out_number(o, v);
}

static void open_field(sage_json_out *o, const char *key, char bracket)
{
    sage_json_out_key(o, key);
    sage_json_out_open(o, bracket);
}

static void put_state(sage_json_out *o, const sage_casm_state *s)
{
    sage_json_out_open(o, '{');
    put_field(o, state_keys[0], s->pc);
    put_field(o, state_keys[1], s->ap);
    put_field(o, state_keys[2], s->fp);
    sage_json_out_close(o, '}');
}

static void put_numbers(sage_json_out *o, const uint32_t *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        sage_json_out_number(o, v[i]);
}

static void put_transitions(sage_json_out *o, const sage_prover_input *p)
{
    sage_json_out_open(o, '{');
    sage_json_out_key(o, transition_keys[0]);
    put_state(o, &p->initial);
    sage_json_out_key(o, transition_keys[1]);
    put_state(o, &p->final);
    open_field(o, transition_keys[2], '{');
    for (int i = 0; i < SAGE_OPCODES; i++) {
        open_field(o, sage_opcode_name((sage_opcode)i), '[');
        for (uint64_t k = 0; k < p->states[i].n; k++)
            put_state(o, &p->states[i].at[k]);
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, '}');
    sage_json_out_close(o, '}');
}

static void put_memory(sage_json_out *o, const sage_prover_input *p)
{
    sage_json_out_open(o, '{');
    open_field(o, memory_keys[0], '{');
    sage_json_out_key(o, config_keys[0]);
    sage_json_out_wide(o, UINT64_MAX, (1u << (SMALL_BITS - 64)) - 1);
    put_field(o, config_keys[1], LOG_SMALL);
    sage_json_out_close(o, '}');
    open_field(o, memory_keys[1], '[');
    put_numbers(o, p->address_to_id, p->n_addresses);
    sage_json_out_close(o, ']');
    open_field(o, memory_keys[2], '[');
    for (uint32_t i = 0; i < p->n_big; i++) {
        sage_json_out_open(o, '[');
        put_numbers(o, p->big_values[i], WORDS);
        sage_json_out_close(o, ']');
    }
    sage_json_out_close(o, ']');
    open_field(o, memory_keys[3], '[');
    for (uint32_t i = 0; i < p->n_small; i++)
        sage_json_out_wide(o, p->small_values[i][0], p->small_values[i][1]);
    sage_json_out_close(o, ']');
    sage_json_out_close(o, '}');
}

static void put_segments(sage_json_out *o, const sage_prover_input *p)
{
    sage_json_out_open(o, '{');
    for (int i = 0; i < N_SEGMENTS; i++) {
        sage_builtin_range r = p->builtin[segments[i].builtin];
        sage_json_out_key(o, segments[i].key);
        if (!r.begin) {
            sage_json_out_null(o);
            continue;
        }
        sage_json_out_open(o, '{');
        put_field(o, segment_keys[0], r.begin);
        put_field(o, segment_keys[1], r.stop);
        sage_json_out_close(o, '}');
    }
    sage_json_out_close(o, '}');
}

static void put_context(sage_json_out *o, const sage_prover_input *p)
{
    sage_json_out_open(o, '{');
    open_field(o, context_keys[0], '[');
    for (int i = 0; i < PRESENT; i++)
        sage_json_out_bool(o, p->present[i]);
    sage_json_out_close(o, ']');
    sage_json_out_close(o, '}');
}

static void put_all(sage_json_out *o, const sage_prover_input *p)
{
    sage_json_out_open(o, '{');
    sage_json_out_key(o, top_keys[TRANSITIONS]);
    put_transitions(o, p);
    sage_json_out_key(o, top_keys[MEMORY]);
    put_memory(o, p);
    put_field(o, top_keys[PC_COUNT], p->pc_count);
    open_field(o, top_keys[PUBLIC], '[');
    put_numbers(o, p->public_addresses, p->n_public);
    sage_json_out_close(o, ']');
    sage_json_out_key(o, top_keys[SEGMENTS]);
    put_segments(o, p);
    sage_json_out_key(o, top_keys[CONTEXT]);
    put_context(o, p);
    sage_json_out_close(o, '}');
}

sage_status
sage_prover_input_write(const sage_prover_input *p, const char *path, sage_errinfo *err)
{
    sage_file_out *file;
    sage_status s = sage_file_begin(&file, path, 0644, err);
    if (s) return s;
    sage_json_out o = {.put = sage_file_put, .to = file};
    put_all(&o, p);
    return sage_file_end(file, true, err);
}
