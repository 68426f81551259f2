#!/usr/bin/env bash
# sage wallet as its users meet it, without a node: files, passphrases, exit codes, what is printed.
# usage: wallet.sh SAGE
set -euo pipefail
sage=$1
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
export HOME=$T/home
unset SAGE_RPC STARKNET_RPC SAGE_NETWORK SAGE_TOKEN_ADDRESS CREDENTIALS_DIRECTORY
pass='correct horse battery' other='another passphrase'
n=0

# expect EXIT PATTERN WHAT -- COMMAND...: exit code, and a line of stdout or stderr. No terminal.
expect() {
    local exit=$1 pattern=$2 what=$3 status=0
    shift 4
    setsid -w "$@" >"$T/out" 2>&1 </dev/null || status=$?
    [ $status = "$exit" ] || { echo "$what: exit $status, not $exit"; cat "$T/out"; exit 1; }
    grep -q -- "$pattern" "$T/out" || { echo "$what: no $pattern in"; cat "$T/out"; exit 1; }
    n=$((n + 1))
}
check() { # WHAT COMMAND...
    local what=$1
    shift
    "$@" || { echo "$what"; exit 1; }
    n=$((n + 1))
}
# with PASSPHRASE... COMMAND: the lines on file descriptor 9.
lines() { printf '%s\n' "$@" >"$T/lines"; }
wallet() { "$sage" wallet "$@" --passphrase-fd 9 9<"$T/lines"; }
export -f wallet
export sage T

key=$HOME/.bitsage/keys/starknet.key
lines "$pass"
expect 0 '^  address  *0x[0-9a-f]*$' "new" -- bash -c 'wallet new'
check "mode of the keystore" test "$(stat -c %a "$key")" = 600
check "mode of its folder" test "$(stat -c %a "${key%/*}")" = 700
check "kdf" grep -q '"opslimit": 3,' "$key"
check "memory" grep -q '"memlimit": 268435456,' "$key"
check "nothing else is left" test "$(ls -A "${key%/*}")" = starknet.key
address=$(sed -n 's/^  address *//p' "$T/out")
expect 0 "$address" "address needs no passphrase" -- "$sage" wallet address
expect 0 "\"address\":\"$address\"" "address as JSON" -- "$sage" wallet address --json
expect 73 'keystore.exists' "a second new" -- bash -c 'wallet new'
expect 73 'keystore.exists' "an import over it" -- bash -c 'wallet import'

# Copies.
expect 0 'passphrase opens it' "export" -- bash -c 'wallet export $T/copy'
check "the copy is the file" cmp -s "$key" "$T/copy"
check "mode of the copy" test "$(stat -c %a "$T/copy")" = 600
expect 73 'keystore.exists' "export over a file" -- bash -c 'wallet export $T/copy'
bash -c 'wallet export' >"$T/stdout" 2>/dev/null
check "export to stdout" cmp -s "$key" "$T/stdout"
lines "$other"
expect 77 'EAUTH keystore.passphrase' "a wrong passphrase" -- bash -c 'wallet export $T/none'
check "nothing is written then" test ! -e "$T/none"
lines "$pass" "$other"
expect 0 'passphrase opens it' "another passphrase" -- \
    bash -c 'wallet export $T/changed --new-passphrase-fd 9'
lines "$pass"
expect 77 'keystore.passphrase' "the old one" -- bash -c 'wallet restore $T/changed -w $T/r1'
check "nothing is restored then" test ! -e "$T/r1"
lines "$other"
expect 0 "$address" "the new one" -- bash -c 'wallet restore $T/changed -w $T/new/folder/r1'
check "restored as it was" cmp -s "$T/changed" "$T/new/folder/r1"
expect 73 'keystore.exists' "restore over a wallet" -- bash -c 'wallet restore $T/changed'

# Damage is not a wrong passphrase, and costs no work.
head -c 300 "$key" >"$T/cut"
sed 's/"address": "0x./"address": "0xa/' "$key" >"$T/edited"
sed 's/"version": 1/"version": 2/' "$key" >"$T/later"
sed 's/"memlimit": 268435456/"memlimit": 99999999999/' "$key" >"$T/greedy"
cmp -s "$key" "$T/edited" && sed 's/"address": "0x./"address": "0xb/' "$key" >"$T/edited"
expect 65 'EFORMAT keystore.form' "a cut file" -- "$sage" wallet address -w "$T/cut"
expect 65 'EFORMAT keystore.form' "an edited file" -- "$sage" wallet address -w "$T/edited"
expect 69 'EUNSUP keystore.version' "a later version" -- "$sage" wallet address -w "$T/later"
expect 65 'ELIMIT keystore.limit' "a greedy file" -- "$sage" wallet address -w "$T/greedy"
expect 67 'file.open' "no file" -- "$sage" wallet address -w "$T/none"

# A key, public key and address that starknet.js 10.8.0 made.
lines "$pass"
printf '0x3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc\n%s\n' "$pass" >"$T/both"
expect 0 '0x616cf9d4fe412b7a5a2c5b1b3172f4de8e223cb0109c6c7790c486d9ad9164d' "import" -- \
    bash -c '"$sage" wallet import -w $T/i1 --key-fd 8 --passphrase-fd 8 8<$T/both'
expect 0 '0x77a3b314db07c45076d11f62b6f9e748a39790441823307743cf00d6597ea43' "its public key" -- \
    "$sage" wallet address -w "$T/i1"
bash -c 'wallet export -w $T/i1 --plaintext --yes-plaintext' >"$T/plain"
check "plaintext" test "$(cat "$T/plain")" = \
    0x03c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc
expect 77 'secret.terminal' "plaintext asks" -- bash -c 'wallet export -w $T/i1 --plaintext'
printf '3C1E9550E66958296D11B60F8E8E7A7AD990D07FA65D5F7652C4A6C87D4E3CC\n%s\n' "$pass" >"$T/both"
expect 0 'SN_MAIN' "import for mainnet, another account" -- bash -c '"$sage" wallet import -w $T/i2 \
    --address 0x77 --network mainnet --key-fd 8 --passphrase-fd 8 8<$T/both'
expect 0 ' 0x77$' "its address is its own" -- "$sage" wallet address -w "$T/i2"
for bad in '' 0 0x 0xg 0x0800000000000010ffffffffffffffffb781126dcae7b2321e66a241adc64d2f \
    "$(printf %065d 1)"; do
    printf '%s\n%s\n' "$bad" "$pass" >"$T/both"
    expect 65 'wallet.secret' "the key \"$bad\"" -- \
        bash -c '"$sage" wallet import -w $T/i3 --key-fd 8 --passphrase-fd 8 8<$T/both'
done
check "no wallet of a bad key" test ! -e "$T/i3"

# Passphrases.
lines short
expect 64 'secret.short' "a short one" -- bash -c 'wallet new -w $T/n1'
lines "$(printf %02000d 1)"
expect 65 'secret.long' "a long one" -- bash -c 'wallet new -w $T/n1'
expect 77 'secret.terminal' "nobody to ask" -- "$sage" wallet new -w "$T/n1"
expect 67 'secret.credential' "no credentials" -- \
    "$sage" wallet new -w "$T/n1" --passphrase-credential wallet
expect 74 'secret.read' "a closed descriptor" -- "$sage" wallet new -w "$T/n1" --passphrase-fd 97
check "no wallet without a passphrase" test ! -e "$T/n1"
mkdir "$T/credentials"
printf '%s' "$pass" >"$T/credentials/wallet"
expect 0 "$address" "a credential" -- env CREDENTIALS_DIRECTORY="$T/credentials" \
    "$sage" wallet restore "$T/copy" -w "$T/r2" --passphrase-credential wallet
expect 67 'secret.credential' "not out of its folder" -- env \
    CREDENTIALS_DIRECTORY="$T/credentials" "$sage" wallet restore "$T/copy" -w "$T/r3" \
    --passphrase-credential ../lines
lines "$pass"
expect 64 'secret.source' "two sources" -- env CREDENTIALS_DIRECTORY="$T/credentials" \
    bash -c 'wallet restore $T/copy -w $T/r3 --passphrase-credential wallet'

# The terminal: typed twice, not echoed. answer TEXT: when a further prompt is on the screen.
if command -v script >/dev/null; then
    mkfifo "$T/keys"
    script -qefc "'$sage' wallet new -w '$T/typed'; echo status \$?" /dev/null \
        <"$T/keys" >"$T/screen" 2>&1 &
    exec 7>"$T/keys"
    for prompt in 'passphrase:' 'again:'; do
        for _ in $(seq 400); do
            grep -q "$prompt" "$T/screen" && break
            sleep 0.05
        done
        printf '%s\n' "$pass" >&7
    done
    wait $!
    exec 7>&-
    check "typed" grep -q 'status 0' "$T/screen"
    check "not echoed" test "$(grep -c "$pass" "$T/screen")" = 0
    check "opens" bash -c 'wallet export -w $T/typed $T/typed.copy' 2>/dev/null
fi

# What needs a network says so before it asks for anything.
expect 64 'wallet.rpc' "no node" -- "$sage" wallet transfer 0x1 1
expect 64 'wallet.rpc' "no node to call" -- "$sage" call 0x1 name
expect 73 'wallet.chain' "another chain" -- "$sage" wallet transfer 0x1 1 --network mainnet
expect 64 'wallet.network' "no such network" -- "$sage" wallet new -w "$T/n1" --network moon
expect 64 'wallet.network' "two networks" -- \
    "$sage" wallet new -w "$T/n1" --network sepolia --chain-id SN_MAIN
expect 65 'wallet.address' "no address" -- "$sage" wallet transfer 0x0 1
expect 65 'wallet.address' "no such name" -- "$sage" wallet transfer SAGE 1
expect 65 'amount' "no amount" -- "$sage" wallet transfer 0x1 1.
expect 64 'wallet.transfer' "to the token itself" -- "$sage" wallet transfer STRK 1
expect 64 'invoke.proof' "a proof without facts" -- "$sage" invoke 0x1 f --proof "$T/copy"
printf '["0x1", 2]' >"$T/facts"
expect 65 'invoke.facts' "facts of another form" -- \
    "$sage" invoke 0x1 f --proof "$T/copy" --proof-facts "$T/facts"
expect 75 'pool.down' "a node that is not there" -- \
    "$sage" call 0x1 name --raw --rpc http://127.0.0.1:9

# The commands of a group.
expect 0 'wallet transfer' "help of the group" -- "$sage" wallet --help
expect 64 'cli.command' "the group alone" -- "$sage" wallet
expect 0 '--passphrase-fd N' "help of one" -- "$sage" wallet new --help

# No secret in what was printed, and none in any file but the one asked for in the open.
check "secrets stay where they belong" test -z \
    "$(grep -rli 3c1e9550e66958296d11b60f8e8e7a7ad990d07fa65d5f7652c4a6c87d4e3cc "$T" | grep -v -e /plain -e /both)"
echo "$n as expected"
