#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "provision/ledger/database.h"

namespace lightseed {

using BlockId = std::array<std::byte, 16>;

/// A batch as the ledger knows it.
struct BatchRecord {
  std::string id;  ///< UUID
  std::string order_id;
  std::string request;    ///< what was asked for, as JSON text: order digest, sizes, recipients, signer
  std::string state;      ///< GENERATED, CERTIFIED, ISSUED or BURNED
  std::string directory;  ///< where its files are, or will be
  std::string staging;    ///< where they were while they were made
  std::string purpose;    ///< TEST or PRODUCTION; empty before CERTIFIED
  std::string certificate_sha256;
  std::string created;
};

/// A block about to be made.
struct BlockEntry {
  BlockId id{};
  std::string iccid;
  std::int64_t file = 0;  ///< number of the key file it goes to
};

/// Knows every block's state, and hands each out at most once.
///
///     GENERATED ──▶ CERTIFIED ──▶ ISSUED          any but ISSUED ──▶ BURNED
///
/// A batch and its blocks move together, each move one transaction that names the state it leaves: of two processes
/// only one can make it. No key ever enters the ledger. One order id has at most one batch that is not burned.
class Ledger {
 public:
  /// Creates the file when missing, unless `must_exist`. Throws Error(io), Error(refused) for an unknown schema.
  explicit Ledger(const std::filesystem::path& path, bool must_exist = false);

  /// The batch of this order that is not burned, if any.
  [[nodiscard]] std::optional<BatchRecord> live_batch_of_order(const std::string& order_id);
  [[nodiscard]] std::vector<BatchRecord> batches();

  /// Opens a batch in state GENERATED. Throws Error(refused) when the order has a live one.
  void begin(const BatchRecord& batch);

  /// Enters blocks in state GENERATED, before their first key byte exists outside memory.
  void add_blocks(const std::string& batch, std::span<const BlockEntry> blocks);

  /// GENERATED to CERTIFIED: the files and the certificate are written and synced.
  void certify(const std::string& batch, const std::string& purpose, const std::string& certificate_sha256);

  /// CERTIFIED to ISSUED: from here on the files may be seen. Every block gets its one delivery.
  void issue(const std::string& batch);

  /// Burns a batch that is not issued. Returns the number of blocks burned.
  std::int64_t burn(const std::string& batch);

  /// Counts of blocks by state, for one batch.
  [[nodiscard]] Json block_counts(const std::string& batch);

 private:
  Database database_;

  void move(const std::string& batch, const char* from, const char* to);
};

/// Held while a batch is issued: one issuing process a ledger. Throws Error(refused) naming the process that has it.
class LedgerLock {
 public:
  explicit LedgerLock(const std::filesystem::path& ledger);
  ~LedgerLock();
  LedgerLock(const LedgerLock&) = delete;
  LedgerLock& operator=(const LedgerLock&) = delete;

 private:
  int fd_;
};

}  // namespace lightseed
