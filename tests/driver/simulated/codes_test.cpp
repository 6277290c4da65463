// SPDX-License-Identifier: Apache-2.0
#include "driver/simulated/frame/codes.h"

#include <array>
#include <catch2/catch.hpp>

#include "core/error.h"
#include "driver/simulated/frame/converter.h"
#include "driver/simulated/models.h"

using namespace lightseed;
using namespace lightseed::simulated;

TEST_CASE("Codes are stored in the smallest container, single bits packed") {
  const auto format = [](unsigned bits) {
    return std::pair(format_of_codes(bits).bits, format_of_codes(bits).container_bits);
  };
  CHECK(format(1) == std::pair(1U, 1U));
  CHECK(format(2) == std::pair(2U, 8U));
  CHECK(format(8) == std::pair(8U, 8U));
  CHECK(format(9) == std::pair(9U, 16U));
  CHECK(format(16) == std::pair(16U, 16U));
}

TEST_CASE("The bits of a probability are never negative") {
  CHECK(bits_of(0.25) == 2);
  CHECK(bits_of(1) == 0);
  CHECK(bits_of(1.0000001) == 0);
}

TEST_CASE("A converter that clips nearly everything is refused by every model that has one, with the share") {
  SourceRegistry registry;
  add_models(registry);
  const auto why = [&](const char* uri) -> std::string {
    try {
      (void)registry.open(uri);
    } catch (const Error& error) {
      CHECK(error.category() == Category::usage);
      return error.what();
    }
    return "";
  };
  for (const char* const uri :
       {"sim:homodyne?range=0.1", "sim:phase-noise?offset=2", "sim:ase?range=0.02", "sim:photon-number?offset=2000"}) {
    INFO(uri);
    CHECK(why(uri).find("would clip") != std::string::npos);
  }
  CHECK(why("sim:ase?bits=1").empty());
  // So narrow that the law would not fit into memory, or that no double tells one sample from the next.
  for (const char* const uri : {"sim:ase?range=1e-9", "sim:ase?range=0.01&bits=12&noise=1", "sim:ase?range=1e-300",
                                "sim:homodyne?bandwidth=1e-20"}) {
    INFO(uri);
    CHECK(why(uri).find("and more") != std::string::npos);
  }
}
