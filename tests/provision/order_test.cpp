// SPDX-License-Identifier: Apache-2.0
#include "provision/order.h"

#include <catch2/catch.hpp>
#include <fstream>

#include "core/error.h"
#include "tests/scratch.h"

using namespace lightseed;

namespace {

Order read(const std::string& text, const std::string& id = "") {
  const test::Scratch scratch;
  std::ofstream(scratch / "order.csv", std::ios::binary) << text;
  return read_order(scratch / "order.csv", id);
}

std::string complaint_about(const std::string& text) {
  try {
    read(text);
  } catch (const Error& e) {
    CHECK(e.category() == Category::usage);
    return e.what();
  }
  FAIL("accepted: " << text);
  return {};
}

constexpr const char* good = "8988211000000000011,001010000000001";

}  // namespace

TEST_CASE("an order in its usual forms") {
  const Order plain = read(std::string("iccid,imsi\n") + good + "\n");
  REQUIRE(plain.lines.size() == 1);
  CHECK(plain.id == "order");
  CHECK(plain.lines[0].iccid == "8988211000000000011");
  CHECK(plain.lines[0].imsi == "001010000000001");
  CHECK(plain.sha256.size() == 64);

  // From a spreadsheet: byte order mark, CRLF, quotes, other order of columns, no newline at the end.
  const Order office = read(
      "\xef\xbb\xbfprofile,\"imsi\",msisdn,iccid\r\n\"gold-1\",\"001010000000001\",+4915112345,8988211000000000011",
      "B7");
  REQUIRE(office.lines.size() == 1);
  CHECK(office.id == "B7");
  CHECK(office.lines[0].iccid == "8988211000000000011");
  CHECK(office.lines[0].msisdn == "+4915112345");
  CHECK(office.lines[0].profile == "gold-1");
}

TEST_CASE("bad lines are all named with file, line and reason") {
  const std::string header = "iccid,imsi\n";
  const std::pair<std::string, const char*> cases[] = {
      {"8988211000000000012,001010000000001", "check digit"},
      {"898821100000000001,001010000000001", "perhaps it was left out"},
      {"898821100000000001177,001010000000001", "21 digits, not 18 to 20"},
      {"89882110000000000x7,001010000000001", "letter X"},
      {"8988211000000000011,0010100000001", "14 or 15"},
      {"8988211000000000011,0010100000000012", "14 or 15"},
      {"8988211000000000011", "1 fields where the header has 2"},
      {"8988211000000000011,001010000000001,x", "3 fields"},
      {"", "empty"},
  };
  for (const auto& [line, why] : cases) {
    const std::string text = complaint_about(header + line + "\n" + good + "\n");
    CHECK_THAT(text, Catch::Contains("order.csv:2: ") && Catch::Contains(why));
  }
  CHECK_THAT(complaint_about(header + good + "\n" + good + "\n"),
             Catch::Contains("order.csv:3: ") && Catch::Contains("line 2"));
  CHECK_THAT(complaint_about(header + good + "\n8988211000000000029,001010000000001\n"),
             Catch::Contains("IMSI") && Catch::Contains("line 2"));
  CHECK_THAT(complaint_about("iccid,imsi,msisdn,profile\n" + std::string(good) + ",12x,\n"), Catch::Contains("MSISDN"));
  CHECK_THAT(complaint_about("iccid,imsi,msisdn,profile\n" + std::string(good) + ",,a b\n"),
             Catch::Contains("profile"));
}

TEST_CASE("of many bad lines the first twenty are shown, and how many there are") {
  std::string text = "iccid,imsi\n";
  for (int i = 0; i < 25; ++i)
    text += "1,2\n";
  const std::string words = complaint_about(text);
  CHECK_THAT(words,
             Catch::Contains("25 bad lines") && Catch::Contains("order.csv:21:") && Catch::Contains("and 5 more"));
  CHECK_THAT(words, !Catch::Contains("order.csv:22:"));
}

TEST_CASE("headers and ids that cannot be") {
  CHECK_THAT(complaint_about("iccid\n8988211000000000011\n"), Catch::Contains("no column 'imsi'"));
  CHECK_THAT(complaint_about("iccid,imsi,msidn\n"), Catch::Contains("unknown column 'msidn'"));
  CHECK_THAT(complaint_about("iccid,imsi,imsi\n"), Catch::Contains("twice"));
  CHECK_THAT(complaint_about("iccid,imsi\n"), Catch::Contains("names no SIM"));
  CHECK_THAT(complaint_about(""), Catch::Contains("names no SIM"));
  CHECK_THAT(complaint_about(std::string(good) + "\n"), Catch::Contains("no header") && Catch::Contains("1 bad line;"));
  CHECK_THAT(complaint_about("dear colleague\n"), Catch::Contains("no line names the columns"));
  CHECK_THROWS_WITH(read("iccid,imsi\n" + std::string(good) + "\n", "../x"), Catch::Contains("order id"));
  CHECK_THROWS_AS(read_order("/nonexistent/order.csv"), Error);
}

TEST_CASE("what an order holds cannot command a terminal, nor flood it (S9), and a line has one fault (s13)") {
  const std::string words = complaint_about(std::string("iccid,imsi\n\033[2J,1\n"));
  CHECK_THAT(words, Catch::Contains("\\x1b[2J") && Catch::Contains("1 bad line;"));
  CHECK(words.find('\033') == std::string::npos);
  CHECK(complaint_about("iccid,imsi\n" + std::string(1'000'000, 'x') + ",1\n").size() < 500);
  CHECK_THAT(complaint_about("imsi,\033]0;,x\n"), Catch::Contains("1 bad line;"));
  CHECK_THAT(complaint_about("iccid,imsi\n0000000000000000000,001010000000001\n"),
             Catch::Contains("no number of a SIM"));
}
