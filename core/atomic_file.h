// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace lightseed {

/// A file that appears whole or not at all.
///
/// The bytes go to a nameless file (O_TMPFILE) or, where the file system has none, to a hidden one made with
/// O_EXCL|O_NOFOLLOW; commit() syncs them, gives them their name and syncs the directory. Without commit()
/// nothing is left behind. An existing file is never overwritten.
class AtomicFile {
 public:
  enum class Mode : mode_t {
    secret = 0600,  ///< keys, and whatever was encrypted for one recipient
    open = 0644,    ///< certificates, side-cars
  };

  /// Throws Error(io) when `path` exists or its directory cannot be written.
  AtomicFile(std::filesystem::path path, Mode mode);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error(io), for example on a full disk.
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);

  /// Makes the file appear. Throws Error(io); the name is then still free.
  void commit();

  /// Makes files appear that belong together, in this order: all of them are on the disk before the first has its name.
  /// Throws Error(io); none of them is there then.
  static void commit_together(std::span<AtomicFile* const> files);

 private:
  std::filesystem::path path_;
  std::filesystem::path hidden_;  ///< the temporary name; empty for a nameless file
  int fd_ = -1;
  std::uint64_t written_ = 0;     ///< bytes
  std::uint64_t on_the_way_ = 0;  ///< bytes that the disk was asked to take

  void sync();
  void name();
};

/// Gives the finished file `hidden`, which is in the same directory, the name `path` if that is free, on file systems
/// without hard links and RENAME_NOREPLACE, too. Returns 0 or the error's number (errno).
int name_hidden_file(const std::filesystem::path& hidden, const std::filesystem::path& path);

/// fsync of a directory, so that a rename in it survives a power cut. Throws Error(io).
void sync_directory(const std::filesystem::path& directory);

/// A regular file, open for reading, and its size in bytes then. What is no file never makes the caller wait. Throws
/// Error(io) naming it.
struct RegularFile {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file;
  std::uint64_t size;
};
RegularFile open_regular_file(const std::filesystem::path& path);

/// A whole file, at most `limit` bytes. Throws Error(io) naming the file.
std::string read_text_file(const std::filesystem::path& path, std::size_t limit);

}  // namespace lightseed
