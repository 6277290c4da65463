// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "driver/simulated/frame/converter.h"
#include "driver/simulated/frame/keystream.h"

namespace lightseed::simulated {

/// A Gaussian process behind a converter: Q + E + mean, where Q is autoregressive of variance 1,
/// Q_t = memory Q_(t-1) + sqrt(1 - memory^2) N(0, 1), and E is independent, N(0, noise^2).
struct GaussianLaw {
  double memory = 0;  ///< from 0 to 0.999
  double noise = 0;
  double mean = 0;
  Converter converter{};
};

/// Draws the codes of a GaussianLaw at some ten cycles of a processor each, all of them from one stream, whatever
/// pieces they are asked for in.
///
/// The sum of an autoregressive process and white noise has the law of one that one white noise u drives,
///   M_t = memory M_(t-1) + u_t + theta u_(t-1),
/// with theta (1 + theta^2)^-1 = -memory noise^2 / (1 - memory^2 + noise^2 (1 + memory^2)), |theta| < 1: one normal
/// number a sample. A block of 4,096 of them comes from as many words, by Box and Muller in single precision: half of
/// the words are radii, of 31 bits, so that the tails reach 6.6 standard deviations, half are angles. The recursion is
/// unrolled by eight, so that eight samples are one step of it:
///   M_t = memory^8 M_(t-8) + sum over j < 8 of memory^j v_(t-j),   v_t = u_t + theta u_(t-1).
///
/// All arithmetic is that of IEEE 754's single precision in one order, without fused operations: the same samples on
/// every machine.
class GaussianStream {
 public:
  static constexpr std::size_t block = 4096;

  /// Stationary from the first sample on. `channel`, `seed` and `restart` are the Keystream's.
  GaussianStream(const GaussianLaw& law, std::string_view channel, std::uint64_t seed, std::uint64_t restart);

  /// The next codes. Bytes serve converters of up to 8 bits.
  void draw(std::span<std::uint8_t> codes);
  void draw(std::span<std::uint16_t> codes);

 private:
  static constexpr std::size_t ahead = 8;

  Keystream words_;
  Converter converter_;
  float memory_, theta_, drive_;       ///< u is drive_ N(0, 1)
  float unit_, centre_;                ///< of the converter: code = floor(centre_ + unit_ M)
  std::array<float, ahead> past_{};    ///< the last eight of M
  std::array<float, ahead> driven_{};  ///< the last eight of v
  float last_ = 0;                     ///< u
  std::array<std::uint16_t, block> codes_{};
  std::size_t used_ = block;

  void next_block();
  template <typename Code>
  void hand_out(std::span<Code> codes);
};

/// The kernels behind it, for tests and nothing else: normal numbers of a block of words, and what the recursion makes
/// of numbers v, `past` being the eight samples and `driven` the eight numbers before.
void box_muller(std::span<const std::uint32_t, GaussianStream::block> words,
                std::span<float, GaussianStream::block> normals);

}  // namespace lightseed::simulated
