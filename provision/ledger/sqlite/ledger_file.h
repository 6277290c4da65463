// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "provision/ledger/ledger.h"

namespace lightseed {

/// A ledger's file as the system knows it: one inode, whatever its names.
///
/// Locks and rules hang on the inode, because names lie. A symbolic link is followed before anything else; a second
/// hard link is refused, for SQLite names its journal after the path and two names would mean two journals. The issuing
/// lock is flock() on the file itself, which does not meet SQLite's own locks (fcntl) on a local file system.
///
/// A trap: closing any descriptor of a file drops all fcntl locks that the process has on it, SQLite's too. So each
/// file is opened here once a process and stays open until its last LedgerFile is gone; SQLite connections go first.
class LedgerFile {
 public:
  enum class Access { read, write, create };

  /// Throws Error(usage) for a name that is none (":memory:", an empty one), Error(io) when the file is missing (and
  /// access is not create) or cannot be opened, and Error(refused) when it is no regular file, has a second hard link,
  /// or may be changed by others.
  static LedgerFile open(const std::string& name, Access access);

  /// Where a ledger of this name would be made. Throws as open() does.
  static std::filesystem::path path_of_new(const std::string& name);
  /// The user of this process may make files beside a ledger there. Throws Error(io).
  static void require_right_to_make_beside(const std::filesystem::path& path);

  /// Absolute, without symbolic links.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// The file did not exist; it is empty now.
  [[nodiscard]] bool is_new() const noexcept { return is_new_; }
  /// Path and inode, to tell a copy from the original.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] std::uint64_t size() const;
  /// The first 100 bytes, or fewer.
  [[nodiscard]] std::string head() const;

  /// The path still names this inode, and nothing else does. Throws Error(refused).
  void require_in_place() const;

  /// Throws Error(busy) when somebody holds it, Error(io) when the file system cannot lock.
  [[nodiscard]] std::unique_ptr<LedgerLock> issuing_lock() const;
  /// Somebody holds it at this moment. Throws Error(io).
  [[nodiscard]] bool is_locked() const;
  /// Throws Error(busy) as issuing_lock() does, when somebody holds it; Error(io).
  void require_unlocked() const;
  /// The user of this process may change it, and make files beside it, which every change needs. Throws Error(io).
  void require_right_to_write() const;

  struct Inode;  ///< shared by all LedgerFiles of one inode in this process

 private:
  LedgerFile() = default;
  std::filesystem::path path_;
  std::shared_ptr<Inode> inode_;
  bool is_new_ = false;
};

}  // namespace lightseed
