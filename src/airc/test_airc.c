/* Wrong programs and what the compiler says about them; programs at the limits; damaged text. */
#include "airc/airc.h"
#include "base/test.h"

/* --- files in memory --- */

static const char *text_now;

static sage_status read_text(void *arg, const char *path, char **text, size_t *len)
{
    (void)arg;
    if (strcmp(path, "t.air") != 0) return SAGE_ENOTFOUND;
    *len  = strlen(text_now);
    *text = malloc(*len + 1);
    if (!*text) return SAGE_ENOMEM;
    memcpy(*text, text_now, *len + 1);
    return SAGE_OK;
}

static sage_status compile(const char *text, sage_airc **c)
{
    static const char *const paths[] = {"t.air"};
    text_now                         = text;
    return sage_airc_compile(paths, 1, read_text, NULL, c);
}

/* clang-format off */
static const struct {
    const char *text, *messages;
} wrong[] = {
    {"component c {\n"
     "    cell x input\n"
     "}\n",
     "t.air:2:12: error: expected the end of the statement, found 'input'\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x *\n"
     "}\n",
     "t.air:4:1: error: expected an expression, found '}'\n"},
    {"component 7 {\n"
     "}\n",
     "t.air:1:11: error: expected the name of the component, found 7\n"},
    {"cell x = 1\n",
     "t.air:1:1: error: expected const, relation, fn, component or include, found 'cell'\n"},
    {"component c {\n"
     "    cell x = (1 + 2\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: expected ')', found 'assert'\n"},
    {"component c {\n"
     "    cell x = 0x12g\n"
     "    assert x @ 2\n"
     "}\n",
     "t.air:2:14: error: '0x12g' is not a number; numbers are 12, 1_000 or 0x1f\n"
     "t.air:3:14: error: '@' has no meaning here\n"
     "t.air:3:16: error: expected the end of the statement, found 2\n"},
    {"const BIG = 99999999999999999999\n",
     "t.air:1:13: error: this number does not fit 63 bits\n"},
    {"include \"missing.air\"\n"
     "component c { cell x = input; assert x }\n",
     "t.air:1:9: error: cannot include \"missing.air\": it cannot be read\n"},
    {"include missing\n",
     "t.air:1:9: error: expected the name of a file in quotes, found 'missing'\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    cell y = x\n"
     "    assert x\n"
     "}\n",
     "t.air:3:10: error: cell 'y' occurs in no assert and no relation, so the prover may put anything there; constrain it or write `free cell`\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x^4\n"
     "}\n",
     "t.air:3:5: error: the degree of this assertion is 4, more than 3; commit a part of it in a cell\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    s = x\n"
     "    repeat i in 0..5 {\n"
     "        s = s * x\n"
     "    }\n"
     "    assert s\n"
     "}\n",
     "t.air:7:5: error: the degree of this assertion grows with every iteration; commit the carried name in a cell\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x - x\n"
     "}\n",
     "t.air:3:5: error: this assertion says nothing: its value is always 0\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert 3\n"
     "}\n",
     "t.air:3:5: error: this assertion never holds: its value is a constant\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert (x as u32 & 1) as m31 - x\n"
     "}\n",
     "t.air:3:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x & 1\n"
     "}\n",
     "t.air:3:14: error: bit operations are for u32 values of the witness; write `as u32`\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = x as u32\n"
     "    assert x\n"
     "}\n",
     "t.air:3:21: error: this is a u32 value of the witness; write `as m31` to make it a field element\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = ((x as u32) ^ 3) as m31\n"
     "    assert x\n"
     "}\n",
     "t.air:3:31: error: ^ is a power; the exclusive or of u32 is `xor`\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = (x as u32 << 32) as m31\n"
     "    assert x\n"
     "}\n",
     "t.air:3:29: error: a u32 is shifted by a constant from 0 to 31\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = (x as u32 + x) as m31\n"
     "    assert x\n"
     "}\n",
     "t.air:3:29: error: one side is u32 and the other is not; write `as u32` or `as m31`\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = x as felt252\n"
     "    assert x\n"
     "}\n",
     "t.air:3:21: error: 'felt252' is part of the language's design and not built yet\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = x as byte\n"
     "    assert x\n"
     "}\n",
     "t.air:3:21: error: 'byte' is no type; the types are m31, u16 and u32\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = felt252_pow(x, x)\n"
     "    free cell z = curve_add(x, x)\n"
     "    assert x\n"
     "}\n",
     "t.air:3:19: error: 'felt252_pow' is part of the language's design and not built yet\n"
     "t.air:4:19: error: 'curve_add' is part of the language's design and not built yet\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    w = memory_value(x)\n"
     "    free cell a = felt252_mul(x, w)[0] as m31\n"
     "    free cell b = felt252_add(w, w[1..8])[0] as m31\n"
     "    free cell h = felt252_sub(w, [x for i in 0..8])[0] as m31\n"
     "    free cell d = felt252_div(w)[0] as m31\n"
     "    free cell e = felt252_div(w, [0 - i for i in 0..8])[0] as m31\n"
     "    free cell f = felt252_div(w, w)[8] as m31\n"
     "    free cell g = felt252_div(w, w) as m31\n"
     "    assert x\n"
     "}\n",
     "t.air:4:31: error: a number mod P is an array of 8 u32 words, low first\n"
     "t.air:5:35: error: a number mod P is an array of 8 u32 words, low first\n"
     "t.air:6:34: error: one side is u32 and the other is not; write `as u32` or `as m31`\n"
     "t.air:7:19: error: felt252_div(a, b) is of two numbers mod P\n"
     "t.air:8:34: error: this number does not fit u32\n"
     "t.air:9:36: error: index 8 is outside this array of 8\n"
     "t.air:10:37: error: this is an array where one value is needed\n"},
    {"component d {\n"
     "    cell x = input\n"
     "    w = memory_value(x)\n"
     "    assert felt252_add(w, w)[1] as m31 + x\n"
     "}\n",
     "t.air:4:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"},
    {"relation R(a, b[3])\n"
     "component c {\n"
     "    cell x = input\n"
     "    use R(x)\n"
     "}\n",
     "t.air:4:9: error: relation 'R' has 2 values, 1 are given\n"},
    {"relation R(a, b[3])\n"
     "component c {\n"
     "    cell x = input\n"
     "    use R(x, [x, x, x, x])\n"
     "}\n",
     "t.air:4:14: error: 'b' of relation 'R' has 3 values, 4 are given\n"},
    {"relation R(a, b)\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert R(x, x)\n"
     "}\n",
     "t.air:4:12: error: relation 'R' stands only in `use m * R(..)` and `yield`\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    use R(x) * 2\n"
     "}\n",
     "t.air:4:5: error: write `use R(..)` or `use m * R(..)` with a relation R\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    use x * Q(x)\n"
     "}\n",
     "t.air:4:13: error: there is no relation 'Q'\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    use R(x*x)\n"
     "    use R(x)\n"
     "}\n",
     "t.air:5:5: error: the degree of this LogUp pair is 4, more than 3; commit a part of it in a cell\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    repeat i in 0..4 {\n"
     "        use R(x)\n"
     "    }\n"
     "}\n",
     "t.air:4:5: error: one iteration makes an odd number of uses and yields, so pairs would straddle iterations; use `for` here\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    use R(x)\n"
     "    repeat i in 0..4 {\n"
     "        use R(x)\n"
     "        yield R(x)\n"
     "    }\n"
     "}\n",
     "t.air:5:5: error: an odd number of uses and yields stands before this repeat, so its pairs would straddle iterations; use `for`, or move one entry behind the loop\n"},
    {"relation R(a[200])\n"
     "component c { cell x = input; use R([x]) }\n",
     "t.air:1:12: error: a relation has at most 127 values\n"},
    {"relation R()\n",
     "t.air:1:10: error: a relation has 1 to 127 values\n"},
    {"component c {\n"
     "    cell x[4] = input\n"
     "    assert x[4]\n"
     "    assert x[0] + x[1] + x[2] + x[3]\n"
     "}\n",
     "t.air:3:13: error: index 4 is outside this array of 4\n"},
    {"component c {\n"
     "    cell x[4] = input\n"
     "    repeat i in 0..4 {\n"
     "        assert x[i + 1]\n"
     "    }\n"
     "}\n",
     "t.air:4:17: error: this index leaves the array in some iteration or for some size\n"},
    {"component c(n >= 2) {\n"
     "    cell x[n] = input\n"
     "    assert x[n]\n"
     "}\n",
     "t.air:3:13: error: this index leaves the array in some iteration or for some size\n"},
    {"component c(n >= 2) {\n"
     "    cell x[n] = input\n"
     "    for i in 0..n {\n"
     "        assert x[i]\n"
     "    }\n"
     "}\n",
     "t.air:3:17: error: the end of `for` (use `repeat` for run-time sizes) must be a constant\n"},
    {"component c(n >= 2) {\n"
     "    cell x[n] = input\n"
     "    repeat i in 0..2 {\n"
     "        repeat j in 0..n {\n"
     "            cell y = x[j]\n"
     "            assert y - x[j]\n"
     "        }\n"
     "    }\n"
     "}\n",
     "t.air:3:5: error: a repeat over the run-time size cannot stand inside another repeat\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    y = [x, x]\n"
     "    repeat i in 0..2 {\n"
     "        assert y[i]\n"
     "    }\n"
     "}\n",
     "t.air:5:17: error: only cells, inputs, params and constants can be indexed by a repeat variable; use `for` here\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert y\n"
     "}\n",
     "t.air:3:12: error: there is no name 'y' here\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:3:12: error: there is no function 'f'\n"},
    {"fn f(a, b) { return a + b }\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:4:12: error: function 'f' has 2 parameters, 1 are given\n"},
    {"fn f(a) { return f(a) }\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:1:18: error: more than 64 calls inside one another; functions cannot recurse without end\n"},
    {"fn f(a[3]) { return a[0] }\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f([x, x])\n"
     "}\n",
     "t.air:4:12: error: parameter 'a' of 'f' has another shape\n"},
    {"fn f(a) -> p, q {\n"
     "    return a\n"
     "}\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:2:5: error: function 'f' names 2 results, 1 are returned\n"},
    {"fn f(a) {\n"
     "    param p\n"
     "    return a * p\n"
     "}\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:2:5: error: parameters are declared at the level of the component\n"
     "t.air:3:16: error: there is no name 'p' here\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    cell x = input\n"
     "    assert x\n"
     "}\n",
     "t.air:3:10: error: 'x' is already a name here; choose another\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    x = 3\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: 'x' is not a plain name and cannot be assigned\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    a, b = [x, x, x]\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: 2 names on the left, 3 values on the right\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    y = [x, x]\n"
     "    y[2] = x\n"
     "    assert x\n"
     "}\n",
     "t.air:4:7: error: there is no element 2 here\n"},
    {"const K = 3\n"
     "const K = 4\n",
     "t.air:2:7: error: 'K' is defined twice; first in t.air:1\n"},
    {"const A[2][2] = [[1, 2], [3]]\n",
     "t.air:1:7: error: a constant array is made of integers or of relations, every row as long as the others\n"},
    {"const A[3] = [1, 2]\n",
     "t.air:1:7: error: constant 'A' does not have the shape that is stated\n"},
    {"const A = B\n"
     "const B = 1\n",
     "t.air:1:11: error: constant 'B' is used before it is defined\n"},
    {"const A = 2^70\n",
     "t.air:1:12: error: this power is negative or too large\n"},
    {"const A = seq(3)\n",
     "t.air:1:11: error: a constant cannot call functions\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    cell y = xor_table(4, 2)\n"
     "    assert x - y\n"
     "}\n",
     "t.air:3:10: error: a witness step can read seq(), but no other preprocessed column; take it as an input\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x - seq(2)\n"
     "}\n",
     "t.air:3:16: error: seq(k) exists for k from 4 to 26\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    if x {\n"
     "        assert x\n"
     "    }\n"
     "}\n",
     "t.air:3:8: error: the condition of `if` (select() chooses at run time) must be a constant\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    for i in 3..1 {\n"
     "        assert x\n"
     "    }\n"
     "}\n",
     "t.air:3:5: error: this range runs backwards or is too long\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert [x, x] == [x, x, x]\n"
     "}\n",
     "t.air:3:19: error: 2 values on the left, 3 on the right\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x + [x]\n"
     "}\n",
     "t.air:3:14: error: operators work on single values; this is an array\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    cell y[2] = [x, x, x]\n"
     "    assert y[0] + y[1]\n"
     "}\n",
     "t.air:3:17: error: the initialiser is not as long as the cells\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    return x\n"
     "}\n",
     "t.air:3:5: error: only a function returns\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    input z\n"
     "    assert x - z\n"
     "}\n",
     "t.air:4:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"},
    {"fn f(x) {\n"
     "    repeat i in 0..2 {\n"
     "        return x\n"
     "    }\n"
     "}\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:2:5: error: a function cannot return out of a repeat\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    repeat a in 0..2 { repeat b in 0..2 { repeat c in 0..2 { repeat d in 0..2 { repeat e in 0..2 {\n"
     "        assert x\n"
     "    } } } } }\n"
     "}\n",
     "t.air:3:81: error: at most 4 repeats inside one another\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x*x*x*x\n"
     "    assert zz\n"
     "    assert x[2]\n"
     "}\n",
     "t.air:4:12: error: there is no name 'zz' here\n"
     "t.air:5:13: error: this is one value, not an array\n"},
    {"component c {\n"
     "    param p\n"
     "    assert p\n"
     "    cell x = input\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: this assertion reads no cell\n"},
    {"component c {\n"
     "}\n",
     "t.air:1:11: error: component 'c' has no cell\n"},
    {"fn seq(a) { return a }\n",
     "t.air:1:4: error: 'seq' is a function of the language\n"},
    {"component c {\n"
     "    cell x = 3 input\n"
     "}\n"
     "component d {\n"
     "    cell 5 = 3\n"
     "}\n",
     "t.air:2:16: error: expected the end of the statement, found 'input'\n"
     "t.air:5:10: error: expected the name of the cell, found 5\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    s = x\n"
     "    repeat i in 0..2 {\n"
     "        s = [s, s]\n"
     "    }\n"
     "    assert x\n"
     "}\n",
     "t.air:4:5: error: 's' changes its shape from one iteration to the next\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x == \"a\"\n"
     "}\n",
     "t.air:3:17: error: expected an expression, found a string\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    repeat i in 0..3 {\n"
     "        assert x * (i * i)\n"
     "    }\n"
     "}\n",
     "t.air:4:23: error: of a repeat variable or the run-time size only sums and multiples by a constant are known\n"},
    {"const K = -1\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert K << 2\n"
     "}\n",
     "t.air:4:14: error: bit operations want numbers that are not negative\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    repeat i in 0..2 {\n"
     "        u = x as u32\n"
     "        w = u\n"
     "        w = w + 1\n"
     "        free cell y = w as m31\n"
     "    }\n"
     "    t = x as u32\n"
     "    repeat i in 0..2 {\n"
     "        t = t + 1\n"
     "    }\n"
     "    assert x\n"
     "}\n",
     "t.air:10:5: error: this is a u32 value of the witness; write `as m31` to make it a field element\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x / 2\n"
     "}\n",
     "t.air:3:14: error: / and % are for integers known while compiling\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    free cell y = (x as u32 % 2) as m31\n"
     "    assert x\n"
     "}\n",
     "t.air:3:29: error: / and % are for integers known while compiling\n"},
    {"const A = 7 % (3 - 3)\n"
     "const B = (0 - 7) / 2\n"
     "const C[2] = [7 / 2, 7 % 0]\n",
     "t.air:1:13: error: / and % want a number that is not negative and a divisor above 0\n"
     "t.air:2:19: error: / and % want a number that is not negative and a divisor above 0\n"
     "t.air:3:24: error: / and % want a number that is not negative and a divisor above 0\n"},
    {"component c {\n"
     "    cell x[4]\n"
     "    repeat i in 0..4 { assert x[i % 2] }\n"
     "}\n",
     "t.air:3:35: error: of a repeat variable or the run-time size only sums and multiples by a constant are known\n"},
    {"relation R(a)\n"
     "const L = [R, 3]\n"
     "const M = [[R], R]\n"
     "const N[2] = [R]\n"
     "const O[1][1] = [R]\n"
     "const P[1] = R\n"
     "const Q = R(2)\n",
     "t.air:2:7: error: a constant array is made of integers or of relations, every row as long as the others\n"
     "t.air:3:7: error: a constant array is made of integers or of relations, every row as long as the others\n"
     "t.air:4:7: error: constant 'N' does not have the shape that is stated\n"
     "t.air:5:7: error: constant 'O' does not have the shape that is stated\n"
     "t.air:6:7: error: constant 'P' does not have the shape that is stated\n"
     "t.air:7:11: error: a constant cannot call functions\n"},
    {"relation R(a)\n"
     "const L = [R]\n"
     "component c {\n"
     "    cell x\n"
     "    assert R - x\n"
     "    assert R == R\n"
     "    assert x + R\n"
     "    assert [x, R]\n"
     "    use x * L[1](x)\n"
     "    use L(x)\n"
     "    assert L[0](x)\n"
     "    if R { assert x }\n"
     "}\n",
     "t.air:5:14: error: a relation can only be compared with a relation, by == or !=\n"
     "t.air:6:14: error: relation 'R' stands where a value is needed\n"
     "t.air:7:14: error: a relation can only be compared with a relation, by == or !=\n"
     "t.air:8:12: error: relation 'R' stands where a value is needed\n"
     "t.air:9:14: error: index 1 is outside this array of 1\n"
     "t.air:10:5: error: write `use R(..)` or `use m * R(..)` with a relation R\n"
     "t.air:11:16: error: a relation stands only in `use m * R(..)` and `yield`\n"
     "t.air:12:8: error: the condition of `if` (select() chooses at run time) must be a constant\n"},
    {"relation R(a)\n"
     "fn f(r, x) { use x * r(x) }\n"
     "component c {\n"
     "    cell x\n"
     "    y = [R]\n"
     "    f(x, x)\n"
     "    use y(x)\n"
     "    use y[0](x, x)\n"
     "    use (2 + 3)(x)\n"
     "    assert y[0](x)\n"
     "    assert x(x)\n"
     "    repeat i in 0..2 { y = [x] }\n"
     "    repeat i in 0..2 { use y[i](x); use y[0](x) }\n"
     "}\n",
     "t.air:2:22: error: 'r' is not a relation\n"
     "t.air:7:9: error: 'y' is not a relation\n"
     "t.air:8:13: error: relation 'R' has 1 values, 2 are given\n"
     "t.air:9:5: error: write `use R(..)` or `use m * R(..)` with a relation R\n"
     "t.air:10:16: error: a relation stands only in `use m * R(..)` and `yield`\n"
     "t.air:11:12: error: there is no function 'x'\n"
     "t.air:12:5: error: relation 'R' stands where a value is needed\n"},
    {"component c {\n"
     "    cell x\n"
     "    assert x[0](x)\n"
     "    assert (x)(x)\n"
     "}\n",
     "t.air:3:13: error: this is one value, not an array\n"
     "t.air:4:15: error: only functions are called, by their name\n"},
    {"component c {\n"
     "    cell x\n"
     "    assert x - bit_field([9], 0)\n"
     "    assert x - bit_field([9, 16], 0)\n"
     "    assert x - bit_field([9, 0], 0)\n"
     "    assert x - bit_field([1, 2], 0)\n"
     "    assert x - bit_field([9, 9, 9], 0)\n"
     "    assert x - bit_field([2, 1, 1, 1, 1, 1, 1, 1, 1], 0)\n"
     "    assert x - bit_field([9, x], 0)\n"
     "    assert x - bit_field(9, 0)\n"
     "    assert x - bit_field([9, 9], 2)\n"
     "    assert x - bit_field([9, 9], x)\n"
     "    assert x - bit_field([9, 9])\n"
     "}\n",
     "t.air:3:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:4:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:5:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:6:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:7:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:8:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:9:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:10:26: error: the widths are 2 to 8 constants from 1 to 15, together 4 to 26\n"
     "t.air:11:34: error: this table has columns 0 to 1\n"
     "t.air:12:34: error: the number of a column must be a constant\n"
     "t.air:13:16: error: bit_field([9, 9], j) is field j of the row's number\n"},
    {"component c {\n"
     "    cell x\n"
     "    assert x - xor_table(1, 0)\n"
     "    assert x - xor_table(14, 0)\n"
     "    assert x - xor_table(4, 3)\n"
     "    assert x - xor_table(4)\n"
     "    assert x - blake_sigma(16)\n"
     "    assert x - blake_sigma()\n"
     "    assert x - seq(27)\n"
     "    assert x - seq(1, 2)\n"
     "}\n"
     "component d {\n"
     "    cell x\n"
     "    assert x - seq() - xor_table(4, 1) - seq(8) - bit_field([4, 4], 1)\n"
     "    assert x - seq(9)\n"
     "    repeat i in 0..3 { assert x - xor_table(4, i) }\n"
     "}\n",
     "t.air:3:26: error: xor_table(bits, j) exists for bits from 2 to 13\n"
     "t.air:4:26: error: xor_table(bits, j) exists for bits from 2 to 13\n"
     "t.air:5:29: error: this table has columns 0 to 2\n"
     "t.air:6:16: error: xor_table(bits, j) is a, b or a xor b, for j = 0, 1, 2\n"
     "t.air:7:28: error: this table has columns 0 to 15\n"
     "t.air:8:16: error: blake_sigma(j) is message word j of the row's round\n"
     "t.air:9:16: error: seq(k) exists for k from 4 to 26\n"
     "t.air:10:16: error: seq() is as long as the component, seq(k) has 2^k rows\n"
     "t.air:15:16: error: this column has 2^9 rows, and the component reads others of 2^8; all tables of a component are as long as itself\n"
     "t.air:16:48: error: the number of a column must be a constant\n"},
    {"fn blake_sigma(a) { return a }\n"
     "const xor_table = 3; const bit_field = 4\n",
     "t.air:1:4: error: 'blake_sigma' is a function of the language\n"
     "t.air:2:7: error: 'xor_table' is a function of the language\n"
     "t.air:2:28: error: 'bit_field' is a function of the language\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    assert x - enabler()\n"
     "    assert x - inverse(x)\n"
     "    assert x - memory_id(x)\n"
     "    assert x - memory_value(x)[7]\n"
     "    assert x - memory_value(x)[8]\n"
     "    assert x - enabler(x)\n"
     "    assert x - inverse()\n"
     "    assert x - memory_id(x, x)\n"
     "    assert x - memory_value([x])[0]\n"
     "    free cell y = memory_id(x as u32)\n"
     "    free cell z[1] = memory_value(x)[2..3]\n"
     "}\n",
     "t.air:6:14: error: one side is u32 and the other is not; write `as u32` or `as m31`\n"
     "t.air:7:31: error: index 8 is outside this array of 8\n"
     "t.air:8:16: error: enabler() is 1 in the rows that are no padding, else 0\n"
     "t.air:9:16: error: inverse(x) is 1 / x, and 0 of 0\n"
     "t.air:10:16: error: memory_id(address) is the id at the address\n"
     "t.air:11:29: error: this is an array where one value is needed\n"
     "t.air:12:31: error: this is a u32 value of the witness; write `as m31` to make it a field element\n"
     "t.air:13:37: error: this is a u32 value of the witness; write `as m31` to make it a field element\n"},
    {"relation A(x) by x + y\n"
     "relation B(x) by x as m31\n"
     "relation C(x, y[2]) by y\n"
     "relation D(x) by (x as m31 * 2) as u32\n"
     "relation E(x) by seq() as u32 + x\n"
     "relation F(x) by f(x)\n"
     "relation G(x, y[2]) by x + y[2]\n"
     "relation H(x) by E\n"
     "relation I(x) by (x xor 5) << 3 | x & 2\n"
     "relation J(x) by -1\n"
     "relation K(x) by memory_id(x as m31) as u32\n"
     "fn f(x) {\n"
     "    cell y = input\n"
     "    return x\n"
     "}\n",
     "t.air:1:22: error: there is no name 'y' here\n"
     "t.air:2:20: error: a key is one u32: the relation's values, which are u32 here, constants and operators\n"
     "t.air:3:24: error: a key is one u32: the relation's values, which are u32 here, constants and operators\n"
     "t.air:4:33: error: a key is made of the relation's values, constants and u32 operators alone\n"
     "t.air:5:31: error: a key is made of the relation's values, constants and u32 operators alone\n"
     "t.air:6:18: error: a key is made of the relation's values, constants and u32 operators alone\n"
     "t.air:7:29: error: index 2 is outside this array of 2\n"
     "t.air:8:18: error: a key is one u32: the relation's values, which are u32 here, constants and operators\n"
     "t.air:10:18: error: this number does not fit u32\n"
     "t.air:11:38: error: a key is made of the relation's values, constants and u32 operators alone\n"},
    {"relation A(x) by x\n"
     "component c {\n"
     "    cell x = input\n"
     "    use seq() * A(x)\n"
     "    use A(xor_table(4, 2) + x)\n"
     "    use xor_table(4, 1) * A(x)\n"
     "    yield x * A(xor_table(4, 0))\n"
     "}\n"
     "component d {\n"
     "    cell x = input\n"
     "    use x * A(seq(8))\n"
     "    yield x * A(xor_table(4, 2))\n"
     "}\n",
     "t.air:5:5: error: uses of 'A' are counted, which cannot read preprocessed columns other than seq()\n"
     "t.air:6:5: error: uses of 'A' are counted, which cannot read preprocessed columns other than seq()\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    feed\n"
     "    feed d\n"
     "    feed d()\n"
     "    feed x[0](x)\n"
     "    feed d(x)\n"
     "}\n",
     "t.air:3:9: error: expected an expression, found the end of the line\n"
     "t.air:4:5: error: write `feed component(value, ..)`\n"
     "t.air:5:5: error: write `feed component(value, ..)`\n"
     "t.air:6:5: error: write `feed component(value, ..)`\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    feed d(x as u32)\n"
     "    feed d(y, z)\n"
     "    repeat i in 0..2 { feed d(x) }\n"
     "    feed d(xor_table(4, 2))\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: this is a u32 value of the witness; write `as m31` to make it a field element\n"
     "t.air:4:12: error: there is no name 'y' here\n"
     "t.air:4:15: error: there is no name 'z' here\n"
     "t.air:5:24: error: a feed cannot stand in a repeat; use `for` here\n"},
    {"component c {\n"
     "    cell x = input\n"
     "    feed c(xor_table(4, 2))\n"
     "    assert x\n"
     "}\n",
     "t.air:3:5: error: a witness step can read seq(), but no other preprocessed column; take it as an input\n"},
    {"relation R(a)\n"
     "component c {\n"
     "    cell x = input\n"
     "    feed R(x)\n"
     "    feed e(x)\n"
     "    feed c(x, [x, 2])\n"
     "    feed d([x, seq()], 3)\n"
     "    feed f(x)\n"
     "    feed g(x, x)\n"
     "    assert x\n"
     "}\n"
     "component d { cell x = input; input y[2]; assert x }\n"
     "component f(n >= 3) { cell x = input; assert x }\n"
     "component g { cell x; input y; assert x }\n",
     "t.air:4:5: error: there is no component 'R'\n"
     "t.air:5:5: error: there is no component 'e'\n"
     "t.air:6:5: error: component 'c' has 1 inputs, 3 values are fed\n"
     "t.air:8:5: error: component 'f' has a run-time size and cannot be fed\n"},
    {"relation A(x) by\n",
     "t.air:1:17: error: expected an expression, found the end of the line\n"},
    {"fn f(x) {\n"
     "    assert x - seq()\n"
     "    r = seq(4)\n"
     "    assert x - r\n"
     "    return r\n"
     "}\n"
     "component c {\n"
     "    cell x = input\n"
     "    cell y = f(x) + enabler()\n"
     "    assert x - y - enabler()\n"
     "    assert x - inverse(x)\n"
     "    assert x - memory_id(x) + memory_value(y)[1] as m31\n"
     "}\n",
     "t.air:4:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"
     "t.air:10:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"
     "t.air:11:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"
     "t.air:12:5: error: this uses a value that only the prover has (an input or a witness step); commit it in a cell first\n"},
    {"component c {\n"
     "    cell x\n"
     "    cell y[2]\n"
     "    cell z[2][2]\n"
     "    assert x + z[1][1] + z[1][0] + z[0][1] + y[0]\n"
     "}\n",
     "t.air:3:10: error: cell 'y' occurs in no assert and no relation, so the prover may put anything there; constrain it or write `free cell`\n"
     "t.air:4:10: error: cell 'z' occurs in no assert and no relation, so the prover may put anything there; constrain it or write `free cell`\n"},
    {"fn f(a) {\n"
     "    return a\n"
     "    assert a\n"
     "}\n"
     "component c {\n"
     "    cell x = input\n"
     "    assert f(x)\n"
     "}\n",
     "t.air:3:5: error: this statement comes after the return\n"},
};
/* clang-format on */

static void test_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        sage_airc *c;
        assert_int_equal(compile(wrong[i].text, &c), SAGE_EFORMAT);
        assert_string_equal(sage_airc_messages(c), wrong[i].messages);
        assert_int_equal(sage_airc_emit(c, "t", false, NULL, NULL), SAGE_EINVAL);
        sage_airc_free(c);
    }
}

/* --- limits: refused in time, without a crash --- */

static char *repeated(const char *head, const char *piece, size_t n, const char *tail)
{
    size_t len = strlen(piece), h = strlen(head);
    char *s = malloc(h + n * len + strlen(tail) + 1);
    assert_non_null(s);
    strcpy(s, head);
    for (size_t i = 0; i < n; i++)
        memcpy(s + h + i * len, piece, len);
    strcpy(s + h + n * len, tail);
    return s;
}

static void expect_refused(char *text, const char *part)
{
    sage_airc *c;
    sage_status s = compile(text, &c);
    assert_true(s == SAGE_EFORMAT || s == SAGE_ELIMIT);
    assert_non_null(strstr(sage_airc_messages(c), part ? part : "compiler's limits"));
    sage_airc_free(c);
    free(text);
}

static void test_limits(void **state)
{
    const char *const c = "component c {\n cell x = input\n assert ";
    (void)state;
    expect_refused(repeated(c, "(", 5000, "x\n}\n"), "inside one another");
    expect_refused(repeated(c, "-", 5000, "x\n}\n"), "inside one another");
    expect_refused(repeated(c, "x + ", 5000, "x\n}\n"), "too long to compile");
    expect_refused(repeated("component c {\n", "if 1 {\n", 5000, "}\n"), "inside one another");
    expect_refused(repeated("component c {\n", "if 0 { } else ", 5000, "{ } }\n"),
                   "inside one another");
    expect_refused(repeated("", "x\n", 5000, ""), "expected const");
    expect_refused(repeated("component c { cell x = input\n s = x\n", "", 0,
                            "for i in 0..60000 { s = s + x*i }\n assert s\n}\n"),
                   NULL);
    expect_refused(repeated("component c { cell x[60000] = input\n", "", 0,
                            "for i in 0..60000 { for j in 0..60000 { assert x[i] } } }\n"),
                   NULL);
    expect_refused(repeated("", "#", (1 << 20) + 1, ""), "larger than 1 MiB");
    expect_refused(repeated("const A = [[0 for i in 0..60000] for j in 0..60000]\n", "", 0, ""),
                   NULL);
}

/* --- damaged text: an error or not, never a crash; run under the sanitizers --- */

static const char *const sound =
    "const T[2][3] = [[1, 2, 3], [4, 0x5, 6]]\n"
    "relation R(a, b[2])\n"
    "fn f(x, y[2]) -> u, v {\n"
    "    cell m = x * y[0]\n"
    "    assert m == x * y[0]\n"
    "    return m - y[1], [m, 2^3 * x]\n"
    "}\n"
    "const L = [[R, S], [S, R]]\n"
    "relation S(a, b) by (a << 3) + b\n"
    "fn lookup(on, r[2], x) { use on * r[7 % 2](x, x); yield on * r[1 / 2](x, 1) }\n"
    "component d {\n"
    "    cell x; cell y[2]; free cell z\n"
    "    for i in 0..2 { lookup(x, L[i], y[i]); if L[i][0] == R { use L[0][i](x, y[0]) } }\n"
    "}\n"
    "component c(n >= 3) {\n"
    "    param p, q[2]\n"
    "    cell x[n] = input\n"
    "    input w\n"
    "    free cell z = select(w as u32 & 1, (w as u32 >> 3 xor 5) as m31, 7)\n"
    "    s = 0\n"
    "    repeat i in 1..n {\n"
    "        a, b = f(x[i], [x[n - i], p])\n"
    "        use (a + i) * R(b[0], [b[1], seq(5)])\n"
    "        yield R(s - T[1][2], q)\n"
    "        s = x[i - 1]\n"
    "    }\n"
    "    for j in 0..2 { if j == 1 { assert s - x[j] } else { assert s + x[0] + j } }\n"
    "}\n"
    "component t {\n"
    "    cell x; r = R\n"
    "    yield x * r(bit_field([3, 9 / 2 + 1], 1), [xor_table(2 + 3 % 2 + 1, 2), x])\n"
    "}\n"
    "component u { cell x; use R(blake_sigma(3), x) }\n"
    "component v {\n"
    "    input fed[4]\n"
    "    cell x = enabler() + inverse(seq())\n"
    "    id = memory_id(x)\n"
    "    cell y[8] = [w as m31 * id for w in 0..8]\n"
    "    cell z = (felt252_div(memory_value(y[2]), [i for i in 0..8])[5] & 3) as m31\n"
    "    use x * S(z, y[3]); assert y; feed v(y[2..5], inverse(x))\n"
    "}\n";

static sage_status count_bytes(void *arg, const char *name, const char *text, size_t len)
{
    (void)name, (void)text;
    *(size_t *)arg += len;
    return SAGE_OK;
}

static void try_text(const char *text)
{
    sage_airc *c;
    size_t bytes  = 0;
    sage_status s = compile(text, &c);
    assert_true(s == SAGE_OK || s == SAGE_EFORMAT || s == SAGE_ELIMIT || s == SAGE_ENOMEM);
    assert_true(s != SAGE_EFORMAT || strstr(sage_airc_messages(c), ": error: "));
    if (!s) assert_int_equal(sage_airc_emit(c, "t", false, count_bytes, &bytes), SAGE_OK);
    sage_airc_free(c);
}

static void test_damaged(void **state)
{
    size_t n = strlen(sound);
    char *s  = malloc(n + 2);
    (void)state;
    assert_non_null(s);
    sage_airc *c;
    assert_int_equal(compile(sound, &c), SAGE_OK);
    sage_airc_free(c);
    for (size_t i = 0; i < n;
         i += sage_test_quick() ? 3 : 1) { /* cut, one byte dropped, one changed, one doubled */
        memcpy(s, sound, i);
        s[i] = 0;
        try_text(s);
        memcpy(s + i, sound + i + 1, n - i);
        try_text(s);
        memcpy(s, sound, n + 1);
        s[i] = "(){}[]=+0n\n.\""[i % 13];
        try_text(s);
        memcpy(s, sound, i + 1);
        memcpy(s + i + 1, sound + i, n - i + 1);
        try_text(s);
    }
    free(s);
}

/* --- a file counts once, whatever the way to it --- */

static void test_paths(void **state)
{
    static const char *const text = "include \"t.air\"\n"
                                    "include \"./t.air\"\n"
                                    "include \"a/../t.air\"\n"
                                    "include \"a/./b/..//../t.air\"\n"
                                    "component c { cell x; assert x }\n";
    sage_airc *c;
    (void)state;
    assert_int_equal(compile(text, &c), SAGE_OK);
    sage_airc_free(c);
    assert_int_equal(compile("include \"../a/../../t.air\"\ninclude \"/../t.air\"\n", &c),
                     SAGE_EFORMAT);
    assert_string_equal(sage_airc_messages(c),
                        "t.air:1:9: error: cannot include \"../a/../../t.air\": it cannot be "
                        "read\n"
                        "t.air:2:9: error: cannot include \"/../t.air\": it cannot be read\n");
    sage_airc_free(c);
}

/* --- the same text gives the same bytes --- */

static sage_status fold_bytes(void *arg, const char *name, const char *text, size_t len)
{
    uint64_t *h = arg;
    for (; *name; name++)
        *h = (*h ^ (uint8_t)*name) * 0x100000001b3ull;
    for (size_t i = 0; i < len; i++)
        *h = (*h ^ (uint8_t)text[i]) * 0x100000001b3ull;
    return SAGE_OK;
}

static void test_deterministic(void **state)
{
    uint64_t hash[2] = {0xcbf29ce484222325ull, 0xcbf29ce484222325ull};
    (void)state;
    for (int k = 0; k < 2; k++) {
        sage_airc *c;
        assert_int_equal(compile(sound, &c), SAGE_OK);
        assert_int_equal(sage_airc_emit(c, "t", false, fold_bytes, &hash[k]), SAGE_OK);
        sage_airc_free(c);
    }
    assert_true(hash[0] == hash[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong), cmocka_unit_test(test_limits),
        cmocka_unit_test(test_damaged), cmocka_unit_test(test_paths),
        cmocka_unit_test(test_deterministic)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
