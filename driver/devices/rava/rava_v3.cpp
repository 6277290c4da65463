#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/error.h"
#include "driver/devices/rava/rava_frames.h"
#include "driver/devices/rava/rava_sessions.h"

namespace lightseed::rava {
namespace {

using Kind = DeviceFault::Kind;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

enum Command : std::uint8_t {
  ping = 0,
  get_info = 1,
  temperature = 4,
  generate_bytes = 15,
  stop_stream = 26,
  health_results = 31,
  continuous_errors = 32,
};

constexpr std::size_t block = 1024;      ///< what one core gives at once
constexpr std::uint8_t alternating = 1;  ///< both cores, one byte each
constexpr auto answer_limit = 1000ms;    ///< a block takes 60 ms
constexpr std::uint8_t start_up_failed = 7;

class RavaV3 final : public Session {
 public:
  RavaV3(std::unique_ptr<ByteChannel> port, std::uint8_t processing)
      : port_(std::move(port)), processing_(processing) {}

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
    info.parameters["rava"] = {{"protocol", 3}, {"modules", u8(5)}, {"processing", processing_}};
  }

  void begin(const Patience& patience) override {
    settle(patience);
    random_.clear();
    taken_ = 0;
    waiting_ = false;
    const Frame health = ask(health_results, {}, patience);
    if (health.data.empty() || health.data[0] != std::byte{1}) {
      throw DeviceFault(Kind::alarm, fmt::format("{}: its start-up health test failed", port_->name()));
    }
    ask(continuous_errors, {}, patience);  // reading clears them
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      if (taken_ == random_.size() && !fetch(patience)) return got;
      const std::size_t part = std::min(out.size() - got, random_.size() - taken_);
      std::copy_n(random_.begin() + static_cast<std::ptrdiff_t>(taken_), part,
                  out.begin() + static_cast<std::ptrdiff_t>(got));
      ::explicit_bzero(random_.data() + taken_, part);
      taken_ += part;
      got += part;
    }
    return got;
  }

  void check(const Patience& patience) override {
    if (waiting_) return;  // a block is on its way; the next check comes soon
    const Frame frame = ask(continuous_errors, {}, patience);
    if (frame.data.size() < 9) throw bad("its error counters are not 9 bytes");
    unsigned errors = 0;
    for (std::size_t i = 1; i < 9; i += 2)
      errors += u16(frame.data, i);
    continuous_ += errors;
    if (errors > most_errors) throw too_many_errors(port_->name(), errors);
  }

  void end() noexcept override {
    if (!random_.empty()) ::explicit_bzero(random_.data(), random_.size());
    random_.clear();
    taken_ = 0;
  }

  [[nodiscard]] Json status(const Patience& patience) override {
    Json json{{"continuous_test_errors", continuous_}};
    if (waiting_) return json;
    const Frame frame = ask(temperature, {}, patience);
    if (frame.error == 0 && frame.data.size() == 4) {
      float celsius = 0;
      std::memcpy(&celsius, frame.data.data(), sizeof celsius);
      json["temperature"] = static_cast<double>(celsius);
    }
    return json;
  }

 private:
  std::unique_ptr<ByteChannel> port_;
  std::uint8_t processing_;
  std::uint8_t request_ = 0;
  FrameParser parser_;
  std::vector<std::byte> random_;
  std::size_t taken_ = 0;
  bool waiting_ = false;
  Clock::time_point asked_at_{};
  std::uint64_t continuous_ = 0;

  DeviceFault bad(const std::string& what) const {
    return DeviceFault(Kind::protocol, fmt::format("{}: {}", port_->name(), what));
  }

  /// Ends whatever the device was doing for somebody else.
  void settle(const Patience& patience) {
    send(stop_stream, {}, patience);
    port_->drain(50ms, 1 << 16, patience.within(2s));
    parser_.clear();
    waiting_ = false;
  }

  void send(std::uint8_t command, std::span<const std::byte> data, const Patience& patience) {
    port_->write(encode(++request_, command, data), patience.within(answer_limit));
  }

  /// The next frame from the device; nothing when the patience ended.
  std::optional<Frame> receive(const Patience& patience) {
    std::array<std::byte, 4096> bytes;
    try {
      while (true) {
        if (auto frame = parser_.next()) return frame;
        const std::size_t got = port_->read(bytes, patience);
        if (got == 0) return std::nullopt;
        parser_.feed(std::span(bytes).first(got));
      }
    } catch (const DeviceFault& fault) {
      if (fault.kind() != Kind::protocol) throw;
      throw bad(fault.what());
    }
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
    auto frame = receive(patience.within(answer_limit));
    if (!frame && patience.stopped()) {
      throw Error(Category::interrupted, fmt::format("{}: asked to stop", port_->name()));
    }
    if (!frame) throw DeviceFault(Kind::silence, fmt::format("{}: no answer to command {}", port_->name(), command));
    expect(*frame, command);
    return std::move(*frame);
  }

  /// Gets the next block of random bytes. False when the patience ended; the block is then still on its way.
  bool fetch(const Patience& patience) {
    if (!waiting_) {
      const std::array<std::byte, 4> arguments{static_cast<std::byte>(block & 0xFFU),
                                               static_cast<std::byte>(block >> 8U), std::byte{alternating},
                                               std::byte{processing_}};
      send(generate_bytes, arguments, patience);
      waiting_ = true;
      asked_at_ = Clock::now();
    }
    const Patience limit{patience.stop, std::min(patience.deadline, asked_at_ + answer_limit)};
    auto frame = receive(limit);
    if (!frame) {
      if (patience.stopped() || Clock::now() < asked_at_ + answer_limit) return false;
      throw DeviceFault(Kind::silence, fmt::format("{}: random bytes did not come in time", port_->name()));
    }
    waiting_ = false;
    expect(*frame, generate_bytes);
    if (frame->random.size() != block) throw bad(fmt::format("{} random bytes, not {}", frame->random.size(), block));
    random_ = std::move(frame->random);
    taken_ = 0;
    return true;
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
