#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The messages of a ledger, to a program and to a real NATS server with JetStream, which is killed and started again:
# nothing is lost, nothing is doubled, everything is in its order, and no message holds a key.
#
#   notify.sh DIR_OF_COMMAND SCHEMAS
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
schemas=$(realpath "$2")
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
command -v nats-server > /dev/null || fail "nats-server is not installed: scripts/install-deps --tests"
server='' following=''
clean_up() {
  for process in $server $following; do kill -9 "$process" 2> /dev/null || true; done
  rm -rf "$scratch"
}
office "$1"
trap clean_up EXIT
lightseed keys new trial --quiet

batch() { # batch ORDER DIR OPTIONS…
  lightseed batch issue --order order.csv --order-id "$1" --source sim:homodyne?seed=1 --keys-per-sim 10 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger ledger.db -o "$2" --quiet "${@:3}"
}
notify() { lightseed ledger notify --ledger ledger.db --to "$@"; }
field() { /usr/bin/python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$1" "$2"; }
# counts FILE DELIVERED REPEATED WAITING: what --json printed
counts() {
  [[ "$(field "$1" delivered) $(field "$1" repeated) $(field "$1" waiting)" == "$2 $3 $4" ]] ||
    fail "delivered, repeated, waiting: expected $2 $3 $4: $(cat "$1")"
}

# ---- a program
cat > hook << 'HOOK'
#!/bin/sh
[ $# -eq 0 ] || exit 9
cat > last
test ! -e broken || exit 3
cat last >> told
HOOK
chmod +x hook
batch first first
touch broken
expect 75 'hook ended with exit code 3' notify command:./hook
[[ ! -e told ]] || fail "told: $(cat told)"
rm broken
# Whoever starts us may ignore the end of its children.
(trap '' CHLD && notify command:./hook --json > said.json)
counts said.json 3 0 0
lightseed batch receipt first --trust signer.crt --side card --recipient-key perso.key -o card.json --quiet \
  --signer trial/card-receipts.crt --signer-key trial/card-receipts.key
lightseed batch ack card.json --side card --trust trial/card-receipts.crt --ledger ledger.db --quiet
notify command:./hook --quiet
notify command:./hook --quiet # nothing waits: the program is not run
expect 4 '' lightseed ledger notify --ledger nothing.db --to command:./hook
[[ ! -e nothing.db ]] || fail "a ledger was made"
expect 2 'this build reaches no receiver' notify pigeon:coop
expect 2 'a receiver is named by how it is told' notify ./hook
expect 4 'write a script' notify 'command:./hook --now'
# What was told is there, under these digests, and the very files of the batch.
/usr/bin/python3 - << 'PYTHON'
import hashlib, json, os
told = [json.loads(line) for line in open("told")]
assert [m["event"] for m in told] == ["issued"] * 3 + ["acknowledged"], told
assert told[0]["files"] == 2 and not told[0]["held"] and [m["part"] for m in told] == [0, 1, 2, 0]
for message in told[:3]:
    assert hashlib.sha256(open("first/" + message["file"], "rb").read()).hexdigest() == message["sha256"], message
    assert message["first_iccid"] == "8988211000000000011" and message["last_iccid"] == "8988211000000000029"
    assert message["sims"] == 2 and message["order"] == "first"
assert {m.get("side") for m in told} == {None, "card", "network"}
assert {m["file"] for m in told[:3]} <= set(os.listdir("first"))
assert told[3]["sha256"] == hashlib.sha256(open("card.json", "rb").read()).hexdigest()
assert told[3]["rejected"] == 0 and told[3]["active"] is False
PYTHON

# ---- a NATS server
port=$(/usr/bin/python3 "$here/nats_stream.py" free)
stream() { /usr/bin/python3 "$here/nats_stream.py" "$@"; }
start() { # start OPTIONS…
  nats-server -js -sd "$scratch/jetstream" -a 127.0.0.1 -p "$port" "$@" > server.log 2>&1 &
  server=$!
}
kill_server() { { kill "${1--9}" "$server" && wait "$server"; } 2> /dev/null || true; server=''; }
to=nats://127.0.0.1:$port/lightseed.ledger
batch second second --top-up
expect 75 "nats://127.0.0.1:$port cannot be reached" notify "$to"
start
stream wait "$port"
expect 7 'nats stream add' notify "$to"
stream create "$port" LEDGER lightseed.ledger
notify "$to" --json > said.json
counts said.json 3 0 0

# Killed between the broker's word and the ledger's note, which somebody who writes holds up: the next run knows what is
# there already, by the last message of the stream.
batch third third --top-up
hold() { # hold FILE: keeps the ledger from being changed until the file is there
  /usr/bin/python3 - "$1" << 'PYTHON'
import os, sqlite3, sys, time
ledger = sqlite3.connect("ledger.db", isolation_level=None)
ledger.execute("BEGIN IMMEDIATE")
open("held", "w").close()
while not os.path.exists(sys.argv[1]):
    time.sleep(0.02)
PYTHON
}
cut_off() { # cut_off MESSAGES: a run that is killed once the stream has so many, before it notes them
  rm -f held go
  hold go &
  local holder=$!
  until [[ -e held ]]; do sleep 0.02; done
  lightseed ledger notify --ledger ledger.db --to "$to" --quiet &
  following=$!
  until [[ $(stream dump "$port" LEDGER | wc -l) -ge $1 ]]; do
    kill -0 "$following" 2> /dev/null || fail "it ended"
    sleep 0.05
  done
  { kill -9 "$following" && wait "$following"; } 2> /dev/null || true
  following=''
  touch go
  wait "$holder"
}
cut_off 6
notify "$to" --json > said.json
counts said.json 3 3 0
# The same where somebody else's message came behind: now by their ids, one by one.
batch fourth fourth --top-up
cut_off 9
stream put "$port" lightseed.ledger
notify "$to" --json > said.json
counts said.json 3 3 0
[[ $(stream dump "$port" LEDGER | wc -l) -eq 10 ]] || fail "$(stream dump "$port" LEDGER)"

# A run that goes on while the server is killed, again and again, and batches are issued all the time.
lightseed ledger notify --ledger ledger.db --to "$to" --follow --every 1 2> follow.err &
following=$!
until [[ -e ledger.db.delivering ]]; do
  kill -0 "$following" 2> /dev/null || fail "it ended: $(cat follow.err)"
  sleep 0.02
done
expect 75 'another process is delivering' notify "$to"
# Now it is killed, now it ends in order: then it may still answer when it has no streams any more.
for round in 5 6 7; do
  batch "order$round" "order$round" --top-up
  if [[ $round -eq 6 ]]; then kill_server -TERM; else kill_server -9; fi
  batch "late$round" "late$round" --top-up
  start
  stream wait "$port"
done
until [[ $(stream dump "$port" LEDGER | wc -l) -ge 28 ]]; do
  kill -0 "$following" 2> /dev/null || fail "it ended: $(cat follow.err)"
  sleep 0.1
done
kill -TERM "$following"
code=0
wait "$following" || code=$?
following=''
[[ $code -eq 130 ]] || fail "an interrupt: exit code $code: $(cat follow.err)"
[[ ! -e ledger.db.delivering ]] || fail "the lock is left"
notify "$to" --json > said.json
counts said.json 0 0 0

# What is in the stream: each message once, in the order of the history, as its schema says, under its id, and no key.
stream dump "$port" LEDGER > stream.tsv
/usr/bin/python3 - "$schemas" << 'PYTHON'
import json, pathlib, sqlite3, sys
import jsonschema
schema = json.loads((pathlib.Path(sys.argv[1]) / "ledger-message.schema.json").read_text())
valid = jsonschema.Draft202012Validator(schema)
rows = [line.rstrip("\n").split("\t", 1) for line in open("stream.tsv")]
rows = [row for row in rows if row[0] != "-"]
told = [json.loads(text) for _, text in rows]
first = [json.loads(line) for line in open("told")]
for message in first + told:
    valid.validate(message)
assert [identity for identity, _ in rows] == [message["id"] for message in told]
places = [(message["sequence"], message["part"]) for message in first + told]
assert places == sorted(set(places)), places
ledger = sqlite3.connect("ledger.db")
expected = ledger.execute("SELECT event, part FROM outbox ORDER BY event, part").fetchall()
assert places == expected, (places, expected)
digests = dict(ledger.execute("SELECT sequence, digest FROM event"))
assert all(m["id"] == f"{digests[m['sequence']]}.{m['part']}" for m in first + told)
assert len(told) == 27, len(told)
PYTHON
lightseed batch open first --trust signer.crt --recipient-key perso.key -o keys.csv --quiet
/usr/bin/python3 - << 'PYTHON'
import csv
keys = [row["key"] for row in csv.DictReader(open("keys.csv"))]
texts = (open("stream.tsv").read() + open("told").read()).lower()
assert len(keys) == 20 and not any(key.lower()[:16] in texts for key in keys)
PYTHON
lightseed ledger verify --ledger ledger.db > /dev/null

# A ledger that is moved away: who follows it ends, and does not look into what is put in its place.
lightseed ledger notify --ledger ledger.db --to command:./hook --follow --every 1 2> follow.err &
following=$!
until [[ -e ledger.db.delivering ]]; do sleep 0.02; done
lightseed ledger backup --ledger ledger.db -o copy.db --quiet
mv ledger.db away.db
code=0
wait "$following" || code=$?
following=''
[[ $code -eq 7 ]] || fail "a ledger that was moved: exit code $code: $(cat follow.err)"
grep -q 'moved or replaced' follow.err || fail "$(cat follow.err)"
mv away.db ledger.db

# ---- who may
kill_server
start --user clerk --pass sesame
stream wait "$port"
expect 7 'Authorization' notify "$to"
expect 2 'password' notify "nats://clerk:sesame@127.0.0.1:$port/lightseed.ledger"
! grep -q sesame said.err || fail "the password was repeated"
NATS_USER=clerk NATS_PASSWORD=sesame notify "$to" --quiet
expect 7 'Authorization' env NATS_USER=clerk NATS_PASSWORD=wrong lightseed ledger notify --ledger ledger.db --to "$to"
! grep -q wrong said.err || fail "the password was repeated"
expect 7 '' notify "${to/nats:/tls:}"
expect 4 'nothere.crt' notify "${to/nats:/tls:}?ca=nothere.crt"
kill_server
rm -rf jetstream
nats-server -a 127.0.0.1 -p "$port" > server.log 2>&1 &
server=$!
stream wait "$port"
expect 7 'has no JetStream' notify "$to"
echo "told"
