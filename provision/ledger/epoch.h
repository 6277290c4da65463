// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/ledger_record.h"

namespace lightseed {

/// A ledger that was put back from an older copy does not know what was handed out since. It can go on in a new epoch,
/// which keeps what it may have forgotten from coming back:
///
/// - What was unfinished in the copy may have been issued since: it is burned.
/// - An order that was issued since, and is issued again by a program that does not know better, would give its SIMs
///   keys twice. Orders of epoch n have ids that begin with "eN.", which nobody gave before the copy was put back.
/// - A block that was handed out since has a charge number that the ledger would give again. Charges of epoch n begin
///   behind (n - 1) million, so a late report about a forgotten block never meets a new one.
///
/// What was learned since – receipts, used keys, revoked SIMs, destroyed batches – has to be entered again.
///
/// A copy may be put back twice, or one after the other: no epoch begins a second time, for the head file beside the
/// ledger remembers the last one, whatever the copy knows. Where that file is gone nobody knows.

inline constexpr std::uint64_t charges_an_epoch = 1'000'000;
inline constexpr std::uint64_t most_epochs = 1'000'000;

/// With what ids of orders begin; nothing in the first epoch.
std::string order_prefix_of(std::uint64_t epoch);

/// What the history says of a new epoch, and which one that was. The latter throws Error(refused) for other words.
std::string epoch_words(std::uint64_t epoch, const std::optional<LedgerPosition>& remembered);
std::uint64_t epoch_from(std::string_view words);

/// Throws Error(refused) for an order that cannot be of this epoch: one without its prefix, and in the first one with
/// that of a later.
void require_order_of(std::uint64_t epoch, std::string_view order_id);

/// How a ledger goes on in a new epoch.
struct EpochStart {
  std::string place;                           ///< where it is from now on
  std::optional<LedgerPosition> remembered{};  ///< how far its history went; nothing where that is not known
  std::uint64_t remembered_epoch = 1;          ///< and which epoch that was in
};

/// What putting a copy back came to.
struct Restoration {
  LedgerPosition position;          ///< where its history ends now
  std::uint64_t epoch = 1;          ///< that it is in
  bool is_new_epoch = false;        ///< the copy was older than what is remembered; otherwise nothing was lost
  std::string copied;               ///< when the last event was entered that the copy knows of; RFC 3339
  std::uint64_t burned = 0;         ///< batches that were unfinished in the copy
  std::vector<std::string> orders;  ///< theirs
};

}  // namespace lightseed
