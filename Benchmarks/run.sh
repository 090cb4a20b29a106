#!/usr/bin/env bash
# Builds the desk and the benchmark in release mode and prints the table. See Benchmarks/README.md.
#
#   Benchmarks/run.sh                        all rows, in two to three minutes
#   Benchmarks/run.sh --only fanout posts    only these rows
#   Benchmarks/run.sh --json FILE            writes the figures to a file, too
#   Benchmarks/run.sh --help                 every option
#
# Needs Swift 6.3 or newer. On Debian the rest is installed, as root or with sudo, without a question.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"

need_swift || exit 2
install_build_needs || exit 2

echo "Building in release mode (some minutes the first time)…" >&2
for product in countersign Bench; do
    swift build --package-path "$root" "${release_build[@]}" --product "$product" >&2
done
# In place of this shell, so that Ctrl-C reaches the benchmark itself.
exec "$(swift build --package-path "$root" "${release_build[@]}" --show-bin-path)/Bench" "$@"
