// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "core/error.h"
#include "provision/order/utf8.h"
#include "tests/provision/order/written.h"

using namespace lightseed;
using test::reading_of;

namespace {

/// Whatever the bytes are, an order is refused or sound, and what is said of it can be shown.
void check_sound(const std::string& bytes) {
  try {
    const OrderReading reading = reading_of(bytes);
    CHECK(reading.bytes == bytes.size());
    CHECK(reading.faults.size() == std::min<std::uint64_t>(reading.bad_lines, 20));
    for (const OrderFault& fault : reading.faults) {
      CHECK(is_utf8(fault.reason));
      CHECK(fault.reason.size() < 400);
      for (const char c : fault.reason + fault.column)
        if ((static_cast<unsigned char>(c) < 0x20) || c == 0x7f) FAIL("a control character in " << fault.reason);
    }
    for (const std::string& notice : reading.order.notices)
      CHECK(is_utf8(notice));
    if (reading.bad_lines == 0) CHECK_FALSE(reading.order.lines.empty());
    std::set<std::string> iccids;
    for (const OrderLine& line : reading.order.lines.copy()) {
      CHECK(line.iccid.size() >= 18);
      CHECK(line.imsi.size() >= 14);
      if (reading.bad_lines == 0) CHECK(iccids.insert(line.iccid).second);
    }
  } catch (const Error& error) {
    CHECK(error.category() == Category::usage);
  }
}

}  // namespace

TEST_CASE("random bytes, and good orders with bytes changed, are refused or sound") {
  std::mt19937 random(2024);
  const std::string good =
      "Order\r\nICCID;IMSI;\"No\"\"te\"\r\n8988211000000000011F;001010000000001;\xe5\xa4\x87\r\n"
      "898604B7192271001234;460000000000002;\r\n";
  for (int i = 0; i < 1500; ++i) {
    std::string bytes;
    if (i % 3 == 0) {
      bytes.resize(random() % 200);
      for (char& c : bytes)
        c = static_cast<char>(random());
    } else {
      bytes = good;
      for (unsigned changes = 1 + random() % 4; changes > 0; --changes) {
        const std::size_t at = random() % bytes.size();
        if (random() % 2 == 0) {
          bytes[at] = "\0\xff\"',;\t\n\rF0\x1b"[random() % 12];
        } else {
          bytes.erase(at, 1 + random() % 3);
        }
        if (bytes.empty()) break;
      }
    }
    check_sound(bytes);
  }
}

TEST_CASE("shown() hides what a terminal obeys and what cannot be seen, and keeps what can be read") {
  CHECK(shown("卡号 ÅB") == "卡号 ÅB");
  CHECK(shown("\033[2J") == "\\x1b[2J");
  CHECK(shown("\xe2\x80\xae") == "\\xe2\\x80\\xae");  // right-to-left override
  CHECK(shown("\xc2\x9b") == "\\xc2\\x9b");           // CSI of C1
  CHECK(shown("\xff\xc0\xaf") == "\\xff\\xc0\\xaf");
  CHECK(shown("\xed\xa0\x80") == "\\xed\\xa0\\x80");  // half a surrogate pair
  CHECK(shown(std::string(41, 'a')) == std::string(40, 'a') + "…");
}
