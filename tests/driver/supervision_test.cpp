// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <deque>
#include <memory>

#include "driver/transport/supervised_source.h"
#include "tests/driver/reading.h"

using namespace lightseed;
using namespace lightseed::tests;
using Kind = DeviceFault::Kind;

namespace {

/// What the next calls do; an empty queue: all is well.
struct Script {
  std::deque<Kind> openings, begins, reads;
  unsigned opened = 0, begun = 0, ended = 0;
  std::size_t bytes_read = 0;

  static void play(std::deque<Kind>& events, const char* what) {
    if (events.empty()) return;
    const Kind kind = events.front();
    events.pop_front();
    throw DeviceFault(kind, what);
  }
};

class Scripted final : public Session {
 public:
  explicit Scripted(Script& script) : script_(script) {}
  void begin(const Patience&) override {
    ++script_.begun;
    Script::play(script_.begins, "begin failed");
  }
  std::size_t read(std::span<std::byte> out, const Patience&) override {
    Script::play(script_.reads, "read failed");
    script_.bytes_read += out.size();
    return out.size();
  }
  void end() noexcept override { ++script_.ended; }

 private:
  Script& script_;
};

SourceInfo asked() {
  SourceInfo info;
  info.uri = "test:device";
  info.format = {8, 8};
  return info;
}

struct SupervisionBench {
  Script script;
  std::function<void(SourceInfo&)> describe = [](SourceInfo&) {};

  std::unique_ptr<SupervisedSource> open(Supervision supervision = {}) {
    return std::make_unique<SupervisedSource>(
        asked(),
        [this](SourceInfo& info, const Patience&) -> std::unique_ptr<Session> {
          ++script.opened;
          Script::play(script.openings, "opening failed");
          info.provenance = Provenance::hardware;
          info.serial = "S1";
          info.firmware = "1.0";
          info.claim.bits_per_sample = 6;
          describe(info);
          return std::make_unique<Scripted>(script);
        },
        supervision, patient());
  }
};

}  // namespace

TEST_CASE("What a device says of itself after it was opened again must be what it said first") {
  const auto [member, describe] = GENERATE(table<std::string, void (*)(SourceInfo&)>({
      {"provenance", [](SourceInfo& info) { info.provenance = Provenance::simulated; }},
      {"serial number", [](SourceInfo& info) { info.serial = "S2"; }},
      {"firmware", [](SourceInfo& info) { info.firmware = "EMULATED 9"; }},
      {"claim", [](SourceInfo& info) { info.claim.bits_per_sample = 0.1; }},
      {"sample format",
       [](SourceInfo& info) {
         info.format = {12, 16};
       }},
      {"parameter", [](SourceInfo& info) { info.parameters["mode"] = "whitened"; }},
  }));
  SupervisionBench bench;
  const auto source = bench.open();
  source->start(patient());
  bench.describe = describe;
  bench.script.reads.push_back(Kind::gone);
  std::vector<std::byte> block(64);
  Read read = source->read(block, patient());
  INFO(member << ": " << read.detail);
  CHECK(read.state == ReadState::disconnected);
  CHECK(read.detail.find("its " + member + " ") != std::string::npos);
  CHECK(source->info().provenance == Provenance::hardware);
  // It stays so, also for the next start.
  CHECK(source->read(block, patient()).state == ReadState::disconnected);
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  // The first device back in its place is welcome.
  bench.describe = [](SourceInfo&) {};
  source->start(patient());
  CHECK(source->read(block, patient()).state == ReadState::ok);
}

TEST_CASE("The same device plugged in elsewhere is the same device") {
  SupervisionBench bench;
  bench.describe = [](SourceInfo& info) { info.parameters["port"] = "/dev/ttyACM0"; };
  const auto source = bench.open();
  source->start(patient());
  bench.describe = [](SourceInfo& info) { info.parameters["port"] = "/dev/ttyACM7"; };
  bench.script.reads.push_back(Kind::gone);
  std::vector<std::byte> block(64);
  CHECK(source->read(block, patient()).state == ReadState::restarted);
  CHECK(source->read(block, patient()).state == ReadState::ok);
}

TEST_CASE("A start that fails climbs the ladder, from beginning again to opening again") {
  const Kind kind = GENERATE(Kind::silence, Kind::protocol, Kind::transient, Kind::gone);
  const std::size_t times = GENERATE(1U, 2U, 3U);
  SupervisionBench bench;
  const auto source = bench.open();
  bench.script.begins.assign(times, kind);
  source->start(patient());
  std::vector<std::byte> block(64);
  CHECK(source->read(block, patient()).state == ReadState::ok);
  CHECK(source->status().at("faults") == 1);
  CHECK(bench.script.begun == times + 1);
}

TEST_CASE("A start that an alarm ends is not tried again; one that never works ends within its time") {
  SupervisionBench bench;
  const auto source = bench.open({.give_up = 200ms});
  bench.script.begins.push_back(Kind::alarm);
  CHECK(category_of([&] { source->start(patient()); }) == Category::health);
  CHECK(bench.script.begun == 1);
  CHECK(bench.script.ended == 1);
  bench.script.begins.assign(1'000'000, Kind::protocol);
  CHECK(category_of([&] { source->start(patient()); }) == Category::device);
  CHECK(bench.script.begun > 2);
}

TEST_CASE("One missed answer while a device is opened is asked for again, nonsense is not") {
  SupervisionBench bench;
  bench.script.openings.push_back(Kind::silence);
  CHECK(bench.open()->info().serial == "S1");
  CHECK(bench.script.opened == 2);
  bench.script.openings.push_back(Kind::protocol);
  CHECK(category_of([&] { (void)bench.open(); }) == Category::device);
  CHECK(bench.script.opened == 3);
}

TEST_CASE("After a recovery a slow device's first quarter of a second is thrown away, not four seconds of it") {
  const auto [rate, discarded] = GENERATE(table<double, std::size_t>({{0, 4096}, {1e6, 4096}, {1000, 256}, {40, 16}}));
  SupervisionBench bench;
  bench.describe = [rate = rate](SourceInfo& info) { info.nominal_rate = rate; };
  const auto source = bench.open();
  source->start(patient());
  bench.script.reads.push_back(Kind::protocol);
  std::vector<std::byte> block(64);
  CHECK(source->read(block, patient()).state == ReadState::restarted);
  CHECK(bench.script.bytes_read == discarded);
}
