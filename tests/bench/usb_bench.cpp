// SPDX-License-Identifier: Apache-2.0
#include <pthread.h>
#include <time.h>

#include <chrono>
#include <memory>
#include <vector>

#include "driver/devices/quantis/quantis.h"
#include "driver/usb/device_source.h"
#include "tests/bench/bench.h"
#include "tests/bench/clock.h"
#include "tests/emulated/fake_usbfs.h"
#include "tests/emulated/quantis/emulated_quantis.h"

// Bench A: libusb itself over an emulated Quantis in this process. The numbers are the driver's and libusb's, not a
// cable's.
namespace {

using namespace lightseed;
using namespace lightseed::emulated;
using namespace std::chrono_literals;

struct Stream {
  std::shared_ptr<FakeUsbfs> fake;
  std::unique_ptr<Source> source;
  std::vector<std::byte> block;
  SequenceChecker checker;

  /// 0: as fast as the driver asks.
  explicit Stream(double bits_per_second)
      : fake(std::make_shared<FakeUsbfs>(std::make_shared<EmulatedQuantis>(EmulatedQuantis::Options{
            .kbits = static_cast<std::int32_t>(bits_per_second > 0 ? bits_per_second / 1000 : 128'000),
            .bytes_per_second = bits_per_second / 8}))) {
    const UsbOpener open = [this](const Patience& patience) {
      return UsbDevice::from_fd(fake->open_fd(), "emulated", patience);
    };
    source = open_usb_source(quantis_kind(), SourceUri::parse("usb:quantis"), open);
    source->start(Patience{}.within(5s));
    block.resize(bits_per_second > 0 ? static_cast<std::size_t>(bits_per_second / 8 / 10) : 1 << 20);
    read(nullptr);
  }

  void read(benchmark::State* state) {
    const Read got = source->read(block, Patience{}.within(20s));
    if (got.bytes == block.size()) return;
    if (state != nullptr) state->SkipWithError(got.detail.c_str());
  }
};

/// Bits per second of wall time from a device of that rate; every byte is checked for order and loss.
double sustained(benchmark::State& state, double rate) {
  Stream stream(rate);
  const auto begin = Clock::now();
  for (auto _ : state) {
    for (int i = 0; i < 10; ++i) {
      stream.read(&state);
      if (!stream.checker.feed(stream.block)) state.SkipWithError("a byte was lost or doubled");
    }
  }
  const std::chrono::duration<double> wall = Clock::now() - begin;
  state.counters["seconds"] = wall.count() / static_cast<double>(state.iterations());
  return 80.0 * static_cast<double>(stream.block.size());
}

/// Bits per second of CPU time that the reader's and the event thread use; the emulation's own thread is not counted.
double cost(benchmark::State& state) {
  Stream stream(128e6);
  const double before = bench::process_cpu_seconds() - stream.fake->cpu_seconds();
  for (auto _ : state)
    stream.read(&state);
  const double used = bench::process_cpu_seconds() - stream.fake->cpu_seconds() - before;
  state.counters["seconds"] = used / static_cast<double>(state.iterations());
  return 8.0 * static_cast<double>(stream.block.size());
}

const bool usb_rows =
    bench::add("usb/sustained-1-Mbit/s", {.unit = "Mbit/s", .scale = 1e6, .goal = 0.95, .limit = [] { return 1e6; }},
               [](benchmark::State& state) { return sustained(state, 1e6); }) &&
    bench::add("usb/sustained-16-Mbit/s", {.unit = "Mbit/s", .scale = 1e6, .goal = 15.2, .limit = [] { return 16e6; }},
               [](benchmark::State& state) { return sustained(state, 16e6); }) &&
    bench::add("usb/sustained-128-Mbit/s",
               {.unit = "Mbit/s",
                .scale = 1e6,
                .goal = 121.6,
                .limit = [] { return 128e6; },
                .limit_why = "rate of the emulated device"},
               [](benchmark::State& state) { return sustained(state, 128e6); }) &&
    // 5 % of a core at 128 Mbit/s is 2.56 Gbit for a second of CPU.
    bench::add("usb/driver-cost", {.unit = "Gbit/CPU s", .scale = 1e9, .goal = 2.56}, cost);

}  // namespace
