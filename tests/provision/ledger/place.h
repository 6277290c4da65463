// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/error.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sqlite/database.h"
#include "tests/provision/ledger/samples.h"
#include "tests/scratch.h"

namespace lightseed::test {

namespace fs = std::filesystem;

/// For issuing.
inline std::unique_ptr<Ledger> open_to_issue(const std::string& uri, std::vector<std::string>* told = nullptr) {
  LedgerAccess access{.mode = LedgerAccess::Mode::issue};
  if (told != nullptr) access.notice = [told](const std::string& words) { told->push_back(words); };
  return open_ledger(uri, access);
}

/// A ledger in a directory of its own.
class Place {
 public:
  [[nodiscard]] fs::path path() const { return scratch_ / "ledger.db"; }
  [[nodiscard]] fs::path path(const char* name) const { return scratch_ / name; }
  [[nodiscard]] std::string head() const { return path().string() + ".head"; }

  /// One issued batch of order o1 for SIM A; under the lock, as real runs do.
  void issue(const std::string& batch = "b1", const std::string& order = "o1", unsigned char block = 1,
             const std::string& iccid = "A") const {
    const auto ledger = open_to_issue(path().string());
    const auto lock = ledger->issuing_lock();
    issue_one(*ledger, batch, order, block, iccid);
  }

  void tamper(const std::string& sql) const { Database(path(), Database::Mode::write).execute(sql); }

  /// What happens to somebody who wants to issue.
  void refused(const std::string& words) const {
    CAPTURE(words);
    try {
      const auto ledger = open_to_issue(path().string());
      (void)ledger->issuing_lock();
    } catch (const Error& e) {
      CHECK(e.category() == Category::refused);
      CHECK_THAT(e.what(), Catch::Contains(words));
      return;
    }
    FAIL_CHECK("the ledger was taken for issuing");
  }

 private:
  Scratch scratch_;
};

}  // namespace lightseed::test
