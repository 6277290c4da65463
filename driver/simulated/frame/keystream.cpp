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

Keystream::Keystream(std::string_view channel, std::uint64_t seed, std::uint64_t restart, By by) {
  const Sha256Digest key = Sha256().update(fmt::format("lightseed/{}/v1/{}/{}", channel, seed, restart)).digest();
  // The first half of the digest is the key: 128 bits are plenty for a simulator, and half as fast again.
  if (by == By::fastest && WideCounterMode::is_supported()) {
    wide_.emplace(std::span<const std::byte>(key).first<WideCounterMode::block>());
    return;
  }
  context_.reset(EVP_CIPHER_CTX_new());
  const unsigned char zero_counter[16] = {};
  if (context_ == nullptr ||
      EVP_EncryptInit_ex2(context_.get(), EVP_aes_128_ctr(), octets(key.data()), zero_counter, nullptr) != 1) {
    throw Error(Category::crypto, "OpenSSL cannot run AES-128-CTR");
  }
}

void Keystream::fill(std::span<std::uint32_t> words) {
  if (wide_) return fill_wide(std::as_writable_bytes(words));
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

void Keystream::fill_wide(std::span<std::byte> bytes) {
  const auto take_rest = [&] {
    const std::size_t part = std::min(left_, bytes.size());
    std::copy_n(rest_.end() - static_cast<std::ptrdiff_t>(left_), part, bytes.begin());
    left_ -= part;
    bytes = bytes.subspan(part);
  };
  take_rest();
  const std::size_t times = bytes.size() / rest_.size();
  wide_->fill(bytes.data(), times);
  bytes = bytes.subspan(times * rest_.size());
  if (bytes.empty()) return;
  wide_->fill(rest_.data(), 1);
  left_ = rest_.size();
  take_rest();
}

}  // namespace lightseed::simulated
