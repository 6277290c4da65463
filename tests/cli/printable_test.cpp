// SPDX-License-Identifier: Apache-2.0
#include "cli/printable.h"

#include <catch2/catch.hpp>

#include "core/json.h"
#include "evidence/json_text.h"

namespace lightseed::cli {
namespace {

TEST_CASE("text of others cannot steer the terminal") {
  CHECK(printable("plain, ümläut, 中文 and – dashes") == "plain, ümläut, 中文 and – dashes");
  CHECK(printable("\033[2J") == "\\x1b[2J");
  CHECK(printable("a\nVALID: batch\r\t\b\x7f") == "a\\x0aVALID: batch\\x0d\\x09\\x08\\x7f");
  CHECK(printable(std::string_view("a\0b", 3)) == "a\\x00b");
  // The eight-bit form of ESC [, marks of direction, invisible characters, a line separator.
  CHECK(printable("\xc2\x9b"
                  "2J") == "\\u{9b}2J");
  CHECK(printable("abc\u202Ecba\u2066x\u200Fy\uFEFFz\u2028w\u00ADv") ==
        "abc\\u{202e}cba\\u{2066}x\\u{200f}y\\u{feff}z\\u{2028}w\\u{ad}v");
  CHECK(printable("\xf3\xa0\x81\x81") == "\\u{e0041}");
}

TEST_CASE("bytes that are no UTF-8 are shown, whatever is wrong with them") {
  CHECK(printable("r\xe4w.bin") == "r\\xe4w.bin");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // an overlong slash
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // another
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // half a surrogate pair
  CHECK(printable("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");  // above the last character
  CHECK(printable("a\xe4\xb8") == "a\\xe4\\xb8");                  // cut off
  CHECK(printable("\xff\xfe") == "\\xff\\xfe");
}

TEST_CASE("long text is cut, and it says by how much") {
  CHECK(printable(std::string(400, 'x')) == std::string(400, 'x'));
  CHECK(printable(std::string(1000, 'x')) == std::string(400, 'x') + "… (600 bytes more)");
  CHECK(printable("ääää", 4) == "ää… (4 bytes more)");
  CHECK(printable_lines("a\033\nb\n") == "a\\x1b\nb\n");
  CHECK(printable_lines(std::string(5000, 'x') + "\nend").ends_with("bytes more)\nend"));
}

TEST_CASE("JSON is harmless on a terminal and says the same") {
  const Json json{{"a\u202Eb", "\033[2J\x7f\u0085 中 \xf3\xa0\x81\x81"}, {"list", {1, "x\ny"}}};
  const std::string text = printable_json(json_text(json, 1));
  for (const char* harmful : {"\033", "\x7f", "\u0085", "\u202E", "\xf3\xa0"})
    CHECK(text.find(harmful) == std::string::npos);
  CHECK(text.find("中") != std::string::npos);
  CHECK(Json::parse(text) == json);
}

}  // namespace
}  // namespace lightseed::cli
