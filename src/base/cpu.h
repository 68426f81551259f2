/* base/cpu.h -- what this CPU may be asked to do, and how many of them there are.
 *
 * SAGE_CPU_MASK in the environment is a comma list of the instruction sets that may be used
 * ("avx2", "avx2,avx512", "scalar" for none), so that any machine can run the code of a
 * lesser one. It is read once; a word it does not know is an error that sage_cpu_mask_check
 * reports, and until it is mended no instruction set is offered. Thread safe. */
#ifndef SAGE_BASE_CPU_H
#define SAGE_BASE_CPU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"

typedef enum sage_cpu_feature {
    SAGE_CPU_AVX2   = 1, /* AVX2 and BMI2 */
    SAGE_CPU_AVX512 = 2, /* F, DQ, BW, VL */
} sage_cpu_feature;

/* sage_cpu_has: the CPU has the feature, the operating system saves its registers, and
 * SAGE_CPU_MASK (if set) allows it. */
bool sage_cpu_has(sage_cpu_feature feature);

/* sage_cpu_mask_check: SAGE_OK, or SAGE_EINVAL "cpu.mask" if SAGE_CPU_MASK does not parse.
 * Programs call it before the first choice of a backend. */
SAGE_CHECKED sage_status sage_cpu_mask_check(sage_errinfo *err);

/* sage_cpu_mask_parse reads the form above from text; *mask is the union of the features.
 * SAGE_EINVAL "cpu.mask" for an empty text or an unknown word, its offset in err->at. */
SAGE_CHECKED sage_status sage_cpu_mask_parse(const char *text,
                                             uint32_t *mask,
                                             sage_errinfo *err);

/* sage_cpu_count: CPUs this process may run on: the affinity mask, and the tightest CPU
 * quota of its cgroup (v2) and the ones above it, rounded up. At least 1. Cost: opens a few
 * small files. */
uint32_t sage_cpu_count(void);

/* sage_cpu_quota_parse: the text of a cgroup's cpu.max ("max 100000", "150000 100000") as a
 * number of CPUs rounded up, at least 1; UINT32_MAX for no limit or text of another form. */
uint32_t sage_cpu_quota_parse(const char *text);

#endif
