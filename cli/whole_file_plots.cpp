// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "cli/audit_plots.h"
#include "cli/figure.h"
#include "cli/html.h"
#include "stats/whole_file/power_spectrum.h"

namespace lightseed::cli {
namespace {

std::vector<double> figures_of(const AuditTest& test) {
  std::vector<double> values;
  for (const auto& [name, value] : test.figures)
    values.push_back(value);
  return values;
}

std::string byte_values(const std::vector<double>& counts, bool drawn) {
  if (counts.empty()) return "";
  const auto values = static_cast<double>(counts.size());
  const double even = std::accumulate(counts.begin(), counts.end(), 0.0) / values;
  const double three = 3 * std::sqrt(even);
  const Figure figure{
      .id = "byte-values",
      .title = "Byte values",
      .text =
          "Points: how often each byte value comes. Dashed: how often each comes on average. Band: three standard "
          "deviations about it; 0.7 of 256 points of a perfect source are outside on average.",
      .kind = "points",
      .data = {{"across", "byte value"},
               {"up", "how many"},
               {"left", -0.5},
               {"right", values - 0.5},
               {"from", 0},
               {"step", 1},
               {"points", plot_numbers(counts)},
               {"bands", {{-0.5, values - 0.5, plot_number(std::max(0.0, even - three)), plot_number(even + three)}}},
               {"level", plot_number(even)}}};
  return figure_html(figure, rows_of_numbers("Numbers of this plot: count of each byte value", counts, 16, 0), drawn);
}

std::string autocorrelation(const std::vector<double>& r, double pairs, bool drawn) {
  const double three = 3 / std::sqrt(pairs);
  const auto places = static_cast<double>(r.size());
  const Figure figure{
      .id = "autocorrelation",
      .title = "Autocorrelation of bits",
      .text =
          "Points: correlation of bits with those so many places on. Band: three standard deviations, which "
          "3 of 1024 points of a perfect source leave on average.",
      .kind = "points",
      .data = {{"across", "places on"},
               {"up", "correlation"},
               {"left", 0},
               {"right", places + 1},
               {"from", 1},
               {"step", 1},
               {"points", plot_numbers(r)},
               {"bands", {{0, places + 1, plot_number(-three), plot_number(three)}}},
               {"level", 0}}};
  return figure_html(figure, rows_of_numbers("Numbers of this plot: correlation at each distance", r, 8, 1), drawn);
}

std::string spectrum(const std::vector<double>& r, double pairs, bool drawn) {
  const stats::PowerSpectrum found = stats::power_spectrum_of(r, static_cast<std::uint64_t>(pairs));
  std::vector<double> x(found.power.size());
  std::vector<double> three;
  for (std::size_t k = 0; k < x.size(); ++k) {
    x[k] = static_cast<double>(k) / (2 * static_cast<double>(x.size() - 1));
    three.push_back(3 * found.deviation[k]);
  }
  const Figure figure{
      .id = "spectrum",
      .title = "Spectrum of bits",
      .text =
          "Points: power at each frequency, estimated from the autocorrelation; a period in the bits is a "
          "peak. Dashed: 1, as independent bits have on average. Band: three standard deviations.",
      .kind = "points",
      .data = {{"across", "cycles a bit"},
               {"up", "power"},
               {"left", 0},
               {"right", 0.5},
               {"from", 0},
               {"step", x[1]},
               {"points", plot_numbers(found.power)},
               {"bands", bands_about(x, x[1] / 2, 1, three)},
               {"level", 1}}};
  return figure_html(
      figure, rows_of_numbers("Numbers of this plot: power at each 1024th of a cycle a bit", found.power, 8, 0), drawn);
}

}  // namespace

std::string whole_file_plots(const AuditSuite& suite, bool drawn) {
  std::string text;
  for (const AuditTest& test : suite.tests) {
    const std::vector<double> values = figures_of(test);
    if (test.id == "byte-histogram") text += byte_values(values, drawn);
    // The number of pairs stands in front of their correlations.
    if (test.id != "autocorrelation" || values.size() < 2) continue;
    const std::vector<double> r(values.begin() + 1, values.end());
    text += autocorrelation(r, values.front(), drawn) + spectrum(r, values.front(), drawn);
  }
  return text;
}

}  // namespace lightseed::cli
