/* Hostile AIR texts, compiled and emitted. A refused text names its file, line and column;
 * an accepted one can be emitted. */
#include "airc/airc.h"
#include "fuzz/fuzz.h"

typedef struct source {
    const uint8_t *bytes;
    size_t len;
} source;

static sage_status give(void *arg, const char *path, char **text, size_t *len)
{
    const source *s = arg;
    if (strcmp(path, "fuzz.air") != 0) return SAGE_ENOTFOUND; /* an include of anything */
    *text = fuzz_text(s->bytes, s->len);
    *len  = s->len;
    return SAGE_OK;
}

static sage_status take(void *arg, const char *name, const char *text, size_t len)
{
    (void)arg;
    FUZZ_EXPECT(name[0] && strlen(text) == len);
    return SAGE_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    source s                  = {bytes, len};
    const char *const paths[] = {"fuzz.air"};
    sage_airc *c              = NULL;
    sage_status status        = sage_airc_compile(paths, 1, give, &s, &c);
    if (status == SAGE_OK) {
        FUZZ_EXPECT(!sage_airc_emit(c, "air", false, take, NULL));
    } else if (c) {
        FUZZ_EXPECT(strstr(sage_airc_messages(c), "error: "));
    }
    sage_airc_free(c);
    return 0;
}
