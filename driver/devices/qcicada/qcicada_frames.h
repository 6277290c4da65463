// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "driver/transport/byte_channel.h"

namespace lightseed::qcc {

/// Crypta Labs' Cmd&Ctrl protocol: a request is one byte and what belongs to it, an answer one byte and what belongs to
/// that. There is no length, no check sum and no mark where a frame begins: both sides must know what comes, and the
/// only way back into step is STOP and silence.
enum Command : std::uint8_t {
  get_status = 0x01,
  start = 0x04,
  stop = 0x05,
  get_config = 0x07,
  set_config = 0x08,
  get_statistics = 0x09,
  restart = 0x0A,
  get_info = 0x0B,
  begin_hash = 0x20,
  add_to_hash = 0x22,
  end_hash = 0x23,
  signed_read = 0x51,
  get_public_key = 0xF7,
  get_certificate = 0xF9,
};
enum Reply : std::uint8_t {
  ack = 0x11,
  nack = 0x12,
  config = 0x17,
  statistics = 0x19,
  info_reply = 0x1B,
  hash_heard = 0x21,
  hash_digest = 0x24,
  signed_data = 0x52,
  public_key = 0xF9,
  certificate = 0xFB,
};

using Bytes = std::vector<std::byte>;

constexpr std::size_t ack_size = 5, info_size = 56, full_config = 12, key_size = 64;
/// The longest command that anybody sends: a part of a message to be hashed, with its length (updates are not spoken).
constexpr std::size_t longest_command = 1 + 2 + 1024;
/// How long an answer may take to begin: generous, for a host that is busy with other things.
constexpr std::chrono::milliseconds answer_time{1500};
/// Where CONFIG's flags are.
constexpr std::size_t flags_at = 5;

std::uint32_t u32(std::span<const std::byte> bytes, std::size_t at);

/// A NUL-padded text, perhaps without a NUL; printable characters only.
std::string text(std::span<const std::byte> bytes);

/// Questions and answers on an open port. Throws DeviceFault for whatever is no answer to its question.
class Link {
 public:
  explicit Link(std::unique_ptr<ByteChannel> port) : port_(std::move(port)) {}

  [[nodiscard]] ByteChannel& port() noexcept { return *port_; }
  [[nodiscard]] const std::string& name() const noexcept { return port_->name(); }

  /// STOP, then silence. A data byte may look like the acknowledgement: only one six bytes before the end counts. A
  /// refusal alone on a quiet line means that nothing was running.
  ///
  /// A device that answers nothing may be in the middle of a command whose sender was cut off: what it hears then is
  /// the rest of that command, and STOP is said as often as the longest has bytes. True when it came to that, since the
  /// command was carried out with STOPs in place of what it lacked.
  bool settle(std::chrono::milliseconds quiet, const Patience& patience);

  void send(Command command, std::span<const std::byte> payload, const Patience& patience);

  /// One question. Nothing when the device refuses it.
  std::optional<Bytes> try_ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
                               const Patience& patience);

  /// One question that must be answered.
  Bytes ask(Command command, std::span<const std::byte> payload, Reply reply, std::size_t size,
            const Patience& patience);

  /// CONFIG has 12 bytes in "full mode" builds and 1 in others; the first byte is the same. Throws for any other size.
  Bytes read_config(const Patience& patience);

  /// Sets CONFIG and reads it back, again where it is not what was sent: on a line without check sums a byte may be
  /// lost or damaged. Returns what the device has; where that is the same other settings twice, they are its own
  /// choice, and the caller's to judge. Throws DeviceFault(protocol) when they are others each time.
  Bytes write_config(const Bytes& settings, const Patience& patience);

  [[nodiscard]] DeviceFault bad(const std::string& what) const;

 private:
  std::unique_ptr<ByteChannel> port_;
};

}  // namespace lightseed::qcc
