// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cli/html.h"
#include "cli/svg_plot.h"

namespace lightseed::cli {
namespace {

constexpr double least_passing_p = 0.01;
constexpr std::size_t most_points = 2'000;
constexpr int plot_steps = 4;

std::string tenths(const AuditSuite& suite) {
  std::array<double, 10> bins{};
  double all = 0;
  bool has_q = false;
  for (const AuditTest& test : suite.tests) {
    has_q = has_q || !test.q.empty();
    for (const AuditItem& item : test.items) {
      for (std::size_t k = 0; k < bins.size(); ++k) {
        bins.at(k) += static_cast<double>(item.bins.at(k));
        all += static_cast<double>(item.bins.at(k));
      }
    }
  }
  if (all == 0) return "";
  const char* const value = has_q ? "Q-value" : "p-value";
  Plot plot({.id = suite.id + "-tenths",
             .title = fmt::format("{}s of all tests, in tenths", value),
             .text = fmt::format("Bars: how many {}s fall into each tenth. Dashed: a tenth of all, which a perfect "
                                 "source has on average.",
                                 value),
             .across = value,
             .up = "how many",
             .top = end_of_scale(*std::max_element(bins.begin(), bins.end()), plot_steps)});
  std::vector<std::string> titles;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    const double from = static_cast<double>(k) / 10;
    const double to = static_cast<double>(k + 1) / 10;
    plot.bar(from, to, bins.at(k));
    titles.push_back(fmt::format("{:.1f} to {:.1f}", from, to));
  }
  plot.level(all / 10);
  return plot.figure() + row_of_numbers(fmt::format("Numbers of this plot: {}s in each tenth", value), titles, bins);
}

std::string sorted_p(const AuditSuite& suite) {
  std::vector<double> p;
  for (const AuditTest& test : suite.tests) {
    for (const auto& value : test.p) {
      if (value) p.push_back(*value);
    }
  }
  if (p.size() < 2) return "";
  std::sort(p.begin(), p.end());
  const std::size_t step = (p.size() + most_points - 1) / most_points;
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t k = 0; k < p.size(); k += step) {
    x.push_back((static_cast<double>(k) + 0.5) / static_cast<double>(p.size()));
    y.push_back(p[k]);
  }
  Plot plot({.id = suite.id + "-sorted",
             .title = "Sorted p-values",
             .text = fmt::format(
                 "Points: {} p-values by size{}. Dashed: where those of a perfect source lie on average; p-values of "
                 "one test depend on each other, so that they wander about it.",
                 p.size(), step > 1 ? fmt::format(", one of {} is drawn", step) : ""),
             .across = "share of p-values that are smaller",
             .up = "p-value"});
  plot.line(0, 0, 1, 1);
  plot.points(x, y);
  // When all are drawn, the lists of the report have them.
  return plot.figure() + (step > 1 ? rows_of_numbers("Numbers of this plot: sorted p-values", y, 10, 1) : "");
}

/// SP 800-22 4.2.1 and GM/T 0005 6.2: three standard deviations, of the sequences to which a statistic applied.
std::string proportions(const AuditSuite& suite) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> three;
  for (const AuditTest& test : suite.tests) {
    for (const AuditItem& item : test.items) {
      if (item.sequences == 0) continue;
      const auto n = static_cast<double>(item.sequences);
      x.push_back(static_cast<double>(x.size() + 1));
      y.push_back(1 - static_cast<double>(item.below) / n);
      three.push_back(3 * std::sqrt(least_passing_p * (1 - least_passing_p) / n));
    }
  }
  if (suite.sequences < 2 || x.empty()) return "";
  const double widest = *std::max_element(three.begin(), three.end());
  const double most_missing = std::max(least_passing_p + widest, 1 - *std::min_element(y.begin(), y.end()));
  Plot plot({.id = suite.id + "-proportions",
             .title = "Proportion of sequences that pass, for each statistic",
             .text = "Points: share of sequences with p of at least 0.01, the statistics in the order of the table. "
                     "Band: 0.99 plus and minus 3 standard deviations; it is wider where a statistic applied to "
                     "fewer sequences. Dashed: 0.99.",
             .across = "statistic",
             .up = "proportion",
             .right = end_of_scale(static_cast<double>(x.size() + 1), plot_steps),
             .bottom = 1 - std::min(1.0, end_of_scale(most_missing, plot_steps))});
  plot.bands(x, 0.5, 1 - least_passing_p, three);
  plot.level(1 - least_passing_p);
  plot.points(x, y);
  return plot.figure() + rows_of_numbers("Numbers of this plot: proportion of each statistic", y, 10, 1);
}

}  // namespace

std::string p_value_plots(const AuditSuite& suite) {
  return tenths(suite) + sorted_p(suite) + proportions(suite);
}

}  // namespace lightseed::cli
