#!/bin/bash
# What a hostile or stale worker, a stranger, or a broken network may send: each is refused by
# name, nothing is paid for it, and the honest upload after it is paid once.
# usage: e2e_hostile.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
start_coordinator "$T/c" --lease-ms 4000 --max-input 1M
n_ok=0

# field NAME < JSON: the value of a text or number field, the first of that name.
field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1; }

# expect STATUS WHERE WHAT -- CURL...: the status and, if not -, the place of the refusal.
expect() {
    local status=$1 where=$2 what=$3 got
    shift 4
    got=$(curl -s -o "$T/answer" -w '%{http_code}' "$@")
    [ "$got" = "$status" ] || fail "$what: status $got, not $status: $(head -c 300 "$T/answer")"
    [ "$where" = - ] || [ "$(field where <"$T/answer")" = "$where" ] ||
        fail "$what: $(head -c 300 "$T/answer"), not $where"
    n_ok=$((n_ok + 1))
}

JSON="Content-Type: application/json"
BYTES="Content-Type: application/octet-stream"

register() { # sets WORKER and SECRET
    curl -s -H "$JSON" -d '{"name":"w","backend":"scalar"}' "$URL/v1/workers" >"$T/answer"
    WORKER=$(field worker_id <"$T/answer")
    SECRET=$(field secret <"$T/answer")
    [ ${#SECRET} = 64 ] || fail "registration: $(cat "$T/answer")"
}

claim() { # with SECRET; sets LEASE, TOKEN, JOB
    curl -s -H "$JSON" -H "Authorization: Bearer $SECRET" -d '{"wait_ms":5000}' \
        "$URL/v1/leases" >"$T/grant"
    LEASE=$(field lease_id <"$T/grant")
    TOKEN=$(field token <"$T/grant")
    JOB=$(field job_id <"$T/grant")
    [ -n "$LEASE" ] || fail "no lease: $(cat "$T/grant")"
}

digest() { "$BLAKE2S" "$1"; }

# upload STATUS WHERE WHAT FILE [DIGEST]: hands FILE in under LEASE and TOKEN.
upload() {
    local meta
    meta='{"token":"'$TOKEN'","proof_digest":"'${5:-$(digest "$4")}'","backend":"scalar","prove_ms":1}'
    expect "$1" "$2" "$3" -- -X POST -H "$BYTES" -H "Authorization: Bearer $SECRET" \
        -H "Sage-Result: $meta" --data-binary "@$4" "$URL/v1/leases/$LEASE/result"
}

submit() { # FILE; sets ID
    "$APP/sage" submit file_digest --input "$1" --price $PRICE --coordinator "$URL" \
        --attempts 9 --json >"$T/submitted" || fail "submit $1"
    ID=$(field id <"$T/submitted")
}

give_back() {
    expect 204 - "give the lease back" -- -H "$JSON" -H "Authorization: Bearer $SECRET" \
        -d '{"token":"'$TOKEN'","reason":"test"}' "$URL/v1/leases/$LEASE/fail"
}

BLAKE2S=${SAGE_E2E_BLAKE2S:?the digest helper}
head -c 1000 /dev/urandom >"$T/a"
head -c 1500 /dev/urandom >"$T/b"
printf 'pow_bits = 9\nn_queries = 3\n' >"$T/weak.params" # 12 bits
for name in a b; do
    "$APP/sage" prove file_digest --input "$T/$name" -o "$T/$name.proof" \
        --params "$T/test.params" >/dev/null 2>&1 || fail "prove $name"
done
"$APP/sage" prove file_digest --input "$T/a" -o "$T/weak.proof" --params "$T/weak.params" \
    >/dev/null 2>&1 || fail "prove weak"
# One bit of one byte in the middle.
middle=$(($(stat -c %s "$T/a.proof") / 2))
byte=$(od -An -tu1 -j $middle -N 1 "$T/a.proof" | tr -d ' ')
{
    head -c $middle "$T/a.proof"
    printf "\\x$(printf %02x $((byte ^ 1)))"
    tail -c +$((middle + 2)) "$T/a.proof"
} >"$T/flipped.proof"
head -c 100 "$T/a.proof" >"$T/short.proof"
head -c $((8 * 1024 * 1024 + 1)) /dev/zero >"$T/huge"
head -c $((64 * 1024 + 1)) /dev/zero | tr '\0' ' ' >"$T/long.json"

# Strangers.
submit "$T/a"
JOB_A=$ID
register
expect 401 coordinator.auth "status without secret" -- "$URL/v1/jobs/$ID"
expect 401 coordinator.auth "receipt with a worker's secret" -- \
    -H "Authorization: Bearer $SECRET" "$URL/v1/jobs/$ID/receipt"
expect 401 coordinator.header "a secret that is none" -- -H "Authorization: Bearer x" \
    "$URL/v1/jobs/$ID/proof"
expect 401 store.worker "claim by nobody" -- -H "$JSON" -d '{"wait_ms":0}' \
    -H "Authorization: Bearer $(printf %064d 0)" "$URL/v1/leases"
expect 401 coordinator.auth "claim without secret" -- -H "$JSON" -d '{"wait_ms":0}' "$URL/v1/leases"
expect 404 route.path "no such path" -- "$URL/v2/jobs"
expect 400 route.method "no such method" -- -X DELETE "$URL/v1/jobs"
expect 404 store.job "no such job" -- -H "Authorization: Bearer $SECRET" \
    "$URL/v1/jobs/j-000000000000000000000000"

# Broken bodies.
expect 413 coordinator.size "long message" -- -H "$JSON" --data-binary "@$T/long.json" "$URL/v1/jobs"
expect 413 coordinator.size "long input" -- -H "$BYTES" -H "Expect:" --data-binary "@$T/huge" \
    -H 'Sage-Job: {"kind":"file_digest","params":{},"price":"1"}' "$URL/v1/jobs"
expect 400 coordinator.length "chunked" -- -H "$JSON" -H "Transfer-Encoding: chunked" -d '{}' \
    "$URL/v1/jobs"
expect 400 coordinator.type "no type" -- -H "Content-Type:" -d '{}' "$URL/v1/jobs"
expect 400 json.unknown "unknown field" -- -H "$JSON" "$URL/v1/jobs" \
    -d '{"kind":"wide_fibonacci","params":{"columns":8,"log_rows":6},"price":"1","x":1}'
expect 400 proto.kind "unknown kind" -- -H "$JSON" "$URL/v1/jobs" \
    -d '{"kind":"snark","params":{},"price":"1"}'
expect 400 store.price "for nothing" -- -H "$JSON" "$URL/v1/jobs" \
    -d '{"kind":"wide_fibonacci","params":{"columns":8,"log_rows":6},"price":"0"}'
expect 400 submit.input "file without file" -- -H "$JSON" "$URL/v1/jobs" \
    -d '{"kind":"file_digest","params":{},"price":"1"}'
expect 413 submit.log_instances "a chain too long to compute" -- -H "$JSON" "$URL/v1/jobs" \
    -d '{"kind":"poseidon2","params":{"log_instances":28,"start":[0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15]},"price":"1"}'
expect 400 coordinator.header "header twice" -- -H "$JSON" -H "Sage-Job-Secret: $SECRET" \
    -H "Sage-Job-Secret: $SECRET" -d '{}' "$URL/v1/jobs"

# Tokens.
claim
good_token=$TOKEN
TOKEN=$(printf %064d 7)
upload 409 store.lease "wrong token" "$T/a.proof"
TOKEN=$good_token
first=$SECRET
register
upload 401 coordinator.auth "another worker" "$T/a.proof"
SECRET=$first
expect 401 coordinator.auth "input without token" -- -H "Authorization: Bearer $SECRET" \
    "$URL/v1/leases/$LEASE/input"
upload 413 coordinator.size "gigantic proof" "$T/huge" "$(printf %064d 1)"
upload 400 result.digest "damaged on the way" "$T/a.proof" "$(printf %064d 1)"

# False proofs: each ends its lease, and its worker does not get the job again.
upload 422 result.statement "another job's proof" "$T/b.proof"
upload 409 store.lease "the lease is over" "$T/a.proof"
for bad in flipped short weak; do
    register
    claim
    got=$(curl -s -o "$T/answer" -w '%{http_code}' -X POST -H "$BYTES" \
        -H "Authorization: Bearer $SECRET" --data-binary "@$T/$bad.proof" \
        -H 'Sage-Result: {"token":"'$TOKEN'","proof_digest":"'$(digest "$T/$bad.proof")'","backend":"scalar","prove_ms":1}' \
        "$URL/v1/leases/$LEASE/result")
    case $got in 400 | 413 | 422) ;; *) fail "$bad proof: status $got $(cat "$T/answer")" ;; esac
    n_ok=$((n_ok + 1))
    expect 204 - "$bad worker again" -- -H "$JSON" -H "Authorization: Bearer $SECRET" \
        -d '{"wait_ms":0}' "$URL/v1/leases"
done
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "  proved         0" "  paid           0 SAGE" "  in escrow      10 SAGE"

# A stale worker comes back after another took over.
register
claim
stale_lease=$LEASE stale_token=$TOKEN stale_secret=$SECRET
sleep 4.5
register
claim
[ "$JOB" = "$JOB_A" ] || fail "the job did not come back"
fresh_lease=$LEASE fresh_token=$TOKEN fresh_secret=$SECRET
LEASE=$stale_lease TOKEN=$stale_token SECRET=$stale_secret
upload 409 store.lease "stale upload" "$T/a.proof"
expect 409 store.lease "stale heartbeat" -- -H "$JSON" -H "Authorization: Bearer $SECRET" \
    -d '{"token":"'$TOKEN'","stage":"x","permille":1}' "$URL/v1/leases/$LEASE/heartbeat"
expect 409 store.lease "stale fail" -- -H "$JSON" -H "Authorization: Bearer $SECRET" \
    -d '{"token":"'$TOKEN'","reason":"late"}' "$URL/v1/leases/$LEASE/fail"
LEASE=$fresh_lease TOKEN=$fresh_token SECRET=$fresh_secret
upload 200 - "the honest upload" "$T/a.proof"
cp "$T/answer" "$T/receipt"
upload 200 - "the same again" "$T/a.proof"
cmp -s "$T/answer" "$T/receipt" || fail "the receipts differ"
upload 409 store.accepted "another proof after it" "$T/b.proof"

# A lease given back goes to the next.
submit "$T/b"
claim
give_back
claim
upload 200 - "after giving back" "$T/b.proof"
stop_all
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "jobs 2" "  proved         2" "  paid           16 SAGE" \
    "  fees           4 SAGE" "  in escrow      0 SAGE"

# The default strength refuses the quick parameters.
BITS=96 start_coordinator "$T/strong"
submit "$T/a"
register
claim
upload 422 - "13 bits at 96" "$T/a.proof"
curl -s "$URL/health" | grep -q '"weak_security":false' || fail "health"
stop_all
audit "$T/strong" >"$T/audit"
expect_line "$T/audit" "  paid           0 SAGE"
echo "$n_ok refusals and answers passed"
