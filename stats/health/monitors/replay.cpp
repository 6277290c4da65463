// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "stats/health/block_monitor.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Samples that come again: a buffer that is sent twice, a recording, a generator of a short period.
///
/// Blocks at fixed places would be missed when what comes again is shifted. So the samples themselves say where a piece
/// ends: a running hash of the last 64 ends it where its top ten bits are zero, every 1,024 samples on average and at
/// the same places of the same samples. Each piece that holds enough entropy for two never to be alike by chance is
/// looked up among the last 4,096 of them: some 4 million samples.
class ReplayMonitor final : public BlockMonitor {
 public:
  ReplayMonitor(Settings settings, std::size_t least_piece)
      : BlockMonitor(std::move(settings)), least_piece_(least_piece) {
    // Any odd constants do; these are SplitMix64's (Steele, Lea and Flood 2014).
    std::uint64_t state = 0;
    for (std::uint64_t& gear : gears_) {
      state += odd;
      std::uint64_t z = state;
      z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
      z = (z ^ z >> 27) * 0x94d049bb133111eb;
      gear = z ^ z >> 31;
    }
  }

 protected:
  void add(std::span<const std::uint8_t> samples) override { take(samples); }
  void add(std::span<const std::uint16_t> samples) override { take(samples); }
  double measure() override {
    const auto repeated = static_cast<double>(repeated_);
    repeated_ = 0;
    return repeated;
  }
  void forget() override {
    // What was seen stays known: a source that comes back may play its recording again.
    hash_ = piece_ = 0;
    length_ = 0;
    repeated_ = 0;
  }

 private:
  static constexpr std::size_t slots = 8192;
  static constexpr std::size_t remembered = 4096;
  static constexpr unsigned mean_piece_log2 = 10;
  static constexpr std::size_t taken_in_every = 32;  ///< samples; the running hash is of 64
  static constexpr std::uint64_t odd = 0x9e3779b97f4a7c15;
  static constexpr std::size_t window = 64;  ///< samples that the running hash is of: each is shifted out of 64 bits
  static constexpr std::size_t tile = 2048, stretch = tile / 4;
  static constexpr std::uint64_t inside = std::uint64_t{1} << (64 - mean_piece_log2);  ///< the running hash, at least

  std::size_t least_piece_;
  std::array<std::uint64_t, 256> gears_{};
  std::uint64_t hash_ = 0;    ///< of the last 64 samples
  std::uint64_t piece_ = 0;   ///< of all samples of the piece in hand
  std::uint64_t length_ = 0;  ///< of it
  std::uint64_t repeated_ = 0;
  std::uint64_t pieces_ = 0;
  std::array<std::uint64_t, tile + tile / stretch * 72> hashes_{};  ///< after each sample of a tile, at its place()
  std::array<std::uint64_t, slots> known_{};                        ///< by their hash
  std::array<std::uint64_t, slots> numbers_{};                      ///< which piece it was, from 1; 0: none

  /// The running hash is of the last 64 samples and no more: four stretches of a tile, each with the 64 samples before
  /// it, can be hashed side by side, and none waits for the other's additions.
  template <typename Code>
  void take(std::span<const Code> samples) {
    for (; samples.size() >= tile; samples = samples.subspan(tile))
      take_tile(samples.data());
    for (const Code sample : samples) {
      hash_ = (hash_ << 1) + gear_of(sample);
      ++length_;
      take_in(hash_);
      if (hash_ < inside) end_piece();
    }
  }

  template <typename Code>
  [[nodiscard]] std::uint64_t gear_of(Code sample) const noexcept {
    if constexpr (sizeof(Code) == 1) return gears_[sample];
    return gears_[sample & 0xff] ^ static_cast<std::uint64_t>(sample >> 8) * odd;
  }

  /// Stretches lie no power of two apart: their places would compete for the same few lines of the cache.
  static constexpr std::size_t place(std::size_t at) { return at + at / stretch * 72; }

  template <typename Code>
  void take_tile(const Code* samples) {
    std::uint64_t hash[4] = {hash_, 0, 0, 0};
    for (std::size_t i = stretch - window; i < stretch; ++i)
      for (std::size_t j = 1; j < 4; ++j)
        hash[j] = (hash[j] << 1) + gear_of(samples[(j - 1) * stretch + i]);
    std::array<std::uint64_t, tile / 64> ending{};  ///< a bit for each sample
    for (std::size_t i = 0; i < stretch; ++i) {
      for (std::size_t j = 0; j < 4; ++j) {
        const std::size_t at = j * stretch + i;
        hash[j] = (hash[j] << 1) + gear_of(samples[at]);
        hashes_[place(at)] = hash[j];
        if (hash[j] < inside) [[unlikely]]
          ending[at / 64] |= std::uint64_t{1} << at % 64;
      }
    }
    hash_ = hash[3];
    std::size_t done = 0;
    for (std::size_t word = 0; word < ending.size(); ++word) {
      for (std::uint64_t rest = ending[word]; rest != 0; rest &= rest - 1) {
        const std::size_t end = word * 64 + static_cast<std::size_t>(std::countr_zero(rest)) + 1;
        take_in_until(done, end);
        end_piece();
        done = end;
      }
    }
    take_in_until(done, tile);
  }

  /// Samples of the tile that belong to one piece, of whose last one the running hash counts in any case where the
  /// piece ends.
  void take_in_until(std::size_t done, std::size_t end) {
    while (done < end) {
      // Up to where the piece's own hash takes the running one in.
      const std::size_t count = std::min(end - done, taken_in_every - length_ % taken_in_every);
      done += count;
      length_ += count;
      take_in(hashes_[place(done - 1)]);
    }
  }

  /// After each sample; most change nothing.
  void take_in(std::uint64_t hash) {
    if (hash < inside || length_ % taken_in_every == 0) piece_ = (piece_ ^ hash) * odd + (piece_ >> 29);
  }

  void end_piece() {
    if (length_ >= least_piece_) look_up(piece_);
    piece_ = 0;
    length_ = 0;
  }

  void look_up(std::uint64_t piece) {
    ++pieces_;
    std::uint64_t& known = known_[piece >> 51];
    std::uint64_t& number = numbers_[piece >> 51];
    if (number != 0 && known == piece && pieces_ - number <= remembered) ++repeated_;
    known = piece;
    number = pieces_;
  }
};

}  // namespace

std::unique_ptr<HealthTest> replay_monitor(const Reference& reference, double alpha_log2) {
  // Two pieces of one length are alike with 2^-(claim * length) at most, and the hash, of 63 bits, says so of two
  // others with 2^-63: times 64 pieces a block and 4,096 that are known, 2^-45 a block.
  constexpr double bits_wanted = 64;
  if (reference.claim < least_claim_for_replay) return nullptr;
  const double least = std::ceil(bits_wanted / reference.claim);
  return std::make_unique<ReplayMonitor>(BlockMonitor::Settings{.id = "model-replay",
                                                                .what = "the number of pieces that came before",
                                                                .low = 0,
                                                                .high = 0,
                                                                .alpha_log2 = alpha_log2},
                                         static_cast<std::size_t>(least));
}

}  // namespace lightseed::health
