// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

struct evp_cipher_ctx_st;

namespace lightseed::simulated {

/// The randomness of a simulator: AES-128 in counter mode, its key made from a channel, a seed and the number of the
/// restart. Whoever knows these three can draw the same samples again: proof that they hold no entropy.
///
/// The channel is the model's name, with "/…" behind it for what must not disturb the samples. Parameters are not part
/// of the key: two sources with one seed and different parameters are correlated.
class Keystream {
 public:
  Keystream(std::string_view channel, std::uint64_t seed, std::uint64_t restart);

  /// The next words of the stream.
  void fill(std::span<std::uint32_t> words);

 private:
  struct Free {
    void operator()(evp_cipher_ctx_st* context) const noexcept;
  };
  std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

}  // namespace lightseed::simulated
