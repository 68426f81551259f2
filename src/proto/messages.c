#include "proto/messages.h"

#include <string.h>

#include "proto/json.h"

enum { DEFAULT_DEADLINE_S = 3600, DEFAULT_ATTEMPTS = 5 };

#define I64_MAX INT64_MAX

static void
begin(sage_json *j, void *out, size_t size, const char *json, size_t len, sage_errinfo *err)
{
    memset(out, 0, size);
    sage_json_begin(j, json, len, err);
}

static void get_kind(sage_json *j, uint32_t *kind)
{
    char word[SAGE_NAME_CAP];
    sage_json_text(j, "kind", word, sizeof word);
    if (!j->status) j->status = sage_statement_kind_parse(word, kind, j->err);
}

static void put_text(json_t **o, const char *key, const char *text)
{
    sage_json_put(o, key, json_string(text));
}

static void put_int(json_t **o, const char *key, int64_t v)
{
    sage_json_put(o, key, json_integer(v));
}

static void get_hash(sage_json *j, uint32_t *hash)
{
    char word[SAGE_NAME_CAP];
    sage_json_text(j, "hash", word, sizeof word);
    for (*hash = 0; !j->status && sage_hash_family_name(*hash); ++*hash)
        if (!strcmp(word, sage_hash_family_name(*hash))) return;
    sage_json_fail(j, "json.range", "hash", "is neither blake2s nor poseidon252");
}

/* The exact ranges are the statement maker's; here only that they are small numbers. */
static void get_params(sage_json *j, sage_submit *m)
{
    sage_json p;
    uint32_t n = 0;
    sage_json_enter(&p, j, "params");
    if (m->kind == SAGE_STATEMENT_WIDE_FIBONACCI) {
        sage_json_int(&p, "columns", &m->columns, 0, UINT32_MAX);
        sage_json_int(&p, "log_rows", &m->log_rows, 0, UINT32_MAX);
    } else if (m->kind == SAGE_STATEMENT_POSEIDON2) {
        sage_json_int(&p, "log_instances", &m->log_instances, 0, UINT32_MAX);
        sage_json_words(&p, "start", m->start, 16, &n);
        if (!p.status && n != 16)
            sage_json_fail(&p, "json.range", "start", "must have 16 words");
    } else if (m->kind == SAGE_STATEMENT_CAIRO) {
        get_hash(&p, &m->hash);
    }
    sage_status st = sage_json_end(&p, true);
    if (!j->status) j->status = st;
}

sage_status sage_submit_parse(sage_submit *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    out->deadline_s   = DEFAULT_DEADLINE_S;
    out->max_attempts = DEFAULT_ATTEMPTS;
    get_kind(&j, &out->kind);
    get_params(&j, out);
    sage_json_amount(&j, "price", &out->price);
    if (sage_json_has(&j, "deadline_s"))
        sage_json_int(&j, "deadline_s", &out->deadline_s, 1, SAGE_MAX_DEADLINE_S);
    if (sage_json_has(&j, "max_attempts"))
        sage_json_int(&j, "max_attempts", &out->max_attempts, 1, SAGE_MAX_ATTEMPTS);
    return sage_json_end(&j, true);
}

static json_t *params_of(const sage_submit *m)
{
    json_t *p = json_object();
    if (m->kind == SAGE_STATEMENT_WIDE_FIBONACCI) {
        put_int(&p, "columns", m->columns);
        put_int(&p, "log_rows", m->log_rows);
    } else if (m->kind == SAGE_STATEMENT_POSEIDON2) {
        json_t *words = json_array();
        for (int i = 0; i < 16 && words; i++)
            if (json_array_append_new(words, json_integer(m->start[i]))) {
                json_decref(words);
                words = NULL;
            }
        put_int(&p, "log_instances", m->log_instances);
        sage_json_put(&p, "start", words);
    } else if (m->kind == SAGE_STATEMENT_CAIRO) {
        put_text(&p, "hash", sage_hash_family_name(m->hash));
    }
    return p;
}

sage_status sage_submit_print(const sage_submit *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "kind", sage_statement_name(m->kind));
    sage_json_put(&o, "params", params_of(m));
    sage_json_put(&o, "price", sage_json_of_amount(&m->price));
    if (m->deadline_s) put_int(&o, "deadline_s", m->deadline_s);
    if (m->max_attempts) put_int(&o, "max_attempts", m->max_attempts);
    return sage_json_print(o, json, err);
}

static void get_job(sage_json *j, sage_job *job)
{
    char state[SAGE_NAME_CAP];
    sage_json_id(j, "id", 'j', &job->id);
    sage_json_text(j, "state", state, sizeof state);
    if (!j->status) j->status = sage_job_state_parse(state, &job->state, j->err);
    sage_json_statement(j, "statement", &job->statement);
    sage_json_text(j, "client", job->client, sizeof job->client);
    sage_json_int(j, "input_len", &job->input_len, 0, I64_MAX);
    sage_json_hex32(j, "input_digest", &job->input_digest);
    sage_json_amount(j, "price", &job->price);
    sage_json_int(j, "created_ms", &job->created_ms, 0, I64_MAX);
    sage_json_int(j, "deadline_ms", &job->deadline_ms, 0, I64_MAX);
    sage_json_int(j, "finished_ms", &job->finished_ms, 0, I64_MAX);
    sage_json_int(j, "attempts", &job->attempts, 0, SAGE_MAX_ATTEMPTS);
    sage_json_int(j, "max_attempts", &job->max_attempts, 1, SAGE_MAX_ATTEMPTS);
    if (sage_json_has(j, "worker")) sage_json_id(j, "worker", 'w', &job->worker);
    sage_json_text0(j, "stage", job->stage, sizeof job->stage);
    sage_json_int(j, "permille", &job->permille, 0, 1000);
    sage_json_text0(j, "reason", job->reason, sizeof job->reason);
}

sage_status sage_job_parse(
    sage_job *out, sage_hex32 *secret, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    memset(secret, 0, sizeof *secret);
    get_job(&j, out);
    if (sage_json_has(&j, "secret")) sage_json_hex32(&j, "secret", secret);
    return sage_json_end(&j, false);
}

static json_t *job_object(const sage_job *job)
{
    json_t *o = json_object();
    put_text(&o, "id", job->id.text);
    put_text(&o, "state", sage_job_state_name(job->state));
    sage_json_put(&o, "statement", sage_json_of_statement(&job->statement));
    put_text(&o, "client", job->client);
    put_int(&o, "input_len", job->input_len);
    put_text(&o, "input_digest", job->input_digest.text);
    sage_json_put(&o, "price", sage_json_of_amount(&job->price));
    put_int(&o, "created_ms", job->created_ms);
    put_int(&o, "deadline_ms", job->deadline_ms);
    put_int(&o, "finished_ms", job->finished_ms);
    put_int(&o, "attempts", job->attempts);
    put_int(&o, "max_attempts", job->max_attempts);
    if (job->worker.text[0]) put_text(&o, "worker", job->worker.text);
    put_text(&o, "stage", job->stage);
    put_int(&o, "permille", job->permille);
    put_text(&o, "reason", job->reason);
    return o;
}

sage_status
sage_job_print(const sage_job *job, const sage_hex32 *secret, char **json, sage_errinfo *err)
{
    json_t *o = job_object(job);
    if (secret) put_text(&o, "secret", secret->text);
    return sage_json_print(o, json, err);
}

static void get_result(sage_json *j, sage_result *r)
{
    sage_json in;
    sage_json_enter(&in, j, "result");
    sage_json_hex32(&in, "proof_digest", &r->proof_digest);
    sage_json_int(&in, "proof_len", &r->proof_len, 1, I64_MAX);
    sage_json_int(&in, "security_bits", &r->security_bits, 0, 1000);
    sage_json_text(&in, "backend", r->backend, sizeof r->backend);
    sage_json_int(&in, "prove_ms", &r->prove_ms, 0, I64_MAX);
    sage_json_int(&in, "accepted_ms", &r->accepted_ms, 0, I64_MAX);
    sage_status st = sage_json_end(&in, false);
    if (!j->status) j->status = st;
}

static json_t *result_object(const sage_result *r)
{
    json_t *o = json_object();
    put_text(&o, "proof_digest", r->proof_digest.text);
    put_int(&o, "proof_len", r->proof_len);
    put_int(&o, "security_bits", r->security_bits);
    put_text(&o, "backend", r->backend);
    put_int(&o, "prove_ms", r->prove_ms);
    put_int(&o, "accepted_ms", r->accepted_ms);
    return o;
}

/* A reader of element i of the array in field key, NULL object past its end. */
static bool
enter_element(sage_json *inner, sage_json *outer, json_t *array, size_t i, const char *key)
{
    json_t *v = json_array_get(array, i);
    *inner    = (sage_json){.object = v, .err = outer->err, .status = outer->status};
    if (v && !json_is_object(v)) sage_json_fail(outer, "json.type", key, "must hold objects");
    return v && !outer->status;
}

static json_t *get_array(sage_json *j, const char *key, size_t max)
{
    if (j->status) return NULL;
    json_t *a = json_object_get(j->object, key);
    if (!json_is_array(a))
        sage_json_fail(j, "json.type", key, "must be an array");
    else if (json_array_size(a) > max)
        sage_json_fail(j, "json.range", key, "is too long");
    return j->status ? NULL : a;
}

static void get_tx(sage_json *j, sage_ledger_tx *tx)
{
    sage_json e;
    char side[8];
    sage_json_id(j, "id", 't', &tx->id);
    sage_json_text(j, "kind", tx->kind, sizeof tx->kind);
    sage_json_int(j, "created_ms", &tx->created_ms, 0, I64_MAX);
    json_t *a = get_array(j, "entries", SAGE_LEDGER_ENTRIES);
    for (size_t i = 0; enter_element(&e, j, a, i, "entries"); i++) {
        sage_ledger_entry *out = &tx->entries[tx->n_entries++];
        sage_json_text(&e, "account", out->account, sizeof out->account);
        sage_json_text(&e, "side", side, sizeof side);
        sage_json_amount(&e, "amount", &out->amount);
        if (!e.status && strcmp(side, "credit") && strcmp(side, "debit"))
            sage_json_fail(&e, "json.range", "side", "is neither debit nor credit");
        out->credit    = !e.status && !strcmp(side, "credit");
        sage_status st = sage_json_end(&e, false);
        if (!j->status) j->status = st;
    }
}

sage_status
sage_receipt_parse(sage_receipt *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j, in;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_enter(&in, &j, "job");
    get_job(&in, &out->job);
    j.status = sage_json_end(&in, false);
    sage_json_bool(&j, "paid", &out->paid);
    if (out->paid) get_result(&j, &out->result);
    json_t *a = get_array(&j, "ledger", 2);
    for (size_t i = 0; enter_element(&in, &j, a, i, "ledger"); i++) {
        get_tx(&in, &out->txs[out->n_txs++]);
        sage_status st = sage_json_end(&in, false);
        if (!j.status) j.status = st;
    }
    return sage_json_end(&j, false);
}

static void append(json_t **array, json_t *value)
{
    if (*array && value && !json_array_append_new(*array, value)) return;
    if (!*array) json_decref(value);
    json_decref(*array);
    *array = NULL;
}

static json_t *tx_object(const sage_ledger_tx *tx)
{
    json_t *o = json_object(), *entries = json_array();
    for (uint32_t i = 0; i < tx->n_entries; i++) {
        json_t *e = json_object();
        put_int(&e, "seq", i);
        put_text(&e, "account", tx->entries[i].account);
        put_text(&e, "side", tx->entries[i].credit ? "credit" : "debit");
        sage_json_put(&e, "amount", sage_json_of_amount(&tx->entries[i].amount));
        append(&entries, e);
    }
    put_text(&o, "id", tx->id.text);
    put_text(&o, "kind", tx->kind);
    put_int(&o, "created_ms", tx->created_ms);
    sage_json_put(&o, "entries", entries);
    return o;
}

sage_status sage_receipt_print(const sage_receipt *r, char **json, sage_errinfo *err)
{
    json_t *o = json_object(), *ledger = json_array();
    for (uint32_t i = 0; i < r->n_txs; i++)
        append(&ledger, tx_object(&r->txs[i]));
    sage_json_put(&o, "job", job_object(&r->job));
    sage_json_put(&o, "paid", json_boolean(r->paid));
    if (r->paid) sage_json_put(&o, "result", result_object(&r->result));
    sage_json_put(&o, "ledger", ledger);
    return sage_json_print(o, json, err);
}

sage_status
sage_register_parse(sage_register *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_text(&j, "name", out->name, sizeof out->name);
    sage_json_text(&j, "backend", out->backend, sizeof out->backend);
    return sage_json_end(&j, true);
}

sage_status sage_register_print(const sage_register *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "name", m->name);
    put_text(&o, "backend", m->backend);
    return sage_json_print(o, json, err);
}

sage_status
sage_registered_parse(sage_registered *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_id(&j, "worker_id", 'w', &out->worker);
    sage_json_hex32(&j, "secret", &out->secret);
    return sage_json_end(&j, false);
}

sage_status sage_registered_print(const sage_registered *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "worker_id", m->worker.text);
    put_text(&o, "secret", m->secret.text);
    return sage_json_print(o, json, err);
}

sage_status sage_worker_parse(sage_worker *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_id(&j, "worker_id", 'w', &out->id);
    sage_json_text(&j, "name", out->name, sizeof out->name);
    sage_json_text(&j, "backend", out->backend, sizeof out->backend);
    sage_json_int(&j, "created_ms", &out->created_ms, 0, I64_MAX);
    sage_json_int(&j, "seen_ms", &out->seen_ms, 0, I64_MAX);
    sage_json_int(&j, "accepted", &out->n_accepted, 0, I64_MAX);
    sage_json_int(&j, "rejected", &out->n_rejected, 0, I64_MAX);
    sage_json_int(&j, "failed", &out->n_failed, 0, I64_MAX);
    return sage_json_end(&j, false);
}

sage_status sage_worker_print(const sage_worker *w, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "worker_id", w->id.text);
    put_text(&o, "name", w->name);
    put_text(&o, "backend", w->backend);
    put_int(&o, "created_ms", w->created_ms);
    put_int(&o, "seen_ms", w->seen_ms);
    put_int(&o, "accepted", w->n_accepted);
    put_int(&o, "rejected", w->n_rejected);
    put_int(&o, "failed", w->n_failed);
    return sage_json_print(o, json, err);
}

sage_status
sage_lease_request_parse(int64_t *wait_ms, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, wait_ms, sizeof *wait_ms, json, len, err);
    sage_json_int(&j, "wait_ms", wait_ms, 0, SAGE_MAX_WAIT_MS);
    return sage_json_end(&j, true);
}

sage_status sage_grant_parse(sage_grant *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_id(&j, "lease_id", 'l', &out->lease);
    sage_json_id(&j, "job_id", 'j', &out->job);
    sage_json_hex32(&j, "token", &out->token);
    sage_json_int(&j, "lease_ms", &out->lease_ms, 1, I64_MAX);
    sage_json_statement(&j, "statement", &out->statement);
    sage_json_int(&j, "input_len", &out->input_len, 0, I64_MAX);
    sage_json_hex32(&j, "input_digest", &out->input_digest);
    sage_json_int(&j, "min_security_bits", &out->min_security_bits, 0, 1000);
    return sage_json_end(&j, false);
}

sage_status sage_grant_print(const sage_grant *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "lease_id", m->lease.text);
    put_text(&o, "job_id", m->job.text);
    put_text(&o, "token", m->token.text);
    put_int(&o, "lease_ms", m->lease_ms);
    sage_json_put(&o, "statement", sage_json_of_statement(&m->statement));
    put_int(&o, "input_len", m->input_len);
    put_text(&o, "input_digest", m->input_digest.text);
    put_int(&o, "min_security_bits", m->min_security_bits);
    return sage_json_print(o, json, err);
}

sage_status
sage_heartbeat_parse(sage_heartbeat *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_hex32(&j, "token", &out->token);
    sage_json_text0(&j, "stage", out->stage, sizeof out->stage);
    sage_json_int(&j, "permille", &out->permille, 0, 1000);
    return sage_json_end(&j, true);
}

sage_status sage_heartbeat_print(const sage_heartbeat *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "token", m->token.text);
    put_text(&o, "stage", m->stage);
    put_int(&o, "permille", m->permille);
    return sage_json_print(o, json, err);
}

sage_status
sage_extended_parse(int64_t *until_ms, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, until_ms, sizeof *until_ms, json, len, err);
    sage_json_int(&j, "until_ms", until_ms, 0, I64_MAX);
    return sage_json_end(&j, false);
}

sage_status sage_extended_print(int64_t until_ms, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_int(&o, "until_ms", until_ms);
    return sage_json_print(o, json, err);
}

sage_status
sage_health_print(uint32_t min_security_bits, bool weak, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "status", "ok");
    put_int(&o, "min_security_bits", min_security_bits);
    sage_json_put(&o, "weak_security", json_boolean(weak));
    return sage_json_print(o, json, err);
}

sage_status
sage_fail_report_parse(sage_fail_report *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_hex32(&j, "token", &out->token);
    sage_json_text(&j, "reason", out->reason, sizeof out->reason);
    return sage_json_end(&j, true);
}

sage_status sage_fail_report_print(const sage_fail_report *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "token", m->token.text);
    put_text(&o, "reason", m->reason);
    return sage_json_print(o, json, err);
}

sage_status
sage_result_meta_parse(sage_result_meta *out, const char *json, size_t len, sage_errinfo *err)
{
    sage_json j;
    begin(&j, out, sizeof *out, json, len, err);
    sage_json_hex32(&j, "token", &out->token);
    sage_json_hex32(&j, "proof_digest", &out->proof_digest);
    sage_json_text(&j, "backend", out->backend, sizeof out->backend);
    sage_json_int(&j, "prove_ms", &out->prove_ms, 0, I64_MAX);
    return sage_json_end(&j, true);
}

sage_status sage_result_meta_print(const sage_result_meta *m, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "token", m->token.text);
    put_text(&o, "proof_digest", m->proof_digest.text);
    put_text(&o, "backend", m->backend);
    put_int(&o, "prove_ms", m->prove_ms);
    return sage_json_print(o, json, err);
}

sage_status sage_error_print(const sage_errinfo *e, char **json, sage_errinfo *err)
{
    json_t *o = json_object();
    put_text(&o, "code", sage_status_name(e->code));
    put_text(&o, "where", e->where ? e->where : "");
    put_text(&o, "message", e->msg);
    return sage_json_print(o, json, err);
}

static sage_status status_named(const char *name)
{
#define X(n, v, h, e, t)                                                                       \
    if (!strcmp(name, #n)) return SAGE_##n;
    SAGE_STATUS_LIST(X)
#undef X
    return SAGE_EINTERNAL;
}

sage_status sage_error_parse(sage_status *code,
                             char where[SAGE_NAME_CAP],
                             char message[SAGE_REASON_CAP],
                             const char *json,
                             size_t len,
                             sage_errinfo *err)
{
    sage_json j;
    char name[SAGE_NAME_CAP];
    begin(&j, name, sizeof name, json, len, err);
    sage_json_text(&j, "code", name, sizeof name);
    sage_json_text0(&j, "where", where, SAGE_NAME_CAP);
    sage_json_text0(&j, "message", message, SAGE_REASON_CAP);
    sage_status st = sage_json_end(&j, false);
    if (!st) *code = status_named(name);
    return st;
}
