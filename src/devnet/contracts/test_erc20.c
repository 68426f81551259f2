/* The token against a naive model of it, and its texts, events and refusals. */
#include "devnet/contracts.h"
#include "devnet/test_rig.h"
#include "field/felt252_text.h"

enum { TOKEN = 0x70, OWNER = 0x71, PEOPLE = 4, CAP = 1000, SUPPLY = 600 };

/* People 1 .. PEOPLE; their balances and allowances as they should be. */
typedef struct model {
    uint64_t balance[PEOPLE], allowance[PEOPLE][PEOPLE], supply;
} model;

static felt252 person(unsigned i)
{
    return rig_number(1 + i);
}

static felt252 token(void)
{
    return rig_number(TOKEN);
}

static void assert_amount(sage_amount a, uint64_t v)
{
    sage_amount b = sage_amount_of(v);
    assert_int_equal(sage_amount_compare(&a, &b), 0);
}

/* After everything: the balances add up to the supply, and all is as the model has it. */
static void agrees(sage_rig *rig, void *arg)
{
    const model *m = arg;
    uint64_t sum   = 0;
    felt252 pair[2];
    for (unsigned i = 0; i < PEOPLE; i++) {
        pair[0] = person(i);
        assert_amount(rig_u256(rig, token(), "balance_of", pair, 1), m->balance[i]);
        sum += m->balance[i];
        for (unsigned j = 0; j < PEOPLE; j++) {
            pair[1] = person(j);
            assert_amount(rig_u256(rig, token(), "allowance", pair, 2), m->allowance[i][j]);
        }
    }
    assert_int_equal(sum, m->supply);
    assert_amount(rig_u256(rig, token(), "total_supply", NULL, 0), m->supply);
}

static void open_token(sage_rig *rig, model *m)
{
    const felt252 calldata[] = {rig_number(0),
                                sage_felt_short("BitSage Token"),
                                rig_number(13),
                                rig_number(0),
                                sage_felt_short("SAGE"),
                                rig_number(4),
                                rig_number(CAP),
                                rig_number(0),
                                rig_number(SUPPLY),
                                rig_number(0),
                                person(0),
                                rig_number(OWNER)};
    *m                       = (model){.balance = {SUPPLY}, .supply = SUPPLY};
    rig_open(rig);
    rig_deploy(rig, token(), &sage_contract_erc20, calldata, 12);
    rig->check = agrees;
    rig->arg   = m;
    agrees(rig, m);
}

static void tells_its_texts(void **state)
{
    sage_rig rig;
    model m;
    (void)state;
    open_token(&rig, &m);
    assert_true(rig_call(&rig, person(0), token(), "name", NULL, 0));
    assert_int_equal(rig.result.n, 3);
    assert_true(felt252_is_zero(rig_result(&rig, 0)));
    assert_true(felt252_eq(rig_result(&rig, 1), sage_felt_short("BitSage Token")));
    assert_true(felt252_eq(rig_result(&rig, 2), rig_number(13)));
    assert_true(rig_call(&rig, person(0), token(), "symbol", NULL, 0));
    assert_true(felt252_eq(rig_result(&rig, 1), sage_felt_short("SAGE")));
    assert_true(felt252_eq(rig_felt(&rig, token(), "decimals", NULL, 0), rig_number(18)));
    assert_amount(rig_u256(&rig, token(), "get_max_supply", NULL, 0), CAP);
    rig_close(&rig);
}

static void refuses_other_texts(void **state)
{
    sage_rig rig;
    (void)state;
    rig_open(&rig);
    felt252 calldata[] = {rig_number(0),
                          sage_felt_short("Token"),
                          rig_number(5),
                          rig_number(0),
                          sage_felt_short("T"),
                          rig_number(1),
                          rig_number(0),
                          rig_number(0),
                          rig_number(0),
                          rig_number(0),
                          person(0),
                          rig_number(OWNER)};
    calldata[2]        = rig_number(4); /* another length than the text has */
    assert_false(rig_try_deploy(&rig, token(), &sage_contract_erc20, calldata, 12));
    rig_panicked_with(&rig, "ERC20: text is no short string");
    calldata[2] = rig_number(5);
    calldata[0] = rig_number(1); /* a whole word */
    assert_false(rig_try_deploy(&rig, token(), &sage_contract_erc20, calldata, 12));
    calldata[0] = rig_number(0);
    assert_true(rig_try_deploy(&rig, token(), &sage_contract_erc20, calldata, 12));
    rig_close(&rig);
}

static void emits_as_wallets_expect(void **state)
{
    sage_rig rig;
    model m;
    (void)state;
    open_token(&rig, &m);
    m.balance[0] -= 7;
    m.balance[1] += 7;
    assert_true(
        rig_do(&rig, person(0), token(), "transfer", person(1), rig_number(7), rig_number(0)));
    assert_true(felt252_eq(rig_result(&rig, 0), felt252_one()));
    const sage_chain_event *e = rig_event(&rig, token(), "Transfer", 0);
    assert_non_null(e);
    assert_int_equal(e->keys.n, 3);
    assert_true(felt252_eq(e->keys.v[0], sage_selector("Transfer")));
    assert_true(felt252_eq(e->keys.v[1], person(0)));
    assert_true(felt252_eq(e->keys.v[2], person(1)));
    assert_int_equal(e->data.n, 2);
    assert_true(felt252_eq(e->data.v[0], rig_number(7)));
    assert_null(rig_event(&rig, token(), "Approval", 0));
    m.allowance[0][2] = 9;
    assert_true(
        rig_do(&rig, person(0), token(), "approve", person(2), rig_number(9), rig_number(0)));
    e = rig_event(&rig, token(), "Approval", 0);
    assert_non_null(e);
    assert_true(felt252_eq(e->keys.v[2], person(2)));
    rig_close(&rig);
}

static void keeps_its_storage_where_openzeppelin_does(void **state)
{
    sage_rig rig;
    model m;
    (void)state;
    open_token(&rig, &m);
    felt252 who  = person(0);
    felt252 slot = sage_map_address(sage_selector("ERC20_balances"), &who, 1);
    assert_true(felt252_eq(sage_state_get(rig.state, SAGE_CELL_STORAGE, token(), slot),
                           rig_number(SUPPLY)));
    assert_true(felt252_eq(sage_state_get(rig.state, SAGE_CELL_STORAGE, token(),
                                          sage_selector("ERC20_total_supply")),
                           rig_number(SUPPLY)));
    assert_true(felt252_eq(
        sage_state_get(rig.state, SAGE_CELL_STORAGE, token(), sage_selector("ERC20_name")),
        rig_number(13)));
    rig_close(&rig);
}

static void refuses(sage_rig *rig,
                    felt252 as,
                    const char *entry,
                    const char *why,
                    felt252 a,
                    felt252 low,
                    felt252 high)
{
    assert_false(rig_do(rig, as, token(), entry, a, low, high));
    rig_panicked_with(rig, why);
}

static void refuses_with_openzeppelins_words(void **state)
{
    const felt252 zero = felt252_zero(), top = felt252_from_limbs((uint64_t[]){0, 0, 1, 0});
    sage_rig rig;
    model m;
    (void)state;
    open_token(&rig, &m);
    refuses(&rig, person(0), "transfer", "ERC20: transfer to 0", zero, rig_number(1), zero);
    refuses(&rig, zero, "transfer", "ERC20: transfer from 0", person(1), rig_number(1), zero);
    refuses(&rig, person(0), "transfer", "ERC20: insufficient balance", person(1),
            rig_number(SUPPLY + 1), zero);
    refuses(&rig, person(0), "transfer", "ERC20: insufficient balance", person(1), zero,
            rig_number(1));
    refuses(&rig, person(0), "approve", "ERC20: approve to 0", zero, rig_number(1), zero);
    refuses(&rig, rig_number(OWNER), "mint", "ERC20: mint to 0", zero, rig_number(1), zero);
    refuses(&rig, person(0), "mint", "Caller is not the owner", person(0), rig_number(1), zero);
    refuses(&rig, rig_number(OWNER), "mint", "ERC20: cap exceeded", person(0),
            rig_number(CAP - SUPPLY + 1), zero);
    refuses(&rig, person(0), "transfer", "Failed to deserialize param #2", person(1), top,
            zero);
    assert_false(rig_do(&rig, person(0), token(), "transfer", person(1), rig_number(1)));
    assert_false(
        rig_do(&rig, person(0), token(), "transfer", person(1), rig_number(1), zero, zero));
    assert_false(rig_do(&rig, person(0), token(), "transfer_from", person(0), person(1),
                        rig_number(1), zero));
    rig_panicked_with(&rig, "ERC20: insufficient allowance");
    rig_close(&rig);
}

static void an_allowance_of_everything_never_ends(void **state)
{
    const felt252 all = felt252_from_limbs((uint64_t[]){UINT64_MAX, UINT64_MAX, 0, 0});
    sage_rig rig;
    model m;
    (void)state;
    open_token(&rig, &m);
    rig.check = NULL;
    assert_true(rig_do(&rig, person(0), token(), "approve", person(1), all, all));
    assert_true(rig_do(&rig, person(1), token(), "transferFrom", person(0), person(2),
                       rig_number(SUPPLY), felt252_zero()));
    assert_null(rig_event(&rig, token(), "Approval", 0));
    felt252 pair[2] = {person(0), person(1)};
    assert_true(rig_call(&rig, person(0), token(), "allowance", pair, 2));
    assert_true(felt252_eq(rig_result(&rig, 0), all) && felt252_eq(rig_result(&rig, 1), all));
    rig_close(&rig);
}

/* A supply close to 2^256 without a cap: the sum is checked, not wrapped. */
static void supply_cannot_overflow(void **state)
{
    const felt252 all = felt252_from_limbs((uint64_t[]){UINT64_MAX, UINT64_MAX, 0, 0});
    sage_rig rig;
    (void)state;
    rig_open(&rig);
    const felt252 calldata[] = {rig_number(0),
                                sage_felt_short("Ether"),
                                rig_number(5),
                                rig_number(0),
                                sage_felt_short("ETH"),
                                rig_number(3),
                                rig_number(0),
                                rig_number(0),
                                all,
                                all,
                                person(0),
                                rig_number(OWNER)};
    rig_deploy(&rig, token(), &sage_contract_erc20, calldata, 12);
    assert_false(rig_do(&rig, rig_number(OWNER), token(), "mint", person(1), rig_number(1),
                        felt252_zero()));
    rig_panicked_with(&rig, "u256_add Overflow");
    rig_close(&rig);
}

/* xorshift; the seed is in the test. */
static uint64_t draw(uint64_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 7;
    *x ^= *x << 17;
    return *x;
}

typedef struct step {
    const char *entry;
    felt252 as, calldata[4];
    uint32_t n;
    bool works;
} step;

static bool take(uint64_t *from, uint64_t amount)
{
    if (*from < amount) return false;
    *from -= amount;
    return true;
}

static step transfer_step(model *m, unsigned a, unsigned b, uint64_t v)
{
    step s  = {.entry = "transfer", .as = person(a), .n = 3};
    s.works = take(&m->balance[a], v);
    if (s.works) m->balance[b] += v;
    s.calldata[0] = person(b);
    s.calldata[1] = rig_number(v);
    return s;
}

/* Person c moves what a allowed. */
static step transfer_from_step(model *m, unsigned a, unsigned b, unsigned c, uint64_t v)
{
    step s  = {.entry = "transfer_from", .as = person(c), .n = 4};
    s.works = m->allowance[a][c] >= v && take(&m->balance[a], v);
    if (s.works) {
        m->allowance[a][c] -= v;
        m->balance[b] += v;
    }
    s.calldata[0] = person(a);
    s.calldata[1] = person(b);
    s.calldata[2] = rig_number(v);
    return s;
}

static step approve_step(model *m, unsigned a, unsigned b, uint64_t v)
{
    step s             = {.entry = "approve", .as = person(a), .n = 3, .works = true};
    m->allowance[a][b] = v;
    s.calldata[0]      = person(b);
    s.calldata[1]      = rig_number(v);
    return s;
}

static step mint_step(model *m, unsigned a, uint64_t v)
{
    step s  = {.entry = "mint", .as = rig_number(OWNER), .n = 3};
    s.works = m->supply + v <= CAP;
    if (s.works) {
        m->supply += v;
        m->balance[a] += v;
    }
    s.calldata[0] = person(a);
    s.calldata[1] = rig_number(v);
    return s;
}

static step burn_step(model *m, unsigned a, uint64_t v)
{
    step s  = {.entry = "burn", .as = person(a), .n = 2};
    s.works = take(&m->balance[a], v);
    if (s.works) m->supply -= v;
    s.calldata[0] = rig_number(v);
    return s;
}

static step next_step(model *m, uint64_t *x)
{
    unsigned a = draw(x) % PEOPLE, b = draw(x) % PEOPLE, c = draw(x) % PEOPLE;
    uint64_t v = draw(x) % (draw(x) % 8 ? 100 : 700);
    switch (draw(x) % 6) {
    case 0: return mint_step(m, a, v);
    case 1: return burn_step(m, a, v);
    case 2: return approve_step(m, a, b, v);
    case 3:
    case 4: return transfer_from_step(m, a, b, c, v);
    default: return transfer_step(m, a, b, v);
    }
}

static void follows_a_model(void **state)
{
    enum { STEPS = 600 };
    uint64_t x = 0x5a6e;
    sage_rig rig;
    model m;
    unsigned worked = 0;
    (void)state;
    open_token(&rig, &m);
    for (unsigned i = 0; i < (sage_test_quick() ? STEPS / 10 : STEPS); i++) {
        step s = next_step(&m, &x);
        assert_int_equal(rig_call(&rig, s.as, token(), s.entry, s.calldata, s.n), s.works);
        worked += s.works;
    }
    assert_in_range(worked, STEPS / 40, STEPS - 1); /* both outcomes occurred */
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_its_texts),
        cmocka_unit_test(refuses_other_texts),
        cmocka_unit_test(emits_as_wallets_expect),
        cmocka_unit_test(keeps_its_storage_where_openzeppelin_does),
        cmocka_unit_test(refuses_with_openzeppelins_words),
        cmocka_unit_test(an_allowance_of_everything_never_ends),
        cmocka_unit_test(supply_cannot_overflow),
        cmocka_unit_test(follows_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
