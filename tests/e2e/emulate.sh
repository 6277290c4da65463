#!/usr/bin/env bash
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
kill -TERM $emulator
wait $emulator || fail "it ended with exit code $?"
[[ ! -e rava ]] || fail "its link is left"
echo "an emulated device can be played with"
