// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"

namespace lightseed {
namespace {

/// The envelope as written, with one space a level. Nothing in it needs escaping: base64, hexadecimal, and a type of
/// this program's.
std::string envelope_text(std::string_view payload, std::string_view type, std::string_view keyid,
                          std::string_view signature, const std::optional<std::string_view>& certificate) {
  const std::string cert = certificate ? fmt::format("   \"cert\": \"{}\",\n", *certificate) : "";
  return fmt::format(
      "{{\n \"payload\": \"{}\",\n \"payloadType\": \"{}\",\n \"signatures\": [\n  {{\n{}   \"keyid\": \"{}\",\n"
      "   \"sig\": \"{}\"\n  }}\n ]\n}}\n",
      payload, type, cert, keyid, signature);
}

/// Takes the fixed form apart without a JSON parser: a hostile text costs no memory.
class Cutter {
 public:
  explicit Cutter(std::string_view text) : rest_(text) {}

  bool skip(std::string_view fixed) {
    if (!rest_.starts_with(fixed)) return false;
    rest_.remove_prefix(fixed.size());
    return true;
  }
  /// What stands before the next quotation mark.
  std::optional<std::string_view> quoted() {
    const auto end = rest_.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    const auto value = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return value;
  }

 private:
  std::string_view rest_;
};

struct Fields {
  std::string_view payload, keyid, signature;
  std::optional<std::string_view> certificate;
};

std::optional<Fields> cut(std::string_view envelope, std::string_view type) {
  Cutter cutter(envelope);
  Fields fields;
  const auto take = [&](std::string_view& field) {
    const auto value = cutter.quoted();
    if (value) field = *value;
    return value.has_value();
  };
  if (!cutter.skip("{\n \"payload\": \"") || !take(fields.payload)) return std::nullopt;
  if (!cutter.skip(fmt::format(",\n \"payloadType\": \"{}\",\n \"signatures\": [\n  {{\n", type))) return std::nullopt;
  if (cutter.skip("   \"cert\": \"")) {
    fields.certificate = cutter.quoted();
    if (!fields.certificate || !cutter.skip(",\n")) return std::nullopt;
  }
  if (!cutter.skip("   \"keyid\": \"") || !take(fields.keyid)) return std::nullopt;
  if (!cutter.skip(",\n   \"sig\": \"") || !take(fields.signature)) return std::nullopt;
  // What is left, and every character in between, is settled by writing it again.
  if (envelope_text(fields.payload, type, fields.keyid, fields.signature, fields.certificate) != envelope) {
    return std::nullopt;
  }
  return fields;
}

[[noreturn]] void fail(std::string_view why) {
  throw Error(Category::verdict, fmt::format("the certificate {}", why));
}

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view body) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, body.size(), body);
}

std::string seal(std::string_view type, std::string_view body, const Signer& signer) {
  const auto signature = signer.sign(bytes_of(pre_authentication_encoding(type, body)));
  const std::string certificate = base64(bytes_of(signer.certificate().der()));
  return envelope_text(base64(bytes_of(body)), type, signer.certificate().fingerprint(), base64(signature),
                       certificate);
}

namespace {

/// The form of the envelope, after its size.
Fields require_form(std::string_view type, std::string_view envelope, std::size_t most_bytes) {
  if (envelope.size() > most_bytes) {
    fail(fmt::format("has {} bytes, and none has more than {}: it is no batch certificate, or somebody filled it up",
                     envelope.size(), most_bytes));
  }
  const auto fields = cut(envelope, type);
  if (!fields) {
    fail(
        fmt::format("is no envelope as Lightseed writes it for {}: it is something else, or a byte was changed", type));
  }
  return *fields;
}

std::optional<X509Certificate> offered_certificate(const Fields& fields) {
  if (!fields.certificate) return std::nullopt;
  const auto der = from_base64(*fields.certificate);
  if (!der) fail("names its signer in base64 that is wrong: a byte was changed");
  try {
    return X509Certificate::from_der(bytes_of(*der), "that came with the signature");
  } catch (const Error& e) {
    fail(fmt::format("holds no certificate of its signer: {}", e.what()));
  }
}

Unsealed checked(std::string_view type, const Fields& fields, const std::optional<X509Certificate>& offered,
                 const X509Certificate& signer, Malleability malleability) {
  const std::string keyid = signer.fingerprint();
  if (fields.keyid != keyid || (offered && offered->fingerprint() != keyid)) {
    fail(fmt::format("is not sealed by {} as Lightseed seals: it was made with another key, or a byte was changed",
                     signer.subject()));
  }
  auto body = from_base64(fields.payload);
  const auto signature = from_base64(fields.signature);
  if (!body || !signature) fail("has base64 that is wrong: a byte was changed");
  if (!signature_is_valid(signer, bytes_of(pre_authentication_encoding(type, *body)), bytes_of(*signature),
                          malleability)) {
    fail(fmt::format("carries a signature that is not by {}", signer.subject()));
  }
  return {.body = std::move(*body), .signer = signer, .canonical = offered && has_low_s(bytes_of(*signature))};
}

}  // namespace

Unsealed unseal(std::string_view type, std::string_view envelope, const TrustAnchor& trust,
                const UnsealOptions& options) {
  const Fields fields = require_form(type, envelope, options.most_bytes);
  const auto offered = offered_certificate(fields);
  return checked(type, fields, offered, trust.signer(offered), options.malleability);
}

std::string unseal(std::string_view type, std::string_view envelope, const X509Certificate& trusted) {
  const Fields fields = require_form(type, envelope, UnsealOptions{}.most_bytes);
  const auto malleability = fields.certificate ? Malleability::refuse : Malleability::allow;
  return checked(type, fields, offered_certificate(fields), trusted, malleability).body;
}

}  // namespace lightseed
