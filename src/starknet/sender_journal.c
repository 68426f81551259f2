/* starknet/sender_journal.c -- the file of what is in flight. It holds signed transactions, which
 * anybody may send: no secrets. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "field/felt252_text.h"
#include "starknet/felt_json.h"
#include "starknet/sender_private.h"

enum { VERSION = 1, MAX_BYTES = 400 << 20 }; /* SAGE_SENDER_FLIGHT proofs in base64 */

static sage_status damaged(const char *what, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "sender.journal", -1, "the journal %s", what);
}

static sage_status lock(sage_sender *s, sage_errinfo *err)
{
    char *path;
    if (asprintf(&path, "%s.lock", s->journal) < 0)
        return sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    s->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (s->lock_fd < 0)
        return sage_fail(err, SAGE_EIO, "sender.lock", errno, "no lock file: %s",
                         strerror(errno));
    if (!flock(s->lock_fd, LOCK_EX | LOCK_NB)) return SAGE_OK;
    return sage_fail(err, SAGE_ECONFLICT, "sender.locked", -1,
                     "another program is sending for this account");
}

static bool felt_is(const json_t *v, felt252 want)
{
    felt252 got;
    return !sage_felt_of_json(&got, v, NULL) && felt252_eq(got, want);
}

/* One entry; its hash must be the one noted, and its nonce beyond the last one's. */
static sage_status read_flight(sage_sender *s, const json_t *entry, sage_errinfo *err)
{
    sage_flight f = {0};
    if (sage_tx_read(&f.tx, json_object_get(entry, "transaction"), NULL))
        return damaged("holds what is no transaction", err);
    f.hash    = sage_tx_hash(&f.tx, s->chain);
    bool good = felt_is(json_object_get(entry, "hash"), f.hash) && !f.tx.query &&
                f.tx.kind != SAGE_TX_DECLARE && felt252_eq(f.tx.sender, s->o.address) &&
                sage_felt_to_u64(&f.nonce, f.tx.nonce) &&
                !(s->n && s->flight[s->n - 1].nonce >= f.nonce);
    if (!good) {
        sage_tx_free(&f.tx);
        return damaged("holds a transaction that is not as noted", err);
    }
    s->flight[s->n++] = f;
    if (s->next_nonce <= f.nonce) s->next_nonce = f.nonce + 1;
    return SAGE_OK;
}

static sage_status read_all(sage_sender *s, const json_t *object, sage_errinfo *err)
{
    const json_t *list = json_object_get(object, "transactions");
    sage_status st     = SAGE_OK;
    if (json_integer_value(json_object_get(object, "version")) != VERSION)
        return damaged("is of another version, or damaged", err);
    if (!felt_is(json_object_get(object, "account"), s->o.address) ||
        !felt_is(json_object_get(object, "chain"), s->chain))
        return damaged("is of another account or chain", err);
    if (!json_is_array(list) || json_array_size(list) > SAGE_SENDER_FLIGHT)
        return damaged("has no list of transactions", err);
    for (size_t i = 0; !st && i < json_array_size(list); i++)
        st = read_flight(s, json_array_get(list, i), err);
    return st;
}

static sage_status load(sage_sender *s, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    sage_status st = sage_file_read(s->journal, MAX_BYTES, &bytes, &len, err);
    if (st == SAGE_ENOTFOUND) return SAGE_OK;
    if (st) return st;
    json_t *object = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
    free(bytes);
    st = object ? read_all(s, object, err) : damaged("is no JSON", err);
    json_decref(object);
    return st;
}

sage_status sage_journal_open(sage_sender *s, sage_errinfo *err)
{
    s->lock_fd = -1;
    if (!s->o.journal) return SAGE_OK;
    s->journal = strdup(s->o.journal);
    if (!s->journal) return sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    s->o.journal   = s->journal;
    sage_status st = lock(s, err);
    return st ? st : load(s, err);
}

void sage_journal_close(sage_sender *s)
{
    if (s->lock_fd >= 0) close(s->lock_fd);
    free(s->journal);
}

static json_t *write_flights(const sage_sender *s)
{
    json_t *list = json_array();
    for (uint32_t i = 0; list && i < s->n; i++) {
        json_t *entry = json_pack("{s:o,s:o}", "hash", sage_felt_to_json(s->flight[i].hash),
                                  "transaction", sage_tx_write(&s->flight[i].tx, true, true));
        if (entry && !json_array_append_new(list, entry)) continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

sage_status sage_journal_save(const sage_sender *s, sage_errinfo *err)
{
    if (!s->journal) return SAGE_OK;
    json_t *object = json_pack("{s:i,s:o,s:o,s:o}", "version", (int)VERSION, "account",
                               sage_felt_to_json(s->o.address), "chain",
                               sage_felt_to_json(s->chain), "transactions", write_flights(s));
    char *text     = object ? json_dumps(object, JSON_INDENT(1)) : NULL;
    json_decref(object);
    if (!text) return sage_fail(err, SAGE_ENOMEM, "sender.memory", -1, "no memory");
    sage_status st = sage_file_write(s->journal, text, strlen(text), 0600, err);
    free(text);
    return st;
}
