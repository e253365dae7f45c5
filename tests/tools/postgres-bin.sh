#!/usr/bin/env bash
# Prints the directory of the newest PostgreSQL server programs on this machine; fails where there is none.
set -euo pipefail
newest=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
[ -n "$newest" ] || newest=$(command -v initdb || true)
[ -n "$newest" ] || { echo "no PostgreSQL server here; tests/tools/install.sh postgres installs it" >&2; exit 1; }
dirname "$(readlink -f "$newest")"
