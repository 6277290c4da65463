# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced behind office.sh: a throw-away PostgreSQL cluster in the scratch directory, reached by a socket there and by
# nothing else. cluster_start sets `ledger` (its address) and `server` (its process); clean up with cluster_stop. A cluster
# that was stopped goes on with cluster_serve.
server='' ledger='' as_server=()

cluster_stop() { [[ -z $server ]] || { kill -QUIT "$server" && wait "$server"; } 2> /dev/null || true; }

cluster_start() {
  # PostgreSQL does not run as root.
  programs=$(find /usr/lib/postgresql -path '*/bin/initdb' 2> /dev/null | sort -V | tail -n 1)
  [[ -n $programs ]] || fail "no PostgreSQL server: scripts/install-deps --tests brings it"
  programs=$(dirname "$programs")
  local user group
  as_server=(setpriv --pdeathsig QUIT)
  mkdir cluster
  # shellcheck disable=SC2154 # of office.sh
  chmod 711 "$scratch"
  if [[ $EUID -eq 0 ]]; then
    user=$(id -u postgres 2> /dev/null || id -u nobody)
    group=$(id -g postgres 2> /dev/null || id -g nobody)
    chown "$user:$group" cluster
    as_server+=(--reuid "$user" --regid "$group" --clear-groups)
  fi
  cluster=$scratch/cluster
  (cd / && "${as_server[@]}" "$programs/initdb" -D "$cluster/data" -U postgres -A trust -E UTF8 --no-locale --no-sync) \
    > initdb.log 2>&1 || fail "initdb: $(cat initdb.log)"
  # shellcheck disable=SC2034 # for who sources this
  ledger="postgresql://postgres@/postgres?host=$cluster"
  cluster_serve
}

cluster_serve() {
  (cd / && exec "${as_server[@]}" "$programs/postgres" -D "$cluster/data" -k "$cluster" -c listen_addresses=) \
    > server.log 2>&1 &
  server=$!
  local i
  for ((i = 0; i < 300; ++i)); do
    "$programs/pg_isready" -q -h "$cluster" -U postgres && break
    kill -0 $server 2> /dev/null || fail "the server ended: $(cat server.log)"
    sleep 0.1
  done
}

sql() { "$programs/psql" -h "$cluster" -U postgres -d postgres -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }
