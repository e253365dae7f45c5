#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL cluster: TEST_DATABASE_URL names it, and it is gone when the command ends.
# Usage: with-postgres.sh COMMAND [ARGUMENT...]; the exit code is the command's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { echo "usage: with-postgres.sh COMMAND [ARGUMENT...]" >&2; exit 2; }

made=$("$here/postgres-cluster.sh" make)
read -r root port <<<"$made"
stop() {
    trap - EXIT
    "$here/postgres-cluster.sh" remove "$root"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export TEST_POSTGRES_DIRECTORY="$root/cluster"
export TEST_DATABASE_URL="postgres://sherlok@127.0.0.1:$port/sherlok"
"$@"
