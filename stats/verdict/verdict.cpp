// SPDX-License-Identifier: Apache-2.0
#include "stats/verdict/verdict.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "stats/special/binomial.h"

namespace lightseed::stats {
namespace {

double group_probability(const AuditTest& test) {
  if (test.blocks) return test.blocks->joint;
  double least = 1;
  double items = 0;
  for (const AuditItem& item : test.items) {
    if (item.sequences == 0) continue;
    least = std::min(least, item.joint);
    ++items;
  }
  return std::min(1.0, least * items);
}

bool was_judged(const AuditTest& test) {
  if (test.outcome == AuditOutcome::not_run || test.outcome == AuditOutcome::not_applicable) return false;
  return test.blocks || !test.items.empty();
}

AuditOutcome outcome_of(const AuditVerdict& verdict, double adjusted) {
  if (adjusted < verdict.fail_below) return AuditOutcome::fail;
  return adjusted < verdict.retest_below ? AuditOutcome::retest : AuditOutcome::pass;
}

/// What is real grows with the root of the amount: so many times as much brings it to the limit of rejection.
double more_data(const AuditVerdict& verdict) {
  const double now = normal_quantile(verdict.chance);
  const double then = normal_quantile(verdict.fail_below);
  return then / now * (then / now);
}

bool any_wanted_more(const std::vector<AuditSuite>& suites) {
  for (const AuditSuite& suite : suites) {
    for (const AuditTest& test : suite.tests) {
      if (test.outcome == AuditOutcome::not_run) return true;
    }
  }
  return false;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double most = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    most = std::max(most, std::min(1.0, static_cast<double>(order.size() - k) * p[order[k]]));
    adjusted[order[k]] = most;
  }
  return adjusted;
}

AuditVerdict judge(std::vector<AuditSuite>& suites) {
  AuditVerdict verdict;
  std::vector<AuditTest*> tests;
  std::vector<double> p;
  for (AuditSuite& suite : suites) {
    for (AuditTest& test : suite.tests) {
      if (!was_judged(test)) continue;
      tests.push_back(&test);
      p.push_back(group_probability(test));
      verdict.groups.push_back({.suite = suite.id, .test = test.id, .p = p.back()});
    }
  }
  if (tests.empty()) {
    verdict.outcome = any_wanted_more(suites) ? AuditOutcome::not_run : AuditOutcome::not_applicable;
    return verdict;
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t k = 0; k < tests.size(); ++k) {
    verdict.groups[k].adjusted = adjusted[k];
    tests[k]->outcome = outcome_of(verdict, adjusted[k]);
    verdict.chance = std::min(verdict.chance, adjusted[k]);
  }
  std::stable_sort(verdict.groups.begin(), verdict.groups.end(),
                   [](const AuditGroup& a, const AuditGroup& b) { return a.p < b.p; });
  verdict.outcome = outcome_of(verdict, verdict.chance);
  if (verdict.outcome == AuditOutcome::retest) verdict.more_data = more_data(verdict);
  return verdict;
}

}  // namespace lightseed::stats
