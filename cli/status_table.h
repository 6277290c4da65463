// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "evidence/issue_request_record.h"
#include "provision/ledger/ledger.h"

namespace lightseed::cli {

/// A batch as `batch status` tells of it.
struct BatchStatus {
  BatchRecord batch;
  std::vector<std::pair<BlockStage, std::uint64_t>> blocks;
  std::vector<EnteredAnswer> answers;
  std::optional<RequestedKeys> asked;  ///< nothing where the ledger's words of it are not ours
  std::string reason;                  ///< why it was burned; empty where that is not known
  std::optional<bool> running;         ///< of an unfinished one: somebody is making it; nothing where that is not known
};

/// "ISSUED", "GENERATED, dead", "GENERATED, running"; of an issued batch what most of its blocks became: "ACTIVE".
std::string state_words(const BatchStatus& status);

/// A table with a header and a line a batch, each followed by where it is and why it was burned; where that is wider
/// than `columns`, a paragraph a batch. `columns` 0: as wide as it needs, for programs.
void print_status(std::ostream& out, const std::vector<BatchStatus>& batches, std::size_t columns);

}  // namespace lightseed::cli
