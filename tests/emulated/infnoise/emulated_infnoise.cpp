// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/infnoise/emulated_infnoise.h"

#include <algorithm>
#include <utility>

namespace lightseed::emulated {

EmulatedFtdi::Identity EmulatedInfNoise::identity() {
  return {.product = 0x6015,
          .max_packet = 64,
          .manufacturer_text = "13-37.org",
          .product_text = "Infinite Noise TRNG EMULATED",
          .serial = "1337-E0000001",
          .release = 0x1000,
          .connects_in = 0x04};
}

Bytes infnoise_pattern(std::size_t size) {
  Bytes pattern(size);
  for (std::size_t j = 0; j < size; ++j)
    pattern[j] = j % 2 == 0 ? std::byte{0x04} : std::byte{0x01};
  return pattern;
}

/// One comparator looks at the level, and the loop multiplies it (K = 1.84: libinfnoise_private.h:29): A' = K A - (A >
/// 0.5 ? K - 1 : 0) + noise.
void EmulatedInfNoise::step(bool& comparator) {
  // A sum of uniform numbers is noise enough, and the same on every machine.
  double noise = 0;
  for (int i = 0; i < 4; ++i)
    noise += static_cast<double>(random_() >> 11U) / 9007199254740992.0 - 0.5;
  comparator = level_ > 0.5;
  level_ = std::clamp(gain * level_ - (comparator ? gain - 1 : 0) + 1e-3 * noise, 0.0, 1.0);
}

Bytes EmulatedInfNoise::clock(std::span<const std::byte> writes) {
  Bytes samples;
  samples.reserve(writes.size());
  for (const std::byte write : writes) {
    if (++clocked_ == settles_after) gain = 1.84;
    // D1 and D4 show, D2 and D0 switch: libinfnoise_private.h:34 to 37.
    const auto pins = std::to_integer<unsigned>(write);
    // Synchronous bit-bang reads the pins, then writes them: a sample shows what the write before it has caused.
    bool one = stuck.value_or(first_), two = all_stuck ? one : second_;
    if (misfires > 0 && static_cast<double>(random_() >> 40U) < misfires * 16777216.0) {
      bool& holding = (pins & 0x04U) != 0 ? one : two;
      holding = !holding;
    }
    samples.push_back(static_cast<std::byte>((pins & 0xEBU) | (one ? 2U : 0U) | (two ? 0x10U : 0U)));
    if ((pins & 0x04U) != 0) step(first_);
    if ((pins & 0x01U) != 0) step(second_);
  }
  return samples;
}

void EmulatedInfNoise::receive(std::span<const std::byte> bytes, Clock::time_point now) {
  if (silent) return;
  const bool round = bytes.size() == 512;  // one byte read for one written: libinfnoise.c:362 and 368
  const std::size_t lost = std::min<std::size_t>(bytes.size(), std::exchange(lose_bytes, 0U));
  Bytes samples = clock(bytes.first(bytes.size() - lost));
  const bool slipped = std::exchange(slips, false);
  if (slipped) {
    samples.insert(samples.begin(), samples.front());
    samples.pop_back();
  }
  if (round) {
    Bytes raw;
    for (std::size_t i = 0; i + 8 <= samples.size(); i += 8) {
      unsigned byte = 0;
      for (unsigned j = 0; j < 8; ++j)
        // Comparator 1 first, in turn, the first bit highest: libinfnoise.c:104 to 108.
        byte = 2 * byte + ((std::to_integer<unsigned>(samples[i + j]) & (j % 2 == 0 ? 2U : 16U)) != 0 ? 1U : 0U);
      raw.push_back(static_cast<std::byte>(byte));
    }
    rounds_.push_back(std::move(raw));
    spoilt_.push_back(late.count() > 0 || slipped);
  }
  out_.insert(out_.end(), samples.begin(), samples.end());
  ready_ = now + std::exchange(late, std::chrono::milliseconds(0));
}

Bytes EmulatedInfNoise::send(std::size_t room, Clock::time_point now) {
  if (now < ready_) return {};
  const std::size_t part = std::min(room, out_.size());
  Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  return bytes;
}

bool RoundFinder::find(const EmulatedInfNoise& noise, std::span<const std::byte> block) {
  for (; !block.empty(); block = block.subspan(64)) {
    const auto begin = noise.rounds().begin() + static_cast<std::ptrdiff_t>(at_);
    const auto found = std::find(begin, noise.rounds().end(), Bytes(block.begin(), block.begin() + 64));
    if (found == noise.rounds().end()) return false;
    at_ = static_cast<std::size_t>(found - noise.rounds().begin());
    if (noise.spoilt()[at_++]) return false;
  }
  return true;
}

}  // namespace lightseed::emulated
