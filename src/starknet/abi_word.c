/* starknet/abi_word.c -- numbers, strings and the words that name their own form. */
#include <string.h>

#include "field/felt252_text.h"
#include "starknet/abi_private.h"

sage_status abi_bad_value(abi_text t, const char *what, sage_errinfo *err)
{
    char shown[41];
    const size_t n = t.n < sizeof shown - 1 ? t.n : sizeof shown - 1;
    for (size_t i = 0; i < n; i++)
        shown[i] = t.at[i] >= 0x20 && t.at[i] <= 0x7e ? t.at[i] : '?';
    shown[n] = 0;
    return sage_fail(err, SAGE_EFORMAT, "abi.value", -1, "\"%s\"%s is not %.120s", shown,
                     n < t.n ? ".." : "", what);
}

static sage_status bad_range(unsigned bits, bool sign, sage_errinfo *err)
{
    return sage_fail(err, SAGE_ELIMIT, "abi.range", -1, "the number does not fit %u bits%s",
                     bits, sign ? " with its sign" : "");
}

bool abi_fits(const uint64_t v[4], unsigned bits)
{
    uint64_t above = bits % 64 ? v[bits / 64] >> (bits % 64) : 0;
    for (unsigned i = (bits + 63) / 64; i < 4; i++)
        above |= v[i];
    return above == 0;
}

static sage_status get_number(uint64_t v[4], abi_token t, sage_errinfo *err)
{
    if (t.quote || !sage_limbs_from_text(v, t.text.at, t.text.n))
        return abi_bad_value(t.text, "a number: decimal digits, or 0x and hexadecimal digits",
                             err);
    return SAGE_OK;
}

/* -v is P - v. The lowest number has no positive counterpart. */
static bool fits_sign(const uint64_t v[4], unsigned bits, bool negative)
{
    uint64_t one_less[4] = {v[0] - 1, v[1] - !v[0], v[2] - !(v[0] | v[1]),
                            v[3] - !(v[0] | v[1] | v[2])};
    const bool zero      = !(v[0] | v[1] | v[2] | v[3]);
    return abi_fits(negative && !zero ? one_less : v, bits - 1);
}

sage_status
abi_put_int(sage_felt_list *out, abi_token t, unsigned bits, bool sign, sage_errinfo *err)
{
    uint64_t v[4];
    const bool negative = sign && abi_text_skip(&t.text, "-");
    sage_status s       = get_number(v, t, err);
    if (s) return s;
    if (sign ? !fits_sign(v, bits, negative) : !abi_fits(v, bits))
        return bad_range(bits, sign, err);
    const felt252 felt = felt252_from_limbs(v);
    return sage_felt_list_add(out, negative ? felt252_neg(felt) : felt, err);
}

/* The next character, a backslash being taken off in quotes; false at the end and, with *bad,
 * where nothing may be escaped. */
static bool next_char(abi_token *t, char *c, bool *bad)
{
    if (!t->text.n) return false;
    *c = *t->text.at++;
    t->text.n--;
    if (!t->quote || *c != '\\') return true;
    if (!t->text.n || (*t->text.at != t->quote && *t->text.at != '\\')) {
        *bad = true;
        return false;
    }
    *c = *t->text.at++;
    t->text.n--;
    return true;
}

/* Up to ABI_WORD characters of the token. */
static size_t next_word(abi_token *t, char word[ABI_WORD], bool *bad)
{
    size_t n = 0;
    while (n < ABI_WORD && next_char(t, &word[n], bad))
        n++;
    return n;
}

static sage_status put_text(sage_felt_list *out, abi_token t, sage_errinfo *err)
{
    const abi_text given = t.text;
    char word[ABI_WORD];
    bool bad       = false;
    const size_t n = next_word(&t, word, &bad);
    felt252 v;
    if (bad || t.text.n || sage_felt_from_short(&v, word, n, NULL))
        return abi_bad_value(given, "a short string of at most 31 ASCII characters", err);
    return sage_felt_list_add(out, v, err);
}

sage_status abi_put_short(sage_felt_list *out, abi_token t, unsigned bits, sage_errinfo *err)
{
    if (t.quote || abi_text_skip(&t.text, "str:")) return put_text(out, t, err);
    return abi_put_int(out, t, bits, false, err);
}

sage_status abi_put_felt(sage_felt_list *out, abi_token t, sage_errinfo *err)
{
    felt252 v;
    uint64_t limbs[4];
    if (t.quote || abi_text_skip(&t.text, "str:")) return put_text(out, t, err);
    abi_text_skip(&t.text, "felt:");
    sage_status s = get_number(limbs, t, err);
    if (s) return s;
    if (sage_felt_from_text(&v, t.text.at, t.text.n, NULL))
        return sage_fail(err, SAGE_ELIMIT, "abi.range", -1,
                         "the number is not below 2^251 + 17 * 2^192 + 1");
    return sage_felt_list_add(out, v, err);
}

static sage_status put_amount(sage_felt_list *out, abi_text t, sage_errinfo *err)
{
    char text[SAGE_AMOUNT_TEXT];
    sage_amount a;
    if (t.n < sizeof text && !memchr(t.at, 0, t.n)) {
        memcpy(text, t.at, t.n);
        text[t.n] = 0;
        if (!sage_amount_parse_sage(&a, text, NULL))
            return sage_felt_list_add_u256(out, &a, err);
    }
    return abi_bad_value(t, "an amount: digits, a point, at most 18 decimals, below 2^256",
                         err);
}

sage_status abi_put_u256(sage_felt_list *out, abi_token t, sage_errinfo *err)
{
    sage_amount a;
    if (!t.quote && abi_text_skip(&t.text, "amount:")) return put_amount(out, t.text, err);
    abi_text_skip(&t.text, "u256:");
    sage_status s = get_number(a.w, t, err);
    return s ? s : sage_felt_list_add_u256(out, &a, err);
}

sage_status abi_put_bool(sage_felt_list *out, abi_token t, sage_errinfo *err)
{
    abi_text_skip(&t.text, "bool:");
    const bool yes = abi_text_is(t.text, "true");
    if (t.quote || (!yes && !abi_text_is(t.text, "false")))
        return abi_bad_value(t.text, "true or false", err);
    return sage_felt_list_add(out, felt252_from_u64(yes), err);
}

/* A ByteArray: full words counted and listed, then what is left and its length. */
sage_status abi_put_bytes(sage_felt_list *out, abi_token t, sage_errinfo *err)
{
    const uint32_t head = out->n;
    abi_text_skip(&t.text, "bytearray:");
    const abi_text given = t.text;
    char word[ABI_WORD];
    bool bad      = false;
    uint32_t full = 0;
    sage_status s = sage_felt_list_add(out, felt252_zero(), err);
    size_t n      = next_word(&t, word, &bad);
    for (; !s && n == ABI_WORD; n = next_word(&t, word, &bad), full++)
        s = sage_felt_list_add(out, sage_felt_from_bytes_be(word, n), err);
    if (bad) return abi_bad_value(given, "text whose backslashes stand before a quote", err);
    if (!s) s = sage_felt_list_add(out, sage_felt_from_bytes_be(word, n), err);
    if (!s) s = sage_felt_list_add(out, felt252_from_u64(n), err);
    if (!s) out->v[head] = felt252_from_u64(full);
    return s;
}

/* ---- words ---- */

static bool begins(abi_text t, const char *prefix)
{
    return abi_text_skip(&t, prefix);
}

static sage_status put_word(sage_felt_list *out, abi_text word, sage_errinfo *err)
{
    const abi_token t = {word, 0};
    if (begins(word, "u256:") || begins(word, "amount:")) return abi_put_u256(out, t, err);
    if (begins(word, "bool:")) return abi_put_bool(out, t, err);
    if (begins(word, "bytearray:")) return abi_put_bytes(out, t, err);
    return abi_put_felt(out, t, err);
}

static sage_status put_array(sage_felt_list *out, abi_text items, sage_errinfo *err)
{
    const uint32_t head = out->n;
    uint32_t count      = 0;
    sage_status s       = sage_felt_list_add(out, felt252_zero(), err);
    for (bool more = items.n > 0; !s && more; count++) {
        const char *comma  = memchr(items.at, ',', items.n);
        const abi_text one = {items.at, comma ? (size_t)(comma - items.at) : items.n};
        s                  = put_word(out, one, err);
        more               = comma != NULL;
        items.n -= one.n + more;
        items.at += one.n + more;
    }
    if (!s) out->v[head] = felt252_from_u64(count);
    return s;
}

sage_status sage_abi_word(sage_felt_list *out, const char *word, sage_errinfo *err)
{
    abi_text t = abi_text_of(word);
    if (t.n > SAGE_ABI_MAX_TEXT)
        return sage_fail(err, SAGE_ELIMIT, "abi.size", SAGE_ABI_MAX_TEXT,
                         "an argument is longer than %d characters", SAGE_ABI_MAX_TEXT);
    if (abi_text_skip(&t, "arr:")) return put_array(out, t, err);
    return put_word(out, t, err);
}
