#include "base/log.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

static const char *const level_names[] = {"off", "error", "warn", "info", "debug", "trace"};

enum { N_LEVELS = sizeof level_names / sizeof level_names[0] };

static pthread_once_t once        = PTHREAD_ONCE_INIT;
static sage_log_level limit       = SAGE_LOG_INFO;
static const char truncated[]     = " truncated=true";
static const char *const hidden[] = {"secret",     "token",       "password",
                                     "passphrase", "private_key", "authorization"};

bool sage_log_level_parse(const char *word, sage_log_level *level)
{
    for (unsigned i = 0; i < N_LEVELS; i++)
        if (!strcmp(word, level_names[i])) {
            *level = (sage_log_level)i;
            return true;
        }
    return false;
}

static bool names_secret(const char *key)
{
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        if (strstr(key, hidden[i])) return true;
    return false;
}

/* A line being written; room for `truncated` is held back. */
typedef struct line {
    char *out;
    size_t len, room;
    bool cut;
} line;

static void put_text(line *l, const char *text)
{
    size_t n = strlen(text);
    if (l->cut || n > l->room - l->len) {
        l->cut = true;
        return;
    }
    memcpy(l->out + l->len, text, n);
    l->len += n;
}

static bool plain(const char *text)
{
    if (!*text) return false;
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 127 ||
            strchr("\"\\=", *text))
            return false;
    return true;
}

static void put_quoted(line *l, const char *text)
{
    put_text(l, "\"");
    for (; *text && !l->cut; text++) {
        unsigned char c = (unsigned char)*text;
        char piece[8];
        if (c == '"' || c == '\\')
            snprintf(piece, sizeof piece, "\\%c", c);
        else if (c < ' ' || c == 127)
            snprintf(piece, sizeof piece, "\\x%02x", c);
        else
            snprintf(piece, sizeof piece, "%c", c);
        put_text(l, piece);
    }
    put_text(l, "\"");
}

static void put_value(line *l, const sage_log_field *f)
{
    char number[24] = "?";
    switch (f->kind) {
    case SAGE_LOG_U64:
        snprintf(number, sizeof number, "%llu", (unsigned long long)f->value.u64);
        put_text(l, number);
        return;
    case SAGE_LOG_I64:
        snprintf(number, sizeof number, "%lld", (long long)f->value.i64);
        put_text(l, number);
        return;
    case SAGE_LOG_TEXT:
        if (!f->value.text)
            put_text(l, "-");
        else if (plain(f->value.text))
            put_text(l, f->value.text);
        else
            put_quoted(l, f->value.text);
        return;
    }
    put_text(l, number);
}

size_t sage_log_format(char *out,
                       size_t size,
                       sage_log_level level,
                       const char *event,
                       const sage_log_field *fields)
{
    line l = {.out = out, .room = size - sizeof truncated};
    put_text(&l, "level=");
    put_text(&l, level_names[level]);
    put_text(&l, " event=");
    put_text(&l, event);
    for (const sage_log_field *f = fields; f->key; f++) {
        size_t before = l.len;
        put_text(&l, " ");
        put_text(&l, f->key);
        put_text(&l, "=");
        if (names_secret(f->key))
            put_text(&l, "[redacted]");
        else
            put_value(&l, f);
        if (l.cut) { /* a field is whole or absent */
            l.len = before;
            memcpy(out + l.len, truncated, sizeof truncated);
            return l.len + sizeof truncated - 1;
        }
    }
    out[l.len] = 0;
    return l.len;
}

static void print(sage_log_level level, const char *event, const sage_log_field *fields)
{
    char out[SAGE_LOG_LINE];
    sage_clock_format(out, sage_clock_real_ms());
    size_t at = SAGE_CLOCK_TEXT - 1;
    out[at++] = ' ';
    at += sage_log_format(out + at, sizeof out - at - 1, level, event, fields);
    out[at++] = '\n';
    for (size_t done = 0; done < at;) {
        ssize_t put = write(STDERR_FILENO, out + done, at - done);
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0) return; /* nowhere is left to complain to */
        done += (size_t)put;
    }
}

static void initialise(void)
{
    const char *name = "SAGE_LOG", *word = getenv(name);
    if (!word) word = getenv(name = "RUST_LOG");
    if (!word || sage_log_level_parse(word, &limit)) return;
    print(SAGE_LOG_WARN, "log.level",
          (const sage_log_field[]){sage_log_text("variable", name),
                                   sage_log_text("value", word),
                                   sage_log_text("used", level_names[limit]),
                                   {0}});
}

bool sage_log_on(sage_log_level level)
{
    pthread_once(&once, initialise);
    return level != SAGE_LOG_OFF && level <= limit;
}

void sage_log_write(sage_log_level level, const char *event, const sage_log_field *fields)
{
    if (sage_log_on(level)) print(level, event, fields);
}

void sage_log_error(sage_log_level level, const char *event, const sage_errinfo *err)
{
    sage_log(level, event, sage_log_text("code", sage_status_name(err->code)),
             sage_log_text("where", err->where), sage_log_text("message", err->msg));
}
