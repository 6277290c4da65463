#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/error.h"
#include "driver/devices/rava/rava_sessions.h"

namespace lightseed::rava {
namespace {

using Kind = DeviceFault::Kind;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::byte mark{'$'};
constexpr std::byte random_bytes{33}, stop_stream{51};
constexpr std::size_t block = 512;  ///< of each core; they come interleaved, twice as many together
constexpr auto answer_limit = 1000ms;

/// Frames of 8 bytes: '$' command data[6]. No check sum, so an answer must match its question in every byte.
class RavaV2 final : public Session {
 public:
  RavaV2(std::unique_ptr<ByteChannel> port, std::uint8_t processing)
      : port_(std::move(port)), processing_(processing), answer_(8 + 2 * block) {}

  void begin(const Patience& patience) override {
    port_->write(
        std::array{mark, stop_stream, std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{}},
        patience.within(answer_limit));
    port_->drain(50ms, 1 << 16, patience.within(2s));
    end();
  }

  std::size_t read(std::span<std::byte> out, const Patience& patience) override {
    std::size_t got = 0;
    while (got < out.size()) {
      if (taken_ == answer_.size() && !fetch(patience)) return got;
      const std::size_t part = std::min(out.size() - got, answer_.size() - taken_);
      std::copy_n(answer_.begin() + static_cast<std::ptrdiff_t>(taken_), part,
                  out.begin() + static_cast<std::ptrdiff_t>(got));
      ::explicit_bzero(answer_.data() + taken_, part);
      taken_ += part;
      got += part;
    }
    return got;
  }

  void end() noexcept override {
    ::explicit_bzero(answer_.data(), answer_.size());
    taken_ = answer_.size();
    filled_ = 0;
    waiting_ = false;
  }

 private:
  std::unique_ptr<ByteChannel> port_;
  std::uint8_t processing_;
  std::uint8_t request_ = 0;
  std::vector<std::byte> answer_;
  std::size_t taken_ = 8 + 2 * block, filled_ = 0;
  bool waiting_ = false;
  Clock::time_point asked_at_{};

  bool fetch(const Patience& patience) {
    const std::array head{static_cast<std::byte>(block & 0xFFU), static_cast<std::byte>(block >> 8U)};
    if (!waiting_) {
      ++request_;
      port_->write(std::array{mark, random_bytes, head[0], head[1], std::byte{processing_}, std::byte{request_},
                              std::byte{}, std::byte{}},
                   patience.within(answer_limit));
      waiting_ = true;
      filled_ = 0;
      asked_at_ = Clock::now();
    }
    const Patience limit{patience.stop, std::min(patience.deadline, asked_at_ + answer_limit)};
    while (filled_ < answer_.size()) {
      const std::size_t part = port_->read(std::span(answer_).subspan(filled_), limit);
      if (part == 0) {
        if (patience.stopped() || Clock::now() < asked_at_ + answer_limit) return false;
        throw DeviceFault(Kind::silence, fmt::format("{}: random bytes did not come in time", port_->name()));
      }
      filled_ += part;
    }
    waiting_ = false;
    if (answer_[0] != mark || answer_[1] != random_bytes || answer_[2] != head[0] || answer_[3] != head[1] ||
        answer_[4] != std::byte{request_}) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: the answer is not to our question", port_->name()));
    }
    taken_ = 8;
    return true;
  }
};

}  // namespace

std::unique_ptr<Session> open_v2(std::unique_ptr<ByteChannel> port, std::uint8_t processing, const std::string& serial,
                                 SourceInfo& info) {
  info.firmware = fmt::format("{}", 2);
  info.serial = serial;
  info.parameters["rava"] = {{"protocol", 2}, {"processing", processing}};
  return std::make_unique<RavaV2>(std::move(port), processing);
}

}  // namespace lightseed::rava
