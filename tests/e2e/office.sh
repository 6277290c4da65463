# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the whole-run tests: an office of throw-away keys and an order, in a scratch directory that goes with the
# test. office DIR_OF_COMMAND; then `issue` takes further options of `batch issue`.

# scratch_with DIR_OF_COMMAND: the scratch directory alone.
scratch_with() {
  PATH="$(cd "$1" && pwd):$PATH"
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  cd "$scratch" || exit 1
  umask 077
}

office() {
  scratch_with "$1"
  certificate signer P-384 digitalSignature
  certificate perso P-256 keyAgreement
  certificate auc P-384 keyAgreement
  printf 'iccid,imsi\n8988211000000000011,001010000000001\n8988211000000000029,001010000000002\n' > order.csv
}

# certificate NAME CURVE USAGE [DAYS]: NAME.crt and NAME.key
certificate() {
  openssl req -x509 -newkey ec -pkeyopt "ec_paramgen_curve:$2" -noenc -keyout "$1.key" -out "$1.crt" \
    -days "${4:-1}" -subj "/CN=$1" -addext basicConstraints=critical,CA:FALSE -addext "keyUsage=critical,$3" 2> /dev/null
}

# order_of SIMS: an order of so many
order_of() {
  /usr/bin/python3 - "$1" << 'PYTHON'
import sys
print("iccid,imsi")
for i in range(int(sys.argv[1])):
    digits = f"898821100000{i:06d}"
    doubled = [int(c) * (2 - p % 2) for p, c in enumerate(reversed(digits))]
    print(f"{digits}{-sum(d // 10 + d % 10 for d in doubled) % 10},00101{i:010d}")
PYTHON
}

issue() {
  lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 10 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key signer.key --ledger ledger.db -o out "$@"
}

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect CODE WORDS COMMAND…: the command ends with this code and says these words on stderr.
expect() {
  local code=$1 words=$2 status=0
  shift 2
  "$@" > said.out 2> said.err || status=$?
  [[ $status -eq $code ]] || fail "$*: exit code $status, expected $code: $(cat said.err)"
  [[ -z $words ]] || grep -qF -- "$words" said.err || fail "$*: did not say '$words' but: $(cat said.err)"
}
