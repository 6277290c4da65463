// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "provision/ledger/head_file.h"

namespace lightseed {

/// What this host remembers of the ledgers in PostgreSQL that it issued from, in the user's state directory: a database
/// that was put back from an older copy, or replaced by an empty one, would issue orders again, and nothing in it says
/// so. Of each ledger ID.head holds where its history ended, and of each place at-DIGEST.head which ledger was there.
class PostgresMemory {
 public:
  /// The directory is $STATE_DIRECTORY (as systemd sets it for a service), $XDG_STATE_HOME/lightseed or
  /// ~/.local/state/lightseed, and in it `ledgers`. Throws Error(usage) where none of them is set.
  explicit PostgresMemory(std::string ledger_name, const std::string& place);

  /// Makes the directory. Throws Error(io), Error(refused) where others could change what is in it.
  void make_directory() const;

  /// A ledger may be made at this place. Throws Error(refused) when one that is gone is remembered.
  void require_none() const;
  /// The ledger of this id may be at this place. Throws Error(refused) when another one is remembered there.
  void require_same(const std::string& ledger_id) const;
  /// Remembers that this ledger is at this place, where that is not known. Throws Error(io).
  void note(const LedgerPosition& position) const;
  /// Forgets a ledger that came to nothing.
  void forget(const std::string& ledger_id) const noexcept;

  [[nodiscard]] HeadFile head_of(const std::string& ledger_id) const;

 private:
  std::string name_;
  std::filesystem::path directory_;
  HeadFile at_place_;
};

}  // namespace lightseed
