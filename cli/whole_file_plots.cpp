// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "cli/audit_plots.h"
#include "cli/html.h"
#include "cli/svg_plot.h"
#include "stats/whole_file/power_spectrum.h"

namespace lightseed::cli {
namespace {

constexpr int scale_steps = 4;

std::vector<double> figures_of(const AuditTest& test) {
  std::vector<double> values;
  for (const auto& [name, value] : test.figures)
    values.push_back(value);
  return values;
}

std::string byte_values(const std::vector<double>& counts) {
  if (counts.empty()) return "";
  const auto values = static_cast<double>(counts.size());
  const double even = std::accumulate(counts.begin(), counts.end(), 0.0) / values;
  const double three = 3 * std::sqrt(even);
  Plot plot(
      {.id = "byte-values",
       .title = "Byte values",
       .text = "Bars: how often each byte value comes. Dashed: how often each comes on average. Band: three "
               "standard deviations about it.",
       .across = "byte value",
       .up = "how many",
       .right = values,
       .top = end_of_scale(std::max(even + three, *std::max_element(counts.begin(), counts.end())), scale_steps)});
  plot.band(0, values, std::max(0.0, even - three), even + three);
  for (std::size_t k = 0; k < counts.size(); ++k)
    plot.bar(static_cast<double>(k), static_cast<double>(k + 1), counts[k]);
  plot.level(even);
  return plot.figure() + rows_of_numbers("Numbers of this plot: count of each byte value", counts, 16, 0);
}

std::string autocorrelation(const std::vector<double>& r, double pairs) {
  const double three = 3 / std::sqrt(pairs);
  std::vector<double> x(r.size());
  std::iota(x.begin(), x.end(), 1.0);
  double most = 1.5 * three;
  for (const double value : r)
    most = std::max(most, std::abs(value));
  most = end_of_scale(most, scale_steps / 2);
  Plot plot({.id = "autocorrelation",
             .title = "Autocorrelation of bits",
             .text = "Points: correlation of bits with those so many places on. Band: three standard deviations, which "
                     "3 of 1024 points of a perfect source leave on average.",
             .across = "places on",
             .up = "correlation",
             .right = static_cast<double>(r.size()),
             .top = most,
             .bottom = -most});
  plot.band(0, static_cast<double>(r.size()), -three, three);
  plot.level(0);
  plot.points(x, r);
  return plot.figure() + rows_of_numbers("Numbers of this plot: correlation at each distance", r, 8, 1);
}

std::string spectrum(const std::vector<double>& r, double pairs) {
  const stats::PowerSpectrum found = stats::power_spectrum_of(r, static_cast<std::uint64_t>(pairs));
  std::vector<double> x(found.power.size());
  for (std::size_t k = 0; k < x.size(); ++k)
    x[k] = static_cast<double>(k) / (2 * static_cast<double>(x.size() - 1));
  double most = 0;
  for (std::size_t k = 0; k < x.size(); ++k)
    most = std::max({most, std::abs(found.power[k] - 1), 4 * found.deviation[k]});
  most = end_of_scale(most, scale_steps / 2);
  Plot plot({.id = "spectrum",
             .title = "Spectrum of bits",
             .text = "Points: power at each frequency, estimated from the autocorrelation; a period in the bits is a "
                     "peak. Dashed: 1, as independent bits have on average. Band: three standard deviations.",
             .across = "cycles a bit",
             .up = "power",
             .right = 0.5,
             .top = 1 + most,
             .bottom = std::max(0.0, 1 - most)});
  std::vector<double> three;
  for (const double deviation : found.deviation)
    three.push_back(3 * deviation);
  plot.bands(x, x[1] / 2, 1, three);
  plot.level(1);
  plot.points(x, found.power);
  return plot.figure() +
         rows_of_numbers("Numbers of this plot: power at each 1024th of a cycle a bit", found.power, 8, 0);
}

}  // namespace

std::string whole_file_plots(const AuditSuite& suite) {
  std::string text;
  for (const AuditTest& test : suite.tests) {
    const std::vector<double> values = figures_of(test);
    if (test.id == "byte-histogram") text += byte_values(values);
    // The number of pairs stands in front of their correlations.
    if (test.id != "autocorrelation" || values.size() < 2) continue;
    const std::vector<double> r(values.begin() + 1, values.end());
    text += autocorrelation(r, values.front()) + spectrum(r, values.front());
  }
  return text;
}

}  // namespace lightseed::cli
