// SPDX-License-Identifier: Apache-2.0
#include "crypto/signer.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <utility>

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed {

CertifiedKey::CertifiedKey(SignatureKind kind, const std::filesystem::path& certificate, const std::string& key,
                           std::time_t now, const AskPassphrase& ask)
    : kind_(kind), certificate_(X509Certificate::read(certificate, ask)) {
  certificate_.require_valid_at(now);
  certificate_.require_end_entity_for(KeyUse::signing);
  key_ = open_signing_key(key, kind, ask);
  if (!is_key_for(kind, X509_get0_pubkey(certificate_.get()))) {
    const SignatureWords words = words_for(kind);
    throw Error(Category::refused, fmt::format("the certificate {} ({}) holds no {}, {}", certificate_.path(),
                                               certificate_.subject(), words.key, words.purpose));
  }
  constexpr std::string_view trial = "lightseed: does this key belong to that certificate?";
  if (!signature_is_valid(kind, certificate_, bytes_of(trial), sign(bytes_of(trial)))) {
    throw Error(Category::refused,
                fmt::format("the key {} does not belong to the certificate {}", key, certificate_.path()));
  }
}

std::vector<std::byte> CertifiedKey::sign(std::span<const std::byte> message) const {
  std::vector<std::byte> signature = key_->sign(message);
  return kind_ == SignatureKind::ecdsa_p384 ? with_low_s(signature) : signature;
}

SignerRecord CertifiedKey::record() const {
  return {.subject = certificate_.subject(), .certificate_sha256 = certificate_.fingerprint()};
}

}  // namespace lightseed
