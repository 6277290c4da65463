// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "core/error.h"
#include "provision/order/utf8.h"
#include "tests/provision/order/written.h"

using namespace lightseed;
using test::first_fault;
using test::notices_of;
using test::reading_of;

namespace {

struct Sim {
  std::string iccid, imsi, msisdn, profile;
};

const std::vector<Sim> sims{{"8988211000000000011", "001010000000001", "+4915112345", "gold-1"},
                            {"8986031744203402123", "460030000000002", "", "gold-1"},
                            {"898604B7192271001234", "46000000000003", "8613900000000", ""}};

std::string field(const std::string& text, bool quoted) {
  return quoted ? "\"" + text + "\"" : text;
}

std::string table(char separator, const std::string& end, bool quoted, const std::string& head, bool last_end) {
  std::string text = head;
  const auto add = [&](const std::vector<std::string>& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      text += (i == 0 ? "" : std::string(1, separator)) + field(fields[i], quoted);
    text += end;
  };
  add({"Profile", "I.M.S.I", "No", "MSISDN", "ICC-ID"});
  for (const Sim& sim : sims)
    add({sim.profile, sim.imsi, "1", sim.msisdn, sim.iccid});
  if (!last_end) text.resize(text.size() - end.size());
  return text;
}

std::string utf16(const std::string& text, bool big_endian, bool mark) {
  std::string bytes;
  const auto put = [&](char32_t unit) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  };
  if (mark) put(0xfeff);
  for (std::string_view rest = text; !rest.empty();) {
    const auto next = first_code_point(rest);
    REQUIRE(next);
    if (next->value >= 0x10000) {
      put(0xd800 + ((next->value - 0x10000) >> 10));
      put(0xdc00 + ((next->value - 0x10000) & 0x3ff));
    } else {
      put(next->value);
    }
    rest.remove_prefix(next->bytes);
  }
  return bytes;
}

/// A SIM of its own for each number, without a check digit.
std::string numbered_sim(std::uint64_t number) {
  return fmt::format("8986031{:012},46003{:010},", number + 1, number + 1);
}

void check_sims(const OrderReading& reading) {
  for (const OrderFault& fault : reading.faults)
    CHECK(fault.reason == "");
  REQUIRE(reading.order.lines.size() == sims.size());
  for (std::size_t i = 0; i < sims.size(); ++i) {
    CHECK(reading.order.lines[i].iccid == sims[i].iccid);
    CHECK(reading.order.lines[i].imsi == sims[i].imsi);
    CHECK(reading.order.lines[i].msisdn == sims[i].msisdn);
    CHECK(reading.order.lines[i].profile == sims[i].profile);
  }
}

}  // namespace

TEST_CASE("one order in every dialect reads as the same lines") {
  for (const char separator : {',', ';', '\t', '|'}) {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
      for (const bool quoted : {false, true}) {
        for (const bool last_end : {false, true}) {
          for (const std::string& head : {std::string(), "Order 7, for Ms Ødegård 📱" + end + end}) {
            const std::string text = table(separator, end, quoted, head, last_end);
            INFO(text);
            OrderReading reading = reading_of(text);
            check_sims(reading);
            CHECK(reading.encoding == (head.empty() ? Encoding::ascii : Encoding::utf8));
            CHECK(reading.header->separator == separator);
            CHECK(reading.header->line == (head.empty() ? 1 : 3));
            reading = reading_of("\xef\xbb\xbf" + text);
            check_sims(reading);
            CHECK(reading.has_mark);
            for (const bool big_endian : {false, true}) {
              for (const bool mark : {false, true}) {
                reading = reading_of(utf16(text, big_endian, mark));
                check_sims(reading);
                CHECK(reading.encoding == (big_endian ? Encoding::utf16_be : Encoding::utf16_le));
                CHECK(reading.has_mark == mark);
              }
            }
          }
        }
      }
    }
  }
}

TEST_CASE("GBK is known by its first line that is no UTF-8, and only then") {
  // "备注" (remarks) and "联通" (Unicom) in GBK; the latter passes for UTF-8 with readers that are lax.
  const OrderReading reading = reading_of(
      "iccid,imsi,\xb1\xb8\xd7\xa2\n8988211000000000011,001010000000001,\xc1\xaa\xcd\xa8\n"
      "8988211000000000029,001010000000002,a|b\n");
  CHECK(reading.encoding == Encoding::gbk);
  CHECK(reading.bad_lines == 0);
  CHECK(reading.order.lines.size() == 2);
  CHECK(reading.header->columns[2].name == "备注");
  CHECK_THAT(notices_of(reading), Catch::Contains("read as GBK"));
  // Names of columns in Chinese: "手机号" and "ICCID号码".
  const OrderReading chinese = reading_of(
      "ICCID\xba\xc5\xc2\xeb;IMSI;\xca\xd6\xbb\xfa\xba\xc5\n8988211000000000011;001010000000001;8613900000000\n");
  CHECK(chinese.bad_lines == 0);
  REQUIRE(chinese.order.lines.size() == 1);
  CHECK(chinese.order.lines[0].msisdn == "8613900000000");
  // One file has one encoding.
  CHECK_THAT(first_fault("iccid,imsi,备注\n8988211000000000011,001010000000001,\xc1\xaa\n"),
             Catch::Contains("no UTF-8"));
  CHECK_THAT(first_fault("iccid,imsi,\xff\n"), Catch::Contains("neither UTF-8 nor GBK"));
}

TEST_CASE("files of another kind are named") {
  const auto refused = [](const std::string& bytes) {
    try {
      reading_of(bytes);
    } catch (const Error& error) {
      CHECK(error.category() == Category::usage);
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK_THAT(refused("PK\x03\x04rest"), Catch::Contains("workbook"));
  CHECK_THAT(refused("\xd0\xcf\x11\xe0rest"), Catch::Contains("old Excel"));
  CHECK_THAT(refused("%PDF-1.4"), Catch::Contains("PDF"));
  CHECK_THAT(refused("\x1f\x8b\x08"), Catch::Contains("gzip"));
  CHECK_THAT(refused(std::string("\xff\xfe\0\0i\0\0\0", 8)), Catch::Contains("UTF-32"));
  CHECK_THAT(refused("-----BEGIN CMS-----"), Catch::Contains("encrypted"));
}

TEST_CASE("quotes: doubled, with separators and blanks inside, and open ones") {
  const std::string good = "8988211000000000011,001010000000001";
  const OrderReading reading = reading_of("iccid , imsi,\"a \"\"b\"\", c\"\n " + good + " , \"x, \"\"y\"\"\" \n");
  CHECK(reading.bad_lines == 0);
  CHECK(reading.header->columns[2].name == "a \"b\", c");
  CHECK_THAT(notices_of(reading), Catch::Contains("1 line with blanks"));
  CHECK_THAT(first_fault("iccid,imsi,x\n" + good + ",\"a\n"), Catch::Contains("opened and not closed"));
  CHECK_THAT(first_fault("iccid,imsi,x\n" + good + ",\"a\"b\n"), Catch::Contains("after the double quote"));
  // An open quote costs its own line and no other.
  const OrderReading two = reading_of("iccid,imsi\n\"8988211000000000029,001010000000002\n" + good + "\n");
  CHECK(two.bad_lines == 1);
  CHECK(two.order.lines.size() == 1);
}

TEST_CASE("lines: empty, over-long, across the blocks that are read") {
  const std::string head = "iccid,imsi,note\n";
  const std::string good = "8988211000000000011,001010000000001,";
  OrderReading reading = reading_of(head + good + "\n\n,,\n\r\n");
  CHECK(reading.bad_lines == 0);
  CHECK_THAT(notices_of(reading), Catch::Contains("3 empty lines at the end"));
  reading = reading_of(head + "\n,,\n" + good + "\n");
  CHECK(reading.bad_lines == 2);
  CHECK(reading.faults[0].line == 2);
  CHECK(reading.faults[1].line == 3);
  for (const std::string end : {"\n", "\r\n", "\r"}) {
    INFO((end.size() == 2 ? "CR LF" : "one"));
    reading = reading_of("iccid,imsi,note" + end + std::string(3'000'000, 'x') + end + good + end);
    CHECK(reading.bad_lines == 1);
    CHECK_THAT(reading.faults[0].reason, Catch::Contains("longer than 65536"));
    CHECK(reading.faults[0].line == 2);
    REQUIRE(reading.order.lines.size() == 1);
    CHECK(reading.order.lines[0].line == 3);
    // Line ends fall on both sides of a block's end, whatever its size.
    std::string text = "iccid,imsi,note" + end;
    for (std::uint64_t i = 0; text.size() < 2'200'000; ++i)
      text += numbered_sim(i) + end;
    reading = reading_of(text);
    CHECK(reading.bad_lines == 0);
    CHECK(reading.bytes == text.size());
  }
}
