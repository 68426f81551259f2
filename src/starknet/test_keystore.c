/* Keystores: what opens them, what does not, and what of a file is refused before any work. */
#include <sodium.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/test.h"
#include "starknet/address.h"
#include "starknet/keystore.h"

static const sage_keystore_cost cheap = {.opslimit = 1, .memlimit = 8192};
static const char pass[]              = "correct horse";
static char folder[SAGE_TEST_PATH];

static int make_folder(void **state)
{
    (void)state;
    return sage_test_folder(folder, "keystore");
}

static int remove_folder(void **state)
{
    (void)state;
    return sage_test_remove_folder(folder);
}

static const char *in_folder(const char *name)
{
    static char path[SAGE_TEST_PATH + 32];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static sage_secret_key small_key(uint8_t v)
{
    sage_secret_key key;
    uint8_t bytes[32] = {[31] = v};
    assert_true(sage_secret_key_from_bytes(&key, bytes));
    return key;
}

static sage_keystore sealed(uint8_t v)
{
    sage_secret_key key = small_key(v);
    sage_keystore k     = {.chain_id = sage_felt_short("SN_SEPOLIA")};
    assert_int_equal(sage_keystore_seal(&k, &key, pass, strlen(pass), cheap, NULL), SAGE_OK);
    return k;
}

static void assert_same(const sage_keystore *a, const sage_keystore *b)
{
    char x[SAGE_KEYSTORE_MAX_BYTES], y[SAGE_KEYSTORE_MAX_BYTES];
    size_t n = sage_keystore_format(x, a);
    assert_int_equal(sage_keystore_format(y, b), n);
    assert_memory_equal(x, y, n);
}

static void opens_what_it_sealed(void **state)
{
    (void)state;
    sage_secret_key *key, *back;
    sage_keystore k = {.chain_id = sage_felt_short("SN_MAIN")}, read;
    char text[SAGE_KEYSTORE_MAX_BYTES];
    assert_int_equal(sage_keystore_key_new(&key, NULL), SAGE_OK);
    assert_int_equal(sage_keystore_draw(key, NULL), SAGE_OK);
    assert_int_equal(sage_keystore_seal(&k, key, pass, strlen(pass), cheap, NULL), SAGE_OK);
    assert_true(felt252_eq(k.public_key, sage_public_key(key)));
    assert_true(felt252_eq(k.address, sage_account_address(k.public_key)));
    size_t n = sage_keystore_format(text, &k);
    assert_true(n > 500 && n < sizeof text && text[n - 1] == '\n');
    assert_int_equal(sage_keystore_parse(&read, text, n, NULL), SAGE_OK);
    assert_same(&read, &k);
    assert_int_equal(sage_keystore_open(&back, &read, pass, strlen(pass), NULL), SAGE_OK);
    assert_memory_equal(back, key, sizeof *key);
    sage_keystore_key_free(back);
    sage_keystore_key_free(key);
}

static void keeps_another_account(void **state)
{
    (void)state;
    sage_secret_key key = small_key(9), *back;
    sage_keystore k     = {.kind     = SAGE_KEYSTORE_OTHER,
                           .chain_id = sage_felt_short("SN_MAIN"),
                           .address  = felt252_from_u64(77)},
                  read;
    char text[SAGE_KEYSTORE_MAX_BYTES];
    assert_int_equal(sage_keystore_seal(&k, &key, pass, strlen(pass), cheap, NULL), SAGE_OK);
    size_t n = sage_keystore_format(text, &k);
    assert_int_equal(sage_keystore_parse(&read, text, n, NULL), SAGE_OK);
    assert_true(felt252_eq(read.address, felt252_from_u64(77)));
    assert_int_equal(sage_keystore_open(&back, &read, pass, strlen(pass), NULL), SAGE_OK);
    sage_keystore_key_free(back);
}

/* Two files of the same key under the same passphrase share nothing that is drawn. */
static void draws_anew(void **state)
{
    (void)state;
    sage_keystore a = sealed(5), b = sealed(5);
    assert_memory_not_equal(a.salt, b.salt, sizeof a.salt);
    assert_memory_not_equal(a.nonce, b.nonce, sizeof a.nonce);
    assert_memory_not_equal(a.sealed, b.sealed, sizeof a.sealed);
}

static void wrong_passphrases_are_told_apart(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "correct hors", "correct horse ", "Correct horse"};
    sage_keystore k                  = sealed(6);
    sage_secret_key *key;
    sage_errinfo err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(sage_keystore_open(&key, &k, wrong[i], strlen(wrong[i]), &err),
                         SAGE_EAUTH);
        assert_string_equal(err.where, "keystore.passphrase");
        assert_null(key);
    }
}

/* Every header field is bound: a file that is changed, and whose checksum is made anew, does not
 * open. */
static void binds_the_header(void **state)
{
    (void)state;
    const sage_keystore good = sealed(7);
    sage_keystore bad[9];
    sage_secret_key *key;
    sage_errinfo err;
    for (size_t i = 0; i < 9; i++)
        bad[i] = good;
    bad[0].kind          = SAGE_KEYSTORE_OTHER;
    bad[1].chain_id      = sage_felt_short("SN_MAIN");
    bad[2].address       = felt252_add(good.address, felt252_one());
    bad[3].public_key    = felt252_add(good.public_key, felt252_one());
    bad[4].cost.opslimit = 2;
    bad[5].cost.memlimit = 16384;
    bad[6].salt[15] ^= 1;
    bad[7].nonce[23] ^= 1;
    bad[8].sealed[47] ^= 1;
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(sage_keystore_open(&key, &bad[i], pass, strlen(pass), &err),
                         SAGE_EAUTH);
        assert_string_equal(err.where, "keystore.passphrase");
        assert_null(key);
    }
    assert_int_equal(sage_keystore_open(&key, &good, pass, strlen(pass), NULL), SAGE_OK);
    sage_keystore_key_free(key);
}

static sage_status parse(const char *text, size_t n, sage_errinfo *err)
{
    sage_keystore k;
    /* A copy of its own, so that sanitizers see a read beyond it. */
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    if (n) memcpy(copy, text, n);
    sage_status st = sage_keystore_parse(&k, copy, n, err);
    free(copy);
    return st;
}

/* Damage is never mistaken for a wrong passphrase. */
static void every_damaged_byte_is_refused(void **state)
{
    (void)state;
    sage_keystore k = sealed(8);
    char text[SAGE_KEYSTORE_MAX_BYTES], bad[SAGE_KEYSTORE_MAX_BYTES];
    size_t n = sage_keystore_format(text, &k), by_version = 0, by_limit = 0;
    sage_errinfo err;
    for (size_t i = 0; i < n; i++)
        for (int bit = 0; bit < 8; bit++) {
            memcpy(bad, text, n);
            bad[i] = (char)(bad[i] ^ 1 << bit);
            assert_int_not_equal(parse(bad, n, &err), SAGE_OK);
            by_version += !strcmp(err.where, "keystore.version");
            by_limit += !strcmp(err.where, "keystore.limit");
            if (strcmp(err.where, "keystore.version") && strcmp(err.where, "keystore.limit"))
                assert_string_equal(err.where, "keystore.form");
        }
    assert_true(by_version >= 3 && by_limit >= 3); /* digits that became others */
    for (size_t cut = 0; cut < n; cut++) {
        assert_int_equal(parse(text, cut, &err), SAGE_EFORMAT);
        assert_string_equal(err.where, "keystore.form");
    }
    memcpy(bad, text, n), bad[n] = ' ';
    assert_int_equal(parse(bad, n + 1, &err), SAGE_EFORMAT);
    bad[n] = 0;
    assert_int_equal(parse(bad, n + 1, &err), SAGE_EFORMAT);
}

static void limits_come_before_work(void **state)
{
    (void)state;
    static const struct {
        sage_keystore_cost cost;
        bool good;
    } cases[] = {{{1, 8192}, true},        {{16, 1u << 30}, true},
                 {{0, 8192}, false},       {{17, 8192}, false},
                 {{1, 8191}, false},       {{1, (1u << 30) + 1}, false},
                 {{1, UINT64_MAX}, false}, {{UINT64_MAX, 8192}, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sage_keystore k = sealed(3);
        char text[SAGE_KEYSTORE_MAX_BYTES];
        sage_errinfo err;
        k.cost         = cases[i].cost;
        sage_status st = parse(text, sage_keystore_format(text, &k), &err);
        assert_int_equal(st, cases[i].good ? SAGE_OK : SAGE_ELIMIT);
        if (!cases[i].good) assert_string_equal(err.where, "keystore.limit");
    }
    sage_keystore_cost d = sage_keystore_default_cost();
    assert_true(d.opslimit == 3 && d.memlimit == 256 << 20);
}

static void sealing_refuses(void **state)
{
    (void)state;
    sage_secret_key key = small_key(4), none = {{0}};
    sage_keystore k = {.chain_id = sage_felt_short("SN_MAIN")}, nowhere = {0};
    static char long_pass[SAGE_PASSPHRASE_MAX + 1];
    sage_errinfo err;
    memset(long_pass, 'a', sizeof long_pass);
    assert_int_equal(sage_keystore_seal(&k, &none, "p", 1, cheap, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "keystore.secret");
    assert_int_equal(sage_keystore_seal(&k, &key, "", 0, cheap, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "keystore.passphrase");
    assert_int_equal(sage_keystore_seal(&k, &key, long_pass, sizeof long_pass, cheap, &err),
                     SAGE_EINVAL);
    assert_int_equal(sage_keystore_seal(&nowhere, &key, "p", 1, cheap, &err), SAGE_EINVAL);
    assert_string_equal(err.where, "keystore.chain");
    nowhere.chain_id = sage_felt_short("SN\"MAIN");
    assert_int_equal(sage_keystore_seal(&nowhere, &key, "p", 1, cheap, &err), SAGE_EINVAL);
    assert_int_equal(sage_keystore_seal(&k, &key, "p", 1, (sage_keystore_cost){1, 8191}, &err),
                     SAGE_ELIMIT);
    assert_string_equal(err.where, "keystore.limit");
}

/* A file whose secret is not that of its public key, and which is otherwise in order. */
static void the_key_must_be_its_own(void **state)
{
    (void)state;
    char text[SAGE_KEYSTORE_MAX_BYTES];
    uint8_t wrapping[32], one[32] = {[31] = 1};
    sage_keystore k = sealed(2);
    sage_secret_key *key;
    sage_errinfo err;
    size_t n =
        (size_t)(strstr((sage_keystore_format(text, &k), text), "  \"ciphertext\"") - text);
    assert_int_equal(crypto_pwhash(wrapping, sizeof wrapping, pass, strlen(pass), k.salt, 1,
                                   8192, crypto_pwhash_ALG_ARGON2ID13),
                     0);
    crypto_aead_xchacha20poly1305_ietf_encrypt(k.sealed, NULL, one, sizeof one, (uint8_t *)text,
                                               n, NULL, k.nonce, wrapping);
    assert_int_equal(sage_keystore_open(&key, &k, pass, strlen(pass), &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "keystore.mismatch");
    assert_null(key);
}

/* An address that is not the key's, with a checksum made anew, needs no passphrase to be seen. */
static void the_address_must_be_the_keys(void **state)
{
    (void)state;
    sage_keystore k = sealed(2);
    char text[SAGE_KEYSTORE_MAX_BYTES];
    sage_errinfo err;
    k.address = felt252_one();
    assert_int_equal(parse(text, sage_keystore_format(text, &k), &err), SAGE_EFORMAT);
    assert_string_equal(err.where, "keystore.form");
}

static void files_are_private_and_kept(void **state)
{
    (void)state;
    struct stat st;
    sage_errinfo err;
    sage_keystore a = sealed(1), b = sealed(2), back;
    assert_int_equal(sage_keystore_write(in_folder("key"), &a, NULL), SAGE_OK);
    assert_int_equal(stat(in_folder("key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(sage_keystore_write(in_folder("key"), &b, &err), SAGE_ECONFLICT);
    assert_string_equal(err.where, "keystore.exists");
    assert_int_equal(sage_keystore_read(&back, in_folder("key"), NULL), SAGE_OK);
    assert_same(&back, &a);
    assert_int_equal(sage_keystore_read(&back, in_folder("none"), &err), SAGE_ENOTFOUND);
    static char large[SAGE_KEYSTORE_MAX_BYTES + 1];
    assert_int_equal(sage_file_write(in_folder("large"), large, sizeof large, 0600, NULL),
                     SAGE_OK);
    assert_int_equal(sage_keystore_read(&back, in_folder("large"), &err), SAGE_ELIMIT);
}

/* The disk takes no more in the middle of the file: nothing is left of it. */
static void an_interrupted_write_leaves_nothing(void **state)
{
    (void)state;
    sage_keystore k = sealed(1);
    for (rlim_t room = 0; room < 900; room += 100) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (!child) {
            sage_errinfo err = {0};
            signal(SIGXFSZ, SIG_IGN);
            setrlimit(RLIMIT_FSIZE, &(struct rlimit){room, room});
            sage_status st = sage_keystore_write(in_folder("cut"), &k, &err);
            _exit(st == SAGE_EIO && !strcmp(err.where, "file.write") ? 0
                  : st == SAGE_OK                                    ? 1
                                                                     : 2);
        }
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        if (room < 500) assert_int_equal(WEXITSTATUS(status), 0);
        assert_int_not_equal(WEXITSTATUS(status), 2);
        if (WEXITSTATUS(status) == 1) assert_int_equal(unlink(in_folder("cut")), 0);
        assert_int_equal(access(in_folder("cut"), F_OK), -1);
    }
    char command[2 * SAGE_TEST_PATH];
    snprintf(command, sizeof command, "test -z \"$(ls -A '%s')\"", folder);
    assert_int_equal(system(command), 0); /* no temporary either */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_what_it_sealed),
        cmocka_unit_test(keeps_another_account),
        cmocka_unit_test(draws_anew),
        cmocka_unit_test(wrong_passphrases_are_told_apart),
        cmocka_unit_test(binds_the_header),
        cmocka_unit_test(every_damaged_byte_is_refused),
        cmocka_unit_test(limits_come_before_work),
        cmocka_unit_test(sealing_refuses),
        cmocka_unit_test(the_key_must_be_its_own),
        cmocka_unit_test(the_address_must_be_the_keys),
        cmocka_unit_test_setup_teardown(files_are_private_and_kept, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(an_interrupted_write_leaves_nothing, make_folder,
                                        remove_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
