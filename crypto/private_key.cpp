// SPDX-License-Identifier: Apache-2.0
#include "crypto/private_key.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"
#include "crypto/der_kind.h"
#include "crypto/encrypted_key.h"
#include "crypto/handles.h"
#include "crypto/pem.h"
#include "crypto/private_file.h"

namespace lightseed {
namespace {

constexpr std::size_t largest_key_file = 1 << 20;

[[noreturn]] void refuse(const std::filesystem::path& path, std::string_view why) {
  throw Error(Category::malformed, fmt::format("{} {}", path.string(), why));
}

constexpr std::string_view old_encryption_words =
    "is encrypted with a passphrase in the way of before PKCS#8; write it anew, with openssl pkcs8 -topk8, into a file "
    "of "
    "mode 0600";

/// A certificate is taken for its key easily, and to make it private would not help.
void require_no_certificate(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) return;  // a FIFO would be waited for
  std::ifstream file(path);
  std::string line;
  if (std::getline(file, line) && line.starts_with("-----BEGIN CERTIFICATE-----"))
    refuse(path, "is a certificate, not a private key; what is needed is the key that belongs to it");
}

std::shared_ptr<EVP_PKEY> key_from(const std::filesystem::path& path, const SecretBytes& der) {
  const unsigned char* in = octets(der.data());
  EVP_PKEY* const key = d2i_AutoPrivateKey(nullptr, &in, static_cast<long>(der.size()));
  if (key == nullptr) {
    refuse(path, fmt::format("holds a private key that cannot be read; make it again, or convert it with openssl pkey "
                             "(OpenSSL: {})",
                             openssl::reason()));
  }
  openssl::reason();
  return {key, EVP_PKEY_free};
}

std::shared_ptr<EVP_PKEY> key_from_der(const std::filesystem::path& path, const SecretBytes& content,
                                       const AskPassphrase& ask) {
  switch (der_kind_of(content.bytes())) {
    case DerKind::private_key: return key_from(path, content);
    case DerKind::encrypted_private_key: return key_from(path, decrypted_pkcs8(content.bytes(), path.string(), ask));
    case DerKind::pkcs12: {
      Pkcs12Content store = open_pkcs12(content.bytes(), path.string(), ask);
      if (store.key == nullptr) refuse(path, "is a PKCS#12 file without a private key");
      return store.key;
    }
    default: refuse(path, what_it_is_instead(text_of(content.bytes()), {}, "a private key"));
  }
}

}  // namespace

std::shared_ptr<EVP_PKEY> read_private_key(const std::filesystem::path& path, const AskPassphrase& ask) {
  require_no_certificate(path);
  const SecretBytes content = read_private_file(path, largest_key_file);
  const std::vector<PemBlock> blocks = find_pem(text_of(content.bytes()));
  const auto is_key = [](const PemBlock& block) { return block.label.ends_with("PRIVATE KEY"); };
  const auto block = std::find_if(blocks.begin(), blocks.end(), is_key);
  if (blocks.empty()) return key_from_der(path, content, ask);
  if (block == blocks.end()) refuse(path, what_it_is_instead(text_of(content.bytes()), blocks, "a private key"));
  if (std::count_if(blocks.begin(), blocks.end(), is_key) > 1) {
    refuse(path, "holds several private keys; give a file with the one that is meant");
  }
  if (block->encrypted) refuse(path, old_encryption_words);
  const auto der = secret_from_base64(block->base64);
  if (!der) refuse(path, "is damaged: its base64 is wrong");
  if (block->label == "ENCRYPTED PRIVATE KEY") return key_from(path, decrypted_pkcs8(der->bytes(), path.string(), ask));
  return key_from(path, *der);
}

}  // namespace lightseed
