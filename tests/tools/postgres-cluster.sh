#!/usr/bin/env bash
# A private PostgreSQL cluster of the tests, to be made, stopped and started again. fsync is on, as the service demands.
# Usage: postgres-cluster.sh make             prints the new cluster's directory and its port
#        postgres-cluster.sh start DIRECTORY       (nothing to do where it runs)
#        postgres-cluster.sh stop DIRECTORY MODE   (fast or immediate)
#        postgres-cluster.sh remove DIRECTORY
# Roles: owner, a superuser for setting up, and sherlok, who owns the database sherlok and whom row-level security binds.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=$("$here/postgres-bin.sh")

# PostgreSQL refuses to run as root; the packages bring the user `postgres`, `nobody` is everywhere.
as_owner() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    owner=postgres
    id -u postgres >/dev/null 2>&1 || owner=nobody
    as_owner() { (cd / && setpriv --reuid "$owner" --regid "$(id -g "$owner")" --clear-groups "$@"); }
fi

start() {
    as_owner "$bin/pg_ctl" -D "$1/cluster" -w -t 30 -l "$1/log" -o "-p $2" start >/dev/null 2>&1 </dev/null
}

make() {
    # On a disk where POSTGRES_DIRECTORY names one, as benchmarks need. Else in memory where there is room: syncs cost
    # nothing there.
    parent=${TMPDIR:-/tmp}
    if [ -w /dev/shm ] && [ "$(df --output=avail -k /dev/shm | tail -n 1)" -gt 2000000 ]; then parent=/dev/shm; fi
    parent=${POSTGRES_DIRECTORY:-$parent}
    mkdir -p "$parent"
    # The server is started from the root directory.
    parent=$(cd "$parent" && pwd)
    root=$(mktemp -d "$parent/sherlok-postgres.XXXXXX")
    [ "$(id -u)" != 0 ] || chown "$owner" "$root"
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
        if start "$root" "$port"; then
            started=yes
            break
        fi
    done
    [ "${started:-}" = yes ] || { echo "PostgreSQL did not start:" >&2; cat "$root/log" >&2; rm -rf "$root"; exit 1; }
    echo "$port" >"$root/port"
    # The tests connect as the owner of a database, not as a superuser: row-level security would not bind a superuser.
    "$bin/psql" -q -h 127.0.0.1 -p "$port" -U owner -d postgres -v ON_ERROR_STOP=1 <<'SQL'
CREATE ROLE sherlok LOGIN CREATEDB CREATEROLE NOSUPERUSER;
CREATE DATABASE sherlok OWNER sherlok;
SQL
    echo "$root $port"
}

stop() {
    as_owner "$bin/pg_ctl" -D "$1/cluster" -m "$2" -w -t 60 stop >/dev/null 2>&1
}

case "${1:-}" in
    make) make ;;
    start) as_owner "$bin/pg_ctl" -D "$2/cluster" status >/dev/null || start "$2" "$(cat "$2/port")" || { cat "$2/log" >&2; exit 1; } ;;
    stop) stop "$2" "$3" ;;
    remove)
        stop "$2" immediate || true
        rm -rf "$2"
        ;;
    *) echo "usage: postgres-cluster.sh make | start DIRECTORY | stop DIRECTORY MODE | remove DIRECTORY" >&2; exit 2 ;;
esac
