// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/types.h>

#include <array>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/secret_bytes.h"
#include "crypto/aes_key.h"
#include "crypto/rsa.h"

namespace lightseed {

/// Bytes of AES' keys.
inline constexpr std::array<std::size_t, 3> aes_key_lengths{16, 24, 32};

/// Where a key is that credentials travel under, and what it is for: "USE:NAME:PLACE". What uses there are is the
/// format's; by the name both ends call the key.
struct TransportKeySpec {
  std::string use;
  std::string name;   ///< 1 to 64 letters, digits, dots, dashes and underscores
  std::string place;  ///< a file, or a PKCS#11 URI: "pkcs11:…" (crypto/token_session.h)

  [[nodiscard]] bool in_token() const noexcept { return place.starts_with("pkcs11:"); }
  /// Throws Error(usage).
  static TransportKeySpec read(const std::string& text);
};

/// A transport key that was used, as evidence may name it.
struct UsedTransportKey {
  std::string use;
  std::string name;
  std::string check;   ///< hexadecimal
  std::string method;  ///< of the check
};

/// A secret key from a file that only its owner can read, as hexadecimal digits. `lengths` are the bytes it may have.
/// Throws as read_private_file(); Error(malformed) when it holds no such key; Error(refused) for one that follows a
/// pattern and was not drawn at random.
SecretBytes read_hex_key(const std::filesystem::path& file, std::span<const std::size_t> lengths);

/// The transport keys of an export. A format takes those that it uses; what nobody took was given in error.
class TransportKeys {
 public:
  /// Throws Error(usage) when a use has two keys.
  explicit TransportKeys(std::vector<TransportKeySpec> specs);

  [[nodiscard]] bool has(std::string_view use) const noexcept;
  /// What both ends call the key for this use. Throws Error(usage) when there is none.
  [[nodiscard]] const std::string& name(std::string_view use) const;

  /// An AES key. Throws Error(usage) when there is none for this use; otherwise as read_hex_key() and
  /// open_token_aes_key(), Error(refused) when one in a token has another length.
  const AesKey& aes(std::string_view use, std::span<const std::size_t> lengths);
  /// A private key in PEM or a token, or a public one in PEM; RSA of 2048 bits and more. Throws Error(usage) when there
  /// is none for this use; otherwise as read_private_key() and open_token_rsa_key(), Error(refused) for another kind of
  /// key.
  std::shared_ptr<const RsaSigner> rsa_private(std::string_view use);
  std::shared_ptr<EVP_PKEY> rsa_public(std::string_view use);

  /// Throws Error(usage) naming what was not taken.
  void require_all_taken(std::string_view format) const;
  [[nodiscard]] const std::vector<UsedTransportKey>& used() const noexcept { return used_; }

 private:
  std::vector<TransportKeySpec> specs_;
  std::map<std::string, std::unique_ptr<const AesKey>, std::less<>> aes_;
  std::vector<UsedTransportKey> used_;

  [[nodiscard]] const TransportKeySpec* find(std::string_view use) const noexcept;
  [[nodiscard]] const TransportKeySpec& require(std::string_view use) const;
  void note_rsa(const TransportKeySpec& spec, EVP_PKEY* key);
};

/// SHA-256 of a public key's SubjectPublicKeyInfo in DER. Throws Error(crypto).
std::vector<std::byte> public_key_digest(EVP_PKEY* key);

}  // namespace lightseed
