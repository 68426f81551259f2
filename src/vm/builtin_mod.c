/* vm/builtin_mod.c -- add_mod and mul_mod: circuits over a modulus below 2^384.
 *
 * An instance is p (four words of 96 bits, low first), values, offsets, n. It stands for the
 * equation a op b = c mod p, whose operands lie in four words each, at values + o_i with
 * o = [offsets], [offsets + 1], [offsets + 2]. n counts the equations from this instance to the
 * end of its circuit: instances of a circuit share p and values, offsets grows by 3 and n
 * falls by 1, down to 1. One equation an instance: the layout's batch size is 1. */
#include "vm/builtin_kind.h"
#include "vm/builtins.h"
#include "vm/uint384.h"

enum { WORDS = 4, VALUES = 4, OFFSETS = 5, COUNT = 6, CELLS = 7, MAX_OPERATIONS = 100000 };

typedef struct instance {
    uint384 p;
    sage_address values, offsets;
    uint64_t n;
} instance;

/* Three operands of one equation, and which of them memory holds. */
typedef struct equation {
    sage_address at[3];
    uint384 value[3];
    bool known[3];
} equation;

static sage_address plus(sage_address a, uint32_t by)
{
    return (sage_address){a.segment, a.offset + by};
}

/* Word i of a number that starts at bit 96 i. */
static void add_word(uint384 *number, int i, sage_value word)
{
    int bit = 96 * i, limb = bit / 64, shift = bit % 64; /* shift is 0 or 32 */
    number->l[limb] |= word.l[0] << shift;
    number->l[limb + 1] |= shift ? word.l[0] >> 32 | word.l[1] << 32 : word.l[1];
}

static sage_value word_of(const uint384 *number, int i)
{
    int bit = 96 * i, limb = bit / 64, shift = bit % 64;
    uint64_t low = number->l[limb], high = number->l[limb + 1];
    if (shift) low = low >> 32 | high << 32, high >>= 32;
    return (sage_value){{low, high & UINT32_MAX, 0, SAGE_VALUE_KNOWN}};
}

/* Four words; *known is false if one is empty, words after it unseen. */
static const char *read_number(const sage_memory *m, sage_address at, uint384 *out, bool *known)
{
    *out   = (uint384){{0}};
    *known = false;
    for (uint32_t i = 0; i < WORDS; i++) {
        sage_value word = sage_memory_get(m, plus(at, i));
        if (!sage_value_known(word)) return NULL;
        if (!sage_value_is_felt(word)) return "a word is an address, no felt";
        if (word.l[3] != SAGE_VALUE_KNOWN || word.l[2] || word.l[1] >> 32)
            return "a word is not below 2^96";
        add_word(out, (int)i, word);
    }
    *known = true;
    return NULL;
}

static const char *read_instance(const sage_memory *m, sage_address at, instance *out)
{
    bool known;
    sage_value values  = sage_memory_get(m, plus(at, VALUES));
    sage_value offsets = sage_memory_get(m, plus(at, OFFSETS));
    sage_value n       = sage_memory_get(m, plus(at, COUNT));
    if (!sage_value_is_address(values)) return "the pointer to values is no address";
    if (!sage_value_is_address(offsets)) return "the pointer to offsets is no address";
    if (!sage_value_is_small(n) || !n.l[0]) return "n is no count of operations";
    const char *why = read_number(m, at, &out->p, &known);
    if (why) return why;
    if (!known) return "a word of the modulus is missing";
    if (uint384_is_zero(&out->p)) return "the modulus is 0";
    out->values  = sage_value_address(values);
    out->offsets = sage_value_address(offsets);
    out->n       = n.l[0];
    return NULL;
}

/* The equation whose three offsets start at `offsets`. */
static const char *
read_equation(const sage_memory *m, sage_address values, sage_address offsets, equation *out)
{
    for (uint32_t i = 0; i < 3; i++) {
        sage_value offset = sage_memory_get(m, plus(offsets, i));
        if (!sage_value_known(offset)) return "an offset is missing";
        if (!sage_value_is_small(offset) || offset.l[0] >= SAGE_MEMORY_MAX_OFFSET)
            return "an offset is no small number";
        if (values.offset + offset.l[0] > SAGE_MEMORY_MAX_OFFSET - WORDS)
            return "an offset leaves its segment";
        out->at[i]      = plus(values, (uint32_t)offset.l[0]);
        const char *why = read_number(m, out->at[i], &out->value[i], &out->known[i]);
        if (why) return why;
    }
    return NULL;
}

/* ---- the two operations ------------------------------------------------------------------ */

/* *out = x + y - k p below p, with k 0 or 1; if k = 1 leaves p or more, that. false: the result
 * does not fit. */
static bool add_mod(uint384 *out, const uint384 *x, const uint384 *y, const uint384 *p)
{
    bool carry = uint384_add(out, x, y);
    if (!carry && uint384_compare(out, p) < 0) return true;
    return uint384_sub(out, out, p) == carry;
}

/* *out = x y - k p below p, with k < 2^384; if the greatest k leaves p or more, that. The
 * product's high half is less than p exactly if k is small enough. */
static bool mul_mod(uint384 *out, const uint384 *x, const uint384 *y, const uint384 *p)
{
    uint384 high, low;
    uint768 product = uint384_mul(x, y);
    memcpy(low.l, product.l, sizeof low.l);
    memcpy(high.l, product.l + UINT384_LIMBS, sizeof high.l);
    int order = uint384_compare(&high, p);
    if (order < 0) {
        uint768_divide(NULL, out, &product, p);
        return true;
    }
    return order == 0 && !uint384_add(out, &low, p); /* product - (2^384 - 1) p */
}

/* *out with known + *out = c mod p; false if that is negative. */
static bool subtract(uint384 *out, const uint384 *known, const uint384 *c, const uint384 *p)
{
    if (uint384_compare(known, c) <= 0) return !uint384_sub(out, c, known);
    bool carry = uint384_add(out, c, p);
    return uint384_sub(out, out, known) == carry;
}

static bool divide(uint384 *out, const uint384 *known, const uint384 *c, const uint384 *p)
{
    uint384 inverse;
    if (!uint384_inverse(&inverse, known, p)) return false;
    *out = uint384_mul_mod(c, &inverse, p);
    return true;
}

static bool holds(sage_builtin b, const equation *e, const uint384 *p)
{
    uint384 sum, left, right;
    uint768 result, c = uint384_widen(&e->value[2]);
    if (b == SAGE_BUILTIN_MUL_MOD) {
        result = uint384_mul(&e->value[0], &e->value[1]);
    } else {
        bool carry              = uint384_add(&sum, &e->value[0], &e->value[1]);
        result                  = uint384_widen(&sum);
        result.l[UINT384_LIMBS] = carry;
    }
    uint768_divide(NULL, &left, &result, p);
    uint768_divide(NULL, &right, &c, p);
    return uint384_compare(&left, &right) == 0;
}

/* ---- the end of the run ------------------------------------------------------------------ */

static bool same_address(sage_address a, sage_address b)
{
    return a.segment == b.segment && a.offset == b.offset;
}

/* The next instance goes on with this one's circuit. */
static const char *continues(const sage_memory *m, sage_address at, const instance *i)
{
    instance next;
    const char *why = read_instance(m, plus(at, CELLS), &next);
    if (why) return "the circuit breaks off before its last operation";
    if (uint384_compare(&next.p, &i->p) != 0 || !same_address(next.values, i->values))
        return "the circuit goes on with another modulus or other values";
    if (!same_address(next.offsets, plus(i->offsets, 3)) || next.n != i->n - 1)
        return "the circuit does not go on with the next operation";
    return NULL;
}

static const char *check(sage_builtin b, const sage_memory *m, sage_address at)
{
    instance i;
    equation e;
    const char *why = read_instance(m, at, &i);
    if (!why && i.n > 1) why = continues(m, at, &i);
    if (!why) why = read_equation(m, i.values, i.offsets, &e);
    if (why) return why;
    if (!e.known[0] || !e.known[1] || !e.known[2]) return "an operand is missing";
    return holds(b, &e, &i.p) ? NULL : "the equation does not hold";
}

const char *builtin_add_mod(sage_memory *m, sage_address at, const sage_value *cells)
{
    (void)cells;
    return check(SAGE_BUILTIN_ADD_MOD, m, at);
}

const char *builtin_mul_mod(sage_memory *m, sage_address at, const sage_value *cells)
{
    (void)cells;
    return check(SAGE_BUILTIN_MUL_MOD, m, at);
}

/* ---- filling ------------------------------------------------------------------------------ */

/* One builtin's part of a circuit: operations [done, n) are still to be solved. */
typedef struct circuit {
    sage_builtin b;
    sage_address at;
    instance first;
    uint64_t n, done;
} circuit;

static sage_status refuse(const circuit *c, sage_address at, const char *why, sage_errinfo *err)
{
    const char *where =
        c->b == SAGE_BUILTIN_ADD_MOD ? "vm.builtin.add_mod" : "vm.builtin.mul_mod";
    return sage_fail(err, SAGE_EINVAL, where, at.offset, "%s, operation %llu: %s",
                     sage_builtin_name(c->b), (unsigned long long)c->done, why);
}

static sage_status
write_number(sage_memory *m, sage_address at, const uint384 *number, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; !s && i < WORDS; i++)
        s = sage_memory_set(m, plus(at, i), word_of(number, (int)i), err);
    return s;
}

static sage_status copy_instances(const circuit *c, sage_memory *m, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    for (uint32_t k = 1; !s && k < c->first.n; k++) {
        sage_address at = plus(c->at, CELLS * k);
        s               = write_number(m, at, &c->first.p, err);
        if (!s)
            s = sage_memory_set(m, plus(at, VALUES), sage_value_from_address(c->first.values),
                                err);
        if (!s)
            s = sage_memory_set(m, plus(at, OFFSETS),
                                sage_value_from_address(plus(c->first.offsets, 3 * k)), err);
        if (!s)
            s = sage_memory_set(m, plus(at, COUNT), sage_value_from_u64(c->first.n - k), err);
    }
    return s;
}

/* The first operation's offsets once more for every operation from n on. */
static sage_status copy_offsets(const circuit *c, sage_memory *m, sage_errinfo *err)
{
    sage_status s = SAGE_OK;
    for (uint32_t i = 0; !s && i < 3 && c->n < c->first.n; i++) {
        sage_value offset = sage_memory_get(m, plus(c->first.offsets, i));
        if (!sage_value_known(offset)) return refuse(c, c->at, "an offset is missing", err);
        for (uint32_t k = (uint32_t)c->n; !s && k < c->first.n; k++)
            s = sage_memory_set(m, plus(c->first.offsets, 3 * k + i), offset, err);
    }
    return s;
}

static sage_status open_circuit(circuit *c, sage_memory *m, sage_errinfo *err)
{
    if (!c->n) return SAGE_OK;
    const char *why = read_instance(m, c->at, &c->first);
    if (!why && (c->n > MAX_OPERATIONS || c->first.n > MAX_OPERATIONS))
        why = "more than 100000 operations";
    if (why) return refuse(c, c->at, why, err);
    sage_status s = copy_instances(c, m, err);
    return s ? s : copy_offsets(c, m, err);
}

/* The one operand that is missing, as far as the operation determines it. */
static const char *solve(const circuit *c, const equation *e, int missing, uint384 *out)
{
    bool multiply    = c->b == SAGE_BUILTIN_MUL_MOD, fits;
    const uint384 *x = &e->value[missing == 0], *y = &e->value[missing == 2 ? 1 : 2];
    const uint384 *p = &c->first.p;
    if (missing == 2)
        fits = multiply ? mul_mod(out, &e->value[0], y, p) : add_mod(out, &e->value[0], y, p);
    else
        fits = multiply ? divide(out, x, y, p) : subtract(out, x, y, p);
    return fits ? NULL : "the operation has no result below 2^384";
}

/* Solves the next operation if at most one operand is missing; *progress tells. */
static sage_status advance(circuit *c, sage_memory *m, bool *progress, sage_errinfo *err)
{
    equation e;
    uint384 solved;
    *progress = false;
    if (c->done == c->n) return SAGE_OK;
    const char *why =
        read_equation(m, c->first.values, plus(c->first.offsets, 3 * (uint32_t)c->done), &e);
    if (why) return refuse(c, c->at, why, err);
    int missing = !e.known[0] ? 0 : !e.known[1] ? 1 : 2;
    if (e.known[0] + e.known[1] + e.known[2] < 2) return SAGE_OK;
    sage_status s = SAGE_OK;
    if (!e.known[missing]) {
        if ((why = solve(c, &e, missing, &solved))) return refuse(c, e.at[missing], why, err);
        s = write_number(m, e.at[missing], &solved, err);
    }
    c->done++;
    *progress = true;
    return s;
}

/* Additions go first, whenever the next one can. */
static sage_status fill(circuit *add, circuit *mul, sage_memory *m, sage_errinfo *err)
{
    sage_status s = open_circuit(add, m, err);
    if (!s) s = open_circuit(mul, m, err);
    while (!s && (add->done < add->n || mul->done < mul->n)) {
        bool progress;
        s = advance(add, m, &progress, err);
        if (!s && !progress) s = advance(mul, m, &progress, err);
        if (!s && !progress)
            s = refuse(mul->n ? mul : add, mul->n ? mul->at : add->at,
                       "two operands are missing, and no other operation gives one", err);
    }
    return s;
}

sage_status sage_builtin_fill_circuit(sage_memory *m,
                                      sage_address add,
                                      uint64_t n_add,
                                      sage_address mul,
                                      uint64_t n_mul,
                                      sage_errinfo *err)
{
    circuit of_add = {.b = SAGE_BUILTIN_ADD_MOD, .at = add, .n = n_add};
    circuit of_mul = {.b = SAGE_BUILTIN_MUL_MOD, .at = mul, .n = n_mul};
    if (!n_add && !n_mul) return refuse(&of_add, add, "a circuit of no operations", err);
    return fill(&of_add, &of_mul, m, err);
}

sage_status sage_builtin_fill_mod(
    sage_builtin b, sage_memory *m, sage_address at, uint32_t batch, sage_errinfo *err)
{
    circuit one = {.b = b, .at = at}, none = {.b = b, .at = at};
    const char *why = batch == 1 ? read_instance(m, at, &one.first) : "the batch size is not 1";
    if (why) return refuse(&one, at, why, err);
    one.n = one.first.n;
    return b == SAGE_BUILTIN_ADD_MOD ? fill(&one, &none, m, err) : fill(&none, &one, m, err);
}
