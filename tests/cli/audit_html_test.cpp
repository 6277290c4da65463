// SPDX-License-Identifier: Apache-2.0
#include "cli/audit_html.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>
#include <iterator>

#include "cli/audit_words.h"
#include "core/atomic_file.h"
#include "core/hex.h"
#include "core/json.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"
#include "tests/stats/random_bytes.h"

namespace lightseed::cli {
namespace {

using test::random_bytes;
using test::run_captured;
using test::Scratch;

std::string file_of(const Scratch& scratch, const char* name, std::size_t bytes) {
  const auto path = scratch / name;
  const auto content = random_bytes(bytes, 7);
  AtomicFile file(path, AtomicFile::Mode::open);
  file.write(content);
  file.commit();
  return path.string();
}

std::string text_of(const std::filesystem::path& path) {
  return read_text_file(path, std::size_t{1} << 24);
}

/// Contents of the cells of the table under this summary.
std::vector<std::string> cells_under(const std::string& page, std::size_t from, const std::string& summary) {
  std::vector<std::string> cells;
  const std::size_t begin = page.find("<summary>" + summary + "</summary>", from);
  if (begin == std::string::npos) return cells;
  const std::size_t end = page.find("</table>", begin);
  for (std::size_t at = page.find("<td>", begin); at < end; at = page.find("<td>", at + 1))
    cells.push_back(page.substr(at + 4, page.find("</td>", at) - at - 4));
  return cells;
}

/// A page without what lies between < and >, in which hostile text would show as new or other tags.
std::string tags_of(const std::string& page) {
  std::string tags;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1))
    tags += page.substr(at, page.find('>', at) + 1 - at) + "\n";
  return tags;
}

AuditRecord record_with(const std::string& words) {
  AuditRecord audit{.file = words, .form = "packed", .sha256 = "00", .bytes = 1, .bits = 8, .warnings = {words}};
  AuditSuite suite{.id = "sp800-22",
                   .profile = words,
                   .parameters = AuditParameters{.verified = false, .origin = words},
                   .sequences = 3,
                   .sequence_bits = 8,
                   .listed = 3,
                   .rule = words};
  AuditItem item{.sequences = 3, .below = 1, .bins = {1, 0, 0, 1, 0, 0, 0, 0, 0, 1}, .least = 0.001};
  suite.tests.push_back({.id = words, .clause = words, .items = {item}, .p = {0.001, 0.35, 0.95}});
  suite.tests.back().figures.emplace_back(words, 1.5);
  audit.suites.push_back(suite);
  audit.verdict.groups.push_back({.suite = words, .test = words, .p = 0.5, .adjusted = 1});
  return audit;
}

TEST_CASE("nothing that came from outside becomes markup") {
  const auto page_with = [](const std::string& words) {
    return audit_html(record_with(words), {.options = words, .machine = words, .made = words});
  };
  const std::string harmless = tags_of(page_with("x"));
  for (const std::string words :
       {"<script>alert(1)</script>", "</title><img onerror=x>", "\" onload=\"x", "' x='", "--><b>", "<", ">",
        "&#60;b&#62;", "\x01\x1b[31m\n<b>\r", "\xff\xfe<b>", "]]><b>", "\u202E<b>", "</style><b>", "{}{0}%s"}) {
    CAPTURE(words);
    const std::string page = page_with(words);
    // Attributes hold only what was escaped: names of tests in labels.
    std::string tags = tags_of(page);
    CHECK(std::count(tags.begin(), tags.end(), '<') == std::count(harmless.begin(), harmless.end(), '<'));
    CHECK(std::count(tags.begin(), tags.end(), '"') == std::count(harmless.begin(), harmless.end(), '"'));
    CHECK(tags.find("<script") == std::string::npos);
    for (const char c : page)
      REQUIRE((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  }
}

TEST_CASE("the page is whole in itself, and the same for the same record") {
  const AuditPage page{.options = "--suite sp800-22", .machine = "Linux x86_64", .made = "2026-01-01T00:00:00Z"};
  const std::string text = audit_html(record_with("x"), page);
  CHECK(text == audit_html(record_with("x"), page));
  for (const char* outside :
       {"http:", "https:", "//", "src=", "href", "@import", "url(", "<script", "<link", "<iframe"})
    CHECK(text.find(outside) == std::string::npos);
  CHECK(text.find("default-src 'none'") != std::string::npos);
  CHECK(text.find("<html lang=\"en\">") != std::string::npos);
  CHECK(text.find("<title>PASS: audit of x</title>") != std::string::npos);
  CHECK(text.find("lightseed audit FILE --suite sp800-22<") != std::string::npos);
  CHECK(text.find("2026-01-01T00:00:00Z") != std::string::npos);
  // The verdict comes before everything else, also in the order of reading.
  CHECK(text.find("class=\"verdict pass\"") < text.find("<table"));
  CHECK(text.find("class=\"verdict pass\"") < text.find("<h2"));
  CHECK(text.find("not compared with the standard&#39;s own table") != std::string::npos);
}

TEST_CASE("every p-value of the JSON stands in the page, in its order; every plot has its numbers") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 50'000);
  const auto page_path = scratch / "report.html";
  const auto run = run_captured(
      {"audit", data, "--sequence-bits", "20000", "--threads", "1", "--json", "--report", page_path.string()});
  REQUIRE(run.code == 0);
  const std::string page = text_of(page_path);
  std::size_t values = 0;
  const Json json = Json::parse(run.out);
  for (const Json& suite : json["audit"]["suites"]) {
    const std::size_t section = page.find("<section id=\"" + suite["id"].get<std::string>() + "\">");
    REQUIRE(section != std::string::npos);
    for (const Json& test : suite["tests"]) {
      for (const auto& [member, name] : {std::pair{"p", "p"}, std::pair{"q", "Q"}}) {
        if (!test.contains(member)) continue;
        std::vector<std::string> wanted;
        for (const Json& value : test[member])
          wanted.push_back(value.is_null() ? "–" : probability(value.get<double>()));
        CAPTURE(suite["id"], test["id"], member);
        CHECK(cells_under(page, section, fmt::format("Every {}-value of {}", name, test["id"].get<std::string>())) ==
              wanted);
        values += wanted.size();
      }
    }
  }
  CHECK(values > 2'000);
  for (const char* plot : {"sp800-22-tenths", "sp800-22-sorted", "sp800-22-proportions", "gmt0005-tenths",
                           "gmt0005-proportions", "byte-values", "autocorrelation", "spectrum"})
    CHECK(page.find(fmt::format("<figure id=\"{}\">", plot)) != std::string::npos);
  const auto counts = cells_under(page, 0, "Numbers of this plot: count of each byte value");
  REQUIRE(counts.size() == 256);
  std::size_t sum = 0;
  for (const std::string& count : counts)
    sum += std::stoul(count);
  CHECK(sum == 50'000);
  CHECK(cells_under(page, 0, "Numbers of this plot: correlation at each distance").size() == 1024);
  CHECK(cells_under(page, 0, "Numbers of this plot: power at each 1024th of a cycle a bit").size() == 513);
  // Nobody asked to see the data themselves.
  CHECK(page.find("id=\"bits\"") == std::string::npos);
  CHECK(page.find(hex(random_bytes(16, 7))) == std::string::npos);
}

TEST_CASE("data are shown when they are asked for") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 5'000);
  const auto page_path = scratch / "report.html";
  const auto run = run_captured({"audit", data, "--suite", "fips140-2", "--report", page_path.string(), "--bit-image"});
  REQUIRE(run.code == 0);
  const std::string page = text_of(page_path);
  CHECK(page.find("<h2>The first 16384 bits</h2>") != std::string::npos);
  CHECK(page.find(hex(random_bytes(16, 7))) != std::string::npos);
  CHECK(page.find("lightseed audit FILE --suite fips140-2<") != std::string::npos);
}

TEST_CASE("a report never replaces a file, and appears whole or not at all") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 2'500);
  const auto taken = scratch / "taken.html";
  std::ofstream(taken) << "somebody's";
  auto run = run_captured({"audit", data, "--report", taken.string()});
  CHECK(run.code == 4);
  CHECK(run.out.empty());
  CHECK(text_of(taken) == "somebody's");
  // The data are not enough for what was asked.
  run = run_captured({"audit", data, "--sequences", "9", "--report", (scratch / "new.html").string()});
  CHECK(run.code == 6);
  CHECK_FALSE(std::filesystem::exists(scratch / "new.html"));
  CHECK(run_captured({"audit", data, "--report", data}).code == 4);
}

TEST_CASE("a directory is no input, and leaves no report") {
  const Scratch scratch;
  const auto run = run_captured({"audit", scratch.path().string(), "--report", (scratch / "r.html").string()});
  CHECK(run.code == 2);
  CHECK(run.err.find("is a directory; a batch is audited with --trust CRT") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch / "r.html"));
}

TEST_CASE("reports are asked for in ways that make sense") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 2'500);
  const std::string page = (scratch / "r.html").string();
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--report", "-"}, {"--report", ""}, {"--bit-image"}, {"--report", page, "--markdown", page}}) {
    std::vector<std::string> call{"audit", data};
    call.insert(call.end(), words.begin(), words.end());
    CAPTURE(words);
    CHECK(run_captured(call).code == 2);
  }
  CHECK_FALSE(std::filesystem::exists(page));
}

TEST_CASE("a long report lists what a browser can show, and says so") {
  AuditRecord audit = record_with("x");
  AuditSuite& suite = audit.suites.front();
  suite.sequences = 400'000;
  suite.listed = 400'000;
  suite.tests.front().p.assign(400'000, 0.5);
  const std::string text = audit_html(audit, {});
  CHECK(text.size() < 10'000'000);
  CHECK(text.find("Listed are the p-values of the first 100000 sequences of 400000;") != std::string::npos);
  CHECK(text.find("400000 p-values by size, one of 200 is drawn") != std::string::npos);
  CHECK(cells_under(text, 0, "Numbers of this plot: sorted p-values").size() == 2'000);
}

TEST_CASE("an audit without enough data has a page too") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 5);
  const auto page_path = scratch / "r.html";
  CHECK(run_captured({"audit", data, "--report", page_path.string()}).code == 6);
  const std::string page = text_of(page_path);
  CHECK(page.find("<title>NOT RUN: audit of ") != std::string::npos);
  CHECK(page.find("NOT RUN</span>, needs 1000000 bits") != std::string::npos);
  CHECK(page.find("nan") == std::string::npos);
}

}  // namespace
}  // namespace lightseed::cli
