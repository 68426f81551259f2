/* starknet/keystore_text.c -- a keystore as JSON: one way to write it, and nothing else is read. */
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/json_in.h"
#include "starknet/address.h"
#include "starknet/keystore_private.h"

enum { CHECKSUM = 16 };

static const char *const kinds[] = {"openzeppelin-1.0.0", "other"};
static const char kdf_name[] = "argon2id", cipher_name[] = "xchacha20-poly1305";

bool keystore_chain_text(char out[SAGE_FELT_SHORT + 1], felt252 chain_id)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return sage_felt_to_short(out, chain_id) && out[0] && !out[strspn(out, letters)];
}

size_t keystore_header(char out[SAGE_KEYSTORE_MAX_BYTES], const sage_keystore *k)
{
    char chain[SAGE_FELT_SHORT + 1], address[SAGE_FELT_HEX], key[SAGE_FELT_HEX];
    char salt[2 * sizeof k->salt + 1], nonce[2 * sizeof k->nonce + 1];
    if (!keystore_chain_text(chain, k->chain_id)) chain[0] = 0;
    sage_felt_to_hex(address, k->address);
    sage_felt_to_hex(key, k->public_key);
    sage_hex_encode(salt, k->salt, sizeof k->salt);
    sage_hex_encode(nonce, k->nonce, sizeof k->nonce);
    int n = snprintf(out, SAGE_KEYSTORE_MAX_BYTES,
                     "{\n  \"version\": %d,\n  \"kind\": \"%s\",\n  \"chain_id\": \"%s\",\n"
                     "  \"address\": \"%s\",\n  \"public_key\": \"%s\",\n  \"kdf\": \"%s\",\n"
                     "  \"opslimit\": %llu,\n  \"memlimit\": %llu,\n  \"salt\": \"%s\",\n"
                     "  \"cipher\": \"%s\",\n  \"nonce\": \"%s\",\n",
                     SAGE_KEYSTORE_VERSION, kinds[k->kind], chain, address, key, kdf_name,
                     (unsigned long long)k->cost.opslimit, (unsigned long long)k->cost.memlimit,
                     salt, cipher_name, nonce);
    return n > 0 ? (size_t)n : 0;
}

size_t sage_keystore_format(char out[SAGE_KEYSTORE_MAX_BYTES], const sage_keystore *k)
{
    char sealed[2 * sizeof k->sealed + 1], digits[2 * CHECKSUM + 1];
    uint8_t sum[CHECKSUM];
    sage_hex_encode(sealed, k->sealed, sizeof k->sealed);
    size_t n = keystore_header(out, k), room = SAGE_KEYSTORE_MAX_BYTES;
    n += (size_t)snprintf(out + n, room - n, "  \"ciphertext\": \"%s\",\n", sealed);
    crypto_generichash(sum, sizeof sum, (const uint8_t *)out, n, NULL, 0);
    sage_hex_encode(digits, sum, sizeof sum);
    return n + (size_t)snprintf(out + n, room - n, "  \"checksum\": \"%s\"\n}\n", digits);
}

static sage_status bad_form(long long at, const char *what, sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "keystore.form", at, "the keystore is damaged: %.160s",
                     what);
}

/* The version first: another one may have other members. */
static sage_status check_version(const char *text, size_t n, sage_errinfo *err)
{
    static const char *const names[] = {"version"};
    sage_errinfo own                 = {0};
    sage_json_in c                   = {.text = text, .len = n, .err = &own}, version;
    uint64_t v;
    if (sage_json_in_pick(&c, names, 1, &version)) return bad_form(own.at, own.msg, err);
    if (!version.text) return bad_form(-1, "it has no version", err);
    version.err = &own;
    if (sage_json_in_number(&version, UINT64_MAX, &v, "keystore.version"))
        return bad_form(own.at, own.msg, err);
    if (v == SAGE_KEYSTORE_VERSION) return SAGE_OK;
    return sage_fail(err, SAGE_EUNSUP, "keystore.version", -1,
                     "the keystore has version %llu, this program reads version %d",
                     (unsigned long long)v, SAGE_KEYSTORE_VERSION);
}

enum {
    VERSION,
    KIND,
    CHAIN,
    ADDRESS,
    PUBLIC_KEY,
    KDF,
    OPSLIMIT,
    MEMLIMIT,
    SALT,
    CIPHER,
    NONCE,
    SEALED,
    SUM,
    MEMBERS
};

static sage_status read_hex(sage_json_in *c, uint8_t *out, size_t n)
{
    const char *text;
    size_t len;
    sage_status st = sage_json_in_string(c, &text, &len);
    return st ? st : sage_hex_decode(out, n, text, len, c->err);
}

static sage_status read_felt(sage_json_in *c, felt252 *out)
{
    const char *text;
    size_t len;
    sage_status st = sage_json_in_string(c, &text, &len);
    return st ? st : sage_felt_from_hex(out, text, len, true, c->err);
}

static sage_status read_kind(sage_json_in *c, sage_keystore_kind *out)
{
    const char *text;
    size_t len;
    sage_status st = sage_json_in_string(c, &text, &len);
    if (st) return st;
    for (int i = 0; i < 2; i++)
        if (strlen(kinds[i]) == len && !memcmp(kinds[i], text, len)) {
            *out = (sage_keystore_kind)i;
            return SAGE_OK;
        }
    return sage_json_in_bad(c, "keystore.form", "no kind of account that this program knows");
}

static sage_status read_chain(sage_json_in *c, felt252 *out)
{
    const char *text;
    size_t len;
    sage_status st = sage_json_in_string(c, &text, &len);
    return st ? st : sage_felt_from_short(out, text, len, c->err);
}

/* Names of the algorithms and the checksum are compared with the canonical text later. */
static sage_status read_members(sage_json_in *m, sage_keystore *out)
{
    sage_status st = read_kind(&m[KIND], &out->kind);
    if (!st) st = read_chain(&m[CHAIN], &out->chain_id);
    if (!st) st = read_felt(&m[ADDRESS], &out->address);
    if (!st) st = read_felt(&m[PUBLIC_KEY], &out->public_key);
    if (!st)
        st = sage_json_in_number(&m[OPSLIMIT], UINT64_MAX, &out->cost.opslimit,
                                 "keystore.limit");
    if (!st)
        st = sage_json_in_number(&m[MEMLIMIT], UINT64_MAX, &out->cost.memlimit,
                                 "keystore.limit");
    if (!st) st = read_hex(&m[SALT], out->salt, sizeof out->salt);
    if (!st) st = read_hex(&m[NONCE], out->nonce, sizeof out->nonce);
    if (!st) st = read_hex(&m[SEALED], out->sealed, sizeof out->sealed);
    return st;
}

static sage_status
read_object(sage_keystore *out, const char *text, size_t n, sage_errinfo *own)
{
    static const char *const names[MEMBERS] = {
        "version",  "kind", "chain_id", "address", "public_key", "kdf",     "opslimit",
        "memlimit", "salt", "cipher",   "nonce",   "ciphertext", "checksum"};
    sage_json_in c = {.text = text, .len = n, .err = own}, members[MEMBERS];
    sage_status st = sage_json_in_members(&c, names, MEMBERS, members);
    return st ? st : read_members(members, out);
}

static sage_status check_values(const sage_keystore *k, sage_errinfo *err)
{
    char chain[SAGE_FELT_SHORT + 1];
    if (!keystore_cost_allowed(&k->cost))
        return sage_fail(
            err, SAGE_ELIMIT, "keystore.limit", -1,
            "the keystore asks for %llu passes over %llu bytes; allowed are %d to %d "
            "over %d to %d",
            (unsigned long long)k->cost.opslimit, (unsigned long long)k->cost.memlimit,
            KEYSTORE_MIN_OPS, KEYSTORE_MAX_OPS, KEYSTORE_MIN_MEMORY, KEYSTORE_MAX_MEMORY);
    if (!keystore_chain_text(chain, k->chain_id))
        return bad_form(-1, "its chain id is no name", err);
    return SAGE_OK;
}

sage_status
sage_keystore_parse(sage_keystore *out, const char *text, size_t n, sage_errinfo *err)
{
    char own_text[SAGE_KEYSTORE_MAX_BYTES];
    sage_errinfo own = {0};
    sage_status st   = check_version(text, n, err);
    if (st) return st;
    if (read_object(out, text, n, &own)) return bad_form(own.at, own.msg, err);
    st = check_values(out, err);
    if (st) return st;
    size_t len = sage_keystore_format(own_text, out);
    if (len != n || memcmp(own_text, text, n))
        return bad_form(-1, "its checksum or its form is not what was written", err);
    if (out->kind == SAGE_KEYSTORE_OPENZEPPELIN &&
        !felt252_eq(out->address, sage_account_address(out->public_key)))
        return bad_form(-1, "its address is not that of its public key", err);
    return SAGE_OK;
}
