/* vm/hints_math.c -- comparisons, ranges and parts of felts: Cairo 1's tests and the math
 * library of Cairo 0. Felts are compared as their numbers below P. */
#include "vm/hint_scope.h"
#include "vm/hint_uint.h"

static const sage_value zero = {{0, 0, 0, SAGE_VALUE_KNOWN}};
static const sage_value one  = {{1, 0, 0, SAGE_VALUE_KNOWN}};
/* What a range_check cell stays below. */
static const sage_value bound_128 = {{0, 0, 1, SAGE_VALUE_KNOWN}};
static const sage_value bound_250 = {{0, 0, 0, SAGE_VALUE_KNOWN | (uint64_t)1 << 58}};
/* floor(P / 2^128) */
static const sage_value prime_high = {{0, 0x0800000000000011, 0, SAGE_VALUE_KNOWN}};

static bool is_less(sage_value a, sage_value b)
{
    return hint_compare(a, b) < 0;
}

static sage_status felts(hint_call *c, uint32_t n, sage_value *out)
{
    for (uint32_t i = 0; i < n; i++) {
        sage_status s = hint_felt(c, i, &out[i]);
        if (s) return s;
    }
    return SAGE_OK;
}

static sage_status check(hint_call *c, bool holds, const char *what)
{
    return holds ? SAGE_OK : hint_fail(c, "vm.hint.assert", what);
}

/* |value| < 2^128: its sign, 0 for 0. */
static sage_status sign_of(hint_call *c, sage_value v, int *sign)
{
    sage_value minus = sage_value_sub(zero, v);
    *sign            = sage_value_equal(v, zero) ? 0 : is_less(v, minus) ? 1 : -1;
    return check(c, is_less(*sign < 0 ? minus : v, bound_128), "a number has over 128 bits");
}

/* --- tests --- */

/* "lhs rhs dst" */
static sage_status test_less(hint_call *c)
{
    sage_value v[2];
    sage_status s = felts(c, 2, v);
    return s ? s : hint_write_number(c, 2, is_less(v[0], v[1]));
}

/* "lhs rhs dst": two felts, or two addresses by segment, then offset. */
static sage_status test_less_or_equal(hint_call *c)
{
    sage_value a, b;
    sage_status s = hint_value(c, 0, &a);
    if (!s) s = hint_value(c, 1, &b);
    if (s) return s;
    if (sage_value_is_address(a) != sage_value_is_address(b))
        return hint_fail(c, "vm.hint.operand", "an address has no order among numbers");
    return hint_write_number(c, 2, hint_compare(a, b) <= 0);
}

/* "a b [ap]": 0 for yes */
static sage_status is_le_felt(hint_call *c)
{
    sage_value v[2];
    sage_status s = felts(c, 2, v);
    return s ? s : hint_write_number(c, 2, is_less(v[1], v[0]));
}

/* "a [ap]": 0 if a (variant 1: -a - 1) is below 2^128 */
static sage_status is_nn(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    if (s) return s;
    if (c->site->kind->variant) v = sage_value_sub(sage_value_sub(zero, v), one);
    return hint_write_number(c, 1, !is_less(v, bound_128));
}

/* "value is_positive" */
static sage_status is_positive(hint_call *c)
{
    int sign;
    sage_value v;
    sage_status s = felts(c, 1, &v);
    if (!s) s = sign_of(c, v, &sign);
    return s ? s : hint_write_number(c, 1, sign > 0);
}

/* "addr is_250" */
static sage_status is_250_bits(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : hint_write_number(c, 1, is_less(v, bound_250));
}

/* "addr ADDR_BOUND is_small" */
static sage_status is_addr_bounded(hint_call *c)
{
    sage_value v[2];
    sage_status s = felts(c, 2, v);
    if (s) return s;
    const sage_value bound_251 = sage_value_add(bound_250, bound_250);
    sage_value minus           = sage_value_sub(zero, v[1]);
    /* 2^250 < bound <= 2^251 and 2 bound > P, that is bound > P - bound */
    bool sound = is_less(bound_250, v[1]) && !is_less(bound_251, v[1]) && is_less(minus, v[1]);
    s          = check(c, sound, "addresses cannot be normalized with this bound");
    return s ? s : hint_write_number(c, 2, is_less(v[0], v[1]));
}

/* "a b [ap]": a - b >= variant, for pointers and numbers */
static sage_status is_far(hint_call *c)
{
    sage_address a, b;
    sage_status s = hint_pointer(c, 0, &a);
    if (!s) s = hint_pointer(c, 1, &b);
    if (s) return s;
    if (a.segment != b.segment)
        return hint_fail(c, "vm.hint.operand", "two pointers into different segments");
    return hint_write_number(
        c, 2, a.offset >= b.offset && a.offset - b.offset >= c->site->kind->variant);
}

/* "n [ap]": n >= variant */
static sage_status is_at_least(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s
             : hint_write_number(c, 1,
                                 !is_less(v, sage_value_from_u64(c->site->kind->variant)));
}

/* --- assertions --- */

/* "a" */
static sage_status assert_nn(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : check(c, is_less(v, bound_128), "a is not below 2^128");
}

/* "value" */
static sage_status assert_not_zero(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : check(c, !sage_value_equal(v, zero), "value is 0");
}

/* "value" */
static sage_status assert_zero(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : check(c, sage_value_equal(v, zero), "value is out of range");
}

/* "a b" */
static sage_status assert_not_equal(hint_call *c)
{
    sage_value a, b;
    sage_status s = hint_value(c, 0, &a);
    if (!s) s = hint_value(c, 1, &b);
    if (s) return s;
    bool both = sage_value_is_felt(a) && sage_value_is_felt(b);
    if (sage_value_is_address(a) && sage_value_is_address(b))
        both = sage_value_address(a).segment == sage_value_address(b).segment;
    s = check(c, both, "a and b cannot be compared");
    return s ? s : check(c, !sage_value_equal(a, b), "a and b are equal");
}

/* "a b" */
static sage_status assert_lt_felt(hint_call *c)
{
    sage_value v[2];
    sage_status s = felts(c, 2, v);
    return s ? s : check(c, is_less(v[0], v[1]), "a is not less than b");
}

/* "a b", and for variant 1 "small_inputs" */
static sage_status assert_le_felt_old(hint_call *c)
{
    sage_value v[2];
    sage_status s = felts(c, 2, v);
    if (!s) s = check(c, !is_less(v[1], v[0]), "a is not less than or equal to b");
    if (s || !c->site->kind->variant) return s;
    bool small = is_less(v[0], bound_128) && is_less(sage_value_sub(v[1], v[0]), bound_128);
    return hint_write_number(c, 2, small);
}

/* --- a <= b by arcs: 0..a, a..b and b..P - 1 make a round, and two of them are short --- */

typedef struct arc {
    sage_value length;
    uint32_t index;
} arc;

static void sort_arcs(arc a[3])
{
    for (int i = 1; i < 3; i++)
        for (int j = i; j > 0 && is_less(a[j].length, a[j - 1].length); j--) {
            arc t    = a[j];
            a[j]     = a[j - 1];
            a[j - 1] = t;
        }
}

/* length = q by + r: r and q into two range checks. */
static sage_status
write_arc(hint_call *c, sage_address at, uint64_t i, sage_value length, sage_value by)
{
    sage_value q, r;
    sage_status s = hint_divide_felts(c, length, by, &q, &r);
    if (!s) s = hint_store(c, at, i, r);
    return s ? s : hint_store(c, at, i + 1, q);
}

/* thirds and halves: P / 3 and P / 2, high parts rounded up */
static sage_status
find_arcs(hint_call *c, sage_address at, const sage_value v[2], const sage_value by[2])
{
    arc arcs[3] = {{v[0], 0},
                   {sage_value_sub(v[1], v[0]), 1},
                   {sage_value_sub(sage_value_sub(zero, one), v[1]), 2}};
    sort_arcs(arcs);
    hint_scope_now(c)->excluded = arcs[2].index + 1;
    sage_status s               = write_arc(c, at, 0, arcs[0].length, by[0]);
    return s ? s : write_arc(c, at, 2, arcs[1].length, by[1]);
}

/* "a b range_check_ptr" */
static sage_status small_arcs(hint_call *c)
{
    static const sage_value by[2] = {{{0x5555555555555556, 0x2aaaaaaaaaaaab0, 0, 0}},
                                     {{0x8000000000000001, 0x400000000000008, 0, 0}}};
    sage_value v[2], known[2] = {by[0], by[1]};
    sage_address at;
    sage_status s = felts(c, 2, v);
    if (!s) s = hint_pointer(c, 2, &at);
    known[0].l[3] = known[1].l[3] = SAGE_VALUE_KNOWN;
    return s ? s : find_arcs(c, at, v, known);
}

/* "a b PRIME_OVER_3_HIGH PRIME_OVER_2_HIGH range_check_ptr" */
static sage_status assert_le_felt(hint_call *c)
{
    sage_value v[4];
    sage_address at;
    sage_status s = felts(c, 4, v);
    if (!s) s = hint_pointer(c, 4, &at);
    if (!s) s = check(c, !is_less(v[1], v[0]), "a is not less than or equal to b");
    return s ? s : find_arcs(c, at, v, v + 2);
}

/* "dst": is the arc of this variant in use? */
static sage_status arc_in_use(hint_call *c)
{
    uint32_t excluded = hint_scope_now(c)->excluded;
    if (!excluded) return hint_fail(c, "vm.hint.scope", "no arcs were compared");
    return hint_write_number(c, 0, excluded - 1 != c->site->kind->variant);
}

static sage_status assert_third_excluded(hint_call *c)
{
    return check(c, hint_scope_now(c)->excluded == 3, "an arc is in use that is not to be");
}

/* --- parts --- */

/* variant bits of v below, the rest above */
static sage_status split(hint_call *c, sage_value v, uint32_t low, uint32_t high)
{
    sage_value q, r;
    const sage_value by = {
        {0, c->site->kind->variant == 64, c->site->kind->variant == 128, SAGE_VALUE_KNOWN}};
    sage_status s = hint_divide_felts(c, v, by, &q, &r);
    if (!s) s = hint_write(c, low, r);
    return s ? s : hint_write(c, high, q);
}

/* "a low high" */
static sage_status split_at(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : split(c, v, 1, 2);
}

/* "value MAX_HIGH MAX_LOW low high" */
static sage_status split_felt(hint_call *c)
{
    sage_value v[3];
    sage_status s = felts(c, 3, v);
    if (!s)
        s = check(c, sage_value_equal(v[1], prime_high) && sage_value_equal(v[2], zero),
                  "MAX_HIGH and MAX_LOW are not P - 1's");
    return s ? s : split(c, v[0], 3, 4);
}

/* "value UPPER_BOUND SHIFT high low" */
static sage_status assert_250_bits(hint_call *c)
{
    sage_value v[3], q, r;
    sage_status s = felts(c, 3, v);
    if (!s) s = check(c, is_less(v[0], v[1]), "value has more than 250 bits");
    if (!s) s = hint_divide_felts(c, v[0], v[2], &q, &r);
    if (!s) s = hint_write(c, 3, q);
    return s ? s : hint_write(c, 4, r);
}

/* "value base bound output": one limb into the cell that output points to */
static sage_status split_int(hint_call *c)
{
    sage_value v[3], q, r;
    sage_address at;
    sage_status s = felts(c, 3, v);
    if (!s) s = hint_pointer(c, 3, &at);
    if (!s) s = hint_divide_felts(c, v[0], v[1], &q, &r);
    if (!s) s = check(c, is_less(r, v[2]), "a limb is out of range");
    return s ? s : hint_store(c, at, 0, r);
}

/* "prev_locs.exp locs.bit", "scalar [ap]": the lowest bit */
static sage_status low_bit(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    return s ? s : hint_write_number(c, 1, v.l[0] & 1);
}

/* "value root" */
static sage_status square_root(hint_call *c)
{
    sage_value v;
    sage_status s = felts(c, 1, &v);
    if (!s) s = check(c, is_less(v, bound_250), "value has more than 250 bits");
    if (s) return s;
    uint384 u = hint_uint(v), root = hint_root(&u);
    return hint_write_uint(c, 1, &root);
}

/* 0 < div <= P / 2^128 */
static sage_status check_divisor(hint_call *c, sage_value div)
{
    bool sound = !sage_value_equal(div, zero) && !is_less(prime_high, div);
    return check(c, sound, "div is out of its range");
}

/* "value div q r" */
static sage_status unsigned_div_rem(hint_call *c)
{
    sage_value v[2], q, r;
    sage_status s = felts(c, 2, v);
    if (!s) s = check_divisor(c, v[1]);
    if (!s) s = hint_divide_felts(c, v[0], v[1], &q, &r);
    if (!s) s = hint_write(c, 2, q);
    return s ? s : hint_write(c, 3, r);
}

/* -m = q div + r with 0 <= r < div, for m > 0: q = -(ceil m / div) */
static sage_status
divide_negative(hint_call *c, sage_value m, sage_value div, sage_value *q, sage_value *r)
{
    sage_status s = hint_divide_felts(c, m, div, q, r);
    if (s) return s;
    bool exact = sage_value_equal(*r, zero);
    if (!exact) *r = sage_value_sub(div, *r);
    if (!exact) *q = sage_value_add(*q, one);
    *q = sage_value_sub(zero, *q);
    return SAGE_OK;
}

/* "value div bound r biased_q": value counts from -P / 2 to P / 2, its quotient from -bound to
 * bound - 1 */
static sage_status signed_div_rem(hint_call *c)
{
    static const sage_value most = {{0, (uint64_t)1 << 63, 0, SAGE_VALUE_KNOWN}};
    sage_value v[3], q, r;
    sage_status s = felts(c, 3, v);
    if (!s) s = check_divisor(c, v[1]);
    if (!s) s = check(c, !is_less(most, v[2]), "bound is out of its range");
    if (s) return s;
    sage_value minus = sage_value_sub(zero, v[0]);
    s                = is_less(minus, v[0]) ? divide_negative(c, minus, v[1], &q, &r)
                                            : hint_divide_felts(c, v[0], v[1], &q, &r);
    if (s) return s;
    sage_value biased = sage_value_add(q, v[2]);
    s = check(c, is_less(biased, sage_value_add(v[2], v[2])), "the quotient is out of range");
    if (!s) s = hint_write(c, 3, r);
    return s ? s : hint_write(c, 4, biased);
}

static const hint_kind kinds[] = {
    {.name = "TestLessThan", .operands = "lhs rhs dst", .run = test_less},
    {.name = "TestLessThanOrEqual", .operands = "lhs rhs dst", .run = test_less_or_equal},
    {.name     = "TestLessThanOrEqualAddress",
     .operands = "lhs rhs dst",
     .run      = test_less_or_equal},
    {.name = "AssertLeFindSmallArcs", .operands = "a b range_check_ptr", .run = small_arcs},
    {.name     = "AssertLeIsFirstArcExcluded",
     .operands = "skip_exclude_a_flag",
     .run      = arc_in_use},
    {.name     = "AssertLeIsSecondArcExcluded",
     .operands = "skip_exclude_b_minus_a",
     .run      = arc_in_use,
     .variant  = 1},
    {.name = "AssertLeAssertThirdArcExcluded", .operands = ""},
    {.name = "AssertLtAssertValidInput", .operands = ""},
    {.name     = "pow",
     .text     = "ids.locs.bit = (ids.prev_locs.exp % PRIME) & 1",
     .operands = "prev_locs.exp locs.bit",
     .run      = low_bit},
    {.name     = "is_nn",
     .text     = "memory[ap] = 0 if 0 <= (ids.a % PRIME) < range_check_builtin.bound else 1",
     .operands = "a [ap]",
     .run      = is_nn},
    {.name = "is_nn_out_of_range",
     .text = "memory[ap] = 0 if 0 <= ((-ids.a - 1) % PRIME) < range_check_builtin.bound else 1",
     .operands = "a [ap]",
     .run      = is_nn,
     .variant  = 1},
    {.name     = "is_le_felt",
     .text     = "memory[ap] = 0 if (ids.a % PRIME) <= (ids.b % PRIME) else 1",
     .operands = "a b [ap]",
     .run      = is_le_felt},
    {.name     = "is_positive",
     .text     = "from starkware.cairo.common.math_utils import is_positive\n"
                 "ids.is_positive = 1 if is_positive(\n"
                 "    value=ids.value, prime=PRIME, rc_bound=range_check_builtin.bound) else 0",
     .operands = "value is_positive",
     .run      = is_positive},
    {.name     = "assert_nn",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.a)\n"
                 "assert 0 <= ids.a % PRIME < range_check_builtin.bound, f'a = {ids.a} is out of "
                 "range.'",
     .operands = "a",
     .run      = assert_nn},
    {.name     = "assert_not_zero",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.value)\n"
                 "assert ids.value % PRIME != 0, f'assert_not_zero failed: {ids.value} = 0.'",
     .operands = "value",
     .run      = assert_not_zero},
    {.name = "assert_not_equal",
     .text =
         "from starkware.cairo.lang.vm.relocatable import RelocatableValue\n"
         "both_ints = isinstance(ids.a, int) and isinstance(ids.b, int)\n"
         "both_relocatable = (\n"
         "    isinstance(ids.a, RelocatableValue) and isinstance(ids.b, RelocatableValue) and\n"
         "    ids.a.segment_index == ids.b.segment_index)\n"
         "assert both_ints or both_relocatable, \\\n"
         "    f'assert_not_equal failed: non-comparable values: {ids.a}, {ids.b}.'\n"
         "assert (ids.a - ids.b) % PRIME != 0, f'assert_not_equal failed: {ids.a} = {ids.b}.'",
     .operands = "a b",
     .run      = assert_not_equal},
    {.name     = "assert_le_felt",
     .text     = "import itertools\n"
                 "\n"
                 "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.a)\n"
                 "assert_integer(ids.b)\n"
                 "a = ids.a % PRIME\n"
                 "b = ids.b % PRIME\n"
                 "assert a <= b, f'a = {a} is not less than or equal to b = {b}.'\n"
                 "\n"
                 "# Find an arc less than PRIME / 3, and another less than PRIME / 2.\n"
                 "lengths_and_indices = [(a, 0), (b - a, 1), (PRIME - 1 - b, 2)]\n"
                 "lengths_and_indices.sort()\n"
                 "assert lengths_and_indices[0][0] <= PRIME // 3 and lengths_and_indices[1][0] <= "
                 "PRIME // 2\n"
                 "excluded = lengths_and_indices[2][1]\n"
                 "\n"
                 "memory[ids.range_check_ptr + 1], memory[ids.range_check_ptr + 0] = (\n"
                 "    divmod(lengths_and_indices[0][0], ids.PRIME_OVER_3_HIGH))\n"
                 "memory[ids.range_check_ptr + 3], memory[ids.range_check_ptr + 2] = (\n"
                 "    divmod(lengths_and_indices[1][0], ids.PRIME_OVER_2_HIGH))",
     .operands = "a b PRIME_OVER_3_HIGH PRIME_OVER_2_HIGH range_check_ptr",
     .run      = assert_le_felt},
    {.name     = "assert_le_felt_v_0_6",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.a)\n"
                 "assert_integer(ids.b)\n"
                 "assert (ids.a % PRIME) <= (ids.b % PRIME), \\\n"
                 "    f'a = {ids.a % PRIME} is not less than or equal to b = {ids.b % PRIME}.'",
     .operands = "a b",
     .run      = assert_le_felt_old},
    {.name     = "assert_le_felt_v_0_8",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.a)\n"
                 "assert_integer(ids.b)\n"
                 "a = ids.a % PRIME\n"
                 "b = ids.b % PRIME\n"
                 "assert a <= b, f'a = {a} is not less than or equal to b = {b}.'\n"
                 "\n"
                 "ids.small_inputs = int(\n"
                 "    a < range_check_builtin.bound and (b - a) < range_check_builtin.bound)",
     .operands = "a b small_inputs",
     .run      = assert_le_felt_old,
     .variant  = 1},
    {.name     = "assert_le_felt_excluded_0",
     .text     = "memory[ap] = 1 if excluded != 0 else 0",
     .operands = "[ap]",
     .run      = arc_in_use},
    {.name     = "assert_le_felt_excluded_1",
     .text     = "memory[ap] = 1 if excluded != 1 else 0",
     .operands = "[ap]",
     .run      = arc_in_use,
     .variant  = 1},
    {.name     = "assert_le_felt_excluded_2",
     .text     = "assert excluded == 2",
     .operands = "",
     .run      = assert_third_excluded},
    {.name     = "assert_lt_felt",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.a)\n"
                 "assert_integer(ids.b)\n"
                 "assert (ids.a % PRIME) < (ids.b % PRIME), \\\n"
                 "    f'a = {ids.a % PRIME} is not less than b = {ids.b % PRIME}.'",
     .operands = "a b",
     .run      = assert_lt_felt},
    {.name     = "split_int_assert_range",
     .text     = "assert ids.value == 0, 'split_int(): value is out of range.'",
     .operands = "value",
     .run      = assert_zero},
    {.name     = "assert_250_bits",
     .text     = "from starkware.cairo.common.math_utils import as_int\n"
                 "\n"
                 "# Correctness check.\n"
                 "value = as_int(ids.value, PRIME) % PRIME\n"
                 "assert value < ids.UPPER_BOUND, f'{value} is outside of the range [0, 2**250).'\n"
                 "\n"
                 "# Calculation for the assertion.\n"
                 "ids.high, ids.low = divmod(ids.value, ids.SHIFT)",
     .operands = "value UPPER_BOUND SHIFT high low",
     .run      = assert_250_bits},
    {.name     = "is_250_bits",
     .text     = "ids.is_250 = 1 if ids.addr < 2**250 else 0",
     .operands = "addr is_250",
     .run      = is_250_bits},
    {.name = "is_addr_bounded",
     .text =
         "# Verify the assumptions on the relationship between 2**250, ADDR_BOUND and PRIME.\n"
         "ADDR_BOUND = ids.ADDR_BOUND % PRIME\n"
         "assert (2**250 < ADDR_BOUND <= 2**251) and (2 * 2**250 < PRIME) and (\n"
         "        ADDR_BOUND * 2 > PRIME), \\\n"
         "    'normalize_address() cannot be used with the current constants.'\n"
         "ids.is_small = 1 if ids.addr < ADDR_BOUND else 0",
     .operands = "addr ADDR_BOUND is_small",
     .run      = is_addr_bounded},
    {.name     = "split_int",
     .text     = "memory[ids.output] = res = (int(ids.value) % PRIME) % ids.base\n"
                 "assert res < ids.bound, f'split_int(): Limb {res} is out of range.'",
     .operands = "value base bound output",
     .run      = split_int},
    {.name     = "split_64",
     .text     = "ids.low = ids.a & ((1<<64) - 1)\n"
                 "ids.high = ids.a >> 64",
     .operands = "a low high",
     .run      = split_at,
     .variant  = 64},
    {.name     = "split_128",
     .text     = "ids.low = ids.a & ((1<<128) - 1)\n"
                 "ids.high = ids.a >> 128",
     .operands = "a low high",
     .run      = split_at,
     .variant  = 128},
    {.name     = "split_felt",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert ids.MAX_HIGH < 2**128 and ids.MAX_LOW < 2**128\n"
                 "assert PRIME - 1 == ids.MAX_HIGH * 2**128 + ids.MAX_LOW\n"
                 "assert_integer(ids.value)\n"
                 "ids.low = ids.value & ((1 << 128) - 1)\n"
                 "ids.high = ids.value >> 128",
     .operands = "value MAX_HIGH MAX_LOW low high",
     .run      = split_felt,
     .variant  = 128},
    {.name = "sqrt",
     .text =
         "from starkware.python.math_utils import isqrt\n"
         "value = ids.value % PRIME\n"
         "assert value < 2 ** 250, f\"value={value} is outside of the range [0, 2**250).\"\n"
         "assert 2 ** 250 < PRIME\n"
         "ids.root = isqrt(value)",
     .operands = "value root",
     .run      = square_root},
    {.name     = "unsigned_div_rem",
     .text     = "from starkware.cairo.common.math_utils import assert_integer\n"
                 "assert_integer(ids.div)\n"
                 "assert 0 < ids.div <= PRIME // range_check_builtin.bound, \\\n"
                 "    f'div={hex(ids.div)} is out of the valid range.'\n"
                 "ids.q, ids.r = divmod(ids.value, ids.div)",
     .operands = "value div q r",
     .run      = unsigned_div_rem},
    {.name     = "signed_div_rem",
     .text     = "from starkware.cairo.common.math_utils import as_int, assert_integer\n"
                 "\n"
                 "assert_integer(ids.div)\n"
                 "assert 0 < ids.div <= PRIME // range_check_builtin.bound, \\\n"
                 "    f'div={hex(ids.div)} is out of the valid range.'\n"
                 "\n"
                 "assert_integer(ids.bound)\n"
                 "assert ids.bound <= range_check_builtin.bound // 2, \\\n"
                 "    f'bound={hex(ids.bound)} is out of the valid range.'\n"
                 "\n"
                 "int_value = as_int(ids.value, PRIME)\n"
                 "q, ids.r = divmod(int_value, ids.div)\n"
                 "\n"
                 "assert -ids.bound <= q < ids.bound, \\\n"
                 "    f'{int_value} / {ids.div} = {q} is out of the range [{-ids.bound}, "
                 "{ids.bound}).'\n"
                 "\n"
                 "ids.biased_q = q + ids.bound",
     .operands = "value div bound r biased_q",
     .run      = signed_div_rem},
    {.name     = "nondet_elements_over_ten",
     .text     = "memory[ap] = to_felt_or_relocatable(ids.elements_end - ids.elements >= 10)",
     .operands = "elements_end elements [ap]",
     .run      = is_far,
     .variant  = 10},
    {.name     = "nondet_elements_over_two",
     .text     = "memory[ap] = to_felt_or_relocatable(ids.elements_end - ids.elements >= 2)",
     .operands = "elements_end elements [ap]",
     .run      = is_far,
     .variant  = 2},
    {.name     = "nondet_n_greater_than_10",
     .text     = "memory[ap] = to_felt_or_relocatable(ids.n >= 10)",
     .operands = "n [ap]",
     .run      = is_at_least,
     .variant  = 10},
    {.name     = "nondet_n_greater_than_2",
     .text     = "memory[ap] = to_felt_or_relocatable(ids.n >= 2)",
     .operands = "n [ap]",
     .run      = is_at_least,
     .variant  = 2},
};

const hint_family hints_math = {"Felts: comparisons, ranges, parts", kinds,
                                sizeof kinds / sizeof *kinds};
