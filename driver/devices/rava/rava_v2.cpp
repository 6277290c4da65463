// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/error.h"
#include "driver/devices/rava/rava_sessions.h"
#include "driver/transport/block_session.h"

namespace lightseed::rava {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

constexpr std::byte mark{'$'};
constexpr std::byte firmware{12}, random_bytes{33}, start_up_results{61}, continuous_errors{62};
constexpr unsigned has_start_up_test = 1, has_continuous_tests = 2;  ///< bits of the firmware's modules
constexpr std::size_t block_of_v2 = 512;  ///< of each core; they come interleaved, twice as many together
constexpr auto v2_answer_limit = 1000ms;

/// Frames of 8 bytes: '$' command data[6]. No check sum, so an answer must match its question in every byte.
class RavaV2 final : public BlockSession<> {
 public:
  RavaV2(std::unique_ptr<ByteChannel> port, std::uint8_t processing)
      : BlockSession(2 * block_of_v2, v2_answer_limit), port_(std::move(port)), processing_(processing) {}

  void identify(SourceInfo& info, const Patience& patience) {
    settle(patience);
    const auto version = ask(firmware, patience);
    info.firmware = fmt::format("{}.{}.{}", version[0], version[1], version[2]);
    // Firmware 1 answers this question as well, and has other numbers for nearly everything else.
    if (version[0] != 2) {
      throw Error(Category::device, fmt::format("{} has firmware {}; firmware 2 and 3 can be read: update it",
                                                port_->name(), info.firmware));
    }
    modules_ = version[3];
    info.parameters["rava"] = {{"protocol", 2}, {"modules", modules_}, {"processing", processing_}};
  }

  void begin(const Patience& patience) override {
    settle(patience);
    if ((modules_ & has_start_up_test) != 0) {
      const auto result = ask(start_up_results, patience);
      // The four tests' figures follow, each as long as the head says.
      std::vector<std::byte> figures(result[1] + result[2] + result[3] + result[4]);
      port_->read_exactly(figures, patience.within(v2_answer_limit));
      if (result[0] != 1) {
        throw DeviceFault(Kind::alarm, fmt::format("{}: its start-up health test failed", port_->name()));
      }
    }
    (void)count_errors(patience);  // asking clears them
  }

  void check(const Patience& patience) override {
    if (waiting()) return;  // a block is on its way; the next check comes soon
    const unsigned errors = count_errors(patience);
    continuous_ += errors;
    if (errors > most_errors) throw too_many_errors(port_->name(), errors);
  }

  void end() noexcept override { forget(); }

  [[nodiscard]] Json status(const Patience&) override { return Json{{"continuous_test_errors", continuous_}}; }

 private:
  std::unique_ptr<ByteChannel> port_;
  std::uint8_t processing_;
  std::uint8_t request_ = 0;
  std::array<std::byte, 8> head_{};
  std::size_t filled_ = 0;  ///< of the head, then of the block
  unsigned modules_ = 0;
  std::uint64_t continuous_ = 0;

  [[nodiscard]] const std::string& name() const noexcept override { return port_->name(); }

  void settle(const Patience& patience) {
    forget();
    hush(*port_, patience);
  }

  void send(std::byte command, const Patience& patience) {
    port_->write(
        std::array{mark, command, std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{}, std::byte{}},
        patience.within(v2_answer_limit));
  }

  /// The six bytes of data in the answer to a command without any.
  std::array<unsigned, 6> ask(std::byte command, const Patience& patience) {
    send(command, patience);
    std::array<std::byte, 8> head{};
    port_->read_exactly(head, patience.within(v2_answer_limit));
    if (head[0] != mark || head[1] != command) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: the answer is not to our question", port_->name()));
    }
    std::array<unsigned, 6> data{};
    std::transform(head.begin() + 2, head.end(), data.begin(),
                   [](std::byte b) { return std::to_integer<unsigned>(b); });
    return data;
  }

  /// Failures of the continuous tests since the last time: repetition count and adaptive proportion of both cores.
  unsigned count_errors(const Patience& patience) {
    if ((modules_ & has_continuous_tests) == 0) return 0;
    std::array<std::byte, 8> counters{};
    if (ask(continuous_errors, patience)[0] != counters.size()) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: its error counters are not 8 bytes", port_->name()));
    }
    port_->read_exactly(counters, patience.within(v2_answer_limit));
    unsigned errors = 0;
    for (std::size_t i = 0; i < counters.size(); i += 2)
      errors += u16(counters, i);
    return errors;
  }

  void request_block(const Patience& patience) override {
    filled_ = 0;
    const auto low = static_cast<std::byte>(block_of_v2 & 0xFFU), high = static_cast<std::byte>(block_of_v2 >> 8U);
    port_->write(std::array{mark, random_bytes, low, high, std::byte{processing_}, std::byte{++request_}, std::byte{},
                            std::byte{}},
                 patience);
  }

  Heard hear_block(std::span<std::byte> samples, const Patience& patience) override {
    const auto room =
        filled_ < head_.size() ? std::span(head_).subspan(filled_) : samples.subspan(filled_ - head_.size());
    const std::size_t part = port_->read(room, patience);
    if (part == 0) return Heard::nothing;
    filled_ += part;
    if (filled_ < head_.size()) return Heard::part;
    if (head_[0] != mark || head_[1] != random_bytes || u16(head_, 2) != block_of_v2 ||
        head_[4] != std::byte{request_}) {
      throw DeviceFault(Kind::protocol, fmt::format("{}: the answer is not to our question", port_->name()));
    }
    return filled_ == head_.size() + samples.size() ? Heard::block : Heard::part;
  }
};

}  // namespace

std::unique_ptr<Session> open_v2(std::unique_ptr<ByteChannel> port, std::uint8_t processing, const std::string& serial,
                                 SourceInfo& info, const Patience& patience) {
  auto session = std::make_unique<RavaV2>(std::move(port), processing);
  info.serial = serial;
  session->identify(info, patience);
  return session;
}

}  // namespace lightseed::rava
