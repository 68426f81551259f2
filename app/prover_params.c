/* The reference's parameter file (stwo-cairo 2b1fb4d, crates/prover/src/prover.rs, struct
 * ProverParameters; stwo 7b211edd, PcsConfig and FriConfig), as serde reads it. */
#include "app/prover_params.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/json_in.h"
#include "stark/config.h"

enum { MAX_FILE = 1 << 16, MODULUS = 0x7fffffff };

static bool is(const char *text, size_t n, const char *word)
{
    return strlen(word) == n && !memcmp(text, word, n);
}

static sage_status hash_of(const char *text, size_t n, uint32_t *out, sage_errinfo *err)
{
    for (*out = 0; sage_hash_family_name(*out); ++*out)
        if (is(text, n, sage_hash_family_name(*out))) return SAGE_OK;
    if (is(text, n, "blake2s_m31"))
        return sage_fail(err, SAGE_EUNSUP, "params.unsupported", -1,
                         "channel_hash blake2s_m31 is not made here");
    return sage_fail(err, SAGE_EINVAL, "params.hash", -1,
                     "the hash is blake2s or poseidon252, not \"%.*s\"", (int)(n < 40 ? n : 40),
                     text);
}

static sage_status no_trace(const char *text, size_t n, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EINVAL, "params.preprocessed", -1,
                     "the preprocessed trace is canonical, canonical_without_pedersen or "
                     "canonical_small, not \"%.*s\"",
                     (int)(n < 40 ? n : 40), text);
}

static sage_status preprocessed_of(const char *text,
                                   size_t n,
                                   sage_cairo_preprocessed_kind *out,
                                   sage_errinfo *err)
{
    static const struct {
        const char *name;
        sage_cairo_preprocessed_kind value;
    } names[] = {{"auto", SAGE_CAIRO_PREPROCESSED_AUTO},
                 {"canonical", SAGE_CAIRO_PREPROCESSED_CANONICAL},
                 {"canonical_without_pedersen", SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN},
                 {"without_pedersen", SAGE_CAIRO_PREPROCESSED_WITHOUT_PEDERSEN},
                 {"canonical_small", SAGE_CAIRO_PREPROCESSED_SMALL},
                 {"small", SAGE_CAIRO_PREPROCESSED_SMALL}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (is(text, n, names[i].name)) {
            *out = names[i].value;
            return SAGE_OK;
        }
    return no_trace(text, n, err);
}

sage_status hash_named(const char *name, uint32_t *out, sage_errinfo *err)
{
    return hash_of(name, strlen(name), out, err);
}

sage_status
preprocessed_named(const char *name, sage_cairo_preprocessed_kind *out, sage_errinfo *err)
{
    return preprocessed_of(name, strlen(name), out, err);
}

/* --- the JSON --- */

/* The object at c: out[i] is the value of names[i], its text NULL if it is not there, which the
 * first n_required must be. serde passes unknown keys over; here they are refused, because what
 * they would mean to the proof is not known. */
static sage_status members(sage_json_in *c,
                           const char *const *names,
                           uint32_t n,
                           uint32_t n_required,
                           sage_json_in *out)
{
    const char *key;
    size_t len;
    bool more;
    memset(out, 0, n * sizeof *out);
    sage_status s = sage_json_in_open_object(c);
    for (uint32_t k = 0; !s; k++) {
        uint32_t i = 0;
        s          = sage_json_in_member(c, k, &more, &key, &len);
        if (s || !more) break;
        while (i < n && !is(key, len, names[i]))
            i++;
        if (i == n || out[i].text)
            return sage_fail(c->err, SAGE_EFORMAT, i == n ? "json.unknown" : "json.twice",
                             (long long)c->at, "the key \"%.*s\"", (int)(len < 40 ? len : 40),
                             key);
        s = sage_json_in_skip(c, &out[i]);
    }
    for (uint32_t i = 0; !s && i < n_required; i++)
        if (!out[i].text)
            s = sage_fail(c->err, SAGE_EFORMAT, "json.missing", (long long)c->at,
                          "the key \"%s\" is missing", names[i]);
    return s;
}

/* A number that may be left out. */
static sage_status number(sage_json_in *c, uint32_t *out, uint32_t preset, const char *where)
{
    uint64_t v    = preset;
    sage_status s = c->text ? sage_json_in_number(c, UINT32_MAX, &v, where) : SAGE_OK;
    *out          = (uint32_t)v;
    return s;
}

static sage_status unsupported(sage_json_in *c, const char *what)
{
    return sage_fail(c->err, SAGE_EUNSUP, "params.unsupported", (long long)c->at,
                     "%s is not made here", what);
}

/* false, or left out. */
static sage_status must_be_false(sage_json_in *c, const char *what)
{
    bool set      = false;
    sage_status s = c->text ? sage_json_in_bool(c, &set) : SAGE_OK;
    return s || !set ? s : unsupported(c, what);
}

static sage_status fri_config(sage_json_in *c, sage_params *p)
{
    static const char *const names[] = {"log_last_layer_degree_bound", "log_blowup_factor",
                                        "n_queries", "fold_step"};
    sage_json_in v[4];
    sage_status s = members(c, names, 4, 3, v);
    if (!s) s = number(&v[0], &p->log_last_layer, 0, "json.range");
    if (!s) s = number(&v[1], &p->log_blowup, 0, "json.range");
    if (!s) s = number(&v[2], &p->n_queries, 0, "json.range");
    if (!s) s = number(&v[3], &p->fold_step, sage_config_production.fold_step, "json.range");
    return s;
}

static sage_status pcs_config(sage_json_in *c, sage_params *p)
{
    static const char *const names[] = {"pow_bits", "fri_config", "min_lifting_log_size"};
    sage_json_in v[3];
    uint32_t lifting = 0;
    sage_status s    = members(c, names, 3, 2, v);
    if (!s) s = number(&v[0], &p->pow_bits, 0, "json.range");
    if (!s) s = fri_config(&v[1], p);
    if (!s) s = number(&v[2], &lifting, 0, "json.range");
    if (!s && lifting) s = unsupported(&v[2], "a proof with a min_lifting_log_size of its own");
    return s;
}

static sage_status check_config(const sage_params *p, sage_errinfo *err)
{
    const sage_config c = {p->pow_bits, p->log_blowup, p->n_queries, p->log_last_layer,
                           p->fold_step};
    return sage_config_check(&c, err);
}

static sage_status salt(sage_json_in *c, uint32_t *out)
{
    sage_status s = number(c, out, 0, "json.range");
    if (!s && *out >= MODULUS)
        s = sage_fail(c->err, SAGE_EINVAL, "params.salt", *out,
                      "the salt is below 2^31 - 1, not %u", *out);
    return s;
}

/* Storing coefficients trades memory for time there and is nothing of the proof. */
static sage_status reference(prover_params *out, sage_json_in *c)
{
    static const char *const names[] = {"channel_hash",
                                        "channel_salt",
                                        "pcs_config",
                                        "preprocessed_trace",
                                        "store_polynomials_coefficients",
                                        "include_all_preprocessed_columns",
                                        "opt_n_id_to_big_components",
                                        "raise_min_lifting_to_max_column"};
    sage_json_in v[8];
    const char *text;
    size_t n;
    bool stored;
    sage_status s = members(c, names, 8, 4, v);
    if (!s) s = sage_json_in_end(c);
    if (!s) s = sage_json_in_string(&v[0], &text, &n);
    if (!s) s = hash_of(text, n, &out->hash, c->err);
    if (!s) s = salt(&v[1], &out->salt);
    if (!s) s = pcs_config(&v[2], &out->params);
    if (!s) s = check_config(&out->params, c->err);
    if (!s) s = sage_json_in_string(&v[3], &text, &n);
    if (!s && strncmp(text, "canonical", 9)) /* the others are of our command line */
        s = no_trace(text, n, c->err);
    if (!s) s = preprocessed_of(text, n, &out->preprocessed, c->err);
    if (!s && v[4].text) s = sage_json_in_bool(&v[4], &stored);
    if (!s) s = must_be_false(&v[5], "a proof with samples of all preprocessed columns");
    if (!s && v[6].text && !sage_json_in_null(&v[6]))
        s = unsupported(&v[6], "a proof with a given number of memory_id_to_big");
    if (!s) s = must_be_false(&v[7], "a proof with a raised lifting size");
    return s;
}

static sage_status ours(prover_params *out, const char *text, size_t len, sage_errinfo *err)
{
    sage_config c;
    sage_status s = sage_config_parse(&c, text, len, err);
    if (!s)
        out->params =
            (sage_params){c.pow_bits, c.log_blowup, c.n_queries, c.log_last_layer, c.fold_step};
    return s;
}

sage_status
prover_params_parse(prover_params *out, const char *text, size_t len, sage_errinfo *err)
{
    sage_json_in c = {.text = text, .len = len, .err = err};
    *out           = (prover_params){.hash = SAGE_HASH_FAMILY_BLAKE2S};
    if (sage_json_in_peek(&c) != '{') return ours(out, text, len, err);
    out->reference = 1;
    return reference(out, &c);
}

sage_status prover_params_load(prover_params *out, const char *path, sage_errinfo *err)
{
    uint8_t *text;
    size_t len;
    *out = (prover_params){.hash = SAGE_HASH_FAMILY_BLAKE2S};
    if (!path) return SAGE_OK;
    sage_status s = sage_file_read(path, MAX_FILE, &text, &len, err);
    if (s) return s;
    s = prover_params_parse(out, (const char *)text, len, err);
    free(text);
    return s;
}
