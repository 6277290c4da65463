# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the tests that run in a guest: what they need, the guest's file system, its start, and what it says. QEMU
# boots a Debian kernel, unprivileged and without KVM or a network; emulated devices come in over usb-redir.
guest=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

missing() {
  echo "SKIPPED: $1; scripts/install-deps --tests brings it" >&2
  exit 77
}

# needs KERNEL_DIR: ends with exit code 77 when something is not installed.
needs() {
  local program
  for program in qemu-system-x86_64 udevadm cpio; do
    command -v "$program" > /dev/null || missing "there is no $program"
  done
  busybox=$(command -v busybox) || missing "there is no busybox-static"
  ! ldd "$busybox" > /dev/null 2>&1 || missing "$busybox is not busybox-static"
  [[ -e $1/vmlinux ]] || missing "there is no kernel in $1"
  kernel=$(realpath "$1")
}

# into_guest FILE…: with the libraries it needs, at the same places.
into_guest() {
  local file
  for file in "$@"; do
    { echo "$file"; ldd "$file" 2> /dev/null | grep -o '/[^ ]*' || true; }
  done | sort -u | xargs -I '{}' cp -L --parents '{}' root/
}

# make_initramfs SCENARIO PROGRAM…: the programs are found as /usr/bin/NAME; what is in root/ already stays.
make_initramfs() {
  local scenario=$1 program lib
  shift
  mkdir -p root/{bin,dev,etc/udev/rules.d,modules,office,proc,run,sys,tmp,usr/bin,usr/lib/systemd,usr/lib/udev/rules.d}
  into_guest /usr/bin/udevadm "$@"
  for program in "$@"; do
    [[ -e root/usr/bin/$(basename "$program") ]] || ln "root$program" "root/usr/bin/$(basename "$program")"
  done
  ln -s /usr/bin/udevadm root/usr/lib/systemd/systemd-udevd
  # Merged-/usr: the loader's path is the same on every Debian, wherever cp put the file.
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
  cp "$guest/init" root/
  cp "$scenario" root/scenario.sh
  chmod -R u+rwX,go+rX root
  # Keys keep their mode: one that others can read is refused.
  cp -p ./order.csv ./*.crt ./*.key root/office/ 2> /dev/null || true
  chmod 755 root/init root/bin/busybox
  (cd root && find . | cpio --quiet -o -H newc -R 0:0) > initramfs
}

# boot ARTEFACTS SOCKET…: the timer is not checked, because a busy host lets it fail. Says what the guest says on its second serial port.
boot() {
  local artefacts=$1 socket devices=()
  shift
  for socket in "$@"; do
    devices+=(-chardev "socket,id=${socket%.sock},path=$socket" -device "usb-redir,chardev=${socket%.sock},bus=usb.0")
  done
  timeout -k 5 "${GUEST_SECONDS:-300}" qemu-system-x86_64 -M q35 -accel tcg -cpu qemu64,+rdrand -smp 2 -m 512 -nodefaults \
    -no-user-config -no-reboot -display none -kernel "$kernel/vmlinux" -initrd initramfs \
    -append "console=ttyS0 quiet panic=-1 mitigations=off no_timer_check" -serial "file:$artefacts/console.log" \
    -chardev file,id=talk,path=/dev/stdout -serial chardev:talk -device qemu-xhci,id=usb,p2=8,p3=8 "${devices[@]}" \
    < /dev/null 2> "$artefacts/qemu.log" || echo "FAILED the guest: exit code $?"
}
