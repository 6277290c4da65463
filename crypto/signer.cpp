// SPDX-License-Identifier: Apache-2.0
#include "crypto/signer.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <utility>

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed {

Signer::Signer(const std::filesystem::path& certificate, const std::string& key, std::time_t now)
    : certificate_(X509Certificate::read(certificate)) {
  certificate_.require_valid_at(now);
  certificate_.require_end_entity_for(KeyUse::signing);
  key_ = open_signing_key(key);
  if (!is_p384(X509_get0_pubkey(certificate_.get()))) {
    throw Error(Category::refused, fmt::format("the certificate {} ({}) holds no ECDSA key on the named curve P-384, "
                                               "the kind batches are signed with",
                                               certificate_.path(), certificate_.subject()));
  }
  constexpr std::string_view trial = "lightseed: does this key belong to that certificate?";
  if (!signature_is_valid(certificate_, bytes_of(trial), sign(bytes_of(trial)))) {
    throw Error(Category::refused,
                fmt::format("the key {} does not belong to the certificate {}", key, certificate_.path()));
  }
}

std::vector<std::byte> Signer::sign(std::span<const std::byte> message) const {
  return with_low_s(key_->sign(message));
}

SignerRecord Signer::record() const {
  return {.subject = certificate_.subject(), .certificate_sha256 = certificate_.fingerprint()};
}

}  // namespace lightseed
