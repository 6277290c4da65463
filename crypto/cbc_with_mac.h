// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/aes_cipher.h"
#include "crypto/handles.h"

namespace lightseed {

/// What a CbcWithMac made; views that live until the next seal().
struct SealedText {
  std::span<const std::byte> text;  ///< the IV, then the ciphertext
  std::span<const std::byte> mac;   ///< over `text`
};

/// AES-CBC with padding, and an HMAC over IV and ciphertext: how formats of before AES-GCM encrypt many short secrets
/// under one key (RFC 6030, 6.2; RFC 7518, 5.2). Whoever reads checks the MAC first: without that a reader that answers
/// "padding wrong" gives the content away.
class CbcWithMac {
 public:
  /// `cipher` is of the mode cbc_padded; `mac_key` the HMAC's; `digest` is OpenSSL's name: "SHA1", "SHA512". Throws
  /// Error(crypto).
  CbcWithMac(std::unique_ptr<AesCipher> cipher, std::span<const std::byte> mac_key, std::string_view digest);
  /// Under a key that is given.
  CbcWithMac(std::span<const std::byte> key, std::span<const std::byte> mac_key, std::string_view digest);

  /// Under a fresh IV of the operating system. Throws as AesCipher::encrypt(), Error(io).
  SealedText seal(std::span<const std::byte> plain);
  /// Under a given one of 16 bytes, which must not have been used with the key before.
  SealedText seal(std::span<const std::byte> plain, std::span<const std::byte> iv);

 private:
  std::unique_ptr<AesCipher> aes_;
  openssl::Handle<EVP_MAC_CTX> mac_;
  std::vector<std::byte> text_;
  std::vector<std::byte> tag_;
};

}  // namespace lightseed
