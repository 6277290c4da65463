// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "provision/batch_writer.h"
#include "tests/provision/office.h"

using namespace lightseed;

namespace {

/// 19 digits whose last one is right by Luhn's rule (ITU-T E.118).
std::string iccid(unsigned number) {
  std::string digits = fmt::format("89882110{:010}", number);
  unsigned sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const auto digit = static_cast<unsigned>(digits[digits.size() - 1 - i] - '0');
    sum += i % 2 == 0 ? (2 * digit) / 10 + (2 * digit) % 10 : digit;
  }
  return digits + static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

TEST_CASE("SIMs that have keys are found in every part of a long order, and counted") {
  const test::Office office;
  (void)issue(office.request(), test::Office::services());
  constexpr unsigned sims = 10'000;
  const auto second_order = [&](const std::string& known_at_the_end) {
    std::ofstream order(office.path("order.csv"));
    order << "iccid,imsi\n";
    for (unsigned i = 0; i < sims; ++i)
      order << iccid(500'000 + i) << fmt::format(",00101{:010}\n", i + 10);
    order << known_at_the_end;
  };
  second_order("8988211000000000011,001010000000001\n8988211000000000029,001010000000002\n");
  CHECK(test::failure_of(office.request("o2", "more"), test::Office::no_source(),
                         "2 of the order's 10002 SIMs have keys already: 8988211000000000011, 8988211000000000029 "
                         "(batch ") == Category::refused);
  const auto ledger = open_ledger(office.file("ledger.db"), {});
  for (const std::size_t part : {1U, 4096U, 10'001U, 10'002U}) {
    const KnownSims known = known_sims_of(office.request("o2", "more"), *ledger, part);
    CHECK(known.count == 2);
    CHECK(known.iccids.front() == "8988211000000000011");
  }
  second_order("");
  CHECK(test::failure_of(office.request("o3", "more"), test::Office::no_source(), "the source was opened") ==
        Category::device);
}
