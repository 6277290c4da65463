// SPDX-License-Identifier: Apache-2.0
#include "provision/order/spreadsheet.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "tests/provision/order/written.h"

using namespace lightseed;
using test::first_fault;
using test::notices_of;
using test::reading_of;

namespace {

std::string fault_of_iccid(const std::string& iccid) {
  return first_fault("iccid;imsi\n" + iccid + ";001010000000001\n");
}

std::string fault_of_imsi(const std::string& imsi) {
  return first_fault("iccid;imsi\n8988211000000000011;" + imsi + "\n");
}

}  // namespace

TEST_CASE("what a spreadsheet does to a long number is named by its cause (F14)") {
  const std::pair<const char*, const char*> cases[] = {
      {"8.98821E+18", "was rounded"},
      {"8,98821E+18", "was rounded"},
      {"8.98821e18", "was rounded"},
      {"9E+18", "was rounded"},
      {"8988211000000000000", "was rounded"},
      {"89882110000000000000", "was rounded"},
      {"'8988211000000000011", "apostrophe"},
      {"\xe2\x80\x99"
       "8988211000000000011",
       "apostrophe"},
      {"=\"8988211000000000011\"", "formula"},
      {"########", "column too narrow"},
      {"#N/A", "column too narrow"},
      {"8988211000000000011\xc2\xa0", "non-breaking space (U+00A0)"},
      {"8988211000000000011\xe2\x80\x8b", "U+200B"},
      {"\xef\xbb\xbf"
       "8988211000000000011",
       "U+FEFF"},
      {"８９８８２１１０００００００００１１", "full-width digits"},
      {"8988211000000000011.0", "with a fraction"},
      {"8988211000000000011,00", "with a fraction"},
      {"8988 2110 0000 0000 011", "in groups"},
      {"8988-2110-0000-0000-011", "in groups"},
      {"8.988.211.000.000.000.011", "in groups"},
      {"8988211OOO000000011", "letter O"},
      {"\xef\xbf\xbd"
       "8211000000000011",
       "was lost"},
  };
  for (const auto& [iccid, why] : cases) {
    INFO(iccid);
    CHECK_THAT(fault_of_iccid(iccid), Catch::Contains(why));
  }
  CHECK_THAT(fault_of_imsi("1.01E+12"), Catch::Contains("was rounded"));
  CHECK_THAT(fault_of_imsi("1010000000001"), Catch::Contains("leading zeros"));
  CHECK_THAT(fault_of_imsi("'001010000000001"), Catch::Contains("apostrophe"));
  CHECK_THAT(fault_of_imsi("8988211000000000011"), Catch::Contains("as an ICCID"));
  CHECK_THAT(fault_of_imsi(""), Catch::Contains("empty"));
  CHECK_THAT(first_fault("iccid,imsi,msisdn\n8988211000000000011,001010000000001,8.6139E+12\n"),
             Catch::Contains("MSISDN") && Catch::Contains("was rounded"));
}

TEST_CASE("rounded numbers without a check digit are told by how many there are") {
  const auto order = [](int genuine, int rounded) {
    std::string text = "iccid,imsi\n";
    int number = 0;
    for (int i = 0; i < genuine; ++i, ++number)
      text += fmt::format("89860318740201{:06},46003{:010}\n", 123451 + i, number);
    for (int i = 0; i < rounded; ++i, ++number)
      text += fmt::format("898603187402{:03}00000,46003{:010}\n", 777 + i, number);
    return text;
  };
  CHECK(reading_of(order(5, 0)).bad_lines == 0);
  const OrderReading one = reading_of(order(5, 1));
  CHECK(one.bad_lines == 0);
  CHECK_THAT(notices_of(one), Catch::Contains("1 ICCID with zeros alone"));
  const OrderReading some = reading_of(order(5, 3));
  CHECK(some.bad_lines == 3);
  CHECK_THAT(some.faults.at(0).reason, Catch::Contains("was rounded"));
  CHECK(some.faults.at(0).line == 7);
  // Rounding makes numbers meet: the cause is named, not that they stand twice.
  const OrderReading twice =
      reading_of("iccid,imsi\n89860318740200000000,460030000000001\n89860318740200000000,460030000000002\n");
  CHECK(twice.bad_lines == 2);
  CHECK_THAT(twice.faults.at(1).reason, Catch::Contains("was rounded"));
}
