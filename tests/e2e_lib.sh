# tests/e2e_lib.sh -- real processes for the end-to-end tests; sourced, with $1 = app folder.
# Everything lives in a fresh folder $T that goes with the test; nothing outlives it.
set -u
APP=$1
T=$(mktemp -d "${TMPDIR:-/tmp}/sage-e2e.XXXXXX")
export SAGE_STATE_DIR=$T/client
PRICE=10
printf 'pow_bits = 10\nn_queries = 3\n' >"$T/test.params" # 13 bits: quick, and nobody's default

fail() {
    echo "FAILED: $*" >&2
    for log in "$T"/*/*.log "$T"/*.log; do
        [ -f "$log" ] && echo "--- $log" >&2 && tail -n 25 "$log" >&2
    done
    exit 1
}

# Ends what supervise started: first the loops' leave to restart, then the processes.
stop_all() {
    local pid
    touch "$T/stopping"
    for file in "$T"/*.pid "$T"/*/*.pid; do
        [ -f "$file" ] || continue
        pid=$(cat "$file")
        kill -9 "$pid" 2>/dev/null
    done
    { wait; } 2>/dev/null # the shell would name each killed process
    rm -f "$T/stopping" "$T"/*.pid "$T"/*/*.pid
}

cleanup() {
    stop_all 2>/dev/null
    rm -rf "$T"
}
trap cleanup EXIT

# supervise NAME LOG COMMAND...: runs it again whenever it ends, as systemd would.
supervise() {
    local name=$1 log=$2
    shift 2
    (
        trap - EXIT
        while [ ! -e "$T/stopping" ]; do
            "$@" >>"$log" 2>&1 &
            echo $! >"$T/$name.pid"
            wait $! 2>/dev/null
            sleep 0.1
        done
    ) 2>/dev/null &
}

wait_for_file() {
    local i
    for i in $(seq 200); do
        [ -s "$1" ] && return 0
        sleep 0.05
    done
    fail "no $1"
}

# A free port, as the kernel gives it to a coordinator that is asked for none.
start_coordinator() { # DIR [OPTIONS...]; sets URL
    local dir=$1 port
    shift
    mkdir -p "$dir"
    rm -f "$dir/port"
    "$APP/sage-coordinator" start --data-dir "$dir" --listen 127.0.0.1:0 --security-bits "${BITS:-13}" "$@" \
        >"$dir/coordinator.log" 2>&1 &
    echo $! >"$dir/coordinator.pid"
    wait_for_file "$dir/port"
    port=$(cat "$dir/port")
    URL=http://127.0.0.1:$port
}

# audit DIR: the books must balance; prints them.
audit() { "$APP/sage-coordinator" audit --data-dir "$1" || fail "the books of $1"; }

# expect_line FILE LINE...: each must be a line of the file.
expect_line() {
    local file=$1 line
    shift
    for line in "$@"; do
        grep -qxF "$line" "$file" || { cat "$file" >&2; fail "no line \"$line\" in $file"; }
    done
}
