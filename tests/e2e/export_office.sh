# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the tests of exports: an office with a batch of five SIMs in out/, a profile, an operator's OP, and in
# truth.json what each SIM's credentials are. The truth is computed from `batch open`'s keys by export_truth.py, which
# shares nothing with the command but the documents.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"

# wants PROGRAM…: each is there. A consumer that is missing is a failure, never a skip.
wants() {
  local program
  for program in "$@"; do
    command -v "$program" > /dev/null || fail "$program is missing; scripts/install-deps --tests brings it"
  done
  # Debian's own python3: another one has none of Debian's modules.
  /usr/bin/python3 -c 'import Cryptodome' 2> /dev/null ||
    fail "python3-pycryptodome is missing; scripts/install-deps --tests brings it"
}

# export_office DIR_OF_COMMAND PROFILE
export_office() {
  office "$1"
  printf '%s\n' iccid,imsi 8988211000000000011,001010000000001 8988211000000000029,001010000000002 \
    8988211000000000037,001010000000003 89882110000000000457,001010000000045 \
    8988211000000000052,00101000000009 > order.csv
  lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 20 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o out 2> said.err ||
    fail "no batch: $(cat said.err)"
  cp "$2" profile.json
  openssl rand -hex 16 > op
  lightseed batch open out --trust signer.crt --recipient-key auc.key -o keys.csv 2> said.err || fail "$(cat said.err)"
  truth -
}

# truth OP: truth.json of profile.json as it is now; OPc from an operator's OP in a file, or - for none
truth() {
  /usr/bin/python3 "$here/export_truth.py" keys.csv profile.json "$1" > truth.json || fail "no truth"
}

# exported FORMAT FILE OPTIONS…
exported() {
  local format=$1 file=$2
  shift 2
  lightseed batch export out --trust signer.crt --recipient-key auc.key --format "$format" --profile profile.json \
    -o "$file" "$@" 2> said.err || fail "no export as $format: $(cat said.err)"
  [[ $(stat -c %a "$file") == 600 ]] || fail "$file can be read by others"
}
