// SPDX-License-Identifier: Apache-2.0
// Simulated captures: drawn again (--verify), explained (--oracle), with faults of a file (--faults).
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "driver/sidecar.h"
#include "evidence/json_text.h"
#include "tests/cli/run_captured.h"
#include "tests/scratch.h"

using namespace lightseed;
using namespace lightseed::test;
using Catch::Contains;

namespace {

std::string contents_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

std::uint64_t number_at(const std::string& text, std::size_t at, std::size_t bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    number |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[at + i])) << (8 * i);
  return number;
}

}  // namespace

TEST_CASE("every model's capture is drawn again bit for bit, faults, restarts and both paths among them") {
  const Scratch scratch;
  int number = 0;
  for (const char* const uri :
       {"sim:homodyne", "sim:homodyne?bandwidth=0.1&fault=dc_drift@1000:ramp=5000;stuck@9000:for=100", "sim:which-path",
        "sim:which-path?path=fast&afterpulse=0", "sim:arrival-time?clock=free", "sim:photon-number?fault=replay@5000",
        "sim:phase-noise?bits=12", "sim:ase?fault=substitute@100:seed=77"}) {
    CAPTURE(uri);
    const std::string raw = (scratch / ("raw" + std::to_string(++number)).c_str()).string();
    REQUIRE(run_captured({"capture", "--source", uri, "--samples", "20000", "-o", raw}).code == 0);
    const Captured same = run_captured({"capture", "--verify", raw});
    CHECK(same.code == 0);
    CHECK_THAT(same.out, Contains("SAME: 20000 samples") && Contains("seed="));

    std::string bytes = contents_of(raw);
    const std::string whole = bytes;
    bytes[1234] = static_cast<char>(bytes[1234] ^ 1);
    bytes[2000] = static_cast<char>(bytes[2000] ^ 1);
    write(raw, bytes);
    const Captured other = run_captured({"capture", "--verify", raw, "--json"});
    CHECK(other.code == 1);
    CHECK(parse_json(other.out, "other")["first_byte"] == 1234);
    write(raw, whole.substr(0, 2222));
    CHECK_THAT(run_captured({"capture", "--verify", raw}).out, Contains("ends at byte 2222"));
    write(raw, whole + "x");
    const Captured longer = run_captured({"capture", "--verify", raw});
    CHECK(longer.code == 1);
    CHECK_THAT(longer.out, Contains("goes on at byte " + std::to_string(whole.size())));
  }
  const std::string rows = (scratch / "rows").string();
  REQUIRE(run_captured({"capture", "--source", "sim:homodyne?seed=3", "--restarts", "20x500", "-o", rows}).code == 0);
  CHECK(run_captured({"capture", "--verify", rows}).code == 0);
}

TEST_CASE("a side-car that does not describe its capture is found, and what was not simulated is refused") {
  const Scratch scratch;
  const std::string raw = (scratch / "raw").string();
  REQUIRE(run_captured({"capture", "--source", "sim:homodyne?seed=3", "--samples", "5000", "-o", raw}).code == 0);
  const std::string side = contents_of(sidecar_path(raw));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = side;
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    write(sidecar_path(raw), text.replace(at, from.size(), to));
    return run_captured({"capture", "--verify", raw});
  };
  const Captured seed = with("homodyne?seed=3", "homodyne?seed=4");
  CHECK(seed.code == 1);
  CHECK_THAT(seed.out, Contains("the side-car does not describe"));
  CHECK(with("\"range\": 3.881", "\"range\": 3.882").code == 1);
  CHECK(with("\"sim:homodyne\"", "\"usb:homodyne\"").code == 7);
  write(sidecar_path(raw), side);
  // A replay of the capture compares nothing with anything.
  const std::string copy = (scratch / "copy").string();
  REQUIRE(run_captured({"capture", "--source", "file:" + raw, "--samples", "1000", "-o", copy}).code == 0);
  CHECK(run_captured({"capture", "--verify", copy}).code == 7);
  CHECK(run_captured({"capture", "--verify", (scratch / "none").string()}).code == 4);
  CHECK(run_captured({"capture", "--verify", raw, "--samples", "7"}).code == 2);
  CHECK_THAT(run_captured({"capture", "--source", "sim:homodyne"}).err, Contains("--output is missing"));
}

TEST_CASE("the oracle's file explains every sample, and its guesses are right as often as the claim says") {
  const Scratch scratch;
  const std::string raw = (scratch / "raw").string(), oracle = (scratch / "oracle").string();
  const Captured captured = run_captured({"capture", "--source", "sim:homodyne?seed=3&path=full&fault=laser_off@150000",
                                          "--samples", "200000", "--oracle", oracle, "-o", raw});
  REQUIRE(captured.code == 0);
  const std::string samples = contents_of(raw), text = contents_of(oracle);
  const std::size_t begin = text.find('\n') + 1;
  const Json header = parse_json(text.substr(0, begin), "header");
  CHECK(header["schema"] == "lightseed/oracle/v1");
  CHECK(header["faults"][0] == "laser_off");
  CHECK(begin % 16 == 0);
  REQUIRE(text.size() == begin + samples.size() * 16);
  double right = 0, squares = 0;
  bool faults_marked = true, causes_fit = true, guesses_of_no_light = true;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const std::size_t at = begin + i * 16;
    const double classical = std::bit_cast<double>(number_at(text, at, 8));
    const bool guessed = number_at(text, at + 8, 2) == static_cast<unsigned char>(samples[i]);
    const bool off = i >= 150000;
    faults_marked = faults_marked && number_at(text, at + 12, 4) == (off ? 1 : 0);
    causes_fit = causes_fit && header["causes"][number_at(text, at + 10, 2)] == (off ? "noise" : "photon");
    guesses_of_no_light = guesses_of_no_light && (guessed || !off);
    if (off) continue;
    right += guessed ? 1 : 0;
    squares += classical * classical;
  }
  CHECK(faults_marked);
  CHECK(causes_fit);
  CHECK(guesses_of_no_light);
  CHECK(-std::log2(right / 150000) == Approx(6.369).margin(0.12));
  CHECK(squares / 150000 == Approx(0.1).margin(0.002));

  // No causes on the fast path, none of a recording; and a file that is there stays.
  const auto refused = [&](const std::string& uri, const std::string& to) {
    return run_captured({"capture", "--source", uri, "--oracle", to, "-o", (scratch / "x").string()});
  };
  CHECK_THAT(refused("sim:homodyne", (scratch / "o2").string()).err, Contains("path=full has them"));
  CHECK(refused("file:" + raw, (scratch / "o2").string()).code == 2);
  CHECK(refused("sim:homodyne?path=full", oracle).code == 4);
  CHECK_FALSE(std::filesystem::exists(scratch / "o2"));
  CHECK_FALSE(std::filesystem::exists(scratch / "x"));
}

TEST_CASE("faults of a file are faults of the URI, and what is wrong with the file is said") {
  const Scratch scratch;
  const std::string file = (scratch / "my faults.json").string();
  const auto info = [&](const std::string& faults) {
    write(file, R"({"schema": "lightseed/faults/v1", "faults": [)" + faults + "]}");
    return run_captured({"devices", "--json", "--info", "sim:ase?seed=1&fault=stuck@7&faults=" + file});
  };
  const auto canonical = [&](const std::string& faults) {
    return parse_json(info(faults).out, "info")["source"]["parameters"]["fault"];
  };
  CHECK(canonical("") == "stuck@7");
  CHECK(canonical(R"({"fault": "dc_drift", "start": 10, "duration": 20, "ramp": 30, "magnitude": 0.5},
                     {"fault": "substitute", "seed": 9})") ==
        "stuck@7;dc_drift@10:for=20:ramp=30:size=0.5;substitute@0:seed=9");
  const auto refused = [&](const std::string& faults, int code) {
    const Captured said = info(faults);
    CHECK(said.code == code);
    return said.out + said.err;
  };
  CHECK_THAT(refused(R"({"fault": "dc_drif"})", 2), Contains("did you mean dc_drift"));
  CHECK_THAT(refused(R"({"fault": "dc_drift", "magnitude": 1e9})", 2), Contains("from -10 to 10"));
  CHECK_THAT(refused(R"({"fault": "dc_drift", "seed": 1})", 2), Contains("takes no seed"));
  CHECK_THAT(refused(R"({"fault": "dc_drift", "duration": 0})", 4), Contains("faults[0].duration"));
  CHECK_THAT(refused(R"({"fault": "dc_drift", "begin": 0})", 4), Contains("begin"));
  CHECK_THAT(refused(R"({"fault": "dc_drift;stuck"})", 4), Contains("no fault's name"));
  CHECK_THAT(refused(R"(7)", 4), Contains("my faults.json"));

  write(file, R"({"schema": "lightseed/faults/v1", "faults": [{"fault": "ones", "start": 100}]})");
  const std::string raw = (scratch / "raw").string();
  REQUIRE(run_captured({"capture", "--source", "sim:ase", "--faults", file, "--samples", "200", "-o", raw}).code == 0);
  CHECK(contents_of(raw).substr(100) == std::string(100, '\xff'));
  std::filesystem::remove(file);
  CHECK(run_captured({"capture", "--verify", raw}).code == 0);
  CHECK(run_captured({"devices", "--info", "sim:ase?faults=" + file}).code == 4);
}
