#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A second signature, of SM2, from issue to verify; openssl judges ours, and ours is told from openssl's.
#
#   second_signature.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
usual=distid:1234567812345678

# The office's second signer is under an authority of SM2; the trial's signed itself.
openssl genpkey -algorithm SM2 -out root.key
openssl req -x509 -new -key root.key -sm3 -sigopt $usual -subj /CN=root -days 2 -out root.crt \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
openssl genpkey -algorithm SM2 -out second.key
openssl req -new -key second.key -sm3 -sigopt $usual -subj /CN=second -out second.csr
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n' > extensions
openssl x509 -req -in second.csr -vfyopt $usual -CA root.crt -CAkey root.key -CAcreateserial -sm3 -sigopt $usual -days 1 \
  -extfile extensions -out second.crt 2> /dev/null
lightseed keys new trial --second-signer --quiet
openssl x509 -in trial/second.crt -noout -text > trial.txt
says() { grep -q -- "$2" "$1" || fail "$1 does not say '$2': $(cat "$1")"; }
says trial.txt 'SM2-with-SM3'
says trial.txt 'TEST - not for production'

# What a person can get wrong is said before a device is opened: there is none.
try() {
  lightseed batch issue --order order.csv --source usb:quantis/none --keys-per-sim 10 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger wrong.db -o wrong "$@"
}
expect 2 'come together' try --second-signer second.crt
expect 2 'come together' try --second-signer-key second.key
expect 7 'a further signature is of another one' try --second-signer signer.crt --second-signer-key signer.key
expect 7 'a further signature is of another one' try --second-signer signer.crt --second-signer-key second.key
expect 7 'is no SM2 key' try --second-signer second.crt --second-signer-key signer.key
expect 7 'holds no key that a further signature is made with' try --second-signer perso.crt --second-signer-key perso.key
expect 7 'does not belong' try --second-signer second.crt --second-signer-key trial/second.key
expect 7 'certification authority' try --second-signer root.crt --second-signer-key root.key
expect 4 'is a certificate, not a private key' try --second-signer second.crt --second-signer-key second.crt
expect 7 'a key for SM2 is read from a file' try --second-signer second.crt --second-signer-key pkcs11:token=x
cp second.key shared.key
chmod 640 shared.key
expect 3 'chmod 600' try --second-signer second.crt --second-signer-key shared.key
[[ ! -e wrong && ! -e wrong.db ]] || fail "something was written"

signing=(--second-signer second.crt --second-signer-key second.key --quiet)
issue "${signing[@]}"
issue "${signing[@]}" # finds the files again
expect 7 'the second signer' issue
verify() { lightseed batch verify out --trust signer.crt --allow-test "$@"; }
verify > said
says said '^VALID'
says said 'not judged'
verify --second-trust root.crt > said
! grep -q 'not judged' said || fail "with trust: $(cat said)"
verify --second-trust second.crt --recipient-key perso.key > said
expect 1 '' verify --second-trust trial/second.crt
says said.out 'not by whom is trusted'
verify --second-trust root.crt --explain > said
says said 'floor.*CN=root'
lightseed batch show out --trust signer.crt > said
says said '^signed too by.*CN=second'
expect 1 '' lightseed batch verify out --trust second.crt --allow-test

# parts: what was signed, the second signature and its signer's key
certificate=$(echo out/*.certificate.json)
cp "$certificate" honest
/usr/bin/python3 - honest << 'END'
import base64, json, pathlib, sys
envelope = json.loads(pathlib.Path(sys.argv[1]).read_text())
body = base64.b64decode(envelope["payload"])
kind = envelope["payloadType"].encode()
pathlib.Path("signed").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body))
second = envelope["signatures"][1]
pathlib.Path("sig").write_bytes(base64.b64decode(second["sig"]))
pathlib.Path("second.der").write_bytes(base64.b64decode(second["cert"]))
END
openssl x509 -inform DER -in second.der -noout -pubkey > second.pub
openssl x509 -in second.crt -outform DER | cmp - second.der || fail "another certificate came with the signature"
openssl dgst -sm3 -verify second.pub -sigopt $usual -signature sig signed > /dev/null || fail "openssl dgst refuses"
openssl pkeyutl -verify -pubin -inkey second.pub -rawin -digest sm3 -pkeyopt $usual -in signed -sigfile sig > /dev/null ||
  fail "openssl pkeyutl refuses"
if openssl dgst -sm3 -verify second.pub -sigopt distid:somebody -signature sig signed > /dev/null 2>&1; then
  fail "openssl takes any identifier"
fi

# put FILE: this second signature instead of ours
put() {
  /usr/bin/python3 - "$1" "$certificate" << 'END'
import base64, json, pathlib, sys
envelope = json.loads(pathlib.Path("honest").read_text())
envelope["signatures"][1]["sig"] = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode()
pathlib.Path(sys.argv[2]).write_text(json.dumps(envelope, indent=1) + "\n")
END
}
openssl dgst -sm3 -sign second.key -sigopt $usual -out by_dgst signed
openssl pkeyutl -sign -inkey second.key -rawin -digest sm3 -pkeyopt $usual -in signed -out by_pkeyutl
for signature in by_dgst by_pkeyutl; do
  put $signature
  verify --second-trust root.crt > said || fail "a signature $signature is refused: $(cat said)"
done
openssl dgst -sm3 -sign second.key -out no_id signed
openssl dgst -sm3 -sign trial/second.key -sigopt $usual -out another signed
openssl dgst -sha384 -sign signer.key -out ecdsa signed
for signature in no_id another ecdsa; do
  put $signature
  expect 1 'second signature that is not by CN=second' verify
done
cp honest "$certificate"
verify > said

# A batch of one signature, where two are asked for.
lightseed batch issue --order order.csv --order-id plain --top-up --source sim:homodyne?seed=1 --keys-per-sim 10 \
  --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db \
  -o plain --quiet
expect 7 '' lightseed batch verify plain --trust signer.crt --allow-test --second-trust root.crt
says said.out 'no second signature'

# The files of one side alone: what is missing, and how that side asks.
mkdir one-side
cp plain/* one-side/
rm one-side/*network*
status=0
lightseed batch verify one-side --trust signer.crt --allow-test > said.out 2> said.err || status=$?
[[ $status -eq 1 ]] || fail "one side's files: exit code $status"
grep -q -- '--side NAME' said.out || fail "no hint: $(cat said.out)"
lightseed batch verify one-side --side card --trust signer.crt --allow-test > said.out 2> said.err || fail "$(cat said.out)"
echo "a second signature: issued, judged by openssl, and openssl's by lightseed"
