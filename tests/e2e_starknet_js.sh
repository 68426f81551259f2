#!/bin/bash
# sage-devnet against something nobody here wrote: starknet.js, unmodified, from npm.
# tests/starknet_js/*.mjs do what a wallet, an operator and a client do.
# usage: e2e_starknet_js.sh APP_FOLDER SOURCE_FOLDER
. "$(dirname "$0")/e2e_lib.sh"
SOURCE=$2
D=$T/chain
export SAGE_CACHE_DIR=${SAGE_CACHE_DIR:-$APP/cairo-cache} # the preprocessed tree, 0.9 GB

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    echo "skipped: node and npm are not installed"
    exit 77
fi

# One copy of the packages for all builds, made once, of the versions that the lock names.
modules=$SOURCE/build/starknet_js
mkdir -p "$modules"
(
    flock 9
    if ! cmp -s "$SOURCE/tests/starknet_js/package-lock.json" "$modules/installed"; then
        cp "$SOURCE"/tests/starknet_js/package*.json "$modules/"
        npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund >"$T/npm.log" 2>&1 || exit 1
        cp "$SOURCE/tests/starknet_js/package-lock.json" "$modules/installed"
    fi
) 9>"$modules/lock" || fail "npm ci"
cp "$SOURCE"/tests/starknet_js/*.{mjs,casm} "$modules/"

mkdir -p "$D"
"$APP/sage-devnet" start --data-dir "$D" --listen 127.0.0.1:0 --dev-methods >>"$T/node.log" 2>&1 &
echo $! >"$T/node.pid"
wait_for_file "$D/port"
URL=http://127.0.0.1:$(cat "$D/port")

for name in chain proof; do
    echo "== $name"
    (cd "$modules" && node "$name.mjs" "$URL" "$APP") >"$T/js.log" 2>&1 || fail "$name"
    grep '^ok: ' "$T/js.log"
done
