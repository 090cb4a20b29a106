#!/usr/bin/env bash
# The chaos test, seeded and repeatable: a real server that is killed, real clients behind a proxy that fails, and at the
# end the proof that nobody missed anything. Exit status 1 and the seed if somebody did. See docs/Chaos.md.
#
#   scripts/chaos.sh                        a minute of load under a new seed, which is told
#   scripts/chaos.sh --seed 7               a plan once more
#   scripts/chaos.sh --seconds 600          the long form; --rate 100 messages a second are made
#   scripts/chaos.sh --seed 7 --plan        what will go wrong under this seed, without a run
#   scripts/chaos.sh --sabotage skip-event  breaks the test on purpose: it must fail
#
# COUNTERSIGN_PROGRAM names another server than the one that is built here.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"
# shellcheck source=scripts/python-packages.sh
source "$root/scripts/python-packages.sh"

venv="$root/.e2e/venv"

main() {
    case "${1:-}" in
        -h | --help)
            sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
            exit 0
            ;;
    esac
    cd "$root"
    need_command python3 python3
    need_python_venv
    need_command node nodejs
    need_node_module ws node-ws
    install_needed && install_python_packages "$venv" || exit 2
    if [ -z "${COUNTERSIGN_PROGRAM:-}" ]; then
        need_swift && install_build_needs || exit 2
        swift build --product countersign >&2 || exit 2
        COUNTERSIGN_PROGRAM=$(swift build --show-bin-path)/countersign
    fi
    export COUNTERSIGN_PROGRAM PYTHONPATH="$root/e2e"
    exec "$venv/bin/python" -m chaos "$@"
}

main "$@"
