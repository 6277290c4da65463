// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_report.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "cli/audit_words.h"
#include "cli/printable.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t columns = 100;

Colour colour_of(AuditOutcome outcome) {
  if (outcome == AuditOutcome::pass) return Colour::good;
  return outcome == AuditOutcome::fail ? Colour::bad : Colour::notice;
}

/// Of one test: how many p-values, how many pass, the smallest, and the worst P_T.
std::string numbers_of(const AuditTest& test, const AuditTestLine& line) {
  if (test.blocks) {
    return fmt::format("{:>19}  {:>22.3g}", fmt::format("{} of {}", line.failed, line.all), line.expected);
  }
  if (test.items.empty()) {
    std::string text;
    for (const auto& [name, value] : test.figures)
      text += fmt::format("{}{} {:.8g}", text.empty() ? "  " : ", ", name, value);
    return text;
  }
  if (line.all == 0) return "";
  return fmt::format("{:>19}  {:>10}  {:>10}", fmt::format("{} of {}", line.all - line.failed, line.all),
                     probability(line.least.value_or(1)), line.uniformity ? probability(*line.uniformity) : "-");
}

void print_test(std::ostream& out, const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  const AuditTestLine numbers = line_of(audit, suite, test);
  std::string line = fmt::format("  {:<27}{}", test.id, numbers_of(test, numbers));
  if (test.outcome == AuditOutcome::not_run) {
    line += fmt::format("  needs {} bits", test.needed_bits.value_or(0));
  } else if (numbers.joint.has_value()) {
    line = fmt::format("{:<72}  {:>10}", line, probability(*numbers.joint));
  }
  out << line;
  if (numbers.joint || !test.items.empty() || test.outcome != AuditOutcome::pass) {
    out << std::string(line.size() < 86 ? 86 - line.size() : 2, ' ');
    out << Coloured{colour_of(test.outcome), capitals(test.outcome)};
  }
  out << "\n";
}

void print_suite(std::ostream& out, const AuditRecord& audit, const AuditSuite& suite) {
  out << heading_of(suite) << "\n";
  if (has_p_values(suite)) {
    out << fmt::format("  {:<27}{:>19}  {:>10}  {:>10}  {:>10}\n", "test", "p >= 0.01", "smallest p", "uniformity",
                       "joint p");
  } else if (has_blocks(suite)) {
    out << fmt::format("  {:<27}{:>19}  {:>22}  {:>10}\n", "test", "blocks that fail", "expected", "joint p");
  }
  if (has_outcomes_alone(audit, suite)) out << fmt::format("  {:<70}  {:>10}\n", "test", "joint p");
  for (const AuditTest& test : suite.tests)
    print_test(out, audit, suite, test);
  if (!suite.rule.empty()) {
    out << "  " << capitals(suite.as_written) << " as written. " << wrapped(suite.rule, columns - 2, 2) << "\n";
  }
  const std::string note = parameters_note(suite);
  if (!note.empty()) out << "  " << wrapped(note, columns - 2, 2) << "\n";
  out << "\n";
}

}  // namespace

void print_audit(std::ostream& out, const AuditRecord& audit) {
  out << fmt::format("{}: {}, {} bits ({})", printable(audit.file), counted(audit.bytes, "byte"), audit.bits,
                     audit.form);
  if (!audit.sha256.empty()) {
    out << fmt::format(", SHA-256 {}{}", audit.sha256, audit.whole ? "" : " of what was read");
  }
  out << "\n";
  if (audit.subject.kind != "file") out << wrapped("Audited: " + audit.subject.words + ".", columns) << "\n";
  if (!audit.ended.empty()) out << wrapped("PARTIAL: " + printable(audit.ended), columns) << "\n";
  out << "\n";
  for (const AuditSuite& suite : audit.suites)
    print_suite(out, audit, suite);
  out << Coloured{colour_of(audit.verdict.outcome), capitals(audit.verdict.outcome)} << ": "
      << wrapped(sentence_of(audit.verdict), columns) << "\n"
      << wrapped(no_proof_of_entropy, columns) << "\n";
}

}  // namespace lightseed::cli
