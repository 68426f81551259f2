/* Jobs, waiting jobs and workers in the JobManager's storage. */
#include "devnet/contracts/job_book.h"

/* A job's felts from its slot on. */
enum {
    CLIENT,
    WORKER,
    PROGRAM,
    INPUT,
    OUTPUT,
    PAYMENT,
    TYPE = PAYMENT + 2,
    PHASE,
    CREATED,
    ASSIGNED,
    COMPLETED,
    DEADLINE,
    LEASE,
    HAS_INPUT
};

static felt252 job_slot(const sage_amount *id)
{
    return sage_slot_of_u256("jobs", id);
}

static uint64_t count_up(sage_frame *f, const char *variable)
{
    felt252 slot = sage_slot(variable);
    uint64_t n   = sage_get_u64(f, slot) + 1;
    sage_put_u64(f, slot, n);
    return n;
}

sage_amount sage_job_new_id(sage_frame *f)
{
    return sage_amount_of(count_up(f, "total_jobs"));
}

uint64_t sage_job_count(sage_frame *f)
{
    return sage_get_u64(f, sage_slot("total_jobs"));
}

sage_job_entry sage_job_read(sage_frame *f, const sage_amount *id)
{
    const felt252 s  = job_slot(id);
    sage_job_entry j = {.client       = sage_get(f, sage_slot_next(s, CLIENT)),
                        .worker       = sage_get(f, sage_slot_next(s, WORKER)),
                        .program_hash = sage_get(f, sage_slot_next(s, PROGRAM)),
                        .input_hash   = sage_get(f, sage_slot_next(s, INPUT)),
                        .output_hash  = sage_get(f, sage_slot_next(s, OUTPUT)),
                        .payment      = sage_get_u256(f, sage_slot_next(s, PAYMENT)),
                        .type         = sage_get_u64(f, sage_slot_next(s, TYPE)),
                        .phase        = sage_get_u64(f, sage_slot_next(s, PHASE)),
                        .created_at   = sage_get_u64(f, sage_slot_next(s, CREATED)),
                        .assigned_at  = sage_get_u64(f, sage_slot_next(s, ASSIGNED)),
                        .completed_at = sage_get_u64(f, sage_slot_next(s, COMPLETED)),
                        .deadline     = sage_get_u64(f, sage_slot_next(s, DEADLINE)),
                        .lease_until  = sage_get_u64(f, sage_slot_next(s, LEASE)),
                        .has_input    = sage_get_u64(f, sage_slot_next(s, HAS_INPUT)) != 0};
    sage_require(f, !felt252_is_zero(j.client), "Unknown job");
    return j;
}

void sage_job_write(sage_frame *f, const sage_amount *id, const sage_job_entry *j)
{
    const felt252 s = job_slot(id);
    sage_put(f, sage_slot_next(s, CLIENT), j->client);
    sage_put(f, sage_slot_next(s, WORKER), j->worker);
    sage_put(f, sage_slot_next(s, PROGRAM), j->program_hash);
    sage_put(f, sage_slot_next(s, INPUT), j->input_hash);
    sage_put(f, sage_slot_next(s, OUTPUT), j->output_hash);
    sage_put_u256(f, sage_slot_next(s, PAYMENT), j->payment);
    sage_put_u64(f, sage_slot_next(s, TYPE), j->type);
    sage_put_u64(f, sage_slot_next(s, PHASE), j->phase);
    sage_put_u64(f, sage_slot_next(s, CREATED), j->created_at);
    sage_put_u64(f, sage_slot_next(s, ASSIGNED), j->assigned_at);
    sage_put_u64(f, sage_slot_next(s, COMPLETED), j->completed_at);
    sage_put_u64(f, sage_slot_next(s, DEADLINE), j->deadline);
    sage_put_u64(f, sage_slot_next(s, LEASE), j->lease_until);
    sage_put_u64(f, sage_slot_next(s, HAS_INPUT), j->has_input);
}

/* ---- those that wait: a list of numbers, and each one's place in it, from 1 on ---- */

static felt252 place_slot(const sage_amount *id)
{
    return sage_slot_of_u256("pending_place", id);
}

static felt252 list_slot(uint64_t i)
{
    return sage_slot_of("pending_jobs", felt252_from_u64(i));
}

uint64_t sage_jobs_waiting(sage_frame *f)
{
    return sage_get_u64(f, sage_slot("pending_job_count"));
}

sage_amount sage_job_waiting(sage_frame *f, uint64_t i)
{
    return sage_get_u256(f, list_slot(i));
}

void sage_job_wait(sage_frame *f, const sage_amount *id)
{
    uint64_t n = sage_jobs_waiting(f);
    sage_put_u256(f, list_slot(n), *id);
    sage_put_u64(f, place_slot(id), n + 1);
    sage_put_u64(f, sage_slot("pending_job_count"), n + 1);
}

void sage_job_unwait(sage_frame *f, const sage_amount *id)
{
    uint64_t n = sage_jobs_waiting(f), place = sage_get_u64(f, place_slot(id));
    sage_require(f, place > 0 && place <= n, "Job is not waiting");
    if (sage_panicked(f)) return;
    sage_amount last = sage_job_waiting(f, n - 1);
    sage_put_u256(f, list_slot(place - 1), last);
    sage_put_u64(f, place_slot(&last), place);
    sage_put_u256(f, list_slot(n - 1), sage_amount_of(0));
    sage_put_u64(f, place_slot(id), 0);
    sage_put_u64(f, sage_slot("pending_job_count"), n - 1);
}

/* ---- workers ---- */

enum { DONE, LATE, SECONDS, EARNED };

sage_worker_stats sage_worker_read(sage_frame *f, felt252 worker_id)
{
    const felt252 s = sage_slot_of("worker_stats", worker_id);
    return (sage_worker_stats){.done    = sage_get_u64(f, sage_slot_next(s, DONE)),
                               .late    = sage_get_u64(f, sage_slot_next(s, LATE)),
                               .seconds = sage_get_u64(f, sage_slot_next(s, SECONDS)),
                               .earned  = sage_get_u256(f, sage_slot_next(s, EARNED))};
}

void sage_worker_write(sage_frame *f, felt252 worker_id, const sage_worker_stats *w)
{
    const felt252 s = sage_slot_of("worker_stats", worker_id);
    sage_put_u64(f, sage_slot_next(s, DONE), w->done);
    sage_put_u64(f, sage_slot_next(s, LATE), w->late);
    sage_put_u64(f, sage_slot_next(s, SECONDS), w->seconds);
    sage_put_u256(f, sage_slot_next(s, EARNED), w->earned);
}

felt252 sage_worker_address(sage_frame *f, felt252 worker_id)
{
    return sage_get(f, sage_slot_of("worker_addresses", worker_id));
}

felt252 sage_worker_id(sage_frame *f, felt252 address)
{
    return sage_get(f, sage_slot_of("address_to_worker_id", address));
}

uint64_t sage_worker_count(sage_frame *f)
{
    return sage_get_u64(f, sage_slot("worker_count"));
}

void sage_worker_register(sage_frame *f, felt252 worker_id, felt252 address)
{
    felt252 tied = sage_worker_address(f, worker_id), number = sage_worker_id(f, address);
    bool fresh = felt252_is_zero(tied) && felt252_is_zero(number);
    sage_require(f, felt252_is_zero(tied) || felt252_eq(tied, address), "Worker ID is taken");
    sage_require(f, felt252_is_zero(number) || felt252_eq(number, worker_id),
                 "Address has another worker ID");
    sage_put(f, sage_slot_of("worker_addresses", worker_id), address);
    sage_put(f, sage_slot_of("address_to_worker_id", address), worker_id);
    if (fresh) count_up(f, "worker_count");
}
