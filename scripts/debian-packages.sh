# shellcheck shell=bash
# What the machine lacks, and how it gets it. Sourced by run.sh and test.sh.
#
#   need_command node nodejs          the command `node`, which the Debian package `nodejs` brings
#   need_node_module ws node-ws       a module for `node`
#   need_library zlib zlib1g-dev      a C library with its headers, as pkg-config knows it
#   install_needed                    installs what was missing, or says the exact command and fails

apt_attempts_max=3
apt_lock_timeout_seconds=300
needed_packages=()
needed_things=()

need_command() {
    command -v "$1" >/dev/null 2>&1 || need "$2" "the command $1"
}

need_library() {
    pkg-config --exists "$1" 2>/dev/null || need "$2" "$1 with its headers"
}

# A module of Node's that Debian packages, where Debian puts it.
need_node_module() {
    [ -e "/usr/share/nodejs/$1/package.json" ] || need "$2" "the Node module $1"
}

# A Python that can make virtual environments: Debian ships that part on its own.
need_python_venv() {
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need python3-venv "Python 3 with venv"
}

need() {
    needed_packages+=("$1")
    needed_things+=("$2")
}

install_needed() {
    [ "${#needed_packages[@]}" -eq 0 ] && return 0
    local packages=("${needed_packages[@]}") things=("${needed_things[@]}")
    needed_packages=() needed_things=()

    if ! command -v apt-get >/dev/null 2>&1; then
        complain "This machine lacks:" "${things[@]/#/  }" \
            "This script installs them on Debian only (there they are: ${packages[*]})." \
            "Install them with your system's package manager and start again."
        return 1
    fi
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2>/dev/null; then
            complain "This machine lacks:" "${things[@]/#/  }" "Install them with" \
                "  sudo apt-get update && sudo apt-get install --yes ${packages[*]}" "and start again."
            return 1
        fi
        as_root=(sudo -n)
    fi
    echo "Installing from Debian: ${packages[*]}"
    apt_install "${packages[@]}" || {
        complain "Installing ${packages[*]} failed; what apt-get said is above."
        return 1
    }
}

# The package lists may be absent (a fresh image) or old: they are read again before the first try that needs it.
apt_install() {
    local attempt
    compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null || apt update || true
    for ((attempt = 1; attempt <= apt_attempts_max; attempt++)); do
        apt install --yes --no-install-recommends "$@" && return 0
        [ "$attempt" -lt "$apt_attempts_max" ] || break
        echo "Trying again (attempt $((attempt + 1)) of $apt_attempts_max)…"
        sleep $((attempt * 2))
        apt update || true
    done
    return 1
}

apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet=2 \
        -o Acquire::Retries=3 -o DPkg::Lock::Timeout="$apt_lock_timeout_seconds" -o Dpkg::Use-Pty=0 "$@" </dev/null
}

complain() {
    printf '%s\n' "$@" >&2
}
