#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A ledger that is lost and put back from a copy, with the batches that were issued since.
#
#   restore.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
lightseed keys new trial --quiet
batch() { # batch ORDER DIR OPTIONS…
  lightseed batch issue --order order.csv --order-id "$1" --source sim:homodyne?seed=1 --keys-per-sim 10 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger ledger.db -o "$2" --quiet "${@:3}"
}
restore() { lightseed ledger restore copy.db --ledger ledger.db; }

batch first first
lightseed ledger backup --ledger ledger.db -o copy.db --quiet
expect 7 'move the ledger that was there away' restore
batch later later --top-up
lightseed batch receipt later --trust signer.crt --side card --recipient-key perso.key -o later.json --quiet \
  --signer trial/card-receipts.crt --signer-key trial/card-receipts.key
mv ledger.db damaged.db
# By hand it does not go on.
cp copy.db ledger.db
expect 7 'rolled back' batch second second --top-up
rm ledger.db

restore 2> said.err
grep -q "in epoch 2: new orders have ids that begin with 'e2.'" said.err || fail "$(cat said.err)"
lightseed ledger verify --ledger ledger.db > /dev/null
# What was issued since is not issued again by who does not know better, nor is its receipt entered.
expect 7 'was issued since that copy' batch later again --top-up
expect 7 'was issued since that copy' batch later again --top-up --dry-run
expect 7 'was issued since that copy' batch later again --top-up --part-sims 1
[[ ! -e again ]] || fail "it was issued again"
expect 7 'no batch' lightseed batch ack later.json --side card --trust trial/card-receipts.crt --ledger ledger.db
# What the copy knows is found as ever.
batch first first
batch e2.next next --top-up
lightseed batch find --ledger ledger.db --iccid 8988211000000000011 --json | /usr/bin/python3 -c '
import json, sys
assert [block["charge"] for block in json.load(sys.stdin)["blocks"]] == [1, 1000001]'
printf 'iccid,charge,first,last\n8988211000000000011,2,0,0\n' > used.csv
expect 7 '' lightseed batch used used.csv --ledger ledger.db
lightseed ledger verify --ledger ledger.db > /dev/null
echo "restored"
