#include "driver/devices/infnoise/infnoise.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "driver/devices/infnoise/noise_monitor.h"
#include "driver/transport/ftdi_session.h"

namespace lightseed {
namespace {

using namespace infnoise;
using Kind = DeviceFault::Kind;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr unsigned baud = 30'000;           ///< bit-bang runs at sixteen times that
constexpr std::uint8_t output_pins = 0xED;  ///< all but the comparators' D1 and D4
constexpr double bits_per_second = 300e3;
/// Charge leaks from the loop's capacitors: bits that took longer hold less entropy than their gain says.
constexpr auto longest_round = 5ms;
constexpr auto answer_limit = 250ms;     ///< a round takes two
constexpr unsigned most_unusable = 400;  ///< rounds in a row

/// The two switches of the loop, D2 and D0, close in turn.
constexpr auto clock_pattern = [] {
  std::array<std::byte, round_samples> pattern{};
  for (std::size_t j = 0; j < pattern.size(); ++j)
    pattern[j] = j % 2 == 0 ? std::byte{0x04} : std::byte{0x01};
  return pattern;
}();

class InfiniteNoise final : public FtdiSession {
 public:
  explicit InfiniteNoise(std::shared_ptr<UsbDevice> device) : chip_(std::move(device), bits_per_second) {}

  void begin(const Patience& patience) override {
    try {
      initialise(patience);
    } catch (const DeviceFault& fault) {
      // A chip fresh from its UART driver may need telling twice.
      if (fault.kind() == Kind::gone || patience.expired()) throw;
      initialise(patience);
    }
    monitor_ = {};
    forget();
    const Patience limit = patience.within(5s);
    while (!monitor_.warm()) {
      if (!next_round(limit)) end_waiting(limit, "its warm-up does not end");
    }
    raise_alarm();
    forget();
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      if (taken_ == bits_.size() && !fetch(patience)) return got;
      const std::size_t part = std::min(out.size() - got, bits_.size() - taken_);
      std::copy_n(bits_.begin() + static_cast<std::ptrdiff_t>(taken_), part,
                  out.begin() + static_cast<std::ptrdiff_t>(got));
      ::explicit_bzero(bits_.data() + taken_, part);
      taken_ += part;
      got += part;
    }
    return got;
  }

  void end() noexcept override {
    chip_.stop();
    forget();
    leave_mode();
  }

  [[nodiscard]] Json status(const Patience&) override {
    return Json{{"usb", chip_.counters()},
                {"monitor", monitor_.evidence()},
                {"rounds", rounds_},
                {"late_rounds", late_},
                {"poor_rounds", poor_}};
  }

 private:
  [[nodiscard]] FtdiChip& chip() noexcept override { return chip_; }

  FtdiChip chip_;
  NoiseMonitor monitor_;
  std::array<std::byte, round_samples> samples_{};
  std::array<std::byte, round_samples / 8> bits_{};
  std::size_t filled_ = 0, taken_ = bits_.size();
  bool waiting_ = false;  ///< for the rest of a round that was begun
  Clock::time_point asked_at_{}, last_ended_{};
  std::uint64_t rounds_ = 0, late_ = 0, poor_ = 0;

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
  void forget() noexcept {
    ::explicit_bzero(bits_.data(), bits_.size());
    ::explicit_bzero(samples_.data(), samples_.size());
    taken_ = bits_.size();
    waiting_ = false;
    last_ended_ = {};
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

  /// Clocks one round and shows it to the monitor. False when the patience ended; the round is then still on its way.
  /// Afterwards bits_ holds the round if it is good, and nothing if not.
  bool next_round(const Patience& patience) {
    if (!waiting_) {
      if (patience.stopped() || patience.expired()) return false;
      chip_.write(clock_pattern, Patience{patience.stop}.within(answer_limit));
      asked_at_ = Clock::now();
      waiting_ = true;
      filled_ = 0;
    }
    const Patience limit{patience.stop, std::min(patience.deadline, asked_at_ + answer_limit)};
    while (filled_ < samples_.size()) {
      const std::size_t part = chip_.read(std::span(samples_).subspan(filled_), limit);
      filled_ += part;
      if (part > 0) continue;
      if (patience.stopped() || Clock::now() < asked_at_ + answer_limit) return false;
      throw DeviceFault(Kind::silence,
                        fmt::format("{}: {} samples of a round of {} came", chip_.name(), filled_, samples_.size()));
    }
    waiting_ = false;
    ++rounds_;
    // From round to round, the reader's own pauses with it: the loop leaks while it waits as well.
    const bool late = Clock::now() - std::exchange(last_ended_, Clock::now()) > longest_round;
    const bool good = !late && monitor_.feed(samples_);
    if (good) raw_bits(samples_, bits_);
    ::explicit_bzero(samples_.data(), samples_.size());
    late_ += late ? 1 : 0;
    poor_ += late || good ? 0 : 1;
    taken_ = good ? 0 : bits_.size();
    return true;
  }

  bool fetch(const Patience& patience) {
    for (unsigned i = 0; i < most_unusable; ++i) {
      if (!next_round(patience)) return false;
      raise_alarm();
      if (taken_ == 0) return true;
    }
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
          .usb = [](SourceUri& uri) -> UsbSessionMaker {
            MinEntropy claim = unassessed_claim(uri, 0.25, 1);
            claim.details = {{"modelled_gain", NoiseMonitor::gain}};
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
