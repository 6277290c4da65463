// SPDX-License-Identifier: Apache-2.0
#include "cli/source_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "cli/figure.h"
#include "cli/html.h"
#include "cli/printable.h"
#include "cli/words.h"
#include "core/error.h"
#include "evidence/assessment_record.h"

namespace lightseed::cli {
namespace {

constexpr int bar_height = 19;    ///< pixels of a named bar
constexpr int strip_height = 52;  ///< pixels of a health test's strip

std::string row(const char* name, const std::string& value) {
  if (value.empty()) return "";
  return fmt::format("<tr><th scope=\"row\">{}</th><td class=\"free\">{}</td></tr>\n", name, html_text(value));
}

std::size_t alarms_in(const GateHistory& history) {
  std::size_t all = 0;
  for (const GateHistory::Test& test : history.tests())
    all += test.alarms.size();
  return all;
}

std::string facts_of(const AuditedSource& source) {
  const RunRecord& run = source.run;
  std::string text = "<table><tbody>\n";
  text += row("source", run.source.uri);
  text += row("what it is", run.source.model);
  text += row("serial number", run.source.serial);
  text += row("firmware", run.source.firmware);
  text += row("claim", fmt::format("{:.6g} bits a sample of {}, {}: {}", run.source.claim.bits_per_sample,
                                   counted(run.source.format.bits, "bit"), name_of(run.source.claim.basis),
                                   run.source.claim.method));
  text += row("measured", fmt::format("{:.6g} bits a sample: {}", run.measured.bits_per_sample, run.measured.method));
  text += row("counted on", fmt::format("{:.6g} bits a sample, {}", run.extraction.bits_per_sample,
                                        run.binding ? "by its calibration" : "the lower of the two"));
  text += row("SHA-256 of the samples measured", run.assessed_sha256);
  text += row("raw bytes admitted", fmt::format("{}", run.raw_bytes));
  text += row("alarms", fmt::format("{} in {} raw samples", alarms_in(source.history), source.history.samples()));
  text += row("began", run.started);
  text += row("ended", run.stopped);
  return text + "</tbody></table>\n";
}

std::string codes_of(const RawPortrait& raw, std::size_t k) {
  const std::uint64_t first = k * raw.codes_a_range;
  return raw.codes_a_range == 1 ? fmt::format("{}", first)
                                : fmt::format("{} to {}", first, first + raw.codes_a_range - 1);
}

std::string distribution_table(const RawPortrait& raw) {
  const bool modelled = !raw.expected.empty();
  std::string table =
      begin_folded("Numbers of this plot: raw samples of each range of codes", raw.seen.histogram.size());
  table += fmt::format("<tr><th scope=\"col\">codes</th><th scope=\"col\">samples</th>{}</tr></thead><tbody>\n",
                       modelled ? "<th scope=\"col\">by the model</th>" : "");
  for (std::size_t k = 0; k < raw.seen.histogram.size(); ++k) {
    table += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td>{}</tr>\n", codes_of(raw, k), raw.seen.histogram[k],
                         modelled ? fmt::format("<td>{:.6g}</td>", raw.expected[k]) : "");
  }
  return table + std::string(end_of_folded);
}

std::string distribution(const RawPortrait& raw, bool drawn) {
  const std::vector<double> heights(raw.seen.histogram.begin(), raw.seen.histogram.end());
  if (heights.empty()) return "";
  std::vector<std::string> said;
  for (std::size_t k = 0; k < heights.size(); ++k)
    said.push_back(codes_of(raw, k));
  const char* const model = raw.expected.empty() ? " No model of this source is known."
                            : raw.counted_on > 0 ? " Strokes: as many as the model of a healthy source has, counted on "
                                                   "samples drawn from it."
                                                 : " Strokes: as many as the model of a healthy source has.";
  const auto step = static_cast<double>(raw.codes_a_range);
  Figure figure{
      .id = "raw-samples",
      .title = "Raw samples",
      .text = fmt::format("Bars: how many of {} raw samples fall into each range of codes; they were measured "
                          "and make no bits. Mean {:.6g}, variance {:.6g}.{}",
                          raw.seen.samples, raw.seen.mean, raw.seen.variance, model),
      .kind = "bars",
      .data = {{"across", "code"},
               {"up", "how many"},
               {"left", 0},
               {"right", plot_number(step * static_cast<double>(heights.size()))},
               {"from", 0},
               {"step", plot_number(step)},
               {"heights", plot_numbers(heights)},
               {"said", said}}};
  if (!raw.expected.empty()) figure.data["expected"] = plot_numbers(raw.expected);
  return figure_html(figure, distribution_table(raw), drawn);
}

struct NamedEstimate {
  std::string name;
  double bits = 0;  ///< a sample
  DataView view = DataView::literal;
  bool binds = false;
};

std::vector<NamedEstimate> estimates_of(const AssessmentRecord& assessment) {
  std::vector<NamedEstimate> all;
  for (const EstimateRecord& estimate : assessment.estimates) {
    if (!estimate.not_run.empty()) continue;
    const bool of_bits = estimate.view == DataView::bitstring;
    all.push_back({.name = of_bits ? estimate.id + ", bits" : estimate.id,
                   .bits = of_bits ? estimate.min_entropy * assessment.width : estimate.min_entropy,
                   .view = estimate.view,
                   .binds = &estimate == assessment.binding()});
  }
  return all;
}

/// Nothing for a measurement that is none of SP 800-90B's.
std::optional<AssessmentRecord> assessment_of(const MinEntropy& measured) try {
  ObjectReader reader(measured.details, "measured.details");
  return take_assessment(reader);
} catch (const Error&) {
  return std::nullopt;
}

std::string estimators(const RunRecord& run, bool drawn) {
  const auto assessment = assessment_of(run.measured);
  if (!assessment) return "";
  const std::vector<NamedEstimate> all = estimates_of(*assessment);
  if (all.empty()) return "";
  Json bars = Json::array();
  std::string table = begin_folded("Numbers of this plot: every estimate", all.size()) +
                      "<tr><th scope=\"col\">estimator</th><th scope=\"col\">of</th><th scope=\"col\">bits a "
                      "sample</th><th scope=\"col\" class=\"words\">binds</th></tr></thead><tbody>\n";
  for (const NamedEstimate& estimate : all) {
    bars.push_back({estimate.name, plot_number(estimate.bits), name_of(estimate.view), estimate.binds});
    table += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{:.6f}</td><td class=\"words\">{}</td></tr>\n",
                         html_text(estimate.name), name_of(estimate.view), estimate.bits, estimate.binds ? "yes" : "");
  }
  const double claim = run.source.claim.bits_per_sample;
  const Figure figure{
      .id = "estimators",
      .title = "Estimators of SP 800-90B",
      .text =
          fmt::format("Bars: min-entropy of {} raw samples in bits a sample, by each estimator, of the samples and of "
                      "their bits one by one; the strongest bar binds. Dashed: the source's claim, {:.6g}.",
                      assessment->samples, claim),
      .kind = "named",
      .data = {{"across", "bits a sample"},
               {"height", bar_height * static_cast<int>(all.size())},
               {"bars", bars},
               {"level", plot_number(claim)}}};
  return figure_html(figure, table + std::string(end_of_folded), drawn);
}

std::string name_of_test(const GateHistory& history, const GateHistory::Test& test) {
  if (test.member.empty()) return test.id;
  std::size_t number = 1;
  std::string last;
  for (const GateHistory::Test& other : history.tests()) {
    if (!last.empty() && other.member != last) ++number;
    last = other.member;
    if (&other == &test) break;
  }
  return fmt::format("member {}: {}", number, test.id);
}

/// 0 and 1 are the limits; an alarm's own reading is not on record.
double within(const GateHistory::Test& test, double value) {
  const double width = *test.high - *test.low;
  return width > 0 ? std::clamp((value - *test.low) / width, 0.0, 1.0) : 0.5;
}

std::string history_table(const GateHistory& history) {
  std::string readings;
  std::string alarms;
  std::size_t cells = 0;
  for (const GateHistory::Test& test : history.tests()) {
    const std::string name = html_text(name_of_test(history, test));
    for (const GateHistory::Reading& reading : test.readings) {
      readings += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{:.6g}</td><td>{:.6g} to {:.6g}</td></tr>\n",
                              name, reading.sample, reading.value, *test.low, *test.high);
      cells += 3;
    }
    for (const HealthAlarm& alarm : test.alarms) {
      alarms += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"free\">{}</td></tr>\n", name,
                            alarm.sample, html_text(alarm.words));
    }
  }
  std::string text;
  if (!readings.empty()) {
    text += begin_folded("Numbers of this plot: every reading", cells) +
            "<tr><th scope=\"col\">test</th><th scope=\"col\">at sample</th><th scope=\"col\">reading</th><th "
            "scope=\"col\">limits</th></tr></thead><tbody>\n" +
            readings + std::string(end_of_folded);
  }
  if (!alarms.empty()) {
    text += begin_folded("Numbers of this plot: every alarm", 0) +
            "<tr><th scope=\"col\">test</th><th scope=\"col\">at sample</th><th scope=\"col\" "
            "class=\"words\">alarm</th></tr></thead><tbody>\n" +
            alarms + std::string(end_of_folded);
  }
  return text;
}

std::string health(const GateHistory& history, bool drawn) {
  if (history.tests().empty()) return "";
  Json names = Json::array();
  Json readings = Json::array();
  Json alarms = Json::array();
  for (const GateHistory::Test& test : history.tests()) {
    const std::size_t number = names.size();
    names.push_back(printable(name_of_test(history, test)));
    for (const GateHistory::Reading& reading : test.readings) {
      readings.push_back(
          {number, reading.sample, plot_number(within(test, reading.value)), plot_number(reading.value)});
    }
    for (const HealthAlarm& alarm : test.alarms)
      alarms.push_back({number, alarm.sample, printable(alarm.words)});
  }
  const std::size_t rows = names.size();
  const Figure figure{
      .id = "health",
      .title = "Health of the source",
      .text = fmt::format("A strip for each health test, over the {} raw samples it looked at, those of start-up tests "
                          "too. Points: readings between the test's limits, which are the strip's edges; tests that "
                          "count against a cut-off have none. Triangles: alarms, of which there {}.",
                          history.samples(), alarms.empty() ? "were none" : fmt::format("were {}", alarms.size())),
      .kind = "history",
      .data = {{"across", "raw samples"},
               {"left", 0},
               {"right", history.samples()},
               {"rows", rows},
               {"height", strip_height * static_cast<int>(rows)},
               {"tests", names},
               {"readings", readings},
               {"alarms", alarms}}};
  return figure_html(figure, history_table(history), drawn);
}

}  // namespace

std::string source_html(const AuditedSource& source, bool drawn) {
  return "<section id=\"source\"><h2>The source</h2>\n" + facts_of(source) +
         plots_html(distribution(source.raw, drawn) + estimators(source.run, drawn) + health(source.history, drawn)) +
         "</section>\n";
}

}  // namespace lightseed::cli
