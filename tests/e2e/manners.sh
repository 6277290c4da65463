#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How the command behaves at a terminal and towards the shell: signals, pipes that close, places that go away.
#   manners.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
here=$(cd "$(dirname "$0")" && pwd)
scratch_with "$1"
# With job control background jobs have SIGINT as usual; without it the shell has them ignore it.
set -m

# ended CODE PID WHAT: the process ends with this code within ten seconds.
ended() {
  local status=0 i
  for ((i = 0; i < 1000; ++i)); do
    kill -0 "$2" 2> /dev/null || break
    sleep 0.01
  done
  if kill -9 "$2" 2> /dev/null; then fail "$3: still there after ten seconds"; fi
  wait "$2" || status=$?
  [[ $status -eq $1 ]] || fail "$3: exit code $status, expected $1: $(cat said.err)"
}

# ready PID: it has taken signals into its own hands; before that they would end it as they end any program.
ready() {
  local i blocked
  for ((i = 0; i < 1000; ++i)); do
    blocked=$(sed -n 's/^SigBlk:\s*//p' "/proc/$1/status" 2> /dev/null) || return 0
    if ((0x${blocked:-0} & 0x4000)); then return; fi
    sleep 0.01
  done
}

mkfifo idle
sleep 600 > idle &
holder=$!
# shellcheck disable=SC2154
trap 'kill $holder 2> /dev/null || true; rm -rf "$scratch"' EXIT

# One signal ends what waits for a pipe that stays silent.
for signal in INT TERM HUP; do
  lightseed assess - < idle 2> said.err &
  ready $!
  sleep 0.3
  kill -$signal $!
  ended 130 $! "assess - and SIG$signal"
  lightseed extract - --claim 6 -o out.bin < idle 2> said.err &
  ready $!
  sleep 0.3
  kill -$signal $!
  ended 130 $! "extract - and SIG$signal"
done
[[ ! -e out.bin ]] || fail "out.bin is there"

# The second one ends at once whatever cannot be stopped: a seed file that never opens.
mkfifo never
head -c 100000 /dev/zero > raw.bin
lightseed extract raw.bin --claim 6 --discard-tail --seed-file never -o out.bin 2> said.err &
ready $!
sleep 0.3
kill -INT $!
sleep 0.3
kill -0 $! || fail "it ended at the first signal; the test needs something else that does not"
kill -INT $!
ended 130 $! "the second SIGINT"
grep -q 'press Ctrl-C again' said.err || fail "said: $(cat said.err)"

# What is ignored from the start stays ignored.
(trap '' HUP; exec lightseed assess - < idle 2> said.err) &
ready $!
sleep 0.3
kill -HUP $!
sleep 0.3
kill -0 $! || fail "nohup was overridden"
kill -TERM $!
ended 130 $! "after nohup"

# A reader that has enough is no error and no words.
set +o pipefail
lightseed capture --source sim:homodyne --samples 10M -o - 2> said.err | head -c 10 > /dev/null
codes=("${PIPESTATUS[@]}")
[[ ${codes[0]} -eq 141 && ! -s said.err ]] || fail "a closed pipe: exit code ${codes[0]}, '$(cat said.err)'"
lightseed help --markdown 2> said.err | head -c 10 > /dev/null
[[ ! -s said.err ]] || fail "a closed pipe: $(cat said.err)"
set -o pipefail
expect 4 'write to stdout' sh -c 'lightseed devices > /dev/full'
expect 4 'write to stdout' sh -c 'lightseed devices --json >&-'
lightseed devices 2>&- > /dev/null || fail "without stderr it fails"
expect 4 'File too large' sh -c 'ulimit -f 8; lightseed capture --source sim:homodyne -o big.bin'

# The directory it was started in has gone.
mkdir gone
cd gone
rmdir ../gone
status=0
lightseed capture --source sim:homodyne --samples 10 -o raw.bin 2> "$scratch/said.err" || status=$?
[[ $status -eq 4 ]] || fail "a removed directory: exit code $status: $(cat "$scratch/said.err")"
cd "$scratch"

# On a terminal of 40 and of 200 columns progress is one line and goes away; twice Ctrl-C ends it.
if command -v /usr/bin/python3 > /dev/null; then
  /usr/bin/python3 "$here/terminal.py" || fail "the terminal"
fi
echo "signals, pipes and places are treated as they should be"
