# shellcheck shell=bash
# The packages of e2e/requirements.txt. Sourced by test.sh and chaos.sh.

# install_python_packages FOLDER: into a virtual environment there; again only when the list has changed.
install_python_packages() {
    cmp --silent e2e/requirements.txt "$1/installed.txt" && return 0
    echo "Installing for Python, into $1: $(tr '\n' ' ' <e2e/requirements.txt)" >&2
    rm -rf "$1"
    python3 -m venv "$1" &&
        "$1/bin/python" -m pip install --quiet --no-input --disable-pip-version-check --retries 5 --timeout 60 \
            --requirement e2e/requirements.txt &&
        cp e2e/requirements.txt "$1/installed.txt"
}
