// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "evidence/ledger_record.h"
#include "provision/ledger/epoch.h"
#include "provision/ledger/event.h"
#include "provision/ledger/known_sims.h"
#include "provision/ledger/life.h"
#include "provision/ledger/message.h"
#include "provision/ledger/states.h"

namespace lightseed {

using BlockId = std::array<std::byte, 16>;

/// A batch as the ledger knows it.
struct BatchRecord {
  std::string id;  ///< UUID
  std::string order_id;
  std::string request;  ///< what was asked for, in the words of whoever issues; only ever compared
  BatchState state = BatchState::generated;
  std::string directory;  ///< where its files are, or will be; absolute
  std::string purpose;    ///< TEST or PRODUCTION; empty before CERTIFIED
  std::string certificate_sha256;
  std::string created;  ///< RFC 3339, UTC
  std::string changed;
};

/// A block about to be made.
struct BlockEntry {
  BlockId id{};
  std::string iccid;
  std::uint64_t file = 0;  ///< number of the key file it goes to
};

/// A block of a SIM, with the batch it is in.
struct SimBlock {
  BatchRecord batch;
  std::string block;         ///< its id, hexadecimal
  std::uint64_t charge = 0;  ///< which one of its SIM's, from 1
  std::uint64_t file = 0;    ///< number of its key file
  BlockState state = BlockState::generated;
  BlockFacts facts{};                    ///< what became of it; stage_of() says it in a word
  std::vector<EnteredAnswer> answers{};  ///< of the sides of its batch
};

/// A key file of a batch, as it is announced when the batch is issued.
struct IssuedFile {
  std::string outlet;
  std::string name;    ///< without a directory
  std::string sha256;  ///< hexadecimal
  std::uint64_t number = 0;
};

/// What a batch becomes CERTIFIED with.
struct Certification {
  std::string purpose;
  std::string certificate_sha256;
  std::uint64_t blocks = 0;  ///< that the certificate speaks of
  LedgerPosition position;   ///< that the certificate names
};

/// How closely a ledger is looked at.
enum class Depth {
  batches,  ///< its events, and its batches against them. Blocks are counted of unfinished batches; of one that was
            ///< issued or burned it is seen that it has blocks where it should, and not how many: takes no longer in a
            ///< ledger of ten million
  history,  ///< the blocks of every batch are counted too
  blocks,   ///< every block is read; takes as long as there are blocks
};

/// What a look at a ledger found; one sentence each.
struct LedgerFindings {
  std::vector<std::string> faults;   ///< it was changed by something else, or an older copy was put back
  std::vector<std::string> notices;  ///< what keeps a fault from being seen
  bool without_memory = false;       ///< among the notices: what is remembered outside of it is gone
};

/// Held by the one process that may do something with a ledger: issue from it, or deliver its messages.
class LedgerLock {
 public:
  virtual ~LedgerLock() = default;
  LedgerLock(const LedgerLock&) = delete;
  LedgerLock& operator=(const LedgerLock&) = delete;

 protected:
  LedgerLock() = default;
};

/// Knows every block's state, hands each out at most once, and keeps a history of what was done to it.
///
/// The life of a batch is states.h's table. Each move is one transaction that names the state it leaves, appends one
/// event to the chain (event.h) and, where it issues, one delivery a block: of two processes only one can make it, and
/// a crash makes all of it or nothing. No key ever enters a ledger. One order id has at most one batch that is not
/// burned.
///
/// A back end is opened by open_ledger(); all behave as tests/provision/ledger_conformance_test.cpp says.
/// Not thread-safe. Everything throws Error(io) when the store fails.
class Ledger {
 public:
  virtual ~Ledger() = default;
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Takes the ledger for issuing, and looks at its history: throws Error(busy) naming the process that has it, where
  /// that can be known, and Error(refused) when the history contradicts itself, the batches in the ledger, or what is
  /// remembered outside of it – or when that memory is gone, unless LedgerAccess says to go on without.
  [[nodiscard]] virtual std::unique_ptr<LedgerLock> issuing_lock() = 0;

  /// Somebody holds the issuing lock at this moment. A batch that is not brought to its end while nobody does was cut
  /// off. For whoever may read the ledger; changes nothing.
  [[nodiscard]] virtual bool is_issuing() = 0;

  /// Runs `work`, which only reads, on the ledger as it is at one moment: what other processes change meanwhile waits.
  /// Answers that are compared with each other are asked for in one. Throws what `work` does, Error(busy), Error(io).
  virtual void at_one_moment(const std::function<void()>& work) = 0;

  /// Where its history ends. Nothing in a ledger of an older schema.
  [[nodiscard]] virtual std::optional<LedgerPosition> position() = 0;
  /// Which epoch it is in (epoch.h), from 1.
  [[nodiscard]] virtual std::uint64_t epoch() = 0;
  /// The whole history, oldest first.
  [[nodiscard]] virtual std::vector<LedgerEvent> events() = 0;
  /// What is wrong with the ledger, without changing anything; issuing_lock() looks as Depth::history says.
  [[nodiscard]] virtual LedgerFindings examine(Depth depth) = 0;

  /// Copies the ledger as it is at one moment, with what is remembered of it, into new files that its owner alone can
  /// read; issuing may go on meanwhile. Returns where the copy's history ends. Throws Error(io), also for a file that
  /// exists, and Error(refused) for a ledger of an older schema.
  virtual LedgerPosition back_up(const std::filesystem::path& to) = 0;

  /// The batch of this order that is not burned, if any.
  [[nodiscard]] virtual std::optional<BatchRecord> live_batch_of_order(const std::string& order_id) = 0;
  /// Oldest first.
  [[nodiscard]] virtual std::vector<BatchRecord> batches() = 0;
  /// Every block that this SIM was ever given, burned ones too, by charge. By an index: it takes as long in a ledger
  /// of ten million SIMs. What the tables say; known_sims() compares with the history.
  [[nodiscard]] virtual std::vector<SimBlock> blocks_of_sim(const std::string& iccid) = 0;
  /// States that have no block are left out.
  [[nodiscard]] virtual std::vector<std::pair<BlockState, std::uint64_t>> block_counts(const std::string& batch) = 0;
  /// What became of a batch's blocks; stages that have none are left out. In a ledger of an older schema no life is
  /// known beyond ISSUED.
  [[nodiscard]] virtual std::vector<std::pair<BlockStage, std::uint64_t>> stages(const std::string& batch) = 0;
  /// What became of all blocks of each of these SIMs, in their order; by an index.
  [[nodiscard]] virtual std::vector<std::vector<BlockStage>> stages_of_sims(std::span<const std::string> iccids) = 0;
  /// The answers of a batch's sides, oldest first.
  [[nodiscard]] virtual std::vector<EnteredAnswer> answers(const std::string& batch) = 0;
  /// Which of these SIMs have a block that is neither burned nor rejected, by the tables and by the history
  /// (allotment.h). Throws Error(refused) naming the SIM or the batch where they differ: a row was changed behind the
  /// ledger's back.
  [[nodiscard]] virtual KnownSims known_sims(std::span<const std::string> iccids) = 0;

  /// Goes on in a new epoch: burns what is unfinished and says so in the history. Returns where that ends. For who puts
  /// a copy back.
  virtual LedgerPosition begin_epoch(const EpochStart& start) = 0;

  /// Opens a batch in state GENERATED. Throws Error(refused) when the order has a live one, or cannot be of this epoch.
  virtual void begin(const BatchRecord& batch) = 0;

  /// Enters blocks of a batch in state GENERATED, before their first key byte exists outside memory. Each gets the
  /// next charge number of its SIM, from 1; burned charges keep theirs. Returns the numbers, in the blocks' order.
  /// Throws Error(refused) for a batch in another state or a block id that is known.
  virtual std::vector<std::uint64_t> add_blocks(const std::string& batch, std::span<const BlockEntry> blocks) = 0;

  /// GENERATED to CERTIFIED: the files and the certificate are written and synced. Throws Error(refused) when the
  /// ledger has moved on from the position in the certificate, or does not hold that many blocks.
  virtual void certify(const std::string& batch, const Certification& certification) = 0;

  /// CERTIFIED to ISSUED: from here on the files may be seen. Every block gets its one delivery. `files` are announced
  /// one by one, behind the batch's certificate. Throws Error(refused) for one that holds no block of the batch.
  virtual void issue(const std::string& batch, std::span<const IssuedFile> files) = 0;
  void issue(const std::string& batch) { issue(batch, {}); }

  /// Burns a batch that is not issued. `why` goes into the event as its subject, cut where it is long. Returns the
  /// number of blocks burned.
  virtual std::uint64_t burn(const std::string& batch, const std::string& why) = 0;

  /// Enters that a batch which was issued under dual control was released by whom its order names. False, and nothing
  /// is changed, for a release that was entered before. Throws Error(refused) for a batch that waits for nobody's or
  /// somebody else's release, was released by another record, is not ISSUED or was destroyed, and for another
  /// certificate.
  virtual bool release(const BatchRelease& release) = 0;

  /// Enters what a side answered to an ISSUED batch: it holds the keys of all SIMs but the rejected ones. When every
  /// side has answered, the others are ACTIVE. False, and nothing is changed, for a receipt that was entered before.
  /// Throws Error(refused) for a second answer of a side, one about other keys than the other side holds or another
  /// certificate, a rejected SIM that the batch does not have, and a batch that waits for its release.
  virtual bool acknowledge(const SideAnswer& answer) = 0;

  /// Takes every key that a SIM was handed out of use. Returns the number of blocks; 0: it has none to take.
  virtual std::uint64_t revoke(const std::string& iccid, const std::string& why) = 0;

  /// Enters keys as used, each once and for ever. A key that was used before, or whose block is not in use, is an
  /// alarm: it goes into the history, and of the report nothing else is entered. `report_sha256` names the report.
  /// Throws Error(refused) for a charge or key that there is not.
  virtual UseOutcome use(const std::string& report_sha256, std::span<const UsedKeys> ranges) = 0;

  /// Enters that a batch was destroyed. False for a record that was entered before. Throws Error(refused) for a batch
  /// that was not issued, or was destroyed with another record.
  virtual bool destroy(const std::string& batch, const std::string& record_sha256) = 0;

  /// The connection to it broke: nothing can be asked of this object any more, and it may be opened anew.
  [[nodiscard]] virtual bool is_lost() const noexcept { return false; }

  /// Takes the ledger's outbox (message.h): its messages are delivered by one process at a time, in their order, while
  /// others issue. Throws Error(busy).
  [[nodiscard]] virtual std::unique_ptr<LedgerLock> outbox_lock() = 0;
  /// How many messages wait to be delivered. None in a ledger of an older schema.
  [[nodiscard]] virtual std::uint64_t count_waiting() = 0;
  /// The oldest `most` of them.
  [[nodiscard]] virtual std::vector<LedgerMessage> waiting_messages(std::size_t most) = 0;
  /// This one and all before it were delivered.
  virtual void mark_delivered(const LedgerMessage& last) = 0;

 protected:
  Ledger() = default;
};

struct LedgerAccess {
  enum class Mode {
    read,   ///< changes nothing, not even beside the ledger; works for whoever may read it, on a medium for reading
    issue,  ///< makes a ledger where there is none, and brings one of an older schema up to date, with a backup
  };
  Mode mode = Mode::read;
  /// The ledger is surely the newest, though what is remembered beside it is gone; otherwise nothing is issued from it.
  bool without_memory = false;
  /// Sentences worth a person's attention: it was made, migrated, found in another place, …
  std::function<void(const std::string&)> notice = [](const auto&) {};
};

/// Opens the ledger that `uri` names: SCHEME:PLACE, or a plain path for SQLite's.
///
/// Throws Error(usage) for an unknown scheme, Error(io) when there is none and mode is read, and Error(refused) for
/// what is no ledger, was made by a newer version, or can be changed by others.
std::unique_ptr<Ledger> open_ledger(const std::string& uri, const LedgerAccess& access);

/// Puts a copy that Ledger::back_up() made to where the ledger `uri` was, and is no longer. Where the copy is older
/// than what is remembered of that ledger beside it, it goes on in a new epoch. Changes nothing else. Throws
/// Error(refused) when there is something, when the copy is of another ledger, of an older version or contradicts its
/// history, and when nothing is remembered and `access` does not say to go on without; Error(io), Error(usage) as
/// open_ledger().
///
/// A ledger on a server was put back by that server before, and `copy` is empty: it goes on in a new epoch, in place,
/// where this host remembers more of it than it holds, or where `access` says so. Throws Error(refused) otherwise.
Restoration restore_ledger(const std::filesystem::path& copy, const std::string& uri, const LedgerAccess& access);

/// Looks whether this ledger could be issued from now, and opens it for reading; nothing where there is none and one
/// would be made. Changes and makes nothing. Throws what open_ledger() in mode issue and Ledger::issuing_lock() would:
/// Error(busy), Error(refused), Error(io), Error(usage). Only a change that a dead run left in its middle, which they
/// would undo, keeps it from being read: Error(busy).
std::unique_ptr<Ledger> rehearse_ledger(const std::string& uri, const LedgerAccess& access);

}  // namespace lightseed
