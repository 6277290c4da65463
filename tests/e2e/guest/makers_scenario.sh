# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What happens in the guest of makers.sh: the kernel's own drivers, makers' programs and our drivers read the emulated
# devices, and maker_judge says whether every byte is theirs. Lines for the host: ok WORDS | FAILED WORDS.

check() {  # check WORDS COMMAND…
  words=$1
  shift
  if "$@" > /tmp/said 2>&1; then
    echo "ok $words: $(tail -n 1 /tmp/said)"
  else
    echo "FAILED $words: $(tail -n 3 /tmp/said | tr '\n' ' ')"
  fi
}

until_true() {  # until_true COMMAND…, for 20 seconds
  for _ in $(seq 200); do
    if "$@" > /dev/null 2>&1; then return; fi
    sleep 0.1
  done
  false
}

# Standard input read to the end of so many bytes, however they come.
take() {  # take FILE BYTES
  timeout 60 head -c "$2" > "$1"
}

tty_of() {  # tty_of PRODUCT: the serial port that the kernel made of a USB device, by its product text
  for tty in /sys/class/tty/ttyACM* /sys/class/tty/ttyUSB*; do
    for up in device/.. device/../..; do
      if grep -qF "$1" "$tty/$up/product" 2> /dev/null; then
        echo "/dev/${tty##*/}"
        return
      fi
    done
  done
  false
}

usb_has() { grep -qF "$1" /sys/bus/usb/devices/*/product; }

for product in ChaosKey TrueRNGpro OneRNG RAVA8 FT230X "Infinite Noise"; do
  until_true usb_has "$product" || echo "FAILED there is no $product"
done

# ChaosKey: first the program of its makers, then the kernel's driver through /dev/hwrng. The kernel reads it for itself,
# too, so between two of its reads some are missing; and a reader who takes part of a buffer gets its end first.
chaos() { chaosread "$1" --length 65536 > /tmp/chaos && maker_judge "$2" /tmp/chaos 65536 64; }
check "chaosread: ChaosKey, cooked" chaos --cooked sequence
check "chaosread: ChaosKey, raw" chaos --raw counter
insmod /modules/chaoskey.ko
hwrng() {
  until_true grep -qi chaoskey /sys/class/misc/hw_random/rng_current
  dd if=/dev/hwrng of=/dev/null bs=16 count=1
  take /tmp/hwrng 32768 < /dev/hwrng
  maker_judge hwrng /tmp/hwrng 32768
}
check "the kernel's chaoskey: /dev/hwrng" hwrng

# Devices behind cdc_acm.
insmod /modules/cdc-acm.ko
until_true tty_of RAVA8
truerng() {
  port=$(tty_of TrueRNGpro)
  stty -F "$port" raw -echo
  take /tmp/truerng 65536 < "$port"
  maker_judge sequence /tmp/truerng 65536
}
check "the kernel's cdc-acm: TrueRNG" truerng
onerng() {
  port=$(tty_of OneRNG)
  stty -F "$port" raw -echo
  exec 3<> "$port"
  printf 'cmdo\ncmd4\ncmdw\n' >&3
  sleep 0.2
  printf 'cmd1\ncmdO\n' >&3
  take /tmp/onerng 65536 <&3
  exec 3>&-
  maker_judge sequence /tmp/onerng 65536
}
check "the kernel's cdc-acm: OneRNG" onerng
for device in truerng onerng rava; do
  check "our driver over the kernel's cdc-acm: $device" timeout 90 maker_judge source "usb:$device" 65536
done

# A QCicada behind its converter chip.
insmod /modules/usbserial.ko
insmod /modules/ftdi_sio.ko
until_true tty_of FT230X
qcicada() {
  port=$(tty_of FT230X)
  exec 3<> "$port"
  stty raw -echo <&3
  # As its maker's program begins: STOP, half a second, then the question.
  printf '\005' >&3
  sleep 0.5
  printf '\013' >&3
  take /tmp/qcicada 63 <&3
  exec 3>&-
  tr -d '\000' < /tmp/qcicada | grep -qF CICADA-QRNG-1.1
}
check "the kernel's ftdi_sio: QCicada says who it is" qcicada
check "our driver over the kernel's ftdi_sio: QCicada" timeout 90 maker_judge source "tty:$(tty_of FT230X)?driver=qcicada" 65536

# ftdi_sio has taken the Infinite Noise as well, as it does on every Linux: the program takes it back. Its clock stands
# still (still_clock.cpp).
infinite() {
  LD_PRELOAD=/usr/lib/still_clock.so infnoise --raw 2> /tmp/infnoise.said | take /tmp/infnoise 8192
  maker_judge infnoise /tmp/infnoise 8192 || { cat /tmp/infnoise.said; false; }
}
check "Debian's infnoise: Infinite Noise" infinite
