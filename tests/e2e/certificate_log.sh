#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The log of certificates: signed heads, what grew, what is in it, and a ledger that was cut off.
#
#   certificate_log.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
certificate stranger P-384 digitalSignature
batch() { # batch NAME
  lightseed batch issue --order order.csv --order-id "$1" --top-up --source sim:homodyne?seed=1 --keys-per-sim 10 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger ledger.db -o "$1" --quiet
}
head_of() { # head_of FILE OPTIONS…
  lightseed ledger head --ledger ledger.db --signer signer.crt --signer-key signer.key -o "$@" --quiet
}
check() { lightseed ledger check-head "$@" --trust signer.crt; }

batch one
head_of monday.json
cp ledger.db one.db
batch two
batch three
head_of tuesday.json --since monday.json
check tuesday.json --before monday.json > said.out
grep -q '1 then, 3 now' said.out || fail "$(cat said.out)"
check tuesday.json --before tuesday.json > /dev/null
expect 1 '' check monday.json --before tuesday.json
head_of alone.json
expect 1 '' check alone.json --before monday.json
expect 1 'no head of a log' lightseed ledger check-head monday.json --trust stranger.crt
expect 4 '' head_of monday.json

# A certificate is in the log, in this one, and no other is.
for name in one two three; do
  lightseed ledger prove "$name" --ledger ledger.db --head tuesday.json --trust signer.crt -o "$name.proof" --quiet
  check tuesday.json --certificate "$name" --proof "$name.proof" > /dev/null
done
expect 1 '' check tuesday.json --certificate one --proof two.proof
expect 1 '' check monday.json --certificate one --proof one.proof
expect 7 'newer one is needed' lightseed ledger prove two --ledger ledger.db --head monday.json --trust signer.crt -o no
expect 2 'come together' check monday.json --certificate one
[[ ! -e no ]] || fail "a proof was left"

# Somebody else's arithmetic: RFC 6962 by hand.
/usr/bin/python3 - << 'PYTHON'
import base64, glob, hashlib, json
def body(name):
    return json.loads(base64.b64decode(json.load(open(name))["payload"]))
leaves = [hashlib.sha256(b"\0" + hashlib.sha256(open(glob.glob(f"{name}/*.certificate.json")[0], "rb").read()).digest()).digest()
          for name in ("one", "two", "three")]
node = lambda left, right: hashlib.sha256(b"\1" + left + right).digest()
assert body("monday.json")["root"] == leaves[0].hex()
assert body("tuesday.json")["root"] == node(node(leaves[0], leaves[1]), leaves[2]).hex()
assert body("tuesday.json")["grew_from"]["path"] == [leaves[1].hex(), leaves[2].hex()]
PYTHON

# Each certificate names the one before it.
verify() { lightseed batch verify "$1" --trust signer.crt --allow-test --previous "$2"; }
verify two one > /dev/null
verify three two > /dev/null
expect 1 '' verify three one
expect 1 '' verify one two

# A ledger that was put back signs nothing, also where its head file was taken away.
cp ledger.db whole.db
cp one.db ledger.db
expect 7 'rolled back' head_of never.json
rm ledger.db.head
expect 7 'does not go on from the head' head_of never.json --since tuesday.json
expect 7 'does not go on from the head' lightseed ledger prove one --ledger ledger.db --head tuesday.json \
  --trust signer.crt -o never.json
[[ ! -e never.json ]] || fail "a head was left"
# It can sign a shorter head, and who has the longer one sees that it is one.
head_of shorter.json
expect 1 '' check shorter.json --before tuesday.json
echo "logged"
