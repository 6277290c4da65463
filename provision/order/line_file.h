// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/temporary_file.h"
#include "provision/order/order_line.h"

namespace lightseed {

/// The lines of a long order, in a temporary file, piece by piece. They say which SIMs get keys, and their profiles are
/// addresses in this process: a piece is taken only when it is what was written. A disk may lose what it took, and
/// tells nobody who does not wait for it.
class LineFile {
 public:
  /// `lines_a_piece` > 0. Throws Error(io).
  explicit LineFile(std::size_t lines_a_piece);

  /// The next piece; every one but the last is full. Throws Error(io).
  void append(std::span<const OrderLine> piece);

  [[nodiscard]] std::size_t lines_a_piece() const noexcept { return lines_a_piece_; }

  /// Piece `number`, from 0, in the place of what `piece` held. Throws Error(io), also for one that is not as it was
  /// written.
  void read(std::size_t number, std::vector<OrderLine>& piece) const;

 private:
  struct Written {
    std::size_t lines;
    std::uint64_t digest;
  };

  std::size_t lines_a_piece_;
  TemporaryFile file_;
  std::vector<Written> pieces_;
};

}  // namespace lightseed
