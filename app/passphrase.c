#include "app/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/random.h"

enum { SHORTEST = 8 };

sage_status secret_line_new(secret_line **out, sage_errinfo *err)
{
    *out = sodium_init() < 0 ? NULL : sodium_malloc(sizeof **out);
    if (!*out) return sage_fail(err, SAGE_ENOMEM, "secret.memory", -1, "no memory");
    sage_secret_zero(*out, sizeof **out);
    return SAGE_OK;
}

void secret_line_free(secret_line *s)
{
    sodium_free(s);
}

static sage_status cannot_read(sage_errinfo *err)
{
    return sage_fail(err, SAGE_EIO, "secret.read", errno, "cannot read the secret: %s",
                     strerror(errno));
}

/* Byte by byte, so that what follows the line stays for the next one. */
static sage_status read_line(secret_line *out, int fd, sage_errinfo *err)
{
    out->n = 0;
    for (;;) {
        char c;
        ssize_t got = read(fd, &c, 1);
        if (got < 0) return cannot_read(err);
        if (!got || c == '\n') break;
        if (out->n == SAGE_PASSPHRASE_MAX)
            return sage_fail(err, SAGE_ELIMIT, "secret.long", -1,
                             "a secret has at most %d bytes", SAGE_PASSPHRASE_MAX);
        out->text[out->n++] = c;
    }
    if (out->n && out->text[out->n - 1] == '\r') out->n--;
    out->text[out->n] = 0;
    return SAGE_OK;
}

/* ---- the terminal ---- */

static volatile sig_atomic_t caught;

static void catch_signal(int which)
{
    caught = which;
}

enum { SIGNALS = 4 };
static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

/* A signal ends the read below, so that echo is on again before it takes its course. */
static void take_signals(struct sigaction old[SIGNALS])
{
    struct sigaction action = {.sa_handler = catch_signal};
    sigemptyset(&action.sa_mask);
    caught = 0;
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &action, &old[i]);
}

static void give_signals(const struct sigaction old[SIGNALS])
{
    for (int i = 0; i < SIGNALS; i++)
        sigaction(signals[i], &old[i], NULL);
    if (caught) raise(caught);
}

/* The prompt comes when the terminal is set: what was typed before it is thrown away. */
static sage_status
prompt_line(secret_line *out, int tty, const char *prompt, bool echo, sage_errinfo *err)
{
    struct termios shown, hidden;
    if (tcgetattr(tty, &shown)) return cannot_read(err);
    hidden = shown;
    if (!echo) hidden.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
    if (tcsetattr(tty, TCSAFLUSH, &hidden)) return cannot_read(err);
    dprintf(tty, "%s: ", prompt);
    sage_status st = read_line(out, tty, err);
    if (!echo) dprintf(tty, "\n");
    if (tcsetattr(tty, TCSAFLUSH, &shown) && !st) st = cannot_read(err);
    return st;
}

static sage_status type(secret_line *out, const char *prompt, bool echo, sage_errinfo *err)
{
    struct sigaction old[SIGNALS];
    int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (tty < 0)
        return sage_fail(err, SAGE_EAUTH, "secret.terminal", -1,
                         "there is no terminal to ask for %.60s; see --passphrase-fd", prompt);
    take_signals(old);
    sage_status st = prompt_line(out, tty, prompt, echo, err);
    give_signals(old);
    close(tty);
    if (caught) st = sage_fail(err, SAGE_EAUTH, "secret.cancelled", -1, "cancelled");
    return st;
}

static sage_status type_again(const secret_line *first, const char *prompt, sage_errinfo *err)
{
    char again[96];
    secret_line *second;
    sage_status st = secret_line_new(&second, err);
    if (st) return st;
    snprintf(again, sizeof again, "%.60s, again", prompt);
    st = type(second, again, false, err);
    if (!st &&
        (second->n != first->n || !sage_secret_equal(second->text, first->text, first->n)))
        st = sage_fail(err, SAGE_EINVAL, "secret.mismatch", -1, "the two are not the same");
    secret_line_free(second);
    return st;
}

/* ---- other sources ---- */

static sage_status read_credential(secret_line *out, const char *name, sage_errinfo *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char path[1024];
    int n = snprintf(path, sizeof path, "%s/%s", folder ? folder : "", name);
    if (!folder || !folder[0] || strchr(name, '/') || n < 0 || (size_t)n >= sizeof path)
        return sage_fail(err, SAGE_ENOTFOUND, "secret.credential", -1,
                         "no credential %.60s: $CREDENTIALS_DIRECTORY is not set, or the name "
                         "is none",
                         name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return sage_fail(err, SAGE_ENOTFOUND, "secret.credential", errno,
                         "no credential %.60s: %s", name, strerror(errno));
    sage_status st = read_line(out, fd, err);
    close(fd);
    return st;
}

static sage_status ask(secret_line *out, const secret_source *from, sage_errinfo *err)
{
    if (from->fd != SECRET_NO_FD && from->credential)
        return sage_fail(err, SAGE_EINVAL, "secret.source", -1,
                         "give a file descriptor or a credential, not both");
    if (from->credential) return read_credential(out, from->credential, err);
    if (from->fd != SECRET_NO_FD) return read_line(out, (int)from->fd, err);
    sage_status st = type(out, from->prompt, false, err);
    return st || !from->twice ? st : type_again(out, from->prompt, err);
}

sage_status secret_ask(secret_line *out, const secret_source *from, sage_errinfo *err)
{
    sage_status st = ask(out, from, err);
    if (!st && from->twice && out->n < SHORTEST)
        st = sage_fail(err, SAGE_EINVAL, "secret.short", -1,
                       "a new passphrase has at least %d bytes", SHORTEST);
    return st;
}

sage_status secret_confirm(const char *question, sage_errinfo *err)
{
    secret_line *answer;
    sage_status st = secret_line_new(&answer, err);
    if (st) return st;
    st = type(answer, question, true, err);
    if (!st && strcmp(answer->text, "yes"))
        st = sage_fail(err, SAGE_EAUTH, "secret.cancelled", -1, "not confirmed");
    secret_line_free(answer);
    return st;
}
