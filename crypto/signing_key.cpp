// SPDX-License-Identifier: Apache-2.0
#include "crypto/signing_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/error.h"
#include "crypto/private_key.h"
#include "crypto/token_signing_key.h"

namespace lightseed {
namespace {

class FileKey final : public SigningKey {
 public:
  FileKey(const std::string& path, SignatureKind kind, const AskPassphrase& ask)
      : key_(read_private_key(path, ask)), kind_(kind) {
    if (is_key_for(kind, key_.get())) return;
    const SignatureWords words = words_for(kind);
    throw Error(Category::refused,
                fmt::format("{} is no {}, {}; make one with: {}", path, words.key, words.purpose, words.make));
  }

  [[nodiscard]] std::vector<std::byte> sign(std::span<const std::byte> message) const override {
    return signature_of(kind_, key_.get(), message);
  }

 private:
  std::shared_ptr<EVP_PKEY> key_;
  SignatureKind kind_;
};

struct Scheme {
  std::string_view name;
  std::unique_ptr<const SigningKey> (*open)(const std::string& rest, SignatureKind kind, const AskPassphrase& ask);
};

// A new kind of key store is a row here.
constexpr Scheme schemes[] = {
    {"file",
     [](const std::string& rest, SignatureKind kind, const AskPassphrase& ask) -> std::unique_ptr<const SigningKey> {
       return std::make_unique<FileKey>(rest, kind, ask);
     }},
    {"pkcs11",
     [](const std::string& rest, SignatureKind kind, const AskPassphrase& /*a token has a PIN*/) {
       return open_token_signing_key("pkcs11:" + rest, kind);
     }},
};

/// "pkcs11" of "pkcs11:token=…"; empty for a path. A scheme has letters, digits, + - . and no slash before its colon.
std::string_view scheme_of(std::string_view uri) {
  const auto colon = uri.find(':');
  if (colon == std::string_view::npos || colon < 2) return {};
  const auto name = uri.substr(0, colon);
  const bool plain = std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '+' || c == '-' || c == '.';
  });
  return plain ? name : std::string_view{};
}

}  // namespace

std::unique_ptr<const SigningKey> open_signing_key(const std::string& uri, SignatureKind kind,
                                                   const AskPassphrase& ask) {
  const auto name = scheme_of(uri);
  if (name.empty()) return std::make_unique<FileKey>(uri, kind, ask);
  std::string known;
  for (const Scheme& scheme : schemes) {
    if (scheme.name == name) return scheme.open(uri.substr(name.size() + 1), kind, ask);
    known += fmt::format("{}{}:", known.empty() ? "" : ", ", scheme.name);
  }
  throw Error(Category::usage, fmt::format("no signing key is opened by {}: (known: {}, or a path); if {} is a path, "
                                           "write file:{}",
                                           name, known, uri, uri));
}

}  // namespace lightseed
