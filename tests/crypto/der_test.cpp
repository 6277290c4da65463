// SPDX-License-Identifier: Apache-2.0
#include "crypto/der.h"

#include <catch2/catch.hpp>
#include <limits>
#include <random>
#include <vector>

#include "core/byte_views.h"
#include "core/error.h"
#include "crypto/base64.h"
#include "tests/category_of.h"
#include "tests/from_hex.h"

using namespace lightseed;

namespace {

Category refusal_of(const std::string& digits) {
  const auto bytes = test::bytes_from_hex(digits);
  return test::category_of([&] { (void)DerReader(bytes, "it").take_any(); });
}

}  // namespace

TEST_CASE("DER: headers on both sides of every step of length") {
  for (const std::size_t size : {0UL, 1UL, 127UL, 128UL, 255UL, 256UL, 65'535UL, 65'536UL}) {
    const Der element = der_element(true, V_ASN1_SEQUENCE, std::string(size, 'x'));
    CHECK(element.size() == der_header_size(size) + size);
    DerReader reader(bytes_of(element), "it");
    CHECK(reader.next_is(V_ASN1_SEQUENCE, true));
    CHECK(!reader.next_is(V_ASN1_SEQUENCE, false));
    CHECK(reader.take(V_ASN1_SEQUENCE, true).size() == size);
    CHECK(reader.done());
  }
}

TEST_CASE("DER: what BER allows and DER does not is refused") {
  for (const char* const digits :
       {"", "30", "3080", "30800000", "308100", "30817f", "3082007f", "3001", "30820001ff", "1f01", "3084ffffffff",
        "3088ffffffffffffffff", "3089000000000000000001ff", "30ff"}) {
    CAPTURE(digits);
    CHECK(refusal_of(digits) == Category::verdict);
  }
}

TEST_CASE("DER: counts in their shortest form, up to 2^64 - 1") {
  for (const std::uint64_t value :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{127}, std::uint64_t{128}, std::uint64_t{255},
        std::uint64_t{256}, std::uint64_t{1} << 63, std::numeric_limits<std::uint64_t>::max()}) {
    const Der element = der_integer(value);
    CHECK(DerReader(bytes_of(element), "it").take_count() == value);
  }
  CHECK(der_integer(128) == std::string("\x02\x02\x00\x80", 4));
  for (const char* const digits :
       {"0200", "020180", "02020001", "0209800000000000000000", "020a00010000000000000000"}) {
    CAPTURE(digits);
    const auto bytes = test::bytes_from_hex(digits);
    CHECK_THROWS_AS(DerReader(bytes, "it").take_count(), Error);
  }
}

TEST_CASE("DER: a set is sorted by its elements' bytes") {
  const Der elements[] = {der_integer(200), der_integer(3), der_integer(70'000)};
  CHECK(der_set_of(elements) == der_element(true, V_ASN1_SET, der_integer(3) + der_integer(200) + der_integer(70'000)));
}

TEST_CASE("base64: the vectors of RFC 4648, and only the canonical form") {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : vectors) {
    CHECK(base64(bytes_of(plain)) == text);
    CHECK(from_base64(text) == plain);
  }
  for (const char* const bad : {"Z", "Zg", "Zg=", "Zg===", "Z===", "====", "=", "Zh==", "Zm9=", "Zg==Zg==", "Zm 9v",
                                "Zm9v\n", "Zm9v====", "Zm-v", "Z=g="}) {
    CAPTURE(bad);
    CHECK(!from_base64(bad));
  }
  CHECK(secret_from_base64("Zm9v\r\nYmFy\n")->size() == 6);
  CHECK(!secret_from_base64("Zm9v\r\nYmF\n"));
  std::mt19937 random(5);
  for (std::size_t size = 0; size < 100; ++size) {
    std::string bytes(size, '\0');
    for (char& c : bytes)
      c = static_cast<char>(random());
    CHECK(from_base64(base64(bytes_of(bytes))) == bytes);
  }
}
