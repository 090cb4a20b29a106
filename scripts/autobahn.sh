#!/usr/bin/env bash
# Runs the Autobahn test suite's fuzzing client against the echo server; the last line is `N passed, N failed`.
#
#   scripts/autobahn.sh                  all 517 cases, against a release build: about ten minutes
#   scripts/autobahn.sh --short          some of every section, in under a minute
#   scripts/autobahn.sh --cases "1.* 7.5.1"
#   scripts/autobahn.sh --report DIR     where the suite's HTML report goes (default: .e2e/autobahn/report)
#
# Exit status: 0 if every case was run and passed, 1 if not, 2 if it could not start, 77 if the suite cannot be obtained. It
# is installed into .e2e/autobahn the first time; it wants Python 2.7, which is unpacked there from Debian 11 where there is
# none. ECHO_SERVER names a program to test instead of building one.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=scripts/debian-packages.sh
source "$root/scripts/debian-packages.sh"
# shellcheck source=scripts/swift-toolchain.sh
source "$root/scripts/swift-toolchain.sh"

suite_version=25.10.1
virtualenv_version=20.15.1 # the last that makes environments for Python 2.7
unobtainable_status=77
start_seconds_max=20
short_cases="1.* 2.* 3.* 4.* 5.* 6.1.* 6.2.* 6.4.* 6.20.* 6.23.* 7.* 9.1.1 9.2.1 9.3.1 9.5.1 9.7.1 10.* 12.1.1 12.1.5 12.2.1 \
12.3.1 12.4.1 12.5.1 13.1.1 13.2.1 13.3.1 13.3.5 13.4.1 13.5.1 13.6.1 13.7.1"

home="$root/.e2e/autobahn"
debian="$home/debian-11"
suite="$home/suite"
server_pid=

main() {
    local cases="*" report="$home/report" url
    while [ $# -gt 0 ]; do
        case "$1" in
            --short) cases=$short_cases ;;
            --cases | --report)
                [ -n "${2:-}" ] || usage
                [ "$1" = --cases ] && cases=$2 || report=$2
                shift
                ;;
            *) usage ;;
        esac
        shift
    done
    cd "$root" || exit 2
    mkdir -p "$home" || exit 2
    empty_report "$report" || exit 2
    report=$(realpath "$report")
    [ -e "$suite/complete" ] || obtain_suite
    [ -n "${ECHO_SERVER:-}" ] || build_server || exit 2

    trap 'stop_server' EXIT
    start_server || exit 2
    url="ws://127.0.0.1:$port"
    echo "Running the cases $cases against $url; the report will be $report/index.html"
    # The list of cases is written beside the report, so that a case which never ran is not taken for one that passed.
    wanted_cases "$cases" >"$report/wanted.json" || {
        complain "There are no such cases: $cases"
        exit 2
    }
    printf '{"outdir": "%s", "servers": [{"agent": "countersign", "url": "%s"}], "cases": %s, "exclude-cases": [], "exclude-agent-cases": {}}\n' \
        "$report" "$url" "$(cat "$report/wanted.json")" >"$report/spec.json"
    (cd "$report" && in_suite "$suite/bin/wstest" --mode fuzzingclient --spec spec.json) >"$report/wstest.log" 2>&1 ||
        complain "The suite ended with status $?; its log is $report/wstest.log"
    python3 "$root/scripts/autobahn-summary.py" "$report"
}

usage() {
    sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"
    exit 2
}

# Only what an earlier run left is removed, which is known by its list of cases.
empty_report() {
    if [ -n "$(ls -A "$1" 2>/dev/null)" ]; then
        [ -e "$1/wanted.json" ] || {
            complain "$1 is not empty, and holds no report of an earlier run: name another folder."
            return 1
        }
        rm -rf "$1"
    fi
    mkdir -p "$1" && echo '[]' >"$1/wanted.json"
}

build_server() {
    need_swift && install_build_needs && swift build "${release_build[@]}" --product EchoServer &&
        ECHO_SERVER=$(swift build "${release_build[@]}" --show-bin-path)/EchoServer
}

start_server() {
    local said="$report/server.out" waited=0
    "$ECHO_SERVER" --port 0 >"$said" 2>"$report/server.err" &
    server_pid=$!
    until port=$(sed -nE 's/^listening on .*:([0-9]+)$/\1/p' "$said") && [ -n "$port" ]; do
        if ! kill -0 "$server_pid" 2>/dev/null || [ "$((waited += 1))" -gt $((start_seconds_max * 10)) ]; then
            complain "The echo server $ECHO_SERVER did not start:" "$(tail -n 5 "$report/server.err")"
            return 1
        fi
        sleep 0.1
    done
}

stop_server() {
    [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null
}

# The ids that patterns stand for, as JSON.
wanted_cases() {
    in_suite "$suite/bin/python" - "$1" <<'PYTHON'
import json, sys
from autobahntestsuite.case import CaseBasename, CaseCategories, CaseSetname, CaseSubCategories, Cases
from autobahntestsuite.caseset import CaseSet
known = CaseSet(CaseSetname, CaseBasename, Cases, CaseCategories, CaseSubCategories)
wanted = []
for pattern in sys.argv[1].split():
    wanted += [case for case in known.parseSpecCases({"cases": [pattern], "exclude-cases": []})
               if case not in wanted and ("*" in pattern or case == pattern)]
print(json.dumps(wanted))
sys.exit(0 if wanted else 1)
PYTHON
}

# A program of Python 2.7 with the libraries it was unpacked with, which no other program may see.
in_suite() {
    if [ -d "$debian/root" ]; then
        LD_LIBRARY_PATH="$debian/root/usr/lib/$(gcc -print-multiarch)" PYTHONPATH='' "$@"
    else
        PYTHONPATH='' "$@"
    fi
}

obtain_suite() {
    local python
    echo "Installing the Autobahn test suite $suite_version into ${home#"$root"/} (once; takes a few minutes)…"
    need_command gcc gcc
    need_command python3 python3
    need_python_venv
    install_needed || unobtainable "what it is built with could not be installed"
    # A name on the PATH may be a stub that runs nothing.
    python=$(python2.7 -c 'import sys; print(sys.executable)' 2>/dev/null) || {
        unpack_python || unobtainable "Python 2.7 could not be fetched from Debian 11"
        python="$debian/root/usr/bin/python2.7"
    }
    rm -rf "$suite" "$home/tools"
    { python3 -m venv "$home/tools" && pip_install "$home/tools/bin/python" "virtualenv==$virtualenv_version"; } ||
        unobtainable "virtualenv $virtualenv_version could not be installed"
    in_suite "$home/tools/bin/virtualenv" --quiet --python "$python" "$suite" ||
        unobtainable "no environment for Python 2.7 could be made"
    CPATH="$debian/root/usr/include/python2.7:$debian/root/usr/include" \
        pip_install "$suite/bin/python" "autobahntestsuite==$suite_version" ||
        unobtainable "autobahntestsuite $suite_version could not be installed"
    touch "$suite/complete"
}

pip_install() {
    local as=(env)
    [ "$1" = "$suite/bin/python" ] && as=(in_suite)
    PYTHONWARNINGS=ignore "${as[@]}" "$1" -m pip install --quiet --no-input --disable-pip-version-check --retries 5 \
        --timeout 60 "$2" 2>&1 | grep -v DEPRECATION
    return "${PIPESTATUS[0]}"
}

# Debian 11's packages, from the mirror that this machine uses already, into a folder; nothing is installed.
unpack_python() {
    local mirror package options
    command -v apt-get >/dev/null && command -v dpkg >/dev/null || return 1
    # shellcheck disable=SC2016 # for apt-get to expand
    mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -n 1)
    [ -n "$mirror" ] || return 1
    rm -rf "$debian"
    mkdir -p "$debian/lists/partial" "$debian/cache/archives/partial" "$debian/packages" || return 1
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror bullseye main" >"$debian/sources.list"
    options=(-qq -o Dir::Etc::SourceList="$debian/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o Dir::State::Lists="$debian/lists" -o Dir::Cache="$debian/cache" -o APT::Sandbox::User=root
        -o Acquire::Retries=3)
    apt-get "${options[@]}" update || return 1
    (cd "$debian/packages" && apt-get "${options[@]}" download python2.7 python2.7-minimal python2.7-dev libpython2.7 \
        libpython2.7-minimal libpython2.7-stdlib libpython2.7-dev libffi7 libssl1.1) || return 1
    for package in "$debian"/packages/*.deb; do dpkg -x "$package" "$debian/root.new" || return 1; done
    mv "$debian/root.new" "$debian/root"
}

unobtainable() {
    complain "The Autobahn test suite cannot be obtained: $1. Nothing was tested."
    exit "$unobtainable_status"
}

main "$@"
