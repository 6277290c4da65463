// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_markdown.h"

#include <fmt/format.h>

#include <iterator>

#include "cli/audit_words.h"
#include "cli/printable.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

constexpr std::size_t most_shown = 4'000;  // bytes of a text

using Out = std::back_insert_iterator<std::string>;

/// Cells of one test, behind its name: what it counted, and how it came out.
void put_test(Out out, const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  const AuditTestLine line = line_of(audit, suite, test);
  std::string outcome = capitals(test.outcome);
  if (test.needed_bits) outcome += fmt::format(", needs {} bits", *test.needed_bits);
  const std::string joint = line.joint ? probability(*line.joint) : "–";
  fmt::format_to(out, "| {} | ", markdown_text(test.id));
  if (has_p_values(suite)) {
    fmt::format_to(out, "{} | {} | {} | {} | {} |\n",
                   line.all > 0 ? fmt::format("{} of {}", line.all - line.failed, line.all) : "–",
                   line.least ? probability(*line.least) : "–", line.uniformity ? probability(*line.uniformity) : "–",
                   joint, outcome);
  } else if (has_outcomes_alone(audit, suite)) {
    fmt::format_to(out, "{} | {} |\n", joint, outcome);
  } else if (has_blocks(suite)) {
    fmt::format_to(out, "{} | {} | {} | {} |\n", test.blocks ? fmt::format("{} of {}", line.failed, line.all) : "–",
                   test.blocks ? fmt::format("{:.3g}", line.expected) : "–", joint, outcome);
  } else {
    std::string figures;
    for (const auto& [name, value] : test.figures)
      figures += fmt::format("{}{} {:.8g}", figures.empty() ? "" : ", ", markdown_text(name), value);
    fmt::format_to(out, "{} |\n", test.outcome == AuditOutcome::not_run ? outcome : figures);
  }
}

void put_suite(Out out, const AuditRecord& audit, const AuditSuite& suite) {
  fmt::format_to(out, "\n## {}\n\n", markdown_text(heading_of(suite)));
  if (has_p_values(suite)) {
    fmt::format_to(out, "| test | p >= 0.01 | smallest p | uniformity | joint p | outcome |\n");
    fmt::format_to(out, "|---|---:|---:|---:|---:|---|\n");
  } else if (has_outcomes_alone(audit, suite)) {
    fmt::format_to(out, "| test | joint p | outcome |\n|---|---:|---|\n");
  } else if (has_blocks(suite)) {
    fmt::format_to(out, "| test | blocks that fail | expected | joint p | outcome |\n|---|---:|---:|---:|---|\n");
  } else {
    fmt::format_to(out, "| test | |\n|---|---|\n");
  }
  for (const AuditTest& test : suite.tests)
    put_test(out, audit, suite, test);
  if (!suite.rule.empty()) {
    fmt::format_to(out, "\n{} as written. {}\n", capitals(suite.as_written), markdown_text(suite.rule));
  }
  const std::string note = parameters_note(suite);
  if (!note.empty()) fmt::format_to(out, "\n{}\n", markdown_text(note));
}

}  // namespace

std::string markdown_text(std::string_view text) {
  constexpr std::string_view markup = "\\`*_[]#!|~$@";
  const std::string line = printable(text, most_shown);
  std::string escaped;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    // A backslash is enough for CommonMark; not every reader of Markdown is one.
    if (c == '<' || c == '>' || c == '&') {
      escaped += c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&amp;";
      continue;
    }
    // Bare addresses would become links.
    const bool address = line.compare(i, 3, "://") == 0 || (c == '.' && i > 0 && (line[i - 1] | 0x20) == 'w');
    if (address || markup.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

std::string audit_markdown(const AuditRecord& audit) {
  std::string text;
  const Out out(text);
  fmt::format_to(out, "# Audit: {}\n\n**{}**: {}\n\n{}\n\n", capitals(audit.verdict.outcome),
                 capitals(audit.verdict.outcome), markdown_text(sentence_of(audit.verdict)), no_proof_of_entropy);
  fmt::format_to(out, "| | |\n|---|---|\n| {} | {} |\n| audited | {} |\n| read | {} ({}) |\n| bits | {} |\n",
                 audit.subject.kind, markdown_text(audit.file), markdown_text(audit.subject.words),
                 counted(audit.bytes, "byte"), audit.form, audit.bits);
  if (!audit.sha256.empty()) {
    fmt::format_to(out, "| SHA-256{} | {} |\n", audit.whole ? "" : " of what was read", audit.sha256);
  }
  if (!audit.ended.empty()) fmt::format_to(out, "| partial | {} |\n", markdown_text(audit.ended));
  for (const std::string& warning : audit.warnings)
    fmt::format_to(out, "| warning | {} |\n", markdown_text(warning));
  for (const AuditSuite& suite : audit.suites)
    put_suite(out, audit, suite);
  return text;
}

}  // namespace lightseed::cli
