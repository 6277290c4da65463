// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/p_value_suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/error.h"
#include "stats/audit/percent.h"
#include "stats/sequence/sequence.h"
#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

constexpr double least_uniformity = 1e-4;  // SP 800-22 4.2.2, GM/T 0005 6.3

bool within(const Bounds& bounds, std::uint64_t passed) {
  return static_cast<double>(passed) >= bounds.least && static_cast<double>(passed) <= bounds.most;
}

class PValueRun : public SuiteRun {
 public:
  explicit PValueRun(PValueSuite suite) : suite_(std::move(suite)) {
    record_.id = suite_.id;
    record_.profile = suite_.profile;
    record_.parameters = suite_.parameters;
    record_.sequence_bits = suite_.sequence_bits;
    for (const PValueTest& test : suite_.tests) {
      record_.tests.push_back(
          {.id = std::string(test.id), .clause = std::string(test.clause), .outcome = AuditOutcome::not_run});
    }
  }

  [[nodiscard]] std::size_t chunk_bytes() const override { return suite_.sequence_bits / 8; }

  [[nodiscard]] std::function<void()> look(std::span<const std::byte> chunks) override {
    std::vector<Results> all;
    for (std::size_t at = 0; at + chunk_bytes() <= chunks.size(); at += chunk_bytes())
      all.push_back(suite_.run(packed_bits(chunks.subspan(at, chunk_bytes()), suite_.sequence_bits)));
    return [this, all = std::move(all)] {
      for (const Results& results : all)
        note(results);
    };
  }

  [[nodiscard]] std::uint64_t most_chunks() const override { return suite_.plan ? suite_.plan->sequences : UINT64_MAX; }

  void begin_at(std::uint64_t chunk) override { first_ = chunk; }

  void close(std::span<const std::byte> rest) override {
    const std::uint64_t bits = rest.size() * 8;
    if (first_ + record_.sequences == 0 && suite_.may_be_shorter && bits > 0) {
      record_.sequence_bits = bits;
      note(suite_.run(packed_bits(rest, bits)));
    } else {
      record_.trailing_bits = bits;
    }
  }

  [[nodiscard]] AuditPartSuite part() const override {
    AuditPartSuite part{.id = record_.id,
                        .sequences = record_.sequences,
                        .sequence_bits = record_.sequence_bits,
                        .trailing_bits = record_.trailing_bits,
                        .listed = record_.listed};
    for (const AuditTest& test : record_.tests) {
      part.tests.push_back({.id = test.id,
                            .run = test.outcome != AuditOutcome::not_run,
                            .items = test.items,
                            .p = test.p,
                            .q = test.q,
                            .figures = test.figures});
    }
    return part;
  }

  void append(const AuditPartSuite& part) override {
    require_part_of(record_.id, record_.tests, part);
    if (part.sequences > 0) record_.sequence_bits = part.sequence_bits;
    record_.sequences += part.sequences;
    record_.trailing_bits += part.trailing_bits;
    record_.listed += part.listed;
    for (std::size_t t = 0; t < record_.tests.size(); ++t)
      append(record_.tests[t], part.tests[t]);
  }

  [[nodiscard]] AuditSuite conclude() override {
    for (std::size_t t = 0; t < record_.tests.size(); ++t)
      conclude(record_.tests[t], suite_.tests[t]);
    state_rule();
    return std::move(record_);
  }

 private:
  using Results = std::vector<std::optional<TestResult>>;

  PValueSuite suite_;
  AuditSuite record_;
  std::uint64_t first_ = 0;  ///< sequences of the stream that are another run's

  static void append(AuditTest& test, const AuditPartTest& part) {
    if (!part.run) return;
    test.outcome = AuditOutcome::pass;
    if (test.items.empty()) test.items.resize(part.items.size());
    if (test.items.size() != part.items.size()) {
      throw Error(Category::malformed,
                  fmt::format("{}: parts of an audit differ in how many statistics it has", test.id));
    }
    for (std::size_t k = 0; k < test.items.size(); ++k)
      lightseed::stats::append(test.items[k], part.items[k]);
    test.p.insert(test.p.end(), part.p.begin(), part.p.end());
    test.q.insert(test.q.end(), part.q.begin(), part.q.end());
    if (test.figures.empty()) test.figures = part.figures;
  }

  void note(const Results& results) {
    const bool listed = first_ + record_.sequences++ < most_listed;
    if (listed) ++record_.listed;
    for (std::size_t t = 0; t < results.size(); ++t) {
      if (!results[t]) continue;
      const TestResult& result = *results[t];
      AuditTest& test = record_.tests[t];
      test.outcome = AuditOutcome::pass;
      test.items.resize(result.p.size());
      for (std::size_t k = 0; k < result.p.size(); ++k) {
        if (result.p[k]) add(test.items[k], *result.p[k], result.q.empty() ? *result.p[k] : *result.q[k]);
      }
      if (first_ + record_.sequences == 1) test.figures = result.figures;
      if (!listed) continue;
      test.p.insert(test.p.end(), result.p.begin(), result.p.end());
      test.q.insert(test.q.end(), result.q.begin(), result.q.end());
    }
  }

  void conclude(AuditTest& test, const PValueTest& of) const {
    if (record_.sequences > 1) test.figures.clear();
    if (test.outcome == AuditOutcome::not_run) {
      test.needed_bits = suite_.plan ? suite_.plan->sequences * suite_.sequence_bits : of.least_bits;
      return;
    }
    bool applied = false;
    for (AuditItem& item : test.items) {
      applied = applied || item.sequences > 0;
      if (item.sequences == 0) continue;
      if (item.sequences >= least_for_uniformity) item.uniformity = uniformity(item);
      item.as_written = within(proportion_bounds(suite_.rule, item.sequences), item.sequences - item.below) &&
                        item.uniformity.value_or(1) >= least_uniformity;
      item.joint = joint_probability(item, of.calibration);
    }
    if (!applied) test.outcome = AuditOutcome::not_applicable;
  }

  void state_rule() {
    std::size_t items = 0;
    std::size_t good = 0;
    for (const AuditTest& test : record_.tests) {
      for (const AuditItem& item : test.items) {
        if (item.sequences == 0) continue;
        ++items;
        good += item.as_written ? 1 : 0;
      }
    }
    if (items == 0) {
      record_.as_written = AuditOutcome::not_run;
      record_.rule = "no test had enough data";
      if (suite_.plan) state_plan(*suite_.plan);
      return;
    }
    record_.as_written = good == items ? AuditOutcome::pass : AuditOutcome::fail;
    const Bounds bounds = proportion_bounds(suite_.rule, record_.sequences);
    record_.rule = fmt::format(
        "{}: {} of {} statistics pass (at least {:.0f} of {} sequences with p >= 0.01{}); were they independent, {} "
        "of perfect sources would not pass all",
        suite_.clauses, good, items, std::ceil(bounds.least), record_.sequences,
        record_.sequences >= least_for_uniformity ? ", and P_T >= 0.0001" : "",
        percent(false_rejections(suite_.rule, record_)));
    if (suite_.plan) state_plan(*suite_.plan);
  }

  void state_plan(const PValuePlan& plan) {
    if (record_.sequences < plan.sequences) {
      record_.as_written = AuditOutcome::not_run;
      record_.rule = fmt::format("{}: the plan wants {} sequences of {} bits; there were {}", suite_.clauses,
                                 plan.sequences, suite_.sequence_bits, record_.sequences);
    } else if (record_.as_written == AuditOutcome::fail && plan.may_be_repeated) {
      record_.as_written = AuditOutcome::retest;
      record_.rule += "; the plan may be repeated once, with fresh data";
    }
  }
};

}  // namespace

std::unique_ptr<SuiteRun> run_of(PValueSuite suite) {
  return std::make_unique<PValueRun>(std::move(suite));
}

Bounds proportion_bounds(ProportionRule rule, std::uint64_t sequences) {
  const auto s = static_cast<double>(sequences);
  const double three = 3 * std::sqrt(significance * (1 - significance) / s);
  return {.least = s * (1 - significance - three),
          .most = rule == ProportionRule::both_sides ? s * (1 - significance + three) : s};
}

double false_rejections(ProportionRule rule, const AuditSuite& suite) {
  double all_pass = 1;
  for (const AuditTest& test : suite.tests) {
    for (const AuditItem& item : test.items) {
      const std::uint64_t n = item.sequences;
      if (n == 0) continue;
      const Bounds bounds = proportion_bounds(rule, n);
      // Passing counts within the bounds, seen from the failing ones.
      const auto most_failed =
          static_cast<std::uint64_t>(std::max(0.0, static_cast<double>(n) - std::ceil(bounds.least)));
      double p = binomial_at_most(most_failed, n, significance);
      const double top = std::floor(bounds.most);
      if (top < static_cast<double>(n)) {
        p -= binomial_at_most(n - static_cast<std::uint64_t>(top) - 1, n, significance);
      }
      all_pass *= p * (item.uniformity ? 1 - least_uniformity : 1);
    }
  }
  return 1 - all_pass;
}

}  // namespace lightseed::stats
