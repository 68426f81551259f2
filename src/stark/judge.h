/* stark/judge.h -- what a judge of whole proof files needs around stark/air_verifier.h: memory
 * within the promise of sage/verify.h, and the verdict on a claim that breaks a rule. */
#ifndef SAGE_STARK_JUDGE_H
#define SAGE_STARK_JUDGE_H

#include <stddef.h>

#include "base/compiler.h"

/* sage_judge_alloc takes memory whose size the checked claim alone determines.
 *
 *   out   *out   malloc'ed, the caller frees; NULL on error
 * SAGE_ELIMIT "verify.memory" above SAGE_VERIFY_MAX_BYTES, SAGE_ENOMEM "verify.memory". */
SAGE_CHECKED sage_status sage_judge_alloc(void **out, size_t bytes, sage_errinfo *err);

/* sage_judge_claim passes on the status of a check of what the proof claims. The claim is the
 * prover's word: where it is out of range (SAGE_EINVAL) or larger than any layout (SAGE_ELIMIT)
 * the proof is false, SAGE_EPROOF with err->where and err->msg kept. */
SAGE_CHECKED sage_status sage_judge_claim(sage_status s, sage_errinfo *err);

#endif
