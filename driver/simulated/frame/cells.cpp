// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/cells.h"

#include <algorithm>
#include <cmath>

namespace lightseed::simulated {
namespace {

constexpr double quadrature_reach = 9;  // standard deviations of E; 2.3e-19 lie beyond
constexpr unsigned most_parts = 1024;

}  // namespace

Cells::Cells(const ConvertedSignal& signal, unsigned least_parts) : noise_(signal.noise) {
  const Converter& converter = signal.converter;
  const double needed = std::ceil(16 * converter.step / noise_);
  parts_ = static_cast<std::ptrdiff_t>(std::clamp<double>(needed, std::min(least_parts, most_parts), most_parts));
  width_ = converter.step / static_cast<double>(parts_);
  const double span = converter.step * converter.codes() + 2 * signal.reach + 2 * std::abs(signal.offset);
  most_ = static_cast<std::ptrdiff_t>(std::ceil(std::min(quadrature_reach * noise_, span) / width_));
  first_ = parts_ - most_;
  const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(converter.codes() - 1) * parts_ + most_;
  below_.reserve(static_cast<std::size_t>(last - first_ + 1));
  for (std::ptrdiff_t k = first_; k <= last; ++k)
    below_.push_back(signal.cdf(converter.lowest - signal.offset + static_cast<double>(k) * width_));
}

double Cells::mass(std::ptrdiff_t cell) const noexcept {
  // Cells on both sides of 0 are mirror images; the smaller tails keep their digits.
  const auto near = static_cast<double>(cell >= 0 ? cell : -1 - cell);
  return normal_cdf(-near * width_ / noise_) - normal_cdf(-(near + 1) * width_ / noise_);
}

}  // namespace lightseed::simulated
