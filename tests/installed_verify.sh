#!/usr/bin/env bash
# The verifier's library as another project gets it: installed, found by pkg-config, compiled
# against from C and C++, needing no shared library but libc, and right about a proof.
# usage: installed_verify.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 source=$2
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
command -v pkg-config >/dev/null && command -v readelf >/dev/null || exit 77

cmake --install "$build" --component verify --prefix "$T/sdk" >"$T/install.log"
[ "$(cd "$T/sdk" && find . -type f | LC_ALL=C sort | tr '\n' ' ')" = "./include/sage/statement.h \
./include/sage/status.h ./include/sage/verify.h ./include/sage/version.h ./lib/libsage-verify.a \
./lib/pkgconfig/sage-verify.pc " ] || { cat "$T/install.log"; exit 1; }
mv "$T/sdk" "$T/elsewhere" # the prefix is wherever the files are
export PKG_CONFIG_PATH=$T/elsewhere/lib/pkgconfig
flags=$(pkg-config --cflags --libs sage-verify)

program=$source/examples/verify/verify_proof.c
# shellcheck disable=SC2086
cc -std=c99 -Wall -Wextra -Wpedantic -Werror "$program" $flags -o "$T/verify_proof"
if command -v c++ >/dev/null; then
    cat >"$T/main.cpp" <<'CPP'
#include <sage/verify.h>
int main()
{
    sage_verify_result r;
    sage_errinfo e;
    const unsigned char no_proof[] = "no proof";
    const bool refused = sage_verify(no_proof, 8, 96, &r, &e) == SAGE_EFORMAT;
    sage_verify_result_free(&r);
    return refused ? 0 : 1;
}
CPP
    # shellcheck disable=SC2086
    c++ -std=c++17 -Wall -Wextra -Werror "$T/main.cpp" $flags -o "$T/from_cpp"
    "$T/from_cpp"
fi
needed=$(readelf -d "$T/verify_proof" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
[ "$needed" = libc.so.6 ] || { echo "the program needs: $needed"; exit 1; }

"$build/app/sage" prove wide_fibonacci --columns 3 --log-rows 4 -o "$T/proof.bin" >"$T/prove.log"
"$T/verify_proof" "$T/proof.bin" | grep -q '^wide_fibonacci, 96 bits of security$'
head -c 1000 "$T/proof.bin" >"$T/cut.bin"
status=0
"$T/verify_proof" "$T/cut.bin" || status=$?
[ $status = 65 ] || { echo "a cut proof: exit $status"; exit 1; }
echo "installed, linked with libc alone, right about a proof"
