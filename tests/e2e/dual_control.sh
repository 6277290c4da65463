#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One person makes a batch, a second one lets it go; openssl says so too.
#
#   dual_control.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
lightseed keys new trial --quiet
certificate stranger P-384 digitalSignature
# The signer's key under another name.
openssl req -x509 -key signer.key -out twin.crt -days 1 -subj /CN=twin -addext basicConstraints=critical,CA:FALSE \
  -addext keyUsage=critical,digitalSignature 2> /dev/null
verify() { lightseed batch verify out --trust signer.crt --allow-test "$@"; }
release() { lightseed batch release out --trust signer.crt "$@"; }
by() { printf '%s\n' --signer "$1.crt" --signer-key "$1.key"; }
receipt() {
  lightseed batch receipt out --trust signer.crt --side card --recipient-key perso.key --quiet -o card.json \
    --signer trial/card-receipts.crt --signer-key trial/card-receipts.key
}

expect 7 'dual control takes two keys' issue --releaser signer.crt
expect 7 'dual control takes two keys' issue --releaser twin.crt
expect 7 'dual control takes two keys' issue --releaser twin.crt --dry-run
[[ ! -e out && ! -e ledger.db ]] || fail "something was made"
issue --releaser trial/releaser.crt --quiet
issue --releaser trial/releaser.crt --quiet # the same call finds it again
expect 7 'who releases the batch' issue

# Before the release nobody opens it; who is to release it can look at it.
verify > said.out
grep -q 'waits for the release of' said.out || fail "verify does not say that it waits"
expect 7 '' verify --require-release trial/releaser.crt
expect 7 'is not released' lightseed batch open out --trust signer.crt --recipient-key perso.key -o keys.csv
expect 7 'is not released' receipt
expect 7 'is not released' release --ledger ledger.db
[[ ! -e keys.csv && ! -e card.json ]] || fail "it was opened"
lightseed batch status --ledger ledger.db --json | grep -q '"HELD": 2' || fail "its blocks are not held"

# Nobody but the second person releases it.
for who in signer stranger; do
  mapfile -t key < <(by "$who")
  expect 7 'somebody else' release "${key[@]}"
done
expect 7 'somebody else' release --signer twin.crt --signer-key signer.key
expect 2 'come together' release --signer signer.crt
expect 2 'nothing to do' release
mapfile -t second < <(by trial/releaser)
expect 4 'missing.db' release "${second[@]}" --ledger missing.db
ls out/*.release.json 2> /dev/null && fail "a release was left"

# The key is elsewhere: signed without the ledger, entered without the key.
release "${second[@]}" --quiet
before=$(sha256sum out/*.release.json)
release "${second[@]}" --quiet
[[ $(sha256sum out/*.release.json) == "$before" ]] || fail "another release was written"
receipt
expect 7 'is not released' lightseed batch ack card.json --side card --trust trial/card-receipts.crt --ledger ledger.db
release --ledger ledger.db --quiet
release --ledger ledger.db 2> said.err
grep -q 'entered before' said.err || fail "entered twice"
lightseed batch ack card.json --side card --trust trial/card-receipts.crt --ledger ledger.db --quiet
verify --require-release trial/releaser.crt > /dev/null
expect 7 '' verify --require-release stranger.crt
lightseed ledger verify --ledger ledger.db > /dev/null

# Somebody else's program believes the signature.
/usr/bin/python3 - out/*.release.json << 'PYTHON'
import base64, json, sys
envelope = json.load(open(sys.argv[1]))
body = base64.b64decode(envelope["payload"])
kind = envelope["payloadType"]
assert kind == "application/vnd.lightseed.release+json" and json.loads(body)["schema"] == "urn:lightseed:release/v1"
open("signed", "wb").write(b"DSSEv1 %d %s %d " % (len(kind), kind.encode(), len(body)) + body)
open("signature", "wb").write(base64.b64decode(envelope["signatures"][0]["sig"]))
PYTHON
openssl x509 -in trial/releaser.crt -noout -pubkey > public
openssl dgst -sha384 -verify public -signature signature signed > /dev/null || fail "openssl does not believe it"

# A release that was changed, or is another batch's, is a fault for everybody.
cp out/*.release.json good
sed -i 's/"sig": "..../"sig": "AAAA/' out/*.release.json
expect 1 'no release to be believed' lightseed batch open out --trust signer.crt --recipient-key perso.key -o keys.csv
expect 1 '' verify
lightseed batch issue --order order.csv --order-id second --top-up --source sim:homodyne?seed=2 --keys-per-sim 10 \
  --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
  --ledger ledger.db -o more --releaser trial/releaser.crt --quiet
for certificate in more/*.certificate.json; do
  cp good "${certificate%.certificate.json}.release.json"
done
expect 1 'no release to be believed' lightseed batch open more --trust signer.crt --recipient-key perso.key -o keys.csv
expect 1 'no release to be believed' lightseed batch release more --trust signer.crt --ledger ledger.db
[[ ! -e keys.csv ]] || fail "it was opened"
lightseed ledger verify --ledger ledger.db > /dev/null
echo "released by two"
