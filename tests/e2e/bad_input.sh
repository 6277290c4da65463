#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What a person can get wrong at `batch issue`: each time a clear sentence, the right exit code, and nothing written.
#   bad_input.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"

# The last of two equal options would be an error, so each case replaces one in a copy of the usual call.
try() {
  local options=(--order order.csv --source 'sim:homodyne?seed=1' --keys-per-sim 10 --card-recipient perso.crt
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o out)
  local i
  for ((i = 0; i < ${#options[@]}; i += 2)); do
    [[ ${options[i]} == "$1" ]] && options[i + 1]=$2
  done
  # What is wrong is found by a rehearsal too, with the same code and in the same words; a source that fails its tests is
  # found by reading alone.
  local status=0 rehearsed=0 said
  said=$(lightseed batch issue "${options[@]}" --dry-run 2>&1 > /dev/null) || rehearsed=$?
  [[ ! -e ledger.db && ! -e out ]] || return 99
  lightseed batch issue "${options[@]}" 2> refused.err || status=$?
  cat refused.err >&2
  [[ $status -eq 5 && $rehearsed -eq 0 ]] && return $status
  if [[ $status -ne $rehearsed || $said != "$(cat refused.err)" ]]; then
    echo "exit code $status, and its rehearsal ended with $rehearsed: $said" >&2
    return 99
  fi
  return $status
}
nothing_written() {
  [[ ! -e out ]] || fail "out exists"
  [[ -z $(find . -maxdepth 1 -name '.*' ! -name . -print) ]] || fail "hidden files are left: $(ls -A)"
}

mkdir empty
expect 4 'is it the directory of a batch' lightseed batch verify empty --trust signer.crt
cp order.csv 'an order.csv'
expect 2 "taken from the file's name" lightseed order check 'an order.csv'
expect 2 'days' lightseed keys new trial --days 0
[[ ! -e trial ]] || fail "a directory is left"
printf 'iccid,imsi\n1,2\n8988211000000000011,001010000000001\n8988211000000000012,001010000000002\n' > bad.csv
expect 2 'order-id is empty' lightseed order check order.csv --order-id ''
expect 2 'bad.csv:2: ' try --order bad.csv
expect 2 'bad.csv:4: ' try --order bad.csv
expect 4 'missing.csv' try --order missing.csv
expect 2 'sim:laser' try --source sim:laser
expect 2 'unknown parameter' try --source 'sim:homodyne?sed=1'
expect 4 'cannot open' try --source file:missing.bin?entropy=1
expect 2 'keys-per-sim' try --keys-per-sim 0
expect 4 'missing.crt' try --card-recipient missing.crt
echo garbage > garbage.crt
expect 4 'is not a certificate' try --network-recipient garbage.crt
expect 7 'key usage' try --card-recipient signer.crt
expect 7 'key usage' try --signer perso.crt
openssl req -x509 -key signer.key -out expired.crt -days -1 -subj /CN=expired 2> /dev/null ||
  openssl x509 -in signer.crt -signkey signer.key -days -1 -out expired.crt 2> /dev/null
expect 7 'expired' try --signer expired.crt
expect 7 'does not belong' try --signer-key auc.key
expect 4 'is a certificate, not a private key' try --signer-key auc.crt
cp signer.key shared.key
chmod 640 shared.key
expect 3 'chmod 600' try --signer-key shared.key
expect 4 'make it first' try -o no/such/place
mkdir full
touch full/file
expect 4 'not an empty directory' try -o full
[[ $(ls full) == file ]] || fail "full was touched"
rmdir full 2> /dev/null || rm -r full
expect 2 'no verb' lightseed batch isue
expect 2 'unrecognised option' lightseed batch issue --sorce x
expect 7 'makes no min-entropy claim' try --source 'sim:homodyne?seed=1&noise_correlation=0.5'
nothing_written
# A broken source before anything was begun leaves no trace in the ledger.
expect 5 'health alarm' try --source 'sim:homodyne?seed=1&fault=dead'
nothing_written
[[ ! -e ledger.db && ! -e ledger.db.head ]] || fail "a call that came to nothing made a ledger"

# Not root: root may write everywhere.
if [[ $(id -u) -ne 0 ]]; then
  mkdir readonly
  chmod 500 readonly
  expect 4 'Permission denied' try -o readonly/out
fi

# A full disk: a file system of 2 MB in a mount namespace of our own, where the system lets us have one.
if unshare --mount --map-root-user true 2> /dev/null || { [[ $(id -u) -eq 0 ]] && unshare --mount true 2> /dev/null; }; then
  namespace=(unshare --mount)
  [[ $(id -u) -eq 0 ]] || namespace+=(--map-root-user)
  mkdir small
  cat > on_small_disk.sh <<'INNER'
mount -t tmpfs -o size=2m tmpfs small || exit 77
lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 200000 --card-recipient perso.crt \
  --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o small/out
status=$?
[ -z "$(ls -A small)" ] || status=99
exit $status
INNER
  status=0
  "${namespace[@]}" sh on_small_disk.sh 2> said.err || status=$?
  if [[ $status -ne 77 ]]; then
    [[ $status -eq 4 ]] || fail "full disk: exit code $status: $(cat said.err)"
    grep -q 'has room for' said.err || fail "full disk: $(cat said.err)"
  fi
fi

# And the call itself is good.
issue 2> /dev/null
lightseed batch verify out --trust signer.crt --allow-test > /dev/null
expect 7 'was issued already' issue --key-bytes 32
expect 0 '' lightseed batch find --ledger ledger.db --iccid 8988211000000000011F
expect 1 '' lightseed batch find --ledger ledger.db --iccid 89882110000000000333
expect 2 'wrong check digit' lightseed batch find --ledger ledger.db --iccid 8988211000000000012
# Somebody else issues from it.
exec 9< ledger.db
flock 9
expect 75 'is issuing from the ledger' issue --order-id second
expect 75 'is issuing from the ledger' issue --order-id second --dry-run
expect 75 'waiting, 0 of 1 s: another process' issue --order-id second --wait 1
exec 9<&-
expect 7 'have keys already' issue --order-id second --wait 1
expect 7 'have keys already' issue --order-id second --dry-run
lightseed batch status --ledger ledger.db | grep -q '^ISSUED .* 2  320 bytes  order$' || fail "no line of the order"
expect 4 'none.db' lightseed batch find --ledger none.db --iccid 8988211000000000011
expect 0 'issued before, nothing generated' issue
echo "every wrong call was refused as it should be"
