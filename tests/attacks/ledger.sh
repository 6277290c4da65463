#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What can be done to a ledger from outside, as an operator or an attacker would do it: no order is issued twice unseen.
#   ledger.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/../e2e/office.sh"
office "$1"

# into LEDGER DIR [OPTIONS…]
into() {
  lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 10 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger "$1" -o "$2" "${@:3}"
}

expect 0 'is new: it knows of no order' into ledger.db out
cp ledger.db backup.db

# Reading writes nothing.
before=$(sha256sum < ledger.db)
names=$(ls -A)
expect 0 '' lightseed batch status --ledger ledger.db
grep -q ISSUED said.out || fail "status says: $(cat said.out)"
[[ $(sha256sum < ledger.db) == "$before" ]] || fail "status wrote to the ledger"
rm -f said.out said.err
[[ $(ls -A) == "$(sed '/^said\./d' <<< "$names")" ]] || fail "status left files: $(ls -A)"
sqlite3 foreign.db 'CREATE TABLE mine (x)'
before=$(sha256sum < foreign.db)
expect 7 'another program' lightseed batch status --ledger foreign.db
expect 7 'another program' into foreign.db other
[[ $(sha256sum < foreign.db) == "$before" ]] || fail "a foreign database was written to"

# The same SIMs under another order id.
expect 7 '2 of the order'"'"'s 2 SIMs have keys already' into ledger.db out2 --order-id o2
expect 0 '' into ledger.db out2 --order-id o2 --top-up

# One ledger, several names.
expect 2 'no name for a ledger' into :memory: other
expect 2 'no ledger is kept in' into file:ledger.db other
ln ledger.db hard.db
expect 7 'hard links' into hard.db other
rm hard.db
ln -s ledger.db soft.db
exec 8< ledger.db
flock -n 8 || fail "the ledger is locked though nobody issues"
expect 75 'another process' into soft.db other --order-id o3
exec 8<&-

# A copy put back, and a ledger that is gone.
cp ledger.db newest.db
cp backup.db ledger.db
expect 7 'was rolled back' into ledger.db out3 --order-id o2
mv ledger.db away.db
expect 7 'remembers a ledger' into ledger.db out3
cp newest.db ledger.db
expect 0 'was last used as' into ledger.db out2 --order-id o2 --top-up

# Without the memory beside it: nothing is issued, and status says so.
mv ledger.db.head away.head
expect 7 'ledger.db.head is missing' into ledger.db out3 --order-id o3 --top-up
expect 0 'ledger.db.head is missing' lightseed batch status --ledger ledger.db
expect 0 'ledger.db.head is missing' into ledger.db out4 --order-id o4 --top-up --accept-missing-head
expect 0 '' lightseed batch status --ledger ledger.db --check

# A row of a SIM changed by hand: its SIM does not become a new one.
cp ledger.db tampered.db
cp ledger.db.head tampered.db.head
sqlite3 tampered.db "UPDATE block SET iccid = '8988211000000000095' WHERE iccid = '8988211000000000011'"
expect 7 'changed by something else' into tampered.db out3 --order-id o5
expect 7 'changed by something else' into tampered.db out3 --order-id o5 --top-up
expect 1 '' lightseed batch status --ledger tampered.db --check
grep -q 'FAULT.*blocks of batch' said.out || fail "status --check: $(cat said.out)"

# Hidden in a row: a directory of somebody else's, and an order that was never issued.
cp ledger.db tampered.db
cp ledger.db.head tampered.db.head
sqlite3 tampered.db "UPDATE batch SET state = 'BURNED' WHERE order_id = 'order'; UPDATE block SET state = 'BURNED'
  WHERE batch = (SELECT number FROM batch WHERE order_id = 'order')"
expect 7 'changed by something else' into tampered.db other
sqlite3 ledger.db "CREATE TRIGGER t AFTER INSERT ON delivery BEGIN DELETE FROM delivery; END"
expect 7 'changed by something else' into ledger.db other
[[ ! -e other && ! -e out3 ]] || fail "something was issued"
echo "no order was issued twice unseen"
