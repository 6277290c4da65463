// SPDX-License-Identifier: Apache-2.0
// The verbs that watch a source run: capture, and devices --check.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <string>

#include "cli/hints.h"
#include "driver/sidecar.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::test;
using Catch::Contains;

TEST_CASE("a capture ends after its time, and what came is kept when it is interrupted") {
  const Scratch scratch;
  const std::string raw = (scratch / "raw.bin").string();
  const Captured timed = run_captured({"capture", "--source", "sim:homodyne?seed=1", "--duration", "1s", "-o", raw});
  CHECK(timed.code == 0);
  const Sidecar sidecar = read_sidecar(sidecar_path(raw));
  CHECK(sidecar.samples > 0);
  CHECK(sidecar.ended_early.empty());
  CHECK(std::filesystem::file_size(raw) == sidecar.bytes);
  for (const char* const time : {"10", "10d", "s", "-1s", "1.5s", "99999h"}) {
    CAPTURE(time);
    CHECK(run_captured({"capture", "--source", "sim:homodyne", "--duration", time, "-o", raw + "x"}).code == 2);
  }
  // Interrupted from the first moment on: nothing has come, so nothing is kept.
  std::stop_source stop;
  stop.request_stop();
  const std::string none = (scratch / "none.bin").string();
  CHECK(run_captured({"capture", "--source", "sim:homodyne", "-o", none}, {}, stop.get_token()).code == 130);
  CHECK_FALSE(std::filesystem::exists(none));
}

TEST_CASE("a device that fails while it is captured leaves what came before, and the side-car says so") {
  const Scratch scratch;
  const std::string recording = (scratch / "recording.bin").string(), raw = (scratch / "raw.bin").string();
  std::ofstream(recording) << std::string(5000, 'x');
  const Captured captured =
      run_captured({"capture", "--source", "file:" + recording + "?bits=8", "--samples", "10000", "-o", raw});
  CHECK(captured.code == 6);
  CHECK_THAT(captured.err, Contains("they are kept in " + raw));
  CHECK(read_sidecar(sidecar_path(raw)).samples == 5000);
  CHECK_FALSE(read_sidecar(sidecar_path(raw)).ended_early.empty());
}

TEST_CASE("a source is checked in one line, and the exit code is what is wrong with it") {
  const Captured well = run_captured({"devices", "--check", "sim:homodyne?seed=1", "--json"});
  CHECK(well.code == 0);
  const Json seen = Json::parse(well.out);
  CHECK(seen.at("schema") == "lightseed/device-check/v1");
  CHECK(seen.at("well") == true);
  CHECK(seen.at("samples_per_second").get<double>() > 0);
  const Captured dead = run_captured({"devices", "--check", "sim:homodyne?seed=1&fault=dead@0"});
  CHECK(dead.code == 5);
  CHECK_THAT(dead.out, Contains("repetition-count"));
}

TEST_CASE("the command adds to a library's advice the option that follows it") {
  CHECK(cli::with_hint("all is well") == "all is well");
  CHECK(cli::with_hint("no permission; install Lightseed's udev rules") ==
        "no permission; install Lightseed's udev rules (`lightseed devices --udev-rules` prints them)");
}
