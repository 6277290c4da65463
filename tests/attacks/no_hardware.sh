#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Samples of a simulator, brought in by every way that somebody without root has: none is hardware, and no batch made of
# them is for production (the word that a certificate has for hardware alone).
#   no_hardware.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../e2e/office.sh"
office "$1"

lightseed capture --source sim:homodyne?seed=42 --samples 1200000 -o raw.bin 2> said.err || fail "$(cat said.err)"
tried=0 issued=0

# at_terminal COMMAND…: its terminal is a pseudo-terminal that types the simulator's samples; $PTS names it.
at_terminal() {
  timeout 60 /usr/bin/python3 "$here/type_at.py" raw.bin "$@" < /dev/null
}

# shown URI: what the source says of itself; an error is as good as the truth.
shown() {
  local status=0
  tried=$((tried + 1))
  # shellcheck disable=SC2016
  at_terminal bash -c 'lightseed devices --info "${1//PTS/$PTS}" --json' - "$1" > said.out 2> said.err || status=$?
  [[ $status -ne 134 && $status -ne 139 && $status -ne 124 ]] || fail "$1: exit code $status: $(cat said.err)"
  ! grep -q '^  "provenance": "hardware"' said.out || fail "$1 passes for hardware: $(cat said.out)"
  [[ $status -ne 0 ]] || grep -q '^  "provenance": "\(simulated\|recorded\)"' said.out || fail "$1: $(cat said.out)"
}

# made URI: the batch that can be made of it, if any, is for tests.
made() {
  local status=0 out
  issued=$((issued + 1))
  out=out$issued
  # shellcheck disable=SC2016
  at_terminal bash -c 'lightseed batch issue --order order.csv --order-id "$2" --top-up --source "${1//PTS/$PTS}" \
    --keys-per-sim 10 --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger ledger.db -o "$2"' - "$1" "$out" > said.out 2> said.err || status=$?
  if [[ $status -ne 0 ]]; then
    [[ ! -e $out ]] || fail "$1: exit code $status, and there is a batch"
    [[ $status -ne 134 && $status -ne 139 && $status -ne 124 ]] || fail "$1: exit code $status: $(cat said.err)"
    return
  fi
  expect 7 '' lightseed batch verify "$out" --trust signer.crt
  expect 0 '' lightseed batch verify "$out" --trust signer.crt --allow-test
  grep -q 'purpose TEST' said.out || fail "$1: $(cat said.out)"
  sed -n 's/.*"payload": "\(.*\)".*/\1/p' "$out"/*.certificate.json | base64 -d > statement
  [[ $(grep -c '"purpose": "TEST"' statement) -eq 1 ]] || fail "$1: the certificate is not one for tests"
  ! grep -q '^   "provenance": "hardware"\|"purpose": "PRODUCTION"' statement || fail "$1: a certificate for production"
  passed=$((${passed-0} + 1))
}

# A pseudo-terminal by every name (findings, section 5.1).
mkfifo fifo
mkdir links
for name in /dev/tty /dev/ptmx PTS /dev/stdin /proc/self/fd/0 "$PWD/links/pts" "$PWD/links/../links/twice"; do
  for uri in "tty:$name?entropy=6" "dev:$name?entropy=6" "tty:$name?driver=truerng&entropy=6" \
    "pool:tty:$name?entropy=6,sim:homodyne?seed=3"; do
    # Links to the terminal are made where it is known: beside it.
    tried=$((tried + 1))
    status=0
    # shellcheck disable=SC2016
    at_terminal bash -c 'ln -sfn "$PTS" links/pts; ln -sfn pts links/twice
      timeout 20 lightseed devices --info "${1//PTS/$PTS}" --json' - "$uri" > said.out 2> said.err || status=$?
    [[ $status -ne 134 && $status -ne 139 ]] || fail "$uri: exit code $status: $(cat said.err)"
    ! grep -q '^  "provenance": "hardware"' said.out || fail "$uri passes for hardware: $(cat said.out)"
  done
done
for uri in 'tty:/proc/self/fd/0?entropy=6' 'pool:tty:PTS?entropy=6,sim:homodyne?seed=3' \
  'command:cat raw.bin raw.bin?entropy=6'; do
  made "$uri"
done

# Files: a simulator's recording under other names, with a better side-car and without any.
mkdir alone edited
ln -s raw.bin soft.bin
ln raw.bin hard.bin
cp raw.bin copy.bin
cp raw.bin alone/raw.bin
cp raw.bin edited/raw.bin
sed 's/"provenance": "simulated"/"provenance": "hardware"/' raw.bin.json > edited/raw.bin.json
sed 's/"provenance": "simulated"/"provenance": "hardware"/; s/"sha256": "[0-9a-f]*"/"sha256": ""/' raw.bin.json > copy.bin.json
for file in raw.bin soft.bin hard.bin copy.bin alone/raw.bin edited/raw.bin; do
  shown "file:$file?entropy=6"
  shown "file:$file"
  shown "dev:$file?entropy=6"
  shown "tty:$file?entropy=6"
done
for device in /dev/urandom /dev/zero /dev/random /dev/null /dev/full "$PWD/fifo"; do
  timeout 5 lightseed devices --info "dev:$device?entropy=6" --json > said.out 2> said.err || true
  tried=$((tried + 1))
  ! grep -q '^  "provenance": "hardware"' said.out || fail "$device passes for hardware: $(cat said.out)"
done
made 'file:edited/raw.bin?entropy=6'
made 'pool:file:alone/raw.bin?entropy=6,sim:homodyne?seed=5'

# A USB identity of one's own making, under a /sys of one's own, where the system lets us have one.
if unshare --user --map-root-user --mount true 2> /dev/null; then
  unit=sys/bus/usb/devices/1-1
  mkdir -p "$unit/1-1:1.0/tty/tty" sys/class/tty
  printf '04d8\n' > $unit/idVendor
  printf 'ebb5\n' > $unit/idProduct
  printf 'TRNG-0815\n' > $unit/serial
  printf '1\n' > $unit/busnum
  printf '7\n' > $unit/devnum
  tried=$((tried + 1))
  # shellcheck disable=SC2016
  at_terminal unshare --user --map-root-user --mount bash -c 'mount --bind sys /sys &&
    lightseed devices --info "usb:truerng/TRNG-0815?entropy=6&mode=raw" --json' > said.out 2> said.err || true
  ! grep -q '^  "provenance": "hardware"' said.out || fail "a /sys of our own makes hardware: $(cat said.out)"
fi
[[ ${passed-0} -ge 4 ]] || fail "only ${passed-0} batches were made at all: nothing was tried"
echo "$tried sources and $issued batches tried ($passed made): none is hardware, none is for production"
