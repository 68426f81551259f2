/* devnet/contracts/job_payment.h -- a job's money: from its payer into escrow, and out of it.
 *
 * The contract's balance is the sum of the payments of all jobs that are neither paid nor
 * cancelled. */
#ifndef SAGE_DEVNET_CONTRACTS_JOB_PAYMENT_H
#define SAGE_DEVNET_CONTRACTS_JOB_PAYMENT_H

#include "devnet/contract.h"
#include "store/store.h"

/* The shares of a payment as the coordinator's ledger has them; the sum is the payment. */
sage_shares sage_share_out(sage_frame *f, sage_amount payment);

/* From the caller, who allowed it. */
void sage_job_collect(sage_frame *f, sage_amount payment);
/* All shares of a payment, the worker's to `worker`. */
sage_shares sage_job_pay_out(sage_frame *f, felt252 worker, sage_amount payment);
void sage_job_pay_back(sage_frame *f, felt252 client, sage_amount payment);

#endif
