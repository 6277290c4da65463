#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Orders dropped into a box become batches beside their answers; refusals are answers too; what is wrong with the world
# ends the watch and leaves the order; a run that was cut off is gone on with; nobody is forgotten.
#
#   watch.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
. "$(dirname "$0")/office.sh"
office "$1"
mkdir in out
call=(lightseed batch watch --out out --keys-per-sim 10 --card-recipient perso.crt --network-recipient auc.crt
  --signer signer.crt --signer-key signer.key --ledger ledger.db)
watch() { # watch OPTIONS…: from in/ and a healthy source, unless box and source say otherwise
  "${call[@]}" --in "${box:-in}" --source "${source:-sim:homodyne?seed=1}" "$@"
}
there() { [[ -e $1 ]] || fail "$1 is missing: $(ls in out)"; }
gone() { [[ ! -e $1 ]] || fail "$1 is there"; }
answer() { /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"; }

cp order.csv in/first.csv
sed 's/^898821100000000002.,/12,/' order.csv > in/second.csv
printf 'half' > in/.third.csv
printf 'notes' > in/readme.txt
watch --once --quiet 2> said.err || fail "$(cat said.err)"
for name in first.result.json first.order.csv first second.error.json second.refused.csv; do there out/$name; done
for name in in/first.csv in/second.csv out/second; do gone $name; done
there in/.third.csv
there in/readme.txt
[[ $(answer out/first.result.json schema) == lightseed/batch-issue/v1 ]] || fail "$(cat out/first.result.json)"
answer out/second.error.json error | grep -q "'line': 3" || fail "$(cat out/second.error.json)"
lightseed batch verify out/first --trust signer.crt --allow-test > verdict || fail "$(cat verdict)"

# The second order, mended: its answer takes the place of the refusal.
printf 'iccid,imsi\n8988211000000000060,001010000000006\n' > in/second.csv
ln -s nowhere in/dangling.csv
watch --once 2> said.err || fail "$(cat said.err)"
grep -q 'dangling.csv is passed over: it is no file' said.err || fail "$(cat said.err)"
rm in/dangling.csv
there out/second.result.json
gone out/second.error.json
gone out/second.refused.csv

# The same SIMs under another name: a refusal, and the first answer stays what it is.
before=$(sha256sum out/first.*)
cp order.csv in/again.csv
watch --once --quiet 2> said.err || fail "$(cat said.err)"
answer out/again.error.json error | grep -q 'have keys already' || fail "$(cat out/again.error.json)"
# The very order again is answered as before, without new keys.
cp order.csv in/first.csv
watch --once --quiet 2> said.err || fail "$(cat said.err)"
[[ $(sha256sum out/first.*) == "$before" ]] || fail "an answer has changed"

# Options that may be given twice reach the order twice: who signs second, and who signs third.
lightseed keys new signers --second-signer ed25519 --second-signer sm2 > /dev/null 2>&1
printf 'iccid,imsi\n8988211000000009012,001010000000901\n' > in/signed.csv
watch --once --quiet --second-signer signers/second.crt --second-signer-key signers/second.key \
  --second-signer signers/third.crt --second-signer-key signers/third.key 2> said.err || fail "$(cat said.err)"
there out/signed.result.json
lightseed batch verify out/signed --trust signer.crt --allow-test --second-trust signers/second.crt \
  --second-trust signers/third.crt --require-signature ed25519,sm2 > verdict || fail "$(cat verdict)"

# An alarm ends the watch; the order stays, and the next run issues it.
printf 'iccid,imsi\n89882110000000000333,001010000000003\n' > in/third.csv
code=0
source='sim:homodyne?seed=1&fault=stuck@1000' watch --once --quiet 2> said.err || code=$?
[[ $code -eq 5 ]] || fail "an alarm: exit code $code, $(cat said.err)"
there in/third.csv
gone out/third.result.json

# A program that fails is told again; the keys are there already and stay.
# shellcheck disable=SC2016
printf '#!/bin/sh\necho "$1" >> told\ntest -e ready\n' > hook
chmod +x hook
code=0
watch --once --quiet --notify ./hook 2> said.err || code=$?
[[ $code -eq 4 ]] || fail "a hook that fails: exit code $code, $(cat said.err)"
there in/third.csv
keys=$(sha256sum out/third/*)
touch ready
watch --once --quiet --notify ./hook 2> said.err || fail "$(cat said.err)"
gone in/third.csv
[[ $(sha256sum out/third/*) == "$keys" ]] || fail "keys were made twice"
[[ $(cat told) == $'out/third.result.json\nout/third.result.json' ]] || fail "told: $(cat told)"

# An order that is exchanged while it is issued stays, and comes next: it is refused, and nothing of the first is lost.
printf 'iccid,imsi\n8988211000000000078,001010000000007\n' > in/seventh.csv
printf 'iccid,imsi\n8988211000000000086,001010000000008\n' > .seventh
printf '#!/bin/sh\ntest ! -e .seventh || mv .seventh in/seventh.csv\n' > exchange
chmod +x exchange
watch --once --notify ./exchange 2> said.err || fail "$(cat said.err)"
grep -q 'was exchanged' said.err || fail "$(cat said.err)"
grep -q 8988211000000000086 in/seventh.csv || fail "the second order is lost"
watch --once --quiet 2> said.err || fail "$(cat said.err)"
grep -q 8988211000000000086 out/seventh.refused.csv || fail "the second order is lost"
lightseed batch verify out/seventh --trust signer.crt --allow-test > verdict || fail "$(cat verdict)"

# What refuses every order is no answer to one.
printf 'iccid,imsi\n8988211000000000094,001010000000009\n' > in/ninth.csv
mv ledger.db.head head
expect 7 'ledger.db.head' watch --once
there in/ninth.csv
gone out/ninth.error.json
mv head ledger.db.head
# Names that can have no answer are passed over, and keep nobody waiting.
ln -s loop.csv in/loop.csv
cp order.csv in/x.result.json.csv
cp order.csv "in/$(printf 'A%.0s' {1..249}).csv"
watch --once 2> said.err || fail "$(cat said.err)"
[[ $(grep -c 'is passed over' said.err) -eq 3 ]] || fail "$(cat said.err)"
there out/ninth.result.json
rm in/loop.csv in/x.result.json.csv in/AAA*

# A watch that goes on, killed and started again.
printf 'iccid,imsi\n8988211000000000045,001010000000004\n' > .fourth && mv .fourth in/fourth.csv
"${call[@]}" --in in --source sim:homodyne?seed=1 --every 1 --quiet 2> said.err &
run=$!
until [[ -e out/fourth.result.json ]]; do
  kill -0 $run 2> /dev/null || fail "it ended: $(cat said.err)"
  sleep 0.05
done
printf 'iccid,imsi\n8988211000000000052,001010000000005\n' > .fifth && mv .fifth in/fifth.csv
sleep 1
kill -9 $run
wait $run 2> /dev/null || true
watch --once --quiet 2> said.err || fail "$(cat said.err)"
there out/fifth.order.csv
lightseed batch verify out/fifth --trust signer.crt --allow-test > verdict || fail "$(cat verdict)"
gone in/fifth.csv

# Interrupted it says so; a wrong option, or a box that is none, ends it at once.
"${call[@]}" --in in --source sim:homodyne?seed=1 --every 1 --quiet 2> said.err &
run=$!
sleep 0.5
kill -TERM $run
code=0
wait $run || code=$?
[[ $code -eq 130 ]] || fail "an interrupt: exit code $code"
cp order.csv in/sixth.csv
expect 2 '' watch --once --key-bytes 3
there in/sixth.csv
box=nowhere expect 4 'no directory' watch --once
box=out expect 2 'the same directory' watch --once
