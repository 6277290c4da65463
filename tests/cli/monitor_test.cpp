// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <sstream>
#include <string>

#include "cli/monitor_screen.h"
#include "evidence/json_text.h"
#include "tests/cli/run_captured.h"

using namespace lightseed;
using namespace lightseed::test;
using Catch::Contains;

TEST_CASE("bars have eight heights, and none for what is no range") {
  CHECK(cli::bars({0, 1, 4, 7.9, 8, 99, -3}, 0, 8) == "▁▂▅███▁");
  CHECK(cli::bars({5, 5}, 5, 5) == "▁▁");
}

TEST_CASE("monitor --json prints one object a line for each interval, a terminal gets a picture, a pipe lines") {
  const Captured json = run_captured({"monitor", "sim:ase?seed=1&fault=gain_drift@140000:size=0.2", "--samples", "300K",
                                      "--interval", "100K", "--json"});
  CHECK(json.code == 5);
  std::istringstream lines(json.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const Json object = parse_json(line, "line");
    CHECK(object["schema"] == "lightseed/monitor/v1");
    CHECK(object["interval"]["correlation"].size() == 32);
    CHECK(object.contains("banner"));
    CHECK(object.contains("alarm") == (count > 0));
  }
  CHECK(count == 3);

  const Captured piped = run_captured({"monitor", "sim:ase?seed=1", "--samples", "200K", "--interval", "100K"});
  CHECK(piped.code == 0);
  CHECK_THAT(piped.out, Contains("100352 samples: mean ") && !Contains("\x1b"));
  const Captured drawn =
      run_captured({"monitor", "sim:ase?seed=1", "--samples", "200K", "--interval", "100K"}, {.out_is_terminal = true});
  CHECK_THAT(drawn.out,
             Contains("\x1b[H") && Contains("correlation") && Contains("model-spectrum") && Contains("SIMULATED"));
  CHECK(run_captured({"monitor", "sim:ase", "--interval", "10"}).code == 2);
  CHECK(run_captured({"monitor"}).code == 2);
  CHECK(run_captured({"monitor", "sim:ase?fault=unplug@9000", "--samples", "1M"}).code == 3);
}
