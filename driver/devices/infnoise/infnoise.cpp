// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/infnoise/infnoise.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "driver/devices/infnoise/loop_gain.h"
#include "driver/devices/infnoise/noise_monitor.h"
#include "driver/transport/block_session.h"
#include "driver/transport/ftdi_session.h"

namespace lightseed {
namespace {

using namespace infnoise;
using Kind = DeviceFault::Kind;
using Clock = SteadyClock;
using namespace std::chrono_literals;

constexpr unsigned baud = 30'000;           ///< bit-bang runs at sixteen times that
constexpr std::uint8_t output_pins = 0xED;  ///< all but the comparators' D1 and D4
constexpr double bits_per_second = 300e3;
/// Charge leaks from the loop's capacitors: bits that took longer hold less entropy than their gain says.
constexpr auto longest_round = 5ms;
constexpr auto answer_limit = 1s;  ///< a round takes 2 ms; the maker's kernel module waits as long
/// A loop that has just got its power is not settled: the maker's program holds data back until its estimate is inside
/// the limits, however often that fails (software/healthcheck.c:275). Ours tries again this long.
constexpr auto settling_limit = 5s, warm_up_limit = 5s;
constexpr unsigned most_unusable = 400;  ///< rounds in a row

/// The two switches of the loop, D2 and D0, close in turn.
constexpr auto clock_pattern = [] {
  std::array<std::byte, round_samples> pattern{};
  for (std::size_t j = 0; j < pattern.size(); ++j)
    pattern[j] = j % 2 == 0 ? std::byte{0x04} : std::byte{0x01};
  return pattern;
}();

class InfiniteNoise final : public BlockSession<FtdiSession> {
 public:
  explicit InfiniteNoise(std::shared_ptr<UsbDevice> device)
      : BlockSession(round_samples / 8, answer_limit), chip_(std::move(device), bits_per_second) {}

  void begin(const Patience& patience) override {
    try {
      initialise(patience);
    } catch (const DeviceFault& fault) {
      // A chip fresh from its UART driver may need telling twice.
      if (fault.kind() == Kind::gone || patience.expired()) throw;
      initialise(patience);
    }
    const auto settled_by = Clock::now() + settling_limit;
    do {
      warm_up(patience.within(warm_up_limit));
    } while (monitor_.fault() && Clock::now() < settled_by && !patience.expired());
    raise_alarm();
    begin_anew();
  }

  void end() noexcept override {
    chip_.stop();
    begin_anew();
    leave_mode();
  }

  [[nodiscard]] Json status(const Patience&) override {
    return Json{{"usb", chip_.counters()}, {"monitor", monitor_.evidence()}, {"warm_ups", warm_ups_},
                {"rounds", rounds_},       {"late_rounds", late_},           {"poor_rounds", poor_}};
  }

 private:
  [[nodiscard]] FtdiChip& chip() noexcept override { return chip_; }

  FtdiChip chip_;
  NoiseMonitor monitor_;
  std::array<std::byte, round_samples> samples_{};
  std::size_t filled_ = 0;
  bool warming_ = false;   ///< rounds are shown to the monitor and handed to nobody
  unsigned unusable_ = 0;  ///< rounds in a row
  Clock::time_point last_ended_{};
  std::uint64_t rounds_ = 0, late_ = 0, poor_ = 0, warm_ups_ = 0;

  [[nodiscard]] const std::string& name() const noexcept override { return chip_.name(); }

  void initialise(const Patience& patience) {
    chip_.stop();
    chip_.reset(patience);
    chip_.set_latency(1, patience);
    chip_.set_divisor(ftdi_divisor(baud), patience);
    chip_.set_mode(FtdiChip::Mode::sync_bitbang, output_pins, patience);
    chip_.purge_input(patience);
    chip_.purge_output(patience);
    chip_.start();
    chip_.drain(50ms, 1 << 16, patience.within(2s));
    std::array<std::byte, 64> trial{};
    chip_.write(std::span(clock_pattern).first(trial.size()), patience.within(1s));
    chip_.read_exactly(trial, patience.within(answer_limit));
  }

  /// Nothing that was clocked before now counts.
  void begin_anew() noexcept {
    forget();
    ::explicit_bzero(samples_.data(), samples_.size());
    last_ended_ = {};
    unusable_ = 0;
  }

  /// Clocks rounds until the monitor has seen enough to judge the loop.
  void warm_up(const Patience& patience) {
    monitor_ = {};
    begin_anew();
    ++warm_ups_;
    warming_ = true;
    while (!monitor_.warm()) {
      if (!fetch(patience)) end_waiting(patience, "its warm-up does not end");
      drop_block();
    }
    warming_ = false;
  }

  [[noreturn]] void end_waiting(const Patience& patience, const char* why) {
    if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", chip_.name()));
    throw DeviceFault(Kind::silence, fmt::format("{}: {}", chip_.name(), why));
  }

  void raise_alarm() const {
    if (const auto fault = monitor_.fault()) {
      throw DeviceFault(Kind::alarm, fmt::format("{}: {}", chip_.name(), *fault));
    }
  }

  void request_block(const Patience& patience) override {
    filled_ = 0;
    chip_.write(clock_pattern, patience);
  }

  /// A round is a block if it was quick and the monitor finds it good; else there is none, and the next is clocked.
  Heard hear_block(std::span<std::byte> bits, const Patience& patience) override {
    const std::size_t part = chip_.read(std::span(samples_).subspan(filled_), patience);
    if (part == 0) return Heard::nothing;
    filled_ += part;
    if (filled_ < samples_.size()) return Heard::part;
    ++rounds_;
    // From round to round, the reader's own pauses with it: the loop leaks while it waits as well.
    const bool late = Clock::now() - std::exchange(last_ended_, Clock::now()) > longest_round;
    const bool good = !late && monitor_.feed(samples_);
    if (good) raw_bits(samples_, bits);
    ::explicit_bzero(samples_.data(), samples_.size());
    late_ += late ? 1 : 0;
    poor_ += late || good ? 0 : 1;
    if (warming_) return Heard::block;
    raise_alarm();
    unusable_ = good ? 0 : unusable_ + 1;
    if (unusable_ < most_unusable) return good ? Heard::block : Heard::refused;
    throw DeviceFault(Kind::silence, fmt::format("{}: no round in {} came within 5 ms and with enough entropy",
                                                 chip_.name(), most_unusable));
  }
};

}  // namespace

DeviceKind infnoise_kind() {
  // The first are FTDI's stock numbers: the product text must say what is behind them.
  return {.name = "infnoise",
          .label = "Infinite Noise TRNG (thermal noise)",
          .matches = {{.vendor = 0x0403, .product = 0x6015, .product_contains = "Infinite Noise"},
                      {.vendor = 0x1209, .product = 0x3701}},
          .health_tests =
              [] {
                std::vector<std::unique_ptr<health::HealthTest>> tests;
                tests.push_back(std::make_unique<LoopGain>());
                return tests;
              },
          .driven = [](SourceUri& uri) -> UsbSessionMaker {
            MinEntropy claim = unassessed_claim(uri, 0.25, 1);
            claim.details = {{"modelled_gain", LoopEntropy::gain}};
            return [claim](std::shared_ptr<UsbDevice> device, SourceInfo& info, const Patience&) {
              info.claim = claim;
              info.format = {1, 1};
              info.nominal_rate = bits_per_second;
              info.firmware = fmt::format("{:04x}", device->description().release);
              return std::make_unique<InfiniteNoise>(std::move(device));
            };
          }};
}

}  // namespace lightseed
