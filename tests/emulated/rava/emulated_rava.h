// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>

#include "tests/emulated/serial_model.h"

namespace lightseed::emulated {

/// A RAVA8 on its serial line, protocol 3 or 2, parsed byte by byte as its firmware does. Names of files and lines are
/// those of gabrielguerrer/rng_rava_firmware 3.0.0.
class EmulatedRava final : public SerialModel {
 public:
  struct Options {
    int protocol = 3;
    std::string serial = "EMULATED01";
    double bytes_per_second = 0;
    std::uint32_t run = 1;
    bool start_up_passed = true;
    unsigned firmware = 0;    ///< major version; 0: the protocol's
    unsigned modules = 0x0F;  ///< 1 start-up test, 2 continuous tests
  };
  struct Faults {
    bool bad_crc = false;                 ///< in the next answer
    bool short_random = false;            ///< the next random bytes end one short
    bool wrong_request = false;           ///< the next answer carries another request's id
    bool noise = false;                   ///< in front of the next answer
    bool absurd_length = false;           ///< D_LEN 200 in the next answer
    bool silent = false;                  ///< no more answers
    bool chatter = false;                 ///< sends for ever, whatever is asked
    std::uint8_t error = 0;               ///< of the next answer
    std::uint16_t continuous_errors = 0;  ///< to report, once
  };

  explicit EmulatedRava(Options options);
  Faults faults;

  bool streaming = false;      ///< another program has left its stream running
  unsigned deaf_to_stops = 0;  ///< so many STOPs are lost while it streams
  std::chrono::milliseconds stream_interval{20};

  void receive(std::span<const std::byte> bytes, Clock::time_point now) override;
  Bytes send(std::size_t room, Clock::time_point now) override;

 private:
  Options options_;
  Pacer pacer_;
  Sequence sequence_;
  std::deque<std::byte> in_;
  Bytes out_;
  Clock::time_point next_packet_{};
  struct Stream {
    std::uint8_t request = 9;
    std::size_t bytes_of_core = 32;
    std::byte cores{1};
  };
  Stream stream_;

  void answer(std::uint8_t request, std::uint8_t command, std::span<const std::byte> data);
  [[nodiscard]] unsigned firmware() const;
  void answer_v2(std::uint8_t command, std::span<const std::byte> data);
  void reply(std::uint8_t request, std::uint8_t command, Bytes data, std::size_t random);
};

}  // namespace lightseed::emulated
