#!/usr/bin/env bash
# Runs a command beside a private PostgreSQL cluster: TEST_DATABASE_URL names it, and it is gone when the command ends.
# Usage: with-postgres.sh COMMAND [ARGUMENT...]; the exit code is the command's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { echo "usage: with-postgres.sh COMMAND [ARGUMENT...]" >&2; exit 2; }
bin=$("$here/postgres-bin.sh")

# On a disk where POSTGRES_DIRECTORY names one, as benchmarks need. Else in memory where there is room: fsync stays on, as the service demands, and costs nothing there.
parent=${TMPDIR:-/tmp}
if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 2000000 ]; then parent=/dev/shm; fi
parent=${POSTGRES_DIRECTORY:-$parent}
mkdir -p "$parent"
root=$(mktemp -d "$parent/sherlok-postgres.XXXXXX")

# PostgreSQL refuses to run as root; the packages bring the user `postgres`, `nobody` is everywhere.
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id -u postgres >/dev/null 2>&1 || owner=nobody
    chown "$owner" "$root"
    as_owner() { (cd / && setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups "$@"); }
fi

stop() {
    trap - EXIT
    as_owner "$bin/pg_ctl" -D "$root/cluster" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$root"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

as_owner "$bin/initdb" -D "$root/cluster" -U owner --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
as_owner tee -a "$root/cluster/postgresql.conf" >/dev/null <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = '$root'
max_connections = 400
max_locks_per_transaction = 512
shared_buffers = 256MB
max_wal_size = 2GB
fsync = on
synchronous_commit = on
timezone = 'UTC'
CONFIGURATION

for attempt in 1 2 3 4 5; do
    port=$((20000 + (RANDOM + $$ + attempt) % 12000))
    if as_owner "$bin/pg_ctl" -D "$root/cluster" -w -t 30 -l "$root/log" -o "-p $port" start >/dev/null 2>&1; then
        started=yes
        break
    fi
done
[ "${started:-}" = yes ] || { echo "PostgreSQL did not start:" >&2; cat "$root/log" >&2; exit 1; }

# The tests connect as the owner of a database, not as a superuser: row-level security would not bind a superuser.
"$bin/psql" -q -h 127.0.0.1 -p "$port" -U owner -d postgres -v ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE sherlok LOGIN CREATEDB CREATEROLE NOSUPERUSER;
CREATE DATABASE sherlok OWNER sherlok;
SQL
export TEST_POSTGRES_DIRECTORY="$root/cluster"
export TEST_DATABASE_URL="postgres://sherlok@127.0.0.1:$port/sherlok"
"$@"
