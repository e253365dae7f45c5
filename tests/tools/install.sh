#!/usr/bin/env bash
# Installs what the tests need and this machine lacks: cargo-nextest, PostgreSQL, a Python environment, strace, Node.js
# and Chromium for the pages.
# Usage: install.sh [nextest] [postgres] [python] [strace] [node] [chromium] [wrk] [mutants]; without arguments all but the
# last two.
# Does nothing where all is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools=target/test-tools

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    as_root apt-get update >/dev/null
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null
}

install_nextest() {
    cargo nextest --version >/dev/null 2>&1 && return
    echo "installing cargo-nextest"
    cargo install --locked --quiet cargo-nextest
}

install_mutants() {
    cargo mutants --version >/dev/null 2>&1 && return
    echo "installing cargo-mutants"
    cargo install --locked --quiet cargo-mutants
}

install_postgres() {
    tests/tools/postgres-bin.sh >/dev/null 2>&1 && return
    echo "installing PostgreSQL from Debian's packages"
    # The package would otherwise make and start a cluster of its own on the default port.
    as_root mkdir -p /etc/postgresql-common
    [ -e /etc/postgresql-common/createcluster.conf ] ||
        echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    apt_install postgresql
    tests/tools/postgres-bin.sh >/dev/null
}

install_strace() {
    command -v strace >/dev/null && return
    echo "installing strace from Debian's packages"
    apt_install strace
}

install_wrk() {
    command -v wrk >/dev/null && return
    echo "installing wrk from Debian's packages"
    apt_install wrk
}

# Node.js 20.19 is the oldest that builds the pages.
is_node_new_enough() {
    command -v npm >/dev/null &&
        node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
}

install_node() {
    is_node_new_enough && return
    echo "installing Node.js from Debian's packages"
    apt_install nodejs npm
    is_node_new_enough || { echo "Node.js 20.19 or newer is needed for the pages"; return 1; }
}

install_chromium() {
    command -v chromium >/dev/null && return
    echo "installing Chromium from Debian's packages"
    apt_install chromium
}

install_python() {
    cmp -s tests/tools/requirements.txt "$tools/requirements.installed" && return
    echo "installing the Python environment of the live-server tests"
    command -v python3 >/dev/null || apt_install python3 python3-venv
    rm -rf "$tools/venv"
    mkdir -p "$tools"
    python3 -m venv "$tools/venv" 2>/dev/null || { apt_install python3-venv && python3 -m venv --clear "$tools/venv"; }
    "$tools/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/tools/requirements.txt
    cp tests/tools/requirements.txt "$tools/requirements.installed"
}

[ $# -gt 0 ] || set -- nextest postgres python strace node chromium
for part in "$@"; do "install_$part"; done
