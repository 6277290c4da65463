// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lightseed::health {

/// Cuts a stream of bytes into pieces where its own content says, some 1,024 bytes each, and hashes them: what comes
/// again is cut at the same places and has the same hashes, wherever it lies in the stream.
///
/// A piece ends after each byte where a hash of it and the seven before has ten zero bits on top. No place depends on
/// another one, so that thirty-two are looked at with a few instructions; a running hash would go from byte to byte.
class BytePieces {
 public:
  struct Piece {
    std::uint64_t hash = 0;  ///< of its bytes and their number
    std::uint64_t length = 0;
  };

  /// The next bytes; `ended` is called for each piece that ends among them.
  template <typename Ended>
  void take(std::span<const std::uint8_t> bytes, Ended&& ended) {
    while (!bytes.empty()) {
      const auto part = bytes.first(std::min(bytes.size(), together));
      bytes = bytes.subspan(part.size());
      std::size_t done = 0;
      for (const std::uint16_t end : find_ends(part)) {
        add(part.subspan(done, end - done));
        ended(end_piece());
        done = end;
      }
      add(part.subspan(done));
      remember(part);
    }
  }

  /// The next bytes do not follow those before.
  void forget();

 private:
  static constexpr std::size_t window = 8, block = 32, together = 4096;

  std::array<std::uint16_t, together> ends_{};     ///< of pieces among the bytes in hand, one behind
  std::array<std::uint8_t, window - 1> before_{};  ///< the last bytes of before
  std::array<std::uint64_t, 4> sums_{};            ///< of the piece in hand: whole blocks of it
  std::array<std::uint8_t, block> rest_{};         ///< what is no whole block yet
  std::uint64_t length_ = 0;

  std::span<const std::uint16_t> find_ends(std::span<const std::uint8_t> bytes);
  void add(std::span<const std::uint8_t> bytes);
  [[nodiscard]] Piece end_piece();
  void remember(std::span<const std::uint8_t> bytes);
};

}  // namespace lightseed::health
