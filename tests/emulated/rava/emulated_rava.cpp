// SPDX-License-Identifier: Apache-2.0
#include "tests/emulated/rava/emulated_rava.h"

#include <algorithm>
#include <utility>

namespace lightseed::emulated {
namespace {

/// Written here a second time, from the protocol's text: the driver's must agree.
std::uint16_t checksum(std::span<const std::byte> bytes) {
  unsigned crc = 0xFFFF;
  for (const std::byte byte : bytes) {
    crc ^= std::to_integer<unsigned>(byte);
    for (int i = 0; i < 8; ++i)
      crc = (crc >> 1U) ^ ((crc & 1U) * 0x8408U);
  }
  return static_cast<std::uint16_t>(crc);
}

std::byte low_byte(std::size_t value) {
  return static_cast<std::byte>(value & 0xFFU);
}

}  // namespace

EmulatedRava::EmulatedRava(Options options)
    : options_(std::move(options)), pacer_(options_.bytes_per_second), sequence_(options_.run) {}

void EmulatedRava::receive(std::span<const std::byte> bytes, Clock::time_point) {
  in_.insert(in_.end(), bytes.begin(), bytes.end());
  while (!in_.empty()) {
    const auto at = [this](std::size_t i) { return std::to_integer<std::uint8_t>(in_[i]); };
    if (options_.protocol == 2) {
      if (at(0) != '$') {
        in_.pop_front();
        continue;
      }
      if (in_.size() < 8) return;
      const Bytes frame(in_.begin(), in_.begin() + 8);
      in_.erase(in_.begin(), in_.begin() + 8);
      answer_v2(std::to_integer<std::uint8_t>(frame[1]), std::span(frame).subspan(2));
      continue;
    }
    if (at(0) != '!' || (in_.size() > 1 && at(1) != '$')) {
      in_.pop_front();
      continue;
    }
    if (in_.size() < 8 || in_.size() < 10U + at(7)) return;
    const std::size_t size = 10U + at(7);
    const Bytes frame(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size));
    in_.erase(in_.begin(), in_.begin() + static_cast<std::ptrdiff_t>(size));
    const std::uint16_t sum = checksum(std::span(frame).subspan(2, size - 4));
    if (frame[size - 2] != low_byte(sum) || frame[size - 1] != low_byte(sum >> 8U)) {
      reply(std::to_integer<std::uint8_t>(frame[2]), 0, {}, 0);
      continue;
    }
    answer(std::to_integer<std::uint8_t>(frame[2]), std::to_integer<std::uint8_t>(frame[4]),
           std::span(frame).subspan(8, size - 10));
  }
}

void EmulatedRava::answer(std::uint8_t request, std::uint8_t command, std::span<const std::byte> data) {
  if (!options_.start_up_passed && command != 1 && command != 30 && command != 31 && command != 35 && command != 26) {
    faults.error = 7;
    return reply(request, command, {}, 0);
  }
  switch (command) {
    case 0: return reply(request, command, {}, 0);
    case 1: {
      // The numbers of controller and model: lib/RAVA8_RNG/include/rava8_device.h:27 and 28.
      Bytes info{low_byte(1),    low_byte(1),         low_byte(firmware()),
                 low_byte(0),    low_byte(0),         low_byte(options_.modules),
                 low_byte(1024), low_byte(1024 >> 8U)};
      for (std::size_t i = 0; i < 10; ++i)
        info.push_back(i < options_.serial.size() ? static_cast<std::byte>(options_.serial[i]) : std::byte{});
      return reply(request, command, info, 0);
    }
    // A converter's reading without a scale: lib/RAVA8_RNG/src/rava8_device.c:254, data_out_t.
    case 4: return reply(request, command, {low_byte(0x2E), low_byte(0x01)}, 0);
    case 15: {
      // The count is of each core; cores 0 and 1 are both of them: lib/RAVA_RNG/src/rava_rng.c:689, n_bytes_out. The
      // answer has no data: only a stream's packets say their cores.
      const std::size_t n = std::to_integer<std::size_t>(data[0]) | std::to_integer<std::size_t>(data[1]) << 8U;
      return reply(request, command, {}, n * (data[2] <= std::byte{1} ? 2 : 1));
    }
    case 25:
      // A packet at once, and then one each interval: lib/RAVA_RNG/src/rava_rng.c:855, comm_rng_start_byte_stream.
      reply(request, command, {}, 0);
      stream_ = {request, std::to_integer<std::size_t>(data[0]) | std::to_integer<std::size_t>(data[1]) << 8U, data[4]};
      stream_interval =
          std::chrono::milliseconds(std::to_integer<unsigned>(data[2]) | std::to_integer<unsigned>(data[3]) << 8U);
      streaming = true;
      next_packet_ = {};
      return;
    case 26:
      // A stream's packet overwrites the request that is being parsed: lib/RAVA_RNG/src/rava_rng.c:280.
      if (streaming && deaf_to_stops > 0) {
        --deaf_to_stops;
        return;
      }
      streaming = false;
      return reply(request, command, {}, 0);
    case 31: {
      // Without the test there is no result, and that reads as "not passed".
      Bytes results(53);
      results[0] = low_byte(options_.start_up_passed && (options_.modules & 1U) != 0 ? 1 : 0);
      return reply(request, command, results, 0);
    }
    case 32: {
      const std::uint16_t errors = std::exchange(faults.continuous_errors, std::uint16_t{0});
      return reply(request, command,
                   {low_byte(errors != 0 ? 1 : 0), low_byte(errors), low_byte(errors >> 8U), low_byte(0), low_byte(0),
                    low_byte(0), low_byte(0), low_byte(0), low_byte(0)},
                   0);
    }
    default: faults.error = 4; return reply(request, command, {}, 0);
  }
}

void EmulatedRava::reply(std::uint8_t request, std::uint8_t command, Bytes data, std::size_t random) {
  if (faults.silent) return;
  if (std::exchange(faults.noise, false)) {
    for (const char c : std::string("noise ! and $ more\n"))
      out_.push_back(static_cast<std::byte>(c));
  }
  const bool absurd = std::exchange(faults.absurd_length, false);
  const bool wrong = std::exchange(faults.wrong_request, false);
  Bytes frame{std::byte{'!'},
              std::byte{'$'},
              low_byte(request + (wrong ? 1U : 0U)),
              low_byte(std::exchange(faults.error, std::uint8_t{0})),
              low_byte(command),
              low_byte(random),
              low_byte(random >> 8U),
              low_byte(absurd ? 200 : data.size())};
  frame.insert(frame.end(), data.begin(), data.end());
  const std::uint16_t sum = checksum(std::span(frame).subspan(2));
  frame.push_back(low_byte(sum ^ (std::exchange(faults.bad_crc, false) ? 1U : 0U)));
  frame.push_back(low_byte(sum >> 8U));
  const std::size_t before = frame.size();
  frame.resize(before + random);
  sequence_.fill(std::span(frame).subspan(before));
  if (random > 0 && std::exchange(faults.short_random, false)) frame.pop_back();
  out_.insert(out_.end(), frame.begin(), frame.end());
}

unsigned EmulatedRava::firmware() const {
  return options_.firmware != 0 ? options_.firmware : static_cast<unsigned>(options_.protocol);
}

void EmulatedRava::answer_v2(std::uint8_t command, std::span<const std::byte> data) {
  if (faults.silent) return;
  // After a failed start-up test the firmware answers who it is and what failed, and nothing else.
  if (!options_.start_up_passed && command != 1 && command != 12 && command != 61) return;
  const auto put = [this](std::initializer_list<std::byte> bytes) { out_.insert(out_.end(), bytes); };
  if (command == 1) {
    put({low_byte('$'), low_byte(1), low_byte(options_.serial.size()), low_byte(0), low_byte(0), low_byte(0),
         low_byte(0), low_byte(0)});
    for (const char c : options_.serial)
      out_.push_back(static_cast<std::byte>(c));
  } else if (command == 51) {
    if (deaf_to_stops > 0) {
      --deaf_to_stops;
    } else {
      streaming = false;
    }
  } else if (command == 12) {
    put({low_byte('$'), low_byte(12), low_byte(firmware()), low_byte(0), low_byte(0), low_byte(options_.modules),
         low_byte(0), low_byte(0)});
  } else if (command == 61 && (options_.modules & 1U) != 0) {
    put({low_byte('$'), low_byte(61), low_byte(options_.start_up_passed ? 1 : 0), low_byte(13), low_byte(13),
         low_byte(13), low_byte(13), low_byte(0)});
    out_.resize(out_.size() + 52);
  } else if (command == 62 && (options_.modules & 2U) != 0) {
    const std::uint16_t errors = std::exchange(faults.continuous_errors, std::uint16_t{0});
    put({low_byte('$'), low_byte(62), low_byte(8), low_byte(0), low_byte(0), low_byte(0), low_byte(0), low_byte(0)});
    put({low_byte(0), low_byte(0), low_byte(errors), low_byte(errors >> 8U), low_byte(0), low_byte(0), low_byte(0),
         low_byte(0)});
  } else if (command == 33) {
    const bool wrong = std::exchange(faults.wrong_request, false);
    const std::size_t n = std::to_integer<std::size_t>(data[0]) | std::to_integer<std::size_t>(data[1]) << 8U;
    put({low_byte('$'), low_byte(33), data[0], data[1], wrong ? low_byte(0xEE) : data[3], low_byte(0), low_byte(0),
         low_byte(0)});
    const std::size_t before = out_.size();
    out_.resize(before + 2 * n);
    sequence_.fill(std::span(out_).subspan(before));
    if (std::exchange(faults.short_random, false)) out_.pop_back();
  }
}

Bytes EmulatedRava::send(std::size_t room, Clock::time_point now) {
  if (faults.chatter) return Bytes(room, std::byte{0x55});
  if (streaming && out_.empty() && now >= next_packet_) {
    next_packet_ = now + stream_interval;
    if (options_.protocol == 2) {
      out_.resize(64);
      sequence_.fill(out_);
    } else {
      // A stream's packets say their cores, and carry the bytes of both: lib/RAVA_RNG/src/rava_rng.c:277.
      reply(stream_.request, 15, {stream_.cores}, stream_.bytes_of_core * (stream_.cores <= std::byte{1} ? 2 : 1));
    }
  }
  const std::size_t part = std::min({room, out_.size(), std::size_t{64}});
  if (part == 0 || pacer_.take(part, now)) return {};
  Bytes bytes(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(part));
  return bytes;
}

}  // namespace lightseed::emulated
