/* devnet/contracts/job_book.h -- what the JobManager remembers: jobs, those that wait, workers.
 *
 * Model: a job is a fixed row of felts in storage. The list of waiting jobs has no order that
 * means anything: a job that leaves is replaced by the last. All functions work on the storage
 * of the frame's own contract. */
#ifndef SAGE_DEVNET_CONTRACTS_JOB_BOOK_H
#define SAGE_DEVNET_CONTRACTS_JOB_BOOK_H

#include "devnet/contract.h"

/* JobState as published. */
typedef enum sage_job_phase {
    SAGE_PHASE_QUEUED     = 0,
    SAGE_PHASE_PROCESSING = 1, /* leased: worker and lease_until are set */
    SAGE_PHASE_COMPLETED  = 2, /* proved, not yet paid */
    SAGE_PHASE_PAID       = 3,
    SAGE_PHASE_FAILED     = 4, /* published; no job gets there */
    SAGE_PHASE_CANCELLED  = 5
} sage_job_phase;

typedef struct sage_job_entry {
    felt252 client, worker, program_hash, input_hash, output_hash;
    sage_amount payment;
    uint64_t type; /* JobType as published */
    uint64_t phase;
    uint64_t created_at, assigned_at, completed_at; /* seconds; 0: not yet */
    uint64_t deadline, lease_until;
    bool has_input; /* a proof must then state input_hash itself */
} sage_job_entry;

/* A new job's number, from 1 on. */
sage_amount sage_job_new_id(sage_frame *f);
uint64_t sage_job_count(sage_frame *f);
/* Panics 'Unknown job'; zero then. */
sage_job_entry sage_job_read(sage_frame *f, const sage_amount *id);
void sage_job_write(sage_frame *f, const sage_amount *id, const sage_job_entry *j);

/* The waiting jobs; number i < count of them, in no order. */
uint64_t sage_jobs_waiting(sage_frame *f);
sage_amount sage_job_waiting(sage_frame *f, uint64_t i);
/* Puts a job there, takes it out; it must not be there, must be. */
void sage_job_wait(sage_frame *f, const sage_amount *id);
void sage_job_unwait(sage_frame *f, const sage_amount *id);

/* What is known of a worker, by the number he chose. */
typedef struct sage_worker_stats {
    uint64_t done, late, seconds; /* jobs proved, leases missed, time all jobs took */
    sage_amount earned;
} sage_worker_stats;
sage_worker_stats sage_worker_read(sage_frame *f, felt252 worker_id);
void sage_worker_write(sage_frame *f, felt252 worker_id, const sage_worker_stats *w);
/* Address of a number, number of an address; 0 if there is none. */
felt252 sage_worker_address(sage_frame *f, felt252 worker_id);
felt252 sage_worker_id(sage_frame *f, felt252 address);
uint64_t sage_worker_count(sage_frame *f);
/* Ties a number and an address for good; panics if either is tied to another. */
void sage_worker_register(sage_frame *f, felt252 worker_id, felt252 address);

#endif
