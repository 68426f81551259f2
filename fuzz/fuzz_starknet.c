/* What strangers send a Starknet client or chain: the first byte chooses the reader. What is read
 * must be written and read again as the same. */
#include "field/felt252_text.h"
#include "fuzz/fuzz.h"
#include "starknet/abi.h"
#include "starknet/calls.h"
#include "starknet/class_hash.h"
#include "starknet/felt_json.h"
#include "starknet/transaction.h"

static void try_transaction(const char *text, size_t len)
{
    json_t *object      = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    const felt252 chain = sage_felt_short("SN_SEPOLIA");
    sage_amount fee;
    sage_tx t, again;
    if (!sage_tx_read(&t, object, NULL)) {
        json_t *written = sage_tx_write(&t, true, true),
               *shown   = sage_tx_write(&t, false, false);
        FUZZ_EXPECT(shown && !sage_tx_read(&again, written, NULL));
        json_t *same = sage_tx_write(&again, true, true);
        FUZZ_EXPECT(json_equal(written, same));
        FUZZ_EXPECT(felt252_eq(sage_tx_hash(&t, chain), sage_tx_hash(&again, chain)));
        FUZZ_EXPECT(!sage_tx_max_fee(&fee, &t, NULL));
        json_decref(written);
        json_decref(same);
        json_decref(shown);
        sage_tx_free(&again);
    }
    sage_tx_free(&t);
    json_decref(object);
}

static void try_class(const char *text, size_t len)
{
    json_t *object = json_loadb(text, len, 0, NULL);
    felt252 hash, same;
    if (!sage_class_hash(&hash, object, NULL))
        FUZZ_EXPECT(!sage_class_hash(&same, object, NULL) && felt252_eq(hash, same));
    json_decref(object);
}

/* Felts between white space. */
static sage_felt_list felts_of(const char *text)
{
    sage_felt_list list = {0};
    felt252 v;
    while (*text && list.n < 1000) {
        const size_t n = strcspn(text, " \n");
        if (n && !sage_felt_from_text(&v, text, n, NULL))
            FUZZ_EXPECT(!sage_felt_list_add(&list, v, NULL));
        text += n;
        text += strspn(text, " \n");
    }
    return list;
}

static void try_calls(const char *text)
{
    sage_felt_list data = felts_of(text), back = {0};
    sage_call *calls;
    uint32_t n;
    if (!sage_calls_decode(&calls, &n, data.v, data.n, NULL)) {
        FUZZ_EXPECT(n <= SAGE_CALLS_MAX && !sage_calls_encode(&back, calls, n, NULL));
        FUZZ_EXPECT(sage_felt_list_equal(&data, &back));
        sage_calls_free(calls, n);
    } else
        FUZZ_EXPECT(!calls && !n);
    sage_felt_list_free(&data);
    sage_felt_list_free(&back);
}

static void try_outside(const char *text)
{
    sage_felt_list data = felts_of(text), back = {0}, signature;
    sage_outside_execution e;
    sage_call *calls;
    if (!sage_outside_execution_decode(&e, &calls, &signature, data.v, data.n, NULL)) {
        FUZZ_EXPECT(!sage_outside_execution_encode(&back, &e, &signature, NULL));
        FUZZ_EXPECT(sage_felt_list_equal(&data, &back));
        (void)sage_outside_execution_hash(&e, e.caller, e.nonce);
        sage_calls_free(calls, e.n_calls);
        sage_felt_list_free(&signature);
    } else
        FUZZ_EXPECT(!calls && !signature.v);
    sage_felt_list_free(&data);
    sage_felt_list_free(&back);
}

static void expect_round(felt252 v)
{
    char hex[SAGE_FELT_HEX], decimal[SAGE_FELT_DECIMAL], letters[SAGE_FELT_SHORT + 1];
    felt252 back;
    const size_t n = sage_felt_to_hex(hex, v);
    FUZZ_EXPECT(!sage_felt_from_hex(&back, hex, n, true, NULL) && felt252_eq(back, v));
    const size_t d = sage_felt_to_decimal(decimal, v);
    FUZZ_EXPECT(!sage_felt_from_text(&back, decimal, d, NULL) && felt252_eq(back, v));
    if (sage_felt_to_short(letters, v))
        FUZZ_EXPECT(!sage_felt_from_short(&back, letters, strlen(letters), NULL) &&
                    felt252_eq(back, v));
}

static void try_number(const char *text, size_t len)
{
    felt252 strict, lenient, person, letters;
    if (!sage_felt_from_hex(&strict, text, len, true, NULL)) {
        char hex[SAGE_FELT_HEX];
        FUZZ_EXPECT(!sage_felt_from_hex(&lenient, text, len, false, NULL));
        FUZZ_EXPECT(felt252_eq(strict, lenient));
        FUZZ_EXPECT(sage_felt_to_hex(hex, strict) == len); /* one form of each number */
    }
    if (!sage_felt_from_text(&person, text, len, NULL)) expect_round(person);
    if (!sage_felt_from_short(&letters, text, len, NULL)) expect_round(letters);
}

static void try_word(const char *text)
{
    sage_felt_list list = {0};
    (void)!sage_abi_word(&list, text, NULL);
    sage_felt_list_free(&list);
}

static void expect_printable(const char *text)
{
    for (; *text; text++)
        FUZZ_EXPECT((*text >= 0x20 && *text <= 0x7e) || *text == '\n');
}

static void try_answer(const sage_abi *a, const sage_felt_list *data)
{
    char *text;
    if (sage_abi_decode(&text, a, "f", data->v, data->n, NULL)) return;
    expect_printable(text);
    free(text);
}

/* Two lines, an argument and an answer's felts, and the ABI, whose function f is called. */
static void try_abi(char *text)
{
    char signature[200];
    char *save, *arg = strtok_r(text, "\n", &save), *felts = strtok_r(NULL, "\n", &save);
    const char *abi = strtok_r(NULL, "", &save);
    sage_abi *a;
    if (!abi || sage_abi_open(&a, abi, strlen(abi), NULL)) return;
    sage_felt_list given = felts_of(felts), made = {0};
    if (!sage_abi_encode(&made, a, "f", (const char *const[]){arg}, 1, NULL))
        try_answer(a, &made);
    try_answer(a, &given);
    if (!sage_abi_signature(signature, sizeof signature, a, "f", NULL))
        expect_printable(signature);
    sage_felt_list_free(&given);
    sage_felt_list_free(&made);
    sage_abi_close(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (!size) return 0;
    const size_t len = size - 1;
    char *text       = fuzz_text(bytes + 1, len);
    switch (bytes[0]) {
    case 't': try_transaction(text, len); break;
    case 'k': try_class(text, len); break;
    case 'c': try_calls(text); break;
    case 'o': try_outside(text); break;
    case 'n': try_number(text, len); break;
    case 'w': try_word(text); break;
    default: try_abi(text); break;
    }
    free(text);
    return 0;
}
