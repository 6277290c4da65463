// SPDX-License-Identifier: Apache-2.0
#include "cli/suite_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "cli/audit_plots.h"
#include "cli/audit_words.h"
#include "cli/figure.h"
#include "cli/html.h"
#include "cli/words.h"

namespace lightseed::cli {
namespace {

using Writer = std::back_insert_iterator<std::string>;

constexpr std::size_t values_per_row = 10;
/// Values a suite that a browser still shows with ease.
constexpr std::size_t most_values = 200'000;

std::string shown(const std::optional<double>& p) {
  return p ? probability(*p) : "–";
}

void put_outcome_cell(Writer out, const AuditTest& test) {
  fmt::format_to(out, "<td class=\"words\">{}{}</td>", outcome_html(test.outcome),
                 test.needed_bits ? fmt::format(", needs {} bits", *test.needed_bits) : "");
}

void put_test_row(Writer out, const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test) {
  const AuditTestLine line = line_of(audit, suite, test);
  fmt::format_to(out, "<tr><th scope=\"row\">{}</th>", html_text(test.id));
  if (has_p_values(suite)) {
    fmt::format_to(out, "<td>{}</td><td>{}</td><td>{}</td><td>{}</td>",
                   line.all > 0 ? fmt::format("{} of {}", line.all - line.failed, line.all) : "–", shown(line.least),
                   shown(line.uniformity), shown(line.joint));
  } else if (has_blocks(suite)) {
    fmt::format_to(out, "<td>{}</td><td>{}</td><td>{}</td>",
                   test.blocks ? fmt::format("{} of {}", line.failed, line.all) : "–",
                   test.blocks ? fmt::format("{:.3g}", line.expected) : "–", shown(line.joint));
  }
  if (has_outcomes_alone(audit, suite)) fmt::format_to(out, "<td>{}</td>", shown(line.joint));
  const bool judged = has_p_values(suite) || has_blocks(suite) || has_outcomes_alone(audit, suite) ||
                      test.outcome == AuditOutcome::not_run;
  if (judged) {
    put_outcome_cell(out, test);
  } else {
    std::string figures;
    for (const auto& [name, value] : test.figures)
      figures += fmt::format("{}{} {:.8g}", figures.empty() ? "" : ", ", html_text(name), value);
    fmt::format_to(out, "<td class=\"words\">{}</td>", figures);
  }
  fmt::format_to(out, "</tr>\n");
}

void put_tests(Writer out, const AuditRecord& audit, const AuditSuite& suite) {
  const bool described = std::any_of(suite.tests.begin(), suite.tests.end(),
                                     [](const AuditTest& test) { return test.outcome != AuditOutcome::not_run; });
  const bool outcomes_alone = has_outcomes_alone(audit, suite);
  const char* const words =
      has_p_values(suite) || has_blocks(suite) || outcomes_alone || !described ? "outcome" : "figures";
  std::vector<const char*> titles;
  if (has_p_values(suite)) {
    titles = {"p &ge; 0.01", "smallest p", "uniformity", "joint p"};
  } else if (has_blocks(suite)) {
    titles = {"blocks that fail", "expected", "joint p"};
  } else if (outcomes_alone) {
    titles = {"joint p"};
  }
  titles.push_back(words);
  fmt::format_to(out, "<div class=\"wide\"><table><thead><tr><th scope=\"col\">test</th>");
  for (const char* title : titles)
    fmt::format_to(out, "<th scope=\"col\"{}>{}</th>", title == words ? " class=\"words\"" : "", title);
  fmt::format_to(out, "</tr></thead><tbody>\n");
  for (const AuditTest& test : suite.tests)
    put_test_row(out, audit, suite, test);
  fmt::format_to(out, "</tbody></table></div>\n");
}

/// All values of one test, ten a row; each row says of which sequence it is and which statistic comes first.
void put_values(Writer out, const AuditTest& test, const char* name, const std::vector<std::optional<double>>& values,
                std::size_t sequences) {
  const std::size_t items = test.items.size();
  if (items == 0 || values.empty()) return;
  const std::size_t all = std::min(values.size(), sequences * items);
  fmt::format_to(out, "{}<tr><th scope=\"col\">sequence</th><th scope=\"col\">statistic</th>",
                 begin_folded(fmt::format("Every {}-value of {}", name, html_text(test.id)), all));
  for (std::size_t k = 0; k < std::min(values_per_row, items); ++k)
    fmt::format_to(out, "<th scope=\"col\">+{}</th>", k);
  fmt::format_to(out, "</tr></thead><tbody>\n");
  for (std::size_t at = 0; at < all; ++at) {
    const std::size_t item = at % items;
    if (item % values_per_row == 0) {
      fmt::format_to(out, "<tr><th scope=\"row\">{}</th><th scope=\"row\">{}</th>", at / items + 1, item + 1);
    }
    fmt::format_to(out, "<td>{}</td>", shown(values[at]));
    if (item % values_per_row == values_per_row - 1 || item + 1 == items) fmt::format_to(out, "</tr>\n");
  }
  fmt::format_to(out, "{}", end_of_folded);
}

/// What tests with p-values counted besides; of the whole stream the plots have it.
void put_figures(Writer out, const AuditSuite& suite) {
  std::string rows;
  for (const AuditTest& test : suite.tests) {
    if (test.items.empty()) continue;
    for (const auto& [name, value] : test.figures) {
      rows += fmt::format("<tr><th scope=\"row\">{}</th><td class=\"words\">{}</td><td>{:.8g}</td></tr>\n",
                          html_text(test.id), html_text(name), value);
    }
  }
  if (rows.empty() || suite.id == "pooled") return;
  fmt::format_to(out,
                 "{}<tr><th scope=\"col\">test</th><th scope=\"col\">figure</th><th scope=\"col\">value</th></tr>"
                 "</thead><tbody>\n{}{}",
                 begin_folded("Figures of the tests", 0), rows, end_of_folded);
}

void put_lists(Writer out, const AuditSuite& suite) {
  std::size_t a_sequence = 1;
  for (const AuditTest& test : suite.tests)
    a_sequence += test.items.size() * (test.q.empty() ? 1 : 2);
  const std::size_t listed = std::min<std::size_t>(suite.listed, std::max<std::size_t>(1, most_values / a_sequence));
  if (has_p_values(suite) && listed < suite.sequences) {
    fmt::format_to(out, "<p>Listed are the p-values of the first {} of {}; counts and the verdict are of all.</p>\n",
                   counted(listed, "sequence"), suite.sequences);
  }
  for (const AuditTest& test : suite.tests) {
    put_values(out, test, "p", test.p, listed);
    put_values(out, test, "Q", test.q, listed);
  }
}

}  // namespace

std::string outcome_html(AuditOutcome outcome) {
  return fmt::format("<span class=\"outcome {}\">{}</span>", name_of(outcome), capitals(outcome));
}

std::string suite_html(const AuditRecord& audit, const AuditSuite& suite, bool drawn) {
  std::string text;
  const Writer out(text);
  fmt::format_to(out, "<section id=\"{0}\"><h2>{1}</h2>\n", html_text(suite.id), html_text(heading_of(suite)));
  if (!suite.rule.empty()) {
    fmt::format_to(out, "<p>{} as written. {}</p>\n", outcome_html(suite.as_written), html_text(suite.rule));
  }
  const std::string note = parameters_note(suite);
  if (!note.empty()) fmt::format_to(out, "<p>{}</p>\n", html_text(note));
  put_tests(out, audit, suite);
  std::string plots = p_value_plots(suite, drawn);
  if (suite.id == "pooled") plots += whole_file_plots(suite, drawn);
  text += plots_html(plots);
  put_figures(out, suite);
  put_lists(out, suite);
  return text + "</section>\n";
}

}  // namespace lightseed::cli
