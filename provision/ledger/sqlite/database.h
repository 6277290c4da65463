// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "provision/ledger/sql/database.h"

struct sqlite3;

namespace lightseed {

/// An SQLite file that somebody else may have written.
///
/// Nothing in its schema runs: triggers and views are off, functions in it are not trusted, its schema table cannot be
/// written (defensive mode). The name is given to SQLite as an absolute path, so that it is never read as a URI.
class Database final : public SqlDatabase {
 public:
  enum class Mode {
    read,       ///< writes nothing; may wait for a writer
    immutable,  ///< the same, without locks and without looking at a journal: only for a file nobody writes
    write,      ///< rollback journal, every commit on the disk before it returns, foreign keys on
  };

  /// The file exists; `path` is absolute and without symbolic links. Throws Error(io) naming the file.
  Database(const std::filesystem::path& path, Mode mode);

  /// The file is a new, private one in memory.
  static Database in_memory();

  void execute(const std::string& sql) override;
  [[nodiscard]] Statement prepare(std::string_view sql) override;
  [[nodiscard]] Statement prepare_long(std::string_view sql) override { return prepare(sql); }

  /// Those WITHOUT ROWID.
  [[nodiscard]] bool keeps_rows_by_key() const noexcept override { return true; }

  /// BEGIN IMMEDIATE: whoever changes the ledger meanwhile is waited for, so nothing is ever run twice.
  void transaction(const std::function<void()>& work) override;
  /// Locks are taken once.
  void snapshot(const std::function<void()>& work) override;

  /// Copies everything, changes in a journal included, into the empty file `to`, and syncs it. Throws Error(io).
  void back_up_to(const std::filesystem::path& to);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  Database() = default;
  void open(const std::string& name, int flags);
  void enclose(const char* begin, const std::function<void()>& work);

  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace lightseed
