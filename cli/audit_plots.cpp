// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_plots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "cli/figure.h"
#include "cli/html.h"
#include "cli/printable.h"

namespace lightseed::cli {
namespace {

constexpr double least_passing_p = 0.01;
constexpr std::size_t most_points = 2'000;

std::string tenths(const AuditSuite& suite, bool drawn) {
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
  std::vector<std::string> titles;
  for (std::size_t k = 0; k < bins.size(); ++k) {
    titles.push_back(fmt::format("{:.1f} to {:.1f}", static_cast<double>(k) / 10, static_cast<double>(k + 1) / 10));
  }
  const Figure figure{.id = suite.id + "-tenths",
                      .title = fmt::format("{}s of all tests, in tenths", value),
                      .text = fmt::format("Bars: how many {}s fall into each tenth. Dashed: a tenth of all, which a "
                                          "perfect source has on average.",
                                          value),
                      .kind = "bars",
                      .data = {{"across", value},
                               {"up", "how many"},
                               {"left", 0},
                               {"right", 1},
                               {"from", 0},
                               {"step", 0.1},
                               {"heights", plot_numbers(bins)},
                               {"level", plot_number(all / 10)},
                               {"said", titles}}};
  return figure_html(
      figure, row_of_numbers(fmt::format("Numbers of this plot: {}s in each tenth", value), titles, bins), drawn);
}

std::string sorted_p(const AuditSuite& suite, bool drawn) {
  std::vector<double> p;
  for (const AuditTest& test : suite.tests) {
    for (const auto& value : test.p) {
      if (value) p.push_back(*value);
    }
  }
  if (p.size() < 2) return "";
  std::sort(p.begin(), p.end());
  const std::size_t step = (p.size() + most_points - 1) / most_points;
  std::vector<double> y;
  for (std::size_t k = 0; k < p.size(); k += step)
    y.push_back(p[k]);
  const auto all = static_cast<double>(p.size());
  const Figure figure{
      .id = suite.id + "-sorted",
      .title = "Sorted p-values",
      .text = fmt::format(
          "Points: {} p-values by size{}. Dashed: where those of a perfect source lie on average; p-values of "
          "one test depend on each other, so that they wander about it.",
          p.size(), step > 1 ? fmt::format(", one of {} is drawn", step) : ""),
      .kind = "points",
      .data = {{"across", "share of p-values that are smaller"},
               {"up", "p-value"},
               {"left", 0},
               {"right", 1},
               {"from", 0.5 / all},
               {"step", static_cast<double>(step) / all},
               {"points", plot_numbers(y)},
               {"line", {0, 0, 1, 1}}}};
  // When all are drawn, the lists of the report have them.
  return figure_html(figure, step > 1 ? rows_of_numbers("Numbers of this plot: sorted p-values", y, 10, 1) : "", drawn);
}

/// SP 800-22 4.2.1 and GM/T 0005 6.2: three standard deviations, of the sequences to which a statistic applied.
std::string proportions(const AuditSuite& suite, bool drawn) {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> three;
  std::vector<std::string> said;
  for (const AuditTest& test : suite.tests) {
    for (std::size_t k = 0; k < test.items.size(); ++k) {
      const AuditItem& item = test.items[k];
      if (item.sequences == 0) continue;
      const auto n = static_cast<double>(item.sequences);
      x.push_back(static_cast<double>(x.size() + 1));
      y.push_back(1 - static_cast<double>(item.below) / n);
      three.push_back(3 * std::sqrt(least_passing_p * (1 - least_passing_p) / n));
      said.push_back(printable(test.items.size() > 1 ? fmt::format("{}, statistic {}", test.id, k + 1) : test.id));
    }
  }
  if (suite.sequences < 2 || x.empty()) return "";
  const Figure figure{
      .id = suite.id + "-proportions",
      .title = "Proportion of sequences that pass, for each statistic",
      .text =
          "Points: share of sequences with p of at least 0.01, the statistics in the order of the table. "
          "Band: 0.99 plus and minus 3 standard deviations; it is wider where a statistic applied to "
          "fewer sequences. Dashed: 0.99.",
      .kind = "points",
      .data = {{"across", "statistic"},
               {"up", "proportion"},
               {"left", 0.5},
               {"right", static_cast<double>(x.size()) + 0.5},
               {"from", 1},
               {"step", 1},
               {"points", plot_numbers(y)},
               {"said", said},
               {"bands", bands_about(x, 0.5, 1 - least_passing_p, three)},
               {"level", 1 - least_passing_p}}};
  return figure_html(figure, rows_of_numbers("Numbers of this plot: proportion of each statistic", y, 10, 1), drawn);
}

}  // namespace

std::string p_value_plots(const AuditSuite& suite, bool drawn) {
  return tenths(suite, drawn) + sorted_p(suite, drawn) + proportions(suite, drawn);
}

}  // namespace lightseed::cli
