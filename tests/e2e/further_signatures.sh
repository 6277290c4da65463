#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Two signatures beside the first, of every kind that is offered here: issued, judged by openssl, and openssl's told from
# ours. Kinds that are not offered are refused with a word that says why.
#
#   further_signatures.sh DIR_OF_COMMAND DIR_OF_DATA
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
data=$(cd "$2" && pwd)
# shellcheck source=tests/e2e/office.sh
. "$here/office.sh"
office "$1"
usual=distid:1234567812345678
says() { grep -q -- "$2" "$1" || fail "$1 does not say '$2': $(cat "$1")"; }

# parts CERTIFICATE: what was signed, and signature and key of the second (1) and third (2) signer
parts() {
  /usr/bin/python3 - "$1" << 'END'
import base64, json, pathlib, sys
envelope = json.loads(pathlib.Path(sys.argv[1]).read_text())
body = base64.b64decode(envelope["payload"])
kind = envelope["payloadType"].encode()
pathlib.Path("signed").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(body), body))
for place, entry in enumerate(envelope["signatures"]):
    pathlib.Path(f"sig{place}").write_bytes(base64.b64decode(entry["sig"]))
    pathlib.Path(f"{place}.der").write_bytes(base64.b64decode(entry["cert"]))
END
  for place in 1 2; do openssl x509 -inform DER -in $place.der -noout -pubkey > $place.pub; done
}

# put FILE PLACE CERTIFICATE: this signature instead of ours
put() {
  /usr/bin/python3 - "$@" << 'END'
import base64, json, pathlib, sys
envelope = json.loads(pathlib.Path("honest").read_text())
envelope["signatures"][int(sys.argv[2])]["sig"] = base64.b64encode(pathlib.Path(sys.argv[1]).read_bytes()).decode()
pathlib.Path(sys.argv[3]).write_text(json.dumps(envelope, indent=1) + "\n")
END
}

# by_openssl KIND verify|sign KEY SIGNATURE MESSAGE
by_openssl() {
  case $1-$2 in
    sm2-verify) openssl dgst -sm3 -verify "$3" -sigopt $usual -signature "$4" "$5" ;;
    sm2-sign) openssl dgst -sm3 -sign "$3" -sigopt $usual -out "$4" "$5" ;;
    ecdsa-p521-verify) openssl dgst -sha512 -verify "$3" -signature "$4" "$5" ;;
    ecdsa-p521-sign) openssl dgst -sha512 -sign "$3" -out "$4" "$5" ;;
    *-verify) openssl pkeyutl -verify -rawin -pubin -inkey "$3" -in "$5" -sigfile "$4" ;;
    *-sign) openssl pkeyutl -sign -rawin -inkey "$3" -in "$5" -out "$4" ;;
  esac > /dev/null 2>&1
}

offered=() absent=()
for kind in ml-dsa-65 ml-dsa-87 ed25519 ed448 ecdsa-p521 sm2; do
  if lightseed keys new "keys-$kind" --second-signer "$kind" --quiet 2> word; then
    offered+=("$kind")
  else
    grep -q 'does not offer ML-DSA-.*one of 3.5 or later does' word || fail "$kind: $(cat word)"
    absent+=("$kind")
  fi
done
[[ ${#offered[@]} -ge 4 ]] || fail "too few kinds: ${offered[*]}"
expect 2 'ecdsa-p521, sm2, ed25519' lightseed keys new nothing --second-signer=dsa

# Each kind as a second signature, the one after it as a third.
for i in "${!offered[@]}"; do
  second=${offered[i]} third=${offered[(i + 1) % ${#offered[@]}]}
  batch=batch-$second
  lightseed batch issue --order order.csv --order-id "$second" --top-up --source sim:homodyne?seed=1 --keys-per-sim 2 \
    --card-recipient perso.crt --network-recipient auc.crt --signer signer.crt --signer-key signer.key \
    --ledger ledger.db -o "$batch" --quiet \
    --second-signer "keys-$second/second.crt" --second-signer-key "keys-$second/second.key" \
    --second-signer "keys-$third/second.crt" --second-signer-key "keys-$third/second.key"
  verify() { lightseed batch verify "$batch" --trust signer.crt --allow-test "$@"; }
  verify > said
  says said '^VALID'
  says said 'the second signature is there and not judged'
  says said 'the third signature is there and not judged'
  verify --second-trust "keys-$third/second.crt" --second-trust "keys-$second/second.crt" \
    --require-signature "$third,$second" > said
  ! grep -q 'not judged' said || fail "with trust: $(cat said)"
  expect 1 '' verify --second-trust "keys-$third/second.crt" --second-trust signer.crt

  certificate=$(echo "$batch"/*.certificate.json)
  cp "$certificate" honest
  parts honest
  place=0
  for kind in "$second" "$third"; do
    place=$((place + 1))
    openssl x509 -in "keys-$kind/second.crt" -outform DER | cmp - $place.der || fail "$kind: another certificate"
    by_openssl "$kind" verify $place.pub sig$place signed || fail "openssl refuses our signature of $kind"
    ! by_openssl "$kind" verify $place.pub sig$place order.csv || fail "openssl takes anything of $kind"
    # ECDSA of openssl may have the higher s, which is refused: several tries find a lower one.
    good=no
    for ((try = 0; try < 40; ++try)); do
      by_openssl "$kind" sign "keys-$kind/second.key" theirs signed || fail "openssl does not sign with $kind"
      put theirs $place "$certificate"
      if verify > said; then good=yes && break; fi
      [[ $kind == ecdsa-p521 ]] || fail "openssl's signature of $kind is refused: $(cat said)"
    done
    [[ $good == yes ]] || fail "no signature of $kind by openssl is taken"
    by_openssl "$kind" sign "keys-$kind/second.key" theirs order.csv
    put theirs $place "$certificate"
    expect 1 "signature that is not by" verify
    cp honest "$certificate"
  done
done

# A batch of three signatures that was issued elsewhere, where ML-DSA was offered.
golden="$data/golden/edition_2/three_signatures"
judge() {
  lightseed batch verify "$golden" --trust "$data/golden/edition_1/signer.crt" --allow-test "$@"
}
if [[ ${#absent[@]} -gt 0 ]]; then
  judge > said
  says said '^VALID'
  says said 'of ML-DSA-65 by .*not checked'
  expect 7 '' judge --require-signature ml-dsa-65
  says said.out 'does not offer ML-DSA-65'
  expect 7 '' judge --second-trust "$data/ml_dsa_65/second.crt"
  judge --require-signature sm2 > said
else
  judge --require-signature ml-dsa-65,sm2 --second-trust "$data/ml_dsa_65/second.crt" > said
  says said '^VALID'
fi
echo "further signatures of ${offered[*]}; not offered here: ${absent[*]:-none}"

# The setting of this name is a certificate of batch issue's: keys new makes no key of it.
LIGHTSEED_SECOND_SIGNER=$PWD/perso.crt lightseed keys new plain > /dev/null 2> said.err || fail "$(cat said.err)"
[[ ! -e plain/second.crt ]] || fail "keys new made a second signer of a setting"
