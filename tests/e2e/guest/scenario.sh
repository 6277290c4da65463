# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What happens in the guest of bench C, where the kernel, udev and libusb are the real ones and the two Quantis devices
# are emulated. Lines for the host:
#   ok WORDS | FAILED WORDS   a check
#   NOW ORDER                 something to do with a cable: pull or plug, and which device
#   FILE NAME … END           a file, in base64
# EMU0001 sends noise that passes health tests; EMU0002 sends the checkable sequence.
cd /office || exit 1

check() {  # check WORDS COMMAND…
  words=$1
  shift
  if "$@" > /tmp/said 2>&1; then echo "ok $words"; else echo "FAILED $words: $(tail -n 3 /tmp/said | tr '\n' ' ')"; fi
}

says() {  # says WORDS FILE
  grep -qF -- "$1" "$2" || { cat "$2"; false; }
}

fails() {  # fails CODE WORDS COMMAND…
  code=$1 said=$2 status=0
  shift 2
  "$@" > /tmp/fails 2>&1 || status=$?
  [ "$status" -eq "$code" ] || { echo "exit code $status: $(cat /tmp/fails)"; return 1; }
  says "$said" /tmp/fails
}

until_true() {  # until_true COMMAND…, for 20 seconds
  for _ in $(seq 200); do
    if "$@" > /dev/null 2>&1; then return; fi
    sleep 0.1
  done
  false
}

node_of() { lightseed devices --info "usb:quantis/$1" --json | sed -n 's/.*"node": "\(.*\)".*/\1/p'; }

issue() {
  lightseed batch issue --order order.csv --source usb:quantis/EMU0001 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db "$@"
}

both_ready() { [ "$(lightseed devices | grep -c 'usb:quantis/EMU000[12] .*ready')" -eq 2 ]; }

check "both devices are plugged in and ready" until_true both_ready
node=$(node_of EMU0001)
udevadm settle --timeout=10
check "the rules of 'devices --udev-rules' give the node to plugdev" test "$(stat -c '%a %G' "$node")" = "660 plugdev"
check "who is in plugdev may open it" su operator -c "lightseed devices --info usb:quantis/EMU0001"
su stranger -c "lightseed devices" > /tmp/listed
check "who is not is told of the rule in the list" says "no permission; install Lightseed's udev rules" /tmp/listed
check "and when opening it" fails 3 "no permission to open $node; install Lightseed's udev rules" \
  su stranger -c "lightseed devices --info usb:quantis/EMU0001"

# Beside everything that follows: what happens to one device must not touch the other.
pulled_cables usb:quantis/EMU0002 20 &
cables=$!

check "a batch is issued" issue --order-id first --keys-per-sim 10 -o first
check "it verifies as a test" lightseed batch verify first --trust signer.crt --allow-test
check "and as nothing more" fails 7 "" lightseed batch verify first --trust signer.crt
for file in first/*; do
  echo "FILE $file"
  base64 "$file"
  echo END
done

# More keys than the device makes in a minute: the cable is pulled when blocks are under way.
issue --order-id second --top-up --keys-per-sim 500000 -o second > /tmp/second 2>&1 &
issuing=$!
under_way() { [ -n "$(find . -maxdepth 1 -name '.second.*')" ]; }
until_true under_way
holder="lightseed (pid $(pidof lightseed))"
lightseed devices > /tmp/listed
check "a device in use is busy, and held by whom" says "busy: held by $holder" /tmp/listed
check "claiming it as well is refused with the holder's name" fails 3 "in use by $holder" \
  lightseed devices --info usb:quantis/EMU0001
echo "NOW pull EMU0001"
status=0
wait $issuing || status=$?
check "unplugged in mid-issue: exit code 3" test "$status" -eq 3
check "the blocks are burned, and it says so" says "2 blocks burned, no file was written" /tmp/second
lightseed batch status --ledger ledger.db > /tmp/status
check "the ledger says so too" says "BURNED" /tmp/status
check "nothing is left of the batch" test -z "$(find . -name '*second*')"
echo "NOW plug EMU0001"

wait $cables
check "both devices are back" until_true both_ready

# The rules on other systems: where the group is another, and where there is none of the usual ones.
not_there() { ! lightseed devices | grep -q usb:quantis/EMU0001; }
plug_without() {  # plug_without GROUP…: plugs EMU0001 in on a system that does not have these groups
  for group in "$@"; do sed -i "/^$group:/d" /etc/group; done
  lightseed devices --udev-rules > /etc/udev/rules.d/60-lightseed.rules
  udevadm control --reload
  echo "NOW pull EMU0001"
  until_true not_there
  echo "NOW plug EMU0001"
  until_true both_ready
  udevadm settle --timeout=10
}
access() { stat -c '%a %G' "$(node_of EMU0001)"; }
plug_without plugdev uucp
check "without plugdev the rules give the node to dialout" test "$(access)" = "660 dialout"
plug_without dialout
check "without any such group to root, and nobody else but who sits there" test "$(access)" = "660 root"
