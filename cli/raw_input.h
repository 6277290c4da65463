// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

namespace lightseed::cli {

/// Bytes of a file, or of stdin as "-".
class RawInput {
 public:
  /// Throws Error(io) when it cannot be opened.
  RawInput(std::string name, std::stop_token stop);
  ~RawInput();
  RawInput(const RawInput&) = delete;
  RawInput& operator=(const RawInput&) = delete;

  /// Length of a regular file; unknown for a pipe or a device.
  [[nodiscard]] std::optional<std::uint64_t> bytes() const noexcept { return bytes_; }

  /// Of a regular file: what is read next begins at this byte. Throws Error(io).
  void seek(std::uint64_t at);

  /// At least one byte, or none at the end. Throws Error(io), and Error(interrupted) when stopped while it waits.
  std::size_t read(std::span<std::byte> out) const;

 private:
  std::string name_;
  std::stop_token stop_;
  int fd_;
  std::optional<std::uint64_t> bytes_{};
};

}  // namespace lightseed::cli
