# shellcheck shell=bash
# What building takes: Swift, and the C libraries that the package links. Sourced by run.sh and test.sh.

swift_version_min=6.3

# How programs are built that are run for real. With Swift's libraries linked in, calls into them need no detour: a tenth
# less CPU time per connection and per post, and a program that runs where there is no Swift.
# shellcheck disable=SC2034 # used by the scripts that source this
release_build=(--configuration release)
# shellcheck disable=SC2034
[ "$(uname -s)" != Linux ] || release_build+=(--static-swift-stdlib)

need_swift() {
    local version
    if ! command -v swift >/dev/null 2>&1; then
        complain "Swift $swift_version_min or newer is needed, and there is no \`swift\` on the PATH." \
            "Install it from https://www.swift.org/install/linux and start again."
        return 1
    fi
    version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+\.[0-9]+).*/\1/p' | head -n 1)
    if [ -z "$version" ]; then
        complain "\`swift --version\` does not say which version it is: $(command -v swift) may be broken."
        return 1
    fi
    if [ "$(printf '%s\n' "$swift_version_min" "$version" | sort -V | head -n 1)" != "$swift_version_min" ]; then
        complain "Swift $swift_version_min or newer is needed; $(command -v swift) is $version." \
            "Install a newer one from https://www.swift.org/install/linux and start again."
        return 1
    fi
}

install_build_needs() {
    need_command git git
    need_command pkg-config pkg-config
    need_library zlib zlib1g-dev
    need_library sqlite3 libsqlite3-dev
    install_needed
}
