#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Independent judges of the emulated devices, and of our drivers: in a guest the kernel's chaoskey, cdc-acm and ftdi_sio,
# and Debian's infnoise and chaosread, read emulated devices byte for byte.
#   makers.sh DIR_OF_COMMAND JUDGE STILL_CLOCK KERNEL_DIR ARTEFACTS_DIR
# Exit code 77: something it needs is not installed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=/dev/null
. "$here/../office.sh"
judge=$(realpath "$2") still_clock=$(realpath "$3") kernel=$4 artefacts=$5
# shellcheck source=/dev/null
. "$here/guest.sh"
needs "$kernel"
# shellcheck disable=SC2154
[[ -e $kernel/chaoskey.ko && -e $kernel/makers ]] || missing "there are no modules and programs for devices in $kernel"
mkdir -p "$artefacts"
artefacts=$(realpath "$artefacts")
scratch_with "$1"

# of_makers PROGRAM…: programs that were unpacked and not installed, with their libraries.
of_makers() {
  local program libraries=("$kernel"/makers{,/usr}/lib/*-linux-gnu)
  mkdir -p root/usr/bin root/usr/lib
  for program in "${libraries[@]}"; do cp -L "$program"/lib*.so.? root/usr/lib/; done
  for program in "$@"; do
    cp "$kernel/makers/$program" root/usr/bin/
    LD_LIBRARY_PATH=$(IFS=:; echo "${libraries[*]}") ldd "$kernel/makers/$program" | grep -o '/[^ ]*' |
      { grep -v "^$kernel/" || true; } | xargs -I '{}' cp -L --parents '{}' root/
  done
}

of_makers usr/sbin/infnoise usr/bin/chaosread
cp "$still_clock" root/usr/lib/still_clock.so
make_initramfs "$here/makers_scenario.sh" "$judge"

emulators=() sockets=()
# shellcheck disable=SC2154
trap 'kill "${emulators[@]}" 2> /dev/null || true; rm -rf "$scratch"' EXIT
emulate() {
  lightseed-emulate "$1" --usb --content sequence "${@:2}" --at "$1.sock" < /dev/null > "$artefacts/$1.log" 2>&1 &
  emulators+=($!)
  sockets+=("$1.sock")
}
emulate chaoskey
emulate truerng
emulate onerng
emulate rava --speed 10
emulate qcicada
emulate infnoise
for socket in "${sockets[@]}"; do until [[ -S $socket ]]; do sleep 0.01; done; done

passed=0 failed=0
while IFS= read -r line; do
  case $line in
    ok\ *) passed=$((passed + 1)) ;;
    FAILED\ *) failed=$((failed + 1)) ;;
  esac
  [[ $line == ok\ * || $line == FAILED\ * ]] && echo "$line"
done < <(GUEST_SECONDS=${GUEST_SECONDS:-300} boot "$artefacts" "${sockets[@]}")

[[ $failed -eq 0 && $passed -eq 11 ]] ||
  fail "$passed checks passed and $failed failed in the guest; see $artefacts and $(tail -n 3 "$artefacts/console.log")"
