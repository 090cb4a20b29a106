#!/usr/bin/env bash
# Installs what the tests need and runs them all; the last line is `N passed, N failed`. Exit status 1 if anything failed.
#
#   scripts/test.sh                    everything
#   scripts/test.sh lint swift         only these parts, of: lint swift autobahn browser e2e faults chaos bench
#   scripts/test.sh e2e --firefox      one browser only (--chromium, --firefox)
#
# A failing suite does not stop the others. A suite that dies, hangs or runs no test counts as a failure.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"
# shellcheck source=scripts/python-packages.sh
source "$root/scripts/python-packages.sh"
# shellcheck source=scripts/test-counts.sh
source "$root/scripts/test-counts.sh"

suite_seconds_max=1500
# Tests against a running server mostly wait for it.
e2e_processes=2
unobtainable_status=77 # scripts/autobahn.sh
logs="$root/.e2e/logs"
venv="$root/.e2e/venv"
passed=0
failed=0
built=no
summary=()

main() {
    local parts=() engines=() argument
    for argument in "$@"; do
        case "$argument" in
            lint | swift | autobahn | browser | e2e | faults | chaos | bench) parts+=("$argument") ;;
            --chromium | --firefox) engines+=("${argument#--}") ;;
            *)
                sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
                exit 2
                ;;
        esac
    done
    [ "${#parts[@]}" -gt 0 ] || parts=(lint swift autobahn browser e2e faults chaos bench)
    [ "${#engines[@]}" -gt 0 ] || engines=(chromium firefox)

    cd "$root" || exit 2
    mkdir -p "$logs"
    for argument in "${parts[@]}"; do
        if ! "prepare_$argument" "${engines[@]}"; then
            record "$argument" 0 1 0 "what it needs could not be installed"
            continue
        fi
        "test_$argument" "${engines[@]}"
    done
    report
}

prepare_lint() {
    need_swift || return 1
    need_command shellcheck shellcheck
    install_needed
}

test_lint() {
    suite swift-format exit swift format lint --strict --recursive Sources Tests Benchmarks Package.swift
    suite shellcheck exit shellcheck --external-sources scripts/*.sh Benchmarks/run.sh .ci/run
}

prepare_swift() {
    need_swift && install_build_needs
}

test_swift() {
    build
    if [ "$built" = yes ]; then
        suite swift swift swift test --skip-build
    else
        record swift 0 1 0 "not run: the build failed"
    fi
}

prepare_autobahn() {
    need_swift && install_build_needs
}

# Some cases of each section. Without the suite there is nothing to be told, which is said and is no failure.
test_autobahn() {
    build
    if [ "$built" = yes ]; then
        ECHO_SERVER="$(swift build --show-bin-path)/EchoServer" suite autobahn summary scripts/autobahn.sh --short
    else
        record autobahn 0 1 0 "not run: the build failed"
    fi
}

prepare_browser() {
    need_command node nodejs
    need_command tsc node-typescript
    install_needed
}

test_browser() {
    local files
    mapfile -t files < <(find Tests/browser -name '*.test.js' | sort)
    suite node node node --test --test-reporter=spec "${files[@]}"
    suite tsc exit tsc --project Tests/browser/tsconfig.json
}

prepare_e2e() {
    need_swift && install_build_needs || return 1
    need_command python3 python3
    need_python_venv
    need_command node nodejs
    need_node_module ws node-ws
    need_command curl curl
    need_command openssl openssl
    local engine
    for engine in "$@"; do
        case "$engine" in
            chromium) need_command chromium chromium ;;
            firefox) need_command firefox-esr firefox-esr ;;
        esac
    done
    install_needed && install_python_packages "$venv"
}

test_e2e() {
    local engine
    build
    e2e_suite e2e-server e2e/server --numprocesses "$e2e_processes"
    for engine in "$@"; do
        # What axe finds in a document does not depend on the engine: once is enough when both are run.
        local options=()
        [ "$engine" != firefox ] || [ "$#" -eq 1 ] || options=(--ignore e2e/browser/test_accessibility.py)
        e2e_suite "e2e-$engine" e2e/browser --engine "$engine" --numprocesses "$e2e_processes" --dist worksteal "${options[@]}"
    done
}

e2e_suite() {
    local name=$1
    shift
    if [ "$built" = yes ]; then
        COUNTERSIGN_PROGRAM="$(swift build --show-bin-path)/countersign" \
            suite "$name" pytest "$venv/bin/python" -m pytest "$@"
    else
        record "$name" 0 1 0 "not run: the build failed"
    fi
}

prepare_faults() {
    need_swift && install_build_needs || return 1
    need_command cc gcc
    need_command python3 python3
    need_python_venv
    install_needed && install_python_packages "$venv"
}

# What goes wrong, each against a real server, and that no approval leaves; ends with the table.
test_faults() {
    build
    e2e_suite faults e2e/faults --numprocesses "$e2e_processes" -rs
}

prepare_chaos() {
    need_swift && install_build_needs || return 1
    need_command python3 python3
    need_python_venv
    need_command node nodejs
    need_node_module ws node-ws
    install_needed && install_python_packages "$venv"
}

# The short form of scripts/chaos.sh, and that it can fail.
test_chaos() {
    build
    e2e_suite chaos e2e/chaos
}

prepare_bench() {
    need_swift && install_build_needs
}

# That the benchmark works and that every delivery arrives once; with the programs built for the tests, so not how fast.
test_bench() {
    build
    if [ "$built" = yes ]; then
        suite bench exit "$(swift build --show-bin-path)/Bench" --quick
    else
        record bench 0 1 0 "not run: the build failed"
    fi
}

# Everything once, tests included, and no import of a module that its target does not declare.
build() {
    [ "$built" = no ] || return 0
    built=failed
    suite build exit swift build --build-tests --explicit-target-dependency-import-check error && built=yes
}

# suite NAME swift|node|pytest|summary|exit COMMAND…: runs the command, shows what it prints, counts its tests. One that
# ends with the status of a suite that cannot be had is told of and not counted.
suite() {
    local name=$1 counted_as=$2 log="$logs/$1.log" status started=$SECONDS counts remark=""
    shift 2
    printf '\n== %s ==\n' "$name"
    timeout --foreground --signal=INT --kill-after=20 "$suite_seconds_max" "$@" </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    [ "$status" -ne 124 ] || remark="stopped after $suite_seconds_max s"
    if [ "$status" -eq "$unobtainable_status" ]; then
        record "$name" 0 0 $((SECONDS - started)) "not run: $(tail -n 1 "$log")"
        return
    fi
    if [ "$counted_as" = exit ]; then counts=$(count_exit_status "$status"); else counts=$("count_$counted_as" "$log"); fi
    if [ "${counts#* }" -eq 0 ]; then
        if [ "$status" -ne 0 ]; then
            counts="${counts% *} 1" remark=${remark:-"ended with status $status"}
        elif [ "${counts% *}" -eq 0 ]; then
            counts="0 1" remark="ran no test"
        fi
    fi
    record "$name" "${counts% *}" "${counts#* }" $((SECONDS - started)) "$remark"
    [ "${counts#* }" -eq 0 ]
}

record() {
    local line
    passed=$((passed + $2)) failed=$((failed + $3))
    line=$(printf '%-14s %5d passed %5d failed %6d s' "$1" "$2" "$3" "$4")
    [ -z "$5" ] || line+="   ($5)"
    summary+=("$line")
    printf '%s\n' "-- $line"
}

report() {
    printf '\n'
    printf '%s\n' "${summary[@]}"
    printf '\n%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}

main "$@"
