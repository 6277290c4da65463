#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The exports that no program of Debian reads – pySim's CSV, the vendors' pair, Azure's JSON – are read again by readers
# of our own that share nothing with the writers (export_readers.py, on python3-pycryptodome).
#
#   export_tables.sh DIR_OF_COMMAND PROFILE
set -euo pipefail
# shellcheck source=tests/e2e/export_office.sh
. "$(dirname "$0")/export_office.sh"
wants openssl
profile=$(realpath "$2")
export_office "$1" "$profile"
reads() {
  /usr/bin/python3 "$here/export_readers.py" "$@" || fail "$1 reads something else"
}
refused() {
  rm -f never
  expect "$1" "$2" lightseed batch export out --trust signer.crt --recipient-key auc.key --profile profile.json -o never \
    "${@:3}"
  [[ ! -e never ]] || fail "$2: something was written"
}
for bytes in 16 24 32; do openssl rand -hex $bytes > "key$bytes"; done

exported pysim cards.csv --transport-key auc:a:key32 --transport-key ota:o:key16 --transport-key kic1:c:key24
reads pysim cards.csv truth.json auc=key32 ota=key16 kic1=key24
grep -q 'no place for pin1, puk1, pin2, puk2, adm1' said.err || fail "nothing said of what was left out"
refused 2 'needs a transport key for ota' --format pysim --transport-key auc:a:key32
refused 2 'no use for a transport key for garden' --format pysim --transport-key auc:a:key32 \
  --transport-key ota:o:key16 --transport-key garden:g:key16

exported vendor-elect cards.txt --transport-key auc:7:key32 --transport-key ota:12:key16
reads vendor-elect cards.txt truth.json auc=7=key32 ota=12=key16
exported vendor-server cards_server.txt --transport-key auc:7:key16
reads vendor-server cards_server.txt truth.json auc=7=key16
grep -qx 'QUANTITY: 5' cards.txt || fail "no quantity"
grep -qx 'PURPOSE: TEST' cards.txt || fail "the keys of a simulation are not called so"
exported vendor-server one.txt --transport-key auc:7:key16 --iccid 8988211000000000029
[[ $(wc -l < one.txt) -eq 10 ]] || fail "not one SIM"
grep -qx 'QUANTITY: 1' one.txt || fail "the quantity of one SIM"
refused 2 'has no column EKI: there is no transport key' --format vendor-elect
refused 2 'an index from 1 to 999' --format vendor-elect --transport-key auc:seven:key16

sed 's/"server": .*/"server": ["ICCID", "OP"]/' "$profile" > profile.json
refused 2 'has no column OP' --format vendor-server --transport-key auc:7:key16
# Columns that nobody chose, a separator of two characters, keys in clear.
/usr/bin/python3 - "$profile" <<'PYTHON' > profile.json
import json, sys
profile = json.load(open(sys.argv[1]))
profile["vendor"] = {"separator": "; "}
print(json.dumps(profile))
PYTHON
exported vendor-elect plain.txt
reads vendor-elect plain.txt truth.json
cp "$profile" profile.json

openssl genrsa -out vendor.key 3072 2> /dev/null
openssl genrsa -out azure.key 2048 2> /dev/null
openssl rsa -in azure.key -pubout -out azure.pem 2> /dev/null
exported azure upload.json --transport-key azure:2:azure.pem --transport-key vendor:v:vendor.key
reads azure upload.json truth.json azure.key vendor.key 2
/usr/bin/python3 -c 'import json; u = json.load(open("upload.json")); c = u["sims"][3]["properties"]
c["encryptedCredentials"] = c["encryptedCredentials"][:-1] + "%X" % (int(c["encryptedCredentials"][-1], 16) ^ 1)
json.dump(u, open("changed.json", "w"))'
if /usr/bin/python3 "$here/export_readers.py" azure changed.json truth.json azure.key vendor.key 2 2> /dev/null; then
  fail "a changed upload is read"
fi
refused 2 'the number that Azure gives the key' --format azure --transport-key azure:x:azure.pem \
  --transport-key vendor:v:vendor.key
refused 7 'is not of RSA' --format azure --transport-key azure:2:azure.pem --transport-key vendor:v:signer.key
chmod 640 vendor.key
refused 3 'chmod 600' --format azure --transport-key azure:2:azure.pem --transport-key vendor:v:vendor.key

# What is wrong for every format.
refused 2 'no use for a transport key for auc' --format osmo-hlr --transport-key auc:1:key16
refused 2 'is not USE:NAME:FILE' --format osmo-hlr --transport-key auc:1
refused 2 'two transport keys are for auc' --format vendor-server --transport-key auc:1:key16 --transport-key auc:2:key32
refused 2 'so no operator' --format osmo-hlr --op op
refused 4 'is no key of 32 hexadecimal digits' --format osmo-hlr --op key32
printf '000102030405060708090a0b0c0d0e0f\n' > pattern
refused 7 'follows a pattern' --format vendor-server --transport-key auc:7:pattern
cp "$profile" profile.json
expect 4 'exists already' lightseed batch export out --trust signer.crt --recipient-key auc.key --format osmo-hlr \
  --profile profile.json -o cards.csv
expect 1 'opens no side' lightseed batch export out --trust signer.crt --recipient-key signer.key --format osmo-hlr \
  --profile profile.json -o never
expect 2 'would both write to stdout' lightseed batch export out --trust signer.crt --recipient-key auc.key \
  --format osmo-hlr --profile profile.json --json -o -
[[ ! -e never ]] || fail "something was written"
sed 's/{"name": "ki", "bytes": 16}/{"name": "ki", "bytes": 17}/' "$profile" > profile.json
refused 4 'fields[0].bytes: 17 is no length of ki' --format osmo-hlr
# A block of 320 bytes is used up to its end, and not beyond.
fields=$(printf ',{"name":"k%s","bytes":32}' ic1 id1 ik1 ic2 id2 ik2 ic3 id3 ik3)
long() {
  printf '{"schema":"lightseed/export-profile/v1","name":"long","fields":[{"name":"ki","bytes":32}%s%s]}\n' "$fields" "$1" \
    > profile.json
}
long ''
truth -
exported wrapped long.csv --transport-key kek:k:key32
reads wrapped long.csv truth.json key32
long ',{"name":"pin1","digits":4}'
refused 2 'its field pin1 from bytes 320 to 340' --format wrapped --transport-key kek:k:key32
