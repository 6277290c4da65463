// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/photon_number/model.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "driver/simulated/frame/converter.h"
#include "driver/simulated/frame/dice.h"

namespace lightseed::simulated {
namespace {

/// Which electron numbers share a code changes with the noise, one number at a time: at certain noises a number of
/// electrons moves to the next code. Between two noises the adversary is given the best of all the states passed.
class Sweep {
 public:
  Sweep(const PhotonNumberModel& model, const PhotonNumberModel::Pixel& pixel)
      : model_(model),
        dark_(pixel.dark),
        law_(model.electrons * pixel.sensitivity),
        kept_(law_.p.size()),
        seen_(std::size_t{1} << model.kept_bits, 0.0) {}

  /// The largest probability of any code, for any noise from `from` to `to` electrons.
  double most_likely(double from, double to) {
    moves_.clear();
    double best = 0;
    for (std::size_t i = 0; i < law_.p.size(); ++i) {
      const double at = place(i, from);
      double step = std::floor(std::clamp(at, 0.0, top()) / unit());
      kept_[i] = kept(step);
      best = std::max(best, seen_[kept_[i]] += law_.p[i]);
      const double end = std::min(place(i, to), top());
      while (++step * unit() <= end)
        moves_.push_back({std::nearbyint((step * unit() - at) * 1e6 + 0.2137), i, kept(step)});
    }
    std::sort(moves_.begin(), moves_.end(), [](const Move& a, const Move& b) { return a.when < b.when; });
    for (std::size_t i = 0; i < moves_.size();) {
      // Numbers that move at the same noise move together: what is between is no state of the converter.
      std::size_t end = i;
      for (; end < moves_.size() && moves_[end].when <= moves_[i].when; ++end) {
        const Move& move = moves_[end];
        seen_[kept_[move.number]] -= law_.p[move.number];
        seen_[move.to] += law_.p[move.number];
        kept_[move.number] = move.to;
      }
      for (; i < end; ++i)
        best = std::max(best, seen_[moves_[i].to]);
    }
    for (const std::size_t code : kept_)
      seen_[code] = 0;
    return best;
  }

 private:
  struct Move {
    double when;  ///< millionths of a code
    std::size_t number;
    std::size_t to;
  };

  const PhotonNumberModel& model_;
  double dark_;
  PoissonLaw law_;
  std::vector<std::size_t> kept_;  ///< the code of each number of electrons
  std::vector<double> seen_;       ///< probability of each code
  std::vector<Move> moves_;

  [[nodiscard]] double top() const noexcept { return std::ldexp(1.0, static_cast<int>(model_.bits)) - 1; }
  [[nodiscard]] double unit() const noexcept { return std::ldexp(1.0, static_cast<int>(model_.low_bit)); }
  [[nodiscard]] double place(std::size_t i, double noise) const noexcept {
    const double electrons = std::min(static_cast<double>(law_.first + i), model_.full_well);
    return model_.gain * (electrons + dark_ + noise) + model_.offset + 0.5;
  }
  [[nodiscard]] std::size_t kept(double step) const noexcept {
    return static_cast<std::size_t>(step) & ((std::size_t{1} << model_.kept_bits) - 1);
  }
};

}  // namespace

PoissonLaw::PoissonLaw(double mean) {
  const double reach = 9 * std::sqrt(mean) + 30;
  first = static_cast<std::size_t>(std::max(0.0, std::floor(mean - reach)));
  const auto last = static_cast<std::size_t>(std::ceil(mean + reach));
  for (std::size_t n = first; n <= last; ++n) {
    const auto x = static_cast<double>(n);
    p.push_back(mean > 0 ? std::exp(x * std::log(mean) - mean - log_factorial(x)) : (n == 0 ? 1.0 : 0.0));
  }
}

unsigned PhotonNumberModel::code(double n, double noise) const noexcept {
  const double top = (1U << bits) - 1;
  const double whole = std::clamp(std::floor(gain * (std::min(n, full_well) + noise) + offset + 0.5), 0.0, top);
  return static_cast<unsigned>(whole) >> low_bit & ((1U << kept_bits) - 1);
}

std::vector<double> PhotonNumberModel::law(const Pixel& pixel) const {
  const PoissonLaw poisson(electrons * pixel.sensitivity);
  const double top = std::ldexp(1.0, static_cast<int>(bits)) - 1;
  const double deviation = gain * read_noise;
  std::vector<double> law(std::size_t{1} << kept_bits, 0.0);
  const auto keep = [&](double whole, double p) {
    law[static_cast<unsigned>(whole) >> low_bit & ((1U << kept_bits) - 1)] += p;
  };
  double sum = 0;
  for (std::size_t i = 0; i < poisson.p.size(); ++i) {
    const double n = std::min(static_cast<double>(poisson.first + i), full_well);
    const double middle = gain * (n + pixel.dark) + offset;
    sum += poisson.p[i];
    if (deviation <= 0) {
      keep(std::clamp(std::floor(middle + 0.5), 0.0, top), poisson.p[i]);
      continue;
    }
    const auto low = static_cast<std::int64_t>(std::clamp(std::floor(middle - 9 * deviation), 0.0, top));
    const auto high = static_cast<std::int64_t>(std::clamp(std::ceil(middle + 9 * deviation), 0.0, top));
    double below = 0;
    for (std::int64_t code = low; code <= high; ++code) {
      const auto c = static_cast<double>(code);
      const double above = code >= high ? 1 : normal_cdf((c + 0.5 - middle) / deviation);
      keep(c, poisson.p[i] * (above - below));
      below = above;
    }
  }
  for (double& p : law)
    p /= sum;
  return law;
}

PhotonNumberModel::Conditional PhotonNumberModel::conditional(const Pixel& pixel) const {
  constexpr double reach = 8;  // standard deviations; 1.2e-15 lie beyond and count as known
  Sweep sweep(*this, pixel);
  if (read_noise <= 0) {
    const double bits_here = bits_of(sweep.most_likely(0, 0));
    return {bits_here, bits_here};
  }
  const double periods = 2 * reach * read_noise * gain / std::ldexp(1.0, static_cast<int>(low_bit));
  const auto cells = static_cast<int>(std::clamp(std::ceil(32 * periods), 1024.0, 4096.0));
  const double width = 2 * reach / cells;
  double average = 2 * normal_cdf(-reach);
  double worst = 0;
  for (int cell = 0; cell < cells; ++cell) {
    const double low = -reach + cell * width;
    const double here = sweep.most_likely(read_noise * low, read_noise * (low + width));
    const double tail = std::max(low, -low - width);  // on the side where the tail is the smaller
    average += here * (normal_cdf(-tail) - normal_cdf(-tail - width));
    if (low <= bound && low + width >= -bound) worst = std::max(worst, here);
  }
  return {bits_of(average), bits_of(worst)};
}

}  // namespace lightseed::simulated
