#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Batches that carry the audit of their own keys: as one batch, in parts, out of a box; altered, missing; killed while
# the record is there and the certificate is not.
#
#   key_audit.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=tests/e2e/office.sh
. "$(dirname "$0")/office.sh"
office "$1"
order_of 4 > order.csv
call=(lightseed batch issue --order order.csv --source 'sim:homodyne?seed=1' --card-recipient perso.crt
  --network-recipient auc.crt --signer signer.crt --signer-key signer.key --audit)
verify=(lightseed batch verify --trust signer.crt --allow-test)
# audit_of DIRECTORY: the one record in it
audit_of() {
  local found=("$1"/*.audit.json)
  [[ ${#found[@]} -eq 1 && -f ${found[0]} ]] || fail "$1: no audit, or several: ${found[*]}"
  echo "${found[0]}"
}

# 1,024,000 bits: SP 800-22 has its whole sequence.
"${call[@]}" --keys-per-sim 2000 --ledger ledger.db -o out 2> said.err || fail "$(cat said.err)"
# Of a thousand good batches one comes to RETEST, and is as good.
grep -qE 'audit of the keys: (PASS|RETEST) \(sanity, not proof\)' said.err || fail "$(cat said.err)"
record=$(audit_of out)
[[ $(stat -c %a "$record") == 644 ]] || fail "the record is not for everybody: $(stat -c %a "$record")"
for key in perso.key auc.key; do
  "${verify[@]}" out --recipient-key $key > verdict || fail "$(cat verdict)"
  grep -q 'made again on the opened ones, says the same' verdict || fail "$(cat verdict)"
done
lightseed batch show out --trust signer.crt > shown || fail "$(cat shown)"
[[ $(grep -c '^audit .*(sanity, not proof)' shown) -eq 1 ]] || fail "$(cat shown)"
# A number in it is an amount, never a p-value.
if grep -q '[0-9]\.[0-9]' <(grep -v '"rule"' "$record"); then fail "a p-value is published: $(cat "$record")"; fi

cp "$record" kept
sed -i '0,/"pass"/s//"fail"/' "$record"
"${verify[@]}" out > verdict && fail "an altered record is believed"
grep -q 'audit.json was changed' verdict || fail "$(cat verdict)"
rm "$record"
"${verify[@]}" out > verdict && fail "a missing record is not missed"
grep -q 'audit.json is missing' verdict || fail "$(cat verdict)"
cp kept "$record"
"${verify[@]}" out > verdict || fail "$(cat verdict)"

# In parts: each has its own.
"${call[@]}" --keys-per-sim 200 --part-sims 2 --ledger parts.db -o parts --quiet 2> said.err || fail "$(cat said.err)"
cmp -s "$(audit_of parts/part-00001)" "$(audit_of parts/part-00002)" && fail "two parts have one record"
"${verify[@]}" parts --recipient-key perso.key > verdict || fail "$(cat verdict)"

# Out of a box.
mkdir in box
cp order.csv in/first.csv
lightseed batch watch --in in --out box --once --source 'sim:homodyne?seed=1' --keys-per-sim 200 --card-recipient perso.crt \
  --network-recipient auc.crt --signer signer.crt --signer-key signer.key --audit --ledger box.db --quiet 2> said.err ||
  fail "$(cat said.err)"
[[ $(/usr/bin/python3 -c 'import json; print(json.load(open("box/first.result.json"))["audit"]["verdict"])') == @(pass|retest) ]] ||
  fail "$(cat box/first.result.json)"
"${verify[@]}" box/first > verdict || fail "$(cat verdict)"

# Killed as soon as there is something of a batch: nothing is left over, and the same call goes through.
for _ in 1 2 3; do
  "${call[@]}" --keys-per-sim 20000 --ledger killed.db -o killed --quiet 2> said.err &
  run=$!
  until [[ -n $(find . -path './.killed.*/*' -name '*.json' -print 2> /dev/null) ]]; do
    kill -0 $run 2> /dev/null || break
    sleep 0.001
  done
  kill -9 $run 2> /dev/null || true
  wait $run 2> /dev/null || true
done
"${call[@]}" --keys-per-sim 20000 --ledger killed.db -o killed --quiet 2> said.err || fail "$(cat said.err)"
"${verify[@]}" killed --recipient-key auc.key > verdict || fail "$(cat verdict)"
[[ $(find killed -type f | wc -l) -eq 4 ]] || fail "$(ls -la killed)"
[[ -z $(find . -maxdepth 1 -name '.killed.*' -print) ]] || fail "hidden files are left"
echo "audited batches verify; altered and missing records do not; a kill leaves nothing"
