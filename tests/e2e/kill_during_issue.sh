#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at many instants of an issue. After every kill: no partial file is visible, nothing is delivered twice, and
# the same call, run again until it gets through, yields one whole batch.
#   kill_during_issue.sh DIR_OF_COMMAND [KILLS]    (default 20; the full drill is 200)
#
# The instants are spread over a run, measured first, from shortly before its first key on: the assessment before it
# leaves nothing to go wrong. Whatever instant is hit, the same must hold.
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"
kills=${2:-20}
# Twelve SIMs of 2 MB: two files a side, so that kills fall between files as well.
order_of 12 > order.csv
call=(lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 130000
  --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key)

now_ms() { date +%s%3N; }
start=$(now_ms)
"${call[@]}" --ledger length.db -o length 2> said.err &
measured=$!
until [[ -n $(find . -maxdepth 1 -name '.length.*' -print) ]]; do
  kill -0 $measured 2> /dev/null || fail "it ended too early: $(cat said.err)"
  sleep 0.01
done
first=$((($(now_ms) - start) * 9 / 10))
wait $measured || fail "the measured run: $(cat said.err)"
length=$(($(now_ms) - start))
rm -r length

check() {
  if [[ -e out ]]; then
    # Visible means whole: the directory appears in one step.
    lightseed batch verify out --trust signer.crt --allow-test > verdict 2>&1 || fail "a partial batch is visible: $(cat verdict)"
  fi
  # Every delivered block belongs to one issued batch, each SIM has at most one, and nothing else is issued.
  faults=$(sqlite3 ledger.db "
    SELECT 'delivered twice: ' || iccid FROM block JOIN delivery ON delivery.block = block.id GROUP BY iccid HAVING count(*) > 1;
    SELECT 'delivered but not issued' FROM block JOIN delivery ON delivery.block = block.id WHERE block.state <> 'ISSUED';
    SELECT 'issued but not delivered' FROM block LEFT JOIN delivery ON delivery.block = block.id
      WHERE block.state = 'ISSUED' AND delivery.block IS NULL;
    SELECT 'of no batch' FROM block WHERE batch NOT IN (SELECT number FROM batch);
    SELECT 'states differ' FROM block JOIN batch ON batch.number = block.batch WHERE block.state <> batch.state;
    SELECT 'the history says something else: ' || batch.id FROM batch LEFT JOIN event ON event.sequence =
        (SELECT max(sequence) FROM event WHERE event.batch = batch.id)
      WHERE coalesce(event.what, 'none') <> CASE batch.state WHEN 'GENERATED' THEN 'begun' ELSE lower(batch.state) END;
    SELECT 'an event is missing' FROM (SELECT count(*) AS n, max(sequence) AS last FROM event) WHERE n <> last;
    SELECT 'the chain is broken at ' || event.sequence FROM event JOIN event AS next ON next.sequence = event.sequence + 1
      WHERE next.previous_digest <> event.digest;
    PRAGMA integrity_check;")
  [[ $faults == ok ]] || fail "the ledger is inconsistent: $faults"
  if [[ -e ledger.db.head ]]; then
    # The head file is at most one change behind, never ahead: nothing that was lost in a crash was ever remembered.
    remembered=$(sed 's/.*"sequence":\([0-9]*\),"chain_head":"\([0-9a-f]*\)".*/\1|\2/' ledger.db.head)
    [[ -n $(sqlite3 ledger.db "SELECT 1 FROM event WHERE sequence || '|' || digest = '$remembered'") ]] ||
      fail "the head file remembers what the ledger does not: $remembered"
  fi
}

hits=0
for ((k = 0; k < kills; ++k)); do
  "${call[@]}" --ledger ledger.db -o out 2> said.err &
  issuing=$!
  # A step that shares no factor with 1000 visits all parts.
  delay=$((first + (length - first) * (k * 617 % 1000) / 1000))
  sleep "$((delay / 1000)).$(printf '%03d' $((delay % 1000)))"
  if kill -9 $issuing 2> /dev/null; then hits=$((hits + 1)); fi
  wait $issuing 2> /dev/null || true
  [[ -e ledger.db ]] && [[ -n $(sqlite3 ledger.db "SELECT name FROM sqlite_master WHERE name = 'delivery'") ]] && check
  if [[ -e out ]]; then
    # It got through: the same call finds the same files. Then start over with another order.
    "${call[@]}" --ledger ledger.db -o out 2> said.err || fail "the issued order is not found again: $(cat said.err)"
    grep -q 'issued before' said.err || fail "said: $(cat said.err)"
    rm -r out
    rm -f ledger.db*
  fi
done
"${call[@]}" --ledger ledger.db -o out 2> said.err || fail "the last run: $(cat said.err)"
check
[[ $(sqlite3 ledger.db 'SELECT count(*) FROM delivery') -eq 12 ]] || fail "not every SIM has its block"
[[ -z $(find . -maxdepth 1 \( -name '.out.*' -o -name '.lightseed-*' \) -print) ]] || fail "hidden files are left"
echo "$hits of $kills kills hit a running issue; no partial file, no second delivery"
