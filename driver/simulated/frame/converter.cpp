// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/converter.h"

#include <cstddef>
#include <deque>
#include <numbers>

namespace lightseed::simulated {
namespace {

constexpr double quadrature_reach = 9;  // standard deviations of E; 2.3e-19 lie beyond

/// The cells of E: cell i is centred at i h, where h divides the converter's step into `parts`. All edges of all codes,
/// seen from all cells, then lie on one grid of spacing h, and the CDF is needed once at each of its points.
class Cells {
 public:
  Cells(const ConvertedSignal& signal, unsigned least_parts) : signal_(signal) {
    const Converter& converter = signal.converter;
    const double needed = signal.noise > 0 ? std::ceil(16 * converter.step / signal.noise) : 1;
    // Noise far below a step moves nothing; its cells need not be finer than 1/1024 of one.
    parts_ = static_cast<std::ptrdiff_t>(signal.noise > 0 ? std::clamp<double>(needed, least_parts, 1024) : 1);
    width_ = converter.step / static_cast<double>(parts_);
    // Where E alone carries any Q beyond the converter, the end code is certain.
    const double span = converter.step * converter.codes() + 2 * signal.reach + 2 * std::abs(signal.offset);
    most_ = static_cast<std::ptrdiff_t>(std::ceil(std::min(quadrature_reach * signal.noise, span) / width_));
    first_ = parts_ - most_;
    const std::ptrdiff_t last = static_cast<std::ptrdiff_t>(converter.codes() - 1) * parts_ + most_;
    for (std::ptrdiff_t k = first_; k <= last; ++k)
      below_.push_back(signal.cdf(converter.lowest - signal.offset + static_cast<double>(k) * width_));
  }

  [[nodiscard]] std::ptrdiff_t most() const noexcept { return most_; }
  [[nodiscard]] std::ptrdiff_t parts() const noexcept { return parts_; }
  [[nodiscard]] double centre(std::ptrdiff_t cell) const noexcept { return static_cast<double>(cell) * width_; }
  [[nodiscard]] double mass(std::ptrdiff_t cell) const noexcept {
    if (signal_.noise <= 0) return 1;
    const double far = std::abs(static_cast<double>(cell));
    return normal_cdf(-(far - 0.5) * width_ / signal_.noise) - normal_cdf(-(far + 0.5) * width_ / signal_.noise);
  }
  /// P(Q + E + offset below the lower edge of `code`), E in the middle of `cell`.
  [[nodiscard]] double below(std::ptrdiff_t code, std::ptrdiff_t cell) const noexcept {
    return at(code * parts_ - cell);
  }
  /// The CDF at a point of the common grid.
  [[nodiscard]] double at(std::ptrdiff_t k) const noexcept { return below_[static_cast<std::size_t>(k - first_)]; }

 private:
  const ConvertedSignal& signal_;
  std::ptrdiff_t parts_ = 1;
  double width_ = 0;
  std::ptrdiff_t most_ = 0;
  std::ptrdiff_t first_ = 0;
  std::vector<double> below_;
};

/// The likeliest inner code's probability for every cell. From one cell to the one `parts` further, the inner codes'
/// window on the grid moves by one code: a sliding maximum.
std::vector<double> likeliest_inner(const Cells& cells, std::uint32_t codes) {
  std::vector<double> best(static_cast<std::size_t>(2 * cells.most() + 1), 0.0);
  if (codes <= 2) return best;
  const std::ptrdiff_t window = static_cast<std::ptrdiff_t>(codes) - 2;
  for (std::ptrdiff_t residue = 0; residue < cells.parts(); ++residue) {
    std::deque<std::pair<std::ptrdiff_t, double>> largest;  // decreasing; front is the maximum
    std::ptrdiff_t next = 0;                                // first code position not yet seen, from the lowest cell
    // Cells with cell ≡ most - residue (mod parts), from the highest down, so that the window moves upwards.
    std::ptrdiff_t moved = 0;
    for (std::ptrdiff_t cell = cells.most() - residue; cell >= -cells.most(); cell -= cells.parts(), ++moved) {
      for (; next < moved + window; ++next) {
        const std::ptrdiff_t k = (1 + next) * cells.parts() - (cells.most() - residue);
        const double p = cells.at(k + cells.parts()) - cells.at(k);
        while (!largest.empty() && largest.back().second <= p)
          largest.pop_back();
        largest.emplace_back(next, p);
      }
      while (largest.front().first < moved)
        largest.pop_front();
      best[static_cast<std::size_t>(cell + cells.most())] = largest.front().second;
    }
  }
  return best;
}

}  // namespace

double normal_cdf(double x) noexcept {
  return std::erfc(-x / std::numbers::sqrt2) / 2;
}

ConditionalMinEntropy conditional_min_entropy(const ConvertedSignal& signal, double bound) {
  const std::uint32_t codes = signal.converter.codes();
  const Cells cells(signal, signal.converter.bits <= 8 ? 32 : signal.converter.bits <= 12 ? 8 : 2);
  const std::vector<double> inner = likeliest_inner(cells, codes);
  double guess = 0;
  double covered = 0;
  double worst = 0;
  for (std::ptrdiff_t cell = -cells.most(); cell <= cells.most(); ++cell) {
    const double low = cells.below(1, cell);
    const double high = 1 - cells.below(static_cast<std::ptrdiff_t>(codes) - 1, cell);
    const double likeliest = std::max({low, high, inner[static_cast<std::size_t>(cell + cells.most())]});
    guess += cells.mass(cell) * likeliest;
    covered += cells.mass(cell);
    if (std::abs(cells.centre(cell)) <= bound * signal.noise) worst = std::max(worst, likeliest);
  }
  // The end codes are likeliest at the very ends of the bound.
  const double far = bound * signal.noise + signal.offset;
  const double far_low = -bound * signal.noise + signal.offset;
  worst = std::max(
      {worst, signal.cdf(signal.converter.edge(1) - far_low), 1 - signal.cdf(signal.converter.edge(codes - 1) - far)});
  const auto bits = [](double p) { return std::max(0.0, -std::log2(std::min(1.0, p))); };
  return {bits(guess + std::max(0.0, 1 - covered)), bits(worst)};
}

std::vector<double> marginal_law(const ConvertedSignal& signal) {
  const std::uint32_t codes = signal.converter.codes();
  const Cells cells(signal, signal.converter.bits <= 8 ? 32 : 8);
  std::vector<double> below(codes + 1, 0.0);
  double covered = 0;
  for (std::ptrdiff_t cell = -cells.most(); cell <= cells.most(); ++cell) {
    const double mass = cells.mass(cell);
    covered += mass;
    for (std::uint32_t code = 1; code < codes; ++code)
      below[code] += mass * cells.below(code, cell);
  }
  below[codes] = covered;
  std::vector<double> law(codes);
  for (std::uint32_t code = 0; code < codes; ++code)
    law[code] = std::max(0.0, below[code + 1] - below[code]) / covered;
  return law;
}

std::uint16_t likeliest_code(const ConvertedSignal& signal, double e, std::span<const double> candidates) {
  const double last = signal.converter.codes() - 1;
  const double shift = signal.offset + e;
  double best = signal.cdf(signal.converter.edge(1) - shift);
  double likeliest = 0;
  const auto consider = [&](double code, double p) {
    if (p > best) {
      best = p;
      likeliest = code;
    }
  };
  consider(last, 1 - signal.cdf(signal.converter.edge(last) - shift));
  for (const double code : candidates) {
    if (code <= 0 || code >= last) continue;
    consider(code,
             signal.cdf(signal.converter.edge(code + 1) - shift) - signal.cdf(signal.converter.edge(code) - shift));
  }
  return static_cast<std::uint16_t>(likeliest);
}

double min_entropy_of(const std::vector<double>& law) {
  return -std::log2(*std::max_element(law.begin(), law.end()));
}

double log2_beyond(double bound) {
  return std::log2(std::erfc(bound / std::numbers::sqrt2));
}

}  // namespace lightseed::simulated
