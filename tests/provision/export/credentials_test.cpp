// SPDX-License-Identifier: Apache-2.0
#include "provision/export/credentials.h"

#include <array>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "core/hex.h"
#include "tests/category_of.h"

using namespace lightseed;

namespace {

/// A profile as its parser makes it.
ExportProfile profile_of(const std::string& fields) {
  return parse_export_profile(R"({"schema":"lightseed/export-profile/v1","name":"p","fields":[)" + fields + "]}", "p");
}

PackagedBlock block_of(std::span<const std::byte> keys) {
  PackagedBlock block{.header = {}, .key_count = 1, .keys = keys};
  block.header.iccid = "8988211000000000011";
  block.header.imsi = "001010000000001";
  return block;
}

/// Every credential by its name: hexadecimal, or digits.
std::map<std::string, std::string> cut(CredentialCutter& cutter, std::span<const std::byte> keys) {
  const SimCredentials sim = cutter.cut(block_of(keys));
  std::map<std::string, std::string> all;
  for (std::size_t i = 0; i < sim.values.size(); ++i) {
    const CredentialKind& kind = cutter.kinds()[i];
    all[kind.name] = kind.kind == ExportField::Kind::key ? hex(sim.values[i]) : std::string(text_of(sim.values[i]));
  }
  return all;
}

SecretBytes secret(std::string_view digits) {
  SecretBytes bytes(digits.size() / 2);
  REQUIRE(from_hex(digits, bytes.bytes()));
  return bytes;
}

constexpr const char* ki = R"({"name":"ki","bytes":16})";
// 3GPP TS 35.207, test set 1.
constexpr const char* k1 = "465b5ce8b199b49faa5f0a2ee238a6bc";
constexpr const char* op1 = "cdc202d5123e20f62b6d676ac72cb318";
constexpr const char* opc1 = "cd63cb71954a9f4e48a5994e37a02baf";

}  // namespace

TEST_CASE("keys are the block's bytes, and OPc follows from OP") {
  const auto block = from_hex(std::string(k1) + op1).value();
  CredentialCutter own(profile_of(std::string(ki) + R"(,{"name":"opc","bytes":16})"));
  CHECK(cut(own, block) == std::map<std::string, std::string>{{"ki", k1}, {"opc", op1}});
  CredentialCutter op(profile_of(std::string(ki) + R"(,{"name":"op","bytes":16})"));
  CHECK(cut(op, block) == std::map<std::string, std::string>{{"ki", k1}, {"opc", opc1}});
  CHECK_FALSE(op.place_of("op"));
  CredentialCutter operators(profile_of(ki), secret(op1));
  CHECK(cut(operators, block) == std::map<std::string, std::string>{{"ki", k1}, {"opc", opc1}});
  // The second SIM has nothing of the first one's.
  const auto other = from_hex("0396eb317b6d1c36f19c1c84cd6ffd16ff53bade17df5d4e793073ce9d7579fa").value();
  CHECK(cut(op, other)["opc"] == "53c15671c60a4b731c55b4a441c0bde2");
}

TEST_CASE("digits are bytes below 250, modulo 10") {
  CredentialCutter cutter(profile_of(std::string(ki) + R"(,{"name":"pin1","digits":4},{"name":"puk1","digits":8})"));
  std::vector<std::byte> block(16 + 20 + 24);
  const std::array<unsigned char, 20> pin{250, 7, 255, 0xF9, 19, 251, 100};
  std::memcpy(block.data() + 16, pin.data(), pin.size());
  for (std::size_t i = 0; i < 24; ++i)
    block[36 + i] = static_cast<std::byte>(i < 16 ? 0xFF : 10 * i + i - 16);
  const auto all = cut(cutter, block);
  CHECK(all.at("pin1") == "7990");
  CHECK(all.at("puk1") == "01234567");
}

TEST_CASE("every digit comes from as many bytes as every other") {
  CredentialCutter cutter(profile_of(std::string(ki) + R"(,{"name":"pin1","digits":8})"));
  std::array<int, 10> times{};
  for (unsigned value = 0; value < 250; ++value) {
    std::vector<std::byte> block(16 + 24, static_cast<std::byte>(value));
    const std::string pin = cut(cutter, block)["pin1"];
    CHECK(pin == std::string(8, pin.front()));
    ++times.at(static_cast<std::size_t>(pin.front() - '0'));
  }
  for (const int count : times)
    CHECK(count == 25);
}

TEST_CASE("a block of bytes that make no digits is refused, naming field and SIM") {
  CredentialCutter cutter(profile_of(std::string(ki) + R"(,{"name":"pin2","digits":4})"));
  const std::vector<std::byte> block(16 + 20, std::byte{0xFF});
  try {
    (void)cutter.cut(block_of(block));
    FAIL("it was cut");
  } catch (const Error& error) {
    CHECK(error.category() == Category::not_enough_data);
    CHECK_THAT(error.what(), Catch::Contains("pin2 of ICCID 8988211000000000011"));
  }
}

TEST_CASE("a block that is too short is refused, naming the first field that does not fit") {
  CredentialCutter cutter(profile_of(std::string(ki) + R"(,{"name":"kic1","bytes":16},{"name":"pin1","digits":4})"));
  cutter.require_room(52);
  for (const auto& [bytes, field] :
       {std::pair{51, "pin1"}, {32, "pin1"}, {31, "kic1"}, {16, "kic1"}, {15, "ki"}, {0, "ki"}}) {
    const std::vector<std::byte> block(static_cast<std::size_t>(bytes));
    try {
      (void)cutter.cut(block_of(block));
      FAIL("it was cut");
    } catch (const Error& error) {
      CHECK(error.category() == Category::usage);
      CHECK_THAT(error.what(), Catch::Contains(std::string("its field ") + field + " from bytes"));
    }
  }
}

TEST_CASE("an operator's OP stands beside no OP or OPc, and beside no longer K") {
  for (const char* const field : {R"({"name":"op","bytes":16})", R"({"name":"opc","bytes":16})"})
    CHECK(test::category_of([&] { CredentialCutter(profile_of(std::string(ki) + "," + field), secret(op1)); }) ==
          Category::usage);
  CHECK(test::category_of([&] { CredentialCutter(profile_of(R"({"name":"ki","bytes":32})"), secret(op1)); }) ==
        Category::usage);
}

TEST_CASE("numbers that could end a string in SQL, XML or JSON are no numbers of a SIM") {
  CredentialCutter cutter(profile_of(ki));
  const std::vector<std::byte> keys(16);
  const auto with = [&](const std::string& iccid, const std::string& imsi) {
    PackagedBlock block = block_of(keys);
    block.header.iccid = iccid;
    block.header.imsi = imsi;
    return test::category_of([&] { (void)cutter.cut(block); });
  };
  CHECK(with("8988211000000'00011", "001010000000001") == Category::verdict);
  CHECK(with("898821100000000001", "00101000000000'") == Category::verdict);
  CHECK(with("89882110000000001", "001010000000001") == Category::verdict);
  CHECK(with("898821100000000001111", "001010000000001") == Category::verdict);
  CHECK(with("8988211000000000011", "0010100000000011") == Category::verdict);
  CHECK(with("8988211000000000011", "00101") == Category::verdict);
}
