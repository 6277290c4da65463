// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_html.h"

#include <fmt/format.h>

#include <span>

#include "cli/audit_style.h"
#include "cli/audit_words.h"
#include "cli/bit_image.h"
#include "cli/html.h"
#include "cli/suite_html.h"
#include "cli/words.h"
#include "core/version.h"
#include "crypto/base64.h"
#include "crypto/digest.h"

namespace lightseed::cli {
namespace {

std::string fact(const char* name, const std::string& value) {
  if (value.empty()) return "";
  return fmt::format("<tr><th scope=\"row\">{}</th><td class=\"free\">{}</td></tr>\n", name, html_text(value));
}

/// What it takes to get the same numbers again.
std::string facts(const AuditRecord& audit, const AuditPage& page) {
  std::string text = "<section><h2>What was audited</h2>\n<table><tbody>\n";
  text += fact(audit.subject.kind.c_str(), audit.file);
  text += fact("audited", audit.subject.words);
  text += fact("partial", audit.ended);
  text += fact("read", fmt::format("{} ({}), {} bits", counted(audit.bytes, "byte"), audit.form, audit.bits));
  text += fact(audit.whole ? "SHA-256" : "SHA-256 of what was read", audit.sha256);
  for (const std::string& warning : audit.warnings)
    text += fact("warning", warning);
  text += fact("made by", fmt::format("lightseed {}, commit {}", version(), commit()));
  text += fact("on", page.machine);
  text += fact("at", page.made);
  text += fact("to get the same numbers", fmt::format("the same bits, and: lightseed audit FILE{}{}",
                                                      page.options.empty() ? "" : " ", page.options));
  return text + "</tbody></table></section>\n";
}

/// The tests in the joint verdict, the worst first.
std::string joint_table(const AuditVerdict& verdict) {
  if (verdict.groups.empty()) return "";
  std::string text = begin_folded("The joint verdict: every test, the worst first", 0) +
                     "<tr><th scope=\"col\">test</th><th scope=\"col\">p of its worst statistic</th><th "
                     "scope=\"col\">joint p</th></tr></thead><tbody>\n";
  for (const AuditGroup& group : verdict.groups) {
    text += fmt::format("<tr><th scope=\"row\">{} of {}</th><td>{}</td><td>{}</td></tr>\n", html_text(group.test),
                        html_text(group.suite), probability(group.p), probability(group.adjusted));
  }
  return text + std::string(end_of_folded);
}

/// The page may load nothing, send nothing and run nothing but the one script whose digest stands here: whatever of
/// others' text slipped through would stay text. The script compiles no code either (no 'unsafe-eval').
std::string head(std::string_view script) {
  const std::string runs =
      script.empty() ? "" : fmt::format("script-src 'sha256-{}'; ", base64(sha256(std::as_bytes(std::span(script)))));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta "
      "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; {}style-src 'unsafe-inline'; form-action "
      "'none'; base-uri 'none'\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
      "name=\"color-scheme\" content=\"light dark\">\n<style>\n{}</style>\n",
      runs, audit_style);
}

}  // namespace

std::string audit_html(const AuditRecord& audit, const AuditPage& page) {
  std::string text = head(page.script);
  const std::string file = html_text(audit.file);
  text += fmt::format("<title>{}: audit of {}</title>\n</head>\n<body>\n<main>\n<h1>Audit of {}</h1>\n",
                      capitals(audit.verdict.outcome), file, file);
  text += fmt::format("<div class=\"verdict {}\"><p>{}: {}</p></div>\n<p>{}</p>\n", name_of(audit.verdict.outcome),
                      outcome_html(audit.verdict.outcome), html_text(sentence_of(audit.verdict)),
                      html_text(no_proof_of_entropy));
  const bool drawn = !page.script.empty();
  if (!drawn) text += "<p>This build of Lightseed draws no plots; the tables hold their numbers.</p>\n";
  text += joint_table(audit.verdict) + facts(audit, page);
  for (const AuditSuite& suite : audit.suites)
    text += suite_html(audit, suite, drawn);
  if (page.source != nullptr) text += source_html(*page.source, drawn);
  text += bit_image(page.first_bytes, drawn) + "</main>\n";
  if (drawn) text += fmt::format("<script>{}</script>\n", page.script);
  return text + "</body>\n</html>\n";
}

}  // namespace lightseed::cli
