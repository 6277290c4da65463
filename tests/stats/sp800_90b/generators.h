// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace lightseed::sp800_90b {

/// Data made here by integer arithmetic, the same on every machine: what photon sources and their faults look like.
struct Generated {
  std::string name;
  unsigned width;  ///< bits a sample
  std::vector<std::uint8_t> samples;
};

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t operator()() noexcept {
    std::uint64_t x = state_ += 0x9E3779B97F4A7C15U;
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9U;
    x = (x ^ x >> 27) * 0x94D049BB133111EBU;
    return x ^ x >> 31;
  }

  /// 0 … n-1.
  std::uint32_t below(std::uint32_t n) noexcept { return static_cast<std::uint32_t>(((*this)() >> 32) * n >> 32); }

  /// True once in 1000/n times.
  bool per_mille(std::uint32_t n) noexcept { return below(1000) < n; }

 private:
  std::uint64_t state_;
};

/// Every kind of data the answers in own-data.json are about.
std::vector<Generated> generated_data();

}  // namespace lightseed::sp800_90b
