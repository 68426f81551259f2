/* Opening, making and closing a chain. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "devnet/chain_private.h"
#include "devnet/contract.h"
#include "devnet/genesis.h"
#include "devnet/history.h"
#include "field/felt252_text.h"
#include "sage/verify.h"

/* Where fees go; no contract. */
enum { SEQUENCER = 0x1000, MAX_ACCOUNTS = 100 };

sage_chain_options sage_chain_defaults(void)
{
    sage_chain_options o = {.n_accounts     = 10,
                            .chain_id       = sage_felt_short("SN_SEPOLIA"),
                            .queue          = 4096,
                            .min_proof_bits = SAGE_DEFAULT_SECURITY_BITS};
    /* 10^6 tokens of 10^18 units. */
    o.balance = (sage_amount){.w = {0x1bcecceda1000000, 0xd3c2}};

    o.gas_price[SAGE_GAS_L1]      = 100000000000;
    o.gas_price[SAGE_GAS_L2]      = 3000000000;
    o.gas_price[SAGE_GAS_L1_DATA] = 100000000000;
    return o;
}

const sage_chain_options *sage_chain_settings(const sage_chain *c)
{
    return &c->options;
}

sage_predeployed sage_chain_account(const sage_chain *c, uint32_t i)
{
    return sage_genesis_account(c->options.seed, i);
}

uint64_t sage_chain_now(const sage_chain *c)
{
    int64_t now   = (int64_t)(sage_clock_real_ms() / 1000) + c->offset_s;
    uint64_t last = c->last.timestamp;
    return now > 0 && (uint64_t)now > last ? (uint64_t)now : last;
}

void sage_chain_gas_prices(const sage_chain *c, sage_amount out[SAGE_GASES])
{
    for (int g = 0; g < SAGE_GASES; g++)
        out[g] = sage_amount_of(c->options.gas_price[g]);
}

sage_block_env sage_chain_env(const sage_chain *c, uint64_t number, uint64_t timestamp)
{
    sage_block_env env = {.number    = number,
                          .timestamp = timestamp,
                          .chain_id  = c->options.chain_id,
                          .sequencer = felt252_from_u64(SEQUENCER),
                          .fee_token = sage_chain_contract("STRK")};
    sage_chain_gas_prices(c, env.gas_price);
    return env;
}

sage_status sage_chain_stopped(sage_errinfo *err)
{
    return sage_fail(err, SAGE_EIO, "chain.stopped", -1,
                     "the chain stopped after a failure of disk or memory; restart it");
}

static sage_status check_options(const sage_chain_options *o, sage_errinfo *err)
{
    if (!o->data_dir || !*o->data_dir)
        return sage_fail(err, SAGE_EINVAL, "chain.options", -1, "a data folder is wanted");
    if (o->n_accounts < 1 || o->n_accounts > MAX_ACCOUNTS)
        return sage_fail(err, SAGE_EINVAL, "chain.options", o->n_accounts,
                         "between 1 and %d accounts are wanted", MAX_ACCOUNTS);
    if (!o->queue)
        return sage_fail(err, SAGE_EINVAL, "chain.options", 0, "a queue of 0 takes nothing");
    return SAGE_OK;
}

static char *joined(const char *folder, const char *name)
{
    char *out;
    return asprintf(&out, "%s/%s", folder, name) < 0 ? NULL : out;
}

/* Makes the folder, and takes its lock for as long as this process holds the file. */
static sage_status lock_folder(sage_chain *c, sage_errinfo *err)
{
    if (mkdir(c->data_dir, 0700) && errno != EEXIST)
        return sage_fail(err, SAGE_EIO, "chain.folder", errno, "cannot make %.160s: %s",
                         c->data_dir, strerror(errno));
    char *path = joined(c->data_dir, "lock");
    if (!path) return sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "a path");
    c->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    free(path);
    if (c->lock_file < 0)
        return sage_fail(err, SAGE_EIO, "chain.folder", errno, "no lock file in %.160s: %s",
                         c->data_dir, strerror(errno));
    if (flock(c->lock_file, LOCK_EX | LOCK_NB))
        return sage_fail(err, SAGE_ECONFLICT, "chain.locked", -1,
                         "another process has the chain in %.160s", c->data_dir);
    return SAGE_OK;
}

/* What a chain keeps for life, as texts. */
enum { N_SETTINGS = 5, SETTING_TEXT = 96 };
typedef struct setting {
    const char *name;
    char value[SETTING_TEXT];
} setting;

static void settings_of(setting out[N_SETTINGS], const sage_chain_options *o)
{
    static const char *const names[N_SETTINGS] = {"seed", "accounts", "balance", "chain_id",
                                                  "faucet_drip"};
    for (int i = 0; i < N_SETTINGS; i++)
        out[i].name = names[i];
    snprintf(out[0].value, SETTING_TEXT, "%" PRIu64, o->seed);
    snprintf(out[1].value, SETTING_TEXT, "%" PRIu32, o->n_accounts);
    sage_amount_format(out[2].value, &o->balance);
    sage_felt_to_hex(out[3].value, o->chain_id);
    sage_amount_format(out[4].value, &o->faucet_drip);
}

static sage_status write_settings(sage_db *db, const sage_chain_options *o, sage_errinfo *err)
{
    setting s[N_SETTINGS];
    sage_status st = SAGE_OK;
    settings_of(s, o);
    for (int i = 0; i < N_SETTINGS && !st; i++)
        st = sage_db_run(db, NULL, err, "INSERT INTO setting (name, value) VALUES (?1, ?2)",
                         "ss", s[i].name, s[i].value);
    return st;
}

static sage_status check_setting(sage_db *db, const setting *s, sage_errinfo *err)
{
    char value[SETTING_TEXT];
    sqlite3_stmt *q;
    bool row;
    sage_status st =
        sage_db_query(db, &q, err, "SELECT value FROM setting WHERE name = ?1", "s", s->name);
    if (st) return st;
    st = sage_db_step(db, q, &row, err);
    if (!st && !row) st = sage_chain_db_broken(err, "a setting is missing");
    if (!st) st = sage_db_text(q, 0, value, sizeof value, err);
    sage_db_done(q);
    if (!st && strcmp(value, s->value) != 0)
        st = sage_fail(err, SAGE_ECONFLICT, "chain.options", -1,
                       "this chain was made with %s %s, not %s; use another data folder",
                       s->name, value, s->value);
    return st;
}

static sage_status check_settings(sage_db *db, const sage_chain_options *o, sage_errinfo *err)
{
    setting s[N_SETTINGS];
    sage_status st = SAGE_OK;
    settings_of(s, o);
    for (int i = 0; i < N_SETTINGS && !st; i++)
        st = check_setting(db, &s[i], err);
    return st;
}

/* Block 0: the state that genesis builds, sealed. */
static sage_status make_genesis(sage_chain *c, sage_db *db, sage_diff *diff, sage_errinfo *err)
{
    size_t n;
    sage_open_block b  = {.timestamp = sage_clock_real_ms() / 1000};
    sage_block_env env = sage_chain_env(c, 0, b.timestamp);
    sage_status st     = sage_genesis_build(c->state, &env, &c->options, err);
    if (st) return st;
    const sage_state_change *changes = sage_state_changes(c->state, 0, &n);
    st                               = sage_diff_reserve(diff, n, err);
    if (st) return st;
    sage_diff_add(diff, changes, n);
    sage_state_settle(c->state);
    st = sage_diff_compact(diff, err);
    if (st) return st;
    c->last = (sage_block_header){.sequencer = env.sequencer};
    sage_chain_gas_prices(c, c->last.gas_price);
    sage_block_seal(&c->last, &b, NULL, diff);
    st = sage_blocks_write_sealed(db, &c->last, diff, err);
    return st ? st : sage_history_write(db, 0, diff->v, diff->n, err);
}

static sage_status make_chain(sage_chain *c, sage_db *db, sage_errinfo *err)
{
    sage_diff diff = {0};
    sage_status st = write_settings(db, &c->options, err);
    if (!st)
        st = sage_db_run(db, NULL, err,
                         "INSERT INTO head (id, n_groups, offset_s) VALUES (1, 0, 0)", "");
    if (!st) st = make_genesis(c, db, &diff, err);
    sage_diff_free(&diff);
    return st;
}

/* *made: whether the database has a chain. */
static sage_status read_head(sage_chain *c, sage_db *db, bool *made, sage_errinfo *err)
{
    sqlite3_stmt *q;
    sage_status st = sage_db_query(db, &q, err, "SELECT n_groups, offset_s FROM head", "");
    if (st) return st;
    st = sage_db_step(db, q, made, err);
    if (!st && *made) {
        c->n_groups = (uint64_t)sage_db_int(q, 0);
        c->offset_s = sage_db_int(q, 1);
    }
    sage_db_done(q);
    return st;
}

/* Class hashes follow from the contracts' interfaces: another program may have others. */
static sage_status check_classes(const sage_chain *c, sage_errinfo *err)
{
    const char *name;
    for (uint32_t i = 0; (name = sage_chain_contract_name(i)); i++) {
        felt252 class = sage_state_get(c->state, SAGE_CELL_CLASS, sage_chain_contract(name),
                                       felt252_zero());
        if (!sage_contract_of(class))
            return sage_fail(err, SAGE_ECONFLICT, "chain.classes", i,
                             "this chain has a contract %s that this program does not know",
                             name);
    }
    return SAGE_OK;
}

static sage_status load_chain(sage_chain *c, sage_db *db, sage_errinfo *err)
{
    sage_status st = check_settings(db, &c->options, err);
    if (!st) st = sage_blocks_load(db, &c->last, &c->open, &c->has_open, err);
    if (!st) st = sage_history_load(db, c->last.number, c->state, &c->open_diff, err);
    if (!st && c->open_diff.n && !c->has_open)
        st = sage_chain_db_broken(err, "changes of a block that is not there");
    return st ? st : check_classes(c, err);
}

/* Makes or loads the present, in one transaction. */
static sage_status load_or_make(sage_chain *c, sage_db *db, sage_errinfo *err)
{
    bool made;
    sage_status st = sage_db_begin(db, err);
    if (st) return st;
    st = read_head(c, db, &made, err);
    if (!st) st = made ? load_chain(c, db, err) : make_chain(c, db, err);
    return sage_db_end(db, st, err);
}

static sage_status start(sage_chain *c, sage_errinfo *err)
{
    sage_db db     = {0};
    sage_status st = lock_folder(c, err);
    if (!st) st = sage_state_new(&c->state, err);
    if (!st) st = sage_chain_db_open(&db, c->database, err);
    if (st) return st;
    st = load_or_make(c, &db, err);
    if (!st) st = sage_executor_start(&c->executor, c, &db, err);
    if (st) sage_db_close(&db);
    return st;
}

static void init_locks(sage_chain *c)
{
    pthread_rwlockattr_t writer_first;
    pthread_rwlockattr_init(&writer_first);
    pthread_rwlockattr_setkind_np(&writer_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&c->lock, &writer_first);
    pthread_rwlockattr_destroy(&writer_first);
    pthread_mutex_init(&c->minting, NULL);
}

sage_status sage_chain_open(sage_chain **out, const sage_chain_options *o, sage_errinfo *err)
{
    *out           = NULL;
    sage_status st = check_options(o, err);
    if (st) return st;
    sage_chain *c = calloc(1, sizeof *c);
    if (!c) return sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "the chain");
    c->lock_file        = -1;
    c->options          = *o;
    c->data_dir         = strdup(o->data_dir);
    c->options.data_dir = c->data_dir;
    c->database         = joined(o->data_dir, "chain.db");
    init_locks(c);
    sage_readers_init(&c->readers, c->database);
    st = c->data_dir && c->database
             ? start(c, err)
             : sage_fail(err, SAGE_ENOMEM, "chain.memory", -1, "the chain's paths");
    if (st)
        sage_chain_close(c);
    else
        *out = c;
    return st;
}

void sage_chain_close(sage_chain *c)
{
    if (!c) return;
    sage_executor_stop(c->executor);
    sage_readers_close(&c->readers);
    sage_state_free(c->state);
    sage_diff_free(&c->open_diff);
    pthread_mutex_destroy(&c->minting);
    pthread_rwlock_destroy(&c->lock);
    if (c->lock_file >= 0) close(c->lock_file);
    free(c->database);
    free(c->data_dir);
    free(c);
}
