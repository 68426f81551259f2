/* sage wallet new, import, address, export, restore: keys in files; no node is asked. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/wallet.h"
#include "base/file.h"
#include "base/hex.h"
#include "base/random.h"
#include "proto/folder.h"
#include "starknet/address.h"

enum { KEY_TEXT = 68 }; /* 0x, 64 digits, a newline, a NUL */

static struct {
    const char *address;
    uint64_t key_fd, new_fd;
    bool new_passphrase, plaintext, yes_plaintext;
} arg = {.key_fd = SECRET_NO_FD, .new_fd = SECRET_NO_FD};

#define KEY_OPTIONS WALLET_OPTION, PASSPHRASE_OPTIONS, WALLET_JSON_OPTION

static const sage_cli_option new_options[]    = {KEY_OPTIONS, CHAIN_OPTIONS};
static const sage_cli_option import_options[] = {
    KEY_OPTIONS,
    CHAIN_OPTIONS,
    {.name  = "key-fd",
     .kind  = SAGE_CLI_NUMBER,
     .value = "N",
     .max   = 1 << 20,
     .help  = "read the private key from file descriptor N (default: ask)",
     .to    = {.number = &arg.key_fd}},
    {.name  = "address",
     .kind  = SAGE_CLI_TEXT,
     .value = "ADDRESS",
     .help  = "of the account, if it is no OpenZeppelin 1.0.0 account",
     .to    = {.text = &arg.address}},
};
static const sage_cli_option address_options[] = {WALLET_OPTION, WALLET_JSON_OPTION};
static const sage_cli_option export_options[]  = {
     WALLET_OPTION,
     PASSPHRASE_OPTIONS,
     {.name = "new-passphrase",
      .kind = SAGE_CLI_FLAG,
      .help = "encrypt the copy with another passphrase",
      .to   = {.flag = &arg.new_passphrase}},
     {.name  = "new-passphrase-fd",
      .kind  = SAGE_CLI_NUMBER,
      .value = "N",
      .max   = 1 << 20,
      .help  = "read that one from file descriptor N",
      .to    = {.number = &arg.new_fd}},
     {.name = "plaintext",
      .kind = SAGE_CLI_FLAG,
      .help = "the private key itself, in the open; asks first",
      .to   = {.flag = &arg.plaintext}},
     {.name = "yes-plaintext",
      .kind = SAGE_CLI_FLAG,
      .help = "do not ask first",
      .to   = {.flag = &arg.yes_plaintext}},
};
static const sage_cli_option restore_options[] = {KEY_OPTIONS};

/* ---- pieces ---- */

static sage_status make_folder_of(const char *path, sage_errinfo *err)
{
    char folder[WALLET_PATH];
    const char *slash = strrchr(path, '/');
    if (!slash || slash == path) return SAGE_OK;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    return sage_folder_make(folder, err);
}

/* Where a new keystore goes; refused before a passphrase is asked for. */
static sage_status new_path(char out[WALLET_PATH], sage_errinfo *err)
{
    sage_status st = wallet_path(out, err);
    if (st) return st;
    if (!access(out, F_OK))
        return sage_fail(err, SAGE_ECONFLICT, "keystore.exists", -1,
                         "%.160s is there already; keys are never overwritten", out);
    return make_folder_of(out, err);
}

/* Without an option: sepolia, whose chain id the local chain has, too. */
static sage_status new_chain(felt252 *out, sage_errinfo *err)
{
    bool given;
    sage_status st = wallet_chain(out, &given, err);
    if (!st && !given) *out = sage_felt_short("SN_SEPOLIA");
    return st;
}

/* Opens k as a user would: does it hold this key? */
static sage_status check_opens(const sage_keystore *k,
                               const sage_secret_key *key,
                               const secret_line *passphrase,
                               sage_errinfo *err)
{
    sage_secret_key *again;
    sage_status st = sage_keystore_open(&again, k, passphrase->text, passphrase->n, err);
    if (!st && !sage_secret_equal(again, key, sizeof *key))
        st = sage_fail(err, SAGE_EIO, "keystore.verify", -1,
                       "the keystore does not hold the key that was written");
    sage_keystore_key_free(again);
    return st;
}

/* Written, and then opened as a user would. What does not open is taken away: we made it. */
static sage_status keep(const char *path,
                        const sage_keystore *k,
                        const sage_secret_key *key,
                        const secret_line *passphrase,
                        sage_errinfo *err)
{
    sage_keystore back;
    sage_status st = sage_keystore_write(path, k, err);
    if (st) return st;
    st = sage_keystore_read(&back, path, err);
    if (!st) st = check_opens(&back, key, passphrase, err);
    if (st) unlink(path);
    return st;
}

static sage_status print_wallet(const sage_keystore *k, const char *path, sage_errinfo *err)
{
    char chain[SAGE_FELT_SHORT + 1];
    if (!sage_felt_to_short(chain, k->chain_id)) chain[0] = 0;
    if (wallet_arg.json)
        return wallet_print_json(json_pack("{s:o, s:o, s:s, s:s}", "address",
                                           wallet_json_felt(k->address), "public_key",
                                           wallet_json_felt(k->public_key), "chain_id", chain,
                                           "file", path),
                                 err);
    wallet_print_felt("address", k->address);
    wallet_print_felt("public key", k->public_key);
    printf("  %-14s %s\n  %-14s %s\n", "chain", chain, "file", path);
    return SAGE_OK;
}

/* ---- new, import ---- */

static sage_status
seal_and_keep(const char *path, sage_keystore *k, const sage_secret_key *key, sage_errinfo *err)
{
    secret_line *passphrase;
    secret_source from = wallet_secret("New passphrase");
    from.twice         = true;
    sage_status st     = secret_line_new(&passphrase, err);
    if (st) return st;
    st = secret_ask(passphrase, &from, err);
    if (!st)
        st = sage_keystore_seal(k, key, passphrase->text, passphrase->n,
                                sage_keystore_default_cost(), err);
    if (!st) st = keep(path, k, key, passphrase, err);
    secret_line_free(passphrase);
    return st ? st : print_wallet(k, path, err);
}

static sage_status make_wallet(sage_errinfo *err)
{
    char path[WALLET_PATH];
    sage_keystore k      = {0};
    sage_secret_key *key = NULL;
    sage_status st       = new_path(path, err);
    if (!st) st = new_chain(&k.chain_id, err);
    if (!st) st = sage_keystore_key_new(&key, err);
    if (!st) st = sage_keystore_draw(key, err);
    if (!st) st = seal_and_keep(path, &k, key, err);
    sage_keystore_key_free(key);
    return st;
}

static int run_new(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args, (void)args;
    if (make_wallet(&err)) return sage_cli_report("sage wallet new", &err);
    fprintf(stderr, "Keep a copy elsewhere: sage wallet export FILE. Without the file and its "
                    "passphrase nobody can get at what the account holds.\n");
    return 0;
}

static sage_status bad_key(sage_errinfo *err)
{
    return sage_fail(err, SAGE_EFORMAT, "wallet.secret", -1,
                     "a private key is 1 to 64 hexadecimal digits, 0x before them or not, and "
                     "neither 0 nor too large");
}

static sage_status read_key(sage_secret_key *out, const secret_line *line, sage_errinfo *err)
{
    char digits[64];
    uint8_t bytes[32] = {0};
    const char *text  = line->text;
    size_t n          = line->n;
    if (n >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) text += 2, n -= 2;
    if (!n || n > sizeof digits) return bad_key(err);
    memset(digits, '0', sizeof digits);
    memcpy(digits + sizeof digits - n, text, n);
    bool good = !sage_hex_decode(bytes, sizeof bytes, digits, sizeof digits, NULL) &&
                sage_secret_key_from_bytes(out, bytes);
    sage_secret_zero(digits, sizeof digits);
    sage_secret_zero(bytes, sizeof bytes);
    return good ? SAGE_OK : bad_key(err);
}

static sage_status ask_key(sage_secret_key *out, sage_errinfo *err)
{
    secret_line *line;
    const secret_source from = {.fd = arg.key_fd, .prompt = "Private key"};
    sage_status st           = secret_line_new(&line, err);
    if (st) return st;
    st = secret_ask(line, &from, err);
    if (!st) st = read_key(out, line, err);
    secret_line_free(line);
    return st;
}

static sage_status import_wallet(sage_errinfo *err)
{
    char path[WALLET_PATH];
    sage_keystore k = {.kind = arg.address ? SAGE_KEYSTORE_OTHER : SAGE_KEYSTORE_OPENZEPPELIN};
    sage_secret_key *key = NULL;
    sage_status st       = new_path(path, err);
    if (!st) st = new_chain(&k.chain_id, err);
    if (!st && arg.address) st = wallet_address(&k.address, arg.address, err);
    if (!st) st = sage_keystore_key_new(&key, err);
    if (!st) st = ask_key(key, err);
    if (!st) st = seal_and_keep(path, &k, key, err);
    sage_keystore_key_free(key);
    return st;
}

static int run_import(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    (void)n_args, (void)args;
    return import_wallet(&err) ? sage_cli_report("sage wallet import", &err) : 0;
}

static int run_address(uint32_t n_args, const char *const *args)
{
    char path[WALLET_PATH];
    sage_keystore k;
    sage_errinfo err;
    (void)n_args, (void)args;
    sage_status st = wallet_path(path, &err);
    if (!st) st = sage_keystore_read(&k, path, &err);
    if (!st) st = print_wallet(&k, path, &err);
    return st ? sage_cli_report("sage wallet address", &err) : 0;
}

/* ---- export, restore ---- */

/* The keystore at path, opened: the passphrase stays for comparing. */
static sage_status open_at(const char *path,
                           sage_keystore *k,
                           sage_secret_key **key,
                           secret_line *passphrase,
                           sage_errinfo *err)
{
    secret_source from = wallet_secret("Passphrase");
    sage_status st     = sage_keystore_read(k, path, err);
    if (!st) st = secret_ask(passphrase, &from, err);
    return st ? st : sage_keystore_open(key, k, passphrase->text, passphrase->n, err);
}

static sage_status
export_plaintext(const char *to, const sage_secret_key *key, sage_errinfo *err)
{
    char text[KEY_TEXT] = "0x";
    uint8_t bytes[32];
    sage_status st =
        arg.yes_plaintext
            ? SAGE_OK
            : secret_confirm("The private key will be readable by anybody who sees "
                             "it. Type yes to go on",
                             err);
    if (st) return st;
    sage_secret_key_to_bytes(bytes, key);
    sage_hex_encode(text + 2, bytes, sizeof bytes);
    text[66] = '\n', text[67] = 0;
    if (to)
        st = sage_file_write_new(to, text, 67, 0600, err);
    else if (write(STDOUT_FILENO, text, 67) != 67)
        st = sage_fail(err, SAGE_EIO, "wallet.output", -1, "cannot write the key");
    sage_secret_zero(bytes, sizeof bytes);
    sage_secret_zero(text, sizeof text);
    return st;
}

/* The copy gets a passphrase of its own; *passphrase becomes that. */
static sage_status
reseal(sage_keystore *k, const sage_secret_key *key, secret_line *passphrase, sage_errinfo *err)
{
    const secret_source from = {.fd = arg.new_fd, .prompt = "New passphrase", .twice = true};
    if (!arg.new_passphrase && arg.new_fd == SECRET_NO_FD) return SAGE_OK;
    sage_status st = secret_ask(passphrase, &from, err);
    return st ? st
              : sage_keystore_seal(k, key, passphrase->text, passphrase->n,
                                   sage_keystore_default_cost(), err);
}

static sage_status print_keystore(const sage_keystore *k,
                                  const sage_secret_key *key,
                                  const secret_line *passphrase,
                                  sage_errinfo *err)
{
    char text[SAGE_KEYSTORE_MAX_BYTES];
    sage_keystore back;
    size_t n       = sage_keystore_format(text, k);
    sage_status st = sage_keystore_parse(&back, text, n, err);
    if (!st) st = check_opens(&back, key, passphrase, err);
    if (st) return st;
    if (fwrite(text, 1, n, stdout) == n && !fflush(stdout)) return SAGE_OK;
    return sage_fail(err, SAGE_EIO, "wallet.output", -1, "cannot write the keystore");
}

static sage_status export_to(const char *to, secret_line *passphrase, sage_errinfo *err)
{
    char path[WALLET_PATH];
    sage_keystore k;
    sage_secret_key *key = NULL;
    sage_status st       = wallet_path(path, err);
    if (!st) st = open_at(path, &k, &key, passphrase, err);
    if (!st && arg.plaintext)
        st = export_plaintext(to, key, err);
    else {
        if (!st) st = reseal(&k, key, passphrase, err);
        if (!st)
            st = to ? keep(to, &k, key, passphrase, err)
                    : print_keystore(&k, key, passphrase, err);
    }
    sage_keystore_key_free(key);
    return st;
}

static int run_export(uint32_t n_args, const char *const *args)
{
    const char *to = n_args ? args[0] : NULL;
    sage_errinfo err;
    secret_line *passphrase = NULL;
    sage_status st          = secret_line_new(&passphrase, &err);
    if (!st) st = export_to(to, passphrase, &err);
    secret_line_free(passphrase);
    if (st) return sage_cli_report("sage wallet export", &err);
    if (to)
        fprintf(stderr,
                arg.plaintext ? "%s holds the private key in the open\n"
                              : "%s was read back, and its passphrase opens it\n",
                to);
    return 0;
}

static sage_status restore_from(const char *from, secret_line *passphrase, sage_errinfo *err)
{
    char path[WALLET_PATH];
    sage_keystore k;
    sage_secret_key *key = NULL;
    sage_status st       = new_path(path, err);
    if (!st) st = open_at(from, &k, &key, passphrase, err);
    if (!st) st = keep(path, &k, key, passphrase, err);
    if (!st) st = print_wallet(&k, path, err);
    sage_keystore_key_free(key);
    return st;
}

static int run_restore(uint32_t n_args, const char *const *args)
{
    sage_errinfo err;
    secret_line *passphrase = NULL;
    (void)n_args;
    sage_status st = secret_line_new(&passphrase, &err);
    if (!st) st = restore_from(args[0], passphrase, &err);
    secret_line_free(passphrase);
    return st ? sage_cli_report("sage wallet restore", &err) : 0;
}

#define OPTIONS(list) .options = (list), .n_options = sizeof(list) / sizeof *(list)

const sage_cli_command cmd_wallet_new     = {.name = "wallet new",
                                             .help = "make a key and its encrypted file",
                                             OPTIONS(new_options),
                                             .run = run_new},
                       cmd_wallet_import  = {.name = "wallet import",
                                             .help = "encrypt a private key you have",
                                             OPTIONS(import_options),
                                             .run = run_import},
                       cmd_wallet_address = {.name = "wallet address",
                                             .help = "the account's address and public key",
                                             OPTIONS(address_options),
                                             .run = run_address},
                       cmd_wallet_export =
                           {.name      = "wallet export",
                            .arguments = "[FILE]",
                            .help      = "an encrypted copy, checked; to stdout without FILE",
                            .max_args  = 1,
                            OPTIONS(export_options),
                            .run = run_export},
                       cmd_wallet_restore = {.name      = "wallet restore",
                                             .arguments = "FILE",
                                             .help      = "take an exported copy as the wallet",
                                             .min_args  = 1,
                                             .max_args  = 1,
                                             OPTIONS(restore_options),
                                             .run = run_restore};
