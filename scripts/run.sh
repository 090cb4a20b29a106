#!/usr/bin/env bash
# Builds the desk and starts it with the demo sources on http://127.0.0.1:8000. Ctrl-C stops it.
#
#   scripts/run.sh                     installs what is missing, builds, starts
#   scripts/run.sh --port 9000         every argument goes to `countersign serve`
#   scripts/run.sh --database PATH     keeps its data elsewhere (default: data/demo.sqlite in the project)
#
# Needs Swift 6.3 or newer. On Debian the rest is installed, as root or with sudo, without a question.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"

main() {
    case "${1:-}" in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            echo "Arguments of the server: countersign serve --help, after the first build in .build/release."
            exit 0
            ;;
    esac
    need_swift || exit 2
    install_build_needs || exit 2

    local host port
    host=$(option_value --host 127.0.0.1 "$@")
    port=$(option_value --port 8000 "$@")
    # Asked before the build too: nobody should wait for minutes to hear it from the server.
    if is_taken "$host" "$port"; then
        complain "Port $port on $host is taken: the desk may be running already, see http://$host:$port" \
            "Stop it with Ctrl-C where it runs, or start this one on another port: scripts/run.sh --port $((port + 1))"
        exit 2
    fi

    echo "Building Countersign in release mode (some minutes the first time)…"
    cd "$root"
    swift build "${release_build[@]}" --product countersign
    local program
    program=$(swift build "${release_build[@]}" --show-bin-path)/countersign

    local defaults=()
    given --public-directory "$@" || defaults+=(--public-directory "$root/Public")
    if ! given --database "$@"; then
        mkdir -p "$root/data"
        defaults+=(--database "$root/data/demo.sqlite")
    fi
    # In place of this shell, so that signals reach the server itself. It prints its address and how to stop it.
    exec "$program" serve --demo "${defaults[@]}" "$@"
}

# The value of `--name value` or `--name=value`, the last one given; else the default.
option_value() {
    local name=$1 value=$2
    shift 2
    while [ $# -gt 0 ]; do
        case "$1" in
            "$name") value=${2:-$value} ;;
            "$name="*) value=${1#*=} ;;
        esac
        shift
    done
    printf '%s' "$value"
}

given() {
    local name=$1 argument
    shift
    for argument in "$@"; do
        case "$argument" in "$name" | "$name="*) return 0 ;; esac
    done
    return 1
}

is_taken() {
    [[ $2 =~ ^[1-9][0-9]*$ ]] && (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null
}

main "$@"
