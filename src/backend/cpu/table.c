/* The sage_backend of one lane width. */
#include "field/lanes.h"

#include "backend/cpu/kernels.h"

#define STRING(x)    #x
#define STRING_OF(x) STRING(x)

const sage_backend LANES_SUFFIX(sage_backend) = {
    .name = STRING_OF(SAGE_ISA),

    .available = LANES_SUFFIX(sage_cpu_available),
    .open      = sage_cpu_open,
    .close     = sage_cpu_close,
    .arena     = sage_cpu_arena,
    .upload    = sage_cpu_upload,
    .download  = sage_cpu_download,
    .copy      = sage_cpu_copy,
    .zero      = sage_cpu_zero,

    .twiddle_words = LANES_SUFFIX(sage_twiddle_words),
    .twiddles      = LANES_SUFFIX(sage_twiddles),
    .interpolate   = LANES_SUFFIX(sage_interpolate),
    .evaluate      = LANES_SUFFIX(sage_evaluate),
    .lde           = LANES_SUFFIX(sage_lde),
    .sample_words  = LANES_SUFFIX(sage_sample_words),
    .sample        = LANES_SUFFIX(sage_sample),

    .merkle_words   = LANES_SUFFIX(sage_merkle_words),
    .merkle_commit  = LANES_SUFFIX(sage_merkle_commit),
    .merkle_digests = LANES_SUFFIX(sage_merkle_digests),
    .merkle_leaves  = LANES_SUFFIX(sage_merkle_leaves),
    .grind          = LANES_SUFFIX(sage_grind),

    .witness        = LANES_SUFFIX(sage_witness),
    .count          = LANES_SUFFIX(sage_count),
    .logup_words    = LANES_SUFFIX(sage_logup_words),
    .logup          = LANES_SUFFIX(sage_logup),
    .constraints    = LANES_SUFFIX(sage_constraints),
    .lift_add       = LANES_SUFFIX(sage_lift_add),
    .quotient_words = LANES_SUFFIX(sage_quotient_words),
    .quotients      = LANES_SUFFIX(sage_quotients),
    .fold_circle    = LANES_SUFFIX(sage_fold_circle),
    .fold_line      = LANES_SUFFIX(sage_fold_line),
};
