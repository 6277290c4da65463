// SPDX-License-Identifier: Apache-2.0
#include "stats/sp800_90b/iid/iid_faults.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <optional>

#include "stats/sp800_90b/iid/iid_assessment.h"

namespace lightseed::sp800_90b {
namespace {

constexpr std::array<std::string_view, 3> first_ids{"chi-square-independence", "chi-square-goodness-of-fit",
                                                    "longest-repeat"};

/// What a test's figures come to; nothing where they are impossible or of another test.
struct Outcome {
  bool passed = false;
  bool borderline = false;
};

bool same_value(double a, double b) {
  return std::abs(a - b) <= 1e-10 * std::max(1.0, std::abs(a));
}

/// The figures of test number `place`.
class Again {
 public:
  Again(const IidRecord& iid, std::uint64_t samples, std::size_t place)
      : rounds_(iid.rounds), samples_(samples), place_(place) {}

  std::optional<Outcome> operator()(const ChiSquareFigures& x) const {
    const ChiSquare test = chi_square(x.t, x.df);
    if (place_ > 1 || x.t < 0 || !same_value(x.p, test.p)) return std::nullopt;
    return Outcome{test.passed(), test.borderline()};
  }

  std::optional<Outcome> operator()(const LongestRepeatFigures& x) const {
    if (place_ != 2 || x.w >= samples_ || x.p_col <= 0) return std::nullopt;
    const LongestRepeatTest test = longest_repeat_test(x.p_col, x.w, samples_);
    if (!same_value(x.p, test.probability)) return std::nullopt;
    return Outcome{test.passed(), test.borderline()};
  }

  std::optional<Outcome> operator()(const PermutationFigures& x) const {
    if (place_ < first_ids.size() || x.c0 + x.c1 + x.c2 > rounds_) return std::nullopt;
    const Ranking ranking{.original = x.original,
                          .greater = static_cast<std::uint32_t>(x.c0),
                          .equal = static_cast<std::uint32_t>(x.c1),
                          .smaller = static_cast<std::uint32_t>(x.c2)};
    return Outcome{ranking.passed(), ranking.borderline()};
  }

  std::optional<Outcome> operator()(const NotRunFigures&) const {
    if (place_ < first_ids.size()) return std::nullopt;
    return Outcome{};
  }

 private:
  std::uint64_t rounds_;
  std::uint64_t samples_;
  std::size_t place_;
};

std::string_view id_at(std::size_t place) {
  return place < first_ids.size() ? first_ids[place] : statistic_ids()[place - first_ids.size()];
}

}  // namespace

std::vector<std::string> faults_of_iid(const IidRecord& iid, std::uint64_t samples) {
  std::vector<std::string> faults;
  if (iid.tests.size() != first_ids.size() + statistics_count) return {"tests of section 5 are missing"};
  bool failed = false;
  bool borderline = false;
  bool left_out = false;
  for (std::size_t i = 0; i < iid.tests.size(); ++i) {
    const IidTestRecord& test = iid.tests[i];
    if (test.id != id_at(i)) return {fmt::format("test {} of section 5 is not {}", i + 1, id_at(i))};
    const auto again = std::visit(Again(iid, samples, i), test.figures);
    if (!again) {
      faults.push_back(fmt::format("the figures of test {} do not follow from each other", test.id));
      continue;
    }
    if (std::holds_alternative<NotRunFigures>(test.figures)) {
      left_out = true;
      continue;
    }
    if (test.passed != again->passed || test.borderline != again->borderline) {
      faults.push_back(fmt::format("the verdict of test {} is not that of its figures", test.id));
    }
    failed = failed || !again->passed;
    borderline = borderline || again->borderline;
  }
  // A statistic is left out only once another has failed.
  if (left_out && !failed) faults.emplace_back("tests of section 5 were not run, though none had failed");
  if (iid.passed != (!failed && !left_out) || iid.borderline != borderline) {
    faults.emplace_back("the IID verdict does not follow from the tests");
  }
  return faults;
}

}  // namespace lightseed::sp800_90b
