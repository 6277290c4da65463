#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The life of a batch, as its people live it: both sides load the keys and answer, SIMs are used, run low and get more,
# one is lost, and somebody uses a key twice.
#
#   life.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
a=8988211000000000011 b=8988211000000000029 c=89882110000000000333
ledger=(--ledger ledger.db)
says() { grep -q -- "$2" "$1" || fail "$1 does not say '$2': $(cat "$1")"; }
lightseed keys new trial --quiet
printf '%s,001010000000003\n' $c >> order.csv
state() { lightseed batch find "${ledger[@]}" --iccid "$1" --json | /usr/bin/python3 -c '
import json, sys
print(" ".join(block["state"] for block in json.load(sys.stdin)["blocks"]))'; }
is() { # is ICCID STATES
  local now
  now=$(state "$1" || true)
  [[ $now == "$2" ]] || fail "SIM $1 is '$now', not '$2'"
}
receipt() { # receipt DIR SIDE KEY OPTIONS…: signed by the side's people
  lightseed batch receipt "$1" --trust signer.crt --side "$2" --recipient-key "$3" --signer "trial/$2-receipts.crt" \
    --signer-key "trial/$2-receipts.key" --quiet "${@:4}"
}
ack_by() { # ack_by SIGNER FILE SIDE OPTIONS…
  lightseed batch ack "$2" --side "$3" --trust "trial/$1-receipts.crt" "${ledger[@]}" "${@:4}"
}
ack() { ack_by "$2" "$@"; }

issue --quiet
is $a ISSUED

# The card side cannot load one SIM, the network all.
printf 'iccid,reason\n%s,chip does not answer\n' $b > rejected.csv
receipt out card perso.key --rejected rejected.csv -o card.json
receipt out network auc.key -o network.json
ack card.json card --quiet
is $a LOADED
is $b REJECTED

# Nobody answers for the other side, twice, unsigned, or with a receipt that was changed.
expect 7 'expected to answer for the network side' ack_by card card.json network
expect 1 'no receipt to be believed' ack_by card network.json network
sed 's/"sig": "../"sig": "AA/' network.json > forged.json
expect 1 'no receipt to be believed' ack forged.json network
expect 1 'no receipt to be believed' ack order.csv network
receipt out card perso.key -o second.json
expect 7 'answered before, with another receipt' ack second.json card
expect 4 'missing.db' lightseed batch ack network.json --side network --trust trial/network-receipts.crt --ledger missing.db
[[ ! -e missing.db ]] || fail "a ledger was made"
expect 1 '' receipt out network perso.key -o never.json
[[ ! -e never.json ]] || fail "a receipt was left"
is $a LOADED

ack network.json network --quiet
ack network.json network 2> again
says again 'entered before'
is $a ACTIVE
is $b REJECTED

# Keys are used: ten a SIM.
printf 'iccid,charge,first,last\n%s,1,0,8\n%s,1,4,4\n' $a $c > used.csv
lightseed batch used used.csv "${ledger[@]}" --quiet
lightseed batch used used.csv "${ledger[@]}" 2> again
says again 'entered before'
printf 'iccid,charge,first,last\n%s,1,9,9\n' $a > used2.csv
lightseed batch used used2.csv "${ledger[@]}" --quiet
is $a EXHAUSTED
printf 'iccid,charge,first,last\n%s,1,3,5\n' $c > twice.csv
expect 1 'used twice' lightseed batch used twice.csv "${ledger[@]}"
lightseed batch used twice.csv "${ledger[@]}" > alarm 2> /dev/null || true
says alarm 'ALARM .*key.* 3-5 of charge 1 of SIM 89882110000000000333: used a second time, keys 4-4'
printf 'iccid,charge,first,last\n%s,1,9,10\n' $c > beyond.csv
expect 7 'there are 10 keys' lightseed batch used beyond.csv "${ledger[@]}"
printf 'iccid,charge,first,last\n%s,1,x,10\n12,1,0,0\n' $c > wrong.csv
expect 2 "wrong.csv:2: the keys 'x'" lightseed batch used wrong.csv "${ledger[@]}"
expect 2 'begins with the line' lightseed batch used order.csv "${ledger[@]}"

# Who needs keys gets them under a new order; the third SIM is lost.
lightseed batch revoke "${ledger[@]}" --iccid $c --reason "phone lost" --quiet
expect 7 'no issued keys' lightseed batch revoke "${ledger[@]}" --iccid $c --reason "phone lost"
lightseed batch topup order.csv "${ledger[@]}" -o next.csv --quiet
[[ $(cut -d, -f1 next.csv | tr '\n' ' ') == "iccid $a $b " ]] || fail "the next order is $(cat next.csv)"
issue_next() {
  lightseed batch issue --order next.csv --source sim:homodyne?seed=2 --keys-per-sim 10 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o out2 --quiet "$@"
}
expect 7 'top-up' issue_next
issue_next --top-up
is $a 'EXHAUSTED ISSUED'
is $b 'REJECTED ISSUED'
is $c REVOKED
lightseed batch topup order.csv "${ledger[@]}" -o none.csv 2> nobody
says nobody 'no file was written'
[[ ! -e none.csv ]] || fail "an order for nobody"
receipt out2 card perso.key -o card2.json
receipt out2 network auc.key -o network2.json
ack network2.json network --quiet
ack card2.json card --quiet
is $b 'REJECTED ACTIVE'
lightseed batch status "${ledger[@]}" --check > table.txt
says table.txt 'the card side answered on'
says table.txt '1 EXHAUSTED, 1 REJECTED, 1 REVOKED'
echo "lived"
