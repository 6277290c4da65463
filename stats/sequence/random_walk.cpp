// SPDX-License-Identifier: Apache-2.0
#include "stats/sequence/random_walk.h"

#include <algorithm>
#include <cmath>

#include "stats/special/gamma.h"

namespace lightseed::stats {
namespace {

/// Where eight steps lead: first bit lowest.
struct Stride {
  std::int8_t lowest;  ///< of the eight places, seen from the one before
  std::int8_t highest;
  std::int8_t end;
};

constexpr std::array<Stride, 256> make_strides() {
  std::array<Stride, 256> strides{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    int at = 0;
    int low = 8;
    int high = -8;
    for (unsigned i = 0; i < 8; ++i) {
      at += (byte >> i & 1) != 0 ? 1 : -1;
      low = std::min(low, at);
      high = std::max(high, at);
    }
    strides[byte] = {static_cast<std::int8_t>(low), static_cast<std::int8_t>(high), static_cast<std::int8_t>(at)};
  }
  return strides;
}

constexpr std::array<Stride, 256> strides = make_strides();
constexpr std::int64_t far = 9;  ///< visits are counted up to here

/// The places near 0, one at a time.
class Near {
 public:
  explicit Near(RandomWalk& walk) : walk_(walk) {}

  void visit(std::int64_t at) {
    if (at < -far || at > far) return;
    ++walk_.visits[static_cast<std::size_t>(at + far)];
    if (at == 0) {
      end_cycle();
    } else if (at >= -4 && at <= 4) {
      ++in_cycle_[static_cast<std::size_t>(at < 0 ? at + 4 : at + 3)];
    }
  }

  void end_cycle() {
    ++walk_.cycles;
    for (std::size_t x = 0; x < in_cycle_.size(); ++x)
      ++walk_.cycles_with[x][std::min<std::uint64_t>(5, in_cycle_[x])];
    in_cycle_.fill(0);
  }

 private:
  RandomWalk& walk_;
  std::array<std::uint64_t, 8> in_cycle_{};
};

}  // namespace

RandomWalk random_walk(const BitString& bits) {
  RandomWalk walk;
  Near near(walk);
  std::int64_t at = 0;
  const std::size_t n = bits.size();
  std::size_t i = 0;
  // Eight steps at a time; one by one only where they come near 0, which a long walk seldom does.
  for (; i + 8 <= n; i += 8) {
    const auto byte = static_cast<std::size_t>(bits.words()[i / 64] >> (i % 64) & 255);
    const Stride stride = strides[byte];
    walk.highest = std::max(walk.highest, at + stride.highest);
    walk.lowest = std::min(walk.lowest, at + stride.lowest);
    if (at + stride.lowest <= far && at + stride.highest >= -far) {
      std::int64_t step = at;
      for (unsigned k = 0; k < 8; ++k) {
        step += (byte >> k & 1) != 0 ? 1 : -1;
        near.visit(step);
      }
    }
    at += stride.end;
  }
  for (; i < n; ++i) {
    at += bits[i] ? 1 : -1;
    walk.highest = std::max(walk.highest, at);
    walk.lowest = std::min(walk.lowest, at);
    near.visit(at);
  }
  if (at != 0) near.end_cycle();
  walk.end = at;
  return walk;
}

double excursion_tail(std::int64_t distance, std::int64_t steps) {
  const double a = static_cast<double>(distance) / std::sqrt(static_cast<double>(steps));
  double sum = 0;
  double sign = 1;
  for (int k = 0;; ++k, sign = -sign) {
    const double term = 4 * normal_tail((2 * k + 1) * a);
    sum += sign * term;
    if (term < 1e-17 * sum || term == 0 || k > 1'000'000) return std::clamp(sum, 0.0, 1.0);
  }
}

}  // namespace lightseed::stats
