#!/bin/bash
# kill -9 of coordinator, worker and proving child at every named step of the path
# (src/proto/crash.h). Whoever dies is started again; the job must then finish, be paid exactly
# once, and leave the books balanced and the escrow empty.
# usage: e2e_crash.sh APP_FOLDER SOURCE_FOLDER [POINT...]
. "$(dirname "$0")/e2e_lib.sh"
source_dir=$2
shift 2
points=${*:-$(sed -n 's/^ *X("\([a-z.]*\)").*/\1/p' "$source_dir/src/proto/crash.h")}
[ -n "$points" ] || fail "no crash points"
head -c 2000 /dev/urandom >"$T/input"

one_point() {
    local point=$1 dir=$T/$1 coordinator_env= worker_env=
    mkdir -p "$dir"
    case $point in
    coordinator.*) coordinator_env="SAGE_CRASH_AT=$point SAGE_CRASH_ONCE=$dir/crashed" ;;
    *) worker_env="SAGE_CRASH_AT=$point SAGE_CRASH_ONCE=$dir/crashed" ;;
    esac
    # The first start only finds a port; the supervised ones keep it.
    start_coordinator "$dir/c"
    kill "$(cat "$dir/c/coordinator.pid")" && wait "$(cat "$dir/c/coordinator.pid")"
    rm "$dir/c/coordinator.pid"
    supervise coordinator "$dir/coordinator.log" env $coordinator_env "$APP/sage-coordinator" \
        start --data-dir "$dir/c" --listen "${URL#http://}" --security-bits 13 --lease-ms 1500
    supervise worker "$dir/worker.log" env $worker_env "$APP/sage-worker" start \
        --coordinator "$URL" --data-dir "$dir/w" --params "$T/test.params" --threads 1
    timeout 90 "$APP/sage" submit file_digest --input "$T/input" --price $PRICE \
        --coordinator "$URL" --wait >"$dir/submit.log" 2>&1 || fail "$point: submit"
    [ -e "$dir/crashed" ] || fail "$point: nothing crashed there"
    local job
    job=$(sed -n 's/^job \(j-[0-9a-f]*\): proved$/\1/p' "$dir/submit.log")
    [ -n "$job" ] || fail "$point: not proved"
    # The spool is empty when the worker has had its answer.
    local i
    for i in $(seq 100); do
        [ -z "$(ls "$dir/w/spool")" ] && break
        sleep 0.1
    done
    [ -z "$(ls "$dir/w/spool")" ] || fail "$point: the spool keeps $(ls "$dir/w/spool")"
    "$APP/sage" result "$job" -o "$dir/proof" --security-bits 13 >"$dir/result.log" 2>&1 ||
        fail "$point: result"
    stop_all
    audit "$dir/c" >"$dir/audit"
    expect_line "$dir/audit" "jobs 1" "  proved         1" "  in escrow      0 SAGE" \
        "  paid           8 SAGE" "  fees           2 SAGE" "  refunded       0 SAGE" \
        "ledger: 2 transactions, 7 entries"
    echo "ok $point"
}

for point in $points; do one_point "$point"; done
echo "$(echo $points | wc -w) points passed"
