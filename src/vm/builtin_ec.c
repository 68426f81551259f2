/* vm/builtin_ec.c -- ec_op: px, py, qx, qy, m, then p + m q. */
#include "curve/curve.h"
#include "vm/builtin_kind.h"

const char *builtin_ec_op(sage_value *out, const sage_value *in)
{
    uint64_t m[4];
    sage_point p = {sage_value_felt(in[0]), sage_value_felt(in[1])};
    sage_point q = {sage_value_felt(in[2]), sage_value_felt(in[3])}, sum;
    if (!sage_point_on_curve(p) || !sage_point_on_curve(q))
        return "a point is not on the curve";
    builtin_limbs(in[4], m);
    if (!sage_curve_ec_op(&sum, p, q, m)) return "the sum meets a point of the same x";
    out[0] = sage_value_from_felt(sum.x);
    out[1] = sage_value_from_felt(sum.y);
    return NULL;
}
