// SPDX-License-Identifier: Apache-2.0
#include "cli/figure.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace lightseed::cli {
namespace {

TEST_CASE("data of a page end no script element and open none") {
  for (const std::string words :
       {"</script>", "</SCRIPT >", "<!--", "-->", "<script>", "]]>", "&lt;", "\xe2\x80\xa8", "\xe2\x80\xa9", "\"'\\"}) {
    CAPTURE(words);
    const std::string text = json_for_page({{words, words}});
    CHECK(text.find_first_of("<>&") == std::string::npos);
    for (const char c : text)
      CHECK((c >= 0x20 && c < 0x7f));
    CHECK(Json::parse(text)[words] == words);
  }
  // What is no text is replaced, not refused.
  CHECK(json_for_page({{"a", "\xff<"}}) == "{\"a\":\"\\ufffd\\u003c\"}");
}

TEST_CASE("numbers have the six digits of the tables, and no more") {
  CHECK(plot_number(0.1234567891).dump() == "0.123457");
  CHECK(plot_number(3).dump() == "3");
  CHECK(plot_number(-0.00123456789).dump() == "-0.00123457");
  CHECK(plot_number(1e-300).dump() == "1e-300");
  CHECK(plot_number(12'345'678).get<double>() == 12'345'700);
  CHECK(plot_numbers(std::vector<double>{1, 0.5}).dump() == "[1,0.5]");
}

TEST_CASE("bands that look alike are one") {
  const std::vector<double> x{1, 2, 3, 4};
  CHECK(bands_about(x, 0.5, 1, std::vector<double>{0.1, 0.1, 0.1, 0.1}) == Json({{0.5, 4.5, 0.9, 1.1}}));
  CHECK(bands_about(x, 0.5, 0, std::vector<double>{2, 1, 1, 3}) ==
        Json({{0.5, 1.5, -2, 2}, {1.5, 3.5, -1, 1}, {3.5, 4.5, -3, 3}}));
  CHECK(bands_about({}, 0.5, 0, {}) == Json::array());
}

TEST_CASE("a figure has a name and a description, and its tables alone where nothing draws it") {
  const Figure figure{
      .id = "a", .title = "T < U", .text = "what & how", .kind = "points", .data = {{"points", {1, 2}}}};
  CHECK(figure_html(figure, "<table>", false) == "<table>");
  const std::string html = figure_html(figure, "<table>", true);
  for (const char* part :
       {"<figure id=\"a\" data-plot=\"points\">", "<figcaption id=\"a-title\">T &lt; U</figcaption>",
        "role=\"img\" aria-labelledby=\"a-title\" aria-describedby=\"a-text\">This plot is drawn by",
        "id=\"a-text\" aria-hidden=\"true\">what &amp; how</p>",
        "<script type=\"application/json\">{\"kind\":\"points\",\"points\":[1,2]}</script>\n<table></figure>"})
    CHECK(html.find(part) != std::string::npos);
  CHECK(plots_html("").empty());
}

}  // namespace
}  // namespace lightseed::cli
