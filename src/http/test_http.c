/* One exchange: what comes back, and what must not. */
#include "base/test.h"
#include "http/http_client.h"
#include "http/test_server.h"

typedef struct script {
    sage_test_reply reply;
    char path[256], body[256];
} script;

static void answer(void *arg, const char *path, const char *body, sage_test_reply *out)
{
    script *s = arg;
    snprintf(s->path, sizeof s->path, "%s", path);
    snprintf(s->body, sizeof s->body, "%.255s", body);
    *out = s->reply;
}

typedef struct fixture {
    sage_test_server server;
    script script;
    sage_http *http;
} fixture;

static void will_reply(fixture *f, sage_test_reply reply)
{
    pthread_mutex_lock(&f->server.lock);
    f->script.reply = reply;
    pthread_mutex_unlock(&f->server.lock);
}

static int setup(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->server.answer     = answer;
    f->server.arg        = &f->script;
    f->script.reply.body = "{}";
    sage_test_server_start(&f->server);
    char url[96];
    snprintf(url, sizeof url, "%s/rpc//", f->server.url);
    assert_int_equal(sage_http_open(&f->http, url, NULL), SAGE_OK);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    sage_http_close(f->http);
    sage_test_server_stop(&f->server);
    free(f);
    return 0;
}

static void test_urls(void **state)
{
    static const struct {
        const char *url, *where, *name;
    } cases[] = {
        {"https://node.example/v0_10/KEY", NULL, "https://node.example:443"},
        {"http://127.0.0.1:5050", NULL, "http://127.0.0.1:5050"},
        {"http://localhost/x", NULL, "http://localhost:80"},
        {"http://[::1]:1/", NULL, "http://[::1]:1"},
        {"http://node.example", "http.plaintext", NULL},
        {"http://127.0.0.1.example/", "http.plaintext", NULL},
        {"http://localhost.example/", "http.plaintext", NULL},
        {"http://127.0.0.1:80@node.example/", "http.url", NULL},
        {"http://localhost@node.example/", "http.url", NULL},
        {"https://me:hunter2@node.example/", "http.url", NULL},
        {"ftp://127.0.0.1/", "http.url", NULL},
        {"file:///etc/passwd", "http.url", NULL},
        {"127.0.0.1:80", "http.url", NULL},
        {"http://", "http.url", NULL},
        {"", "http.url", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sage_errinfo err = {0};
        sage_http *h;
        sage_status st = sage_http_open(&h, cases[i].url, &err);
        if (cases[i].where) {
            assert_int_equal(st, SAGE_EINVAL);
            assert_string_equal(err.where, cases[i].where);
            assert_null(h);
            assert_null(strstr(err.msg, "hunter2")); /* a URL may hold one */
        } else {
            assert_int_equal(st, SAGE_OK);
            assert_string_equal(sage_http_name(h), cases[i].name);
        }
        sage_http_close(h);
    }
}

static void test_answers(void **state)
{
    static const int statuses[] = {200, 302, 404, 429, 500, 503};
    fixture *f                  = *state;
    sage_http_response r;
    const sage_http_request q = {.method = "POST", .path = "", .body = "ask", .body_len = 3};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        will_reply(f, (sage_test_reply){.body = "{\"a\":1}", .status = statuses[i]});
        assert_int_equal(sage_http_call(f->http, &q, &r, NULL), SAGE_OK);
        assert_int_equal(r.status, statuses[i]);
        assert_string_equal(r.body, "{\"a\":1}");
        assert_int_equal(r.len, 7);
        free(r.body);
    }
    pthread_mutex_lock(&f->server.lock);
    assert_string_equal(f->script.path, "/rpc");
    assert_string_equal(f->script.body, "ask");
    pthread_mutex_unlock(&f->server.lock);
    will_reply(f, (sage_test_reply){.body = ""});
    assert_int_equal(sage_http_call(f->http, &q, &r, NULL), SAGE_OK);
    assert_int_equal(r.len, 0);
    assert_string_equal(r.body, "");
    free(r.body);
}

static void expect(fixture *f, const sage_http_request *q, sage_status want, const char *where)
{
    sage_errinfo err = {0};
    sage_http_response r;
    assert_int_equal(sage_http_call(f->http, q, &r, &err), want);
    assert_string_equal(err.where, where);
    assert_null(r.body);
}

static char big[100001]; /* lives as long as the server may still be sending it */

static void test_bounds(void **state)
{
    fixture *f = *state;
    sage_http_response r;
    memset(big, 'x', sizeof big - 1);
    will_reply(f, (sage_test_reply){.body = big});
    sage_http_request q = {.method = "GET", .path = "/", .max_response = sizeof big - 2};
    expect(f, &q, SAGE_ELIMIT, "http.size");
    q.max_response = sizeof big - 1;
    assert_int_equal(sage_http_call(f->http, &q, &r, NULL), SAGE_OK);
    assert_int_equal(r.len, sizeof big - 1);
    free(r.body);
    will_reply(f, (sage_test_reply){.body = "", .delay_ms = 20000});
    q.timeout_ms = 50;
    expect(f, &q, SAGE_EAGAIN, "http.unreachable");
}

static void test_lost_answers(void **state)
{
    fixture *f                = *state;
    const sage_http_request q = {.method = "GET", .path = "/"};
    will_reply(f, (sage_test_reply){.body = "", .drop = true});
    expect(f, &q, SAGE_EAGAIN, "http.unreachable");
    will_reply(f, (sage_test_reply){.body = "{\"long\":\"enough\"}", .cut = true});
    expect(f, &q, SAGE_EAGAIN, "http.unreachable");
}

static bool at_once(void *arg)
{
    (void)arg;
    return true;
}

static void test_cancelled(void **state)
{
    fixture *f                = *state;
    const sage_http_request q = {.method = "GET", .path = "/", .cancelled = at_once};
    will_reply(f, (sage_test_reply){.body = "", .delay_ms = 20000});
    expect(f, &q, SAGE_ECONFLICT, "http.cancelled");
}

static void test_nobody_there(void **state)
{
    sage_errinfo err = {0};
    sage_http *h;
    sage_http_response r;
    const sage_http_request q = {.method = "GET", .path = "/"};
    (void)state;
    assert_int_equal(sage_http_open(&h, "http://127.0.0.1:1", NULL), SAGE_OK);
    assert_int_equal(sage_http_call(h, &q, &r, &err), SAGE_EAGAIN);
    assert_string_equal(err.where, "http.unreachable");
    sage_http_close(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urls),
        cmocka_unit_test_setup_teardown(test_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bounds, setup, teardown),
        cmocka_unit_test_setup_teardown(test_lost_answers, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cancelled, setup, teardown),
        cmocka_unit_test(test_nobody_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
