/* The kernels of test_prover.air under the name by which a backend looks for its own. */
#include "air/kernel.h"

#define KERNELS(name) LANES_SUFFIX(sage_test_prover_air_kernels_##name)
extern const sage_air_kernels KERNELS(tables), KERNELS(sigma), KERNELS(user), KERNELS(counter);
extern const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[];
const sage_air_kernels *const LANES_SUFFIX(sage_air_kernels_list)[] = {
    &KERNELS(tables), &KERNELS(sigma), &KERNELS(user), &KERNELS(counter), NULL};
