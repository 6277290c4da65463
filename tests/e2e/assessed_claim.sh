#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a device nobody has assessed to one whose claim is its assessment: capture, assess, issue with the assessment's
# file, verify. Another unit's file is refused before a key is made.
#   assessed_claim.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"

mkfifo orders
lightseed-emulate qcicada --seed 3 --speed 100 --at port < orders > said &
emulator=$!
exec {hand}> orders
# shellcheck disable=SC2154
trap 'kill $emulator 2> /dev/null || true; rm -rf "$scratch"' EXIT
until grep -q 'plugged; type' said; do sleep 0.01; done
device="tty:$PWD/port?driver=qcicada"
batch=(--keys-per-sim 10 --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt
  --signer-key signer.key --ledger ledger.db)

lightseed capture --source "$device" --samples 1M -o raw.bin 2> /dev/null
lightseed assess raw.bin --json > assessment.json
digest=$(sha256sum assessment.json | cut -d ' ' -f 1)
lightseed batch issue --order order.csv --source "$device&assessment=assessment.json" "${batch[@]}" -o out 2> said.err ||
  fail "$(cat said.err)"
lightseed batch verify out --trust signer.crt --allow-test > /dev/null
sed -n 's/.*"payload": "\(.*\)".*/\1/p' out/*.certificate.json | base64 -d > statement
grep -qF "\"assessment_sha256\": \"$digest\"" statement || fail "the certificate does not name the assessment"
grep -qF '"serial": "QC0000000217"' statement || fail "the certificate does not name the device"
grep -qF '"provenance": "simulated"' statement || fail "an emulated device passes for something better"

sed 's/QC0000000217/QC0000000218/' assessment.json > another.json
expect 7 "is the assessment of another device: its serial was 'QC0000000218'" \
  lightseed batch issue --order order.csv --order-id second --top-up --source "$device&assessment=another.json" "${batch[@]}" \
  -o second
[[ ! -e second ]] || fail "there is a batch all the same"
expect 4 "missing.json" lightseed devices --info "$device&assessment=missing.json"
mv raw.bin moved.bin
lightseed assess moved.bin --json > anonymous.json
expect 7 "does not say which device was assessed" lightseed devices --info "$device&assessment=anonymous.json"
cp raw.bin.json moved.bin.json
head -c 999999 moved.bin > cut.bin
cp raw.bin.json cut.bin.json
lightseed assess cut.bin --quick --json 2> said.err > /dev/null
grep -q 'is of other data' said.err || fail "a side-car of other data is taken for its own: $(cat said.err)"
exec {hand}>&-
echo "an assessment becomes a claim, and no other one does"
