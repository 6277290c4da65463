// SPDX-License-Identifier: Apache-2.0
#include "evidence/sample_format_json.h"

#include <catch2/catch.hpp>

using namespace lightseed;
using Catch::Contains;

TEST_CASE("a sample format survives JSON; an impossible one is refused") {
  for (const SampleFormat good : {SampleFormat{1, 1}, {4, 4}, {1, 8}, {8, 8}, {12, 16}}) {
    const Json json = to_json(good);
    CHECK(sample_format_from({json, ""}) == good);
  }
  Json bad = to_json(SampleFormat{8, 8});
  bad["bits"] = "eight";
  CHECK_THROWS_WITH(sample_format_from({bad, "format"}), Contains("format.bits"));
  bad["bits"] = 9;
  CHECK_THROWS_WITH(sample_format_from({bad, "format"}), Contains("9-bit samples"));
  bad = to_json(SampleFormat{8, 8});
  bad["order"] = "lsb-first";
  CHECK_THROWS_WITH(sample_format_from({bad, "format"}), Contains("format.order"));
}
