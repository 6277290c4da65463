#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# `ledger notify --follow` on a ledger in PostgreSQL whose server goes away and comes back: it says so once, tries again,
# and tells of every message once.
#
#   follow_postgres.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
# shellcheck source=tests/e2e/cluster.sh
. "$here/cluster.sh"
office "$1"
following=''
trap '[[ -z $following ]] || kill -KILL "$following" 2> /dev/null; cluster_stop; rm -rf "$scratch"' EXIT
cluster_start
export XDG_STATE_HOME=$scratch/state
mkdir state
batch() { # batch ORDER OPTIONS…
  lightseed batch issue --order order.csv --order-id "$1" --source sim:homodyne?seed=1 --keys-per-sim 10 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger "$ledger" -o "$1" --quiet "${@:2}"
}
# Whatever is waited for comes sooner or later; a minute is no test's measure.
until_true() { # until_true WORDS COMMAND…
  local i
  for ((i = 0; i < 600; ++i)); do
    if "${@:2}"; then return; fi
    kill -0 "$following" 2> /dev/null || fail "$1: the command ended: $(cat follow.err)"
    sleep 0.1
  done
  fail "$1: $(cat follow.err)"
}
has_told() { [[ $(wc -l < told) -eq $1 ]]; }
has_said() { grep -q "$1" follow.err; }

printf '#!/bin/sh\ncat >> told\n' > hook
chmod +x hook
touch told
batch first
lightseed ledger notify --ledger "$ledger" --to command:./hook --follow 2> follow.err &
following=$!
until_true "the first batch's messages" has_told 3

cluster_stop
until_true "that the server is away" has_said 'it is tried again'
cluster_serve
batch second --top-up
until_true "the second batch's messages" has_told 6
[[ $(grep -c 'it is tried again' follow.err) -eq 1 ]] || fail "said more than once: $(cat follow.err)"

kill -TERM "$following"
status=0
wait "$following" || status=$?
following=''
[[ $status -eq 130 || $status -eq 143 ]] || fail "exit code $status after SIGTERM: $(cat follow.err)"
/usr/bin/python3 - << 'PYTHON'
import json
told = [json.loads(line) for line in open("told")]
assert [m["order"] for m in told] == ["first"] * 3 + ["second"] * 3, told
assert len({m["id"] for m in told}) == 6, told
PYTHON
lightseed ledger verify --ledger "$ledger" > /dev/null
echo "every message was told once"
