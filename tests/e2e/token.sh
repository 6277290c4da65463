#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A batch is signed by a key that never leaves its token: SoftHSM, through PKCS#11.
#
#   token.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"

module=$(dpkg -L libsofthsm2 | grep '/libsofthsm2\.so$' | tail -1)
[[ -n $module ]] || fail "SoftHSM is not installed: scripts/install-deps --tests"
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" > softhsm2.conf
export SOFTHSM2_CONF=$PWD/softhsm2.conf
softhsm2-util --init-token --free --label keys --so-pin 123456 --pin 654321 > /dev/null
openssl pkcs8 -topk8 -nocrypt -in signer.key -out signer.p8
softhsm2-util --import signer.p8 --token keys --label signer --id 01 --pin 654321 > /dev/null
certificate other P-256 digitalSignature
openssl pkcs8 -topk8 -nocrypt -in other.key -out other.p8
softhsm2-util --import other.p8 --token keys --label other --id 02 --pin 654321 > /dev/null
echo 654321 > pin
echo 111111 > wrong-pin
mv signer.key elsewhere.key

uri="pkcs11:token=keys;object=signer?module-path=$module&pin-source=file:$PWD/pin"
try() { # try URI OPTIONS…
  lightseed batch issue --order order.csv --source sim:homodyne?seed=1 --keys-per-sim 10 --card-recipient perso.crt \
    --network-recipient auc.crt --signer signer.crt --signer-key "$1" --ledger ledger.db -o out --quiet "${@:2}"
}
# What a person can get wrong is told before a device is touched.
expect 3 'no token is there' try "${uri/token=keys/token=none}"
expect 3 'no private key that the URI names' try "${uri/object=signer/object=none}"
expect 2 'names no key' try "${uri/;object=signer/}"
expect 3 'the PIN in' try "${uri/file:$PWD\/pin/file:$PWD/wrong-pin}"
expect 2 'wants a PIN' try "${uri%&pin-source*}"
expect 2 'does not belong on a command line' try "${uri%pin-source*}pin-value=654321"
expect 3 'cannot load the PKCS#11 module' try "${uri/$module//nowhere.so}"
expect 2 'no PKCS#11 URI' try 'pkcs11:token=%zz'
expect 7 'is not of P-384' try "${uri/object=signer/object=other}"
chmod 640 pin
expect 3 'chmod 600' try "$uri"
chmod 600 pin
! grep -q 654321 said.err || fail "a PIN was shown"
[[ ! -e out && ! -e ledger.db ]] || fail "something was written"

try "$uri"
lightseed batch verify out --trust signer.crt --allow-test --recipient-key perso.key --quiet > /dev/null
# openssl takes the token's signature under the key files for its own kind.
openssl cms -decrypt -inform DER -in out/*.card.001.p7m -inkey perso.key -recip perso.crt -binary 2> /dev/null |
  openssl cms -verify -inform DER -CAfile signer.crt -purpose any -binary -out keys.der 2> /dev/null ||
  fail "openssl does not verify a key file"
echo "signed in the token"
