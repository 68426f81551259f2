/* curve/curve.c -- points, the group, multiplication. */
#include "curve/curve.h"

#include "curve/jacobian.h"

enum { AFFINE_BATCH = 256 };

/* Canonical numbers, low limb first (facts C2); test_curve.c draws them from pi again. */
static const uint64_t beta[4] = {0xf4cdfcb99cee9e89, 0x609ad26c15c915c1, 0x150e596d72f7a8c5,
                                 0x06f21413efbe40de};
static const uint64_t constants[][2][4] = {
    [SAGE_CURVE_SHIFT] = {{0x551fde4050ca6804, 0x716b0b1022947733, 0x00ee1b87eb599f16,
                           0x049ee3eba8c16007},
                          {0xd0405d266e10268a, 0x4e621062c0e056c1, 0xf346d49d06ea0ed3,
                           0x03ca0cfe4b3bc6dd}},
    [SAGE_CURVE_G]     = {{0x3d723d8bc943cfca, 0xdeacfd9b0d1819e0, 0x7beced415a40f0c7,
                           0x01ef15c18599971b},
                          {0x2873000c36e8dc1f, 0xde53ecd11abe43a3, 0xb7be4801df46ec62,
                           0x005668060aa49730}},
    [SAGE_CURVE_P0]    = {{0x1080d17957ebe47b, 0x8fa8120b6d56eb0c, 0x969c748655fca9e5,
                           0x0234287dcbaffe7f},
                          {0x6ed0268ee89e5615, 0x940135dd7a6c94cc, 0x1e889527d41f4e39,
                           0x03b056f100f96fb2}},
    [SAGE_CURVE_P1]    = {{0xb7a6932dba8aa378, 0x99099ec1de5e3018, 0x3f9dab2656558f33,
                           0x04fa56f376c83db3},
                          {0x5168f4e80ff5b54d, 0x562761f92a7a23b4, 0x8113e0c0e47e4401,
                           0x03fa0984c931c9e3}},
    [SAGE_CURVE_P2]    = {{0x3aa372f0bd2d6997, 0x40c690c74709e90f, 0x764910f75b45f74b,
                           0x04ba4cc166be8dec},
                          {0x48151f27b24b219c, 0xcac5c59a5ce5ae7c, 0x4b971e46c4ede85f,
                           0x0040301cf5c1751f}},
    [SAGE_CURVE_P3]    = {{0xd36ff12c49a58202, 0x2ca65048d53fb325, 0x6e44cca8f61a63bb,
                           0x054302dcb0e6cc1c},
                          {0x879dcc77e99c2426, 0xce98ad783c25561a, 0xb348046268d8ae25,
                           0x01b77b3e37d13504}},
};

felt252 sage_curve_beta(void)
{
    return felt252_from_limbs(beta);
}

sage_point sage_curve_point(sage_curve_constant which)
{
    return (sage_point){felt252_from_limbs(constants[which][0]),
                        felt252_from_limbs(constants[which][1])};
}

/* x^3 + x + beta. */
static felt252 y_squared(felt252 x)
{
    felt252 cubic = felt252_mul(felt252_add(felt252_sqr(x), felt252_one()), x);
    return felt252_add(cubic, sage_curve_beta());
}

bool sage_point_on_curve(sage_point p)
{
    return felt252_eq(felt252_sqr(p.y), y_squared(p.x));
}

bool sage_point_from_x(sage_point *out, felt252 x)
{
    out->x = x;
    return felt252_sqrt(&out->y, y_squared(x));
}

/* x and y of infinity are anything but must keep to the bounds. */
sage_jacobian sage_jacobian_infinity(void)
{
    return (sage_jacobian){felt252_one(), felt252_one(), felt252_zero()};
}

sage_jacobian sage_jacobian_from(sage_point p)
{
    return (sage_jacobian){p.x, p.y, felt252_one()};
}

bool sage_jacobian_is_infinity(const sage_jacobian *p)
{
    return jacobian_is_zero(p->z);
}

bool sage_jacobian_affine(sage_point *out, const sage_jacobian *p)
{
    if (sage_jacobian_is_infinity(p)) return false;
    felt252 inverse = felt252_inv_public(felt252_fold(felt252_settle(p->z)));
    felt252 square  = felt252_sqr(inverse);
    out->x          = felt252_mul(p->x, square);
    out->y          = felt252_mul(p->y, felt252_mul(square, inverse));
    return true;
}

/* n <= AFFINE_BATCH. */
static void affine_batch(sage_point *out, const sage_jacobian *in, size_t n)
{
    felt252 z[AFFINE_BATCH], inverse[AFFINE_BATCH];
    for (size_t i = 0; i < n; i++)
        z[i] = felt252_fold(felt252_settle(in[i].z));
    felt252_inv_many(inverse, z, n);
    for (size_t i = 0; i < n; i++) {
        felt252 square = felt252_sqr(inverse[i]);
        out[i].x       = felt252_mul(in[i].x, square);
        out[i].y       = felt252_mul(in[i].y, felt252_mul(square, inverse[i]));
    }
}

void sage_jacobian_affine_many(sage_point *out, const sage_jacobian *in, size_t n)
{
    for (size_t done = 0, some; done < n; done += some) {
        some = n - done < AFFINE_BATCH ? n - done : AFFINE_BATCH;
        affine_batch(out + done, in + done, some);
    }
}

sage_jacobian sage_jacobian_double(const sage_jacobian *p)
{
    return jacobian_double(p, felt252_loose_sqr(p->z));
}

/* Two points with the same x: the same point or opposite ones. */
static sage_jacobian same_x(const sage_jacobian *p, felt252 r)
{
    return jacobian_is_zero(r) ? sage_jacobian_double(p) : sage_jacobian_infinity();
}

sage_jacobian sage_jacobian_add(const sage_jacobian *p, const sage_jacobian *q)
{
    if (sage_jacobian_is_infinity(p)) return *q;
    if (sage_jacobian_is_infinity(q)) return *p;
    felt252 pp = felt252_loose_sqr(p->z), qq = felt252_loose_sqr(q->z);         /* 1.29 */
    felt252 x1 = felt252_loose_mul(p->x, qq), x2 = felt252_loose_mul(q->x, pp); /* 1.09 */
    felt252 y1 = felt252_loose_mul(p->y, felt252_loose_mul(q->z, qq));          /* 1.15 */
    felt252 y2 = felt252_loose_mul(q->y, felt252_loose_mul(p->z, pp));          /* 1.15 */
    felt252 h = jacobian_less(x2, x1, 2), r = jacobian_less(y2, y1, 2);         /* 3.15 */
    if (jacobian_is_zero(h)) return same_x(p, r);
    return jacobian_sum(x1, y1, felt252_loose_mul(p->z, q->z), h, r);
}

sage_jacobian sage_jacobian_add_point(const sage_jacobian *p, sage_point q)
{
    sage_jacobian other = sage_jacobian_from(q);
    return sage_jacobian_add(p, &other);
}

/* Four bits at a time from the top. */
sage_jacobian sage_curve_multiply(sage_point p, const uint64_t k[4])
{
    sage_jacobian multiple[16], sum = sage_jacobian_infinity();
    multiple[0] = sum;
    for (int i = 1; i < 16; i++)
        multiple[i] = sage_jacobian_add_point(&multiple[i - 1], p);
    for (int i = 63; i >= 0; i--) {
        for (int j = 0; j < 4; j++)
            sum = sage_jacobian_double(&sum);
        sum = sage_jacobian_add(&sum, &multiple[k[i / 16] >> (4 * (i % 16)) & 15]);
    }
    return sum;
}
