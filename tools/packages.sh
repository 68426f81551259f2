# Sourced by ./run and ./test: installs with apt what is missing, and says what and why.
# shellcheck shell=bash

# Building and running Sage.
packages_build=(
    "gcc                  the compiler"
    "libc6-dev            the C library's headers"
    "cmake                the build"
    "ninja-build          the build"
    "pkg-config           finds the libraries"
    "libcmocka-dev        unit tests, part of every build"
    "libsqlite3-dev       the store of the coordinator"
    "libmicrohttpd-dev    the coordinator's HTTP server"
    "libcurl4-openssl-dev the client's and worker's HTTP"
    "libjansson-dev       JSON messages"
    "libzip-dev           Cairo PIE files"
    "libsodium-dev        wallets' files, base64"
)
# What ./test needs beyond that.
packages_test=(
    "g++                  public headers compile as C++"
    "clang                second compiler, sanitizers"
    "clang-format-14      the style of the sources"
    "clang-tidy           static checks"
    "cppcheck             static checks"
    "git                  lists the tracked files"
    "libsimde-dev         AVX-512 code on CPUs without it"
    "curl                 talks to the coordinator in tests"
    "valgrind             shows whether time depends on secrets"
    "sqlite3              looks into the store in tests"
)

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# The run-time of clang's sanitizers is a package of its own where the release has one.
sanitizer_package() {
    local version
    version=$(clang -dumpversion 2>/dev/null | cut -d. -f1) || true
    if [ -n "$version" ] && apt-cache show "libclang-rt-$version-dev" >/dev/null 2>&1; then
        echo "libclang-rt-$version-dev"
    fi
}

# install PACKAGE...: as root or through sudo.
install_packages() {
    local as=()
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            echo "These packages are missing, and neither root nor sudo is here to install them:"
            echo "  apt-get install $*"
            exit 1
        fi
        as=(sudo)
    fi
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

# need_packages "NAME WHY"...: installs the missing ones.
need_packages() {
    local line name missing=()
    if ! command -v dpkg-query >/dev/null; then
        echo "No dpkg here: Sage's scripts know Debian 12 and Ubuntu 22.04 or newer. Install"
        printf '  %s\n' "$@"
        echo "by hand, then build with: cmake --preset release && cmake --build --preset release"
        exit 1
    fi
    for line in "$@"; do
        name=${line%% *}
        installed "$name" && continue
        missing+=("$name")
        echo "missing: $line"
    done
    [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
}
