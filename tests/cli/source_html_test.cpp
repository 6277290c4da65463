// SPDX-License-Identifier: Apache-2.0
#include "cli/source_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "evidence/assessment_record.h"

namespace lightseed::cli {
namespace {

/// A gate with a test that counts and a monitor within its limits, `words` wherever others put theirs.
GateRecord gate_with(const std::string& words, std::uint64_t admitted, double last, bool alarm) {
  HealthRecord health;
  health.standard = "x";
  health.claim = 6;
  health.alpha_log2 = -30;
  health.tests = {{.id = "repetition-count"},
                  {.id = words, .readings = {{"blocks", 1}, {"low", 10}, {"high", 20}, {"last", last}}}};
  health.start_up_samples = 1000;
  health.start_up_tests_passed = 1;
  health.samples_admitted = admitted;
  if (alarm) health.alarms = {{.test = "repetition-count", .sample = admitted + 1000, .words = words}};
  return {.health = health};
}

AuditedSource source_with(const std::string& words) {
  AuditedSource source;
  for (std::string* const said : {&source.run.source.uri, &source.run.source.driver, &source.run.source.model,
                                  &source.run.source.serial, &source.run.source.firmware, &source.run.measured.method})
    *said = words;
  source.run.source.format = {.bits = 2, .container_bits = 8};
  source.run.source.claim.bits_per_sample = 1.5;
  source.run.source.claim.method = words;
  AssessmentRecord measured{.width = 2, .samples = 1000, .alphabet = 4};
  measured.estimates = {{.id = "mcv", .min_entropy = 1.75},
                        {.id = "lrs", .not_run = "too few samples"},
                        {.id = "collision", .view = DataView::bitstring, .min_entropy = 0.625}};
  measured.h_original = 1.75;
  measured.h_bitstring = 0.625;
  measured.min_entropy = 1.25;
  source.run.measured.bits_per_sample = 1.25;
  source.run.measured.details = to_json(measured);
  source.run.extraction.bits_per_sample = 1.25;
  source.raw.seen = {.samples = 1000, .mean = 1.5, .variance = 1.25, .histogram = {100, 400, 300, 200}};
  source.raw.expected = {125, 375, 325, 175};
  source.history.note(gate_with(words, 4000, 12.5, false));
  source.history.note(gate_with(words, 9000, 20, true));
  return source;
}

Json source_plot(const std::string& html, const std::string& id) {
  const std::string opening = "<script type=\"application/json\">";
  const std::size_t figure = html.find(fmt::format("<figure id=\"{}\" ", id));
  REQUIRE(figure != std::string::npos);
  const std::size_t begin = html.find(opening, figure) + opening.size();
  return Json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

TEST_CASE("a source's raw samples stand against its model") {
  const std::string html = source_html(source_with("x"), true);
  const Json plot = source_plot(html, "raw-samples");
  CHECK(plot["kind"] == "bars");
  CHECK(plot["heights"] == Json({100, 400, 300, 200}));
  CHECK(plot["expected"] == Json({125, 375, 325, 175}));
  CHECK(html.find("<tr><th scope=\"row\">1</th><td>400</td><td>375</td></tr>") != std::string::npos);
  AuditedSource unknown = source_with("x");
  unknown.raw.expected.clear();
  const std::string without = source_html(unknown, true);
  CHECK_FALSE(source_plot(without, "raw-samples").contains("expected"));
  CHECK(without.find("No model of this source is known.") != std::string::npos);
  CHECK(without.find("<tr><th scope=\"row\">1</th><td>400</td></tr>") != std::string::npos);
}

TEST_CASE("every estimate that ran is a bar in bits a sample, and the one that binds is marked") {
  const std::string html = source_html(source_with("x"), true);
  const Json plot = source_plot(html, "estimators");
  CHECK(plot["bars"] == Json({{"mcv", 1.75, "literal", false}, {"collision, bits", 1.25, "bitstring", true}}));
  CHECK(plot["level"] == 1.5);
  CHECK(html.find("<tr><th scope=\"row\">collision, bits</th><td>bitstring</td><td>1.250000</td><td "
                  "class=\"words\">yes</td></tr>") != std::string::npos);
  // A measurement by another method has no estimators to show.
  AuditedSource other = source_with("x");
  other.run.measured.details = {{"members", 2}};
  CHECK(source_html(other, true).find("id=\"estimators\"") == std::string::npos);
}

TEST_CASE("health is shown over the samples the gate looked at, readings within their limits, alarms where they came") {
  const std::string html = source_html(source_with("monitor"), true);
  const Json plot = source_plot(html, "health");
  CHECK(plot["tests"] == Json({"repetition-count", "monitor"}));
  CHECK(plot["right"] == 10'000);
  CHECK(plot["readings"] == Json({{1, 5000, 0.25, 12.5}, {1, 10'000, 1, 20}}));
  CHECK(plot["alarms"] == Json({{0, 10'000, "monitor"}}));
  CHECK(html.find("<tr><th scope=\"row\">monitor</th><td>5000</td><td>12.5</td><td>10 to 20</td></tr>") !=
        std::string::npos);
  CHECK(html.find("<td>10000</td><td class=\"free\">monitor</td>") != std::string::npos);
  CHECK(html.find("1 in 10000 raw samples") != std::string::npos);
}

TEST_CASE("without a script a source has its tables alone") {
  const std::string html = source_html(source_with("x"), false);
  CHECK(html.find("<figure") == std::string::npos);
  CHECK(html.find("<script") == std::string::npos);
  for (const char* table : {"raw samples of each range of codes", "every estimate", "every reading", "every alarm"})
    CHECK(html.find(fmt::format("<summary>Numbers of this plot: {}</summary>", table)) != std::string::npos);
}

TEST_CASE("words of a source become no markup") {
  const auto count = [](const std::string& html, char c) { return std::count(html.begin(), html.end(), c); };
  const std::string harmless = source_html(source_with("x"), true);
  for (const std::string words :
       {"<b>", "</script><script>alert(1)</script>", "\" onload=\"x", "<!--", "\x1b[2J", "\xff"}) {
    CAPTURE(words);
    const std::string html = source_html(source_with(words), true);
    CHECK(count(html, '<') == count(harmless, '<'));
    CHECK(html.find('\x1b') == std::string::npos);
    for (const char* id : {"raw-samples", "estimators", "health"})
      CHECK_NOTHROW(source_plot(html, id));
  }
}

}  // namespace
}  // namespace lightseed::cli
