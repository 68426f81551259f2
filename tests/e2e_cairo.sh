#!/bin/bash
# A Cairo program over the network: submitted, run, proved at full strength, paid, fetched, checked
# offline; and what is refused by name: over a limit, not provable, a proof of another run, a
# proof too weak. Makes and keeps the preprocessed tree (0.9 GB) in $SAGE_CACHE_DIR, by default
# beside the programs.
# usage: e2e_cairo.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
export SAGE_CACHE_DIR=${SAGE_CACHE_DIR:-$APP/cairo-cache}
PROGRAM=$2/examples/cairo/fibonacci
n_ok=0

# refuse EXIT WHERE WHAT -- COMMAND...
refuse() {
    local want=$1 where=$2 what=$3 got
    shift 4
    "$@" >"$T/said" 2>&1
    got=$?
    [ "$got" = "$want" ] || fail "$what: exit $got, not $want: $(cat "$T/said")"
    grep -qF "$where" "$T/said" || fail "$what: $(cat "$T/said"), not $where"
    n_ok=$((n_ok + 1))
}
submit() { "$APP/sage" submit --price $PRICE --coordinator "$URL" "$@"; }
field() { sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' | head -n 1; }

# A program of the eleven builtins that hashes once with Poseidon, which is not proved yet.
{
    echo 'builtins: output, pedersen, range_check, ecdsa, bitwise, ec_op, keccak, poseidon,'
    echo '          range_check96, add_mod, mul_mod;'
    echo 'main:'
    for i in 0 1 2; do echo "    [ap] = $i, ap++; [ap - 1] = [[fp - 6] + $i];"; done
    for i in 13 12 11 10 9 8 7; do echo "    [ap] = [fp - $i], ap++;"; done
    echo '    [ap] = [fp - 6] + 6, ap++;'
    for i in 5 4 3; do echo "    [ap] = [fp - $i], ap++;"; done
    echo '    ret;'
} >"$T/poseidon.casm"

# Command lines that say nothing sensible.
prove=("$APP/sage" prove cairo)
refuse 64 cli.required "no program" -- "${prove[@]}"
refuse 64 cli.option "both" -- "${prove[@]}" --program a --prover-input b
refuse 64 cli.option "another kind's" -- "${prove[@]}" --program a --columns 8
refuse 64 cli.value "no form" -- "${prove[@]}" --program a --format bincode
refuse 64 params.preprocessed "no trace" -- "${prove[@]}" --program a --preprocessed large
refuse 64 params.hash "no hash" -- "${prove[@]}" --program a --hash sha256
refuse 64 cli.option "cairo's" -- "$APP/sage" prove wide_fibonacci --columns 8 --log-rows 6 --salt 1
refuse 64 cli.value "no level" -- "${prove[@]}" --program "$PROGRAM.casm" --security none
refuse 69 prove.cairo.component "a builtin of later" -- "${prove[@]}" --plan --program "$T/poseidon.casm"
"${prove[@]}" --plan --program "$PROGRAM.casm" --input "$PROGRAM.input.json" >"$T/plan" || fail "--plan"
grep -qE '^  steps +50[0-9][0-9]$' "$T/plan" || fail "plan: $(cat "$T/plan")"

# Limits, before there is a job.
BITS=96
start_coordinator "$T/small" --max-steps 5000
refuse 65 vm.steps "too many steps" -- submit --program "$PROGRAM.casm" --input "$PROGRAM.input.json"
stop_all
start_coordinator "$T/small" --max-prove-memory 100M
refuse 65 submit.memory "too much memory" -- submit --program "$PROGRAM.casm" --input "$PROGRAM.input.json"
stop_all
audit "$T/small" >"$T/audit"
expect_line "$T/audit" "jobs 0"

# The whole path.
start_coordinator "$T/c"
"$APP/sage-worker" start --coordinator "$URL" --data-dir "$T/w" --once >"$T/w.log" 2>&1 &
echo $! >"$T/w.pid"
submit --program "$PROGRAM.casm" --input "$PROGRAM.input.json" --wait >"$T/receipt" 2>"$T/said" ||
    fail "submit: $(cat "$T/said" "$T/receipt")"
JOB=$(sed -nE 's/^job ([^:]+): queued/\1/p' "$T/receipt")
"$APP/sage" result "$JOB" -o "$T/proof" >"$T/said" || fail "result: $(cat "$T/said")"
"$APP/sage" verify "$T/proof" --strict --json >"$T/verified" || fail "the paid proof"
grep -qF "\"outputs\":[\"$(cat "$PROGRAM.output")\"]" "$T/verified" || fail "$(cat "$T/verified")"
"$APP/sage" explain proof "$T/proof" | grep -q '^  memory_id_to_big ' || fail "explain"
n_ok=$((n_ok + 4))

# A weak proof, with its warning and its timeline: nobody takes it.
echo '[10]' >"$T/other.json"
"${prove[@]}" --program "$PROGRAM.casm" --input "$T/other.json" --security test -o "$T/weak" \
    --timeline "$T/timeline.json" >/dev/null 2>"$T/said" || fail "weak: $(cat "$T/said")"
grep -q 'WARNING: 23 bits' "$T/said" || fail "no warning: $(cat "$T/said")"
grep -q '"ph":"B"' "$T/timeline.json" || fail "timeline"
refuse 66 proof.config.security "a weak proof" -- "$APP/sage" verify "$T/weak"

# A hostile worker: the proof of the run before, and the weak one of this run.
submit --program "$PROGRAM.casm" --input "$T/other.json" --json >"$T/submitted" || fail "submit"
for case in "proof result.statement" "weak proof.config.security"; do
    file=$T/${case% *}
    curl -s -H "Content-Type: application/json" -d '{"name":"w","backend":"scalar"}' \
        "$URL/v1/workers" >"$T/answer"
    secret=$(field secret <"$T/answer")
    curl -s -H "Content-Type: application/json" -H "Authorization: Bearer $secret" \
        -d '{"wait_ms":5000}' "$URL/v1/leases" >"$T/grant"
    digest=$("${SAGE_E2E_BLAKE2S:?the digest helper}" "$file")
    curl -s -X POST -H "Content-Type: application/octet-stream" --data-binary "@$file" \
        -H "Authorization: Bearer $secret" \
        -H 'Sage-Result: {"token":"'"$(field token <"$T/grant")"'","proof_digest":"'"$digest"'","backend":"scalar","prove_ms":1}' \
        "$URL/v1/leases/$(field lease_id <"$T/grant")/result" >"$T/answer"
    [ "$(field where <"$T/answer")" = "${case#* }" ] || fail "$case: $(cat "$T/answer")"
    n_ok=$((n_ok + 1))
done
stop_all
audit "$T/c" >"$T/audit"
expect_line "$T/audit" "jobs 2" "  proved         1" "  paid           8 SAGE" "  in escrow      10 SAGE"
echo "Cairo jobs: $n_ok checks passed"
