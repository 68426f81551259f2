#include "hash/poseidon2.h"

#include <string.h>

/* The stream Blake2s-256("Sage Poseidon2-M31-16 v1" || LE u32 counter), counter 0, 1, ..,
 * eight little-endian words each, masked to 31 bits, the value p skipped. The test derives
 * the table again. */
const m31 sage_poseidon2_constants[SAGE_POSEIDON2_CONSTANTS] = {
    444497792,  664872986,  1878845344, 1427629203, 1730280869, 2110896673, 1810521479,
    1162291285, 85225942,   1117905149, 938759246,  711844014,  528099486,  356055855,
    344826368,  45514180,   632127656,  3359559,    905844215,  543385471,  726669338,
    1592898385, 1641344607, 1772254104, 148048431,  959690579,  1391802151, 104770985,
    1458810009, 1116332798, 647791152,  1333571593, 1074994442, 108984363,  565478795,
    1488350565, 1450905595, 1037746837, 1726186722, 1830271904, 917084507,  2058467537,
    1314711986, 995016719,  1952796570, 1074660451, 2033941673, 937545134,  802478229,
    2106513071, 1622683600, 1018377754, 97445004,   1493425783, 1273283691, 1718639191,
    1030767569, 1335915480, 1567850401, 333408144,  1075013154, 62979140,   1345612986,
    918924405,  1606219696, 1851728287, 1961072269, 26466266,   1280695468, 1831307552,
    504435375,  978069781,  915751176,  299942868,  1106080362, 568932000,  347333744,
    356653604,  2020783389, 603400369,  737273020,  979440661,  92777420,   1500288554,
    1305553178, 423440369,  324354043,  1002397229, 1288069572, 46607798,   523842784,
    1146890528, 2000328136, 1355969912, 809601534,  1234640936, 1274045039, 1652996674,
    124871238,  1056186368, 147178061,  248180967,  613839889,  1500679833, 940589042,
    1539349485, 1520590859, 1063476676, 562337210,  1526226,    1581712879, 2109727777,
    1999655042, 1357004547, 1629600931, 1086592914, 316072625,  232268152,  80296356,
    1493533749, 1747935935, 865755841,  902518917,  2038326556, 934792391,  354949529,
    269209033,  1493029525, 1346354985, 1798452032, 1158031118, 610713870,  982836496,
    1772591864, 277166431,  510542505,  999053051,  458229778,  1440501798, 469734079,
    436282846,  407619694};

const uint8_t sage_poseidon2_shifts[16] = {1, 0, 1,  2,  3,  4,  5,  6,
                                           7, 8, 10, 12, 13, 14, 15, 16};

/* The permutation runs on 64-bit values that are congruent to the state, not canonical: one
 * fold, no comparison, after each product and each linear layer. Bounds are beside each step;
 * round constants join the sums of the layer before them. */
static uint64_t fold(uint64_t v)
{
    return (v & M31_P) + (v >> M31_BITS);
}

/* x < 2^31 + 2^17 -> x^5, < 2^33. */
static uint64_t sbox(uint64_t x)
{
    uint64_t x2 = fold(fold(x * x)); /* fold(2^62 + 2^49) < 2^32 + 2^19, then <= 2^31 + 1 */
    uint64_t x4 = fold(x2 * x2);     /* <= 2^32 + 2 */
    return fold(x4 * x);             /* product < 2^63 + 2^50 */
}

/* M4 = [5 7 1 3; 4 6 1 1; 1 3 5 7; 1 1 4 6]: each output is at most 16 times the largest
 * input. */
static void mul_m4(uint64_t x[4])
{
    uint64_t t0 = x[0] + x[1], t1 = x[2] + x[3];
    uint64_t t2 = 2 * x[1] + t1, t3 = 2 * x[3] + t0;
    uint64_t t4 = 4 * t1 + t3, t5 = 4 * t0 + t2;
    x[0] = t3 + t5, x[1] = t5, x[2] = t2 + t4, x[3] = t4;
}

/* x < 2^33 -> E x + c, < 2^31 + 2^10: the sums are below 5 * 16 * 2^33. */
static void external(uint64_t x[16], const m31 c[16])
{
    uint64_t sum[4];
    for (int b = 0; b < 16; b += 4)
        mul_m4(x + b);
    for (int i = 0; i < 4; i++)
        sum[i] = x[i] + x[4 + i] + x[8 + i] + x[12 + i];
    for (int i = 0; i < 16; i++)
        x[i] = fold(x[i] + sum[i % 4] + c[i]);
}

/* x_0 < 2^33, others < 2^31 + 2^17 -> I x + (c, 0, ..), the same bounds: the sums are below
 * 2^47 + 2^36. 8 p > x_0 keeps -2 x_0 positive. */
static void internal(uint64_t x[16], m31 c)
{
    uint64_t sum = x[1];
    for (int i = 2; i < 16; i++)
        sum += x[i];
    sum += x[0]; /* last: it comes late, from the s-box */
    x[0] = fold(sum + 2 * (8 * (uint64_t)M31_P - x[0]) + c);
    for (int i = 1; i < 16; i++)
        x[i] = fold(sum + (x[i] << sage_poseidon2_shifts[i]));
}

/* The s-boxes of a full round and the constants c of what follows it. */
static void full_round(uint64_t x[16], const m31 c[16])
{
    for (int i = 0; i < 16; i++)
        x[i] = sbox(x[i]);
    external(x, c);
}

enum { HALF = SAGE_POSEIDON2_FULL / 2 };

void sage_poseidon2_permute(m31 s[16])
{
    static const m31 none[16] = {0};
    const m31 *c              = sage_poseidon2_constants;
    const m31 *partial = c + 16 * HALF, *last = partial + SAGE_POSEIDON2_PARTIAL;
    m31 first_partial[16] = {partial[0]};
    uint64_t x[16];
    for (int i = 0; i < 16; i++)
        x[i] = s[i];
    external(x, c);
    for (int r = 1; r < HALF; r++)
        full_round(x, c + 16 * r);
    full_round(x, first_partial);
    for (int r = 1; r <= SAGE_POSEIDON2_PARTIAL; r++) {
        x[0] = sbox(x[0]);
        internal(x, r < SAGE_POSEIDON2_PARTIAL ? partial[r] : 0);
    }
    for (int i = 0; i < 16; i++)
        x[i] = fold(x[i] + last[i]);
    for (int r = 1; r < HALF; r++)
        full_round(x, last + 16 * r);
    full_round(x, none);
    for (int i = 0; i < 16; i++)
        s[i] = m31_fold((uint32_t)x[i]);
}

void sage_sponge_start(m31 s[16], uint64_t len)
{
    const uint32_t limb_mask = (1u << SAGE_SPONGE_LIMB_BITS) - 1;
    memset(s, 0, 16 * sizeof *s);
    s[8]  = (m31)(len & limb_mask);
    s[9]  = (m31)(len >> SAGE_SPONGE_LIMB_BITS & limb_mask);
    s[10] = 0x53414745; /* "SAGE" */
    s[11] = 1;          /* version */
}

uint64_t sage_sponge_groups(uint64_t len)
{
    uint64_t n = len / SAGE_SPONGE_GROUP_BYTES + (len % SAGE_SPONGE_GROUP_BYTES != 0);
    return n ? n : 1;
}

/* Limb i is bits 30 i .. 30 i + 29 of the little-endian bit stream; a group is a whole number
 * of bytes, so that each group is cut on its own. */
void sage_sponge_limbs(const uint8_t *bytes,
                       uint64_t len,
                       uint64_t g,
                       m31 limbs[SAGE_SPONGE_GROUP_LIMBS])
{
    uint8_t group[SAGE_SPONGE_GROUP_BYTES + 8] = {0};
    uint64_t start                             = g * SAGE_SPONGE_GROUP_BYTES;
    if (start < len) {
        uint64_t left = len - start;
        memcpy(group, bytes + start,
               left < SAGE_SPONGE_GROUP_BYTES ? (size_t)left : SAGE_SPONGE_GROUP_BYTES);
    }
    for (uint32_t i = 0; i < SAGE_SPONGE_GROUP_LIMBS; i++) {
        uint32_t bit = SAGE_SPONGE_LIMB_BITS * i;
        uint64_t w   = 0;
        for (int k = 0; k < 5; k++)
            w |= (uint64_t)group[bit / 8 + k] << 8 * k;
        limbs[i] = (m31)(w >> bit % 8 & ((1u << SAGE_SPONGE_LIMB_BITS) - 1));
    }
}

void sage_sponge_group(m31 s[16], const m31 limbs[SAGE_SPONGE_GROUP_LIMBS])
{
    for (int b = 0; b < SAGE_SPONGE_GROUP; b++) {
        for (int i = 0; i < SAGE_SPONGE_RATE; i++)
            s[i] = m31_add(s[i], limbs[SAGE_SPONGE_RATE * b + i]);
        sage_poseidon2_permute(s);
    }
}

void sage_file_digest(
    const uint8_t *bytes, uint64_t len, sage_sponge_fn fn, void *arg, m31 digest[8])
{
    m31 s[16], limbs[SAGE_SPONGE_GROUP_LIMBS];
    sage_sponge_start(s, len);
    for (uint64_t g = 0, n = sage_sponge_groups(len); g < n; g++) {
        sage_sponge_limbs(bytes, len, g, limbs);
        if (fn) fn(arg, g, s, limbs);
        sage_sponge_group(s, limbs);
    }
    memcpy(digest, s, 8 * sizeof *digest);
}
