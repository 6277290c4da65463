// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <optional>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"
#include "crypto/dsse_text.h"

namespace lightseed {
namespace {

/// `what` was to be opened: "the certificate".
[[noreturn]] void fail(std::string_view what, std::string_view why) {
  throw Error(Category::verdict, fmt::format("{} {}", what, why));
}

/// A signature over `message` in base64, with what names its signer.
struct MadeSignature {
  MadeSignature(const CertifiedKey& signer, std::string_view message)
      : keyid(signer.certificate().fingerprint()),
        signature(base64(signer.sign(bytes_of(message)))),
        certificate(base64(bytes_of(signer.certificate().der()))) {}
  [[nodiscard]] SignatureText text() const { return {keyid, signature, certificate}; }
  std::string keyid, signature, certificate;
};

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view body) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, body.size(), body);
}

std::string seal(std::string_view type, std::string_view body, const Signer& signer, const Sm2Signer* second) {
  const std::string message = pre_authentication_encoding(type, body);
  const std::string payload = base64(bytes_of(body));
  const MadeSignature first(signer, message);
  if (second == nullptr) return envelope_text(type, {payload, first.text(), std::nullopt});
  const MadeSignature other(*second, message);
  return envelope_text(type, {payload, first.text(), other.text()});
}

namespace {

/// The form of the envelope, after its size.
EnvelopeFields require_form(std::string_view type, std::string_view envelope, std::size_t most_bytes,
                            std::string_view what) {
  if (envelope.size() > most_bytes) {
    fail(what, fmt::format("has {} bytes, and none has more than {}: it is something else, or somebody filled it up",
                           envelope.size(), most_bytes));
  }
  const auto fields = cut_envelope(type, envelope);
  if (!fields) {
    fail(what, fmt::format("is no envelope as Lightseed writes it for {}: it is something else, or a byte was changed",
                           type));
  }
  return *fields;
}

std::optional<X509Certificate> offered_certificate(const SignatureText& signature, std::string_view what) {
  if (!signature.certificate) return std::nullopt;
  const auto der = from_base64(*signature.certificate);
  if (!der) fail(what, "names its signer in base64 that is wrong: a byte was changed");
  try {
    return X509Certificate::from_der(bytes_of(*der), "that came with the signature");
  } catch (const Error& e) {
    fail(what, fmt::format("holds no certificate of its signer: {}", e.what()));
  }
}

/// The certificate that came with the second signature, by whose key it holds over `message`.
X509Certificate second_signer_of(const SignatureText& given, std::string_view message, std::string_view what) {
  X509Certificate signer = offered_certificate(given, what).value();
  const std::string subject = signer.subject();
  if (!is_key_for(SignatureKind::sm2, X509_get0_pubkey(signer.get()))) {
    fail(what,
         fmt::format("carries a second signature by {}, whose certificate holds no {}: the second one is of that kind "
                     "or is not there",
                     subject, words_for(SignatureKind::sm2).key));
  }
  if (given.keyid != signer.fingerprint()) {
    fail(what,
         fmt::format("carries a second signature that names another key than that of {}, which came with it", subject));
  }
  const auto signature = from_base64(given.signature);
  if (!signature) fail(what, "has base64 that is wrong in its second signature: a byte was changed");
  if (!signature_is_valid(SignatureKind::sm2, signer, bytes_of(message), bytes_of(*signature))) {
    fail(what, fmt::format("carries a second signature that is not by {}, or not over what it stands beside", subject));
  }
  return signer;
}

Unsealed checked(std::string_view type, const EnvelopeFields& fields, const std::optional<X509Certificate>& offered,
                 const X509Certificate& signer, Malleability malleability, std::string_view what) {
  const std::string keyid = signer.fingerprint();
  if (fields.first.keyid != keyid || (offered && offered->fingerprint() != keyid)) {
    fail(what,
         fmt::format("is not sealed by {} as Lightseed seals: it was made with another key, or a byte was changed",
                     signer.subject()));
  }
  auto body = from_base64(fields.payload);
  const auto signature = from_base64(fields.first.signature);
  if (!body || !signature) fail(what, "has base64 that is wrong: a byte was changed");
  const std::string message = pre_authentication_encoding(type, *body);
  if (!signature_is_valid(signer, bytes_of(message), bytes_of(*signature), malleability)) {
    fail(what, fmt::format("carries a signature that is not by {}", signer.subject()));
  }
  Unsealed unsealed{.body = std::move(*body), .signer = signer};
  if (fields.second) unsealed.second_signer = second_signer_of(*fields.second, message, what);
  unsealed.canonical = offered && has_low_s(bytes_of(*signature));
  return unsealed;
}

}  // namespace

Unsealed unseal(std::string_view type, std::string_view envelope, const TrustAnchor& trust,
                const UnsealOptions& options) {
  const EnvelopeFields fields = require_form(type, envelope, options.most_bytes, options.what);
  const auto offered = offered_certificate(fields.first, options.what);
  return checked(type, fields, offered, trust.signer(offered), options.malleability, options.what);
}

X509Certificate enclosed_certificate(std::string_view type, std::string_view envelope, std::string_view what) {
  const UnsealOptions options;
  auto offered = offered_certificate(require_form(type, envelope, options.most_bytes, what).first, what);
  if (!offered) fail(what, "does not bring the certificate of its signer");
  return std::move(*offered);
}

std::string unseal(std::string_view type, std::string_view envelope, const X509Certificate& trusted) {
  const UnsealOptions options;
  const EnvelopeFields fields = require_form(type, envelope, options.most_bytes, options.what);
  const auto malleability = fields.first.certificate ? Malleability::refuse : Malleability::allow;
  return checked(type, fields, offered_certificate(fields.first, options.what), trusted, malleability, options.what)
      .body;
}

}  // namespace lightseed
