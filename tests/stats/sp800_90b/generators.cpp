// SPDX-License-Identifier: Apache-2.0
#include "tests/stats/sp800_90b/generators.h"

#include <algorithm>
#include <bit>

namespace lightseed::sp800_90b {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes make(std::size_t n, const std::function<unsigned(std::size_t)>& sample) {
  Bytes data(n);
  for (std::size_t i = 0; i < n; ++i)
    data[i] = static_cast<std::uint8_t>(sample(i));
  return data;
}

/// Nearly Gaussian around 128: homodyne noise on an 8-bit converter. `spread` about four standard deviations.
unsigned gaussian(Random& random, unsigned spread) {
  const std::uint64_t x = random();
  const int balance = std::popcount(x) - 32;  // standard deviation 4
  const int fine = static_cast<int>(random.below(spread + 1)) - static_cast<int>(spread / 2);
  return static_cast<unsigned>(std::clamp(128 + balance * static_cast<int>(spread) / 16 + fine / 4, 0, 255));
}

/// A random pattern over and over, one sample in `noise` per mille replaced.
Bytes periodic(std::size_t n, std::size_t period, unsigned symbols, std::uint32_t noise, std::uint64_t seed) {
  Random random(seed);
  Bytes pattern = make(period, [&](std::size_t) { return random.below(symbols); });
  pattern[0] = 0;
  if (period > 1) pattern[1] = static_cast<std::uint8_t>(symbols - 1);
  return make(n, [&](std::size_t i) { return random.per_mille(noise) ? random.below(symbols) : pattern[i % period]; });
}

Bytes markov(std::size_t n, std::uint32_t up, std::uint32_t down, std::uint64_t seed) {
  Random random(seed);
  bool state = false;
  return make(n, [&](std::size_t) {
    state = state ? !random.per_mille(down) : random.per_mille(up);
    return state ? 1U : 0U;
  });
}

}  // namespace

std::vector<Generated> generated_data() {
  std::vector<Generated> all;
  const auto add = [&](const std::string& name, unsigned width, Bytes samples) {
    all.push_back({name, width, std::move(samples)});
  };
  constexpr std::size_t many = 40'000;

  for (const std::size_t n : {1000, 1001, 4095, 4096, 6011, 6012, 20000}) {
    Random random(n);
    add("uniform-8bit-" + std::to_string(n), 8, make(n, [&](std::size_t) { return random.below(256); }));
    add("uniform-1bit-" + std::to_string(n), 1, make(n, [&](std::size_t) { return random.below(2); }));
    add("gaussian-" + std::to_string(n), 8, make(n, [&](std::size_t) { return gaussian(random, 40); }));
  }
  for (const unsigned symbols : {2U, 3U, 5U, 16U, 17U, 100U, 255U, 256U}) {
    Random random(symbols);
    const unsigned step = 255 / (symbols - 1);  // gaps between the values that come
    add("alphabet-" + std::to_string(symbols), 8,
        make(many, [&](std::size_t) { return random.below(symbols) * step; }));
  }
  for (const unsigned width : {2U, 3U, 5U, 7U}) {
    Random random(width);
    add("uniform-" + std::to_string(width) + "bit", width,
        make(many, [&](std::size_t) { return random.below(1U << width); }));
  }
  for (const std::uint32_t bias : {1U, 20U, 100U, 400U, 490U}) {  // unbalanced beam splitter, dead detector
    Random random(bias);
    add("biased-" + std::to_string(bias), 1, make(many, [&](std::size_t) { return random.per_mille(bias) ? 1U : 0U; }));
  }
  add("markov-sticky", 1, markov(many, 100, 100, 1));       // after-pulsing, slow discharge
  add("markov-alternating", 1, markov(many, 950, 950, 2));  // dead time
  add("markov-lopsided", 1, markov(many, 10, 300, 3));
  {
    Random random(4);
    add("gaussian-narrow", 8, make(many, [&](std::size_t) { return gaussian(random, 2); }));
    add("gaussian-saturated", 8, make(many, [&](std::size_t) { return std::min(255U, gaussian(random, 60) + 100); }));
    unsigned level = 128;
    add("drift", 8, make(many, [&](std::size_t) { return level = std::clamp(level + random.below(3) - 1, 1U, 254U); }));
    add("poisson-4bit", 4, make(many, [&](std::size_t) {
          return static_cast<unsigned>(std::min(15, std::popcount(random() & random() & random())));  // photon counts
        }));
    unsigned zeros = 0;
    add("rare-events", 8, make(many, [&](std::size_t) {
          if (zeros == 0) {
            zeros = 15 + random.below(4);
            return random.below(256);
          }
          --zeros;
          return 0U;
        }));
    // New symbols at the very moment a dictionary fills up: contexts without their shorter forms.
    add("late-symbols", 8,
        make(20'000, [&](std::size_t i) { return random.below(200U + static_cast<unsigned>(i / 37) % 56); }));
    add("late-symbols-few", 8,
        make(many, [&](std::size_t) { return random.per_mille(1) ? random.below(256) : random.below(3); }));
  }
  for (const std::size_t period : {2, 3, 64, 127, 128, 129, 1000}) {
    add("period-" + std::to_string(period), 8, periodic(many, period, 256, 0, period));
    add("period-1bit-" + std::to_string(period), 1, periodic(many, period, 2, 0, period));
    add("period-noisy-" + std::to_string(period), 1, periodic(many, period, 2, 10, period));
  }
  add("one-late", 1, make(many, [](std::size_t i) { return i + 1 == many ? 1U : 0U; }));
  add("one-early", 1, make(many, [](std::size_t i) { return i == 0 ? 1U : 0U; }));
  add("stuck-8bit", 8, make(many, [](std::size_t i) { return i == 39'998 ? 9U : i == 39'999 ? 200U : 7U; }));
  add("counter", 8, make(many, [](std::size_t i) { return static_cast<unsigned>(i % 256); }));
  add("thue-morse", 1, make(many, [](std::size_t i) { return static_cast<unsigned>(std::popcount(i)) & 1; }));
  {
    Random random(5);
    const Bytes half = make(3000, [&](std::size_t) { return random.below(256); });
    add("twice-the-same", 8, make(6000, [&](std::size_t i) { return half[i % 3000]; }));
    add("dead-then-alive", 8, make(many, [&](std::size_t i) { return i < many / 2 ? 0U : random.below(256); }));
  }
  return all;
}

}  // namespace lightseed::sp800_90b
