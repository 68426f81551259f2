/* Every component of the opcodes, blake, and the builtins of facts B1's set S4 against
 * what is published of it: counts, relations, and the value of all its constraints at a fixed
 * point, which two statements of a component can only agree on if they have the same columns,
 * constraints and entries in the same order, with the same signs and scale. */
#include "base/test.h"

#include "cairo/components.h"
#include "cairo_airs.h"

typedef struct expected {
    const char *name;
    uint32_t trace, inter, constraints, entries;
    uint32_t degree;  /* of the asserts */
    const char *uses; /* entries of every relation */
    qm31 sum;
} expected;

/* Counts: facts B1, by running the published components with a counting evaluator. Sums:
 * stwo-cairo 2b1fb4d, stwo_cairo_verifier/crates/cairo_air/src/components/sample_evaluations
 * .cairo; 0 where that has none (test_air_regression.c). */
/* clang-format off */
static const expected components[] = {
    {"add_opcode", 103, 20, 27, 9, 3,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 VerifyInstruction:1",
     {{913483180, 1070471645, 1526007414, 1720947588}}},
    {"add_opcode_small", 39, 20, 32, 9, 2,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 VerifyInstruction:1",
     {{2078697947, 236158108, 112831209, 2013625621}}},
    {"add_ap_opcode", 17, 16, 15, 7, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1 Opcodes:2 RangeCheck_11:1 RangeCheck_18:1 "
     "VerifyInstruction:1",
     {{1516192237, 1259442050, 910917927, 730364471}}},
    {"assert_eq_opcode", 12, 12, 9, 5, 2,
     "MemoryAddressToId:2 Opcodes:2 VerifyInstruction:1",
     {{811550882, 911932092, 1655522445, 1545531096}}},
    {"assert_eq_opcode_imm", 9, 12, 7, 5, 2,
     "MemoryAddressToId:2 Opcodes:2 VerifyInstruction:1",
     {{1066776091, 2106994966, 586927477, 142161774}}},
    {"assert_eq_opcode_double_deref", 19, 16, 12, 7, 2,
     "MemoryAddressToId:3 MemoryIdToBig:1 Opcodes:2 VerifyInstruction:1",
     {{406396094, 1845788610, 1594297307, 751581042}}},
    {"blake_compress_opcode", 174, 148, 52, 74, 2,
     "BlakeRound:2 MemoryAddressToId:20 MemoryIdToBig:20 Opcodes:2 RangeCheck_7_2_5:17 "
     "TripleXor32:8 VerifyBitwiseXor_8:4 VerifyInstruction:1",
     {{1992140755, 1796669870, 1594975624, 922737028}}},
    {"call_opcode_abs", 25, 20, 16, 9, 2,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 VerifyInstruction:1",
     {{2090775521, 1448670932, 131075432, 1330495777}}},
    {"call_opcode_rel_imm", 24, 20, 17, 9, 2,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 VerifyInstruction:1",
     {{1711322589, 605120825, 1082235021, 1657491138}}},
    {"generic_opcode", 243, 136, 198, 67, 3,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 RangeCheck_11:1 RangeCheck_18:1 "
     "RangeCheck_20:4 RangeCheck_20_B:4 RangeCheck_20_C:4 RangeCheck_20_D:4 "
     "RangeCheck_20_E:3 RangeCheck_20_F:3 RangeCheck_20_G:3 RangeCheck_20_H:3 "
     "RangeCheck_9_9:4 RangeCheck_9_9_B:4 RangeCheck_9_9_C:4 RangeCheck_9_9_D:4 "
     "RangeCheck_9_9_E:4 RangeCheck_9_9_F:4 RangeCheck_9_9_G:2 RangeCheck_9_9_H:2 "
     "VerifyInstruction:1",
     {{1242198924, 1286565514, 1357106497, 1334447629}}},
    {"jnz_opcode_non_taken", 9, 12, 7, 5, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1 Opcodes:2 VerifyInstruction:1",
     {{618262900, 436368816, 1546723143, 1042113540}}},
    {"jnz_opcode_taken", 47, 16, 15, 7, 3,
     "MemoryAddressToId:2 MemoryIdToBig:2 Opcodes:2 VerifyInstruction:1",
     {{33449914, 1844618313, 1701875983, 252295894}}},
    {"jump_opcode_abs", 14, 12, 9, 5, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1 Opcodes:2 VerifyInstruction:1",
     {{2065796425, 1481748966, 345648038, 1357794327}}},
    {"jump_opcode_double_deref", 21, 16, 12, 7, 2,
     "MemoryAddressToId:2 MemoryIdToBig:2 Opcodes:2 VerifyInstruction:1",
     {{345531212, 1214583745, 712574247, 758037077}}},
    {"jump_opcode_rel", 16, 12, 12, 5, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1 Opcodes:2 VerifyInstruction:1",
     {{2141590970, 918447179, 346286427, 910863068}}},
    {"jump_opcode_rel_imm", 13, 12, 10, 5, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1 Opcodes:2 VerifyInstruction:1",
     {{1595303695, 1891506220, 137376367, 1376797570}}},
    {"mul_opcode", 130, 76, 58, 37, 2,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 RangeCheck_20:4 RangeCheck_20_B:4 "
     "RangeCheck_20_C:4 RangeCheck_20_D:4 RangeCheck_20_E:3 RangeCheck_20_F:3 "
     "RangeCheck_20_G:3 RangeCheck_20_H:3 VerifyInstruction:1",
     {{1684167450, 300784613, 1222125621, 1480068344}}},
    {"mul_opcode_small", 37, 24, 21, 12, 2,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 RangeCheck_11:3 "
     "VerifyInstruction:1",
     {{1007403731, 1501466603, 1292373466, 433447006}}},
    {"qm_31_add_mul_opcode", 73, 24, 28, 12, 3,
     "MemoryAddressToId:3 MemoryIdToBig:3 Opcodes:2 RangeCheck_4_4_4_4:3 "
     "VerifyInstruction:1",
     {{137115581, 627130307, 1394048100, 619755907}}},
    {"ret_opcode", 16, 16, 9, 7, 2,
     "MemoryAddressToId:2 MemoryIdToBig:2 Opcodes:2 VerifyInstruction:1",
     {{319383133, 1817723832, 834129569, 1986950850}}},
    {"verify_instruction", 17, 12, 6, 5, 1,
     "MemoryAddressToId:1 MemoryIdToBig:1 RangeCheck_4_3:1 RangeCheck_7_2_5:1 "
     "VerifyInstruction:1",
     {{82780756, 1623916033, 226945805, 639130588}}},
    {"blake_round", 212, 120, 31, 59, 2,
     "BlakeG:8 BlakeRound:2 BlakeRoundSigma:1 MemoryAddressToId:16 MemoryIdToBig:16 "
     "RangeCheck_7_2_5:16",
     {{1085143112, 1547816226, 889594057, 628631557}}},
    {"blake_g", 53, 36, 18, 17, 3,
     "BlakeG:1 VerifyBitwiseXor_12:2 VerifyBitwiseXor_4:2 VerifyBitwiseXor_7:2 "
     "VerifyBitwiseXor_8:4 VerifyBitwiseXor_8_B:4 VerifyBitwiseXor_9:2",
     {{1875417103, 1560959605, 1262585436, 1110088209}}},
    {"blake_round_sigma", 1, 4, 1, 1, 0,
     "BlakeRoundSigma:1",
     {{512577297, 1730381685, 592485643, 1900393320}}},
    {"triple_xor_32", 21, 20, 6, 9, 2,
     "TripleXor32:1 VerifyBitwiseXor_8:4 VerifyBitwiseXor_8_B:4",
     {{1512985795, 609957190, 1269253358, 247070205}}},
    {"verify_bitwise_xor_12", 16, 32, 8, 16, 0,
     "VerifyBitwiseXor_12:16",
     {{0}}},
    {"bitwise_builtin", 89, 76, 19, 38, 0,
     "MemoryAddressToId:5 MemoryIdToBig:5 VerifyBitwiseXor_8:1 VerifyBitwiseXor_9:27",
     {{29668381, 220510102, 1551556551, 2067292790}}},
    {"range_check96_builtin", 12, 8, 2, 3, 0,
     "MemoryAddressToId:1 MemoryIdToBig:1 RangeCheck_6:1",
     {{1691914450, 1396913530, 1328896898, 236361760}}},
    {"range_check_builtin", 17, 4, 3, 2, 2,
     "MemoryAddressToId:1 MemoryIdToBig:1",
     {{1517405280, 1369424843, 500759354, 352831272}}},
    {"memory_address_to_id", 32, 32, 8, 16, 0,
     "MemoryAddressToId:16",
     {{0}}},
    {"memory_id_to_big", 29, 32, 8, 15, 0,
     "MemoryIdToBig:1 RangeCheck_9_9:2 RangeCheck_9_9_B:2 RangeCheck_9_9_C:2 "
     "RangeCheck_9_9_D:2 RangeCheck_9_9_E:2 RangeCheck_9_9_F:2 RangeCheck_9_9_G:1 "
     "RangeCheck_9_9_H:1",
     {{1526989582, 484282936, 178486363, 2091532666}}},
    {"memory_id_to_small", 9, 12, 3, 5, 0,
     "MemoryIdToBig:1 RangeCheck_9_9:1 RangeCheck_9_9_B:1 RangeCheck_9_9_C:1 "
     "RangeCheck_9_9_D:1",
     {{755505387, 1272218207, 245344087, 333887776}}},
    {"range_check_6", 1, 4, 1, 1, 0,
     "RangeCheck_6:1",
     {{663180931, 188321688, 781513196, 1811514298}}},
    {"range_check_8", 1, 4, 1, 1, 0,
     "RangeCheck_8:1",
     {{354271683, 2062484535, 359343209, 1085092419}}},
    {"range_check_11", 1, 4, 1, 1, 0,
     "RangeCheck_11:1",
     {{50339543, 639945184, 2081615452, 721067790}}},
    {"range_check_12", 1, 4, 1, 1, 0,
     "RangeCheck_12:1",
     {{1790674852, 567140657, 1756266003, 2134567707}}},
    {"range_check_18", 2, 4, 1, 2, 0,
     "RangeCheck_18:1 RangeCheck_18_B:1",
     {{654925596, 1385860656, 550613685, 905124007}}},
    {"range_check_20", 8, 16, 4, 8, 0,
     "RangeCheck_20:1 RangeCheck_20_B:1 RangeCheck_20_C:1 RangeCheck_20_D:1 "
     "RangeCheck_20_E:1 RangeCheck_20_F:1 RangeCheck_20_G:1 RangeCheck_20_H:1",
     {{1604509391, 797668838, 633048076, 491658298}}},
    {"range_check_4_3", 1, 4, 1, 1, 0,
     "RangeCheck_4_3:1",
     {{1205041198, 1063002172, 186053796, 584675013}}},
    {"range_check_4_4", 1, 4, 1, 1, 0,
     "RangeCheck_4_4:1",
     {{1828615338, 1977187477, 279893549, 77714913}}},
    {"range_check_9_9", 8, 16, 4, 8, 0,
     "RangeCheck_9_9:1 RangeCheck_9_9_B:1 RangeCheck_9_9_C:1 RangeCheck_9_9_D:1 "
     "RangeCheck_9_9_E:1 RangeCheck_9_9_F:1 RangeCheck_9_9_G:1 RangeCheck_9_9_H:1",
     {{1491994823, 1981220634, 1650428821, 1437913252}}},
    {"range_check_7_2_5", 1, 4, 1, 1, 0,
     "RangeCheck_7_2_5:1",
     {{2025881162, 110006949, 1895076145, 10101928}}},
    {"range_check_3_6_6_3", 1, 4, 1, 1, 0,
     "RangeCheck_3_6_6_3:1",
     {{954594821, 1463669546, 56401161, 1711151617}}},
    {"range_check_4_4_4_4", 1, 4, 1, 1, 0,
     "RangeCheck_4_4_4_4:1",
     {{968552883, 598204297, 1628462538, 550127975}}},
    {"range_check_3_3_3_3_3", 1, 4, 1, 1, 0,
     "RangeCheck_3_3_3_3_3:1",
     {{1027031554, 2139839294, 792066286, 1782006609}}},
    {"verify_bitwise_xor_4", 1, 4, 1, 1, 0,
     "VerifyBitwiseXor_4:1",
     {{1744867710, 1582203579, 2027916061, 1843132599}}},
    {"verify_bitwise_xor_7", 1, 4, 1, 1, 0,
     "VerifyBitwiseXor_7:1",
     {{258741549, 442727055, 2051162226, 985154762}}},
    {"verify_bitwise_xor_8", 2, 4, 1, 2, 0,
     "VerifyBitwiseXor_8:1 VerifyBitwiseXor_8_B:1",
     {{157150134, 2136353198, 1642278012, 1201021372}}},
    {"verify_bitwise_xor_9", 1, 4, 1, 1, 0,
     "VerifyBitwiseXor_9:1",
     {{655003583, 1816811764, 835674503, 2144675911}}},
};
/* clang-format on */
enum { N_COMPONENTS = sizeof components / sizeof *components };

static const sage_air *air_of(const char *name)
{
    for (const sage_air *const *a = sage_cairo_airs; *a; a++)
        if (!strcmp((*a)->name, name)) return *a;
    fail_msg("%s is not here", name);
    return NULL;
}

/* --- counts --- */

/* How often `uses` has the relation. */
static uint32_t listed_uses(const char *uses, const char *relation)
{
    size_t len = strlen(relation);
    for (const char *p = uses; p; p = strchr(p, ' ')) {
        p += *p == ' ';
        if (!strncmp(p, relation, len) && p[len] == ':')
            return (uint32_t)strtoul(p + len + 1, NULL, 10);
    }
    return 0;
}

static uint32_t listed_relations(const char *uses)
{
    uint32_t n = 0;
    for (; *uses; uses++)
        n += *uses == ':';
    return n;
}

static uint32_t fixed_log(const char *name)
{
    for (uint32_t i = 0; i < SAGE_CAIRO_COMPONENTS; i++)
        if (!strcmp(sage_cairo_components[i].name, name)) return sage_cairo_components[i].log;
    fail_msg("%s is not a component", name);
    return 0;
}

static void test_counts(void **state)
{
    const expected *e   = *state;
    const sage_air *air = air_of(e->name);
    assert_int_equal(air->sized, 0);
    assert_int_equal(air->trace.base, e->trace);
    assert_int_equal(4 * air->pairs.base, e->inter);
    assert_int_equal(air->asserts.base + air->pairs.base, e->constraints);
    assert_int_equal(air->entries.base, e->entries);
    assert_int_equal(air->assert_degree, e->degree);
    assert_int_equal(air->fixed_log, fixed_log(e->name));
    assert_int_equal(air->n_relations, listed_relations(e->uses));
    for (uint32_t r = 0; r < air->n_relations; r++) {
        const sage_air_relation *rel = &air->relations[r];
        assert_int_equal(rel->uses.base + rel->yields.base, listed_uses(e->uses, rel->name));
    }
}

/* --- the point --- */

/* The published point: a value is FNV-1a-128 of its name, as digits in base p, lowest first. */
static qm31 named(const char *name)
{
    const sage_u128 prime = ((sage_u128)1 << 88) + 0x13b;
    sage_u128 h           = (sage_u128)0x6c62272e07bb0142u << 64 | 0x62b821756295c58du;
    for (; *name; name++)
        h = (h ^ (unsigned char)*name) * prime;
    qm31 x;
    for (int k = 0; k < 4; k++) {
        x.v[k] = (m31)(h % M31_P);
        h /= M31_P;
    }
    return x;
}

SAGE_PRINTF(1, 2) static qm31 numbered(const char *format, ...)
{
    char name[64];
    va_list args;
    va_start(args, format);
    vsnprintf(name, sizeof name, format, args);
    va_end(args);
    return named(name);
}

/* The value of the column that counts a component's own rows has a name we do not know. */
static const qm31 own_seq = {{735272696, 1215403647, 795393303, 879304430}};

static qm31 field_column(const sage_air_pre *pre)
{
    char name[64];
    int n = snprintf(name, sizeof name, "range_check");
    for (uint32_t w = pre->widths; w; w >>= 4)
        n += snprintf(name + n, sizeof name - (size_t)n, "_%u", (unsigned)(w & 15));
    return numbered("%s_column_%u", name, (unsigned)pre->index);
}

static qm31 preprocessed(const sage_air_pre *pre)
{
    switch (pre->kind) {
    case SAGE_PRE_SEQ: return pre->log ? numbered("seq_%u", (unsigned)pre->log) : own_seq;
    case SAGE_PRE_BIT_FIELD: return field_column(pre);
    case SAGE_PRE_XOR_TABLE:
        return numbered("bitwise_xor_%u_%u", (unsigned)pre->widths, (unsigned)pre->index);
    case SAGE_PRE_BLAKE_SIGMA: return numbered("blake_sigma_%u", (unsigned)pre->index);
    default: fail_msg("a column that none of these components has"); return qm31_zero();
    }
}

enum { LOG_ROWS = 15, MAX_COLUMNS = 256, MAX_PRE = 32 };

typedef struct point {
    qm31 pre[MAX_PRE], trace[MAX_COLUMNS], inter[MAX_COLUMNS], alpha[SAGE_AIR_MAX_ARITY + 1];
    sage_air_mask mask;
} point;

static void make_point(point *p, const sage_air *air, const m31 *params)
{
    assert_true(air->n_pre <= MAX_PRE && air->trace.base <= MAX_COLUMNS &&
                air->pairs.base <= MAX_COLUMNS);
    for (uint32_t i = 0; i < air->n_pre; i++)
        p->pre[i] = preprocessed(&air->pre[i]);
    for (uint32_t i = 0; i < air->trace.base; i++)
        p->trace[i] = numbered("base_%u", (unsigned)i);
    for (uint32_t i = 0; i < air->pairs.base; i++)
        p->inter[i] = numbered("interaction_%u", (unsigned)i);
    qm31 alpha  = named("common_alpha");
    p->alpha[0] = qm31_one();
    for (uint32_t i = 1; i <= SAGE_AIR_MAX_ARITY; i++)
        p->alpha[i] = qm31_mul(p->alpha[i - 1], alpha);
    m31 rows = (m31)1 << (air->fixed_log ? air->fixed_log : LOG_ROWS);
    p->mask  = (sage_air_mask){.pre        = p->pre,
                               .trace      = p->trace,
                               .inter      = p->inter,
                               .inter_prev = named("last_row_sum"),
                               .params     = params,
                               .alpha      = p->alpha,
                               .z          = named("common_z"),
                               .shift      = qm31_scale(named("claimed_sum"), m31_inv(rows))};
}

static qm31 sum_at_point(const sage_air *air, const m31 *params)
{
    point p;
    make_point(&p, air, params);
    qm31 *regs = calloc(air->code_regs, sizeof *regs), sum = qm31_zero();
    assert_non_null(regs);
    assert_int_equal(sage_air_at_point(air, &p.mask, named("random_coeff"), regs, &sum),
                     SAGE_OK);
    free(regs);
    return sum;
}

static void check_sum(const char *name, qm31 got, qm31 want)
{
    if (qm31_eq(got, want)) return;
    fail_msg("%s: %u %u %u %u, published %u %u %u %u", name, got.v[0], got.v[1], got.v[2],
             got.v[3], want.v[0], want.v[1], want.v[2], want.v[3]);
}

/* The one parameter of a component as its published point has it: the first id, and where a
 * builtin's segment begins (the tests of the published components name these). */
static const m31 *published_param(const char *name)
{
    static const struct {
        const char *name;
        m31 param;
    } with_param[] = {{"memory_id_to_big", 0},
                      {"bitwise_builtin", 434121993},
                      {"range_check96_builtin", 939053492},
                      {"range_check_builtin", 805641189}};
    for (size_t i = 0; i < sizeof with_param / sizeof *with_param; i++)
        if (!strcmp(with_param[i].name, name)) return &with_param[i].param;
    return NULL;
}

static void test_sum(void **state)
{
    const expected *e   = *state;
    const sage_air *air = air_of(e->name);
    const m31 *params   = published_param(e->name);
    assert_int_equal(air->params, params ? 1 : 0);
    check_sum(e->name, sum_at_point(air, params), e->sum);
}

/* The same point with another first id (constraints_big.cairo). */
static void test_first_id(void **state)
{
    (void)state;
    static const m31 first_id = 1 << 16;
    check_sum("memory_id_to_big", sum_at_point(air_of("memory_id_to_big"), &first_id),
              qm31_of(13315150, 1172759499, 2088321995, 1234092827));
}

/* The sums are of this point and no other: one published value each of what has a name. */
static void test_named(void **state)
{
    (void)state;
    check_sum("base_20", named("base_20"), qm31_of(1986820986, 913513739, 45970432, 343880178));
    check_sum("common_z", named("common_z"),
              qm31_of(445623802, 202571636, 1360224996, 131355117));
}

int main(void)
{
    static char names[N_COMPONENTS][2][64];
    static struct CMUnitTest tests[2 * N_COMPONENTS + 2]; /* empty ones do not count */
    uint32_t n = 0;
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_named);
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_first_id);
    for (uint32_t i = 0; i < N_COMPONENTS; i++) {
        const expected *e = &components[i];
        snprintf(names[i][0], sizeof names[i][0], "counts of %s", e->name);
        snprintf(names[i][1], sizeof names[i][1], "sum of %s", e->name);
        tests[n++] = (struct CMUnitTest){.name          = names[i][0],
                                         .test_func     = test_counts,
                                         .initial_state = (void *)(uintptr_t)e};
        if (qm31_is_zero(e->sum)) continue;
        tests[n++] = (struct CMUnitTest){
            .name = names[i][1], .test_func = test_sum, .initial_state = (void *)(uintptr_t)e};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
