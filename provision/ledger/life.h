// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "provision/ledger/states.h"

namespace lightseed {

/// The life of a block after its batch was issued.
///
/// It is not stored as a state that somebody sets. What is stored is what was learned, each time in one transaction
/// with an event of the chain: which sides sent a receipt, which SIMs they rejected, which SIM was revoked, which keys
/// were used, that the batch was destroyed. The stage follows from that by stage_of(), so no stage can contradict what
/// is known, and a receipt for ten million SIMs is one row.

enum class BlockStage {
  generated,  ///< as its batch
  certified,  ///< as its batch
  burned,     ///< as its batch: it was never handed out
  held,       ///< issued under dual control, and not released yet
  issued,     ///< handed out; no side has answered
  loaded,     ///< one side has answered that it holds the keys, the other has not
  active,     ///< every side holds the same keys: the SIM may be used
  low,        ///< active, and fewer than a tenth of its keys are left
  exhausted,  ///< all its keys are used
  rejected,   ///< a side could not load it: nothing of it may be used, and its SIM may be given new keys
  revoked,    ///< its SIM was lost: nothing of it may be used
  destroyed,  ///< its batch was destroyed, with a signed record
};

/// "ACTIVE", as `--json` prints it.
std::string_view name_of(BlockStage stage) noexcept;

/// How a block left the way of its batch.
enum class BlockEnding { rejected, revoked };

/// "REJECTED", "REVOKED": as ledgers store them.
std::string_view name_of(BlockEnding ending) noexcept;
std::optional<BlockEnding> block_ending_from(std::string_view name) noexcept;

/// What is known of a block.
struct BlockFacts {
  BatchState batch = BatchState::generated;
  std::optional<BlockEnding> ending{};
  bool destroyed = false;          ///< with its batch
  bool held = false;               ///< its batch waits for a release
  std::uint64_t sides = 0;         ///< that answered for its batch
  std::uint64_t sides_needed = 0;  ///< that have to
  std::uint64_t keys = 0;          ///< 0: not known
  std::uint64_t used = 0;          ///< of them
};

BlockStage stage_of(const BlockFacts& facts) noexcept;

/// A side's answer to a batch, as it is entered.
struct SideAnswer {
  std::string batch;
  std::string outlet;
  std::string receipt_sha256;      ///< of the receipt's file
  std::string certificate_sha256;  ///< that the side saw
  std::string merkle_root;         ///< of the keys that the side holds
  std::string leaves_sha256;       ///< of the leaves of that tree, as in the receipt
  std::vector<std::string> rejected{};
};

/// A second person's word that a batch may go to its sides, as it is entered.
struct BatchRelease {
  std::string batch;
  std::string certificate_sha256;  ///< of the certificate that was looked at
  std::string record_sha256;       ///< of the release's file
  std::string releaser_sha256;     ///< of the certificate that signed it
};

/// One that was entered.
struct EnteredAnswer {
  std::string outlet;
  std::string receipt_sha256;
  std::string leaves_sha256;
  std::string moment;  ///< when it was entered; RFC 3339, UTC
};

/// Keys of a block that were used: those with the indexes first to last, from 0.
struct UsedKeys {
  std::string iccid;
  std::uint64_t charge = 0;
  std::uint64_t first = 0, last = 0;
};

/// What came of a report of used keys.
struct UseOutcome {
  bool entered_before = false;      ///< this very report; nothing was changed
  std::uint64_t keys = 0;           ///< newly used
  std::vector<std::string> alarms;  ///< keys used twice, or of a block that is not in use; then no key was entered
};

/// What a batch's events and its tables must agree on.
struct LifeFigures {
  std::vector<std::string> answers{};  ///< digest_of_answer() of each, sorted
  std::uint64_t ended = 0;             ///< blocks with an ending
  std::uint64_t used = 0;              ///< ranges of used keys
  std::string destruction{};           ///< SHA-256 of the record; empty: it was not destroyed

  friend bool operator==(const LifeFigures&, const LifeFigures&) = default;
};

/// SHA-256, in hexadecimal, over a domain name, outlet, receipt and digest of the leaves, as netstrings.
std::string digest_of_answer(std::string_view outlet, std::string_view receipt_sha256, std::string_view leaves_sha256);

/// SHA-256, in hexadecimal, over rows of a table in the order of their blocks: each the block's id and some words.
class LifeDigest {
 public:
  void add(std::span<const std::byte> block, std::string_view words);
  [[nodiscard]] std::string digest() const;

 private:
  Sha256 hash_;
  std::string text_;
};

}  // namespace lightseed
