// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/photon_number/model.h"

#include <algorithm>
#include <cmath>

#include "driver/simulated/frame/converter.h"
#include "driver/simulated/frame/dice.h"

namespace lightseed::simulated {

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
  const double top = std::ldexp(1.0, static_cast<int>(bits)) - 1;
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
    const double low = std::clamp(std::floor(middle - 9 * deviation), 0.0, top);
    const double high = std::clamp(std::ceil(middle + 9 * deviation), 0.0, top);
    double below = 0;
    for (double c = low; c <= high; ++c) {
      const double above = c >= high ? 1 : normal_cdf((c + 0.5 - middle) / deviation);
      keep(c, poisson.p[i] * (above - below));
      below = above;
    }
  }
  for (double& p : law)
    p /= sum;
  return law;
}

PhotonNumberModel::Conditional PhotonNumberModel::conditional(const Pixel& pixel) const {
  constexpr int cells = 401;
  constexpr double reach = 8;  // standard deviations; 1.2e-15 lie beyond and count as known
  const PoissonLaw poisson(electrons * pixel.sensitivity);
  std::vector<double> seen(std::size_t{1} << kept_bits, 0.0);
  const auto guess = [&](double noise) {
    double best = 0;
    for (std::size_t i = 0; i < poisson.p.size(); ++i) {
      double& p = seen[code(static_cast<double>(poisson.first + i), pixel.dark + noise)];
      p += poisson.p[i];
      best = std::max(best, p);
    }
    for (std::size_t i = 0; i < poisson.p.size(); ++i)
      seen[code(static_cast<double>(poisson.first + i), pixel.dark + noise)] = 0;
    return best;
  };
  double average = read_noise > 0 ? 2 * normal_cdf(-reach) : 0;
  double worst = 0;
  const double width = 2 * reach / cells;
  for (int cell = 0; cell < (read_noise > 0 ? cells : 1); ++cell) {
    const double low = -reach + cell * width;
    const double here = guess(read_noise > 0 ? read_noise * (low + width / 2) : 0);
    average += here * (read_noise > 0 ? normal_cdf(low + width) - normal_cdf(low) : 1);
    if (std::abs(low + width / 2) <= bound) worst = std::max(worst, here);
  }
  if (read_noise > 0) {
    worst = std::max({worst, guess(bound * read_noise), guess(-bound * read_noise)});
    // Between the cells' middles lie other alignments of electrons and codes: one period of the converter in fine
    // steps.
    for (int i = 0; i < 256; ++i)
      worst = std::max(worst, guess(i / 256.0 / gain));
  }
  const auto bits_of = [](double p) { return std::max(0.0, -std::log2(std::min(1.0, p))); };
  return {bits_of(average), std::min(bits_of(worst), bits_of(average))};
}

}  // namespace lightseed::simulated
