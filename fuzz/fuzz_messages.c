/* Hostile messages: the first byte chooses the parser. What parses must print, and what was
 * printed must parse again. */
#include "fuzz/fuzz.h"
#include "proto/messages.h"

/* print and parse of one message type; extra arguments are fixed by each user. */
#define ROUND_TRIP(type, parse, print)                                                         \
    do {                                                                                       \
        type value, again;                                                                     \
        char *json = NULL;                                                                     \
        if (parse(&value, text, len, NULL)) break;                                             \
        FUZZ_EXPECT(!print(&value, &json, NULL));                                              \
        FUZZ_EXPECT(!parse(&again, json, strlen(json), NULL));                                 \
        free(json);                                                                            \
    } while (0)

static void try_job(const char *text, size_t len)
{
    sage_job job, again;
    sage_hex32 secret, same;
    char *json = NULL;
    if (sage_job_parse(&job, &secret, text, len, NULL)) return;
    FUZZ_EXPECT(!sage_job_print(&job, secret.text[0] ? &secret : NULL, &json, NULL));
    FUZZ_EXPECT(!sage_job_parse(&again, &same, json, strlen(json), NULL));
    free(json);
}

static void try_error(const char *text, size_t len)
{
    sage_status code;
    char where[SAGE_NAME_CAP], message[SAGE_REASON_CAP];
    if (sage_error_parse(&code, where, message, text, len, NULL)) return;
    FUZZ_EXPECT(strlen(where) < sizeof where && strlen(message) < sizeof message);
}

static void try_words(const char *text, size_t len)
{
    int64_t wait_ms, until_ms;
    if (!sage_lease_request_parse(&wait_ms, text, len, NULL))
        FUZZ_EXPECT(wait_ms >= 0 && wait_ms <= SAGE_MAX_WAIT_MS);
    (void)!sage_extended_parse(&until_ms, text, len, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size) return 0;
    size_t len = size - 1;
    char *text = fuzz_text(bytes + 1, len);
    switch (bytes[0]) {
    case 's': ROUND_TRIP(sage_submit, sage_submit_parse, sage_submit_print); break;
    case 'j': try_job(text, len); break;
    case 'r': ROUND_TRIP(sage_receipt, sage_receipt_parse, sage_receipt_print); break;
    case 'w': ROUND_TRIP(sage_register, sage_register_parse, sage_register_print); break;
    case 'g': ROUND_TRIP(sage_grant, sage_grant_parse, sage_grant_print); break;
    case 'h': ROUND_TRIP(sage_heartbeat, sage_heartbeat_parse, sage_heartbeat_print); break;
    case 'f':
        ROUND_TRIP(sage_fail_report, sage_fail_report_parse, sage_fail_report_print);
        break;
    case 'm':
        ROUND_TRIP(sage_result_meta, sage_result_meta_parse, sage_result_meta_print);
        break;
    case 'e': try_error(text, len); break;
    default: try_words(text, len); break;
    }
    free(text);
    return 0;
}
