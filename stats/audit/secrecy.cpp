// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/secrecy.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.h"

namespace lightseed::stats {
namespace {

/// To three digits.
double rounded(double p) {
  if (p <= 0) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(p)) - 2);
  return std::min(1.0, std::round(p / unit) * unit);
}

bool describes_alone(const AuditSuite& suite) {
  return suite.id == "ent";
}

}  // namespace

void keep_one_number_a_test(AuditRecord& record) {
  if (record.bits < least_secret_bits) {
    throw Error(Category::not_enough_data,
                fmt::format("{} bits of secret data: numbers about so few would give away some of them; an audit takes "
                            "{} at least",
                            record.bits, least_secret_bits));
  }
  std::erase_if(record.suites, describes_alone);
  for (AuditSuite& suite : record.suites) {
    suite.listed = 0;
    for (AuditTest& test : suite.tests) {
      test.items.clear();
      test.p.clear();
      test.q.clear();
      test.figures.clear();
      if (test.blocks) test.blocks->joint = rounded(test.blocks->joint);
    }
  }
  for (AuditGroup& group : record.verdict.groups) {
    group.p = rounded(group.p);
    group.adjusted = rounded(group.adjusted);
  }
  record.verdict.chance = rounded(record.verdict.chance);
  if (record.verdict.more_data) record.verdict.more_data = std::round(*record.verdict.more_data * 10) / 10;
}

std::vector<KeyAuditSuite> outcomes_alone(const AuditRecord& record) {
  const std::uint64_t least = record.bits < least_bits_for_outcomes ? least_bits_for_outcomes : 1;
  std::vector<KeyAuditSuite> suites;
  for (const AuditSuite& suite : record.suites) {
    if (describes_alone(suite)) continue;
    KeyAuditSuite& kept = suites.emplace_back(
        KeyAuditSuite{suite.id, suite.profile, suite.sequences, suite.sequence_bits, std::vector<KeyAuditTest>{}});
    for (const AuditTest& test : suite.tests) {
      kept.tests.push_back({.id = test.id, .outcome = test.outcome});
      if (test.outcome == AuditOutcome::not_run)
        kept.tests.back().needed_bits = std::max(least, test.needed_bits.value_or(1));
    }
  }
  return suites;
}

}  // namespace lightseed::stats
