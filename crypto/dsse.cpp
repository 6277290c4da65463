// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <fmt/format.h>

#include <algorithm>
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

std::string seal(std::string_view type, std::string_view body, const Signer& signer,
                 std::span<const FurtherSigner> further) {
  require_together(further);
  const std::string message = pre_authentication_encoding(type, body);
  const std::string payload = base64(bytes_of(body));
  const MadeSignature first(signer, message);
  std::vector<MadeSignature> others;
  others.reserve(further.size());
  for (const FurtherSigner& one : further)
    others.emplace_back(one, message);
  EnvelopeFields fields{.payload = payload, .first = first.text()};
  for (const MadeSignature& one : others)
    fields.further.push_back(one.text());
  return envelope_text(type, fields);
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
    X509Certificate certificate = X509Certificate::from_der(bytes_of(*der), "that came with the signature");
    // BER has many spellings of one certificate, all of one fingerprint; DER has one.
    if (certificate.der() != *der)
      fail(what, "brings the certificate of its signer in other bytes than DER has for it: a byte was changed");
    return certificate;
  } catch (const Error& e) {
    if (e.category() == Category::verdict) throw;
    fail(what, fmt::format("holds no certificate of its signer: {}", e.what()));
  }
}

/// The signature behind the first and those of `before`, by the key of the certificate that came with it.
FurtherSignature further_signature(const SignatureText& given, const std::vector<FurtherSignature>& before,
                                   std::string_view message, std::string_view what) {
  const std::string_view place = before.empty() ? "second" : "third";
  FurtherSignature found{.signer = offered_certificate(given, what).value()};
  const std::string subject = found.signer.subject();
  const auto refuse = [&](std::string_view why) {
    fail(what, fmt::format("carries a {} signature by {}, {}", place, subject, why));
  };
  const auto kind = kind_of(found.signer);
  if (!kind) refuse("whose certificate holds no key of a kind that signs beside the first");
  if (*kind == SignatureKind::ecdsa_p384)
    refuse(fmt::format("whose certificate holds an {}: that is the first one's kind", words_for(*kind).key));
  if (std::ranges::find(before, *kind, &FurtherSignature::kind) != before.end())
    refuse(fmt::format("of {} as the one before it: each is of a kind of its own", words_for(*kind).kind));
  found.kind = *kind;
  if (given.keyid != found.signer.fingerprint()) {
    fail(what, fmt::format("carries a {} signature that names another key than that of {}, which came with it", place,
                           subject));
  }
  const auto signature = from_base64(given.signature);
  if (!signature) fail(what, fmt::format("has base64 that is wrong in its {} signature: a byte was changed", place));
  found.checked = is_available(found.kind);
  const bool good = found.checked
                        ? signature_is_valid(found.kind, found.signer, bytes_of(message), bytes_of(*signature))
                        : has_form_of(found.kind, bytes_of(*signature));
  if (!good) {
    fail(what,
         fmt::format("carries a {} signature that is not by {}, or not over what it stands beside", place, subject));
  }
  return found;
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
  for (const SignatureText& one : fields.further)
    unsealed.further.push_back(further_signature(one, unsealed.further, message, what));
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
