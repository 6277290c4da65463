// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "driver/simulated/frame/wide_counter_mode.h"

struct evp_cipher_ctx_st;

namespace lightseed::simulated {

/// The randomness of a simulator: AES-128 in counter mode, its key made from a channel, a seed and the number of the
/// restart. Whoever knows these three can draw the same samples again: proof that they hold no entropy.
///
/// The channel is the model's name, with "/…" behind it for what must not disturb the samples. Parameters are not part
/// of the key: two sources with one seed and different parameters are correlated.
class Keystream {
 public:
  /// The stream does not depend on who makes it: OpenSSL can be asked for where a faster way is at hand.
  enum class By { fastest, openssl };

  Keystream(std::string_view channel, std::uint64_t seed, std::uint64_t restart, By by = By::fastest);

  /// The next words of the stream.
  void fill(std::span<std::uint32_t> words);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
  std::optional<WideCounterMode> wide_;  ///< in place of OpenSSL's context
  std::array<std::byte, WideCounterMode::together> rest_{};
  std::size_t left_ = 0;  ///< bytes at the end of rest_ that are next

  void fill_wide(std::span<std::byte> bytes);
};

}  // namespace lightseed::simulated
