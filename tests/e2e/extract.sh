#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `lightseed extract`: good runs through files and pipes, and everything a person can get wrong: each time a sentence with
# the arithmetic, the right exit code, and nothing written.
#   extract.sh DIR_OF_COMMAND
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
office "$1"

# Bytes that look random and are the same every time: AES in counter mode, the key in the first argument.
bytes() {
  head -c "$2" /dev/zero | openssl enc -aes-128-ctr -K "$(printf '%032x' "$1")" -iv "$(printf '%032x' 0)" -nosalt
}
bytes 1 409600 > raw.bin   # 200 blocks of 16384 bits
bytes 2 2048 > seed.bin

extract() { lightseed extract --claim 0.8 --bits 1 "$@"; }
good() {
  expect 0 "$1" extract "${@:2}"
}

# The same bytes from a file, a pipe, a pipe in crumbs, and two threads.
good 'from 200 blocks of 16384 bits by modified-toeplitz' raw.bin -o file.out --seed-file seed.bin --raw-bits 8M
[[ $(wc -c < file.out) -eq $((200 * 12928 / 8)) ]] || fail "file.out has $(wc -c < file.out) bytes"
[[ $(stat -c %a file.out) == 600 ]] || fail "others may read file.out"
extract - -o - --seed-file seed.bin --raw-bits 8M < <(cat raw.bin) > pipe.out 2> said.err || fail "pipe: $(cat said.err)"
cmp file.out pipe.out || fail "a pipe gives other bytes than a file"
{ head -c 1000 raw.bin; sleep 0.1; tail -c +1001 raw.bin; } |
  extract -o - --seed-file seed.bin --raw-bits 8M --threads 2 2> said.err | cmp - file.out ||
  fail "crumbs through two threads give other bytes: $(cat said.err)"
extract raw.bin -o json.out --seed-file seed.bin --raw-bits 8M --json > said.json 2> /dev/null
cmp json.out file.out || fail "--json changes the bytes"
grep -q '"blocks": *200' said.json || fail "--json: $(cat said.json)"
# A fresh seed from the system makes other bytes.
extract raw.bin -o fresh.out 2> /dev/null
if cmp -s fresh.out file.out; then fail "two seeds gave the same bytes"; fi

# Every extractor runs, Raz and Dodis with the second source as their seed file.
for name in toeplitz circulant dodis raz von-neumann peres elias; do
  extract raw.bin -o "$name.out" --using "$name" --discard-tail 2> said.err || fail "$name: $(cat said.err)"
  [[ -s $name.out ]] || fail "$name wrote nothing"
done
bytes 3 4097 > second.bin
good 'by raz' raw.bin -o two-source.out --using raz --seed-file second.bin --seed-entropy 0.9 --side classical
bytes 4 131072 > long-seed.bin
good 'by trevisan' raw.bin -o trevisan.out --using trevisan --block-bits 4096 --output-bits 200 --epsilon 2^-30 \
  --seed-file <(head -c 8192 long-seed.bin)

# What is refused.
nothing() {
  expect "$1" "$2" "${@:3}" -o refused.out
  [[ ! -e refused.out ]] || fail "refused.out was written: ${*:3}"
}
claim() { lightseed extract raw.bin --bits 1 --claim "$1" "${@:2}"; }
nothing 7 'm = floor(k + 2 log2 epsilon) = floor(163.84 - 144)' claim 0.01 --output-bits 64
nothing 7 'can extract nothing from 16384 bits: m = floor(k + 2 log2 epsilon) = floor(81.92 - ' claim 0.005
nothing 7 'allows 1 to 12963 output bits a block, not 13000: m = floor(k + 2 log2 epsilon) = floor(13107.2 - 144)' extract raw.bin \
  --output-bits 13000
nothing 2 '--claim 1.5: a sample of 1 bit holds 1 bit at most' claim 1.5
head -c 2047 seed.bin > short.bin
nothing 2 'a file of exactly 2048 bytes' extract raw.bin --seed-file short.bin
bytes 2 2049 > long.bin
nothing 2 'a file of exactly 2048 bytes' extract raw.bin --seed-file long.bin
head -c 2048 /dev/zero > zero.bin
nothing 7 'all zero' extract raw.bin --seed-file zero.bin
head -c 2048 raw.bin > own.bin
nothing 7 'taken from the data' extract raw.bin --seed-file own.bin
tail -c +300001 raw.bin > rest.bin
head -c 2048 rest.bin > own.bin
nothing 7 'are at byte 300000' extract raw.bin --seed-file own.bin
head -c 4096 second.bin > short.bin
nothing 2 'has 32770 bits, a file of exactly 4097 bytes' extract raw.bin --using raz --seed-file short.bin
nothing 7 'k_seed = 16385' extract raw.bin --using raz --seed-entropy 0.5 --side classical
nothing 7 'k_seed - n + 1' extract raw.bin --using dodis --seed-entropy 0.1 --side classical
head -c 409601 <(cat raw.bin raw.bin) > tail.bin
nothing 7 '200 blocks of n = 16384 bits and 8 bits over, which are never padded' extract tail.bin --prefer yield
good 'from 200 blocks' tail.bin -o cut.out --seed-file seed.bin --raw-bits 8M --discard-tail
cmp cut.out file.out || fail "--discard-tail changes the whole blocks"
from_pipe() { extract - "${@:2}" < <(cat "$1"); }
nothing 7 'end with a partial block: 8 of n = 16384 bits' from_pipe tail.bin --prefer yield
head -c 1000 raw.bin > little.bin
nothing 6 'less than one block' from_pipe little.bin --discard-tail
# Sizes of a block are chosen; what was said of them, or a seed that was brought along, is kept.
good 'of 9216 bits by modified-toeplitz' - -o chosen.out --discard-tail < raw.bin
good 'of 16384 bits by modified-toeplitz' - -o asked.out --discard-tail --block-bits 16384 < raw.bin
nothing 2 "--prefer speed: expected yield, rate, balanced" extract raw.bin --prefer speed
# More data than the promise was made for: the account runs out, and says so in figures.
nothing 7 'epsilon account exhausted: 0 + 128 x 2^-' from_pipe raw.bin --raw-bits 16384 --prefer yield
nothing 7 'smoothing alone costs 2 x 2^-60' extract raw.bin --smoothing 2^-60
nothing 2 '--using sha-256: expected modified-toeplitz' extract raw.bin --using sha-256
nothing 4 'cannot open' extract missing.bin
expect 4 'file.out' extract raw.bin -o file.out
expect 2 'say where the output goes' extract raw.bin
if LIGHTSEED_TARGET=1024 extract raw.bin -o refused.out 2> said.err; then fail "a target that does not exist"; fi
grep -q 'this processor has: ' said.err || fail "LIGHTSEED_TARGET=1024: $(cat said.err)"
read -ra targets < <(sed 's/.*has: //; s/,//g' said.err)
for target in "${targets[@]}"; do
  LIGHTSEED_TARGET=$target extract raw.bin -o "$target.out" --seed-file seed.bin --raw-bits 8M 2> /dev/null
  cmp "$target.out" file.out || fail "target $target gives other bytes"
done
status=0
lightseed extract raw.bin --plan --bits 1 --claim 0.001 > said.out || status=$?
[[ $status -eq 7 ]] || fail "--plan of nothing: exit code $status"
grep -q 'No seeded extractor yields anything' said.out || fail "--plan of nothing: $(cat said.out)"
echo "extract does what it should, and refuses what it should"
