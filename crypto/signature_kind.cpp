// SPDX-License-Identifier: Apache-2.0
#include "crypto/signature_kind.h"

#include <openssl/x509.h>

#include "crypto/ecdsa.h"
#include "crypto/sm2.h"

namespace lightseed {

bool is_key_for(SignatureKind kind, const EVP_PKEY* key) {
  return kind == SignatureKind::sm2 ? is_sm2(key) : is_p384(key);
}

bool signature_is_valid(SignatureKind kind, const X509Certificate& certificate, std::span<const std::byte> message,
                        std::span<const std::byte> signature) {
  return kind == SignatureKind::sm2 ? sm2_signature_is_valid(X509_get0_pubkey(certificate.get()), message, signature)
                                    : signature_is_valid(certificate, message, signature, Malleability::refuse);
}

SignatureWords words_for(SignatureKind kind) noexcept {
  if (kind == SignatureKind::sm2) {
    return {.key = "SM2 key on its named curve",
            .purpose = "the kind of a batch's second signature",
            .make = "openssl genpkey -algorithm SM2"};
  }
  return {.key = "ECDSA key on the named curve P-384",
          .purpose = "the kind batches are signed with",
          .make = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384"};
}

}  // namespace lightseed
