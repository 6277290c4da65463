#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The export for OsmoHLR goes into the database of a real osmo-hlr, which then computes authentication vectors equal to
# those of the cards: with an OPc of each SIM's own, one that follows from its OP, and one from the operator's OP.
#
#   export_osmo_hlr.sh DIR_OF_COMMAND PROFILE
set -euo pipefail
# shellcheck source=tests/e2e/export_office.sh
. "$(dirname "$0")/export_office.sh"
wants osmo-hlr osmo-hlr-db-tool sqlite3
profile=$(realpath "$2")
export_office "$1" "$profile"

# An address of this run's own: osmo-hlr's ports are fixed, and another run may be beside this one.
address=127.$((RANDOM % 254 + 1)).$((RANDOM % 254 + 1)).$(($$ % 254 + 1))
cat > osmo-hlr.cfg <<CONFIG
log stderr
line vty
 bind $address
ctrl
 bind $address
hlr
 gsup
  bind ip $address
CONFIG

server=
stop() {
  [[ -z $server ]] || { kill "$server" && wait "$server"; } 2> /dev/null || true
  server=
}
# shellcheck disable=SC2154
trap 'stop; rm -rf "$scratch"' EXIT

# asked WHAT OPTIONS…: an osmo-hlr with this export is asked
asked() {
  local what=$1
  shift
  rm -f export.sql hlr.db*
  exported osmo-hlr export.sql "$@"
  osmo-hlr-db-tool -l hlr.db create 2> hlr.err || fail "no database: $(cat hlr.err)"
  sqlite3 -bail hlr.db < export.sql || fail "$what: the SQL is refused"
  [[ $(sqlite3 hlr.db 'SELECT count(*) FROM auc_3g') == 5 ]] || fail "$what: not five SIMs"
  osmo-hlr -c osmo-hlr.cfg -l hlr.db 2> hlr.err &
  server=$!
  PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 "$here/export_osmo_hlr.py" "$address" truth.json 5 ||
    fail "$what: $(tail -n 3 hlr.err)"
  stop
}

asked "the profile as it is shipped"
grep -q 'NOT FOR PRODUCTION' export.sql || fail "the file does not say that its keys are for tests"

# A database that knows a SIM already stays as it was.
sqlite3 hlr.db 'DELETE FROM auc_3g; DELETE FROM subscriber WHERE id != 3'
if sqlite3 -bail hlr.db < export.sql 2> /dev/null; then fail "a SIM was loaded twice"; fi
[[ $(sqlite3 hlr.db 'SELECT (SELECT count(*) FROM subscriber), (SELECT count(*) FROM auc_3g)') == '1|0' ]] ||
  fail "half of an export is in the database"
# Nor does a shell that goes on after errors give a SIM's keys to another subscriber.
sqlite3 hlr.db < export.sql 2> /dev/null || true
[[ $(sqlite3 hlr.db 'SELECT count(*), count(DISTINCT subscriber_id) FROM auc_3g') == '5|5' ]] || fail "rows of keys"
sqlite3 -separator ' ' hlr.db 'SELECT imsi, k FROM subscriber JOIN auc_3g ON id = subscriber_id ORDER BY imsi' > loaded
/usr/bin/python3 -c 'import json
for sim in sorted(json.load(open("truth.json")), key=lambda s: s["imsi"]): print(sim["imsi"], sim["credentials"]["ki"])' |
  diff - loaded || fail "keys are at the wrong subscriber"

# one_field TEXT: a profile with ki and this
one_field() {
  printf '{"schema":"lightseed/export-profile/v1","name":"aka","fields":[{"name":"ki","bytes":16}%s]}\n' "$1" > profile.json
}
one_field ',{"name":"opc","bytes":16}'
truth -
asked "an OPc of its own"
one_field ',{"name":"op","bytes":16}'
truth -
asked "an OP of its own"
one_field ''
truth op
asked "the operator's OP" --op op

# Without OPc there is no AKA, and a K of 32 bytes is not Milenage's.
refused() {
  rm -f never.sql
  expect 2 "$1" lightseed batch export out --trust signer.crt --recipient-key auc.key --format osmo-hlr \
    --profile profile.json -o never.sql "${@:2}"
  [[ ! -e never.sql ]] || fail "$1: something was written"
}
refused 'needs opc'
refused 'no use for a transport key for auc' --op op --transport-key "auc:1:$PWD/op"
printf '{"schema":"lightseed/export-profile/v1","name":"aka","fields":[{"name":"ki","bytes":32}]}\n' > profile.json
refused 'takes a ki of 16 bytes'
