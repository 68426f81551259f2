#!/bin/bash
# sage run, asm, disasm: every example prints its expected output, from its source, assembled,
# and through the disassembler; what fails, with which exit code and error.
# usage: e2e_run.sh APP_FOLDER SOURCE_FOLDER
set -u
SAGE=$1/sage
EXAMPLES=$2/examples/cairo
T=$(mktemp -d "${TMPDIR:-/tmp}/sage-e2e.XXXXXX")
trap 'rm -rf "$T"' EXIT
n_ok=0
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# expect PROGRAM NAME: the output of the example NAME.
expect() {
    "$SAGE" run "$1" --input "$EXAMPLES/$2.input.json" >"$T/out" 2>"$T/said" ||
        fail "run $1: $(cat "$T/said")"
    cmp -s "$T/out" "$EXAMPLES/$2.output" || fail "run $1: prints $(head -c 300 "$T/out")"
    grep -q ' steps, ' "$T/said" || fail "run $1: says $(cat "$T/said")"
    n_ok=$((n_ok + 1))
}

# refuse EXIT CODE -- ARGUMENTS...
refuse() {
    local want=$1 code=$2 got
    shift 3
    "$SAGE" "$@" >"$T/out" 2>"$T/said"
    got=$?
    [ "$got" = "$want" ] || fail "$*: exit code $got, not $want: $(cat "$T/said")"
    grep -qF "$code" "$T/said" || fail "$*: $(cat "$T/said"), not $code"
    n_ok=$((n_ok + 1))
}

for source in "$EXAMPLES"/*.casm; do
    name=$(basename "$source" .casm)
    expect "$source" "$name"
    "$SAGE" asm "$source" -o "$T/$name.json" 2>"$T/said" || fail "asm $name: $(cat "$T/said")"
    expect "$T/$name.json" "$name"
    "$SAGE" disasm "$T/$name.json" >"$T/$name.casm" || fail "disasm $name"
    expect "$T/$name.casm" "$name"
    "$SAGE" asm "$T/$name.casm" -o "$T/again.json" 2>/dev/null || fail "asm of disasm $name"
    "$SAGE" disasm "$T/again.json" | cmp -s - "$T/$name.casm" || fail "disasm of asm of $name"
    n_ok=$((n_ok + 1))
done

# What people and programs ask of a run.
fib=$EXAMPLES/fibonacci
"$SAGE" run "$fib.casm" --input "$fib.input.json" --json >"$T/out" 2>/dev/null || fail "--json"
grep -q '"steps": 5010, .*"output": \["0x' "$T/out" || fail "--json: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --profile >"$T/out" 2>/dev/null || fail "--profile"
grep -qE '^  step +4000 +79\.8 %$' "$T/out" || fail "--profile: steps: $(cat "$T/out")"
grep -qE '^  add_opcode +[0-9]+ +[0-9]+ ' "$T/out" || fail "--profile: rows: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --trace --trace-steps 3 >"$T/out" 2>/dev/null ||
    fail "--trace"
[ "$(grep -c '^ *[0-9]*  pc 0:' "$T/out")" = 3 ] || fail "--trace: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --prover-input "$T/input.json" >/dev/null 2>&1 ||
    fail "--prover-input"
grep -q '"pc_count": ' "$T/input.json" || fail "--prover-input: $(head -c 300 "$T/input.json")"
n_ok=$((n_ok + 4))

# A program that refuses its input, with the last steps in sight.
echo '[3, 2]' >"$T/unsorted.json"
refuse 66 vm.builtin.range_check -- run "$EXAMPLES/sorted.casm" --input "$T/unsorted.json"
printf 'main: [ap] = 5, ap++; [ap - 1] = 6; ret;\n' >"$T/wrong.casm"
refuse 66 vm.assert -- run "$T/wrong.casm" --trace
grep -q '\[ap + 0\] = 5, ap++' "$T/out" || fail "--trace of a failure: $(cat "$T/out")"
printf 'main: jmp rel 0;\n' >"$T/endless.casm"
refuse 65 vm.steps -- run "$T/endless.casm" --steps 1000
refuse 65 vm.time -- run "$T/endless.casm" --time 1
printf 'main: [ap] = 1, ap++; jmp rel main;\n' >"$T/pushing.casm"
refuse 65 vm.memory -- run "$T/pushing.casm" --memory 200000
printf 'main: %%{ open(1) %%} ret;\n' >"$T/hint.casm"
refuse 69 vm.hint.unknown -- run "$T/hint.casm"
printf 'main:\n  [ap] = 5 + ;\n' >"$T/syntax.casm"
refuse 65 "$T/syntax.casm:2:" -- run "$T/syntax.casm"
refuse 65 asm.instruction -- asm "$T/syntax.casm" -o "$T/none"
[ -e "$T/none" ] && fail "asm leaves a file"
refuse 65 program.form -- run "$EXAMPLES/fibonacci.input.json"
refuse 67 file.open -- run "$T/absent.json"
refuse 64 cli.value -- asm "$T/fibonacci.json" -o "$T/none"
echo '[1, {}]' >"$T/bad.json"
refuse 65 json. -- run "$fib.casm" --input "$T/bad.json"
echo '["0x800000000000011000000000000000000000000000000000000000000000001"]' >"$T/bad.json"
refuse 65 run.input -- run "$fib.casm" --input "$T/bad.json"
refuse 67 file.create -- run "$fib.casm" --input "$fib.input.json" --prover-input "$T/no/none"
echo "sage run: $n_ok checks passed"
