// SPDX-License-Identifier: Apache-2.0
#include "crypto/der_kind.h"

#include "core/error.h"
#include "crypto/der.h"

namespace lightseed {

DerKind der_kind_of(std::span<const std::byte> der) try {
  DerReader outer(der, "it");
  DerReader fields = outer.into_sequence();
  if (fields.next_is(V_ASN1_OBJECT, false)) return DerKind::cms;
  if (fields.next_is(V_ASN1_INTEGER, false)) return fields.take_count() == 3 ? DerKind::pkcs12 : DerKind::private_key;
  DerReader first = fields.into_sequence();
  if (first.next_is(V_ASN1_OBJECT, false)) {
    // AlgorithmIdentifier first: a SubjectPublicKeyInfo, or PKCS#8 under a passphrase.
    return fields.next_is(V_ASN1_OCTET_STRING, false) ? DerKind::encrypted_private_key : DerKind::public_key;
  }
  // A certificate is a sequence of three: what is signed, the algorithm, the signature.
  const bool goes_on = fields.next_is(V_ASN1_SEQUENCE, true);
  return goes_on ? DerKind::certificate : DerKind::something;
} catch (const Error&) {
  return DerKind::none;
}

}  // namespace lightseed
