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

/// An SQLite file: WAL, synchronous=FULL, foreign keys on, readable by its owner alone.
class Database {
 public:
  /// Creates the file when it is missing and `create` says so. Throws Error(io) naming the file.
  Database(const std::filesystem::path& path, bool create);

  void execute(const std::string& sql);
  [[nodiscard]] Statement prepare(std::string_view sql);

  /// Runs `work` in one BEGIN IMMEDIATE transaction: all of it or, when it throws, nothing.
  void transaction(const std::function<void()>& work);

 private:
  struct Close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::string path_;
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace lightseed
