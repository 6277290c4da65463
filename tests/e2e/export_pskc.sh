#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The export as PSKC (RFC 6030): pskctool finds it valid by the RFC's schema, python3-pskc decrypts every secret and
# finds every MAC right, with keys of 128 and 256 bits, and wrong for a changed file.
#
#   export_pskc.sh DIR_OF_COMMAND PROFILE
set -euo pipefail
# shellcheck source=tests/e2e/export_office.sh
. "$(dirname "$0")/export_office.sh"
wants pskctool
/usr/bin/python3 -c 'import pskc' 2> /dev/null || fail "python3-pskc is missing; scripts/install-deps --tests brings it"
profile=$(realpath "$2")
export_office "$1" "$profile"

# is_valid FILE: pskctool ends with 0 either way; the word counts.
is_valid() {
  pskctool --validate "$1" 2>&1 | grep -qw OK
}

for bytes in 16 24 32; do
  openssl rand -hex $bytes > kek
  exported pskc "keys$bytes.xml" --transport-key kek:shared-1:kek
  is_valid "keys$bytes.xml" || fail "pskctool finds the file invalid"
  /usr/bin/python3 "$here/export_readers.py" pskc "keys$bytes.xml" truth.json kek || fail "python3-pskc reads something else"
  if grep -qiE "$(/usr/bin/python3 "$here/export_readers.py" secrets - truth.json)" "keys$bytes.xml"; then
    fail "a secret is in clear"
  fi
done

# Neither reader is lenient.
sed 's/<Data>/<Date>/' keys16.xml > broken.xml
if is_valid broken.xml; then fail "a broken file is called valid"; fi
openssl rand -hex 16 > kek
exported pskc other.xml --transport-key kek:shared-1:kek
sed -E '0,/<KeyPackage>/! s|(<xenc:CipherValue>.{30})A|\1B|; s|(<xenc:CipherValue>.{30})[^A]|\1A|' other.xml > changed.xml
if /usr/bin/python3 "$here/export_readers.py" pskc changed.xml truth.json kek 2> /dev/null; then
  fail "a changed file is read"
fi

expect 2 'needs a transport key for kek' lightseed batch export out --trust signer.crt --recipient-key auc.key \
  --format pskc --profile profile.json -o never.xml
chmod 644 kek
expect 3 'chmod 600' lightseed batch export out --trust signer.crt --recipient-key auc.key --format pskc \
  --profile profile.json --transport-key kek:shared-1:kek -o never.xml
[[ ! -e never.xml ]] || fail "something was written"
