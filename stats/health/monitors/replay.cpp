// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>

#include "stats/health/block_monitor.h"
#include "stats/health/monitors/byte_pieces.h"
#include "stats/health/monitors/monitors.h"

namespace lightseed::health {
namespace {

/// Samples that come again: a buffer that is sent twice, a recording, a generator of a short period.
///
/// Blocks at fixed places would be missed when what comes again is shifted. So the samples themselves say where a piece
/// ends: a hash of the last few ends it where its top ten bits are zero, every 1,024 samples on average and at the same
/// places of the same samples. Each piece that holds enough entropy for two never to be alike by chance is looked up
/// among the last 4,096 of them: some 4 million samples.
///
/// Of bytes that hold two bits or more eight are enough for that hash (BytePieces). Others are so poor, or so wide,
/// that a running hash of the last 64 is taken.
class ReplayMonitor final : public BlockMonitor {
 public:
  ReplayMonitor(Settings settings, std::size_t least_piece, bool rich)
      : BlockMonitor(std::move(settings)), least_piece_(least_piece), rich_(rich) {
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
  void add(std::span<const std::uint8_t> samples) override {
    if (!rich_) return take(samples);
    bytes_.take(samples, [this](const BytePieces::Piece& piece) {
      if (piece.length >= least_piece_) look_up(piece.hash);
    });
  }
  void add(std::span<const std::uint16_t> samples) override { take(samples); }
  double measure() override {
    const auto repeated = static_cast<double>(repeated_);
    repeated_ = 0;
    return repeated;
  }
  void forget() override {
    // What was seen stays known: a source that comes back may play its recording again.
    bytes_.forget();
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

  std::size_t least_piece_;
  bool rich_;
  BytePieces bytes_;
  std::array<std::uint64_t, 256> gears_{};
  std::uint64_t hash_ = 0;    ///< of the last 64 samples
  std::uint64_t piece_ = 0;   ///< of all samples of the piece in hand
  std::uint64_t length_ = 0;  ///< of it
  std::uint64_t repeated_ = 0;
  std::uint64_t pieces_ = 0;
  /// By their hash, side by side: a look is one miss of the cache.
  struct Known {
    std::uint64_t piece = 0;
    std::uint64_t number = 0;  ///< which one it was, from 1; 0: none
  };
  std::array<Known, slots> known_{};

  template <typename Code>
  void take(std::span<const Code> samples) {
    constexpr std::uint64_t mask = ~std::uint64_t{0} << (64 - mean_piece_log2);
    std::uint64_t hash = hash_;
    for (std::size_t i = 0; i < samples.size();) {
      // Up to where the piece's own hash takes the running one in; the running one is all there is to do between.
      const std::size_t end = std::min(samples.size(), i + taken_in_every - length_ % taken_in_every);
      const std::size_t begin = i;
      bool ends = false;
      while (i < end && !ends) {
        const unsigned code = samples[i++];
        hash = (hash << 1) + (gears_[code & 0xff] ^ (code >> 8) * odd);
        ends = (hash & mask) == 0;
      }
      length_ += i - begin;
      if (ends || length_ % taken_in_every == 0) piece_ = (piece_ ^ hash) * odd + (piece_ >> 29);
      if (ends) end_piece();
    }
    hash_ = hash;
  }

  void end_piece() {
    if (length_ >= least_piece_) look_up(piece_);
    piece_ = 0;
    length_ = 0;
  }

  void look_up(std::uint64_t piece) {
    ++pieces_;
    Known& known = known_[piece >> 51];
    if (known.number != 0 && known.piece == piece && pieces_ - known.number <= remembered) ++repeated_;
    known = {piece, pieces_};
  }
};

}  // namespace

std::unique_ptr<HealthTest> replay_monitor(const Reference& reference, double alpha_log2) {
  // Two pieces of one length are alike with 2^-(claim * length) at most, and the hash, of 63 bits, says so of two
  // others with 2^-63: times 64 pieces a block and 4,096 that are known, 2^-45 a block.
  constexpr double bits_wanted = 64;
  if (reference.claim < least_claim_for_replay) return nullptr;
  constexpr double rich = 2;
  const double least = std::ceil(bits_wanted / reference.claim);
  return std::make_unique<ReplayMonitor>(BlockMonitor::Settings{.id = "model-replay",
                                                                .what = "the number of pieces that came before",
                                                                .low = 0,
                                                                .high = 0,
                                                                .alpha_log2 = alpha_log2},
                                         static_cast<std::size_t>(least), reference.claim >= rich);
}

}  // namespace lightseed::health
