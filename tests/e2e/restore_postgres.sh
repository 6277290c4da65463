#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A ledger in PostgreSQL that is dumped, lost and put back by the server's own programs, with what happened since; and
# its messages.
#
#   restore_postgres.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
# shellcheck source=tests/e2e/cluster.sh
. "$here/cluster.sh"
office "$1"
trap 'cluster_stop; rm -rf "$scratch"' EXIT
cluster_start
host() { export XDG_STATE_HOME=$scratch/$1; mkdir -p "$XDG_STATE_HOME"; } # what another host remembers
host a
sql 'CREATE SCHEMA lightseed'
ledger="$ledger&options=-csearch_path%3Dlightseed"
batch() { # batch ORDER DIR OPTIONS…
  lightseed batch issue --order order.csv --order-id "$1" --source sim:homodyne?seed=1 --keys-per-sim 10 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger "$ledger" -o "$2" --quiet "${@:3}"
}
restore=(lightseed ledger restore --ledger "$ledger")
dump() { "$programs/pg_dump" -h "$cluster" -U postgres -n lightseed -Fc -f "$1" postgres; }
put_back() {
  sql 'DROP SCHEMA lightseed CASCADE' 2> /dev/null
  "$programs/pg_restore" -h "$cluster" -U postgres -d postgres "$1"
}
printf '#!/bin/sh\ncat >> told\n' > hook
chmod +x hook
notify() { lightseed ledger notify --ledger "$ledger" --to command:./hook --quiet; }

batch first first
expect 7 "its server's own means" lightseed ledger backup --ledger "$ledger" -o copy
notify
batch second second --top-up
dump copy.dump
notify
batch later later --top-up
# Nothing was lost: nothing begins.
expect 7 'holds all that this host remembers' "${restore[@]}"
put_back copy.dump
expect 7 'rolled back' batch third third --top-up
expect 7 'goes on where it is' "${restore[@]}" copy.dump
host b
expect 7 'go to a host that issued from it' "${restore[@]}"
host a
"${restore[@]}" 2> said.err
grep -q "in epoch 2: new orders have ids that begin with 'e2.'" said.err || fail "$(cat said.err)"
lightseed ledger verify --ledger "$ledger" > /dev/null 2> said.err
grep -q 'is in epoch 2' said.err || fail "$(cat said.err)"
[[ $(lightseed batch status --ledger "$ledger" --json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["epoch"])') -eq 2 ]]
# What was issued since is not issued again by who does not know better; what the copy knows is found as ever.
expect 7 'was issued since that copy' batch later again --top-up
batch first first
batch e2.next next --top-up
lightseed batch find --ledger "$ledger" --iccid 8988211000000000011 --json | /usr/bin/python3 -c '
import json, sys
assert [block["charge"] for block in json.load(sys.stdin)["blocks"]] == [1, 2, 1000001]'
# The copy had not noted the second batch as told: it is told again, with the ids that it had.
notify
/usr/bin/python3 - << 'PYTHON'
import json
told = [json.loads(line) for line in open("told")]
assert [m["event"] for m in told if m["part"] == 0] == ["issued"] * 3 + ["restored", "issued"], told
assert told[3:6] == told[6:9], told
assert told[9]["epoch"] == 2 and told[10]["order"] == "e2.next"
assert len({m["id"] for m in told}) == len(told) - 3
PYTHON
# A second time is a third epoch.
put_back copy.dump
"${restore[@]}" 2> said.err
grep -q 'in epoch 3' said.err || fail "$(cat said.err)"
lightseed ledger verify --ledger "$ledger" > /dev/null 2>&1
echo "restored"
