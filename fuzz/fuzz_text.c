/* The small parsers of base and stark: the first byte chooses one. What parses must print
 * to text that parses to the same. */
#include "base/amount.h"
#include "base/cpu.h"
#include "base/hex.h"
#include "fuzz/fuzz.h"
#include "stark/config.h"

static void try_amount(const char *text)
{
    sage_amount a, b;
    char out[SAGE_AMOUNT_TEXT];
    if (sage_amount_parse(&a, text, NULL)) return;
    sage_amount_format(out, &a);
    FUZZ_EXPECT(!strcmp(out, text)); /* one form of each number */
    sage_amount_format_sage(out, &a);
    FUZZ_EXPECT(!sage_amount_parse_sage(&b, out, NULL) && !sage_amount_compare(&a, &b));
}

static void try_decimal(const char *text)
{
    sage_amount a, b;
    char out[SAGE_AMOUNT_TEXT];
    if (sage_amount_parse_sage(&a, text, NULL)) return;
    sage_amount_format_sage(out, &a);
    FUZZ_EXPECT(strlen(out) <= strlen(text));
    FUZZ_EXPECT(!sage_amount_parse_sage(&b, out, NULL) && !sage_amount_compare(&a, &b));
}

static void try_hex(const char *text, size_t len)
{
    uint8_t *bytes = malloc(len / 2 + 1);
    char *out      = malloc(len + 1);
    if (!bytes || !out) abort();
    if (!sage_hex_decode(bytes, len / 2, text, len, NULL)) {
        sage_hex_encode(out, bytes, len / 2);
        for (size_t i = 0; i < len; i++)
            FUZZ_EXPECT(out[i] == (text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32 : text[i]));
    }
    free(bytes);
    free(out);
}

static void try_config(const char *text, size_t len)
{
    sage_config c;
    sage_errinfo err;
    if (sage_config_parse(&c, text, len, &err)) FUZZ_EXPECT(err.where && err.msg[0]);
}

static void try_machine(const char *text)
{
    uint32_t mask;
    FUZZ_EXPECT(sage_cpu_quota_parse(text) >= 1);
    if (!sage_cpu_mask_parse(text, &mask, NULL))
        FUZZ_EXPECT(!(mask & ~(uint32_t)(SAGE_CPU_AVX2 | SAGE_CPU_AVX512)));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    if (!len) return 0;
    char *text = fuzz_text(bytes + 1, len - 1);
    switch (bytes[0]) {
    case 'a': try_amount(text); break;
    case 'd': try_decimal(text); break;
    case 'h': try_hex(text, len - 1); break;
    case 'c': try_config(text, len - 1); break;
    default: try_machine(text); break;
    }
    free(text);
    return 0;
}
