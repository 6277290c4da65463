// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "provision/ledger/allotment.h"
#include "provision/ledger/ledger.h"
#include "provision/ledger/sql/database.h"

namespace lightseed {

/// The allotments of a ledger's batches, in its tables `allotment` and `allotment_page`.
class AllotmentTable {
 public:
  explicit AllotmentTable(SqlDatabase& database) : database_(database) {}

  /// Writes one down and returns its digest, for the history. Inside the transaction of what it tells of.
  std::string add(const std::string& batch, const Allotment& allotment);

  /// It is there, to the byte, and nothing more.
  [[nodiscard]] bool holds(const std::string& batch, const Allotment& allotment);

  /// Which SIMs have a block that is neither burned nor, where the schema has endings, rejected. What the tables say
  /// and what the allotments say is compared, SIM by SIM; throws Error(refused) naming the first one where they differ,
  /// or the batch whose allotment is not the one in its history.
  [[nodiscard]] KnownSims known_sims(std::span<const std::string> iccids, bool has_endings);

 private:
  SqlDatabase& database_;
};

/// The same by the tables alone, for a ledger of a schema that has no allotments.
KnownSims known_sims_by_tables(SqlDatabase& database, std::span<const std::string> iccids);

}  // namespace lightseed
