/* Job rows: written once at submission, then moved by sqlite_leases.c and sqlite_sweep.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlite.h"

enum { WORDS_CAP = SAGE_MAX_PUBLIC * 11 + 1 };

/* lease is the last lease of the job, whose row carries worker and progress. */
#define SELECT_JOB                                                                             \
    "SELECT j.id, j.state, j.kind, j.public_words, j.access_hash, j.request_digest,"           \
    " j.client, j.input_digest, j.input_len, j.price, j.created_ms, j.deadline_ms,"            \
    " j.finished_ms, j.attempts, j.max_attempts, j.reason, l.id, l.worker_id, l.stage,"        \
    " l.permille FROM job j"                                                                   \
    " LEFT JOIN lease l ON l.job_id = j.id AND l.attempt = j.attempts"

static void print_words(char out[WORDS_CAP], const sage_statement *s)
{
    size_t at = 0;
    out[0]    = 0;
    for (uint32_t i = 0; i < s->n_public; i++)
        at += (size_t)snprintf(out + at, WORDS_CAP - at, i ? " %" PRIu32 : "%" PRIu32,
                               s->public_words[i]);
}

static sage_status parse_words(const char *text, sage_statement *s, sage_errinfo *err)
{
    while (*text) {
        char *end;
        unsigned long w = strtoul(text, &end, 10);
        if (end == text || s->n_public == SAGE_MAX_PUBLIC || w > UINT32_MAX)
            return sage_fail(err, SAGE_EINTERNAL, "store.words", s->n_public, "bad words");
        s->public_words[s->n_public++] = (uint32_t)w;
        text                           = *end == ' ' ? end + 1 : end;
    }
    return SAGE_OK;
}

static sage_status read_words(sqlite3_stmt *q, sage_job *job, sage_errinfo *err)
{
    char kind[SAGE_NAME_CAP], words[WORDS_CAP], price[SAGE_AMOUNT_TEXT], state[16];
    sage_status st = sage_db_text(q, 1, state, sizeof state, err);
    if (!st) st = sage_job_state_parse(state, &job->state, err);
    if (!st) st = sage_db_text(q, 2, kind, sizeof kind, err);
    if (!st) st = sage_statement_kind_parse(kind, &job->statement.kind, err);
    if (!st) st = sage_db_text(q, 3, words, sizeof words, err);
    if (!st) st = parse_words(words, &job->statement, err);
    if (!st) st = sage_db_text(q, 9, price, sizeof price, err);
    if (!st) st = sage_amount_parse(&job->price, price, err);
    return st;
}

static sage_status read_job(sqlite3_stmt *q, sage_job *job, sage_errinfo *err)
{
    memset(job, 0, sizeof *job);
    sage_status st = read_words(q, job, err);
#define TEXT(i, field)                                                                         \
    if (!st) st = sage_db_text(q, i, field, sizeof field, err)
    TEXT(0, job->id.text);
    TEXT(4, job->access_hash.text);
    TEXT(5, job->request_digest.text);
    TEXT(6, job->client);
    TEXT(7, job->input_digest.text);
    TEXT(15, job->reason);
    TEXT(16, job->lease.text);
    TEXT(17, job->worker.text);
    TEXT(18, job->stage);
#undef TEXT
    job->input_len    = sage_db_int(q, 8);
    job->created_ms   = sage_db_int(q, 10);
    job->deadline_ms  = sage_db_int(q, 11);
    job->finished_ms  = sage_db_int(q, 12);
    job->attempts     = sage_db_int(q, 13);
    job->max_attempts = sage_db_int(q, 14);
    job->permille     = sage_db_int(q, 19);
    return st;
}

/* One job or SAGE_ENOTFOUND. */
static sage_status
find_job(sage_db *db, const char *sql, const char *key, sage_job *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    bool row;
    sage_status st = sage_db_query(db, &q, err, sql, "s", key);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row)
        st = sage_fail(err, SAGE_ENOTFOUND, "store.job", -1, "no such job");
    else if (!st)
        st = read_job(q, out, err);
    sage_db_done(q);
    return st;
}

sage_status sage_sqlite_job_read(sage_db *db, const char *id, sage_job *out, sage_errinfo *err)
{
    return find_job(db, SELECT_JOB " WHERE j.id = ?1", id, out, err);
}

static sage_status insert_job(sage_db *db, int64_t now, const sage_job *job, sage_errinfo *err)
{
    char words[WORDS_CAP], price[SAGE_AMOUNT_TEXT];
    print_words(words, &job->statement);
    sage_amount_format(price, &job->price);
    return sage_db_run(db, NULL, err,
                       "INSERT INTO job (id, state, kind, public_words, access_hash,"
                       " request_digest, client, input_digest, input_len, price, created_ms,"
                       " deadline_ms, max_attempts) VALUES"
                       " (?1, 'queued', ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                       "sssssssisiii", job->id.text, sage_statement_name(job->statement.kind),
                       words, job->access_hash.text, job->request_digest.text, job->client,
                       job->input_digest.text, job->input_len, price, now, job->deadline_ms,
                       job->max_attempts);
}

sage_status sage_sqlite_job_add(sage_db *db,
                                int64_t now,
                                const sage_job *job,
                                sage_job *out,
                                bool *replayed,
                                sage_errinfo *err)
{
    sage_status st =
        find_job(db, SELECT_JOB " WHERE j.access_hash = ?1", job->access_hash.text, out, err);
    *replayed = st == SAGE_OK;
    if (*replayed && !sage_hex32_equal(&out->request_digest, &job->request_digest))
        return sage_fail(err, SAGE_ECONFLICT, "store.replay", -1,
                         "this job secret was used for another job");
    if (st != SAGE_ENOTFOUND) return st;
    if (job->deadline_ms <= now)
        return sage_fail(err, SAGE_EINVAL, "store.deadline", -1, "the deadline has passed");
    if (sage_amount_is_zero(&job->price))
        return sage_fail(err, SAGE_EINVAL, "store.price", -1, "the price is zero");
    st = insert_job(db, now, job, err);
    if (!st) st = sage_sqlite_book_escrow(db, now, job, err);
    if (!st) st = sage_sqlite_job_read(db, job->id.text, out, err);
    return st;
}

static sage_status
read_result(sage_db *db, const char *id, sage_receipt *out, sage_errinfo *err)
{
    sqlite3_stmt *q;
    sage_result *r = &out->result;
    bool row;
    sage_status st = sage_db_query(db, &q, err,
                                   "SELECT proof_digest, backend, proof_len, security_bits,"
                                   " prove_ms, accepted_ms FROM result WHERE job_id = ?1",
                                   "s", id);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && row) {
        out->paid = true;
        st        = sage_db_text(q, 0, r->proof_digest.text, sizeof r->proof_digest, err);
        if (!st) st = sage_db_text(q, 1, r->backend, sizeof r->backend, err);
        r->proof_len     = sage_db_int(q, 2);
        r->security_bits = sage_db_int(q, 3);
        r->prove_ms      = sage_db_int(q, 4);
        r->accepted_ms   = sage_db_int(q, 5);
    }
    sage_db_done(q);
    return st;
}

sage_status
sage_sqlite_receipt(sage_db *db, const char *id, sage_receipt *out, sage_errinfo *err)
{
    memset(out, 0, sizeof *out);
    sage_status st = sage_sqlite_job_read(db, id, &out->job, err);
    if (!st) st = read_result(db, id, out, err);
    if (!st) st = sage_sqlite_read_txs(db, id, out, err);
    return st;
}
