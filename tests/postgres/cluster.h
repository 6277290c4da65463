// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "tests/scratch.h"

namespace lightseed::test {

/// A throw-away PostgreSQL server of this process: a cluster in a scratch directory, reached by a socket there and by
/// nothing else, as durable as any (fsync is on). One for all tests, started with the first that asks; it ends with the
/// process, however that ends. What hosts remember of ledgers goes to the scratch directory, too.
///
/// Throws std::runtime_error with a sentence where PostgreSQL is not installed or does not start: no test is skipped.
class Cluster {
 public:
  static Cluster& get();

  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  /// A new, empty schema; the ledger's URI there. `settings` are the server's, for this ledger: " -c NAME=VALUE".
  std::string fresh_uri();
  /// The ledger of another URI as another user sees it, or with other settings of the session.
  static std::string as_user(std::string uri, const std::string& user);
  static std::string with_setting(const std::string& uri, const std::string& setting);
  /// The schema that a URI names.
  static std::string schema_of(const std::string& uri);

  /// Runs SQL as the owner of everything; the first value of its answer, or nothing.
  std::string sql(const std::string& text);
  /// The same in the schema of this ledger.
  std::string sql_in(const std::string& uri, const std::string& text);

  [[nodiscard]] const std::filesystem::path& directory() const { return scratch_.path(); }

 private:
  Cluster();
  Scratch scratch_;
  pid_t server_ = 0;
  int schemas_ = 0;

  void start(const std::filesystem::path& programs);
};

}  // namespace lightseed::test
