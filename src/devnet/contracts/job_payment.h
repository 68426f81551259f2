/* devnet/contracts/job_payment.h -- a job's money: from its payer into escrow, and out of it.
 *
 * The contract's balance is the sum of the payments of all jobs that are neither paid nor
 * cancelled. */
#ifndef SAGE_DEVNET_CONTRACTS_JOB_PAYMENT_H
#define SAGE_DEVNET_CONTRACTS_JOB_PAYMENT_H

#include "devnet/contract.h"

typedef struct sage_job_shares {
    sage_amount worker, burned, treasury, stakers;
} sage_job_shares;

/* worker is 80 %; of the rest 70 % are burned, 10 % are the stakers', all rounded down; the
 * treasury gets what is left, and so what rounding leaves. The sum is the payment. */
sage_job_shares sage_job_share_out(sage_frame *f, sage_amount payment);

/* From the caller, who allowed it. */
void sage_job_collect(sage_frame *f, sage_amount payment);
/* All shares of a payment, the worker's to `worker`. */
sage_job_shares sage_job_pay_out(sage_frame *f, felt252 worker, sage_amount payment);
void sage_job_pay_back(sage_frame *f, felt252 client, sage_amount payment);

#endif
