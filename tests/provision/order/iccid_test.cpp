// SPDX-License-Identifier: Apache-2.0
#include "provision/order/iccid.h"

#include <catch2/catch.hpp>
#include <random>

#include "provision/order/issuer.h"

using namespace lightseed;

namespace {

std::string fault_of(std::string_view text) {
  FixedText<20> iccid;
  return read_iccid(text, iccid);
}

/// The canonical form of what must be an ICCID.
std::string canonical(std::string_view text) {
  FixedText<20> iccid;
  CHECK(read_iccid(text, iccid) == "");
  return std::string(iccid.view());
}

}  // namespace

TEST_CASE("the Luhn digit, by hand and by property") {
  CHECK(luhn_is_valid("79927398713"));
  CHECK(luhn_is_valid("8988211000000000011"));
  // Every other last digit is wrong, and so is every single changed digit.
  const std::string number = "8988211000000000011";
  for (std::size_t i = 0; i < number.size(); ++i) {
    for (char c = '0'; c <= '9'; ++c) {
      std::string changed = number;
      changed[i] = c;
      CHECK(luhn_is_valid(changed) == (changed == number));
    }
  }
}

TEST_CASE("ICCIDs under ITU-T E.118 have 18 to 20 digits and a check digit") {
  CHECK(canonical("8988211000000000011") == "8988211000000000011");
  CHECK(canonical("89882110000000000333") == "89882110000000000333");
  CHECK(canonical("898821100000000002") == "898821100000000002");
  CHECK_THAT(fault_of("898821100000000001"), Catch::Contains("perhaps it was left out"));
  CHECK_THAT(fault_of("89882110000000000110"), Catch::Contains("without its last digit it were right"));
  CHECK_THAT(fault_of("8988211000000000012"), Catch::Contains("check digit"));
  CHECK_THAT(fault_of("0000000000000000000"), Catch::Contains("no number of a SIM"));
  CHECK_THAT(fault_of("1234567890123456781"), Catch::Contains("does not begin with 89"));
  CHECK_THAT(fault_of("898821A000000000011"), Catch::Contains("letter A"));
}

TEST_CASE("a filling F at the end is no part of a number, and never makes two of one") {
  CHECK(canonical("8988211000000000011F") == "8988211000000000011");
  CHECK(canonical("8988211000000000011f") == "8988211000000000011");
  CHECK(canonical("898821100000000002FF") == "898821100000000002");
  CHECK(canonical("8986031744203402123F") == "8986031744203402123");
  CHECK_THAT(fault_of("898821100000000002F"), Catch::Contains("ends in F, which fills up to 20"));
  CHECK_THAT(fault_of("89882110000000001FFF"), Catch::Contains("without the F"));
  CHECK_THAT(fault_of("FFFFFFFFFFFFFFFFFFFF"), Catch::Contains("0 characters without the F"));
  // Property: whatever is taken does not end in F, and filled to 20 it reads as itself again.
  std::mt19937 random(12);
  unsigned taken = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = i % 2 == 0 ? "898600" : "8986011";
    while (text.size() < 18 + random() % 3)
      text += "0123456789ABEFf"[random() % 15];
    FixedText<20> iccid;
    if (!read_iccid(text, iccid).empty()) continue;
    ++taken;
    std::string filled(iccid.view());
    REQUIRE(filled.back() != 'F');
    filled.resize(20, 'F');
    FixedText<20> again;
    REQUIRE(read_iccid(filled, again) == "");
    REQUIRE(again == iccid);
  }
  CHECK(taken > 1000);
}

TEST_CASE("Chinese operators: no check digit, letters, their own lengths (M1)") {
  for (const char* const iccid : {"898600MFSS1234567890", "898604B7192271001234", "89860318740200000001",
                                  "8986031744203402123", "89861118740200000001", "89860112023117000831",
                                  "8986011023117009835S", "89860918740200000001", "8986151874020000001"}) {
    INFO(iccid);
    CHECK(canonical(iccid) == iccid);
  }
  CHECK(canonical("898604b7192271001234") == "898604B7192271001234");
  CHECK_THAT(fault_of("8986001234567890123"), Catch::Contains("China Mobile have 20"));
  CHECK_THAT(fault_of("898603174420340212"), Catch::Contains("China Telecom have 19 to 20"));
  CHECK_THAT(fault_of("898604O7192271001234"), Catch::Contains("stands for a digit"));
  CHECK_THAT(fault_of("89860X07192271001234"), Catch::Contains("letter"));
}

TEST_CASE("numbers that are others are named") {
  CHECK_THAT(fault_of("89049032000001000000000000000012"), Catch::Contains("EID"));
  CHECK_THAT(fault_of("001010000000001"), Catch::Contains("as an IMSI"));
  CHECK_THAT(fault_of("9888120100000000101"), Catch::Contains("swapped in pairs"));
  CHECK_THAT(fault_of(""), Catch::Contains("empty"));
}

TEST_CASE("every row of the table of issuers is reached and can be met") {
  for (const Issuer& issuer : issuers()) {
    INFO(issuer.prefix);
    CHECK(issuer_of(std::string(issuer.prefix) + "9") == &issuer);
    CHECK(issuer.shortest >= 18);
    CHECK(issuer.longest <= 20);
    CHECK(issuer.shortest <= issuer.longest);
  }
  CHECK(issuer_of("88") == nullptr);
  CHECK(issuer_of("") == nullptr);
}
