# shellcheck shell=bash
# How many tests passed and failed, read from what a suite printed. Sourced by test.sh.
#
# Each prints "PASSED FAILED". A runner whose summary is not there printed "0 0", which test.sh counts as a failure.

# swift-testing: "✔ Test run with 12 tests in 3 suites passed after …", one "✘ Test … failed after …" for each failed one.
# XCTest: "Executed 5 tests, with 1 failure …"; the last such line is the sum of all.
count_swift() {
    awk '
        /Test run with [0-9]+ tests?/ { sub(/.*Test run with /, ""); total += $1; next }
        /^[^A-Za-z]*Test .* failed after / && !/Test case passing/ { failed++ }
        /^[^A-Za-z]*Executed [0-9]+ tests?, with / {
            line = $0
            sub(/.*Executed /, "", line); xctests = line + 0
            skipped = line ~ /tests? skipped/
            if (skipped) { sub(/^[0-9]+ tests?, with /, "", line); xskipped = line + 0 } else xskipped = 0
            sub(/.*(with|and) /, "", line); xfailed = line + 0
        }
        END { print total - failed + xctests - xfailed - xskipped, failed + xfailed }
    ' "$1"
}

# node --test: "# pass 12" as TAP, "ℹ pass 12" as the spec reporter prints it. A cancelled test did not pass.
count_node() {
    awk '
        $1 != "#" && $1 != "ℹ" { next }
        $2 == "pass" { passed += $3 }
        $2 == "fail" || $2 == "cancelled" { failed += $3 }
        END { print passed + 0, failed + 0 }
    ' "$1"
}

# pytest: "=== 2 failed, 30 passed, 1 error in 61.20s ===". An error in a fixture is a failure, and so is a test that
# passed though it was expected to fail.
count_pytest() {
    awk '
        /(passed|failed|errors?|xpassed).* in [0-9.]+s/ { summary = $0 }
        END {
            gsub(/[=,]/, " ", summary)
            words = split(summary, word, " ")
            for (at = 2; at <= words; at++) {
                if (word[at] == "passed") passed = word[at - 1]
                if (word[at] ~ /^(failed|errors?|xpassed)$/) failed += word[at - 1]
            }
            print passed + 0, failed + 0
        }
    ' "$1"
}

# A program that ends as test.sh does: "146 passed, 0 failed".
count_summary() {
    awk '/^[0-9]+ passed, [0-9]+ failed$/ { passed = $1; failed = $3 } END { print passed + 0, failed + 0 }' "$1"
}

# A program that only succeeds or fails is one test.
count_exit_status() {
    [ "$1" -eq 0 ] && echo "1 0" || echo "0 1"
}
