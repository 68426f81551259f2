#!/usr/bin/env bash
# sage verify and sage inspect as their users meet them: exit codes, what is printed, JSON.
# usage: cli_verify.sh SAGE statement          on proofs made here
#        cli_verify.sh SAGE cairo SOURCE       on the published Cairo proofs; 77 where absent
set -euo pipefail
sage=$1 part=$2
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
n=0

# expect EXIT PATTERN WHAT -- COMMAND...: exit code, and a line of stdout or stderr.
expect() {
    local exit=$1 pattern=$2 what=$3 status=0
    shift 4
    "$@" >"$T/out" 2>&1 || status=$?
    [ $status = "$exit" ] || { echo "$what: exit $status, not $exit"; cat "$T/out"; exit 1; }
    grep -q -- "$pattern" "$T/out" || { echo "$what: no $pattern in"; cat "$T/out"; exit 1; }
    n=$((n + 1))
}

# json_is FIELD VALUE FILE: a text, number or word of a flat object.
json_is() {
    grep -q "\"$1\":\"\{0,1\}$2[\",}]" "$3" || { echo "no $1 = $2 in"; cat "$3"; exit 1; }
    n=$((n + 1))
}

flip() { # FILE OFFSET OUT: one bit changed
    cp "$1" "$3"
    printf "\\$(printf %o $((0x$(od -An -tx1 -j "$2" -N1 "$1" | tr -d ' ') ^ 1)))" |
        dd of="$3" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

statement() {
    printf 'pow_bits = 5\nn_queries = 3\n' >"$T/params"
    printf 'a file' >"$T/input"
    "$sage" prove file_digest --input "$T/input" -p "$T/params" -o "$T/proof" >/dev/null 2>&1
    local v=("$sage" verify "$T/proof" -s 8)
    expect 0 '^VALID$' "a true proof" -- "${v[@]}" --input "$T/input"
    expect 0 '^  proof .* binary, blake2s$' "its form" -- "${v[@]}"
    expect 66 'proof.config.security' "below 96 bits" -- "$sage" verify "$T/proof"
    expect 66 'verify.input' "another file" -- "${v[@]}" --input "$T/params"
    expect 66 'verify.program' "no Cairo program" -- "${v[@]}" --program-hash 0x1
    for bad in 0x 0xg "0x$(printf %065d 1)" -; do
        expect 64 'cli.value' "the hash $bad" -- "${v[@]}" --program-hash "$bad"
    done
    "${v[@]}" --json >"$T/json"
    json_is valid true "$T/json"
    json_is kind file_digest "$T/json"
    json_is format binary "$T/json"
    json_is hash blake2s "$T/json"
    json_is security_bits 8 "$T/json"
    json_is bytes "$(stat -c %s "$T/proof")" "$T/json"

    flip "$T/proof" $(($(stat -c %s "$T/proof") - 4)) "$T/false"
    expect 66 '^INVALID$' "a false proof" -- "$sage" verify "$T/false" -s 8
    "$sage" verify "$T/false" -s 8 --json >"$T/json" || true
    json_is valid false "$T/json"
    json_is code EPROOF "$T/json"
    json_is at -1 "$T/json"
    expect 65 'container.magic' "no proof" -- "$sage" verify "$T/params"
    "$sage" verify "$T/params" --json >"$T/json" 2>/dev/null || true
    json_is where container.magic "$T/json"
    expect 65 'cairo\.' "an empty array" -- "$sage" verify <(printf '[]')
    expect 67 'file.open' "no file" -- "$sage" verify "$T/none"
    "$sage" verify "$T/none" --json >"$T/json" 2>/dev/null || true
    json_is valid false "$T/json"

    expect 0 'not verified here' "inspect" -- "$sage" inspect "$T/false"
    expect 65 'container.magic' "inspect no proof" -- "$sage" inspect "$T/params"
}

# published NAME HASH BITS
published() {
    local proof=$vectors/$1/proof.json hash
    expect 0 '^VALID$' "$1" -- "$sage" verify "$proof"
    expect 0 'cairo-serde, '"$2"'$' "$1, its form" -- "$sage" verify "$proof"
    "$sage" verify "$proof" --json >"$T/json"
    json_is valid true "$T/json"
    json_is kind cairo "$T/json"
    json_is hash "$2" "$T/json"
    json_is security_bits "$3" "$T/json"
    hash=$(sed -n 's/.*"program_hash":"\(0x[0-9a-f]*\)".*/\1/p' "$T/json")
    expect 0 '^VALID$' "$1, its hash" -- "$sage" verify "$proof" --program-hash "$hash"
    expect 0 '^VALID$' "$1, its hash in full" -- "$sage" verify "$proof" --program-hash \
        "$(printf %64s "${hash#0x}" | tr ' ' 0)"
    expect 66 'verify.program' "$1, another hash" -- "$sage" verify "$proof" --program-hash 0x1
    expect 66 'verify.input' "$1, a file" -- "$sage" verify "$proof" --input "$T/json"
    expect 66 'proof.config.security' "$1, more bits" -- "$sage" verify "$proof" -s $(($3 + 1))
    expect 0 'not verified here' "$1, inspect" -- "$sage" inspect "$proof"
    expect 0 "program hash   $hash" "$1, inspect" -- "$sage" inspect "$proof"

    for form in json binary; do
        "$sage" convert "$proof" --to $form -o "$T/converted" >/dev/null
        expect 0 "$form, $2$" "$1 as $form" -- "$sage" verify "$T/converted" \
            --program-hash "$hash"
        expect 0 "$form, $2$" "$1 as $form, inspect" -- "$sage" inspect "$T/converted"
    done

    head -c 100000 "$proof" >"$T/cut"
    expect 65 'cairo\.' "$1, cut" -- "$sage" verify "$T/cut"
    # The last felt is the salt.
    sed '$!N; s/"0x[0-9a-f]*"\(\n\]\)$/"0x7"\1/; P; D' "$proof" >"$T/salted"
    cmp -s "$proof" "$T/salted" && { echo "$1: the salt did not change"; exit 1; }
    expect 66 '^INVALID$' "$1, another salt" -- "$sage" verify "$T/salted"
}

cairo() {
    vectors=${SAGE_SHARED:-$1/../shared}/vectors/stwo-cairo
    [ -f "$vectors/test_prove_verify_ret_opcode/proof.json" ] || { echo "no $vectors"; exit 77; }
    published test_prove_verify_all_opcode_components blake2s 96
    published test_prove_verify_ret_opcode poseidon252 110
    # One of them has a row of the component that the protocol leaves open.
    local open=$vectors/test_prove_verify_all_opcode_components/proof.json
    local closed=$vectors/test_prove_verify_ret_opcode/proof.json
    expect 0 'caution        generic_opcode' "caution" -- "$sage" verify "$open"
    expect 0 '"cautions":\["generic_opcode"\]' "caution as JSON" -- "$sage" verify "$open" --json
    expect 66 'verify.caution' "strict" -- "$sage" verify "$open" --strict
    expect 0 '"cautions":\[\]' "no caution" -- "$sage" verify "$closed" --strict --json
}

"$part" "${3:-}"
echo "$n as expected"
