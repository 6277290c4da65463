#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `lightseed audit` as people call it: NIST's values, ways in, verdicts as exit codes, refusals.
#   audit.sh DIR_OF_COMMAND DIR_OF_DATA
set -euo pipefail
data=$(cd "$2/sp800_90b" && pwd)
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
scratch_with "$1"

# shows CODE WORDS COMMAND…: the command ends with this code and its stdout holds these words.
shows() {
  local code=$1 words=$2 status=0
  shift 2
  "$@" > said.out 2> said.err || status=$?
  [[ $status -eq $code ]] || fail "$*: exit code $status, expected $code: $(cat said.err)"
  grep -qF -- "$words" said.out || fail "$*: did not show '$words' but: $(cat said.out)"
}

# A million bits of e: what NIST's program prints.
head -c 125000 "$data/e.bin" > e.bin
lightseed audit e.bin --suite sp800-22 --profile sts-2.1.2 --json > e.json
/usr/bin/python3 - e.json << 'END' || fail 'e.bin has other p-values'
import json, sys
audit = json.load(open(sys.argv[1]))["audit"]
suite = audit["suites"][0]
tests = {test["id"]: test["p"] for test in suite["tests"]}
assert suite["profile"] == "sts-2.1.2" and suite["sequences"] == 1 and suite["sequence_bits"] == 1000000
assert sum(map(len, tests.values())) == 188
for name, p in [("frequency", .953749), ("fft", .847187), ("universal", .282568), ("linear-complexity", .826335)]:
    assert abs(tests[name][0] - p) < 5e-7, name
assert audit["verdict"]["outcome"] == "pass"
END

# Ways in: a pipe, text of digits, one bit a byte, a part. The same bits have the same verdict.
lightseed audit - --json < e.bin > pipe.json
lightseed audit e.bin --json > file.json
diff <(grep -v '"file"' pipe.json) <(grep -v '"file"' file.json) || fail 'a pipe is not what its file is'
/usr/bin/python3 -c 'import sys; b = open("e.bin", "rb").read(); bits = "".join(f"{x:08b}" for x in b)
open("digits.txt", "w").write("\n".join(bits[i:i + 64] for i in range(0, len(bits), 64)) + "\n101\n")
open("flags.bin", "wb").write(bytes(map(int, bits)))'
for form in digits.txt flags.bin; do
  lightseed audit "$form" --json > form.json 2> said.err
  grep -qF 'taken as' said.err || fail "$form was taken in silence"
  diff <(grep -A999999 '"suites"' form.json) <(grep -A999999 '"suites"' file.json) || fail "$form is not e.bin"
done
expect 0 'the last 3 bits' lightseed audit digits.txt
shows 0 '10 of 10' lightseed audit e.bin --sequences 10 --sequence-bits 80K --suite sp800-22
shows 0 '80 bits behind them not looked at' lightseed audit <(head -c 12510 e.bin) --sequence-bits 100K --suite sp800-22

# Verdicts are exit codes; too little data is no failure.
shows 1 'FAIL: these data are not random' lightseed audit /dev/zero --sequences 1
shows 0 'Passing tests proves no entropy' lightseed audit e.bin
shows 0 'needs 1000000 bits' lightseed audit <(head -c 2500 e.bin)
shows 6 'NOT RUN: too little data for every test; each says' lightseed audit <(head -c 5 e.bin)
shows 6 'NOT APPLICABLE: what ran describes the data and judges nothing' lightseed audit e.bin --suite ent

# Markdown: the verdict first, as a file or on stdout; names cannot become markup; nothing is overwritten.
# shellcheck disable=SC2016  # markup, not ours to expand
markup='<img src=x> | [a](http:b) `c` *d*'
# shellcheck disable=SC2016
harmless='| file | &lt;img src=x&gt; \| \[a\](http:b) \`c\` \*d\* |'
cp e.bin "$markup"
shows 0 '# Audit: PASS' lightseed audit e.bin --markdown -
head -3 said.out | grep -qF '**PASS**: nothing here' || fail 'the verdict is not the first line of the Markdown'
[[ $(grep -c '^## ' said.out) -eq 8 ]] || fail 'not a section a suite'
grep -qF '| frequency | 1 of 1 | 0.953749 | – | 1.000000 | PASS |' said.out || fail 'no line of the frequency test'
expect 0 '' lightseed audit "$markup" --suite fips140-2 --markdown names.md
grep -qF "$harmless" names.md || fail "a name became markup: $(cat names.md)"
expect 4 'names.md' lightseed audit e.bin --markdown names.md
expect 2 'both want stdout' lightseed audit e.bin --markdown - --json
shows 6 '# Audit: NOT RUN' lightseed audit <(head -c 5 e.bin) --markdown -
shows 1 '# Audit: FAIL' lightseed audit /dev/zero --sequences 1 --markdown -

# Refusals.
touch empty.bin
expect 6 'empty.bin is empty' lightseed audit empty.bin
expect 6 '2000000 were asked for' lightseed audit e.bin --sequences 2
mkdir batch
expect 2 'batch is a directory' lightseed audit batch
expect 4 'missing.bin' lightseed audit missing.bin
expect 2 'did you mean sp800-22? There are sp800-22, gmt0005' lightseed audit e.bin --suite sp80-22
expect 2 'There are sp800-22' lightseed audit e.bin --suite dieharder
expect 2 'sts-2.1.2' lightseed audit e.bin --profile nist
expect 2 'multiple of 8' lightseed audit e.bin --sequence-bits 1001
expect 2 'sequence-bits' lightseed audit e.bin --sequence-bits 0
expect 2 'FILE' lightseed audit
printf '0101010101010101010101012' > odd.txt
expect 4 'byte 25' lightseed audit odd.txt --form digits
