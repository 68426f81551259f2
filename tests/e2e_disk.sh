#!/bin/bash
# A disk that is full, as a limit on the size of files shows it: first the coordinator's, then
# the worker's. Each says so and leaves nothing half done; with room again the job is paid once.
# usage: e2e_disk.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
head -c 3000000 /dev/urandom >"$T/input"

# 1 MiB for the coordinator: the database fits, the input does not.
(ulimit -f 1024 && start_coordinator "$T/c" && echo "$URL" >"$T/url") || fail "start"
URL=$(cat "$T/url")
"$APP/sage" submit file_digest --input "$T/input" --price $PRICE --coordinator "$URL" \
    >"$T/full.log" 2>&1 && fail "a job without room for its input"
grep -q 'blob.write' "$T/full.log" || fail "the refusal does not name the disk: $(cat "$T/full.log")"
curl -s "$URL/health" | grep -q '"status":"ok"' || fail "the coordinator did not survive"
stop_all
[ -z "$(ls "$T/c/blobs/tmp")" ] || fail "a piece of the input was left"
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "jobs 0"

# 8 KiB for the worker: grant and input (1 kB) fit, the proof (50 kB) does not.
head -c 1000 /dev/urandom >"$T/small"
start_coordinator "$T/c"
(ulimit -f 8 && "$APP/sage-worker" start --coordinator "$URL" --data-dir "$T/w" \
    --params "$T/test.params" --once 2>"$T/worker.log") &
worker=$!
"$APP/sage" submit file_digest --input "$T/small" --price $PRICE --coordinator "$URL" --wait \
    >"$T/submit.log" 2>&1 &
client=$!
wait $worker || fail "the worker did not survive"
grep -q 'file.write' "$T/worker.log" || fail "the worker does not name the disk: $(cat "$T/worker.log")"
"$APP/sage-worker" start --coordinator "$URL" --data-dir "$T/w" --params "$T/test.params" \
    --once >>"$T/worker.log" 2>&1 || fail "the worker with room"
wait $client || fail "the job: $(cat "$T/submit.log")"
stop_all
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "jobs 1" "  proved         1" "  paid           8 SAGE" \
    "  in escrow      0 SAGE" "ledger: 2 transactions, 7 entries"
echo "full disks passed"
