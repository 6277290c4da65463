#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `lightseed audit` of what is no single file: a source, the keys of a batch, shards of a file on several machines.
#   audit_inputs.sh DIR_OF_COMMAND SCHEMAS
set -euo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/office.sh"
schemas=$(cd "$2" && pwd)
office "$1"

# A source: its extracted output, said in words, with the evidence of the run.
source='sim:homodyne?seed=1'
expect 0 'SIMULATED' lightseed audit "$source" --sequences 2 --suite fips140-2,ent --json --report source.html
/usr/bin/python3 - said.out << 'END' || fail 'the JSON of a source'
import json, sys
whole = json.load(open(sys.argv[1]))
audit = whole["audit"]
assert audit["subject"]["kind"] == "source" and "not its raw samples" in audit["subject"]["words"]
assert audit["file"].startswith("sim:homodyne?seed=1") and audit["bits"] == 2000000 and "ended" not in audit
assert whole["evidence"]["source"]["uri"] == audit["file"] and "extraction" in whole["evidence"]
END
grep -q 'not its raw samples' source.html || fail 'the page does not say what was audited'
expect 2 'has no end' lightseed audit "$source"
expect 2 '--form has no meaning' lightseed audit "$source" --sequences 1 --form packed
expect 2 'cannot be read in parts' lightseed audit "$source" --shard 1/2 -o part.json
expect 2 'homodine' lightseed audit 'sim:homodine' --sequences 1
# A file of such a name is a file.
head -c 5000 /dev/zero > "$source"
expect 1 '' lightseed audit "./$source" --suite fips140-2

# An alarm in mid-audit: what came before is reported, and the exit code is the alarm's, whatever the tests say.
expect 5 'ended after' lightseed audit "$source&fault=dead@1800000" --sequences 50 --suite fips140-2,ent \
  --markdown part.md --json
/usr/bin/python3 - said.out << 'END' || fail 'the JSON of an alarm'
import json, sys
audit = json.load(open(sys.argv[1]))["audit"]
assert "alarm" in audit["ended"] and 0 < audit["bits"] < 50000000 and audit["suites"][0]["sequences"] > 0
END
grep -q '^| partial |' part.md || fail 'the Markdown does not say that it is partial'
# Before any bit came there is nothing to report.
expect 5 'alarm' lightseed audit "$source&fault=dead@0" --sequences 1 --markdown none.md
[[ ! -e none.md ]] || fail 'a report on nothing'
# A recording that ends.
lightseed capture --source "$source" --samples 1200K -o raw.bin --quiet 2> /dev/null
expect 6 'ended after' lightseed audit file:raw.bin --sequences 2 --suite fips140-2

# A batch: the keys of whoever has a recipient's key, with one number a test and nothing of the keys.
lightseed batch issue --order order.csv --source "$source" --keys-per-sim 4000 --card-recipient perso.crt --signer signer.crt \
  --signer-key signer.key --ledger ledger.db -o out --network-recipient auc.crt --quiet 2> said.err || fail "no batch: $(cat said.err)"
batch=out
open=(--trust signer.crt --recipient-key perso.key)
lightseed batch open "$batch" "${open[@]}" --format csv -o keys.csv --quiet 2> /dev/null
for form in --json --quiet; do
  expect 0 '' lightseed audit "$batch" "${open[@]}" --report "batch$form.html" --markdown "batch$form.md" $form
  cp said.out "batch$form.out"
done
/usr/bin/python3 - batch--json.out keys.csv batch--json.* batch--quiet.* << 'END' || fail 'the report of a batch'
import json, sys
audit = json.load(open(sys.argv[1]))["audit"]
assert audit["subject"]["kind"] == "batch" and audit["verdict"]["outcome"] == "pass" and "sha256" not in audit
assert all(not set(test) & {"p", "q", "items", "figures"} for suite in audit["suites"] for test in suite["tests"])
assert "ent" not in [suite["id"] for suite in audit["suites"]]
keys = [line.rsplit(",", 1)[1].strip() for line in open(sys.argv[2])][1:]
assert len(keys) * len(keys[0]) * 4 == audit["bits"] >= 1000000
for path in sys.argv[3:]:
    text = open(path, "rb").read()
    # No twelve digits of any key, and none of its bytes as they are.
    assert not any(key[:12].encode() in text.lower() or bytes.fromhex(key)[:6] in text for key in keys), path
END
expect 2 'audited with --trust CRT' lightseed audit "$batch"
expect 2 'audited with --trust CRT' lightseed audit "$batch" --trust signer.crt
for wrong in --bit-image "--form packed" "--sequences 1" "--shard 1/2"; do
  # shellcheck disable=SC2086  # an option and its value
  expect 2 'never shown' lightseed audit "$batch" "${open[@]}" --report x.html $wrong
done
expect 2 'short sequences of keys' lightseed audit "$batch" "${open[@]}" --sequence-bits 80K
expect 2 'of keys it would say too much' lightseed audit "$batch" "${open[@]}" --suite ent
expect 1 '' lightseed audit "$batch" --trust perso.crt --recipient-key perso.key
expect 1 'opens no side' lightseed audit "$batch" --trust signer.crt --recipient-key signer.key
expect 2 'for the directory of a batch' lightseed audit raw.bin --trust signer.crt
printf 'iccid,imsi\n8988211000000000037,001010000000003\n' > order.csv
mkdir elsewhere
(cd elsewhere && ln -s ../*.csv ../*.crt ../*.key . && issue --quiet 2> /dev/null)
expect 6 'takes 1000000 at least' lightseed audit elsewhere/out "${open[@]}"

# Shards: merged they are the audit of the whole, to the byte.
/usr/bin/python3 -c 'import hashlib, sys; sys.stdout.buffer.write(hashlib.shake_256(b"shards").digest(1250011))' > bits.bin
lightseed audit bits.bin --json --report whole.html > whole.json
for k in 1 2 3; do lightseed audit bits.bin --shard $k/3 -o part-$k.json --quiet; done
lightseed audit --merge part-3.json part-1.json part-2.json --json > merged.json
cmp whole.json merged.json || fail 'three shards are not the whole'
/usr/bin/python3 - "$schemas/audit-part.schema.json" part-?.json << 'END' || fail 'a part is not what its schema says'
import json, sys
import jsonschema
schema = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
for path in sys.argv[2:]:
    schema.validate(json.load(open(path)))
END
lightseed audit --merge part-?.json --report merged.html > /dev/null
diff <(grep -v '<th scope="row">at</th>' whole.html) <(grep -v '<th scope="row">at</th>' merged.html) > /dev/null ||
  fail 'the page of three shards is not that of the whole'
# A part of the file, more shards than sequences.
lightseed audit bits.bin --sequences 2 --json > whole.json
for k in 1 2 3 4 5; do lightseed audit bits.bin --sequences 2 --shard $k/5 -o few-$k.json --quiet; done
lightseed audit --merge few-?.json --json > merged.json
cmp whole.json merged.json || fail 'five shards of two sequences are not the whole'
expect 2 'missing are 2' lightseed audit --merge part-1.json part-3.json
expect 2 'shard 2 is there twice' lightseed audit --merge part-?.json part-2.json
expect 2 'different audits' lightseed audit --merge part-1.json part-2.json few-3.json
cp bits.bin other.bin
printf 'x' | dd of=other.bin bs=1 seek=1200000 conv=notrunc 2> /dev/null
lightseed audit other.bin --shard 3/3 -o other-3.json --quiet
expect 2 'shard 3 read other bytes' lightseed audit --merge part-1.json part-2.json other-3.json
head -c 100 part-1.json > torn.json
expect 4 'torn.json' lightseed audit --merge torn.json
expect 4 'part-1.json' lightseed audit bits.bin --shard 1/3 -o part-1.json
for wrong in 0/3 4/3 3 1/0 x/3 1/10001; do expect 2 'shard' lightseed audit bits.bin --shard $wrong -o never.json; done
expect 2 '--output is missing' lightseed audit bits.bin --shard 1/3
expect 2 'no verdict' lightseed audit bits.bin --shard 1/3 -o never.json --report x.html
expect 2 'cannot be read in parts' lightseed audit - --shard 1/3 -o never.json
expect 2 'no regular file' lightseed audit /dev/zero --shard 1/3 -o never.json
/usr/bin/python3 -c 'print("01" * 5000)' > digits.txt
expect 2 'packed' lightseed audit digits.txt --shard 1/3 -o never.json
expect 2 'one input at a time' lightseed audit bits.bin other.bin
expect 2 '--suite has no meaning' lightseed audit --merge part-?.json --suite ent
[[ ! -e never.json ]] || fail 'a part of a refused audit'
