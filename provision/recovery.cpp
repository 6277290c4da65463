// SPDX-License-Identifier: Apache-2.0
#include "provision/recovery.h"

#include <fmt/format.h>

#include <exception>
#include <filesystem>

#include "core/error.h"
#include "provision/preflight.h"
#include "provision/staging.h"

namespace lightseed {
namespace {

/// What to say of the batch; empty when there was nothing to do.
std::string finish(Ledger& ledger, const std::string& ledger_id, const BatchRecord& batch) {
  const auto remove_files = [&] {
    remove_reservation(batch.directory);
    const auto left = remove_staging(staging_path(batch.directory, batch.id), batch.id, ledger_id);
    return left ? *left : "its unfinished files removed";
  };
  if (is_unfinished(batch.state)) {
    const std::uint64_t burned = ledger.burn(batch.id, "cut off");
    return fmt::format("batch {} of order {} was cut off: {} blocks burned, {}", batch.id, batch.order_id, burned,
                       remove_files());
  }
  if (batch.state != BatchState::issued && batch.state != BatchState::burned) return {};
  const auto staging = staging_path(batch.directory, batch.id);
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(staging, error))) return {};
  // Whoever burned it was cut off, too, before its files were gone.
  if (batch.state == BatchState::burned)
    return fmt::format("batch {} of order {} was burned before: {}", batch.id, batch.order_id, remove_files());
  if (!is_finished_staging(staging, batch.id, batch.certificate_sha256)) {
    return fmt::format(
        "batch {} of order {} is issued, and {} does not hold the files it was certified with; it was "
        "left alone",
        batch.id, batch.order_id, staging.string());
  }
  publish_staging(staging, batch);
  return fmt::format("batch {} of order {} was issued but not yet in place: its files are now in {}", batch.id,
                     batch.order_id, batch.directory);
}

}  // namespace

void finish_unfinished(Ledger& ledger, const std::function<void(const std::string&)>& notice) {
  const std::string ledger_id = ledger.position().value_or(LedgerPosition{}).ledger_id;
  for (const BatchRecord& batch : ledger.batches()) {
    try {
      if (const std::string words = finish(ledger, ledger_id, batch); !words.empty()) notice(words);
    } catch (const std::exception& e) {
      notice(fmt::format("batch {} of order {} is left as it is: {}", batch.id, batch.order_id, e.what()));
    }
  }
}

}  // namespace lightseed
