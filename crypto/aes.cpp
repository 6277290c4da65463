// SPDX-License-Identifier: Apache-2.0
#include "crypto/aes.h"

#include <openssl/evp.h>

#include "core/byte_views.h"
#include "core/error.h"

namespace lightseed {

Aes::Aes(Mode mode, std::span<const std::byte> key) : AesCipher(mode, key.size()), context_(EVP_CIPHER_CTX_new()) {
  const openssl::Handle<EVP_CIPHER> cipher(EVP_CIPHER_fetch(nullptr, name().c_str(), nullptr));
  openssl::require(context_ != nullptr && cipher != nullptr, "find " + name());
  EVP_CIPHER_CTX_set_flags(context_.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  openssl::require(EVP_EncryptInit_ex2(context_.get(), cipher.get(), octets(key.data()), nullptr, nullptr) == 1 &&
                       EVP_CIPHER_CTX_set_padding(context_.get(), mode == Mode::cbc_padded ? 1 : 0) == 1,
                   "begin " + name());
}

void Aes::rekey(std::span<const std::byte> key) {
  if (key.size() != key_bytes()) throw Error(Category::internal, "another AES key must be as long as the first");
  openssl::require(EVP_EncryptInit_ex2(context_.get(), nullptr, octets(key.data()), nullptr, nullptr) == 1,
                   "change an AES key");
}

void Aes::run(std::span<const std::byte> iv, std::span<const std::byte> in, std::span<std::byte> out) {
  int written = 0, rest = 0;
  const bool good =
      EVP_EncryptInit_ex2(context_.get(), nullptr, nullptr, iv.empty() ? nullptr : octets(iv.data()), nullptr) == 1 &&
      EVP_EncryptUpdate(context_.get(), octets(out.data()), &written, octets(in.data()), static_cast<int>(in.size())) ==
          1 &&
      EVP_EncryptFinal_ex(context_.get(), octets(out.data() + written), &rest) == 1;
  if (!good || static_cast<std::size_t>(written) + static_cast<std::size_t>(rest) != out.size()) {
    openssl::require(false, "encrypt with " + name());
  }
}

}  // namespace lightseed
