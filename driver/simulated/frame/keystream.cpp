// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/keystream.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/digest.h"

namespace lightseed::simulated {

void Keystream::Free::operator()(evp_cipher_ctx_st* context) const noexcept {
  EVP_CIPHER_CTX_free(context);
}

Keystream::Keystream(std::string_view channel, std::uint64_t seed, std::uint64_t restart)
    : context_(EVP_CIPHER_CTX_new()) {
  const Sha256Digest key = Sha256().update(fmt::format("lightseed/{}/v1/{}/{}", channel, seed, restart)).digest();
  const unsigned char zero_counter[16] = {};
  // The first half of the digest is the key: 128 bits are plenty for a simulator, and half as fast again.
  if (context_ == nullptr ||
      EVP_EncryptInit_ex2(context_.get(), EVP_aes_128_ctr(), octets(key.data()), zero_counter, nullptr) != 1) {
    throw Error(Category::crypto, "OpenSSL cannot run AES-128-CTR");
  }
}

void Keystream::fill(std::span<std::uint32_t> words) {
  static constexpr std::array<unsigned char, 16384> zeros{};
  for (auto rest = std::as_writable_bytes(words); !rest.empty();) {
    const std::size_t part = std::min(rest.size(), zeros.size());
    int length = 0;
    if (EVP_EncryptUpdate(context_.get(), octets(rest.data()), &length, zeros.data(), static_cast<int>(part)) != 1) {
      throw Error(Category::crypto, "OpenSSL cannot run AES-128-CTR");
    }
    rest = rest.subspan(part);
  }
}

}  // namespace lightseed::simulated
