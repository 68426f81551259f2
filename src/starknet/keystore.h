/* starknet/keystore.h -- a Starknet key in a file that only a passphrase opens.
 *
 * Model: a keystore is one JSON object. In clear: version, kind of account, chain, address,
 * public key, and what the passphrase's key is derived with (Argon2id: salt, opslimit,
 * memlimit). Encrypted: the secret key, 32 bytes, with XChaCha20-Poly1305 under a fresh nonce;
 * all that stands before the ciphertext in the file is its associated data, byte for byte. A
 * checksum over the rest tells a damaged file from a wrong passphrase; it protects nothing.
 *
 * A file has one form: what differs from what sage_keystore_format writes by a byte is refused,
 * and its limits are checked before any work is done on it. Secrets live in memory that is locked,
 * wiped when freed, and not in core dumps, as far as the system allows. Thread safe. */
#ifndef SAGE_STARKNET_KEYSTORE_H
#define SAGE_STARKNET_KEYSTORE_H

#include "curve/sign.h"
#include "field/felt252_text.h"

enum {
    SAGE_KEYSTORE_VERSION   = 1,
    SAGE_KEYSTORE_MAX_BYTES = 2048, /* of a file, with room for the NUL */
    SAGE_PASSPHRASE_MAX     = 1024  /* bytes */
};

/* What deriving a key costs. Files are read from 1 and 8 KiB (tests) up to 16 and 1 GiB. */
typedef struct sage_keystore_cost {
    uint64_t opslimit; /* passes */
    uint64_t memlimit; /* bytes */
} sage_keystore_cost;
/* 3 passes over 256 MiB: what `sage wallet` writes. About 0.5 s. */
sage_keystore_cost sage_keystore_default_cost(void);

typedef enum sage_keystore_kind {
    SAGE_KEYSTORE_OPENZEPPELIN, /* the address is sage_account_address of the public key */
    SAGE_KEYSTORE_OTHER         /* another account that this key signs for */
} sage_keystore_kind;

/* Nothing here is secret. */
typedef struct sage_keystore {
    sage_keystore_kind kind;
    felt252 chain_id; /* a short string of letters, digits, '_' and '-' */
    felt252 address, public_key;
    sage_keystore_cost cost;
    uint8_t salt[16], nonce[24], sealed[48];
} sage_keystore;

/* A key in locked memory, for sage_keystore_key_free. SAGE_ENOMEM "keystore.memory". */
SAGE_CHECKED sage_status sage_keystore_key_new(sage_secret_key **out, sage_errinfo *err);
/* Wipes it. NULL is allowed. */
void sage_keystore_key_free(sage_secret_key *key);
/* Draws a key below 2^251, from the kernel. */
SAGE_CHECKED sage_status sage_keystore_draw(sage_secret_key *out, sage_errinfo *err);

/* Encrypts a valid key: kind, chain_id and address are the caller's (the address of an
 * OpenZeppelin account is computed), the rest is filled in. SAGE_EINVAL "keystore.secret" (the
 * key), "keystore.chain", "keystore.passphrase" (empty or too long); SAGE_ELIMIT
 * "keystore.limit" (the cost); SAGE_ENOMEM "keystore.memory"; errors of sage_random_fill. Cost:
 * as the parameter says. */
SAGE_CHECKED sage_status sage_keystore_seal(sage_keystore *k,
                                            const sage_secret_key *key,
                                            const char *passphrase,
                                            size_t n,
                                            sage_keystore_cost cost,
                                            sage_errinfo *err);
/* Decrypts it; *out is for sage_keystore_key_free, NULL on error. SAGE_EAUTH
 * "keystore.passphrase": it is the wrong one, or somebody has changed the file and its checksum.
 * SAGE_EFORMAT "keystore.mismatch": the key is not that of the public key. SAGE_ENOMEM
 * "keystore.memory". */
SAGE_CHECKED sage_status sage_keystore_open(sage_secret_key **out,
                                            const sage_keystore *k,
                                            const char *passphrase,
                                            size_t n,
                                            sage_errinfo *err);

/* The file's text; returns its length. */
size_t sage_keystore_format(char out[SAGE_KEYSTORE_MAX_BYTES], const sage_keystore *k);
/* SAGE_EFORMAT "keystore.form" (err->at: byte offset or -1), SAGE_EUNSUP "keystore.version",
 * SAGE_ELIMIT "keystore.limit". */
SAGE_CHECKED sage_status sage_keystore_parse(sage_keystore *out,
                                             const char *text,
                                             size_t n,
                                             sage_errinfo *err);

/* Errors of sage_file_read and the above. */
SAGE_CHECKED sage_status sage_keystore_read(sage_keystore *out,
                                            const char *path,
                                            sage_errinfo *err);
/* A new file of mode 0600, whole or not at all, which is then read back and compared. SAGE_ECONFLICT
 * "keystore.exists": something has this name, and is left as it is; SAGE_EIO "keystore.verify";
 * errors of sage_file_write_new. */
SAGE_CHECKED sage_status sage_keystore_write(const char *path,
                                             const sage_keystore *k,
                                             sage_errinfo *err);

#endif
