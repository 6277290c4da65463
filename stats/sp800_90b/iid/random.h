// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace lightseed::sp800_90b {

/// xoshiro256** (Blackman, Vigna 2018), one stream for each round of a seed, so that it does not matter which
/// thread plays which round. For permutation tests and simulations; never for keys.
class Xoshiro {
 public:
  Xoshiro(std::uint64_t seed, std::uint64_t stream) {
    std::uint64_t x = seed ^ std::rotl(stream * 0xD1342543DE82EF95U, 32);
    for (std::uint64_t& word : state_) {  // SplitMix64, as the authors advise
      x += 0x9E3779B97F4A7C15U;
      std::uint64_t z = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
      z = (z ^ z >> 27) * 0x94D049BB133111EBU;
      word = z ^ z >> 31;
    }
  }

  std::uint64_t operator()() noexcept {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// 0 … n-1, n <= 2^32, from the upper half of a word: the bias is below n/2^32.
  std::uint64_t below(std::uint64_t n) noexcept { return ((*this)() >> 32) * n >> 32; }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace lightseed::sp800_90b
