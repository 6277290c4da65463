#include "crypto/dsse.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <optional>
#include <vector>

#include "core/error.h"
#include "core/json.h"

namespace lightseed {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

std::string base64(std::span<const std::byte> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3) + 1, '\0');
  const int length = EVP_EncodeBlock(static_cast<unsigned char*>(static_cast<void*>(text.data())),
                                     static_cast<const unsigned char*>(static_cast<const void*>(bytes.data())),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::optional<std::vector<std::byte>> base64_decode(const std::string& text) {
  std::vector<std::byte> bytes(text.size() / 4 * 3 + 3);
  const int length = EVP_DecodeBlock(static_cast<unsigned char*>(static_cast<void*>(bytes.data())),
                                     static_cast<const unsigned char*>(static_cast<const void*>(text.data())),
                                     static_cast<int>(text.size()));
  if (length < 0) return std::nullopt;
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::string envelope_text(const std::string& payload, std::string_view type, const std::string& keyid,
                          const std::string& signature) {
  const Json envelope{{"payload", payload},
                      {"payloadType", type},
                      {"signatures", Json::array({Json{{"keyid", keyid}, {"sig", signature}}})}};
  return envelope.dump(1) + "\n";
}

}  // namespace

std::string pre_authentication_encoding(std::string_view type, std::string_view body) {
  return fmt::format("DSSEv1 {} {} {} {}", type.size(), type, body.size(), body);
}

std::string seal(std::string_view type, std::string_view body, const Signer& signer) {
  const auto signature = signer.sign(bytes_of(pre_authentication_encoding(type, body)));
  return envelope_text(base64(bytes_of(body)), type, signer.certificate().fingerprint(), base64(signature));
}

std::string unseal(std::string_view type, std::string_view envelope, const X509Certificate& trusted) try {
  const Json json = Json::parse(envelope);
  const auto payload = json.at("payload").get<std::string>();
  const auto signature = json.at("signatures").at(0).at("sig").get<std::string>();
  const auto body = base64_decode(payload);
  const auto signature_bytes = base64_decode(signature);
  if (!body || !signature_bytes || base64(*body) != payload || base64(*signature_bytes) != signature ||
      envelope_text(payload, type, trusted.fingerprint(), signature) != envelope) {
    throw Error(Category::verdict,
                fmt::format("the certificate is not sealed by {} as Lightseed seals: it was made with another key, or "
                            "a byte was changed",
                            trusted.subject()));
  }
  std::string text(static_cast<const char*>(static_cast<const void*>(body->data())), body->size());
  if (!signature_is_valid(trusted, bytes_of(pre_authentication_encoding(type, text)), *signature_bytes)) {
    throw Error(Category::verdict, fmt::format("the signature over the certificate is not by {}", trusted.subject()));
  }
  return text;
} catch (const Json::exception& e) {
  throw Error(Category::verdict, fmt::format("the certificate is no DSSE envelope: {}", e.what()));
}

}  // namespace lightseed
