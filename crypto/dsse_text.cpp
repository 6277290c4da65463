// SPDX-License-Identifier: Apache-2.0
#include "crypto/dsse_text.h"

#include <fmt/format.h>

#include "crypto/signer.h"

namespace lightseed {
namespace {

std::string signature_text(const SignatureText& signature) {
  const std::string cert = signature.certificate ? fmt::format("   \"cert\": \"{}\",\n", *signature.certificate) : "";
  return fmt::format("  {{\n{}   \"keyid\": \"{}\",\n   \"sig\": \"{}\"\n  }}", cert, signature.keyid,
                     signature.signature);
}

/// Takes the fixed form apart.
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

/// Where `cutter` stands an entry begins; behind it the quotation mark of its signature's end is gone.
std::optional<SignatureText> cut_signature(Cutter& cutter) {
  SignatureText signature;
  if (!cutter.skip("  {\n")) return std::nullopt;
  if (cutter.skip("   \"cert\": \"")) {
    signature.certificate = cutter.quoted();
    if (!signature.certificate || !cutter.skip(",\n")) return std::nullopt;
  }
  if (!cutter.skip("   \"keyid\": \"")) return std::nullopt;
  const auto keyid = cutter.quoted();
  if (!keyid || !cutter.skip(",\n   \"sig\": \"")) return std::nullopt;
  const auto bytes = cutter.quoted();
  if (!bytes) return std::nullopt;
  signature.keyid = *keyid;
  signature.signature = *bytes;
  return signature;
}

}  // namespace

std::string envelope_text(std::string_view type, const EnvelopeFields& fields) {
  std::string further;
  for (const SignatureText& one : fields.further)
    further += ",\n" + signature_text(one);
  return fmt::format("{{\n \"payload\": \"{}\",\n \"payloadType\": \"{}\",\n \"signatures\": [\n{}{}\n ]\n}}\n",
                     fields.payload, type, signature_text(fields.first), further);
}

std::optional<EnvelopeFields> cut_envelope(std::string_view type, std::string_view envelope) {
  Cutter cutter(envelope);
  EnvelopeFields fields;
  if (!cutter.skip("{\n \"payload\": \"")) return std::nullopt;
  const auto payload = cutter.quoted();
  if (!payload || !cutter.skip(fmt::format(",\n \"payloadType\": \"{}\",\n \"signatures\": [\n", type))) {
    return std::nullopt;
  }
  fields.payload = *payload;
  const auto first = cut_signature(cutter);
  if (!first) return std::nullopt;
  fields.first = *first;
  while (fields.further.size() < most_further_signatures && cutter.skip("\n  },\n")) {
    // Edition 1, without certificates, had one signature; and nobody can guess whose a further one is.
    const auto one = cut_signature(cutter);
    if (!one || !one->certificate || !fields.first.certificate) return std::nullopt;
    fields.further.push_back(*one);
  }
  // What is left, and every character in between, is settled by writing it again.
  if (envelope_text(type, fields) != envelope) return std::nullopt;
  return fields;
}

}  // namespace lightseed
