// SPDX-License-Identifier: Apache-2.0
#include "driver/devices/qcicada/qcicada_frames.h"

#include <fmt/format.h>

#include <array>

#include "core/error.h"

namespace lightseed::qcc {
namespace {

using Kind = DeviceFault::Kind;
using namespace std::chrono_literals;

constexpr std::size_t most_in_flight = 16384;  ///< data that may come between STOP and its acknowledgement

}  // namespace

std::uint32_t u32(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value |= std::to_integer<std::uint32_t>(bytes[at + i]) << (8 * i);
  return value;
}

std::string text(std::span<const std::byte> bytes) {
  std::string words;
  for (const std::byte b : bytes) {
    const char c = static_cast<char>(b);
    if (c == '\0') break;
    words += c >= ' ' && c < 0x7F ? c : '?';
  }
  return words;
}

DeviceFault Link::bad(const std::string& what) const {
  return {Kind::protocol, fmt::format("{}: {}", port_->name(), what)};
}

bool Link::settle(std::chrono::milliseconds quiet, const Patience& patience) {
  constexpr int most_attempts = 6;
  // Most commands that can be cut off lack a few bytes; the settings are the next longer ones, a hash's message the
  // longest. What is too much is acknowledged as any STOP is.
  std::size_t stops = 1;
  bool filled_up = false;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const Bytes words(stops, std::byte{stop});
    port_->write(words, patience.within(1s));
    Bytes heard;
    std::array<std::byte, 1024> part;
    while (heard.size() <= most_in_flight) {
      const std::size_t got = port_->read(part, patience.within(quiet));
      if (patience.stopped()) throw Error(Category::interrupted, port_->name() + ": asked to stop");
      if (got == 0) break;
      heard.insert(heard.end(), part.begin(), part.begin() + static_cast<std::ptrdiff_t>(got));
    }
    if (heard.size() > ack_size && heard[heard.size() - 1 - ack_size] == std::byte{ack}) return filled_up;
    if (heard.size() == 1 && heard[0] == std::byte{nack}) return filled_up;
    if (patience.expired()) break;
    filled_up = filled_up || heard.empty();
    stops = !heard.empty() ? 1 : stops == 1 ? full_config + 1 : longest_command;
  }
  throw bad("it does not acknowledge STOP as a QCicada does");
}

void Link::send(Command command, std::span<const std::byte> payload, const Patience& patience) {
  Bytes question{std::byte{command}};
  question.insert(question.end(), payload.begin(), payload.end());
  port_->write(question, patience.within(1s));
}

std::optional<Bytes> Link::try_ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
                                   const Patience& patience) {
  send(command, payload, patience);
  const Patience limit = patience.within(answer_time + std::chrono::milliseconds(size / 10));
  std::byte first{};
  port_->read_exactly(std::span(&first, 1), limit);
  if (first == std::byte{nack}) return std::nullopt;
  if (first != std::byte{reply}) {
    throw bad(fmt::format("it answered command {:02x} with {:02x}", static_cast<unsigned>(command),
                          std::to_integer<unsigned>(first)));
  }
  Bytes answer(size);
  port_->read_exactly(answer, limit);
  return answer;
}

Bytes Link::ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
                const Patience& patience) {
  auto answer = try_ask(command, payload, reply, size, patience);
  if (!answer) throw bad(fmt::format("it refused command {:02x}", static_cast<unsigned>(command)));
  return std::move(*answer);
}

Bytes Link::read_config(const Patience& patience) {
  Bytes settings = ask(get_config, {}, config, 1, patience);
  settings.resize(full_config);
  std::size_t size = 1;
  while (size < full_config) {
    const std::size_t got = port_->read(std::span(settings).subspan(size), patience.within(80ms));
    if (got == 0) break;
    size += got;
  }
  if (size != 1 && size != full_config) throw bad(fmt::format("its settings have {} bytes", size));
  settings.resize(size);
  return settings;
}

Bytes Link::write_config(const Bytes& settings, const Patience& patience) {
  Bytes before;
  for (int attempt = 0; attempt < 3; ++attempt) {
    ask(set_config, settings, ack, ack_size, patience);
    Bytes now = read_config(patience);
    if (now == settings || now == before) return now;
    before = std::move(now);
  }
  throw bad("its settings are others each time they are set");
}

}  // namespace lightseed::qcc
