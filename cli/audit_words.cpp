// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_words.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/words.h"
#include "stats/audit/suite.h"

namespace lightseed::cli {
namespace {

/// How often a perfect source looks this bad, in words.
std::string often(double chance) {
  if (chance >= 0.1) return "as perfect sources often do";
  if (chance == 0) return "as no perfect source ever would";
  const double one_in = 1 / chance;
  return fmt::format("as a perfect source does at most once in {} audits",
                     one_in < 1e7 ? fmt::format("{:.0f}", one_in) : fmt::format("{:.1e}", one_in));
}

std::optional<double> adjusted_of(const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  for (const AuditGroup& group : audit.verdict.groups) {
    if (group.suite == suite.id && group.test == test.id) return group.adjusted;
  }
  return {};
}

}  // namespace

std::string probability(double p) {
  return p >= 1e-4 || p == 0 ? fmt::format("{:.6f}", p) : fmt::format("{:.2e}", p);
}

std::string sentence_of(const AuditVerdict& verdict) {
  if (verdict.outcome == AuditOutcome::not_run) return "too little data for every test; each says how much it needs.";
  if (verdict.groups.empty()) return "what ran describes the data and judges nothing.";
  const AuditGroup& worst = verdict.groups.front();
  const std::string looks =
      fmt::format("The worst test, {} of {}, looks {}.", worst.test, worst.suite, often(verdict.chance));
  if (verdict.outcome == AuditOutcome::fail) return "these data are not random. " + looks;
  if (verdict.outcome == AuditOutcome::pass) return "nothing here that a perfect source would not show. " + looks;
  return fmt::format(
      "{} Too seldom to pass, too often to reject: audit as much fresh data, once. If the same test is below {} again, "
      "reject. If what shows is real, {:.1f} times as much data would settle it.",
      looks, verdict.retest_below, verdict.more_data.value_or(1));
}

std::string heading_of(const AuditSuite& suite) {
  std::string head(stats::find_suite(suite.id).title);
  if (!suite.profile.empty()) head += fmt::format(", profile {}", suite.profile);
  if (suite.sequence_bits > 0) {
    head += fmt::format(": {} of {} bits", counted(suite.sequences, "sequence"), suite.sequence_bits);
  }
  if (suite.trailing_bits > 0) head += fmt::format("; {} bits behind them not looked at", suite.trailing_bits);
  return head;
}

std::string parameters_note(const AuditSuite& suite) {
  if (!suite.parameters || suite.parameters->verified) return "";
  return fmt::format("Parameters: {}; not compared with the standard's own table.", suite.parameters->origin);
}

AuditTestLine line_of(const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  AuditTestLine line{.joint = adjusted_of(audit, suite, test)};
  if (test.blocks) {
    line.all = test.blocks->blocks;
    line.failed = test.blocks->failed;
    line.expected = static_cast<double>(test.blocks->blocks) * test.blocks->rate;
    return line;
  }
  for (const AuditItem& item : test.items) {
    line.all += item.sequences;
    line.failed += item.below;
    if (item.sequences > 0) line.least = std::min(line.least.value_or(1), item.least);
    if (item.uniformity) line.uniformity = std::min(line.uniformity.value_or(1), *item.uniformity);
  }
  return line;
}

bool has_p_values(const AuditSuite& suite) {
  return std::any_of(suite.tests.begin(), suite.tests.end(), [](const auto& test) { return !test.items.empty(); });
}

bool has_outcomes_alone(const AuditRecord& audit, const AuditSuite& suite) {
  if (has_p_values(suite) || has_blocks(suite)) return false;
  return std::any_of(suite.tests.begin(), suite.tests.end(),
                     [&](const auto& test) { return adjusted_of(audit, suite, test).has_value(); });
}

bool has_blocks(const AuditSuite& suite) {
  return std::any_of(suite.tests.begin(), suite.tests.end(), [](const auto& test) { return test.blocks.has_value(); });
}

}  // namespace lightseed::cli
