#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Transport keys in a token (SoftHSM2): every export under a key that never leaves the token is the one under the same key
# from a file, or opens to the same; what can be wrong with a token's key ends the export before a file is there.
#
#   export_token.sh DIR_OF_COMMAND PROFILE
set -euo pipefail
# shellcheck source=tests/e2e/export_office.sh
. "$(dirname "$0")/export_office.sh"
wants softhsm2-util pkcs11-tool openssl xxd
/usr/bin/python3 -c 'import pskc' 2> /dev/null || fail "python3-pskc is missing; scripts/install-deps --tests brings it"
profile=$(realpath "$2")
export_office "$1" "$profile"
module=$(find /usr/lib -name libsofthsm2.so -print -quit)
[[ -n $module ]] || fail "libsofthsm2.so is missing; scripts/install-deps --tests brings it"
reads() {
  /usr/bin/python3 "$here/export_readers.py" "$@" || fail "$1 reads something else"
}
refused() {
  expect "$1" "$2" lightseed batch export out --trust signer.crt --recipient-key auc.key --profile profile.json -o never \
    "${@:3}"
  [[ ! -e never ]] || fail "$2: something was written"
  ! grep -qE '654321|111111' said.err said.out || fail "$2: a PIN was shown"
}

mkdir tokens
printf 'directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD/tokens" > softhsm2.conf
export SOFTHSM2_CONF=$PWD/softhsm2.conf
softhsm2-util --init-token --free --label keys --so-pin 123456 --pin 654321 > /dev/null
echo 654321 > pin
echo 111111 > wrong-pin
# softhsm2-util would cut an AES key at a byte of zero.
add_key() { # add_key FILE LABEL ID
  pkcs11-tool --module "$module" --login --pin 654321 --token-label keys --write-object "$1" --type secrkey \
    --key-type "AES:$(stat -c %s "$1")" --label "$2" --id "$3" --usage-wrap --sensitive > said.out 2>&1 ||
    fail "the token takes no key: $(cat said.out)"
}
number=0
for bytes in 16 24 32; do
  openssl rand -hex $bytes > "key$bytes"
  xxd -r -p "key$bytes" > key.bin
  number=$((number + 1))
  add_key key.bin "key$bytes" 0$number
done
rm key.bin
in_token() { # in_token LABEL: its URI
  echo "pkcs11:token=keys;object=$1?module-path=$module&pin-source=file:$PWD/pin"
}

# The same to the letter.
both() { # both FORMAT KEY…: KEY is USE:NAME:FILE, and there is a key of the file's name in the token
  local format=$1 files=() tokens=() key
  for key in "${@:2}"; do
    files+=(--transport-key "$key")
    tokens+=(--transport-key "${key%:*}:$(in_token "${key##*:}")")
  done
  rm -f of-file of-token
  exported "$format" of-file "${files[@]}"
  grep 'transport key' said.err > checks || fail "no check value"
  exported "$format" of-token "${tokens[@]}"
  cmp of-file of-token || fail "$format under a token's key is another file"
  grep 'transport key' said.err | cmp - checks || fail "$format: another check value"
}
both vendor-elect auc:7:key32 ota:12:key16
both vendor-server auc:7:key24
both pysim auc:a:key32 ota:o:key16 kic1:c:key24
for bytes in 16 24 32; do both wrapped "kek:k:key$bytes"; done
[[ $(grep -c rfc5649 of-token) -gt 0 && $(grep -c rfc3394 of-token) -gt 0 ]] || fail "not both wraps"

# What is drawn anew each time opens to the same.
exported pskc keys.xml --transport-key "kek:shared-1:$(in_token key16)"
/usr/bin/python3 "$here/export_readers.py" pskc keys.xml truth.json key16 || fail "python3-pskc reads something else"
openssl genrsa -out vendor.key 3072 2> /dev/null
openssl pkcs8 -topk8 -nocrypt -in vendor.key -out vendor.p8
softhsm2-util --import vendor.p8 --token keys --label vendor --id 0a --pin 654321 > /dev/null
openssl genrsa -out azure.key 2048 2> /dev/null
openssl rsa -in azure.key -pubout -out azure.pem 2> /dev/null
exported azure upload.json --transport-key azure:2:azure.pem --transport-key "vendor:v:$(in_token vendor)"
reads azure upload.json truth.json azure.key vendor.key 2

# What can be wrong.
openssl pkcs8 -topk8 -nocrypt -in signer.key -out signer.p8
softhsm2-util --import signer.p8 --token keys --label signer --id 0b --pin 654321 > /dev/null
head -c 16 /dev/urandom > key.bin
for id in 0c 0d; do
  add_key key.bin twice $id
done
uri=$(in_token key16)
wrap() { refused "$1" "$2" --format wrapped --transport-key "kek:k:$3"; }
wrap 3 'no token is there' "${uri/token=keys/token=none}"
wrap 3 'no secret key that the URI names' "${uri/object=key16/object=none}"
wrap 3 'no secret key that the URI names' "$(in_token signer)"
wrap 2 'more than one secret key' "$(in_token twice)"
wrap 2 'names no key' "${uri/;object=key16/}"
wrap 3 'the PIN in' "${uri/file:$PWD\/pin/file:$PWD/wrong-pin}"
wrap 2 'wants a PIN' "${uri%&pin-source*}"
wrap 2 'does not belong on a command line' "${uri%pin-source*}pin-value=654321"
refused 2 'the NAME is missing' --format wrapped --transport-key "kek:${uri%pin-source*}pin-value=654321"
refused 2 'use and name' --format wrapped --transport-key "kek:K 7:${uri%pin-source*}pin-value=654321"
refused 2 'is not USE:NAME:FILE' --format wrapped --transport-key "pin-value=654321"
wrap 3 'cannot load the PKCS#11 module' "${uri/$module//nowhere.so}"
wrap 2 'no PKCS#11 URI' 'pkcs11:token=%zz'
refused 7 'is not of RSA' --format azure --transport-key azure:2:azure.pem --transport-key "vendor:v:$(in_token signer)"
refused 3 'no private key that the URI names' --format azure --transport-key azure:2:azure.pem \
  --transport-key "vendor:v:$(in_token key16)"
refused 2 'is read from a file' --format azure --transport-key "azure:2:$(in_token vendor)" --transport-key vendor:v:vendor.key
chmod 640 pin
wrap 3 'chmod 600' "$uri"
echo "exports are the same under a token's keys"
