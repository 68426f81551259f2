#!/bin/bash
# sage convert: every format to every other and back, the bytes the same; what is refused, with
# which exit code, leaves no file.
# usage: e2e_convert.sh APP_FOLDER SOURCE_FOLDER
set -u
APP=$1
SEEDS=$2/fuzz/corpus/cairo
T=$(mktemp -d "${TMPDIR:-/tmp}/sage-e2e.XXXXXX")
trap 'rm -rf "$T"' EXIT
n_ok=0
fail() {
    echo "FAILED: $*" >&2
    exit 1
}

# convert IN FORMAT OUT: must succeed and say what it did.
convert() {
    "$APP/sage" convert "$1" --to "$2" -o "$3" 2>"$T/said" >"$T/out" || fail "$*: $(cat "$T/said")"
    grep -q "to $2" "$T/said" || fail "$*: says $(cat "$T/said")"
    [ -s "$T/out" ] && fail "$*: prints to stdout"
    n_ok=$((n_ok + 1))
}

# refuse EXIT CODE -- ARGUMENTS...
refuse() {
    local want=$1 code=$2 got
    shift 3
    "$APP/sage" convert "$@" 2>"$T/said"
    got=$?
    [ "$got" = "$want" ] || fail "$*: exit code $got, not $want: $(cat "$T/said")"
    grep -q "$code" "$T/said" || fail "$*: $(cat "$T/said"), not $code"
    [ -e "$T/none" ] && fail "$*: leaves a file"
    n_ok=$((n_ok + 1))
}

for hash in blake2s poseidon; do
    for format in cairo-serde json binary; do
        convert "$SEEDS/${hash}_serde" "$format" "$T/$format"
    done
    cmp "$T/binary" "$SEEDS/${hash}_binary" || fail "$hash: binary differs from the seed"
    for from in cairo-serde json binary; do
        for to in cairo-serde json binary; do
            convert "$T/$from" "$to" "$T/again"
            cmp "$T/again" "$T/$to" || fail "$hash: $from to $to differs"
        done
    done
done

refuse 64 cli.required -- "$T/json" --to json
refuse 64 cli.required -- "$T/json" -o "$T/none"
refuse 64 cli.value -- "$T/json" --to xml -o "$T/none"
refuse 67 file.open -- "$T/absent" --to json -o "$T/none"
refuse 65 cairo.format -- "$0" --to json -o "$T/none"
refuse 65 cairo.claim -- "$SEEDS/short" --to json -o "$T/none"
refuse 64 file.not_regular -- "$T/json" --to binary -o "$T"
refuse 67 file.create -- "$T/json" --to binary -o "$T/no/none"
head -c 3000 "$T/json" >"$T/cut"
refuse 65 json.truncated -- "$T/cut" --to binary -o "$T/none"
echo "sage convert: $n_ok checks passed"
