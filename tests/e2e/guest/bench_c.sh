#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Bench C, end to end: QEMU boots a Debian kernel with our command in the guest and emulated devices plugged in over
# usb-redir; the guest runs scenario.sh and the host moves the cables. Needs neither root nor KVM nor a network.
#   bench_c.sh DIR_OF_COMMAND READER KERNEL_DIR ARTEFACTS_DIR
# Exit code 77: something it needs is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../office.sh"
reader=$(realpath "$2") kernel=$3 artefacts=$4

# shellcheck source=/dev/null
. "$here/guest.sh"
needs "$kernel"
mkdir -p "$artefacts"
artefacts=$(realpath "$artefacts")

office "$1"
command=$(command -v lightseed)

# emulate SERIAL CONTENT: a Quantis on SERIAL.sock that obeys what is written to SERIAL.orders.
emulate() {
  mkfifo "$1.orders"
  lightseed-emulate usb:quantis --serial "$1" --content "$2" "${@:3}" --at "$1.sock" < "$1.orders" > "$artefacts/$1.log" 2>&1 &
  emulators+=($!)
}
order() { echo "$2" > "/dev/fd/${orders[$1]}"; }

pause() { sleep "0.$(printf %03d $((RANDOM % $1)))"; }

make_initramfs "$here/scenario.sh" "$command" "$reader"
emulators=()
# shellcheck disable=SC2154
trap 'kill "${emulators[@]}" 2> /dev/null || true; rm -rf "$scratch"' EXIT
emulate EMU0001 noise --seed 5
emulate EMU0002 sequence
exec {first}> EMU0001.orders {second}> EMU0002.orders
declare -A orders=([EMU0001]=$first [EMU0002]=$second)
until [[ -S EMU0001.sock && -S EMU0002.sock ]]; do sleep 0.01; done

RANDOM=13  # the instants at which cables are pulled
passed=0 failed=0 file=''
while IFS= read -r line; do
  case $line in
    ok\ *) passed=$((passed + 1)) ;;
    FAILED\ *) failed=$((failed + 1)) ;;
    "FILE "*) file=${line#FILE }; mkdir -p "$(dirname "$file")" ;;
    END) base64 -d "$file.base64" > "$file"; rm "$file.base64"; file='' ;;
    "NOW pull and plug "*)
      pause 200
      order "${line##* }" unplug
      pause 100
      order "${line##* }" plug
      ;;
    "NOW pull "*) pause 300; order "${line##* }" unplug ;;
    "NOW plug "*) order "${line##* }" plug ;;
    *) if [[ -n $file ]]; then echo "$line" >> "$file.base64"; fi ;;
  esac
  [[ $line == ok\ * || $line == FAILED\ * ]] && echo "$line"
done < <(boot "$artefacts" EMU0001.sock EMU0002.sock)

[[ $failed -eq 0 && $passed -eq 18 ]] ||
  fail "$passed checks passed and $failed failed in the guest; see $artefacts and $(tail -n 3 "$artefacts/console.log")"

# What the guest made, looked at from outside.
lightseed batch verify first --trust signer.crt --allow-test > /dev/null || fail "the guest's batch does not verify here"
sed -n 's/.*"payload": "\(.*\)".*/\1/p' first/*.certificate.json | base64 -d > statement
for words in '"serial": "EMU0001"' '"firmware": "board 0x0000000b"' '"provenance": "simulated"' '"purpose": "TEST"' \
  '"product": "Quantis USB EMULATED"' '"vendor_id": "0aba"' '"product_id": "0102"' '"node": "/dev/bus/usb/001/'; do
  grep -qF "$words" statement || fail "the certificate does not say $words: $(cat statement)"
done
echo "ok the certificate names the device: serial number, firmware, place on the bus; and that it is emulated"
