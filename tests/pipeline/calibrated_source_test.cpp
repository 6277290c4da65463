// SPDX-License-Identifier: Apache-2.0
// A calibration in use: whose it is, until when, what the gate makes of it, and what is on record.
#include "pipeline/calibrated_source.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <functional>

#include "core/clock.h"
#include "core/error.h"
#include "evidence/json_text.h"
#include "pipeline/binding.h"
#include "pipeline/calibrate.h"
#include "pipeline/key_stream.h"
#include "pipeline/run_faults.h"
#include "tests/category_of.h"
#include "tests/crypto/pki.h"
#include "tests/pipeline/simulated_source.h"
#include "tests/scratch.h"

using namespace lightseed;
using Catch::Contains;
using test::category_of;
using test::simulated_source;

namespace {

/// One calibration for all tests; it is valid now.
const CalibrationRecord& usual() {
  static const CalibrationRecord record = [] {
    const auto source = simulated_source("sim:homodyne?seed=1");
    return calibrate(*source, {.samples = 1 << 19, .now = std::time(nullptr) - 60});
  }();
  return record;
}

Calibration opened(CalibrationRecord record = usual()) {
  return {.path = "lab.json", .sha256 = std::string(64, 'a'), .record = std::move(record), .signer = "nobody"};
}

std::unique_ptr<Source> in_use(const std::string& uri, CalibrationRecord record = usual()) {
  return std::make_unique<CalibratedSource>(simulated_source(uri), opened(std::move(record)), std::time(nullptr));
}

std::string refusal(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK(error.category() == Category::refused);
    return error.what();
  }
  return "nothing was refused";
}

Assess giving(double bits) {
  return [bits](std::span<const std::byte>, const SampleFormat&) {
    return MinEntropy{.bits_per_sample = bits,
                      .basis = MinEntropy::Basis::measured,
                      .method = "as the test says",
                      .assumptions = {},
                      .details = {{"samples", std::uint64_t{1'000'000}}}};
  };
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a calibrated source claims what its calibration says, and never more than it claims itself") {
  const auto source = in_use("sim:homodyne?seed=7");
  CHECK(source->info().claim.bits_per_sample == usual().claim.bits_per_sample);
  CHECK(source->info().provenance == Provenance::simulated);
  CHECK_THAT(source->info().claim.assumptions.front(), Contains("simulated: the samples hold no entropy"));
  CHECK(is_calibrated(source->info()));
  CalibrationRecord generous = usual();
  generous.claim.bits_per_sample = 7.9;
  CHECK(in_use("sim:homodyne?seed=7", generous)->info().claim.bits_per_sample ==
        simulated_source("sim:homodyne?seed=7")->info().claim.bits_per_sample);
}

TEST_CASE("a calibration of another unit, of another setting, or of another time is refused in words") {
  CHECK_THAT(refusal([] { in_use("sim:homodyne?seed=1&bits=9"); }), Contains("sample format"));
  CHECK_THAT(refusal([] { in_use("sim:homodyne?seed=1&range=5"); }), Contains("range was 3.881, and is 5"));
  CHECK_THAT(refusal([] { in_use("sim:photon-number?prnu=0&dsnu=0"); }), Contains("its driver was 'sim:homodyne'"));
  CHECK(category_of([] { in_use("sim:which-path"); }) == Category::usage);
  CalibrationRecord other = usual();
  other.device.serial = "QH-17";
  CHECK_THAT(refusal([&] { in_use("sim:homodyne?seed=1", other); }), Contains("its serial was 'QH-17', and is ''"));
  other = usual();
  other.device.provenance = Provenance::hardware;
  CHECK_THAT(refusal([&] { in_use("sim:homodyne?seed=1", other); }), Contains("provenance"));
  other = usual();
  other.valid_until = utc_text(std::time(nullptr) - 1);
  CHECK_THAT(refusal([&] { in_use("sim:homodyne?seed=1", other); }), Contains("has expired"));
  other = usual();
  other.created = utc_text(std::time(nullptr) + 600);
  CHECK_THAT(refusal([&] { in_use("sim:homodyne?seed=1", other); }), Contains("a clock is wrong"));
}

TEST_CASE("a gate has the calibration's limits, and notices what left them") {
  const auto source = in_use("sim:homodyne?seed=3");
  GatedSource gated(*source);
  gated.start({});
  std::vector<std::byte> out(gated.window_bytes() * 400);
  gated.read(out, {});
  const GateRecord record = gated.record();
  REQUIRE(record.health.tests.size() == 2 + usual().monitors.size());
  CHECK(record.health.tests[2].readings["low"] == usual().monitors[0].low);
  const std::string now = utc_text(std::time(nullptr) + 5);
  CHECK(calibration_faults(source->info(), record.health, now) == std::vector<std::string>{});

  for (const char* const fault : {"laser_off:size=0.25", "dc_drift", "set_bit", "bandwidth_drop"}) {
    CAPTURE(fault);
    const auto ill = in_use(std::string("sim:homodyne?seed=3&fault=") + fault);
    GatedSource gate(*ill);
    CHECK(category_of([&] { gate.start({}); }) == Category::health);
  }

  // Lies of who writes the record.
  const auto told = [&](const char* member, const Json& value) {
    SourceInfo info = source->info();
    info.claim.details["calibration"][member] = value;
    return calibration_faults(info, record.health, now);
  };
  CHECK_FALSE(told("sha256", "abc").empty());
  CHECK_FALSE(told("valid_until", utc_text(std::time(nullptr) - 3600)).empty());
  CHECK_FALSE(told("created", utc_text(std::time(nullptr) + 3600)).empty());
  CHECK_FALSE(told("used", utc_text(std::time(nullptr) + 3600)).empty());
  CHECK_FALSE(told("bits_per_sample", 1).empty());
  CHECK_FALSE(told("monitors", Json::array()).empty());
  CHECK_FALSE(told("unknown", 1).empty());
  HealthRecord health = record.health;
  health.tests[3].readings["high"] = health.tests[3].readings["high"].get<double>() * 2;
  CHECK_FALSE(calibration_faults(source->info(), health, now).empty());
  CHECK_FALSE(calibration_faults(source->info(), {}, now).empty());
}

TEST_CASE("which measurement binds is the operator's to say, on record, and judged again") {
  const double claim = usual().claim.bits_per_sample;
  const auto run = [&](double measured, bool binds) {
    const auto source = in_use("sim:homodyne?seed=5");
    KeyStream keys(*source, {.bytes = 20'000, .calibration_binds = binds}, giving(measured), {});
    std::vector<std::byte> out(20'000);
    keys.fill(out, {});
    return keys.record();
  };
  const RunRecord lower = run(4.6, false), calibrated = run(4.6, true);
  CHECK(lower.extraction.bits_per_sample == 4.6);
  CHECK(calibrated.extraction.bits_per_sample == claim);
  CHECK(run_faults(lower, 160'000) == std::vector<std::string>{});
  CHECK(run_faults(calibrated, 160'000) == std::vector<std::string>{});
  REQUIRE(calibrated.binding);
  CHECK_THAT(calibrated.binding->why, Contains("the measurement of 4.600000"));
  const Json json = to_json(calibrated);
  ObjectReader reader(json, "");
  CHECK(to_json(take_run_record(reader)) == json);
  CHECK_FALSE(to_json(lower)["entropy"].contains("binding"));

  const auto told = [&](const std::function<void(RunRecord&)>& lie) {
    RunRecord record = calibrated;
    lie(record);
    return run_faults(record, 160'000);
  };
  CHECK_FALSE(told([](RunRecord& r) { r.binding.reset(); }).empty());
  CHECK_FALSE(told([](RunRecord& r) { r.binding->binds = "hope"; }).empty());
  CHECK_FALSE(told([](RunRecord& r) { r.binding->why = "because"; }).empty());
  CHECK_FALSE(told([](RunRecord& r) { r.measured.bits_per_sample = 1; }).empty());
  CHECK_FALSE(told([](RunRecord& r) { r.source.claim.details.erase("calibration"); }).empty());
  CHECK_FALSE(told([](RunRecord& r) { r.source.claim.bits_per_sample += 0.5; }).empty());

  CHECK(category_of([&] { run(2, true); }) == Category::verdict);
  CHECK(category_of([&] {
          const auto source = simulated_source("sim:homodyne?seed=5");
          KeyStream(*source, {.bytes = 1000, .calibration_binds = true}, giving(6), {});
        }) == Category::usage);
}

TEST_CASE("a calibration's file: signed, altered, signed by somebody else, not signed at all") {
  const test::Scratch scratch;
  for (const char* const name : {"lab", "stranger"})
    test::make_certificate(scratch.path(), {.name = name, .usage = "digitalSignature"});
  const Signer lab(scratch / "lab.crt", (scratch / "lab.key").string(), std::time(nullptr));
  const auto trust = [&](const char* name) { return TrustAnchor::read(scratch / name); };
  const std::string plain = calibration_text(usual(), nullptr), sealed = calibration_text(usual(), &lab);
  write(scratch / "plain.json", plain);
  write(scratch / "signed.json", sealed);

  const Calibration read = read_calibration(scratch / "signed.json", trust("lab.crt"));
  CHECK(to_json(read.record) == to_json(usual()));
  CHECK_THAT(read.signer, Contains("lab"));
  CHECK(read_calibration(scratch / "plain.json", std::nullopt).signer == "nobody");

  const auto ends = [&](const char* file, const std::optional<TrustAnchor>& who) {
    return category_of([&] { (void)read_calibration(scratch / file, who); });
  };
  CHECK(ends("signed.json", trust("stranger.crt")) == Category::verdict);
  CHECK(ends("signed.json", std::nullopt) == Category::refused);
  CHECK(ends("plain.json", trust("lab.crt")) == Category::verdict);
  CHECK(ends("missing.json", std::nullopt) == Category::io);

  CalibrationRecord real = usual();
  real.device.provenance = Provenance::hardware;
  write(scratch / "real.json", calibration_text(real, nullptr));
  CHECK(ends("real.json", std::nullopt) == Category::refused);

  CalibrationRecord lie = usual();
  lie.claim.bits_per_sample += 0.2;
  write(scratch / "lie.json", calibration_text(lie, nullptr));
  CHECK(ends("lie.json", std::nullopt) == Category::verdict);
  // Who signs may be wrong as well.
  write(scratch / "signed-lie.json", calibration_text(lie, &lab));
  CHECK(ends("signed-lie.json", trust("lab.crt")) == Category::verdict);

  // Calibrations of before there was a monitor of codes have no limits of it; the others all have to be there.
  CalibrationRecord before = usual();
  REQUIRE(before.monitors.back().monitor == "model-codes");
  before.monitors.pop_back();
  write(scratch / "before.json", calibration_text(before, nullptr));
  CHECK(read_calibration(scratch / "before.json", std::nullopt).record.monitors.size() == 8);
  before.monitors.pop_back();
  write(scratch / "fewer.json", calibration_text(before, nullptr));
  CHECK(ends("fewer.json", std::nullopt) == Category::verdict);

  CalibrationRecord eternal = usual();
  eternal.valid_until = "2120-01-01T00:00:00Z";
  write(scratch / "eternal.json", calibration_text(eternal, nullptr));
  CHECK(ends("eternal.json", std::nullopt) == Category::verdict);

  for (const std::size_t at : {std::size_t{30}, sealed.size() / 2, sealed.size() - 40}) {
    std::string altered = sealed;
    altered[at] = altered[at] == 'A' ? 'B' : 'A';
    write(scratch / "altered.json", altered);
    CHECK(ends("altered.json", trust("lab.crt")) == Category::verdict);
  }
  write(scratch / "half.json", plain.substr(0, plain.size() / 2));
  CHECK(ends("half.json", std::nullopt) == Category::io);
}
