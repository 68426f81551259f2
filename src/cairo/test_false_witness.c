/* False proofs, each honest but for one rule: the prover is told to emit them
 * (sage_prover_job.emit_false), and the verifier must refuse them. One for every class of rule
 * (docs/SOUNDNESS.md). A verifier only says that some constraint fails or that lookups do not
 * balance; so each witness is also looked at row by row (air/check_rows.h): the asserts that fail
 * are exactly the ones named, in the row named, and the relations out of balance exactly those.
 *
 * A cell is changed right after its component's witness is written and before uses are counted:
 * multiplicities, and all that follows, are those of an honest prover with that cell. */
#include <unistd.h>

#include "air/check_rows.h"
#include "base/test.h"
#include "cairo/layout.h"
#include "cairo/preprocessed_cache.h"
#include "cairo/preprocessed_fill.h"
#include "cairo/public.h"
#include "cairo/run_claim.h"
#include "cairo/verify.h"
#include "cairo/witness.h"
#include "vm/asm.h"
#include "vm/run_input.h"

enum { MAX_WRONG = 12, MAX_RELATIONS = 64, CELLS = 4, PADDING = 15, ANY_COLUMN = 1 << 16 };

static sage_errinfo err;
static char dir[SAGE_TEST_PATH];

static void assert_ok(sage_status s)
{
    if (s) fail_msg("%s: %s", err.where, err.msg);
}

/* --- what is broken, and what must be found --- */

typedef struct cell {
    uint32_t row, column; /* ANY_COLUMN: the last one */
    uint32_t add;         /* to its value, mod p */
} cell;

typedef struct lie {
    const char *component;
    cell cell[CELLS]; /* until add is 0 */
    bool uncounted;   /* a use that no table has: what cannot be counted is left out */
    bool step;        /* input row `cell[0].row` becomes the endless loop's step */
    const char *code; /* the verifier's */
    const char *relations[4];
    uint32_t n_wrong, wrong[MAX_WRONG]; /* asserts of `component`; in the first cell's row */
} lie;

typedef struct total {
    uint32_t relation;
    const char *name;
    qm31 sum;
} total;

/* --- the fixture: one program, run once --- */

static const char text[] = "builtins: output, range_check, bitwise, range_check96;\n"
                           "main:\n"
                           "    %{ memory[ap] = segments.gen_arg(program_input) %}\n"
                           "    ap += 1;\n"
                           "    [ap] = [[fp]], ap++;\n"
                           "    [ap] = [[fp] + 1], ap++;\n"
                           "    [ap] = [fp + 1] * [fp + 2], ap++;\n"
                           "    [ap] = [fp + 1] + [fp + 2], ap++;\n"
                           "    [ap] = 5, ap++;\n"
                           "    [ap] = [fp + 5] + 7, ap++;\n"
                           "    [ap] = [fp + 5] * [fp + 6], ap++;\n"
                           "    jmp rel next;\n"
                           "next:\n"
                           "    [ap] = 0, ap++;\n"
                           "    jmp rel 2 if [fp + 8] != 0;\n"
                           "    jmp rel 2 if [fp + 8] != 0;\n"
                           "    jmp rel 2 if [fp + 5] != 0;\n"
                           "    call rel callee;\n"
                           "    [ap] = [[fp] + 2], ap++;\n"
                           "    [ap - 1] = [[fp - 5]];\n"
                           "    [ap] = [[fp] + 3], ap++;\n"
                           "    [ap - 1] = [[fp - 3]];\n"
                           "    [ap] = [[fp] + 4], ap++;\n"
                           "    [ap - 1] = [[fp - 4]];\n"
                           "    [ap] = [[fp] + 5], ap++;\n"
                           "    [ap - 1] = [[fp - 4] + 1];\n"
                           "    [fp + 5] = [[fp - 6]];\n"
                           "    [fp + 6] = [[fp - 6] + 1];\n"
                           "    [ap] = [fp - 6] + 2, ap++;\n"
                           "    [ap] = [fp - 5] + 1, ap++;\n"
                           "    [ap] = [fp - 4] + 5, ap++;\n"
                           "    [ap] = [fp - 3] + 1, ap++;\n"
                           "    ret;\n"
                           "callee:\n"
                           "    [ap] = 3, ap++;\n"
                           "    ret;\n";
/* Two factors whose sum is not reduced; below 2^128, below 2^96; two for the bitwise builtin. */
static const char input[] =
    "[\"0x123456789abcdef0123456789abcdef0123456789\", \"0x777777777777777777777777777\","
    " \"0xfedcba98765432100123456789abcde\", \"0xabcdefabcdefabcdefabcde\","
    " \"0x5555555555555555555555555555555\", \"0x3333333333333333333333333333333\"]";

typedef struct fixture {
    sage_prover_input run;
    sage_cairo_claim claim;
    sage_layout layout;
    total honest[MAX_RELATIONS];
} fixture;

static const sage_config quick = {20, 1, 12, 0, 1}; /* 32 bits: the verifier sees to the rest */
static const sage_backend *real;
static sage_backend bent;
static sage_device *dev;
static sage_cairo_cache *cache;
static uint32_t *pre_column[SAGE_CAIRO_MAX_PRE];
static fixture fix;

/* --- running --- */

static void run_text(sage_prover_input *out, const char *source, const char *args)
{
    sage_program p;
    sage_run run;
    sage_run_input in;
    assert_ok(sage_assemble(&p, source, strlen(source), &err));
    assert_ok(sage_run_input_read(&in, (const uint8_t *)args, strlen(args), &err));
    assert_ok(sage_run_program(&run, &p, &in, &sage_run_default_limits, &err));
    assert_ok(sage_adapt(out, &run, &err));
    sage_run_free(&run);
    sage_run_input_free(&in);
    sage_program_free(&p);
}

static void lay_out(fixture *f)
{
    assert_ok(sage_cairo_claim_of_run(&f->claim, &f->run, SAGE_CAIRO_CANONICAL_SMALL, &err));
    assert_ok(sage_cairo_layout(&f->claim, SAGE_CAIRO_CANONICAL_SMALL, &f->layout, &err));
    assert_ok(sage_layout_check(&f->layout, &quick, &err));
}

static void make_fixture(fixture *f, const char *source, const char *args)
{
    memset(f, 0, sizeof *f);
    run_text(&f->run, source, args);
    lay_out(f);
}

static void free_fixture(fixture *f)
{
    sage_cairo_claim_free(&f->claim);
    sage_prover_input_free(&f->run);
}

/* --- the witness, bent --- */

static const lie *now;
static const fixture *at_work;

static void bend_input(const sage_air_rows *rows, uint32_t row)
{
    const sage_casm_state *s = &at_work->run.final;
    const uint32_t state[]   = {s->pc, s->ap, s->fp};
    for (int k = 0; k < 3; k++)
        real->upload(dev, (uint32_t *)(uintptr_t)rows->inputs[k] + row, &state[k], 1);
}

static sage_status bend_cells(const sage_air *air, const sage_air_rows *rows, sage_errinfo *e)
{
    for (int i = 0; i < CELLS && now->cell[i].add; i++) {
        const cell *c   = &now->cell[i];
        uint32_t column = c->column == ANY_COLUMN ? air->trace.base - 1 : c->column, v;
        uint32_t *to    = rows->trace[column] + c->row;
        sage_status s   = real->download(dev, &v, to, 1, e);
        if (s) return s;
        v = m31_add(v, c->add);
        real->upload(dev, to, &v, 1);
    }
    return SAGE_OK;
}

static sage_status
bent_witness(sage_device *d, const sage_air *air, const sage_air_rows *rows, sage_errinfo *e)
{
    const bool here = now && now->component && !strcmp(now->component, air->name);
    if (here && now->step) bend_input(rows, now->cell[0].row);
    sage_status s = real->witness(d, air, rows, e);
    return s || !here ? s : bend_cells(air, rows, e);
}

static sage_status bent_count(sage_device *d,
                              const sage_air *air,
                              const sage_air_rows *rows,
                              const sage_air_counters *counters,
                              sage_errinfo *e)
{
    sage_status s = real->count(d, air, rows, counters, e);
    return s == SAGE_EPROOF && now && now->uncounted ? SAGE_OK : s;
}

/* --- looking at it --- */

typedef struct finding {
    total sum[MAX_RELATIONS];
    const sage_air *air;
    uint32_t wrong; /* bit i: the lie's i-th assert fails */
    bool strange;   /* an assert that is none of the lie's */
} finding;

static total *total_of(total *t, const sage_air_relation *r)
{
    while (t->name && t->relation != r->id)
        t++;
    t->name     = r->name;
    t->relation = r->id;
    return t;
}

static void found_entry(void *arg, uint32_t relation, qm31 mult, qm31 den)
{
    finding *f = arg;
    if (qm31_is_zero(mult)) return;
    total *t = total_of(f->sum, &f->air->relations[relation]);
    t->sum   = qm31_add(t->sum, qm31_mul(mult, qm31_inv(den)));
}

static void found_wrong(void *arg, uint32_t row, uint32_t assert_no)
{
    finding *f = arg;
    for (uint32_t i = 0; now && i < now->n_wrong; i++)
        if (!strcmp(now->component, f->air->name) && now->wrong[i] == assert_no &&
            (!now->cell[0].add || row == now->cell[0].row)) {
            f->wrong |= 1u << i;
            return;
        }
    print_error("%s: assert %u fails in row %u\n", f->air->name, assert_no, row);
    f->strange = true;
}

static const uint32_t *pre_values(const sage_layout *l, uint32_t i, uint32_t k)
{
    const uint32_t at     = sage_layout_preprocessed_index(l, i, k);
    const sage_air_pre *c = &l->pre[at];
    if (!pre_column[at]) {
        pre_column[at] = malloc(sizeof(uint32_t) << c->log);
        assert_non_null(pre_column[at]);
        assert_ok(sage_cairo_pre_fill(*c, 0, 1u << c->log, pre_column[at], &err));
    }
    return pre_column[at];
}

static void look_at(const sage_witness_site *site, uint32_t i, finding *f)
{
    const sage_instance *in = &site->layout->inst[i];
    const uint32_t n = sage_instance_trace(in), n_pre = in->air->n_pre;
    const size_t rows                  = (size_t)1 << in->log_rows;
    sage_air_watch watch               = {found_wrong, found_entry, f};
    sage_air_rows r                    = site->rows[i];
    uint32_t *cells                    = malloc(n * rows * sizeof *cells);
    uint32_t **column                  = calloc(n, sizeof *column);
    const uint32_t **pre               = calloc(n_pre + 1, sizeof *pre);
    qm31 alpha[SAGE_AIR_MAX_ARITY + 1] = {qm31_one()};
    assert_true(cells && column && pre);
    for (uint32_t k = 0; k < n; k++) {
        column[k] = cells + k * rows;
        assert_ok(real->download(dev, column[k], r.trace[k], rows, &err));
    }
    for (uint32_t k = 0; k < n_pre; k++)
        pre[k] = pre_values(site->layout, i, k);
    for (int k = 0; k < SAGE_AIR_MAX_ARITY; k++)
        alpha[k + 1] = qm31_mul(alpha[k], qm31_of(3, 14, 159, 2653));
    r.trace = column;
    r.pre   = pre;
    r.alpha = alpha;
    r.z     = qm31_of(2, 71, 828, 1828);
    f->air  = in->air;
    assert_ok(sage_air_check_rows(in->air, &r, &watch, &err));
    free(pre);
    free(column);
    free(cells);
}

static bool named(const char *relation)
{
    for (int i = 0; now && i < 4 && now->relations[i]; i++)
        if (!strcmp(now->relations[i], relation)) return true;
    return false;
}

static void judge(const fixture *f, const finding *got)
{
    bool wrong = got->strange;
    for (const total *t = got->sum; t->name; t++) {
        const total *h = f->honest;
        while (h->name && h->relation != t->relation)
            h++;
        const bool off = !qm31_eq(t->sum, h->sum);
        if (off == named(t->name)) continue;
        print_error("%s %s\n", t->name, off ? "does not balance" : "balances");
        wrong = true;
    }
    for (uint32_t i = 0; i < now->n_wrong; i++) {
        if (got->wrong >> i & 1) continue;
        print_error("assert %u holds\n", now->wrong[i]);
        wrong = true;
    }
    if (wrong) fail_msg("the witness is wrong elsewhere");
}

static sage_status write_bent(void *arg, const sage_witness_site *site, sage_errinfo *e)
{
    fixture *f             = arg;
    sage_witness_site copy = *site;
    finding got            = {0};
    copy.be                = &bent;
    sage_status s          = sage_cairo_witness_write(&f->run, &copy, e);
    if (s) return s;
    for (uint32_t i = 0; i < site->layout->n; i++)
        look_at(site, i, &got);
    if (now)
        judge(f, &got);
    else
        memcpy(f->honest, got.sum, sizeof got.sum);
    return SAGE_OK;
}

/* --- proving --- */

static sage_status mix_claim(const void *claim, sage_channel *ch, sage_errinfo *e)
{
    return sage_cairo_claim_mix(claim, ch, e);
}

static sage_status
public_sum(const void *claim, qm31 z, const qm31 *alpha, qm31 *out, sage_errinfo *e)
{
    return sage_cairo_public_sum(claim, z, alpha, out, e);
}

typedef struct shortcuts {
    bool interaction_pow, query_pow;
    const sage_tree_source *tree; /* NULL: the true one */
    const sage_config *config;    /* NULL: quick */
} shortcuts;

/* The proof borrows the fixture's claim. */
static void prove(fixture *f, const lie *l, shortcuts cut, sage_cairo_proof *out)
{
    sage_preprocessed pre = {sage_cairo_pre_fill,
                             cut.tree ? cut.tree : sage_cairo_cache_tree(cache)};
    sage_prover_job job   = {.layout          = &f->layout,
                             .config          = cut.config ? cut.config : &quick,
                             .salt            = 7,
                             .interaction_pow = SAGE_CAIRO_INTERACTION_POW,
                             .witness         = write_bent,
                             .witness_arg     = f,
                             .witness_words   = sage_cairo_witness_words(&f->run, &f->layout),
                             .preprocessed    = &pre,
                             .mix_claim       = mix_claim,
                             .public_sum      = public_sum,
                             .claim           = &f->claim,
                             .emit_false      = l && l->code,
                             .skip_interaction_pow = cut.interaction_pow,
                             .skip_query_pow       = cut.query_pow};
    *out    = (sage_cairo_proof){.variant = SAGE_CAIRO_CANONICAL_SMALL, .salt = 7};
    now     = l;
    at_work = f;
    assert_ok(sage_prover_run(real, dev, &job, &out->bytes, &err));
    now        = NULL;
    out->claim = f->claim;
    assert_ok(sage_cairo_proof_finish(out, &err));
}

static void free_proof(sage_cairo_proof *p)
{
    memset(&p->claim, 0, sizeof p->claim);
    sage_cairo_proof_free(p);
}

static void refused(const sage_cairo_proof *p, uint32_t bits, const char *code)
{
    sage_status s = sage_cairo_verify(p, bits, &err);
    if (s != SAGE_EPROOF || strcmp(err.where, code) != 0)
        fail_msg("%s where %s is due", s ? err.where : "accepted", code);
}

static void tell(fixture *f, const lie *l)
{
    sage_cairo_proof p;
    prove(f, l, (shortcuts){0}, &p);
    refused(&p, 32, l->code);
    free_proof(&p);
}

/* --- the tests --- */

/* Nothing is bent, and then a step that is true is added: so a refusal below is the lie's. */
static void honest(void **state)
{
    static const lie nothing = {0};
    static const lie step    = {
           .component = "jump_opcode_rel_imm", .step = true, .cell = {{1, 0, 1}}};
    sage_cairo_proof p;
    (void)state;
    prove(&fix, NULL, (shortcuts){0}, &p);
    assert_ok(sage_cairo_verify(&p, 32, &err));
    free_proof(&p);
    prove(&fix, &nothing, (shortcuts){0}, &p);
    refused(&p, SAGE_SECURITY_BITS, "proof.config.security");
    p.proof.config.pow_bits = 0;
    refused(&p, 0, "proof.config.security");
    free_proof(&p);
    prove(&fix, &step, (shortcuts){0}, &p);
    assert_ok(sage_cairo_verify(&p, 32, &err));
    free_proof(&p);
}

/* Columns and asserts by air/cairo: an opcode's are on, pc, ap, fp; the offsets and flags that
 * its plan leaves open; base addresses; what it reads. */
static const lie lies[] = {
    /* mul_opcode: carry 1 of the product, in its own equation and the next. */
    {.component = "mul_opcode",
     .cell      = {{0, 104, 1}},
     .code      = "proof.oods",
     .n_wrong   = 2,
     .wrong     = {12, 13}},
    /* add_opcode: P taken away from a sum below P: every digit's carry, and the last limb. */
    {.component = "add_opcode",
     .cell      = {{0, 102, 1}},
     .code      = "proof.oods",
     .n_wrong   = 10,
     .wrong     = {12, 13, 14, 15, 16, 17, 18, 19, 20, 21}},
    /* One use more than there are. */
    {.component = "range_check_20",
     .cell      = {{77, 3, 1}},
     .code      = "proof.logup",
     .relations = {"RangeCheck_20_D"}},
    /* jnz_opcode_taken: the inverse of the distance from P. */
    {.component = "jnz_opcode_taken",
     .cell      = {{PADDING, 38, 1}},
     .code      = "proof.oods",
     .n_wrong   = 1,
     .wrong     = {5}},
    /* A row that counts twice; its step leads to itself, so that the states balance. */
    {.component = "jump_opcode_rel_imm",
     .step      = true,
     .cell      = {{1, 0, 2}},
     .code      = "proof.oods",
     .n_wrong   = 1,
     .wrong     = {0}},
    /* Padding that counts: a step that nobody led to. */
    {.component = "add_opcode",
     .cell      = {{PADDING, 0, 1}},
     .code      = "proof.logup",
     .relations = {"Opcodes"}},
    /* ret_opcode: another return address than the memory's. */
    {.component = "ret_opcode",
     .cell      = {{0, 5, 1}},
     .code      = "proof.logup",
     .relations = {"MemoryIdToBig", "Opcodes"}},
    /* A value that others read otherwise; an id. */
    {.component = "memory_id_to_small",
     .cell      = {{0, 1, M31_P - 1}},
     .code      = "proof.logup",
     .relations = {"MemoryIdToBig"}},
    {.component = "memory_address_to_id",
     .cell      = {{0, 0, 1}},
     .code      = "proof.logup",
     .relations = {"MemoryAddressToId"}},
    /* add_opcode_small: the small sum's borrow without its sign, where nothing is looked up; and
     * its sign, against the memory. */
    {.component = "add_opcode_small",
     .cell      = {{PADDING, 17, 1}},
     .code      = "proof.oods",
     .n_wrong   = 2,
     .wrong     = {13, 26}},
    {.component = "add_opcode_small",
     .cell      = {{0, 16, 1}},
     .code      = "proof.logup",
     .relations = {"MemoryIdToBig"},
     .n_wrong   = 1,
     .wrong     = {26}},
    /* mul_opcode_small: a flag that is no bit, and the base address by it; a bit that is not the
     * instruction's, with the base address that goes with it. */
    {.component = "mul_opcode_small",
     .cell      = {{PADDING, 8, 1}},
     .code      = "proof.oods",
     .n_wrong   = 2,
     .wrong     = {2, 9}},
    {.component = "mul_opcode_small",
     .cell      = {{0, 11, M31_P - 1}},
     .code      = "proof.logup",
     .relations = {"VerifyInstruction", "Opcodes"}},
    /* bitwise_builtin: a xor b of limb 0, which the memory has otherwise too. */
    {.component = "bitwise_builtin",
     .cell      = {{0, 58, 1}},
     .code      = "proof.logup",
     .relations = {"VerifyBitwiseXor_9", "MemoryIdToBig"}},
};

static void told(void **state)
{
    const lie *l = *state;
    if (sage_test_quick() && (l - lies) % 4) skip();
    tell(&fix, l);
}

/* --- runs that did not happen --- */

static uint32_t id_at(const sage_prover_input *run, uint32_t address)
{
    const uint32_t id = run->address_to_id[address];
    assert_true(id >= SAGE_MEMORY_BIG && id != SAGE_MEMORY_NO_ID);
    return id - SAGE_MEMORY_BIG;
}

/* A conditional jump over a 0 is proved as taken. Its target is the next instruction, so that
 * the states balance. */
static sage_casm_states *states_of(const char *name)
{
    int o = 0;
    while (strcmp(sage_opcode_name((sage_opcode)o), name) != 0)
        o++;
    return &fix.run.states[o];
}

static void jump_over_zero(void **state)
{
    static const lie l     = {.component = "jnz_opcode_taken",
                              .cell      = {{1, 0, 0}},
                              .code      = "proof.oods",
                              .n_wrong   = 1,
                              .wrong     = {4}};
    sage_casm_states *from = states_of("jnz_opcode_non_taken");
    sage_casm_states *to = states_of("jnz_opcode_taken"), kept = *to;
    sage_casm_state both[2];
    (void)state;
    assert_true(from->n == 2 && to->n == 1);
    both[0] = to->at[0];
    both[1] = from->at[1];
    *to     = (sage_casm_states){both, 2};
    from->n = 1;
    tell(&fix, &l);
    *to     = kept;
    from->n = 2;
}

/* The memory holds another value than the machine would have let it. */
static void hold(uint32_t address, int word, uint32_t value, const lie *l)
{
    const uint32_t id = id_at(&fix.run, address);
    uint32_t kept[8];
    memcpy(kept, fix.run.big_values[id], sizeof kept);
    fix.run.big_values[id][word] = value;
    tell(&fix, l);
    memcpy(fix.run.big_values[id], kept, sizeof kept);
}

static void too_large(void **state)
{
    /* Bit 128 is in limb 14, which may have two bits: the low one is not one. Bit 135 is in limb
     * 15, which is not read. */
    static const lie low = {
        .component = "range_check_builtin", .code = "proof.oods", .n_wrong = 1, .wrong = {1}};
    static const lie high = {.component = "range_check_builtin",
                             .code      = "proof.logup",
                             .relations = {"MemoryIdToBig"}};
    static const lie rc96 = {.component = "range_check96_builtin",
                             .uncounted = true,
                             .code      = "proof.logup",
                             .relations = {"RangeCheck_6"}};
    (void)state;
    hold(fix.run.builtin[SAGE_BUILTIN_RANGE_CHECK].begin, 4, 4, &low);
    hold(fix.run.builtin[SAGE_BUILTIN_RANGE_CHECK].begin, 4, 1 << 7, &high);
    hold(fix.run.builtin[SAGE_BUILTIN_RANGE_CHECK96].begin, 3, 1, &rc96);
}

static void wrong_xor(void **state)
{
    static const lie l = {
        .component = "bitwise_builtin", .code = "proof.logup", .relations = {"MemoryIdToBig"}};
    (void)state;
    hold(fix.run.builtin[SAGE_BUILTIN_BITWISE].begin + 3, 1, 1234567, &l);
}

/* --- Blake2s --- */

static char *example(const char *name)
{
    const char *source = getenv("SAGE_SOURCE_DIR");
    char path[1024];
    snprintf(path, sizeof path, "%s/examples/cairo/%s", source ? source : ".", name);
    FILE *f     = fopen(path, "rb");
    char *bytes = calloc(1, 1 << 16);
    assert_true(f && bytes);
    assert_true(fread(bytes, 1, (1 << 16) - 1, f) > 0);
    fclose(f);
    return bytes;
}

static void blake(void **state)
{
    /* G's last xor, which gives half of a word of its result: no number of the table, and not
     * what the round takes it for. */
    static const lie output = {.component = "blake_g",
                               .cell      = {{0, ANY_COLUMN, 1}},
                               .code      = "proof.logup",
                               .relations = {"VerifyBitwiseXor_9", "BlakeG"}};
    /* A sum that is not one, where nothing is looked up: its carries, and those of the sum that
     * takes it. */
    static const lie sum = {.component = "blake_g",
                            .cell      = {{127, 13, 1}},
                            .code      = "proof.oods",
                            .n_wrong   = 4,
                            .wrong     = {1, 2, 5, 6}};
    /* The round that a row says it is. */
    static const lie round  = {.component = "blake_round",
                               .cell      = {{3, 2, 1}},
                               .code      = "proof.logup",
                               .relations = {"BlakeRound", "BlakeRoundSigma"}};
    static const lie *all[] = {&output, &sum, &round};
    fixture f;
    sage_cairo_proof p;
    (void)state;
    if (sage_test_quick()) skip();
    char *source = example("blake2s.casm");
    make_fixture(&f, source, "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]");
    prove(&f, NULL, (shortcuts){0}, &p);
    assert_ok(sage_cairo_verify(&p, 32, &err));
    free_proof(&p);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        tell(&f, all[i]);
    free_fixture(&f);
    free(source);
}

/* --- another claim than the run's --- */

static const lie other_claim = {.code = "proof.logup"};

static void claims(void **state)
{
    sage_cairo_cells *out = &fix.claim.output, *program = &fix.claim.program;
    sage_cairo_proof p;
    (void)state;
    assert_true(out->n == 2);
    /* The output in reverse. */
    sage_felt252 first = out->at[0].value;
    out->at[0].value   = out->at[1].value;
    out->at[1].value   = first;
    tell(&fix, &other_claim);
    out->at[1].value = out->at[0].value;
    out->at[0].value = first;
    /* Another constant in the program, and so another hash. */
    sage_cairo_cell *word = &program->at[program->n - 2];
    sage_felt252 kept     = word->value;
    word->value           = program->at[1].value;
    tell(&fix, &other_claim);
    word->value = kept;
    /* Another end. */
    fix.claim.final[1]++;
    tell(&fix, &other_claim);
    fix.claim.final[1]--;
    /* A proof of the true claim with another written on it. */
    prove(&fix, &other_claim, (shortcuts){0}, &p);
    p.claim.output.at[0].value = p.claim.output.at[1].value;
    refused(&p, 32, "proof.pow.interaction");
    p.claim.output.at[0].value = first;
    assert_ok(sage_cairo_verify(&p, 32, &err));
    p.variant = SAGE_CAIRO_CANONICAL;
    refused(&p, 32, "proof.shape.sampled");
    free_proof(&p);
}

static void work(void **state)
{
    sage_cairo_proof p;
    (void)state;
    prove(&fix, &other_claim, (shortcuts){.interaction_pow = true}, &p);
    refused(&p, 32, "proof.pow.interaction");
    free_proof(&p);
    prove(&fix, &other_claim, (shortcuts){.query_pow = true}, &p);
    refused(&p, 32, "proof.pow.query");
    free_proof(&p);
}

static void other_tree(void **state)
{
    sage_tree_source tree = *sage_cairo_cache_tree(cache);
    sage_cairo_proof p;
    (void)state;
    tree.root[0] ^= 1;
    prove(&fix, &other_claim, (shortcuts){.tree = &tree}, &p);
    refused(&p, 32, "proof.preprocessed");
    free_proof(&p);
}

/* --- */

static int begin(void **state)
{
    const sage_cairo_cache_key key = {SAGE_CAIRO_CANONICAL_SMALL, SAGE_HASH_BLAKE2S, 1};
    (void)state;
    if (sage_test_folder(dir, "false")) return -1;
    assert_ok(sage_backend_find(NULL, &real, &err));
    bent         = *real;
    bent.witness = bent_witness;
    bent.count   = bent_count;
    assert_ok(real->open(&dev, 2, &err));
    assert_ok(sage_cairo_cache_build(real, dev, dir, &key, NULL, NULL, &err));
    assert_ok(sage_cairo_cache_open(&cache, dir, &key, &err));
    make_fixture(&fix, text, input);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free_fixture(&fix);
    for (int i = 0; i < SAGE_CAIRO_MAX_PRE; i++)
        free(pre_column[i]);
    sage_cairo_cache_close(cache);
    real->close(dev);
    return sage_test_remove_folder(dir);
}

int main(void)
{
    enum { LIES = sizeof lies / sizeof *lies };
    struct CMUnitTest tests[LIES + 8] = {cmocka_unit_test(honest)};
    size_t n                          = 1;
    for (int i = 0; i < LIES; i++)
        tests[n++] = (struct CMUnitTest){.name          = lies[i].component,
                                         .test_func     = told,
                                         .initial_state = (void *)(uintptr_t)&lies[i]};
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(jump_over_zero);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(too_large);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(wrong_xor);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(blake);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(claims);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(work);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_tree);
    return _cmocka_run_group_tests("false witnesses", tests, n, begin, end);
}
