#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Key files are opened by programs that share nothing with the one that wrote them: openssl, Bouncy Castle, and for the
# key package inside, pyasn1 with RFC 6031's module. One file for each kind of recipient: EC, RSA, key-encryption key.
#
#   other_readers.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
unset JAVA_TOOL_OPTIONS

jars=/usr/share/java
classpath=$jars/bcpkix.jar:$jars/bcprov.jar:$jars/bcutil.jar
[[ -e $jars/bcpkix.jar ]] || fail "Bouncy Castle is missing; scripts/install-deps --tests brings it"
# Compiled once: three runs share it.
javac -cp "$classpath" -d classes "$here/OpenKeyFile.java"

openssl req -x509 -newkey rsa:3072 -noenc -keyout rsa.key -out rsa.crt -days 1 -subj /CN=rsa \
  -addext basicConstraints=critical,CA:FALSE -addext keyUsage=critical,keyEncipherment 2> /dev/null
openssl rand -hex 32 > kek

# into DIR CARD NETWORK ID: a batch for these two recipients
into() {
  lightseed batch issue --order order.csv --order-id "$4" --source sim:homodyne?seed=1 --keys-per-sim 10 --card-recipient "$2" \
    --network-recipient "$3" --signer signer.crt --signer-key signer.key --ledger "$4.db" -o "$1"
}
into certificates perso.crt rsa.crt first
into keks "kek:k1:$PWD/kek" auc.crt second

# compare FILE KEY KEY_FOR_JAVA: both readers see the same package; the decoder finds the order in it.
compare() {
  local file=$1 key=$2 java_key=$3
  rm -f signed.der by_openssl by_java
  if [[ $key == kek ]]; then
    openssl cms -decrypt -inform DER -in "$file" -secretkey "$(cat kek)" -secretkeyid 6b31 -binary -out signed.der
  else
    openssl cms -decrypt -inform DER -in "$file" -inkey "$key.key" -recip "$key.crt" -binary -out signed.der
  fi
  openssl cms -verify -inform DER -in signed.der -CAfile signer.crt -purpose any -binary -out by_openssl 2> openssl.err ||
    fail "openssl does not verify $file: $(cat openssl.err)"
  java -cp "$classpath:classes" OpenKeyFile "$file" "$java_key" signer.crt by_java || fail "Bouncy Castle refuses $file"
  cmp by_openssl by_java || fail "openssl and Bouncy Castle see different packages in $file"
  /usr/bin/python3 "$here/decode_key_package.py" by_java > sims || fail "pyasn1 does not decode the package of $file"
  printf '8988211000000000011 001010000000001 10 160\n8988211000000000029 001010000000002 10 160\n' | diff - sims ||
    fail "the package of $file holds something else than the order"
  echo "opened by openssl and Bouncy Castle, decoded by pyasn1: ${file##*/}"
}

compare "$(echo certificates/*.card.001.p7m)" perso perso.key
compare "$(echo certificates/*.network.001.p7m)" rsa rsa.key
compare "$(echo keks/*.card.001.p7m)" kek kek:kek
compare "$(echo keks/*.network.001.p7m)" auc auc.key

# The reader is not lenient: one changed byte of the content, and Bouncy Castle says no.
cp "$(echo certificates/*.card.001.p7m)" changed.p7m
printf '\x00' | dd of=changed.p7m bs=1 seek=$(($(stat -c %s changed.p7m) - 30)) conv=notrunc status=none
cmp -s changed.p7m "$(echo certificates/*.card.001.p7m)" && printf '\x01' |
  dd of=changed.p7m bs=1 seek=$(($(stat -c %s changed.p7m) - 30)) conv=notrunc status=none
if java -cp "$classpath:classes" OpenKeyFile changed.p7m perso.key signer.crt out 2> /dev/null; then
  fail "a changed file was opened"
fi
