// SPDX-License-Identifier: Apache-2.0
#include "crypto/signer.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <set>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed {
namespace {

/// The names of all kinds but the first signature's.
std::string further_kinds() {
  std::string names;
  for (const SignatureKind kind : signature_kinds()) {
    if (kind == SignatureKind::ecdsa_p384) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", words_for(kind).kind);
  }
  return names;
}

SignatureKind further_kind_of(const X509Certificate& certificate) {
  const auto refuse = [&](const std::string& why) {
    throw Error(Category::refused,
                fmt::format("the certificate {} ({}) {}", certificate.path(), certificate.subject(), why));
  };
  const auto kind = kind_of(certificate);
  if (!kind) refuse(fmt::format("holds no key that a further signature is made with: {}", further_kinds()));
  if (*kind == SignatureKind::ecdsa_p384) {
    refuse(fmt::format("holds an {}, {}: a further signature is of another one: {}", words_for(*kind).key,
                       words_for(*kind).purpose, further_kinds()));
  }
  if (!is_available(*kind)) refuse(fmt::format("cannot sign here: {}", absence_of(*kind)));
  return *kind;
}

}  // namespace

CertifiedKey::CertifiedKey(SignatureKind kind, X509Certificate certificate, const std::string& key, std::time_t now,
                           const AskPassphrase& ask)
    : kind_(kind), certificate_(std::move(certificate)) {
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
  return settled(kind_, key_->sign(message));
}

SignerRecord CertifiedKey::record() const {
  return {.subject = certificate_.subject(), .certificate_sha256 = certificate_.fingerprint()};
}

FurtherSigner::FurtherSigner(const X509Certificate& certificate, const std::string& key, std::time_t now,
                             const AskPassphrase& ask)
    : CertifiedKey(further_kind_of(certificate), certificate, key, now, ask) {}

void require_together(std::span<const FurtherSigner> further) {
  if (further.size() > most_further_signatures) {
    throw Error(Category::usage, fmt::format("a certificate has at most {} signatures beside the first, not {}",
                                             most_further_signatures, further.size()));
  }
  std::set<SignatureKind> kinds;
  for (const FurtherSigner& one : further) {
    if (kinds.insert(one.kind()).second) continue;
    throw Error(Category::usage,
                fmt::format("two further signatures of {}: each is of a kind of its own", words_for(one.kind()).kind));
  }
}

}  // namespace lightseed
