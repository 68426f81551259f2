#!/bin/bash
# sage run, asm, disasm: every example prints its expected output, from its source, assembled,
# and through the disassembler; what fails, with which exit code and error; runs that are over.
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
grep -q '"steps": 5024, .*"output": \["0x' "$T/out" || fail "--json: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --profile >"$T/out" 2>/dev/null || fail "--profile"
grep -qE '^  step +4000 +79\.6 %$' "$T/out" || fail "--profile: steps: $(cat "$T/out")"
grep -qE '^  add_opcode +[0-9]+ +[0-9]+ ' "$T/out" || fail "--profile: rows: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --trace --trace-steps 3 >"$T/out" 2>/dev/null ||
    fail "--trace"
[ "$(grep -c '^ *[0-9]*  pc 0:' "$T/out")" = 3 ] || fail "--trace: $(cat "$T/out")"
"$SAGE" run "$fib.casm" --input "$fib.input.json" --prover-input "$T/input.json" >/dev/null 2>&1 ||
    fail "--prover-input"
grep -q '"pc_count": ' "$T/input.json" || fail "--prover-input: $(head -c 300 "$T/input.json")"
n_ok=$((n_ok + 4))

# places TEXT...: what failed last says each of them.
places() {
    local text
    for text in "$@"; do
        grep -qF -- "$text" "$T/said" || fail "no '$text' in: $(cat "$T/said")"
    done
    n_ok=$((n_ok + 1))
}

# A program that refuses its input, with the last steps in sight.
echo '[3, 2]' >"$T/unsorted.json"
refuse 66 vm.builtin.range_check -- run "$EXAMPLES/sorted.casm" --input "$T/unsorted.json"
printf 'main: [ap] = 5, ap++; [ap - 1] = 6; ret;\n' >"$T/wrong.casm"
refuse 66 vm.assert -- run "$T/wrong.casm" --trace
grep -q '\[ap + 0\] = 5, ap++' "$T/out" || fail "--trace of a failure: $(cat "$T/out")"
places 'pc 0:8, main + 2, after 3 steps; ap 5, fp 4' '[ap + -1] = 6' 'dst 5  op0 0:4  op1 6'
printf 'main: jmp rel 0;\n' >"$T/endless.casm"
refuse 65 vm.steps -- run "$T/endless.casm" --steps 1000
places 'pc 0:6, main + 0, after ' 'jmp rel 0'
refuse 65 vm.time -- run "$T/endless.casm" --time 1
printf 'main: [ap] = 1, ap++; jmp rel main;\n' >"$T/pushing.casm"
refuse 65 vm.memory -- run "$T/pushing.casm" --memory 200000
places 'pc 0:6, main + 0, after ' '[ap + 0] = 1, ap++' 'dst empty'
printf 'main: [ap] = 7, ap++; jmp rel 5; ret;\n' >"$T/astray.casm"
refuse 66 vm.instruction -- run "$T/astray.casm"
places 'pc 0:13, main + 7, after 4 steps' 'the word there: empty'
printf 'main: [ap] = 7, ap++; jmp rel 2; dw 0x8000000000000000; ret;\n' >"$T/astray.casm"
refuse 66 vm.instruction -- run "$T/astray.casm"
places 'pc 0:10, main + 4, after 4 steps' 'the word there: 9223372036854775808'
printf 'main: call rel f; ret;\nf: [ap] = [fp - 3] * [fp + 5], ap++; ret;\n' >"$T/unknown.casm"
refuse 66 vm.operand -- run "$T/unknown.casm"
places 'f + 0, after 3 steps' '[ap + 0] = [fp + -3] * [fp + 5], ap++' 'dst empty' 'op1 empty'
printf 'main: %%{ open(1) %%} ret;\n' >"$T/hint.casm"
refuse 69 vm.hint.unknown -- run "$T/hint.casm"
places 'open(1)' 'pc 0:6, main + 0, before the first step' '    ret'
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

# Runs that are over: prover input as it was written, and the files of another machine.
"$SAGE" run "$fib.casm" --input "$fib.input.json" --profile 2>/dev/null | grep '^  [a-z_]*_opcode' \
    >"$T/want"
"$SAGE" run "$T/input.json" --prover-input "$T/same.json" --profile >"$T/out" 2>"$T/said" ||
    fail "run prover_input.json: $(cat "$T/said")"
cmp -s "$T/input.json" "$T/same.json" || fail "prover_input.json is not written as it was read"
head -n "$(wc -l <"$fib.output")" "$T/out" | cmp -s - "$fib.output" || fail "output of prover_input.json"
grep '^  [a-z_]*_opcode' "$T/out" | cmp -s - "$T/want" || fail "profile of prover_input.json"
"$SAGE" run "$T/input.json" --json 2>/dev/null | grep -q '"steps": 5024, ' || fail "steps of it"
n_ok=$((n_ok + 4))
refuse 64 cli.option -- run "$T/input.json" --steps 5
head -c 5000 "$T/input.json" >"$T/half.json"
refuse 65 json. -- run "$T/half.json"

# le WIDTH NUMBER...: each with so many bytes, low byte first.
le() {
    local width=$1 n i bytes=
    shift
    for n in "$@"; do
        for ((i = 0; i < width; i++)); do
            bytes+=$(printf '\\x%02x' $((i < 8 ? n >> 8 * i & 255 : 0)))
        done
    done
    printf %b "$bytes"
}
# ap += 1; call main; jmp rel 0; main: [ap] = [fp - 3] + 1, ap++; [[fp - 3]] = 42 stands at 16.
words=(0x40780017fff7fff 1 0x1104800180018000 4 0x10780017fff7fff 0 0x482680017ffd8000 1
    0x208b7fff7fff7ffe)
stack=(12 0 16 12 5 17 42)
{
    for i in "${!words[@]}"; do le 8 $((i + 1)); le 32 $((words[i])); done
    for i in "${!stack[@]}"; do le 8 $((i + 10)); le 32 "${stack[i]}"; done
} >"$T/memory.bin"
le 8 12 12 1 13 12 3 15 15 7 16 15 9 16 12 5 >"$T/trace.bin"
{
    echo '{"memory_segments": {"output": {"begin_addr": 16, "stop_ptr": 17}}, "public_memory": ['
    for i in "${!words[@]}"; do
        printf '{"address": %d, "value": "0x%x", "page": 0},\n' $((i + 1)) $((words[i]))
    done
    echo '{"address": 16, "value": "0x2a", "page": 0}]}'
} >"$T/public.json"
files=(--trace-file "$T/trace.bin" --memory-file "$T/memory.bin" --public-input "$T/public.json")
"$SAGE" run "${files[@]}" --prover-input "$T/other.json" --profile >"$T/out" 2>"$T/said" ||
    fail "run of files: $(cat "$T/said")"
[ "$(head -n 1 "$T/out")" = 42 ] || fail "output of files: $(cat "$T/out")"
grep -q '^sage run: 4 steps, 16 memory cells, read in ' "$T/said" || fail "files: $(cat "$T/said")"
grep -qE '^  add_opcode_small +1 +16 ' "$T/out" || fail "profile of files: $(cat "$T/out")"
"$SAGE" run "$T/other.json" >"$T/out" 2>&1 || fail "prover input of files: $(cat "$T/out")"
grep -q '"pc_count": 4' "$T/other.json" || fail "prover input of files"
n_ok=$((n_ok + 4))
refuse 64 cli.arguments -- run
refuse 64 cli.arguments -- run "$fib.casm" "${files[@]}"
refuse 64 cli.required -- run --trace-file "$T/trace.bin"
refuse 64 cli.option -- run "${files[@]}" --input "$fib.input.json"
refuse 67 file.open -- run --trace-file "$T/trace.bin" --memory-file "$T/absent.bin"
le 8 12 12 1 13 12 3 15 15 7 16 15 7 16 12 5 >"$T/wrong.bin"
refuse 66 trace.step -- run --trace-file "$T/wrong.bin" --memory-file "$T/memory.bin" \
    --public-input "$T/public.json"
refuse 65 trace.length -- run --trace-file "$T/input.json" --memory-file "$T/memory.bin"

# A Cairo PIE, of version.json, metadata.json with three words, and one cell of memory.
base64 -d >"$T/pie.zip" <<'END'
UEsDBBQAAAAIAC2Vd13ZgMWSFgAAABQAAAAMAAAAdmVyc2lvbi5qc29uq1ZKTswsyo8vyExVslJQMtQzVKoFAFBLAwQU
AAAACAAtlXddw/4y05kAAADKAAAADQAAAG1ldGFkYXRhLmpzb241jjsKwzAQBe+ytYr9WKuVrhJCcLAwgvhDLEOI8d0j
F+ke86aYA9b3Mr77CdLRZpkyJFEyjxzMVJWEmERjEG5EMHoMSOiVhTAweRHyUTXGpmDk9pB4C4yMnZGDoa89pJsna4aK
dp7JOjMhFxzx3cFzL69a5q1ZsOx13Ss0OvVlhsSn+xc+tjxOea5XaZmH/IGEDrbyvZLP8wdQSwMEFAAAAAgALZV3XeQg
UREKAAAAKAAAAAoAAABtZW1vcnkuYmluY2AAgwZWBvwAAFBLAQIUAxQAAAAIAC2Vd13ZgMWSFgAAABQAAAAMAAAAAAAA
AAAAAACAAQAAAAB2ZXJzaW9uLmpzb25QSwECFAMUAAAACAAtlXddw/4y05kAAADKAAAADQAAAAAAAAAAAAAAgAFAAAAA
bWV0YWRhdGEuanNvblBLAQIUAxQAAAAIAC2Vd13kIFERCgAAACgAAAAKAAAAAAAAAAAAAACAAQQBAABtZW1vcnkuYmlu
UEsFBgAAAAADAAMArQAAADYBAAAAAA==
END
"$SAGE" disasm "$T/pie.zip" >"$T/out" 2>&1 || fail "disasm of a PIE: $(cat "$T/out")"
grep -q '^// Cairo PIE, 3 words' "$T/out" || fail "disasm of a PIE: $(cat "$T/out")"
refuse 69 program.pie -- run "$T/pie.zip"

# The published programs; two of them with what the Rust adapter made of them.
vectors=${SAGE_SHARED:-$2/../shared}/vectors/stwo-cairo
[ -d "$vectors" ] || echo "skipped: no published programs at hand"
for folder in "$vectors"/*/; do
    [ -e "$folder/compiled.json" ] || continue
    "$SAGE" run "$folder/compiled.json" --prover-input "$T/input.json" >"$T/out" 2>"$T/said" ||
        fail "run $folder: $(cat "$T/said")"
    [ ! -e "$folder/prover_input.json" ] || cmp "$folder/prover_input.json" "$T/input.json" ||
        fail "prover input of $folder"
    n_ok=$((n_ok + 1))
done
echo "sage run: $n_ok checks passed"
