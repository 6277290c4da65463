// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

namespace lightseed {

/// A file without a name for what is too large for memory: mode 0600, gone with its owner, also when that is killed.
/// What is written stays in the clear on the disk until its place is used again: no secrets.
class TemporaryFile {
 public:
  /// In the directory that the environment variable TMPDIR names, /var/tmp without: /tmp is memory on many systems.
  /// Throws Error(io) naming the directory.
  TemporaryFile();
  explicit TemporaryFile(std::filesystem::path directory);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  /// At the end. Throws Error(io), for example on a full disk; the file is of no use then.
  void append(std::span<const std::byte> bytes);

  /// Fills `bytes` with what stands from `offset` on. Throws Error(io), also where the file ends before. Several
  /// threads may read at a time.
  void read(std::uint64_t offset, std::span<std::byte> bytes) const;

  [[nodiscard]] const std::filesystem::path& directory() const noexcept { return directory_; }

 private:
  std::filesystem::path directory_;
  int fd_ = -1;
};

}  // namespace lightseed
