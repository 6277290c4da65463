// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/error.h"
#include "evidence/ledger_record.h"

namespace lightseed {

/// What is remembered of a ledger beside it, in LEDGER.head: where its history ended after the last change. A ledger
/// that was put back from a copy ends before that.
class HeadFile {
 public:
  explicit HeadFile(const std::filesystem::path& ledger) : path_(ledger.string() + ".head") {}

  struct Head {
    LedgerPosition position;
    std::uint64_t epoch = 1;  ///< that the ledger was in (provision/ledger/epoch.h); 1 also before there were epochs
  };

  /// All of it. Nothing when there is none. Throws Error(refused) when it cannot be understood, Error(io).
  [[nodiscard]] std::optional<Head> head() const;

  /// Its position alone.
  [[nodiscard]] std::optional<LedgerPosition> read() const;

  /// A new ledger may be made there. Throws Error(refused) when one that is gone is remembered, and as head() does.
  void require_none(const std::filesystem::path& ledger) const;

  /// Its epoch alone; 1 when there is no head file. Throws as head() does.
  [[nodiscard]] std::uint64_t epoch() const;

  /// Replaces it in one step, synced. Throws Error(io).
  void write(const LedgerPosition& position, std::uint64_t epoch = 1) const;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

/// What whoever wants to issue is told of a ledger without its head file; `missing` says that it is not there.
Error refused_without_head(std::string_view missing);

}  // namespace lightseed
