/* field/lanes.h -- the vocabulary of lane-generic kernels: one text, any vector width.
 *
 * A kernel source is compiled once per instruction set by a stub that defines
 * SAGE_LANES_SCALAR, SAGE_LANES_AVX2 or SAGE_LANES_AVX512 and includes this header first.
 * The header then defines LANES (1, 8, 16), LANES_LOG, LANES_SUFFIX(name) (name_avx2 ...)
 * and the words below; kernels use these words only, never intrinsics. Every vf holds
 * canonical values in [0, p) on entry and exit of every word, so that all widths agree byte
 * for byte. In lane comments, x_l is lane l.
 *
 *   vf                     LANES base field values
 *   vf_load(p) vf_store(p, x)         p: uint32_t *, any alignment
 *   vf_set1(m)             every lane m
 *   vf_add vf_sub vf_mul(x, y), vf_neg vf_sqr vf_dbl(x)
 *   vf_dot4(x, y)          sum of x[k] * y[k], k < 4, reduced once; x, y: vf[4]
 *   vf_mul_pow2(x, k)      x_l * 2^k, k a compile-time constant in [0, 30]: a rotation
 *   vf_gather(base, idx)   base[idx[l]], idx: const uint32_t[LANES]
 *   vf_mul_twice(x, y2)    x * y for y2 = 2y, not reduced (y2 <= 2p - 2): one step cheaper
 *   vf_mul_twice1(x, y2)   the same where all lanes of y2 are equal; cheaper still
 *   vf_unzip(x, y, &e, &o) e, o: the even and odd elements of the 2 LANES values x then y
 *   vf_zip(e, o, &x, &y)   its inverse
 *   vf_reverse(x)          lane l = lane LANES - 1 - l of x
 *   vf_load_dealt(p, v)    DEALT = 2^DEALT_LOG >= LANES vectors from DEALT * LANES words, dealt
 *                          out like cards: lane l of v[j] = p[DEALT * l + j]
 *   vf_store_dealt(p, v)   its inverse; v is used up
 *   vf_load_y2(level, i)   doubled circle-layer twiddles of pairs i .. i + LANES - 1, i a
 *                          multiple of LANES, from the doubled twiddles `level` of the first
 *                          line layer of the same domain (backend/cpu/twiddles.h)
 *   vq                     struct { vf c[4]; }: LANES secure field values
 *   vq_zero() vq_set1(qm31) vq_of(vf) vq_add vq_sub vq_mul(x, y) vq_neg(x)
 *   vq_mul_f(x, vf)        coordinate-wise
 *   vq_add_f vq_sub_f(x, vf)          acts on coordinate 0
 *   vq_load(cols, i) vq_store(cols, i, x)   cols: (const) uint32_t *const [4], at row i
 *   vacc                   a lazily reduced sum of (secure constant) * (vf) products
 *   vacc_zero()            empty sum
 *   vacc_madd(&a, w, x)    a += *w * x, w: const qm31 *
 *   vacc_madd4(&a, w, x)   a += sum of *w[k] * x[k], k < 4, at half the price of single ones;
 *                          w: const qm31 *[4], x: vf[4]
 *   vacc_add_q(&a, y)      a += y for a vq y
 *   vacc_get(&a)           the sum as a canonical vq
 *   vdot                   a lazily reduced sum of vf products over all lanes
 *   vdot_zero()            empty sum
 *   vdot_madd2(&a, w0, x0, w1, x1)    a += sum of the lanes of w0 * x0 + w1 * x1
 *   vdot_get(&a)           the sum as an m31
 */
#ifndef SAGE_FIELD_LANES_H
#define SAGE_FIELD_LANES_H

#include "field/qm31.h"

/* Before a loop over an array of vectors, at most 16 of them, that should stay in registers:
 * the compilers' own judgement leaves some of these arrays in memory. Without optimisation
 * gcc warns that it ignores the word. */
#if !defined(__OPTIMIZE__)
#    define LANES_UNROLL
#elif defined(__clang__)
#    define LANES_UNROLL _Pragma("unroll")
#else
#    define LANES_UNROLL _Pragma("GCC unroll 16")
#endif

#if defined(SAGE_LANES_AVX512)
#    include "field/lanes_avx512.h"
#elif defined(SAGE_LANES_AVX2)
#    include "field/lanes_avx2.h"
#else
#    include "field/lanes_scalar.h"
#endif

#include "field/lanes_qm31.h"

#endif
