/* Keystore files. What is read is byte for byte what would be written, asks for no more work than
 * allowed, and does not open with a passphrase that is not its own. */
#include "fuzz/fuzz.h"
#include "starknet/keystore.h"

static void try_open(const sage_keystore *k)
{
    static const char wrong[] = "fuzz: nobody's passphrase";
    sage_secret_key *key;
    sage_errinfo err;
    if (k->cost.opslimit > 1 || k->cost.memlimit > 1 << 16) return; /* for the fuzzer's pace */
    FUZZ_EXPECT(sage_keystore_open(&key, k, wrong, sizeof wrong - 1, &err) == SAGE_EAUTH);
    FUZZ_EXPECT(!key && !strcmp(err.where, "keystore.passphrase"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    sage_keystore k;
    sage_errinfo err;
    char *text = fuzz_text(bytes, len), out[SAGE_KEYSTORE_MAX_BYTES];
    if (!sage_keystore_parse(&k, text, len, &err)) {
        FUZZ_EXPECT(sage_keystore_format(out, &k) == len && !memcmp(out, text, len));
        FUZZ_EXPECT(k.cost.opslimit <= 16 && k.cost.memlimit <= 1 << 30);
        try_open(&k);
    } else {
        FUZZ_EXPECT(!strncmp(err.where, "keystore.", 9) && err.msg[0]);
    }
    free(text);
    return 0;
}
