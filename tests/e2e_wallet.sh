#!/usr/bin/env bash
# A wallet's life on the local chain, with the real programs: made, funded, deployed, paid from,
# staked with, a proof sent, copied; refused where it must be; killed while a transaction is in flight.
# usage: e2e_wallet.sh APP_FOLDER SOURCE
. "$(dirname "$0")/e2e_lib.sh"
export HOME=$T/home SAGE_NETWORK=devnet SAGE_CACHE_DIR=${SAGE_CACHE_DIR:-$APP/cairo-cache}
unset SAGE_RPC STARKNET_RPC SAGE_TOKEN_ADDRESS
PASS='correct horse battery'
printf '%s\n' "$PASS" >"$T/pass"
SAGE=$APP/sage

mkdir -p "$T/chain"
"$APP/sage-devnet" start --data-dir "$T/chain" --listen 127.0.0.1:0 --dev-methods \
    >"$T/devnet.log" 2>&1 &
echo $! >"$T/devnet.pid"
wait_for_file "$T/chain/port"
SAGE_RPC=http://127.0.0.1:$(cat "$T/chain/port")
export SAGE_RPC

secret() { "$SAGE" "$@" --passphrase-fd 9 9<"$T/pass"; }
must() { "$@" >"$T/out" 2>"$T/errors" || { cat "$T/out" "$T/errors" >&2; fail "$*"; }; }
refused() { # EXIT CODE COMMAND...
    local exit=$1 code=$2 status=0
    shift 2
    "$@" >"$T/out" 2>"$T/errors" || status=$?
    [ $status = "$exit" ] && grep -qF "$code" "$T/errors" ||
        { cat "$T/out" "$T/errors" >&2; fail "$* ended with $status, not $exit $code"; }
}
json() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p" "$T/out"; }
rpc() { # METHOD PARAMS
    curl -sS --max-time 20 -H 'Content-Type: application/json' \
        -d "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"$1\",\"params\":$2}" "$SAGE_RPC" >"$T/rpc"
    grep -q '"result"' "$T/rpc" || { cat "$T/rpc" >&2; fail "$1"; }
}
holds() { # TOKEN BASE_UNITS
    must "$SAGE" wallet balance --token "$1" --json
    [ "$(json "$1")" = "$2" ] || { cat "$T/out" >&2; fail "the wallet does not hold $2 of $1"; }
}

must secret wallet new --json
ADDRESS=$(json address)
holds STRK 0
refused 73 rpc.execution secret invoke STRK transfer 0x77 1
refused 73 '' secret wallet deploy # nothing to pay the fee with
rpc devnet_mint "{\"address\":\"$ADDRESS\",\"amount\":5000000000000000000,\"unit\":\"FRI\"}"
holds STRK 5000000000000000000
must secret wallet deploy --json
[ "$(json status)" = executed ] || fail "not deployed"
refused 73 sender.deployed secret wallet deploy

# The faucet's drip is enough to stake.
must secret invoke Faucet claim --json
must "$SAGE" wallet balance --token SAGE
grep -qxF '  SAGE           1500' "$T/out" || fail "the faucet's drip"

must secret wallet transfer 0x77 0.25 --json
must "$SAGE" wallet balance 0x77
grep -qxF '  STRK           0.25' "$T/out" || { cat "$T/out" >&2; fail "0.25 STRK at 0x77"; }
must secret wallet transfer 0x77 12.5 --token SAGE
grep -qx 'executed' "$T/out" || fail "a transfer for people"
must "$SAGE" call SAGE balance_of 0x77
grep -q 12500000000000000000 "$T/out" || { cat "$T/out" >&2; fail "the ABI's u256"; }
must "$SAGE" call SAGE balance_of 0x77 --raw
[ "$(head -1 "$T/out")" = 0xad78ebc5ac620000 ] || { cat "$T/out" >&2; fail "raw felts"; }
refused 64 abi.arguments "$SAGE" call SAGE balance_of
refused 67 abi.function "$SAGE" call SAGE nothing_of_the_kind
refused 65 abi. "$SAGE" call SAGE balance_of hello

# Stake: approve, then stake as the ABI says it.
STAKING=$(sed -n 's/^  ProverStaking *//p' "$T/devnet.log")
must secret invoke SAGE approve "$STAKING" 1000000000000000000000
must secret invoke --raw SAGE approve "$STAKING" amount:1000
must secret invoke ProverStaking stake 1000000000000000000000 Consumer
must "$SAGE" call ProverStaking get_stake "$ADDRESS"
grep -q 1000000000000000000000 "$T/out" || { cat "$T/out" >&2; fail "the stake"; }
holds SAGE 487500000000000000000

# Refused before it is sent, and by name.
refused 73 rpc. secret wallet transfer 0x77 999999 --token SAGE
refused 65 sender.fee_cap secret wallet transfer 0x77 0.1 --max-fee 0.000000000000000001
refused 77 keystore.passphrase bash -c "'$SAGE' wallet transfer 0x77 1 --passphrase-fd 9 \
    9< <(echo 'not the passphrase')"
refused 64 pool.chain env SAGE_NETWORK= "$SAGE" call STRK name --chain-id SN_MAIN

# Not waited for: the next command settles it, and nonces stay in order.
for _ in 1 2 3; do must secret wallet transfer 0x78 0.01 --no-wait; done
must secret wallet transfer 0x78 0.01
must "$SAGE" wallet balance 0x78
grep -qxF '  STRK           0.04' "$T/out" || { cat "$T/out" >&2; fail "four transfers"; }
JOURNAL=$HOME/.bitsage/keys/starknet.key.journal
[ -f "$JOURNAL" ] && ! grep -q '"hash"' "$JOURNAL" || fail "something is in flight still"

# Killed once it is signed: the journal has it, and the next command brings it to its end.
"$SAGE" wallet transfer 0x79 0.5 --passphrase-fd 9 9<"$T/pass" >"$T/killed.out" 2>&1 &
KILLED=$!
for _ in $(seq 200); do
    grep -q '"hash"' "$JOURNAL" && break
    sleep 0.02
done
kill -9 $KILLED 2>/dev/null
wait $KILLED 2>/dev/null
must secret wallet transfer 0x79 0.125
must "$SAGE" wallet balance 0x79
grep -qxF '  STRK           0.625' "$T/out" || { cat "$T/out" >&2; fail "both, and each once"; }

must "$SAGE" wallet pending --json
grep -qxF '{"in_flight":[]}' "$T/out" || { cat "$T/out" >&2; fail "what is in flight"; }
refused 67 sender.unknown "$SAGE" wallet pending --forget 0x1
must secret wallet transfer 0x79 0.125 --no-wait
must "$SAGE" wallet pending
grep -qx '0 in flight' "$T/out" && grep -q ': executed$' "$T/errors" || fail "pending settles"

# A transaction may carry a proof: the node verifies it before it takes the transaction.
PROGRAM=$2/examples/cairo/fibonacci BINDING=(--job-id 1 --worker "$ADDRESS" --input-hash 0x5)
must "$SAGE" prove cairo --program "$PROGRAM.casm" --input "$PROGRAM.input.json" "${BINDING[@]}" \
    -o "$T/proof"
must "$SAGE" facts "$T/proof" "${BINDING[@]}"
cp "$T/out" "$T/facts"
carry=(invoke STRK transfer 0x80 1 --proof-facts "$T/facts")
must secret "${carry[@]}" --proof "$T/proof"
must "$SAGE" wallet balance 0x80 --token STRK
grep -qxF '  STRK           0.000000000000000001' "$T/out" || fail "the transfer with a proof"
head -c -1 "$T/proof" >"$T/cut"
refused 66 rpc.proof secret "${carry[@]}" --proof "$T/cut"
sed 's/"0x5"/"0x6"/' "$T/facts" >"$T/other" # of another input
refused 66 rpc.proof secret invoke STRK transfer 0x80 1 --proof "$T/proof" --proof-facts "$T/other"

# A copy on another machine is the same wallet.
must secret wallet export "$T/copy"
HOME=$T/elsewhere must secret wallet restore "$T/copy" --json
[ "$(json address)" = "$ADDRESS" ] || fail "the restored wallet"
HOME=$T/elsewhere must secret wallet transfer 0x78 0.01
echo "PASSED: a wallet made, funded, deployed, paid from, staked with, a proof sent, copied"
