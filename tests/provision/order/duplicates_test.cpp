// SPDX-License-Identifier: Apache-2.0
#include "provision/order/duplicates.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/provision/order/written.h"

using namespace lightseed;
using test::reading_of;

TEST_CASE("duplicates are those that a map finds, in any order of lines") {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    std::vector<OrderLine> lines(random() % 300);
    for (OrderLine& line : lines)
      line.iccid = fmt::format("89{:018}", random() % 200);
    std::map<std::string, std::uint32_t> first;
    std::map<std::uint32_t, std::uint32_t> expected;
    for (std::uint32_t i = 0; i < lines.size(); ++i) {
      const auto [known, fresh] = first.emplace(lines[i].iccid.view(), i);
      if (!fresh) expected[i] = known->second;
    }
    std::map<std::uint32_t, std::uint32_t> found;
    for (const Duplicate& duplicate : find_duplicates(lines, [](const OrderLine& line) { return line.iccid.view(); }))
      found[duplicate.index] = duplicate.first;
    CHECK(found == expected);
  }
}

TEST_CASE("an ICCID with its filling F is the same as without; each bad line counts once, in the order of lines") {
  const OrderReading reading = reading_of(
      "iccid,imsi\n8988211000000000029,001010000000002\n8988211000000000011,001010000000001\n1,1\n"
      "8988211000000000011F,001010000000001\n8988211000000000037,001010000000002\n8988211000000000029,"
      "001010000000009\n");
  CHECK(reading.bad_lines == 4);
  REQUIRE(reading.faults.size() == 4);
  CHECK(reading.faults[0].line == 4);
  CHECK(reading.faults[1].line == 5);
  CHECK(reading.faults[1].reason == "ICCID 8988211000000000011 stands in line 3 already");
  CHECK(reading.faults[1].column == "iccid");
  CHECK(reading.faults[2].reason == "IMSI 001010000000002 stands in line 2 already");
  CHECK(reading.faults[2].column == "imsi");
  CHECK(reading.faults[3].line == 7);
}

TEST_CASE("of many faults the first are kept, from both passes, and all are counted") {
  std::string text = "iccid,imsi\n";
  for (int i = 0; i < 100; ++i)
    text += "8988211000000000011,001010000000001\n1,2\n";
  const OrderReading reading = reading_of(text, 5);
  CHECK(reading.bad_lines == 199);
  REQUIRE(reading.faults.size() == 5);
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(reading.faults[i].line == i + 3);
  CHECK(reading_of(text, 1000).faults.size() == 199);
}
