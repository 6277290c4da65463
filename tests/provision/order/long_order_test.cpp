// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>

#include "core/error.h"
#include "provision/order_parts.h"
#include "tests/environment.h"
#include "tests/open_files.h"
#include "tests/provision/order/same_lines.h"
#include "tests/provision/order/written.h"
#include "tests/small_files.h"

using namespace lightseed;
using test::reading_of;
using test::texts_of;

namespace {

std::vector<std::string> fault_texts(const std::vector<OrderFault>& faults) {
  std::vector<std::string> texts;
  for (const OrderFault& fault : faults)
    texts.push_back(fmt::format("{} {}: {}", fault.line, fault.column, fault.reason));
  return texts;
}

std::vector<std::string> issuer_texts(const std::vector<IssuerCount>& issuers) {
  std::vector<std::string> texts;
  for (const IssuerCount& count : issuers)
    texts.push_back(fmt::format("{} {}", count.issuer->prefix, count.sims));
  return texts;
}

/// Numbers that are met again, bad lines, ICCIDs that end in zeros, several issuers and profiles.
std::string random_order(std::mt19937& random, bool ascending) {
  std::string text = "iccid,imsi,msisdn,profile\n";
  const std::uint64_t lines = 1 + random() % 120;
  const std::uint64_t numbers = 1 + random() % 300;
  const bool rounds = random() % 3 == 0;
  for (std::uint64_t i = 0; i < lines; ++i) {
    const std::uint64_t number = ascending ? i : random() % numbers;
    // One draw a statement: arguments are evaluated in an order that compilers choose.
    std::string iccid = fmt::format("8986{}{:014}", random() % 2 == 0 ? "00" : "01", number);
    if (ascending) iccid = fmt::format("898600{:014}", number);
    if (rounds && random() % 4 == 0) iccid = iccid.substr(0, 15) + "00000";
    if (random() % 40 == 0) iccid = "1";
    const std::uint64_t imsi = 1 + (ascending ? i : random() % numbers);
    const std::string msisdn = random() % 2 == 0 ? "" : fmt::format("+49{}", number);
    const std::string profile = random() % 2 == 0 ? "" : fmt::format("profile-{}", random() % 5);
    text += fmt::format("{},{:015},{},{}\n", iccid, imsi, msisdn, profile);
  }
  return text;
}

}  // namespace

TEST_CASE("a long order reads as a short one: lines, faults, issuers, notices and parts") {
  std::mt19937 random(20261129);
  unsigned with_faults = 0;
  for (int round = 0; round < 200; ++round) {
    const std::string text = random_order(random, round % 4 == 0);
    const std::size_t most = round % 5 == 0 ? random() % 4 : 1000;
    const OrderReading whole = reading_of(text, most);
    const OrderMemory memory{.lines = random() % 20, .piece = 1 + random() % 40, .numbers = 2 + random() % 40};
    const OrderReading pieces = reading_of(text, most, memory);
    CAPTURE(text, most, memory.lines, memory.piece, memory.numbers);
    REQUIRE(texts_of(pieces.order.lines) == texts_of(whole.order.lines));
    REQUIRE(fault_texts(pieces.faults) == fault_texts(whole.faults));
    REQUIRE(pieces.bad_lines == whole.bad_lines);
    REQUIRE(issuer_texts(pieces.issuers) == issuer_texts(whole.issuers));
    REQUIRE(pieces.order.notices == whole.order.notices);
    REQUIRE(pieces.order.sha256 == whole.order.sha256);
    if (whole.bad_lines > 0) ++with_faults;
    if (whole.order.lines.empty()) continue;
    const OrderParts parts("o", whole.order.lines.size(), 1 + random() % 30);
    for (std::uint64_t number = 1; number <= parts.count(); ++number) {
      const Order part = parts.cut(pieces.order, number);
      CHECK(part.lines.size() == parts.sims(number));
      CHECK(texts_of(part.lines) == texts_of(parts.cut(whole.order, number).lines));
    }
  }
  CHECK(with_faults > 20);
  CHECK(with_faults < 190);
}

TEST_CASE("a long order: without room for its temporary file it is refused, naming the directory and TMPDIR") {
  const test::Scratch scratch;
  std::string text = "iccid,imsi\n";
  for (unsigned i = 1; i <= 300; ++i)
    text += fmt::format("898600{:014},{:015}\n", i, i);
  const auto words_of = [&](const OrderMemory& memory) {
    try {
      (void)reading_of(text, 20, memory);
    } catch (const Error& why) {
      CHECK(why.category() == Category::io);
      return std::string(why.what());
    }
    return std::string();
  };
  {
    const test::Environment tmpdir("TMPDIR", (scratch / "nowhere").string());
    // The test's own files go elsewhere.
    std::ofstream(scratch / "order.csv") << text;
    try {
      (void)examine_order(scratch / "order.csv", "", 20, {.lines = 299, .piece = 7});
      FAIL("it was read");
    } catch (const Error& why) {
      CHECK(why.category() == Category::io);
      CHECK_THAT(why.what(), Catch::Contains((scratch / "nowhere").string()) && Catch::Contains("TMPDIR"));
    }
    CHECK(examine_order(scratch / "order.csv", "", 20, {.lines = 300, .piece = 7}).bad_lines == 0);
  }
  const test::Environment tmpdir("TMPDIR", scratch.path().string());
  const test::SmallFiles limit(text.size() + 10);
  CHECK(text.size() + 10 < 300 * sizeof(OrderLine));
  CHECK_THAT(words_of({.lines = 20, .piece = 7}),
             Catch::Contains(scratch.path().string()) && Catch::Contains("TMPDIR") && Catch::Contains("too large"));
  CHECK(words_of({.lines = 300, .piece = 7}).empty());
  CHECK(test::nameless_files_in(scratch.path()).empty());
}

TEST_CASE("an order that gives every SIM a profile of its own takes a column for what it is not") {
  std::string text = "iccid,imsi,profile\n";
  for (unsigned i = 1; i <= most_profiles + 2; ++i)
    text += fmt::format("898600{:014},{:015},p{}\n", i, i, i);
  text += fmt::format("898600{:014},{:015},p1\n", 99'999'999, 99'999'999);
  const OrderReading reading = reading_of(text);
  CHECK(reading.bad_lines == 2);
  REQUIRE(reading.faults.size() == 2);
  CHECK(reading.faults.front().line == most_profiles + 2);
  CHECK(reading.faults.front().column == "profile");
  CHECK_THAT(reading.faults.front().reason, Catch::Contains("p65537") && Catch::Contains("65536 different"));
  CHECK(reading.order.lines.size() == most_profiles + 1);
}
