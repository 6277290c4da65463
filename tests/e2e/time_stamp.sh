#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A time stamp of a batch's certificate, by an authority that openssl plays, who also judges what we made.
#
#   time_stamp.sh DIR_OF_COMMAND
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"

# authority NAME [DAYS] [EXTENSION…]: a root and a time stamp authority below it
authority() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-384 -noenc -keyout "$1-root.key" -out "$1-root.crt" -days 2 \
    -subj "/CN=$1 root" -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2> /dev/null
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2> /dev/null
  printf '%s\n' basicConstraints=critical,CA:FALSE keyUsage=critical,digitalSignature "${@:3}" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$1-root.crt" -CAkey "$1-root.key" -CAcreateserial -days "${2:-1}" \
    -extfile "$1.ext" -out "$1.crt" 2> /dev/null
  printf '%s\n' '[tsa]' 'default_tsa = now' '[now]' 'serial = serial' 'default_policy = 1.2.3.4.1' \
    'digests = sha256, sha512' 'signer_digest = sha256' 'ess_cert_id_alg = sha256' 'crypto_device = builtin' > "$1.cnf"
  [[ -e serial ]] || echo 01 > serial
}
stamping=extendedKeyUsage=critical,timeStamping
authority tsa 1 $stamping
authority other 1 $stamping
authority web 1 extendedKeyUsage=critical,serverAuth
answer() { # answer AUTHORITY QUERY RESPONSE
  openssl ts -reply -config "$1.cnf" -queryfile "$2" -signer "$1.crt" -inkey "$1.key" -out "$3" 2> /dev/null
}
stamp() { lightseed batch time-stamp "$@" --trust signer.crt; }
verify() { lightseed batch verify out --trust signer.crt --allow-test "$@"; }

issue --quiet
certificate_file=(out/*.certificate.json)
batch=$(basename "${certificate_file[0]}" .certificate.json)
verify > /dev/null
expect 7 '' verify --tsa tsa-root.crt

# The query is what openssl would ask for.
stamp out -o asked.tsq --quiet
openssl ts -query -in asked.tsq -text > asked.txt 2> /dev/null
grep -qi 'Hash Algorithm: sha256' asked.txt || fail "no SHA-256: $(cat asked.txt)"
grep -qi 'Certificate required: yes' asked.txt || fail "asks for no certificate"
expect 4 '' stamp out -o asked.tsq
expect 2 'take the answer' stamp out
expect 2 'take the answer' stamp out --response answer.tsr --tsa tsa.crt
expect 2 'take the answer' stamp out --response answer.tsr --query asked.tsq --tsa tsa.crt -o more.tsq

answer tsa asked.tsq answer.tsr
openssl ts -verify -queryfile asked.tsq -in answer.tsr -CAfile tsa-root.crt -untrusted tsa.crt > /dev/null 2>&1 ||
  fail "openssl does not believe its own"
take() { stamp out --query asked.tsq --tsa tsa-root.crt "$@"; }

# Another query's answer, of the same certificate; another file's; another authority's; a web server's; one refused.
stamp out -o again.tsq --quiet
! cmp -s asked.tsq again.tsq || fail "a nonce is used twice"
answer tsa again.tsq replayed.tsr
expect 1 'answers another query' take --response replayed.tsr
openssl ts -query -data order.csv -sha256 -cert -out order.tsq 2> /dev/null
answer tsa order.tsq order.tsr
expect 1 'answers another query' take --response order.tsr
expect 1 'about something else' stamp out --query order.tsq --response order.tsr --tsa tsa-root.crt
openssl ts -query -data "${certificate_file[0]}" -sha512 -cert -out sha512.tsq 2> /dev/null
answer tsa sha512.tsq sha512.tsr
expect 1 'about something else' stamp out --query sha512.tsq --response sha512.tsr --tsa tsa-root.crt
answer other asked.tsq other.tsr
expect 1 'for which CN=tsa root vouches' take --response other.tsr
if answer web asked.tsq web.tsr; then
  expect 1 'no time stamp to be believed' stamp out --query asked.tsq --response web.tsr --tsa web-root.crt
fi
printf '%s\n' '[tsa]' 'default_tsa = now' '[now]' 'serial = serial' 'default_policy = 1.2.3.4.1' 'digests = sha512' \
  'signer_digest = sha256' > narrow.cnf
openssl ts -reply -config narrow.cnf -queryfile asked.tsq -signer tsa.crt -inkey tsa.key -out refused.tsr 2> /dev/null || true
[[ ! -s refused.tsr ]] || expect 1 'refused to make one' take --response refused.tsr
printf '%s\n' '[tsa]' 'default_tsa = now' '[now]' 'serial = serial' 'default_policy = 1.2.3.4.1' 'digests = sha256' \
  'signer_digest = sha1' > weak.cnf
openssl ts -reply -config weak.cnf -queryfile asked.tsq -signer tsa.crt -inkey tsa.key -out weak.tsr 2> /dev/null
expect 1 'digest that can be forged' take --response weak.tsr
expect 1 'no response of RFC 3161' take --response order.csv
expect 1 'no response of RFC 3161' take --response asked.tsq
: > nothing
expect 1 'no response of RFC 3161' take --response nothing
{ cat answer.tsr; echo x; } > longer.tsr
expect 1 'no response of RFC 3161' take --response longer.tsr
expect 4 '' take --response missing.tsr
[[ ! -e out/$batch.tsr ]] || fail "something was kept"

# Every byte of it changed: refused, or the same statement by the same authority.
/usr/bin/python3 - << 'PYTHON'
import pathlib, subprocess
good = pathlib.Path("answer.tsr").read_bytes()
believed = 0
for place in range(0, len(good), 23):
    changed = bytearray(good)
    changed[place] ^= 0x21
    pathlib.Path("changed.tsr").write_bytes(changed)
    done = subprocess.run(["lightseed", "batch", "time-stamp", "out", "--trust", "signer.crt", "--query", "asked.tsq",
                           "--response", "changed.tsr", "--tsa", "tsa-root.crt"], capture_output=True, text=True)
    assert done.returncode in (0, 1), (place, done)
    if done.returncode == 0:
        believed += 1
        for kept in pathlib.Path("out").glob("*.tsr"):
            kept.unlink()
print(f"{believed} changed bytes were of no meaning")
assert believed <= 3
PYTHON

take --response answer.tsr 2> said.err
grep -q 'the certificate was there on' said.err || fail "$(cat said.err)"
take --response answer.tsr --quiet
cmp -s answer.tsr "out/$batch.tsr" || fail "it was changed"
expect 7 'another time stamp' stamp out --query again.tsq --response replayed.tsr --tsa tsa-root.crt
openssl ts -verify -data "${certificate_file[0]}" -in "out/$batch.tsr" -CAfile tsa-root.crt > /dev/null 2>&1 ||
  fail "openssl does not believe what was kept"
for trusted in tsa-root.crt tsa.crt; do
  verify --tsa $trusted > said.out || fail "$(cat said.out)"
  grep -q 'says the time stamp of CN=tsa' said.out || fail "$(cat said.out)"
done
verify > said.out
grep -q 'not judged' said.out || fail "$(cat said.out)"
expect 1 '' verify --tsa other-root.crt

# Another batch's time stamp is a fault for everybody, and so is what is none.
cp order.tsr "out/$batch.tsr"
expect 1 '' verify
cp order.csv "out/$batch.tsr"
expect 1 '' verify
echo "stamped"
