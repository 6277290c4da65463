#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `lightseed assess` as people call it: NIST's figures from NIST's files, ways in, verdicts, refusals.
#   assess.sh DIR_OF_COMMAND DIR_OF_DATA
set -euo pipefail
data=$(cd "$2/sp800_90b" && pwd)
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
scratch_with "$1"

# shows WORDS COMMAND…: the command ends well and its stdout holds these words.
shows() {
  local words=$1
  shift
  "$@" > said.out 2> said.err || fail "$*: exit code $?: $(cat said.err)"
  grep -qF -- "$words" said.out || fail "$*: did not show '$words' but: $(cat said.out)"
}

# The figures NIST's tool prints for its own self-test files, eleven digits of them.
shows '"h_original": 7.8651180028' lightseed assess "$data/truerand_8bit.bin" --bits 8 --json
shows '"h_bitstring": 0.9042326818' lightseed assess "$data/truerand_8bit.bin" --bits 8 --only compression,t-tuple,lrs --json
shows '"min_entropy": 0.6117162047' lightseed assess "$data/rand1_short.bin" --bits 1 --container 1 --json
expect 0 'rand1_short.bin' lightseed assess "$data/rand1_short.bin" --bits 1 --container 1

# Ways in: a pipe, a part, several files, a capture with its side-car.
lightseed assess - --bits 8 --only mcv --json < "$data/pi.bin" > pipe.json
lightseed assess "$data/pi.bin" --bits 8 --only mcv --json > file.json
diff <(grep -v '"file"' pipe.json) <(grep -v '"file"' file.json) || fail "a pipe is not what its file is"
shows '"first": 0' lightseed assess "$data/pi.bin" --skip 0 --samples 2000 --only mcv --json
shows '"first": 1000' lightseed assess "$data/pi.bin" --skip 1000 --samples 2000 --only mcv --json
shows 'the smallest counts' lightseed assess "$data/pi.bin" "$data/e.bin" --quick
shows '"files": 2' lightseed assess "$data/pi.bin" "$data/e.bin" --only mcv --json
lightseed capture --source 'sim:homodyne?seed=42' --samples 200000 -o raw.bin 2> /dev/null
shows '200000 samples of 8 bits' lightseed assess raw.bin --only mcv

# A named pipe gives its bytes once, to whoever opens it first.
mkfifo named
for verb in 'assess --only mcv' 'assess --only mcv --whole' 'assess iid --samples 100000 --seed 5' 'audit --suite ent' \
  'assess conditioning --sizes 512,256,256,300 --only mcv' \
  'extract -o - --claim 6 --discard-tail --raw-bits 1G --epsilon 2^-40'; do
  read -ra words <<< "$verb"
  cp raw.bin copy # without its side-car
  lightseed "${words[@]}" copy > file.out 2> said.err && of_file=0 || of_file=$?
  cat raw.bin > named &
  timeout 60 lightseed "${words[@]}" named > pipe.out 2> said.err && of_pipe=0 || of_pipe=$?
  wait
  [[ $of_pipe == "$of_file" && -s pipe.out ]] || fail "$verb: exit code $of_file of a file, $of_pipe of a pipe: $(cat said.err)"
done

# Verdicts are exit codes.
shows 'holds' lightseed assess raw.bin --only mcv --claim 6
expect 1 '' lightseed assess raw.bin --only mcv --claim 7.5
expect 1 '' lightseed assess iid "$data/ringOsc-nist.bin" --bits 1 --container 1 --samples 20000 --seed 1
lightseed assess iid raw.bin --samples 100000 --seed 5 --json > first.json
lightseed assess iid raw.bin --samples 100000 --seed 5 --threads 1 --json > second.json
diff first.json second.json || fail "the same seed gives another report"
shows '"passed": true' lightseed assess iid raw.bin --samples 100000 --seed 5 --json
lightseed capture --source 'sim:homodyne?seed=42' --restarts 1000x1000 -o restarts.bin 2> /dev/null
shows '"passed": true' lightseed assess restart restarts.bin --claim 4 --only mcv --json
expect 7 'knows of no restarts' lightseed assess restart raw.bin --claim 4
expect 2 'was captured as 1000x1000' lightseed assess restart restarts.bin --claim 4 --matrix 100x100
expect 2 '--claim' lightseed assess restart restarts.bin

# What goes by in a stream: two windows here, and no more memory than one of them takes.
lightseed capture --source 'sim:homodyne?seed=43' --samples 11M -o long.bin 2> /dev/null
shows '"count": 2' lightseed assess long.bin --only mcv,t-tuple --json
shows '"window_first": 10000000' lightseed assess - --only mcv,t-tuple --json < long.bin
shows '"samples": 11000000' lightseed assess long.bin --only mcv --whole --json

# Health-test design and conditioning need no samples, or the conditioned ones.
shows 'alarm at 6 equal samples in a row' lightseed assess cutoffs --claim 6.4
shows '"log2_deficit": -891.2356168135' lightseed assess conditioning --sizes 2048,256,256,1200 --vetted --json
shows '"assessed_per_bit": 0.9' lightseed assess conditioning "$data/truerand_8bit.bin" --sizes 512,256,256,300 --only compression --json
expect 2 'either --vetted or one FILE' lightseed assess conditioning --sizes 512,256,256,300
expect 2 'expected bits in' lightseed assess conditioning --sizes 512,256 --vetted
expect 2 'nw = 0' lightseed assess conditioning --sizes 512,256,0,300 --vetted

# Refusals: what is wrong, and how much is needed.
head -c 999 raw.bin > short.bin
expect 6 '1000 samples at least' lightseed assess short.bin
: > empty.bin
expect 6 'there are 0 samples' lightseed assess empty.bin
expect 2 'more than 4 bits hold' lightseed assess raw.bin --bits 4
expect 2 'middle of a 16-bit container' lightseed assess short.bin --bits 16
expect 4 'missing.bin' lightseed assess missing.bin
expect 2 'no estimator "luck"' lightseed assess raw.bin --only luck
expect 6 'to skip' lightseed assess raw.bin --skip 200000
expect 2 '--skip' lightseed assess raw.bin --skip -1
expect 2 'Name a file' lightseed assess
truncate -s 100M huge.bin # no disk is used
expect 7 'more than one assessment takes' lightseed assess huge.bin --whole
expect 7 'more than one assessment takes' lightseed assess iid huge.bin
# Constant data are a result, not an error.
head -c 5000 /dev/zero > zeros.bin
shows 'no entropy at all' lightseed assess zeros.bin
expect 1 '' lightseed assess iid zeros.bin --seed 1
# One bit a byte, read as if it were packed.
printf '\0\1%.0s' {1..500} > flags.bin
expect 0 'looks like one bit a byte' lightseed assess flags.bin --bits 1 --container 1 --only mcv
# A bounded question to an endless stream is answered, and no more of it is read than that.
for endless in /dev/urandom /dev/zero; do
  timeout 60 lightseed assess "$endless" --samples 100K --only mcv --json > endless.json || fail "$endless: exit code $?"
  grep -q '"bytes": 100000' endless.json || fail "$endless: $(cat endless.json)"
  grep -q '"whole": false' endless.json || fail "$endless does not end, but it says it read the whole"
done
timeout 60 lightseed assess - --samples 2000 --only mcv --json < <(cat /dev/urandom 2> /dev/null) > endless.json
mkfifo idle
{ head -c 2000 raw.bin; exec sleep 60; } > idle 2> /dev/null &
holder=$!
timeout 30 lightseed assess - --samples 2000 --only mcv --json < idle > idle.json || fail "it waits for more than it was asked about"
kill $holder
# A file that is missing is found before the first one is assessed.
expect 4 'missing.bin' lightseed assess raw.bin missing.bin
[[ ! -s said.out ]] || fail "it assessed raw.bin first"
echo "assess says what it should"
