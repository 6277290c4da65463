// SPDX-License-Identifier: Apache-2.0
#include "cli/html.h"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "cli/bit_image.h"
#include "cli/svg_plot.h"
#include "tests/stats/random_bytes.h"

namespace lightseed::cli {
namespace {

std::size_t count_of(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

TEST_CASE("text of others is no HTML") {
  CHECK(html_text("plain name-1.bin") == "plain name-1.bin");
  CHECK(html_text("<script>alert(\"1\")</script>") == "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;");
  CHECK(html_text("' onload='x") == "&#39; onload=&#39;x");
  CHECK(html_text("&lt;") == "&amp;lt;");
  CHECK(html_text("a\nb\r\x01") == "a\\x0ab\\x0d\\x01");
  CHECK(html_text("\xff\xc0\xaf") == "\\xff\\xc0\\xaf");
  CHECK(html_text("\u202Egnp") == "\\u{202e}gnp");
  CHECK(html_text("ключ 钥匙") == "ключ 钥匙");
  for (int c = 0; c < 256; ++c) {
    const std::string escaped = html_text(std::string(1, static_cast<char>(c)));
    CAPTURE(c);
    CHECK(escaped.find_first_of("<>\"'") == std::string::npos);
    CHECK(std::all_of(escaped.begin(), escaped.end(), [](char e) { return e >= ' ' && e <= '~'; }));
  }
}

TEST_CASE("a scale ends at a round number that holds the value") {
  CHECK(end_of_scale(0, 4) == 1);
  CHECK(end_of_scale(10, 4) == Approx(10));
  CHECK(end_of_scale(11, 4) == Approx(20));
  CHECK(end_of_scale(24, 4) == Approx(40));
  CHECK(end_of_scale(1, 4) == Approx(1));
  for (const double value : {1e-9, 0.003, 0.99, 7.0, 188.0, 12'345.0, 9.99e15})
    CHECK((end_of_scale(value, 4) >= value && end_of_scale(value, 4) <= 2.6 * value));
}

TEST_CASE("a plot draws each value once, and bands of one width as one") {
  Plot plot({.id = "x", .title = "<t>", .text = "&", .across = "\"a\"", .up = "u"});
  plot.points(std::array{0.0, 0.5, 1.0}, std::array{0.0, 0.5, 2.0});
  // Above the scale the last two look alike; below they do not.
  plot.bands(std::array{0.1, 0.2, 0.3, 0.4}, 0.05, 0.9, std::array{0.1, 0.1, 0.2, 0.3});
  plot.bar(0, 0.1, 0.5);
  const std::string figure = plot.figure();
  CHECK(count_of(figure, "h0") == 3);
  CHECK(count_of(figure, "class=\"band\"") == 3);
  CHECK(count_of(figure, "class=\"bar\"") == 1);
  CHECK(count_of(figure, "<title id=\"x-title\">&lt;t&gt;</title><desc id=\"x-text\">&amp;</desc>") == 1);
  CHECK(count_of(figure, "role=\"img\" aria-labelledby=\"x-title x-text\"") == 1);
  CHECK(figure.find("&quot;a&quot;") != std::string::npos);
  // What lies beyond the scale is drawn on its edge.
  CHECK(figure.find("M624.0 10.0h0") != std::string::npos);
}

TEST_CASE("tables of numbers hold each of them, with the number of the first in a row") {
  const std::string rows = rows_of_numbers("caption", std::array{1.5, 2.5, 3.5}, 2, 10);
  CHECK(
      rows.find("<tr><th scope=\"row\">10</th><td>1.5</td><td>2.5</td></tr>\n<tr><th scope=\"row\">12</th><td>3.5</td>"
                "</tr>\n</tbody>") != std::string::npos);
  const std::string row = row_of_numbers("caption", std::array<std::string, 2>{"a", "b"}, std::array{1.0, 2.0});
  CHECK(row.find("<th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td>") !=
        std::string::npos);
}

/// The bits that the strokes of ones draw.
std::vector<std::byte> drawn_in(const std::string& image, std::size_t size) {
  std::vector<std::byte> bytes(size);
  const std::size_t begin = image.find(" d=\"", image.find("class=\"ones\"")) + 4;
  const std::string path = image.substr(begin, image.find('"', begin) - begin);
  for (std::size_t at = path.find('M'); at != std::string::npos; at = path.find('M', at + 1)) {
    unsigned x = 0;
    unsigned y = 0;
    unsigned wide = 0;
    REQUIRE(std::sscanf(path.c_str() + at, "M%u %uh%u", &x, &y, &wide) == 3);
    REQUIRE(x + wide <= 128);
    for (unsigned k = x; k < x + wide; ++k)
      bytes.at(y * 16 + k / 8) |= std::byte{0x80} >> (k % 8);
  }
  return bytes;
}

TEST_CASE("the image of bits shows these bits and no others") {
  for (const std::size_t size : {std::size_t{16}, std::size_t{512}, bit_image_bytes}) {
    const auto bytes = test::random_bytes(size, static_cast<unsigned>(size));
    const std::string image = bit_image(bytes);
    CHECK(drawn_in(image, size) == bytes);
    CHECK((image.find("id=\"bytes\"") != std::string::npos) == (size >= 32));
  }
  const std::vector<std::byte> ones(64, std::byte{0xFF});
  CHECK(drawn_in(bit_image(ones), 64) == ones);
  CHECK(drawn_in(bit_image(std::vector<std::byte>(64)), 64) == std::vector<std::byte>(64));
  CHECK(bit_image(test::random_bytes(15, 1)).empty());
  CHECK(bit_image(test::random_bytes(31, 1)) == bit_image(test::random_bytes(16, 1)));
  CHECK(bit_image(test::random_bytes(5'000, 1)) == bit_image(test::random_bytes(bit_image_bytes, 1)));
}

}  // namespace
}  // namespace lightseed::cli
