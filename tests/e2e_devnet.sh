#!/bin/bash
# sage-devnet as its users meet it: HTTP and its refusals, the methods over curl, a folder that
# belongs to one process and one chain, SIGTERM, and kill -9 in full run and at every named step
# of the chain: what was answered is there after the restart.
# usage: e2e_devnet.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
D=$T/chain
JSON="Content-Type: application/json"
n_ok=0

# start_node [OPTIONS...]; sets URL and PID
start_node() {
    mkdir -p "$D"
    rm -f "$D/port"
    "$APP/sage-devnet" start --data-dir "$D" --listen 127.0.0.1:0 --seed 3 --accounts 3 "$@" \
        >>"$T/node.log" 2>&1 &
    PID=$!
    echo $PID >"$T/node.pid"
    wait_for_file "$D/port"
    URL=http://127.0.0.1:$(cat "$D/port")
}

rpc() { # METHOD PARAMS
    curl -s -m 20 -H "$JSON" -d '{"jsonrpc":"2.0","id":1,"method":"'"$1"'","params":'"$2"'}' "$URL/"
}

# gives METHOD PARAMS PATTERN: the answer matches
gives() {
    local got
    got=$(rpc "$1" "$2")
    echo "$got" | grep -qE "$3" || fail "$1 $2: $(echo "$got" | head -c 400), not $3"
    n_ok=$((n_ok + 1))
}

# http STATUS CURL...: the status of an answer
http() {
    local want=$1 got
    shift
    got=$(curl -s -m 20 -o /dev/null -w '%{http_code}' "$@")
    [ "$got" = "$want" ] || fail "$*: status $got, not $want"
    n_ok=$((n_ok + 1))
}

start_node --dev-methods --cors http://one.page
"$APP/sage-devnet" accounts --seed 3 --accounts 3 >"$T/accounts" || fail "accounts"
diff <(grep -A3 '^account' "$T/node.log" | grep -v '^--') "$T/accounts" >/dev/null ||
    fail "accounts differ from those of the running node"
ACCOUNT=$(sed -n 's/^  address *//p' "$T/accounts" | head -n 1)
STRK=$(sed -n 's/^  STRK *//p' "$T/node.log")

BODY='{"jsonrpc":"2.0","id":1,"method":"starknet_chainId"}'
[ "$(curl -s "$URL/is_alive")" = 'Alive!!!' ] || fail "is_alive"
for path in / /rpc /rpc/v0_10; do http 200 -H "$JSON" -d "$BODY" "$URL$path"; done
http 200 -H 'Content-Type: application/json; charset=utf-8' -d "$BODY" "$URL/"
http 200 -H 'Transfer-Encoding: chunked' -H "$JSON" -d "$BODY" "$URL/"
http 204 -H "$JSON" -d '{"jsonrpc":"2.0","method":"starknet_chainId"}' "$URL/"
http 403 -H 'Host: name.example' -H "$JSON" -d "$BODY" "$URL/"
http 404 -H "$JSON" -d "$BODY" "$URL/other"
http 405 "$URL/"
http 415 -H 'Content-Type: text/plain' -d "$BODY" "$URL/"
http 200 -X OPTIONS "$URL/"
curl -s -i -H "$JSON" -d "$BODY" "$URL/" | grep -qi '^access-control-allow-origin: http://one.page' ||
    fail "no CORS header"
head -c 13000000 /dev/zero | tr '\0' ' ' >"$T/long"
http 413 -H "$JSON" --data-binary "@$T/long" "$URL/"

gives starknet_specVersion '[]' '"result":"0.10.2"'
gives starknet_chainId '[]' '"result":"0x534e5f5345504f4c4941"'
gives starknet_syncing '[]' '"result":false'
gives starknet_blockNumber '[]' '"result":0'
gives starknet_blockHashAndNumber '[]' '"block_number":0'
gives starknet_getBlockWithTxHashes '["latest"]' '"transactions":\[\]'
gives starknet_getBlockWithTxs '["pre_confirmed"]' '"block_number":1'
gives starknet_getBlockWithReceipts '{"block_id":{"block_number":0}}' '"status":"ACCEPTED_ON_L2"'
gives starknet_getBlockTransactionCount '["latest"]' '"result":0'
gives starknet_getStateUpdate '[{"block_number":0}]' '"deployed_contracts":\[\{'
gives starknet_getNonce '["latest","'$ACCOUNT'"]' '"result":"0x0"'
gives starknet_getClassHashAt '["latest","'$ACCOUNT'"]' '"result":"0x5b4b537e'
gives starknet_getClassAt '["latest","'$STRK'"]' '"abi":'
gives starknet_getStorageAt '["'$STRK'","0x1","latest"]' '"result":"0x0"'
gives starknet_getEvents '[{"chunk_size":10}]' '"events":\['
gives starknet_getStorageProof '["latest"]' '"code":42'
gives starknet_getCompiledCasm '["0x1"]' '"code":28'
gives starknet_getMessagesStatus '["0x1"]' '"code":29'
gives starknet_addDeclareTransaction '[{}]' '"code":63'
gives starknet_addInvokeTransaction '[{}]' '"code":-32602'
gives starknet_subscribeNewHeads '[]' '"code":-32601'
gives devnet_increaseTime '[604800]' '"timestamp_increased_by":604800'
gives devnet_createBlock '[]' '"block_hash":"0x'
gives devnet_mint '["0x77","5","SAGE"]' '"new_balance":"5"'
gives devnet_getPredeployedAccounts '[]' "\"address\":\"$ACCOUNT\""

# One process a folder, one chain a folder.
"$APP/sage-devnet" start --data-dir "$D" --listen 127.0.0.1:0 --seed 3 --accounts 3 >"$T/second" 2>&1 &&
    fail "two processes in one folder"
grep -q 'chain.locked' "$T/second" || fail "second process: $(cat "$T/second")"
kill $PID
wait $PID || fail "SIGTERM: exit code $?"
"$APP/sage-devnet" start --data-dir "$D" --listen 127.0.0.1:0 --seed 4 --accounts 3 >"$T/second" 2>&1 &&
    fail "another seed in the same folder"
grep -q 'chain.options' "$T/second" || fail "another seed: $(cat "$T/second")"

start_node
gives devnet_mint '["0x77","5"]' '"code":-32601.*--dev-methods'
gives starknet_blockNumber '[]' '"result":3'
kill $PID && wait $PID

# Mints from four clients until the node is gone; each notes the hashes it was given.
mint_until_gone() {
    local i answer
    for i in $(seq 400); do
        answer=$(rpc devnet_mint '["0x9'$1'","1"]') || return
        echo "$answer" | sed -n 's/.*"tx_hash":"\(0x[0-9a-f]*\)".*/\1/p' >>"$T/minted.$1"
    done
}

# crash NAME SECONDS|-: everything that was answered is there after the restart, whether the node
# is killed after so many seconds or kills itself.
crash() {
    local hash answer n=0 clients=() c
    rm -f "$T"/minted.*
    for c in 1 2 3 4; do
        mint_until_gone $c &
        clients+=($!)
    done
    if [ "$2" != - ]; then
        sleep "$2"
        kill -9 $PID
    fi
    { # the shell would name the killed process
        wait "${clients[@]}"
        kill -9 $PID
        wait $PID
    } 2>/dev/null
    start_node --dev-methods
    for hash in $(cat "$T"/minted.*); do
        answer=$(rpc starknet_getTransactionReceipt '["'$hash'"]')
        echo "$answer" | grep -q '"execution_status":"SUCCEEDED"' ||
            fail "$1: $hash was accepted and then: $answer"
        n=$((n + 1))
    done
    [ $n -gt 0 ] || fail "$1: nothing was minted"
    gives devnet_mint '["0x95","1"]' '"new_balance":'
    echo "ok $1: $n accepted, none lost"
    kill $PID
    wait $PID || fail "$1: SIGTERM after the restart"
}

start_node --dev-methods
crash "kill -9" 1
for point in chain.group.written:12 chain.group.committed:12 chain.seal.written:2 chain.seal.committed:2; do
    export SAGE_CRASH_AT=$point SAGE_CRASH_ONCE=$T/crashed.$point
    start_node --dev-methods --block-time 1
    crash $point -
    [ -e "$T/crashed.$point" ] || fail "$point: nothing crashed there"
    unset SAGE_CRASH_AT SAGE_CRASH_ONCE
done
echo "$n_ok answers as they should be"
