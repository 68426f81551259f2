#!/bin/bash
# Three workers over one queue, two of them killed at random and started again, a coordinator
# that restarts in between: every job is proved and paid once.
# usage: e2e_race.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
JOBS=12
start_coordinator "$T/c"
kill "$(cat "$T/c/coordinator.pid")" && wait "$(cat "$T/c/coordinator.pid")"
rm "$T/c/coordinator.pid"
supervise coordinator "$T/coordinator.log" "$APP/sage-coordinator" start --data-dir "$T/c" \
    --listen "${URL#http://}" --security-bits 13 --lease-ms 1500
for w in 1 2 3; do
    supervise worker$w "$T/worker$w.log" "$APP/sage-worker" start --coordinator "$URL" \
        --data-dir "$T/w$w" --params "$T/test.params" --threads 1
done
pids=
for i in $(seq $JOBS); do
    head -c $((i * 500)) /dev/urandom >"$T/in$i"
    timeout 120 "$APP/sage" submit file_digest --input "$T/in$i" --price $PRICE --attempts 50 \
        --coordinator "$URL" --wait >"$T/submit$i.log" 2>&1 &
    pids="$pids $!"
    case $i in 3 | 6 | 9) kill -9 "$(cat "$T/worker$((i / 3 % 2 + 1)).pid")" ;; esac
    [ $i = 7 ] && kill -9 "$(cat "$T/coordinator.pid")"
    sleep 0.05
done
for pid in $pids; do wait "$pid" || fail "a submission"; done
stop_all
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "jobs $JOBS" "  proved         $JOBS" "  in escrow      0 SAGE" \
    "  paid           $((JOBS * 8)) SAGE" "  fees           $((JOBS * 2)) SAGE" \
    "ledger: $((JOBS * 2)) transactions, $((JOBS * 7)) entries"
echo "$JOBS jobs paid once each"
