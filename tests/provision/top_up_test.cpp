// SPDX-License-Identifier: Apache-2.0
#include "provision/top_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using namespace lightseed;

TEST_CASE("a top-up's order of any length is its header and a line a SIM, and is written in pieces") {
  ProfileNames names;
  const ProfileName profile(*names.emplace("prepaid").first);
  for (const unsigned count : {0U, 1U, 3000U}) {
    std::vector<OrderLine> lines(count);
    std::string expected = "iccid,imsi,msisdn,profile\n";
    for (unsigned i = 0; i < count; ++i) {
      lines[i].iccid = fmt::format("8988211{:012}", i);
      lines[i].imsi = fmt::format("00101{:010}", i);
      if (i % 3 == 0) lines[i].msisdn = fmt::format("+49{}", i);
      if (i % 2 == 0) lines[i].profile = profile;
      expected += fmt::format("8988211{:012},00101{:010},{},{}\n", i, i, i % 3 == 0 ? fmt::format("+49{}", i) : "",
                              i % 2 == 0 ? "prepaid" : "");
    }
    TopUp top_up;
    top_up.lines = OrderLines(std::move(lines));
    std::string written;
    std::size_t largest = 0;
    write_csv(top_up, [&](std::string_view csv) {
      written += csv;
      largest = std::max(largest, csv.size());
    });
    CHECK(written == expected);
    CHECK(largest < 70'000);
  }
}
