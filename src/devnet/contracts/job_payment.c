/* Escrow: collecting, sharing out, paying back. */
#include "devnet/contracts/job_payment.h"

#include "devnet/contracts/erc20_calls.h"

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

sage_shares sage_share_out(sage_frame *f, sage_amount payment)
{
    sage_shares s = {0};
    if (sage_shares_of(&s, &payment, NULL)) sage_panic(f, "u256_mul Overflow");
    return s;
}

void sage_job_collect(sage_frame *f, sage_amount payment)
{
    change_escrow(f, payment, sage_amount_of(0));
    sage_erc20_transfer_from(f, token(f), sage_caller(f), sage_self(f), payment);
}

sage_shares sage_job_pay_out(sage_frame *f, felt252 worker, sage_amount payment)
{
    const felt252 t = token(f);
    sage_shares s   = sage_share_out(f, payment);
    change_escrow(f, sage_amount_of(0), payment);
    sage_erc20_transfer(f, t, worker, s.worker);
    sage_erc20_burn(f, t, s.burn);
    sage_erc20_transfer(f, t, sage_get(f, sage_slot("treasury")), s.treasury);
    sage_erc20_transfer(f, t, sage_get(f, sage_slot("staker_pool")), s.stakers);
    return s;
}

void sage_job_pay_back(sage_frame *f, felt252 client, sage_amount payment)
{
    change_escrow(f, sage_amount_of(0), payment);
    sage_erc20_transfer(f, token(f), client, payment);
}
