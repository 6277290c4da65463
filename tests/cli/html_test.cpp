// SPDX-License-Identifier: Apache-2.0
#include "cli/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>

#include "cli/bit_image.h"
#include "core/hex.h"
#include "tests/stats/random_bytes.h"

namespace lightseed::cli {
namespace {

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

TEST_CASE("tables of numbers hold each of them, with the number of the first in a row") {
  const std::string rows = rows_of_numbers("caption", std::array{1.5, 2.5, 3.5}, 2, 10);
  CHECK(
      rows.find("<tr><th scope=\"row\">10</th><td>1.5</td><td>2.5</td></tr>\n<tr><th scope=\"row\">12</th><td>3.5</td>"
                "</tr>\n</tbody>") != std::string::npos);
  const std::string row = row_of_numbers("caption", std::array<std::string, 2>{"a", "b"}, std::array{1.0, 2.0});
  CHECK(row.find("<th scope=\"col\">a</th><th scope=\"col\">b</th></tr></thead><tbody>\n<tr><td>1</td><td>2</td>") !=
        std::string::npos);
}

/// What the figure with this id draws, in hexadecimal; nothing without it.
std::string drawn_in(const std::string& image, std::string_view id) {
  const std::size_t figure = image.find(fmt::format("id=\"{}\"", id));
  if (figure == std::string::npos) return "";
  constexpr std::string_view member = "\"hex\":\"";
  const std::size_t begin = image.find(member, figure) + member.size();
  return image.substr(begin, image.find('"', begin) - begin);
}

/// The digits that stand below the figures, without their line ends.
std::string listed_in(const std::string& image) {
  const std::size_t begin = image.find("<pre>\n") + 6;
  std::string digits = image.substr(begin, image.find("</pre>") - begin);
  std::erase(digits, '\n');
  return digits;
}

TEST_CASE("the image of bits shows these bits and no others") {
  for (const std::size_t size : {std::size_t{16}, std::size_t{512}, bit_image_bytes}) {
    const auto bytes = test::random_bytes(size, static_cast<unsigned>(size));
    const std::string image = bit_image(bytes, true);
    CHECK(drawn_in(image, "bits") == hex(bytes));
    CHECK(drawn_in(image, "bytes") == (size >= 64 ? hex(bytes) : ""));
    CHECK(listed_in(image) == hex(bytes));
    CHECK(listed_in(bit_image(bytes, false)) == hex(bytes));
  }
  CHECK(bit_image(test::random_bytes(15, 1), true).empty());
  CHECK(bit_image(test::random_bytes(31, 1), true) == bit_image(test::random_bytes(16, 1), true));
  CHECK(bit_image(test::random_bytes(5'000, 1), true) == bit_image(test::random_bytes(bit_image_bytes, 1), true));
}

}  // namespace
}  // namespace lightseed::cli
