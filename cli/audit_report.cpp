// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_report.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <cctype>

#include "cli/printable.h"
#include "cli/words.h"
#include "stats/audit/suite.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t columns = 100;

std::string capitals(std::string_view word) {
  std::string text(word);
  for (char& c : text)
    c = c == '-' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

Colour colour_of(AuditOutcome outcome) {
  if (outcome == AuditOutcome::pass) return Colour::good;
  return outcome == AuditOutcome::fail ? Colour::bad : Colour::notice;
}

/// Six decimals where they show something, else powers of ten.
std::string probability(double p) {
  return p >= 1e-4 || p == 0 ? fmt::format("{:.6f}", p) : fmt::format("{:.2e}", p);
}

/// Of one test: how many p-values, how many pass, the smallest, and the worst P_T.
std::string numbers_of(const AuditTest& test) {
  if (test.blocks) {
    return fmt::format("{:>19}  {:>22.3g}", fmt::format("{} of {}", test.blocks->failed, test.blocks->blocks),
                       static_cast<double>(test.blocks->blocks) * test.blocks->rate);
  }
  if (test.items.empty()) {
    std::string text;
    for (const auto& [name, value] : test.figures)
      text += fmt::format("{}{} {:.8g}", text.empty() ? "  " : ", ", name, value);
    return text;
  }
  std::uint64_t all = 0;
  std::uint64_t below = 0;
  double least = 1;
  std::optional<double> uniformity;
  for (const AuditItem& item : test.items) {
    all += item.sequences;
    below += item.below;
    least = std::min(least, item.least);
    if (item.uniformity) uniformity = std::min(uniformity.value_or(1), *item.uniformity);
  }
  if (all == 0) return "";
  return fmt::format("{:>19}  {:>10}  {:>10}", fmt::format("{} of {}", all - below, all), probability(least),
                     uniformity ? probability(*uniformity) : "-");
}

double adjusted_of(const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  for (const AuditGroup& group : audit.verdict.groups) {
    if (group.suite == suite.id && group.test == test.id) return group.adjusted;
  }
  return 1;
}

void print_test(std::ostream& out, const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  std::string line = fmt::format("  {:<27}{}", test.id, numbers_of(test));
  const bool judged = test.blocks || !test.items.empty();
  if (test.outcome == AuditOutcome::not_run) {
    line += fmt::format("  needs {} bits", test.needed_bits.value_or(0));
  } else if (judged && test.outcome != AuditOutcome::not_applicable) {
    line = fmt::format("{:<72}  {:>10}", line, probability(adjusted_of(audit, suite, test)));
  }
  out << line;
  if (judged || test.outcome != AuditOutcome::pass) {
    out << std::string(line.size() < 86 ? 86 - line.size() : 2, ' ');
    out << Coloured{colour_of(test.outcome), capitals(name_of(test.outcome))};
  }
  out << "\n";
}

void print_suite(std::ostream& out, const AuditRecord& audit, const AuditSuite& suite) {
  std::string head(stats::find_suite(suite.id).title);
  if (!suite.profile.empty()) head += fmt::format(", profile {}", suite.profile);
  if (suite.sequence_bits > 0) {
    head += fmt::format(": {} of {} bits", counted(suite.sequences, "sequence"), suite.sequence_bits);
  }
  if (suite.trailing_bits > 0) head += fmt::format("; {} bits behind them not looked at", suite.trailing_bits);
  out << head << "\n";
  const bool has_p =
      std::any_of(suite.tests.begin(), suite.tests.end(), [](const auto& t) { return !t.items.empty(); });
  const bool has_blocks =
      std::any_of(suite.tests.begin(), suite.tests.end(), [](const auto& t) { return t.blocks.has_value(); });
  if (has_p) {
    out << fmt::format("  {:<27}{:>19}  {:>10}  {:>10}  {:>10}\n", "test", "p >= 0.01", "smallest p", "uniformity",
                       "joint p");
  } else if (has_blocks) {
    out << fmt::format("  {:<27}{:>19}  {:>22}  {:>10}\n", "test", "blocks that fail", "expected", "joint p");
  }
  for (const AuditTest& test : suite.tests)
    print_test(out, audit, suite, test);
  if (!suite.rule.empty()) {
    out << "  " << capitals(name_of(suite.as_written)) << " as written. " << wrapped(suite.rule, columns - 2, 2)
        << "\n";
  }
  if (suite.parameters && !suite.parameters->verified) {
    out << "  "
        << wrapped(fmt::format("Parameters: {}; not compared with the standard's own table.", suite.parameters->origin),
                   columns - 2, 2)
        << "\n";
  }
  out << "\n";
}

/// How often a perfect source looks this bad, in words.
std::string often(double chance) {
  if (chance >= 0.1) return "as perfect sources often do";
  if (chance == 0) return "as no perfect source ever would";
  const double one_in = 1 / chance;
  return fmt::format("as a perfect source does at most once in {} audits",
                     one_in < 1e7 ? fmt::format("{:.0f}", one_in) : fmt::format("{:.1e}", one_in));
}

std::string sentence_of(const AuditVerdict& verdict) {
  if (verdict.groups.empty()) return "too little data for every test; each line above says how much it needs.";
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

}  // namespace

void print_audit(std::ostream& out, const AuditRecord& audit) {
  out << fmt::format("{}: {}, {} bits ({}), SHA-256 {}{}\n\n", printable(audit.file), counted(audit.bytes, "byte"),
                     audit.bits, audit.form, audit.sha256, audit.whole ? "" : " of what was read");
  for (const AuditSuite& suite : audit.suites)
    print_suite(out, audit, suite);
  out << Coloured{colour_of(audit.verdict.outcome), capitals(name_of(audit.verdict.outcome))} << ": "
      << wrapped(sentence_of(audit.verdict), columns) << "\n"
      << wrapped(
             "Passing tests proves no entropy: the output of any good cipher passes them all, whoever knows its "
             "key. What a source is worth is assessed on its raw samples: lightseed assess.",
             columns)
      << "\n";
}

}  // namespace lightseed::cli
