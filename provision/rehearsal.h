// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "evidence/source_info.h"
#include "provision/issue.h"

namespace lightseed {

/// A key file that would be made.
struct PlannedFile {
  std::string outlet;
  std::uint64_t number = 0;         ///< from 1, for each outlet
  std::uint64_t blocks = 0;         ///< SIMs in it
  std::uint64_t bytes_at_most = 0;  ///< what stands around the keys depends on what the order says of a SIM
};

/// A source that would be read.
struct PlannedSource {
  SourceInfo info;
  std::uint64_t raw_samples = 0;    ///< at least: the source may turn out to give less than it claims
  std::optional<double> seconds{};  ///< that they take, where the source says at which rate it delivers
};

/// An audit of the keys that would be made.
struct PlannedAudit {
  std::uint64_t files = 1;          ///< one a batch
  std::uint64_t bits = 0;           ///< all together
  std::uint64_t first_bits = 0;     ///< of them, that most suites look at
  std::uint64_t bytes_at_most = 0;  ///< of a file
  double seconds = 0;               ///< of one core, on the machine that was measured
};

/// Of so many bits of keys in as many batches of one size.
PlannedAudit planned_audit(std::uint64_t bits, std::uint64_t batches = 1);

/// What issue() would make.
struct IssuePlan {
  bool already_issued = false;  ///< the order was issued before: nothing would be generated
  std::string batch{};          ///< that one; empty otherwise, for a batch gets its id when it is begun
  std::filesystem::path directory{};
  std::uint64_t sims = 0;
  std::uint64_t key_bytes = 0;                ///< all keys together
  std::uint64_t top_ups = 0;                  ///< SIMs that have keys and would get more
  bool new_ledger = false;                    ///< there is none; it would be made
  std::vector<PlannedFile> files{};           ///< none where the order was issued before
  std::optional<PlannedAudit> audit{};        ///< of the keys, where it was asked for
  std::uint64_t bytes_needed = 0;             ///< that must be free there for all of them
  std::optional<std::uint64_t> bytes_free{};  ///< where the batch would go; nothing where that cannot be known
  std::optional<PlannedSource> source{};      ///< of the keys; nothing where the order was issued before
  std::optional<PlannedSource> seed_source{};
};

/// Looks at everything that issue() looks at before it starts a source – order, ledger, repeats, recipients, signer,
/// place, room, memory, the sources' claims – without making or changing anything, anywhere. The sources are opened
/// last and never started: not a sample is read.
///
/// What only trying can show is not seen: a file system that cannot rename a directory, or write what it says it can;
/// a source that fails its tests.
///
/// Of `services` it asks for sources and notice alone. Throws Error in the category in which issue() would refuse.
IssuePlan rehearse(const IssueRequest& request, const IssueServices& services);

}  // namespace lightseed
