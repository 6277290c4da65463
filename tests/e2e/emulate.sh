#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# lightseed-emulate as a person uses it: a device on a pseudo-terminal that is read, pulled and plugged, and what is
# refused. Bench C has the devices on usb-redir.
#   emulate.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"

expect 2 "there is no emulated device 'usb:nothing'; there are quantis," lightseed-emulate usb:nothing
expect 2 "which device?" lightseed-emulate
expect 2 "unrecognised option" lightseed-emulate rava --nonsense
expect 2 "the serial number of onerng cannot be chosen" lightseed-emulate onerng --serial X
expect 2 "expected noise or sequence" lightseed-emulate rava --content music
expect 2 "a --seed for noise only" lightseed-emulate rava --content sequence --seed 1
expect 2 "onerng has no protocol 2" lightseed-emulate onerng --protocol 2
: > taken
expect 4 "cannot listen at $PWD/taken" lightseed-emulate quantis --at taken
expect 4 "taken exists already" lightseed-emulate rava --at taken

mkfifo orders
lightseed-emulate usb:rava --serial EMULATED42 --seed 4 --at rava < orders > said &
emulator=$!
set -m  # else background jobs ignore SIGINT
exec {hand}> orders
until grep -q 'plugged; type' said; do sleep 0.01; done
uri=$(sed -n 's/^to read it: *lightseed devices --info //p' said)
[[ $uri == "tty:$PWD/rava?driver=rava" ]] || fail "it says to read '$uri'"
lightseed devices --info "$uri" --json > info
grep -q '"serial": "EMULATED42"' info || fail "its serial number is not there: $(cat info)"
grep -q '"provenance": "simulated"' info || fail "it is not marked as simulated: $(cat info)"
lightseed capture --source "$uri" --samples 2000 -o raw 2> /dev/null
echo unplug >&"$hand"
until [[ ! -e rava ]]; do sleep 0.01; done
expect 3 "is not there" lightseed devices --info "$uri"
echo plug >&"$hand"
until [[ -e rava ]]; do sleep 0.01; done
lightseed capture --source "$uri" --samples 2000 -o again 2> /dev/null
! cmp -s raw again || fail "the second life of the device sends what the first one sent"

# A cable pulled in mid-capture costs what came between, not what came before; an interruption keeps everything.
lightseed capture --source "$uri" --duration 1h -o - > live 2> live.err &
capturing=$!
until [[ -s live ]]; do sleep 0.01; done
echo unplug >&"$hand"
until [[ ! -e rava ]]; do sleep 0.01; done
echo plug >&"$hand"
before=$(stat -c %s live)
until [[ $(stat -c %s live) -gt $before ]]; do
  kill -0 $capturing || fail "the capture ended: $(cat live.err)"
  sleep 0.01
done
kill -INT $capturing
status=0
wait $capturing || status=$?
[[ $status -eq 130 ]] || fail "exit code $status of an interrupted capture: $(cat live.err)"
grep -q 'after [0-9]* samples: .*helped' live.err || fail "the gap is not told: $(cat live.err)"
grep -q "asked to stop after $(stat -c %s live) samples" live.err || fail "it says: $(cat live.err)"

# A device with an older protocol is another device to its driver.
lightseed-emulate rava --protocol 2 --at older > older.said &
older=$!
until grep -q 'plugged; type' older.said; do sleep 0.01; done
lightseed devices --info "tty:$PWD/older?driver=rava" --json > older.info
grep -q '"protocol": 2' older.info || fail "it does not speak protocol 2: $(cat older.info)"
kill -TERM $older
wait $older || fail "the older one ended with exit code $?"

kill -TERM $emulator
wait $emulator || fail "it ended with exit code $?"
[[ ! -e rava ]] || fail "its link is left"
echo "an emulated device can be played with"
