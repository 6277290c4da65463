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

/// What lies in script elements of this kind, in their order.
std::vector<std::string> scripts_in(const std::string& page, const std::string& opening) {
  std::vector<std::string> found;
  for (std::size_t at = page.find(opening); at != std::string::npos; at = page.find(opening, at + 1)) {
    const std::size_t begin = at + opening.size();
    found.push_back(page.substr(begin, page.find("</script>", begin) - begin));
  }
  return found;
}

const std::string data_element = "<script type=\"application/json\">";

TEST_CASE("nothing that came from outside becomes markup") {
  const auto page_with = [](const std::string& words) {
    return audit_html(record_with(words), {.options = words, .machine = words, .made = words, .script = "draw()"});
  };
  const std::string harmless = tags_of(page_with("x"));
  const std::size_t plots = scripts_in(page_with("x"), data_element).size();
  REQUIRE(plots == 3);
  for (const std::string words :
       {"<script>alert(1)</script>", "</title><img onerror=x>", "\" onload=\"x", "' x='", "--><b>", "<", ">",
        "&#60;b&#62;", "\x01\x1b[31m\n<b>\r", "\xff\xfe<b>", "]]><b>", "\u202E<b>", "</style><b>", "{}{0}%s",
        "</script><script>alert(1)</script>", "<!--<script>", "\xe2\x80\xa8\xe2\x80\xa9", "\\u003c/script>"}) {
    CAPTURE(words);
    const std::string page = page_with(words);
    // Attributes hold only what was escaped: names of tests in labels.
    std::string tags = tags_of(page);
    CHECK(std::count(tags.begin(), tags.end(), '<') == std::count(harmless.begin(), harmless.end(), '<'));
    CHECK(std::count(tags.begin(), tags.end(), '"') == std::count(harmless.begin(), harmless.end(), '"'));
    // A script element is one of ours: data of plots, which are JSON, and the one script behind them.
    const auto data = scripts_in(page, data_element);
    CHECK(data.size() == plots);
    for (const std::string& text : data) {
      CHECK(text.find_first_of("<>&") == std::string::npos);
      CHECK_NOTHROW(Json::parse(text));
    }
    CHECK(scripts_in(page, "<script>") == std::vector<std::string>{"draw()"});
    for (const char c : page)
      REQUIRE((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
  }
}

TEST_CASE("the page is whole in itself, and the same for the same record") {
  const AuditPage page{
      .options = "--suite sp800-22", .machine = "Linux x86_64", .made = "2026-01-01T00:00:00Z", .script = ""};
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
  // Without a script there are no plots and nothing that waits for one, and the page says so.
  CHECK(text.find("This build of Lightseed draws no plots; the tables hold their numbers.") != std::string::npos);
  CHECK(text.find("<figure") == std::string::npos);
  CHECK(text.find("script-src") == std::string::npos);
  CHECK(text.find("<summary>Numbers of this plot: p-values in each tenth</summary>") != std::string::npos);
}

TEST_CASE("the page runs one script, which it names by its digest, and no other") {
  const std::string text = audit_html(record_with("x"), {.script = "draw()"});
  // printf 'draw()' | openssl dgst -sha256 -binary | base64
  CHECK(text.find(
            "content=\"default-src 'none'; script-src 'sha256-jm3FkV4tNIdBUr8jRVVl5n9PUixlaxTWD0pdpFiSH5A='; style-src "
            "'unsafe-inline'; form-action 'none'; base-uri 'none'\"") != std::string::npos);
  CHECK(text.find("unsafe-eval") == std::string::npos);
  CHECK(text.find("draws no plots") == std::string::npos);
  const std::size_t script = text.find("<script>draw()</script>");
  REQUIRE(script != std::string::npos);
  // Behind all figures, so that they are there when it runs.
  CHECK(script > text.rfind("</figure>"));
  CHECK(text.find("<script>", script + 1) == std::string::npos);
}

#ifdef LIGHTSEED_REPORT_PLOTS
TEST_CASE("the script of this build can stand in a page as it is") {
  const std::string script(report_script());
  REQUIRE(script.size() > 100'000);
  CHECK(script.size() < 500'000);
  for (const char* hole : {"</script", "</SCRIPT", "<script", "<!--", "@import"})
    CHECK(script.find(hole) == std::string::npos);
  for (const char c : script)
    REQUIRE(((c >= 0x20 && c < 0x7f) || c == '\n' || c == '\t'));
  // Whose work it is goes with it.
  CHECK(script.find("University of Washington Interactive Data Lab") != std::string::npos);
  CHECK(script.find("Mike Bostock") != std::string::npos);
  for (const char* kind : {"bars", "points", "named", "squares", "history"})
    CHECK(script.find(kind) != std::string::npos);
}
#else
TEST_CASE("a build without plots has no script") {
  CHECK(report_script().empty());
}
#endif

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
#ifdef LIGHTSEED_REPORT_PLOTS
  for (const char* plot : {"sp800-22-tenths", "sp800-22-sorted", "sp800-22-proportions", "gmt0005-tenths",
                           "gmt0005-proportions", "byte-values", "autocorrelation", "spectrum"})
    CHECK(page.find(fmt::format("<figure id=\"{}\" ", plot)) != std::string::npos);
#endif
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

/// The data of the plot with this id.
Json plot_of(const std::string& page, const std::string& id) {
  const std::size_t figure = page.find(fmt::format("<figure id=\"{}\" ", id));
  REQUIRE(figure != std::string::npos);
  return Json::parse(scripts_in(page.substr(figure), data_element).front());
}

TEST_CASE("plots hold the numbers of the tables beside them") {
  const std::string page = audit_html(record_with("x"), {.script = "draw()"});
  const Json tenths = plot_of(page, "sp800-22-tenths");
  CHECK(tenths["kind"] == "bars");
  CHECK(tenths["heights"] == Json({1, 0, 0, 1, 0, 0, 0, 0, 0, 1}));
  CHECK(tenths["level"] == 0.3);
  const Json sorted = plot_of(page, "sp800-22-sorted");
  CHECK(sorted["points"] == Json({0.001, 0.35, 0.95}));
  CHECK(sorted["from"].get<double>() == Approx(1.0 / 6));
  CHECK(sorted["step"].get<double>() == Approx(1.0 / 3));
  const Json proportions = plot_of(page, "sp800-22-proportions");
  CHECK(proportions["points"] == Json({0.666667}));
  // 0.99 plus and minus three deviations of three sequences.
  REQUIRE(proportions["bands"].size() == 1);
  CHECK(proportions["bands"][0][2].get<double>() == Approx(0.817663).margin(1e-6));
  CHECK(proportions["bands"][0][3].get<double>() == Approx(1.162337).margin(1e-6));
  CHECK(proportions["said"] == Json({"x"}));
}

TEST_CASE("an audit without enough data has a page too") {
  const Scratch scratch;
  const std::string data = file_of(scratch, "data.bin", 5);
  const auto page_path = scratch / "r.html";
  CHECK(run_captured({"audit", data, "--report", page_path.string()}).code == 6);
  const std::string page = text_of(page_path);
  CHECK(page.find("<title>NOT RUN: audit of ") != std::string::npos);
  CHECK(page.find("NOT RUN</span>, needs 1000000 bits") != std::string::npos);
  // Of the page itself: the script has every word.
  CHECK(page.substr(0, page.find("<script>")).find("nan") == std::string::npos);
}

}  // namespace
}  // namespace lightseed::cli
