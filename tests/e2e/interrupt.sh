#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# SIGINT during an issue: exit code 130, the blocks burned and said, nothing written. Then the same order again.
#   interrupt.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"
{
  echo iccid,imsi
  echo 8988211000000000011,001010000000001
} > order.csv
# So many keys that the run cannot be over before the signal: it comes when the ledger says that generation began.
large=(--order order.csv --source sim:homodyne?seed=1 --keys-per-sim 4000000 --card-recipient perso.crt
  --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o out)
# Job control: without it the shell starts background jobs with SIGINT ignored, which they then respect.
set -m
lightseed batch issue "${large[@]}" 2> said.err &
issuing=$!
until [[ -n $(find . -maxdepth 1 -name '.out.*' -print) ]]; do
  kill -0 $issuing 2> /dev/null || fail "it ended too early: $(cat said.err)"
  sleep 0.01
done
kill -INT $issuing
status=0
wait $issuing || status=$?
[[ $status -eq 130 ]] || fail "exit code $status: $(cat said.err)"
grep -q 'interrupted; 1 blocks burned, no file was written' said.err || fail "said: $(cat said.err)"
[[ ! -e out && -z $(find . -maxdepth 1 -name '.out.*' -print) ]] || fail "files are left: $(ls -A)"
lightseed batch status --ledger ledger.db | grep -qE '^BURNED .*  1  .*  order$' || fail "the block is not burned"
issue 2> /dev/null
lightseed batch verify out --trust signer.crt --allow-test > /dev/null
echo "interrupted cleanly"
