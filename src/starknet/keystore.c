/* starknet/keystore.c -- keys under a passphrase. keystore_text.c has the file's form. */
#include "starknet/keystore.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/random.h"
#include "starknet/address.h"
#include "starknet/keystore_private.h"

/* What exists of secrets while a file is made or opened, in locked memory. */
typedef struct secrets {
    uint8_t wrapping[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t key[32];
} secrets;

static sage_status no_memory(sage_errinfo *err)
{
    return sage_fail(err, SAGE_ENOMEM, "keystore.memory", -1, "no memory");
}

sage_keystore_cost sage_keystore_default_cost(void)
{
    return (sage_keystore_cost){.opslimit = 3, .memlimit = 256 << 20};
}

/* sodium_malloc locks, guards and, on sodium_free, wipes. */
static void *locked(size_t n)
{
    return sodium_init() < 0 ? NULL : sodium_malloc(n);
}

sage_status sage_keystore_key_new(sage_secret_key **out, sage_errinfo *err)
{
    *out = locked(sizeof **out);
    if (!*out) return no_memory(err);
    sage_secret_zero(*out, sizeof **out);
    return SAGE_OK;
}

void sage_keystore_key_free(sage_secret_key *key)
{
    sodium_free(key);
}

sage_status sage_keystore_draw(sage_secret_key *out, sage_errinfo *err)
{
    uint8_t bytes[32];
    bool valid = false;
    while (!valid) {
        sage_status st = sage_random_fill(bytes, sizeof bytes, err);
        if (st) return st;
        bytes[0] &= 0x07; /* the order is a little more than 2^251 */
        valid = sage_secret_key_from_bytes(out, bytes);
    }
    sage_secret_zero(bytes, sizeof bytes);
    return SAGE_OK;
}

bool keystore_cost_allowed(const sage_keystore_cost *c)
{
    return c->opslimit >= KEYSTORE_MIN_OPS && c->opslimit <= KEYSTORE_MAX_OPS &&
           c->memlimit >= KEYSTORE_MIN_MEMORY && c->memlimit <= KEYSTORE_MAX_MEMORY;
}

static sage_status check_seal(const sage_keystore *k,
                              const sage_secret_key *key,
                              size_t n,
                              const sage_keystore_cost *cost,
                              sage_errinfo *err)
{
    char chain[SAGE_FELT_SHORT + 1];
    if (!sage_secret_key_valid(key))
        return sage_fail(err, SAGE_EINVAL, "keystore.secret", -1, "not a key of this curve");
    if (!keystore_chain_text(chain, k->chain_id))
        return sage_fail(err, SAGE_EINVAL, "keystore.chain", -1,
                         "the chain id is no name of letters, digits, '_' and '-'");
    if (!n || n > SAGE_PASSPHRASE_MAX)
        return sage_fail(err, SAGE_EINVAL, "keystore.passphrase", -1,
                         "a passphrase has 1 to %d bytes", SAGE_PASSPHRASE_MAX);
    if (!keystore_cost_allowed(cost))
        return sage_fail(err, SAGE_ELIMIT, "keystore.limit", -1,
                         "%llu passes over %llu bytes are not allowed",
                         (unsigned long long)cost->opslimit,
                         (unsigned long long)cost->memlimit);
    return SAGE_OK;
}

static sage_status
derive(secrets *s, const sage_keystore *k, const char *passphrase, size_t n, sage_errinfo *err)
{
    if (crypto_pwhash(s->wrapping, sizeof s->wrapping, passphrase, n, k->salt, k->cost.opslimit,
                      (size_t)k->cost.memlimit, crypto_pwhash_ALG_ARGON2ID13))
        return sage_fail(err, SAGE_ENOMEM, "keystore.memory", -1,
                         "no memory for the key derivation: %llu bytes",
                         (unsigned long long)k->cost.memlimit);
    return SAGE_OK;
}

static sage_status encrypt(secrets *s,
                           sage_keystore *k,
                           const sage_secret_key *key,
                           const char *passphrase,
                           size_t n,
                           sage_errinfo *err)
{
    char header[SAGE_KEYSTORE_MAX_BYTES];
    sage_status st = derive(s, k, passphrase, n, err);
    if (st) return st;
    size_t len = keystore_header(header, k);
    sage_secret_key_to_bytes(s->key, key);
    crypto_aead_xchacha20poly1305_ietf_encrypt(k->sealed, NULL, s->key, sizeof s->key,
                                               (const uint8_t *)header, len, NULL, k->nonce,
                                               s->wrapping);
    return SAGE_OK;
}

sage_status sage_keystore_seal(sage_keystore *k,
                               const sage_secret_key *key,
                               const char *passphrase,
                               size_t n,
                               sage_keystore_cost cost,
                               sage_errinfo *err)
{
    sage_status st = check_seal(k, key, n, &cost, err);
    if (!st) st = sage_random_fill(k->salt, sizeof k->salt, err);
    if (!st) st = sage_random_fill(k->nonce, sizeof k->nonce, err);
    if (st) return st;
    k->cost       = cost;
    k->public_key = sage_public_key(key);
    if (k->kind == SAGE_KEYSTORE_OPENZEPPELIN) k->address = sage_account_address(k->public_key);
    secrets *s = locked(sizeof *s);
    if (!s) return no_memory(err);
    st = encrypt(s, k, key, passphrase, n, err);
    sodium_free(s);
    return st;
}

static sage_status decrypt(secrets *s,
                           sage_secret_key *out,
                           const sage_keystore *k,
                           const char *passphrase,
                           size_t n,
                           sage_errinfo *err)
{
    char header[SAGE_KEYSTORE_MAX_BYTES];
    sage_status st = derive(s, k, passphrase, n, err);
    if (st) return st;
    size_t len = keystore_header(header, k);
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(s->key, NULL, NULL, k->sealed,
                                                   sizeof k->sealed, (const uint8_t *)header,
                                                   len, k->nonce, s->wrapping))
        return sage_fail(err, SAGE_EAUTH, "keystore.passphrase", -1,
                         "the passphrase does not open this keystore");
    if (!sage_secret_key_from_bytes(out, s->key) ||
        !felt252_eq(sage_public_key(out), k->public_key))
        return sage_fail(err, SAGE_EFORMAT, "keystore.mismatch", -1,
                         "the keystore holds another key than it says");
    return SAGE_OK;
}

sage_status sage_keystore_open(sage_secret_key **out,
                               const sage_keystore *k,
                               const char *passphrase,
                               size_t n,
                               sage_errinfo *err)
{
    sage_secret_key *key;
    *out           = NULL;
    sage_status st = sage_keystore_key_new(&key, err);
    if (st) return st;
    secrets *s = locked(sizeof *s);
    st         = s ? decrypt(s, key, k, passphrase, n, err) : no_memory(err);
    sodium_free(s);
    if (st)
        sage_keystore_key_free(key);
    else
        *out = key;
    return st;
}

sage_status sage_keystore_read(sage_keystore *out, const char *path, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t n;
    sage_status st = sage_file_read(path, SAGE_KEYSTORE_MAX_BYTES - 1, &bytes, &n, err);
    if (st) return st;
    st = sage_keystore_parse(out, (const char *)bytes, n, err);
    free(bytes);
    return st;
}

/* Reads path and compares it with text[0..n). */
static sage_status verify(const char *path, const char *text, size_t n, sage_errinfo *err)
{
    uint8_t *bytes;
    size_t len;
    sage_status st = sage_file_read(path, SAGE_KEYSTORE_MAX_BYTES, &bytes, &len, err);
    if (st) return st;
    bool same = len == n && !memcmp(bytes, text, n);
    free(bytes);
    if (same) return SAGE_OK;
    return sage_fail(err, SAGE_EIO, "keystore.verify", -1,
                     "%.160s does not read back as it was written", path);
}

sage_status sage_keystore_write(const char *path, const sage_keystore *k, sage_errinfo *err)
{
    char text[SAGE_KEYSTORE_MAX_BYTES];
    sage_errinfo own = {0};
    size_t n         = sage_keystore_format(text, k);
    sage_status st   = sage_file_write_new(path, text, n, 0600, &own);
    if (!st) return verify(path, text, n, err);
    if (!strcmp(own.where, "file.exists"))
        return sage_fail(err, st, "keystore.exists", -1,
                         "%.160s is there already; keys are never overwritten", path);
    if (err) *err = own;
    return st;
}
