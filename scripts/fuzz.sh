#!/usr/bin/env bash
# Feeds the path from a client's bytes to messages (frames, inflating, UTF-8) what libFuzzer thinks of, under
# AddressSanitizer. Exit status 0 if nothing was found, 1 if something was, 2 if it could not run.
#
#   scripts/fuzz.sh                 two minutes
#   scripts/fuzz.sh --seconds 600   as long as you like
#   scripts/fuzz.sh FILE…           runs these inputs once, such as one that was found
#
# What must hold is in Tests/FrameFuzz/FrameProperties.swift. What was found lies in .build/fuzz/found, and the corpus, which
# the next run goes on from, in .build/fuzz/corpus. The modules of this package are built with the sanitizers, apart from
# the ordinary build; those it depends on are taken from the release build.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"

input_bytes_max=8192
memory_megabytes_max=2048
folder="$root/.build/fuzz"
sanitizers="fuzzer,address"

main() {
    local seconds=120 inputs=()
    while [ $# -gt 0 ]; do
        case "$1" in
            --seconds)
                [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage
                seconds=$2
                shift
                ;;
            -*) usage ;;
            *) inputs+=("$(realpath "$1")") ;;
        esac
        shift
    done
    cd "$root" || exit 2
    need_swift && install_build_needs && build || exit 2

    mkdir -p "$folder/corpus" "$folder/found" "$folder/seeds"
    # The runtime's own report of a trap would take half a minute and hide libFuzzer's, which names the input.
    export SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=1 FRAME_FUZZ_SEEDS="$folder/seeds"
    if [ "${#inputs[@]}" -gt 0 ]; then
        "$folder/frame-fuzz" "${inputs[@]}" || exit 1
        exit 0
    fi
    # Once without work, so that the seeds are there when libFuzzer looks for them.
    "$folder/frame-fuzz" -runs=0 >/dev/null 2>&1
    "$folder/frame-fuzz" -max_total_time="$seconds" -max_len="$input_bytes_max" -rss_limit_mb="$memory_megabytes_max" \
        -timeout=10 -print_final_stats=1 -artifact_prefix="$folder/found/" "$folder/corpus" "$folder/seeds" || exit 1
}

usage() {
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 2
}

# The dependencies by SwiftPM, then our modules with the sanitizers, one after the other, and all linked to libFuzzer's main.
build() {
    local products module flags
    swift build --configuration release --product EchoServer || return 1
    swift build --configuration release --target FrameFuzz || return 1
    products=$(swift build --configuration release --show-bin-path)
    rm -rf "$folder/modules" "$folder/objects"
    mkdir -p "$folder/modules" "$folder/objects"
    # How the compiler finds the C modules of the dependencies is written in SwiftPM's own plan.
    mapfile -t flags < <(grep -oE '"-fmodule-map-file=[^"]+"' "$root/.build/release.yaml" | tr -d '"' | sort -u |
        sed 's/^/-Xcc\n/')
    for module in SeededRandom:Tests/SeededRandom SocketSupport:Tests/SocketSupport WebSockets:Sources/WebSockets \
        FrameFuzz:Tests/FrameFuzz; do
        echo "Compiling ${module%:*} with the sanitizers…"
        swiftc -O -sanitize="$sanitizers" -parse-as-library -whole-module-optimization -swift-version 6 \
            -package-name countersign -module-name "${module%:*}" \
            -enable-upcoming-feature MemberImportVisibility -enable-upcoming-feature InternalImportsByDefault \
            -I "$folder/modules" -I "$products/Modules" -Xcc -fmodule-map-file="$root/Sources/CZlib/module.modulemap" \
            "${flags[@]}" -emit-module -emit-module-path "$folder/modules/${module%:*}.swiftmodule" \
            -c -o "$folder/objects/${module%:*}.o" "$root/${module#*:}"/*.swift || return 1
    done
    # What the echo server links, but for our own modules, is what ours depend on.
    grep -vE '/(EchoServer|WebSockets)\.build/' "$products/EchoServer.product/Objects.LinkFileList" >"$folder/dependencies"
    swiftc -sanitize="$sanitizers" -o "$folder/frame-fuzz" "$folder/objects"/*.o @"$folder/dependencies" \
        >"$folder/link.log" 2>&1 || { cat "$folder/link.log" >&2; return 1; }
}

main "$@"
