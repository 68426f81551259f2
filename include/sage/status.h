/* sage/status.h -- the one result type of fallible functions.
 *
 * 0 is success; every failure is negative. Functions that can fail return sage_status and
 * nothing else, and are marked SAGE_CHECKED. The list is the single source of enum, name,
 * HTTP status, process exit code (sysexits.h) and meaning; docs/errors.md is checked
 * against it. Append only: the values are stable. */
#ifndef SAGE_STATUS_H
#define SAGE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#    define SAGE_CHECKED           __attribute__((warn_unused_result))
#    define SAGE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#    define SAGE_CHECKED
#    define SAGE_PRINTF(fmt, args)
#endif

#define SAGE_STATUS_LIST(X)                                                                    \
    /*  name       value http exit  meaning */                                                 \
    X(OK, 0, 200, 0, "success")                                                                \
    X(EINVAL, -1, 400, 64, "an argument or a field breaks its contract")                       \
    X(EFORMAT, -2, 400, 65, "bytes do not parse in the stated format")                         \
    X(ELIMIT, -3, 413, 65, "a stated limit would be exceeded")                                 \
    X(EPROOF, -4, 422, 66, "the proof is well formed and false")                               \
    X(EAUTH, -5, 401, 77, "no or wrong credentials")                                           \
    X(ESTALE, -6, 409, 75, "the lease token is no longer the current one")                     \
    X(EAGAIN, -7, 503, 75, "try again later")                                                  \
    X(ENOMEM, -8, 503, 71, "memory budget exhausted")                                          \
    X(EIO, -9, 500, 74, "the operating system reported an I/O error")                          \
    X(EUNSUP, -10, 501, 69, "not built in, or this machine lacks it")                          \
    X(EINTERNAL, -11, 500, 70, "an invariant of ours is broken")                               \
    X(ENOTFOUND, -12, 404, 67, "the named thing does not exist")                               \
    X(ECONFLICT, -13, 409, 73, "the thing is not in a state that allows this")

typedef enum sage_status {
#define X(n, v, h, e, t) SAGE_##n = (v),
    SAGE_STATUS_LIST(X)
#undef X
} sage_status;

/* sage_errinfo carries the detail of one failure up the stack. The caller owns it and may
 * pass NULL; a callee writes it only when it returns non-zero. `where` is a static string
 * that names the check, "module.check", and is the stable code a user meets; `at` is a byte
 * offset, line or index as the callee documents (-1: none); `msg` is ASCII, no secrets. */
typedef struct sage_errinfo {
    sage_status code;
    const char *where;
    long long at;
    char msg[240];
} sage_errinfo;

/* sage_fail fills err (if not NULL) and returns code, so that a check is one line:
 *   if (n > max) return sage_fail(err, SAGE_ELIMIT, "proof.columns", n, "%u columns", n); */
sage_status sage_fail(
    sage_errinfo *err, sage_status code, const char *where, long long at, const char *fmt, ...)
    SAGE_PRINTF(5, 6);
#if defined(__clang_analyzer__) || defined(__CPPCHECK__)
/* Static analysers see no other translation unit: tell them that code comes back. */
#    define sage_fail(err, code, ...) ((void)(sage_fail)(err, code, __VA_ARGS__), (code))
#endif

/* Name ("EPROOF"), meaning, HTTP status and exit code of s; unknown values read as
 * EINTERNAL. The strings are static. */
const char *sage_status_name(sage_status s);
const char *sage_status_text(sage_status s);
int sage_status_http(sage_status s);
int sage_status_exit(sage_status s);

#ifdef __cplusplus
}
#endif

#endif
