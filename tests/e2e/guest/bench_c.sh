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

missing() {
  echo "SKIPPED: $1; scripts/install-deps --tests brings it" >&2
  exit 77
}
for program in qemu-system-x86_64 udevadm cpio; do
  command -v "$program" > /dev/null || missing "there is no $program"
done
busybox=$(command -v busybox) || missing "there is no busybox-static"
! ldd "$busybox" > /dev/null 2>&1 || missing "$busybox is not busybox-static"
[[ -e $kernel/vmlinux ]] || missing "there is no kernel in $kernel"
kernel=$(realpath "$kernel")
mkdir -p "$artefacts"
artefacts=$(realpath "$artefacts")

office "$1"
command=$(command -v lightseed)

# into_guest FILE…: with the libraries it needs, at the same places.
into_guest() {
  local file
  for file in "$@"; do
    { echo "$file"; ldd "$file" 2> /dev/null | grep -o '/[^ ]*' || true; }
  done | sort -u | xargs -I '{}' cp -L --parents '{}' root/
}

make_initramfs() {
  mkdir -p root/{bin,dev,etc/udev/rules.d,modules,office,proc,run,sys,tmp,usr/bin,usr/lib/systemd,usr/lib/udev/rules.d}
  into_guest /usr/bin/udevadm "$command" "$reader"
  ln "root$command" root/usr/bin/lightseed
  ln "root$reader" root/usr/bin/pulled_cables
  ln -s /usr/bin/udevadm root/usr/lib/systemd/systemd-udevd
  # Merged-/usr: the loader's path is the same on every Debian, wherever cp put the file.
  local lib
  for lib in lib lib64; do
    if [[ -d root/$lib && -L /$lib ]]; then
      mkdir -p "root/usr/$lib"
      cp -al "root/$lib/." "root/usr/$lib/"
      rm -rf "root/${lib:?}"
    fi
    ln -s "usr/$lib" "root/$lib"
  done
  cp "$busybox" root/bin/busybox
  cp /usr/lib/udev/rules.d/50-udev-default.rules root/usr/lib/udev/rules.d/
  lightseed devices --udev-rules > root/etc/udev/rules.d/60-lightseed.rules
  printf '%s\n' root:x:0:0::/:/bin/sh operator:x:1000:1000::/:/bin/sh stranger:x:1001:1001::/:/bin/sh > root/etc/passwd
  printf '%s\n' root:x:0: tty:x:5: disk:x:6: dialout:x:20: plugdev:x:46:operator operator:x:1000: stranger:x:1001: \
    > root/etc/group
  cp "$kernel"/*.ko root/modules/
  cp "$here/init" "$here/scenario.sh" root/
  chmod -R u+rwX,go+rX root
  chmod 755 root/init root/bin/busybox
  cp order.csv ./*.crt ./*.key root/office/
  (cd root && find . | cpio --quiet -o -H newc -R 0:0) > initramfs
}

# emulate SERIAL CONTENT: a Quantis on SERIAL.sock that obeys what is written to SERIAL.orders.
emulate() {
  mkfifo "$1.orders"
  lightseed-emulate usb:quantis --serial "$1" --content "$2" "${@:3}" --at "$1.sock" < "$1.orders" > "$artefacts/$1.log" 2>&1 &
  emulators+=($!)
}
order() { echo "$2" > "/dev/fd/${orders[$1]}"; }

pause() { sleep "0.$(printf %03d $((RANDOM % $1)))"; }

make_initramfs
emulators=()
# shellcheck disable=SC2154
trap 'kill "${emulators[@]}" 2> /dev/null || true; rm -rf "$scratch"' EXIT
emulate EMU0001 noise --seed 5
emulate EMU0002 sequence
exec {first}> EMU0001.orders {second}> EMU0002.orders
declare -A orders=([EMU0001]=$first [EMU0002]=$second)
until [[ -S EMU0001.sock && -S EMU0002.sock ]]; do sleep 0.01; done

boot() {
  timeout -k 5 "${GUEST_SECONDS:-100}" qemu-system-x86_64 -M q35 -accel tcg -cpu qemu64,+rdrand -smp 2 -m 512 -nodefaults \
    -no-user-config -no-reboot -display none -kernel "$kernel/vmlinux" -initrd initramfs \
    -append "console=ttyS0 quiet panic=-1 mitigations=off" -serial "file:$artefacts/console.log" \
    -chardev file,id=talk,path=/dev/stdout -serial chardev:talk -device qemu-xhci,id=usb \
    -chardev socket,id=one,path=EMU0001.sock -device usb-redir,chardev=one,bus=usb.0 \
    -chardev socket,id=two,path=EMU0002.sock -device usb-redir,chardev=two,bus=usb.0 \
    < /dev/null 2> "$artefacts/qemu.log" || echo "FAILED the guest: exit code $?"
}

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
done < <(boot)

[[ $failed -eq 0 && $passed -eq 16 ]] ||
  fail "$passed checks passed and $failed failed in the guest; see $artefacts and $(tail -n 3 "$artefacts/console.log")"

# What the guest made, looked at from outside.
lightseed batch verify first --trust signer.crt --allow-test > /dev/null || fail "the guest's batch does not verify here"
sed -n 's/.*"payload": "\(.*\)".*/\1/p' first/*.certificate.json | base64 -d > statement
for words in '"serial": "EMU0001"' '"firmware": "board 0x0000000b"' '"provenance": "simulated"' '"purpose": "TEST"' \
  '"product": "Quantis USB EMULATED"' '"vendor_id": "0aba"' '"product_id": "0102"' '"node": "/dev/bus/usb/001/'; do
  grep -qF "$words" statement || fail "the certificate does not say $words: $(cat statement)"
done
echo "ok the certificate names the device: serial number, firmware, place on the bus; and that it is emulated"
