#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The export of wrapped keys: a token (SoftHSM2, by pkcs11-tool) unwraps them and encrypts with them what the keys of
# the batch encrypt; every blob is also unwrapped by python3-cryptography.
#
#   export_wrapped.sh DIR_OF_COMMAND PROFILE
set -euo pipefail
# shellcheck source=tests/e2e/export_office.sh
. "$(dirname "$0")/export_office.sh"
wants softhsm2-util pkcs11-tool
profile=$(realpath "$2")
export_office "$1" "$profile"
module=$(find /usr/lib -name libsofthsm2.so -print -quit)
[[ -n $module ]] || fail "libsofthsm2.so is missing; scripts/install-deps --tests brings it"

openssl rand -hex 32 > kek
exported wrapped blobs.csv --transport-key kek:hsm:kek
/usr/bin/python3 "$here/export_readers.py" wrapped blobs.csv truth.json kek || fail "python3-cryptography unwraps something else"

mkdir tokens
printf 'directories.tokendir = %s\nobjectstore.backend = file\n' "$PWD/tokens" > softhsm2.conf
export SOFTHSM2_CONF=$PWD/softhsm2.conf
softhsm2-util --init-token --free --label exports --so-pin 1234 --pin 1234 > /dev/null
token() {
  pkcs11-tool --module "$module" --login --pin 1234 --token-label exports "$@" > token.out 2>&1 ||
    { cat token.out >&2; return 1; }
}
# bytes HEX: as they are
bytes() {
  /usr/bin/python3 -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.argv[1]))' "$1"
}
bytes "$(cat kek)" > kek.bin
token --write-object kek.bin --type secrkey --key-type AES:32 --id 01 --label KEK --usage-wrap || fail "the token takes no key"
head -c 16 /dev/zero > zeros

# Keys of the first SIM, and K of the others.
number=16
compared=0
while IFS=, read -r iccid _ credential wrap blob; do
  [[ $wrap == rfc3394 ]] || continue
  [[ $credential == ki || $iccid == 8988211000000000011 ]] || continue
  number=$((number + 1))
  bytes "$blob" > blob.bin
  token --unwrap --mechanism AES-KEY-WRAP --id 01 -i blob.bin --key-type AES: --application-id $number \
    --application-label "key$number" || fail "the token does not unwrap $credential of $iccid"
  token --encrypt --mechanism AES-ECB --id $number -i zeros -o made || fail "the token does not encrypt"
  bytes "$(/usr/bin/python3 "$here/export_readers.py" one "$iccid/$credential" truth.json)" > key.bin
  # AES of zeros under the key, by OpenSSL; the key of a test may stand in its arguments.
  openssl enc "-aes-$((8 * $(stat -c %s key.bin)))-ecb" -nopad -K "$(xxd -p -c 64 key.bin)" -in zeros -out wanted
  cmp made wanted || fail "$credential of $iccid is another key in the token"
  compared=$((compared + 1))
done < <(tail -n +2 blobs.csv)
[[ $compared -eq 9 ]] || fail "$compared keys were compared, not 9"

# A changed blob goes into no token.
/usr/bin/python3 -c 'import sys; b = bytearray(open("blob.bin", "rb").read()); b[9] ^= 1; open("blob.bin", "wb").write(b)'
if token --unwrap --mechanism AES-KEY-WRAP --id 01 -i blob.bin --key-type AES: --application-id 99 2> /dev/null; then
  fail "a changed blob was unwrapped"
fi
echo "$compared keys are the same in the token"
