// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "driver/simulated/frame/converter.h"

namespace lightseed::simulated {

/// The classical noise E of a converted signal, cut into cells: cell i holds E from i h to (i + 1) h, where h divides
/// the converter's step into `parts`. All edges of all codes, seen from all ends of cells, then lie on one grid of
/// spacing h, and the quantum noise's CDF is needed once at each of its points.
class Cells {
 public:
  /// `signal.noise` is above 0. A step has `least_parts` or more: so many that E's deviation is 16 cells, and at most
  /// 1024, below which noise moves nothing.
  Cells(const ConvertedSignal& signal, unsigned least_parts);

  /// Cells -most() … most() - 1 reach nine standard deviations of E, or as far as E alone carries every Q beyond the
  /// converter.
  [[nodiscard]] std::ptrdiff_t most() const noexcept { return most_; }
  [[nodiscard]] std::ptrdiff_t parts() const noexcept { return parts_; }
  [[nodiscard]] double width() const noexcept { return width_; }
  /// P(E in cell).
  [[nodiscard]] double mass(std::ptrdiff_t cell) const noexcept;
  /// P(Q + E + offset below the lower edge of `code`), for E at the lower end of `cell`.
  [[nodiscard]] double below(std::ptrdiff_t code, std::ptrdiff_t cell) const noexcept {
    return at(code * parts_ - cell);
  }
  /// The CDF at a point of the common grid.
  [[nodiscard]] double at(std::ptrdiff_t k) const noexcept { return below_[static_cast<std::size_t>(k - first_)]; }

 private:
  double noise_;
  std::ptrdiff_t parts_;
  double width_;
  std::ptrdiff_t most_;
  std::ptrdiff_t first_;
  std::vector<double> below_;
};

}  // namespace lightseed::simulated
