#include "statement/container.h"

#include <string.h>

#include "base/bytes.h"

static const uint8_t magic[8] = {'S', 'A', 'G', 'E', 'P', 'R', 'F', '1'};

typedef struct reader {
    const uint8_t *bytes;
    size_t at, len;
} reader;

static bool word(reader *r, uint32_t *out)
{
    if (r->len - r->at < 4) return false;
    *out = sage_load_le32(r->bytes + r->at);
    r->at += 4;
    return true;
}

/* A count and that many words, at most max of them. */
static sage_status
words(reader *r, uint32_t *out, uint32_t *n, uint32_t max, const char *where, sage_errinfo *err)
{
    size_t start = r->at;
    if (!word(r, n) || *n > max)
        return sage_fail(err, SAGE_EFORMAT, where, (long long)start, "no count of at most %u",
                         max);
    for (uint32_t i = 0; i < *n; i++)
        if (!word(r, &out[i]))
            return sage_fail(err, SAGE_EFORMAT, where, (long long)r->at, "the file ends early");
    return SAGE_OK;
}

sage_status
sage_container_parse(sage_container *out, const uint8_t *bytes, size_t len, sage_errinfo *err)
{
    reader r = {bytes, sizeof magic, len};
    *out     = (sage_container){0};
    if (len < sizeof magic || memcmp(bytes, magic, sizeof magic) != 0)
        return sage_fail(err, SAGE_EFORMAT, "container.magic", 0, "not a Sage proof file");
    if (!word(&r, &out->statement.kind))
        return sage_fail(err, SAGE_EFORMAT, "container.kind", (long long)r.at,
                         "the file ends early");
    sage_status s = words(&r, out->statement.public_words, &out->statement.n_public,
                          SAGE_MAX_PUBLIC, "container.public", err);
    if (!s) s = words(&r, out->logs, &out->n_logs, SAGE_MAX_INSTANCES, "container.logs", err);
    out->proof     = bytes + r.at;
    out->proof_len = len - r.at;
    return s;
}

void sage_container_put_head(sage_sink *out,
                             const sage_statement *s,
                             const uint32_t *logs,
                             uint32_t n_logs)
{
    sage_sink_put(out, magic, sizeof magic);
    sage_sink_u32(out, s->kind);
    sage_sink_u32(out, s->n_public);
    for (uint32_t i = 0; i < s->n_public; i++)
        sage_sink_u32(out, s->public_words[i]);
    sage_sink_u32(out, n_logs);
    for (uint32_t i = 0; i < n_logs; i++)
        sage_sink_u32(out, logs[i]);
}
