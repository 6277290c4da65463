// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace lightseed {

/// A prepared SQL statement. Text and blobs are copied when bound.
class Statement {
 public:
  Statement& bind(int index, std::string_view text);
  Statement& bind(int index, std::int64_t number);
  Statement& bind(int index, std::span<const std::byte> blob);

  /// Steps once: true when a row is there.
  bool step();
  /// Runs to the end and makes the statement ready for new values. Returns the number of rows changed.
  std::int64_t run();
  /// Ready for new values.
  void reset();

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;

 private:
  friend class Database;
  struct Free {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  Statement(sqlite3* database, sqlite3_stmt* statement) : database_(database), statement_(statement) {}
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Free> statement_;

  void require(int result) const;
};

/// An SQLite file that somebody else may have written.
///
/// Nothing in its schema runs: triggers and views are off, functions in it are not trusted, its schema table cannot be
/// written (defensive mode). The name is given to SQLite as an absolute path, so that it is never read as a URI.
class Database {
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

  void execute(const std::string& sql);
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// The first number of the first row.
  [[nodiscard]] std::int64_t number(std::string_view sql);

  /// Runs `work` in one BEGIN IMMEDIATE transaction: all of it or, when it throws, nothing.
  void transaction(const std::function<void()>& work);

  /// Runs `work`, which only reads, in one transaction: it sees one state, and locks are taken once.
  void snapshot(const std::function<void()>& work);

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
