#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# An order in parts: killed in the middle it goes on where it was, two runs share the work, and what is issued is bound
# by one certificate.
#
#   parts.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
. "$(dirname "$0")/office.sh"
office "$1"
order_of 10 > order.csv
parts=(--part-sims 3)

issue "${parts[@]}" --dry-run > plan
grep -q '^parts  *4, each a batch; 0 of them' plan || fail "the plan: $(cat plan)"
[[ ! -e out && ! -e ledger.db ]] || fail "a dry run made something"

# Killed when the second part is there: the third is under way, perhaps.
issue "${parts[@]}" --quiet 2> said.err &
run=$!
until [[ -e out/part-00002 ]]; do
  kill -0 $run 2> /dev/null || fail "it ended too early: $(cat said.err)"
  sleep 0.02
done
kill -9 $run
wait $run 2> /dev/null || true
before=$(sha256sum out/part-00001/* out/part-00002/*)
[[ ! -e out/order.certificate.json ]] || fail "a certificate of an order that is not whole"
expect 4 'the same call of it goes on' lightseed batch verify out --trust signer.crt

# Two runs at once: each part is made by one of them, and both find all.
issue "${parts[@]}" --wait 600 --quiet 2> first.err &
first=$!
issue "${parts[@]}" --wait 600 --quiet 2> second.err || fail "the second run: $(cat second.err)"
wait $first || fail "the first run: $(cat first.err)"
[[ $(sha256sum out/part-00001/* out/part-00002/*) == "$before" ]] || fail "a part that was issued has changed"
lightseed batch verify out --trust signer.crt --allow-test --order order.csv > verdict || fail "$(cat verdict)"
grep -q '^VALID: order order in 4 parts, 10 SIMs' verdict || fail "$(cat verdict)"
expect 7 '' lightseed batch verify out --trust signer.crt
issued=$(lightseed batch status --ledger ledger.db --json | /usr/bin/python3 -c '
import json, sys
states = [batch["state"] for batch in json.load(sys.stdin)["batches"]]
print(states.count("ISSUED"), all(state in ("ISSUED", "BURNED") for state in states))')
[[ $issued == "4 True" ]] || fail "the ledger: $issued"

# Again: the same files. Another cut of the same order is refused.
issue "${parts[@]}" 2> said.err
grep -q '4 parts, 4 of them issued before' said.err || fail "$(cat said.err)"
mv out elsewhere
expect 7 'was cut into 4 parts' issue --part-sims 4
[[ ! -e out ]] || fail "a directory was made for nothing"
mv elsewhere out
touch out/letter
expect 4 'no part of the order' issue "${parts[@]}"
rm out/letter

# A SIM in the last part that has keys is found before the first part is begun.
tail -1 order.csv | cat <(echo iccid,imsi) - > last.csv
lightseed batch issue --order last.csv --source sim:homodyne?seed=1 --keys-per-sim 1 --card-recipient perso.crt \
  --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger fresh.db -o last --quiet 2> /dev/null
expect 7 'have keys already' lightseed batch issue --order order.csv "${parts[@]}" --source sim:homodyne?seed=1 --keys-per-sim 1 \
  --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger fresh.db -o fresh
[[ ! -e fresh ]] || fail "parts were begun"

# What is not as it was bound.
mv out/part-00002 out/aside
expect 1 '' lightseed batch verify out --trust signer.crt --allow-test
grep -q 'part 2' said.out || fail "$(cat said.out)"
grep -q 'aside does not belong' said.out || fail "$(cat said.out)"
mv out/aside out/part-00002

# Verbs that take a batch say what they were given, and an order that is cut in another way is told how it was cut.
expect 2 'name one of its parts' lightseed batch show out --trust signer.crt
expect 7 'was cut into 4 parts' issue --part-sims 4
expect 7 'was cut into 4 parts' issue
mv out/part-00002 aside
expect 7 'is no longer in' issue "${parts[@]}"
if grep -q 'goes on with' said.err; then fail "a promise that is not kept: $(cat said.err)"; fi
# A link to it is not the part, and a pipe in a key file's place keeps nobody waiting.
ln -s ../aside out/part-00002
expect 4 'is no directory' issue "${parts[@]}"
rm out/part-00002
mv aside out/part-00002
file=$(find out/part-00002 -name '*card*')
mv "$file" kept
mkfifo "$file"
expect 4 'is a pipe' issue "${parts[@]}"
