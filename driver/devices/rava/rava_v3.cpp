// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "driver/devices/rava/rava_frames.h"
#include "driver/devices/rava/rava_sessions.h"
#include "driver/transport/block_session.h"

namespace lightseed::rava {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

enum Command : std::uint8_t {
  ping = 0,
  get_info = 1,
  temperature = 4,
  generate_bytes = 15,
  health_results = 31,
  continuous_errors = 32,
};

constexpr std::size_t block_of_v3 = 1024;  ///< of both cores together
/// GEN_BYTES counts the bytes of each core: with both of them the answer is twice as long.
constexpr std::size_t block_of_core = block_of_v3 / 2;
constexpr std::uint8_t alternating = 1;   ///< both cores, one byte each
constexpr auto v3_answer_limit = 1000ms;  ///< a block takes 60 ms
constexpr int most_late_answers = 64;
constexpr std::uint8_t start_up_failed = 7;
constexpr unsigned has_start_up_test = 1;  ///< bit of the firmware's modules

class RavaV3 final : public BlockSession<> {
 public:
  RavaV3(std::unique_ptr<ByteChannel> port, std::uint8_t processing)
      : BlockSession(block_of_v3, v3_answer_limit), port_(std::move(port)), processing_(processing) {}

  void identify(SourceInfo& info, const Patience& patience) {
    settle(patience);
    const Frame frame = ask(get_info, {}, patience);
    if (frame.data.size() < 18) throw bad(fmt::format("its description has {} bytes, not 18", frame.data.size()));
    const auto u8 = [&](std::size_t i) { return std::to_integer<unsigned>(frame.data[i]); };
    info.firmware = fmt::format("{}.{}.{}", u8(2), u8(3), u8(4));
    if (u8(2) != 3) {
      throw Error(Category::device,
                  fmt::format("{} has firmware {}; firmware 2 and 3 can be read", port_->name(), info.firmware));
    }
    std::string serial;
    for (std::size_t i = 8; i < 18; ++i) {
      const char c = static_cast<char>(frame.data[i]);
      if (c > ' ' && c < 0x7F) serial += c;
    }
    info.serial = serial;
    modules_ = u8(5);
    info.parameters["rava"] = {{"protocol", 3},
                               {"modules", modules_},
                               {"processing", processing_},
                               {"start_up_test", (modules_ & has_start_up_test) != 0}};
  }

  void begin(const Patience& patience) override {
    settle(patience);
    // A build without the test answers "not passed".
    if ((modules_ & has_start_up_test) != 0) {
      const Frame health = ask(health_results, {}, patience);
      if (health.data.empty() || health.data[0] != std::byte{1}) {
        throw DeviceFault(Kind::alarm, fmt::format("{}: its start-up health test failed", port_->name()));
      }
    }
    ask(continuous_errors, {}, patience);  // reading clears them
  }

  void check(const Patience& patience) override {
    if (waiting()) return;  // a block is on its way; the next check comes soon
    const Frame frame = ask(continuous_errors, {}, patience);
    if (frame.data.size() < 9) throw bad("its error counters are not 9 bytes");
    unsigned errors = 0;
    for (std::size_t i = 1; i < 9; i += 2)
      errors += u16(frame.data, i);
    continuous_ += errors;
    if (errors > most_errors) throw too_many_errors(port_->name(), errors);
  }

  void end() noexcept override { forget(); }

  [[nodiscard]] Json status(const Patience& patience) override {
    Json json{{"continuous_test_errors", continuous_}};
    if (waiting()) return json;
    const Frame frame = ask(temperature, {}, patience);
    // What the converter says, without a scale (lib/RAVA8_RNG/src/rava8_device.c, comm_device_get_temperature).
    if (frame.data.size() == 2) json["temperature_adc"] = u16(frame.data, 0);
    return json;
  }

 private:
  std::unique_ptr<ByteChannel> port_;
  std::uint8_t processing_;
  std::uint8_t request_ = 0;
  bool settled_ = false;  ///< nothing was asked since
  FrameParser parser_;
  unsigned modules_ = 0;
  std::uint64_t continuous_ = 0;

  [[nodiscard]] const std::string& name() const noexcept override { return port_->name(); }

  DeviceFault bad(const std::string& what) const {
    return DeviceFault(Kind::protocol, fmt::format("{}: {}", port_->name(), what));
  }

  /// Ends whatever the device was doing for somebody else.
  void settle(const Patience& patience) {
    hush(*port_, patience);
    parser_.clear();
    forget();
    settled_ = true;
  }

  void send(std::uint8_t command, std::span<const std::byte> data, const Patience& patience) {
    port_->write(encode(++request_, command, data), patience.within(v3_answer_limit));
  }

  /// The next whole frame of what has come.
  std::optional<Frame> next_frame() try { return parser_.next(); } catch (const DeviceFault& fault) {
    throw bad(fault.what());
  }

  /// Waits for more bytes. False when the patience ended.
  bool listen(const Patience& patience) {
    std::array<std::byte, 4096> bytes;
    const std::size_t got = port_->read(bytes, patience);
    parser_.feed(std::span(bytes).first(got));
    ::explicit_bzero(bytes.data(), got);
    return got > 0;
  }

  std::optional<Frame> receive(const Patience& patience) {
    auto frame = next_frame();
    while (!frame && listen(patience))
      frame = next_frame();
    return frame;
  }

  /// Throws unless this is the answer to our last request.
  void expect(const Frame& frame, std::uint8_t command) const {
    if (frame.error == start_up_failed) {
      throw DeviceFault(Kind::alarm, fmt::format("{}: its start-up health test failed", port_->name()));
    }
    if (frame.request != request_ || frame.command != command) {
      throw bad(fmt::format("an answer to request {} command {} came instead of {} {}", frame.request, frame.command,
                            request_, command));
    }
    if (frame.error != 0) throw bad(fmt::format("command {} ended with error {}", command, frame.error));
  }

  Frame ask(std::uint8_t command, std::span<const std::byte> data, const Patience& patience) {
    send(command, data, patience);
    const Patience limited = patience.within(v3_answer_limit);
    auto frame = receive(limited);
    // What another program asked for may still be on its way when the device has been told to be quiet.
    for (int late = 0; settled_ && frame && frame->request != request_ && late < most_late_answers; ++late)
      frame = receive(limited);
    settled_ = false;
    if (!frame && patience.stopped()) {
      throw Error(Category::interrupted, fmt::format("{}: asked to stop", port_->name()));
    }
    if (!frame) throw DeviceFault(Kind::silence, fmt::format("{}: no answer to command {}", port_->name(), command));
    expect(*frame, command);
    return std::move(*frame);
  }

  void request_block(const Patience& patience) override {
    const std::array<std::byte, 4> arguments{static_cast<std::byte>(block_of_core & 0xFFU),
                                             static_cast<std::byte>(block_of_core >> 8U), std::byte{alternating},
                                             std::byte{processing_}};
    send(generate_bytes, arguments, patience);
  }

  Heard hear_block(std::span<std::byte> samples, const Patience& patience) override {
    auto frame = next_frame();
    if (!frame) {
      if (!listen(patience)) return Heard::nothing;
      frame = next_frame();
    }
    if (!frame) return Heard::part;
    expect(*frame, generate_bytes);
    if (frame->random.size() != samples.size()) {
      throw bad(fmt::format("{} random bytes, not {}", frame->random.size(), samples.size()));
    }
    std::copy(frame->random.begin(), frame->random.end(), samples.begin());
    ::explicit_bzero(frame->random.data(), frame->random.size());
    return Heard::block;
  }
};

}  // namespace

std::unique_ptr<Session> open_v3(std::unique_ptr<ByteChannel> port, std::uint8_t processing, SourceInfo& info,
                                 const Patience& patience) {
  auto session = std::make_unique<RavaV3>(std::move(port), processing);
  session->identify(info, patience);
  return session;
}

}  // namespace lightseed::rava
