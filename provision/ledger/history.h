// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/life.h"

namespace lightseed {

/// The digest over a batch's blocks, in the order of their ids: netstrings of id (hexadecimal), ICCID, charge and file.
class BlocksDigest {
 public:
  void add(std::span<const std::byte> id, std::string_view iccid, std::uint64_t charge, std::uint64_t file);
  [[nodiscard]] std::string digest() const;

 private:
  Sha256 hash_;
  std::string text_;
};

/// Replays a ledger's events and compares what they lead to with what its tables say: a row that was changed,
/// taken out or put in behind the ledger's back is a contradiction.
class HistoryCheck {
 public:
  explicit HistoryCheck(std::string ledger_id) : ledger_id_(std::move(ledger_id)) {}

  /// The next event, oldest first.
  void add(const LedgerEvent& event);

  /// A batch of the ledger. After all events.
  void compare(const BatchRecord& batch);

  /// How many blocks the tables have of a batch. After all events.
  void compare_blocks(const std::string& batch, std::uint64_t blocks);

  /// The same where they were not counted: whether there are any.
  void compare_blocks_uncounted(const std::string& batch, bool any);

  /// What the tables say of a batch's life after it was issued. After all events.
  void compare_life(const std::string& batch, const LifeFigures& life);

  /// What the history says of the batch's blocks; empty where it says nothing. After all events.
  [[nodiscard]] const std::string& blocks_digest_of(const std::string& batch) const;

  /// The same of the digest of its allotment.
  [[nodiscard]] const std::string& allotment_digest_of(const std::string& batch) const;

  /// Notes a fault that the caller found.
  void fault(std::string sentence);

  [[nodiscard]] bool has_faults() const noexcept { return !faults_.empty(); }

  /// One sentence a fault, the first few. After all batches were compared.
  [[nodiscard]] std::vector<std::string> finish();

 private:
  struct Known {
    BatchState state = BatchState::generated;
    std::string request_digest;      ///< empty: from an older schema, not remembered
    std::string certificate_sha256;  ///< empty: not remembered
    std::uint64_t blocks = 0;
    std::string blocks_sha256;
    std::string allotment_sha256;
    LifeFigures life;
    std::string release;               ///< SHA-256 of the record
    bool answered_unreleased = false;  ///< a side's answer came before a release
    bool compared = false;
  };
  std::string ledger_id_;
  LedgerEvent last_;
  std::map<std::string, Known> batches_;
  std::vector<std::string> faults_;

  /// Nothing for a batch that is unknown, or that is being made: blocks are added without an event of their own; from
  /// CERTIFIED on their number is fixed.
  [[nodiscard]] std::optional<std::uint64_t> fixed_blocks_of(const std::string& batch) const;
  void allot(const LedgerEvent& event);
  /// An event of a batch's life after it was issued. False for another one.
  bool live(const LedgerEvent& event);
  void move(const LedgerEvent& event, BatchState to);
};

}  // namespace lightseed
