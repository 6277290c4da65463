// SPDX-License-Identifier: Apache-2.0
#include "provision/order/duplicates.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/provision/order/written.h"

using namespace lightseed;
using test::reading_of;

namespace {

std::string_view iccid_of(const OrderLine& line) {
  return line.iccid.view();
}

using Pairs = std::map<std::uint32_t, std::uint32_t>;  ///< a line's index, and the file's line that said it first

Pairs expected_of(const std::vector<OrderLine>& lines) {
  std::map<std::string, std::uint32_t> first;
  Pairs pairs;
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    const auto [known, fresh] = first.emplace(lines[i].iccid.view(), lines[i].line);
    if (!fresh) pairs[i] = known->second;
  }
  return pairs;
}

Pairs found_in(const OrderLines& lines, std::size_t at_once) {
  Pairs pairs;
  find_duplicates(lines, iccid_of, at_once, [&](const Duplicate& twice) {
    CHECK(twice.line == twice.index + 2);
    CHECK(lines[twice.index].iccid == twice.key);
    pairs[twice.index] = twice.first;
  });
  return pairs;
}

std::vector<OrderLine> random_lines(std::mt19937& random, std::size_t count, std::uint64_t numbers) {
  std::vector<OrderLine> lines(count);
  for (std::uint32_t i = 0; i < count; ++i) {
    lines[i].iccid = fmt::format("89{:018}", random() % numbers);
    lines[i].line = i + 2;
  }
  return lines;
}

}  // namespace

TEST_CASE("duplicates are those that a map finds, in any order of lines, however few are looked through at once") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const auto lines = random_lines(random, random() % 300, 1 + random() % 400);
    CHECK(found_in(OrderLines(lines), 2 + random() % (round % 2 == 0 ? 300 : 8)) == expected_of(lines));
  }
}

TEST_CASE("duplicates are found across pieces of a file, and where the ascending order breaks at a border") {
  std::mt19937 random(8);
  for (std::size_t broken = 1; broken < 30; ++broken) {
    auto lines = random_lines(random, 30, 1);
    for (std::size_t i = 0; i < lines.size(); ++i)
      lines[i].iccid = fmt::format("89{:018}", i < broken ? i : i - 1);
    OrderLineCollector collector({.lines = 3, .piece = 5});
    for (const OrderLine& line : lines)
      collector.add(line);
    CHECK(found_in(collector.finish(), 4) == Pairs{{broken, broken + 1}});
    CHECK(found_in(OrderLines(lines), 4) == Pairs{{broken, broken + 1}});
  }
}

TEST_CASE("duplicates: one number on every line, and many numbers a few times, need no more room") {
  std::mt19937 random(9);
  for (const unsigned numbers : {1U, 2U, 1000U}) {
    const auto lines = random_lines(random, 3000, numbers);
    const auto expected = expected_of(lines);
    for (const std::size_t at_once : {2U, 3U, 100U, 2999U, 3000U})
      CHECK(found_in(OrderLines(lines), at_once) == expected);
  }
}

TEST_CASE("duplicates: numbers of one hash, more of them than there is room for, are told apart") {
  // Found by trying 200,000,000 numbers with hash_of() of duplicates.cpp: five of one hash.
  const std::string alike[] = {"89000000000034567428", "89000000000047363012", "89000000000098284956",
                               "89000000000158624063", "89000000000174906495"};
  std::vector<OrderLine> lines(12);
  for (std::uint32_t i = 0; i < lines.size(); ++i) {
    lines[i].iccid = alike[(7 * i + 3) % std::size(alike)];
    lines[i].line = i + 2;
  }
  for (const std::size_t at_once : {2U, 3U, 4U, 12U})
    CHECK(found_in(OrderLines(lines), at_once) == expected_of(lines));
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
