// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/bitbabbler/bitbabbler.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <utility>

#include "core/error.h"
#include "driver/transport/block_session.h"
#include "driver/transport/ftdi_session.h"
#include "driver/transport/mpsse.h"

namespace lightseed {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

constexpr std::uint8_t all_sources = 0x00, clock_and_selects = 0x0B;  ///< levels and directions of the low pins
constexpr std::uint8_t nothing_to_send = 0x60;                        ///< of the status' second byte
constexpr auto chunk_limit = 5s;
constexpr int most_resets = 20;

/// What every packet's status must be once the engine runs. Anything else has been seen when a host controller mixed up
/// its buffers.
class StatusWatch {
 public:
  explicit StatusWatch(std::uint8_t modem) : modem_(modem) {}

  void arm(bool armed) noexcept { armed_ = armed; }
  [[nodiscard]] bool at_rest() const noexcept { return line_ == nothing_to_send; }

  void see(FtdiStatus status) {
    line_ = status.line;
    if (armed_ && (status.modem != modem_ || (status.line & ~nothing_to_send) != 0)) {
      throw DeviceFault(Kind::protocol,
                        fmt::format("BitBabbler: a packet with status {:02x} {:02x}", status.modem, status.line));
    }
  }

 private:
  std::uint8_t modem_, line_ = 0;
  bool armed_ = false;
};

/// As much as comes within a quarter of a second.
std::size_t chunk_for(double bitrate) {
  return std::bit_floor(static_cast<std::size_t>(std::min(65536.0, std::max(1.0, bitrate / 32))));
}

class BitBabbler final : public BlockSession<FtdiSession> {
 public:
  BitBabbler(std::shared_ptr<UsbDevice> device, double bitrate)
      : BlockSession(chunk_for(bitrate), chunk_limit),
        packet_(device->description().bulk_in().max_packet),
        watch_(packet_ > 64 ? 0x32 : 0x31),
        chip_(std::move(device), bitrate / 8, [this](FtdiStatus status) { watch_.see(status); }),
        engine_(chip_),
        bitrate_(bitrate) {}

  void begin(const Patience& patience) override {
    for (int attempt = 0; attempt < most_resets; ++attempt) {
      initialise(patience);
      if (engine_.synchronise(patience) || engine_.synchronise(patience)) return set_up(patience);
      if (patience.stopped()) throw Error(Category::interrupted, fmt::format("{}: asked to stop", chip_.name()));
      if (patience.expired()) break;
    }
    throw DeviceFault(Kind::protocol, fmt::format("{}: its serial engine does not answer", chip_.name()));
  }

  void end() noexcept override {
    watch_.arm(false);
    chip_.stop();
    forget();
    leave_mode();
  }

  [[nodiscard]] Json status(const Patience&) override { return Json{{"usb", chip_.counters()}, {"chunks", chunks_}}; }

 private:
  [[nodiscard]] FtdiChip& chip() noexcept override { return chip_; }

  std::size_t packet_;
  StatusWatch watch_;
  FtdiChip chip_;
  Mpsse engine_;
  double bitrate_;
  std::size_t filled_ = 0;
  std::uint64_t chunks_ = 0;

  [[nodiscard]] const std::string& name() const noexcept override { return chip_.name(); }

  void initialise(const Patience& patience) {
    watch_.arm(false);
    forget();
    chip_.stop();
    chip_.reset(patience);
    chip_.start();
    chip_.drain(20ms, 1 << 17, patience.within(2s));
    chip_.disable_event_char(patience);
    chip_.disable_error_char(patience);
    // The time a packet takes to fill, and two milliseconds.
    const double fill = static_cast<double>(packet_) * 8000 / bitrate_;
    chip_.set_latency(static_cast<std::uint8_t>(std::clamp(fill + 2, 1.0, 255.0)), patience);
    chip_.set_rts_cts(patience);
    chip_.set_mode(FtdiChip::Mode::reset, 0, patience);
    chip_.set_mode(FtdiChip::Mode::mpsse, 0, patience);
    chip_.drain(50ms, 1 << 17, patience.within(2s));
    (void)chip_.status(patience);  // throws where the chip does not answer
  }

  void set_up(const Patience& patience) {
    engine_.configure(Mpsse::divisor_for(bitrate_), all_sources, clock_and_selects, patience);
    chip_.drain(30ms, 1 << 17, patience.within(2s));
    watch_.arm(true);
  }

  /// Nothing may come that was not asked for: then bytes have been doubled or mixed up on the way.
  void refuse_excess() {
    std::byte excess{};
    if (chip_.read_ready(std::span(&excess, 1)) == 0) return;
    throw DeviceFault(Kind::protocol, fmt::format("{}: it sent more than was asked for", chip_.name()));
  }

  void request_block(const Patience& patience) override {
    refuse_excess();
    filled_ = 0;
    engine_.request(chunk_for(bitrate_), patience);
  }

  /// None of a chunk is handed on before it is whole and nothing came behind it.
  Heard hear_block(std::span<std::byte> chunk, const Patience& patience) override {
    const std::size_t part = chip_.read_stream(chunk.subspan(filled_), patience);
    if (part == 0) return Heard::nothing;
    filled_ += part;
    if (filled_ < chunk.size()) return Heard::part;
    if (!watch_.at_rest()) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: it is still sending after the last byte", chip_.name()));
    }
    refuse_excess();
    ++chunks_;
    return Heard::block;
  }
};

}  // namespace

DeviceKind bitbabbler_kind() {
  return {.name = "bitbabbler",
          .label = "BitBabbler (shot noise)",
          .matches = {{.vendor = 0x0403, .product = 0x7840, .product_contains = "White RNG"},
                      {.vendor = 0x0403, .product = 0x7840, .product_contains = "Black RNG"}},
          .driven = [](SourceUri& uri) -> UsbSessionMaker {
            const MinEntropy claim = unassessed_claim(uri, 1.0, 8);
            const double bitrate = uri.take_number("bitrate", 2.5e6, 458, Mpsse::base_clock);
            return [=](std::shared_ptr<UsbDevice> device, SourceInfo& info, const Patience&) {
              info.claim = claim;
              const unsigned divisor = Mpsse::divisor_for(bitrate);
              const double actual = Mpsse::base_clock / (divisor + 1.0);
              info.nominal_rate = actual / 8;
              info.parameters["bitrate"] = actual;
              info.firmware = fmt::format("{:04x}", device->description().release);
              return std::make_unique<BitBabbler>(std::move(device), actual);
            };
          }};
}

}  // namespace lightseed
