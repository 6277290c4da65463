// SPDX-License-Identifier: Apache-2.0
#include "stats/audit/bit_form.h"

#include <catch2/catch.hpp>
#include <string>

#include "core/byte_views.h"
#include "core/error.h"

using namespace lightseed;
using namespace lightseed::stats;

TEST_CASE("the form of bits is recognised where it is beyond doubt") {
  CHECK(recognised_form(bytes_of("0101 1100\n0011 0101\r\n")) == BitForm::digits);
  CHECK(recognised_form(bytes_of("0101")) == BitForm::packed);  // four random bytes may look so
  CHECK(recognised_form(bytes_of("0101010101010101x")) == BitForm::packed);
  CHECK(recognised_form(std::vector<std::byte>(100)) == BitForm::packed);
  std::vector<std::byte> flags(100);
  flags[3] = std::byte{1};
  CHECK(recognised_form(flags) == BitForm::bytes);
  flags[3] = std::byte{2};
  CHECK(recognised_form(flags) == BitForm::packed);
  CHECK(recognised_form({}) == BitForm::packed);
}

TEST_CASE("bits of any form are packed, whatever the pieces") {
  const std::string text = "1010 0101\n1111\r\n0000 1";
  for (const std::size_t piece : {1U, 3U, 100U}) {
    BitPacker packer(BitForm::digits);
    std::vector<std::byte> all;
    for (std::size_t at = 0; at < text.size(); at += piece) {
      for (const std::byte byte : packer.add(bytes_of(std::string_view(text).substr(at, piece))))
        all.push_back(byte);
    }
    CHECK(all == std::vector<std::byte>{std::byte{0xa5}, std::byte{0xf0}});
    CHECK(packer.left_over() == 1);
  }
  BitPacker flags(BitForm::bytes);
  CHECK(flags.add(std::vector<std::byte>(8, std::byte{1})) == std::vector<std::byte>{std::byte{0xff}});
  CHECK_THROWS_AS(flags.add(bytes_of("1")), Error);
  CHECK_THROWS_AS(BitPacker(BitForm::digits).add(bytes_of("012")), Error);
  CHECK(BitPacker(BitForm::packed).add(bytes_of("ab")).size() == 2);
}
