// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "core/atomic_file.h"
#include "crypto/digest.h"

namespace lightseed {

/// A file read once from its beginning to its end, and its digest: what was understood and what was digested are the
/// same bytes, even if somebody changes the file meanwhile.
class FileBytes {
 public:
  /// Throws Error(io) when it cannot be opened or is a directory, a pipe or a device.
  explicit FileBytes(const std::filesystem::path& path);

  /// Appends the next bytes, about a million; false at the end. Throws Error(io), also when more than `most` bytes
  /// came.
  bool append_to(std::string& buffer);

  [[nodiscard]] std::uint64_t bytes_read() const noexcept { return bytes_; }
  /// Of the bytes read so far, hexadecimal.
  [[nodiscard]] std::string sha256() const;

  static constexpr std::uint64_t most = std::uint64_t{1} << 30;

 private:
  FileBytes(std::filesystem::path path, RegularFile opened);

  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  Sha256 digest_;
  std::uint64_t bytes_ = 0;
};

}  // namespace lightseed
