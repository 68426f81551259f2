/* Escrow: collecting, sharing out, paying back. */
#include "devnet/contracts/job_payment.h"

#include "devnet/contracts/erc20_calls.h"

enum { PERCENT = 100, WORKER_SHARE = 80, BURN_SHARE = 70, STAKER_SHARE = 10 };

static felt252 token(sage_frame *f)
{
    return sage_get(f, sage_slot("payment_token"));
}

static void change_escrow(sage_frame *f, sage_amount in, sage_amount out)
{
    const felt252 slot = sage_slot("escrow");
    sage_amount held   = sage_plus(f, sage_get_u256(f, slot), in);
    sage_put_u256(f, slot, sage_minus(f, held, out, "Escrow too small"));
}

sage_job_shares sage_job_share_out(sage_frame *f, sage_amount payment)
{
    static const char why[] = "Shares exceed payment";
    sage_job_shares s       = {.worker = sage_part(f, payment, WORKER_SHARE, PERCENT)};
    sage_amount fee         = sage_minus(f, payment, s.worker, why);
    s.burned                = sage_part(f, fee, BURN_SHARE, PERCENT);
    s.stakers               = sage_part(f, fee, STAKER_SHARE, PERCENT);
    s.treasury              = sage_minus(f, fee, s.burned, why);
    s.treasury              = sage_minus(f, s.treasury, s.stakers, why);
    return s;
}

void sage_job_collect(sage_frame *f, sage_amount payment)
{
    change_escrow(f, payment, sage_amount_of(0));
    sage_erc20_transfer_from(f, token(f), sage_caller(f), sage_self(f), payment);
}

sage_job_shares sage_job_pay_out(sage_frame *f, felt252 worker, sage_amount payment)
{
    const felt252 t   = token(f);
    sage_job_shares s = sage_job_share_out(f, payment);
    change_escrow(f, sage_amount_of(0), payment);
    sage_erc20_transfer(f, t, worker, s.worker);
    sage_erc20_burn(f, t, s.burned);
    sage_erc20_transfer(f, t, sage_get(f, sage_slot("treasury")), s.treasury);
    sage_erc20_transfer(f, t, sage_get(f, sage_slot("staker_pool")), s.stakers);
    return s;
}

void sage_job_pay_back(sage_frame *f, felt252 client, sage_amount payment)
{
    change_escrow(f, sage_amount_of(0), payment);
    sage_erc20_transfer(f, token(f), client, payment);
}
