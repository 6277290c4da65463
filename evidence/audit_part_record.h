// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.h"
#include "evidence/audit_record.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What one test counted in one part of a stream. What is concluded from counts is left out: only the whole of them
/// says anything.
struct AuditPartTest {
  std::string id;
  bool run = false;                ///< some sequence was long enough for it
  std::vector<AuditItem> items{};  ///< counts alone; their conclusions are empty
  std::vector<std::optional<double>> p{};
  std::vector<std::optional<double>> q{};
  std::vector<std::pair<std::string, double>> figures{};
  std::uint64_t trials = 0;  ///< of tests with fixed bounds
  std::uint64_t failed = 0;
};

/// Named lists of counts of a suite, each of a fixed length.
using AuditCounts = std::vector<std::pair<std::string, std::vector<std::uint64_t>>>;

/// The list of that name. Throws Error(malformed) where there is none of that length.
const std::vector<std::uint64_t>& counts_of(const AuditCounts& counts, const std::string& name, std::size_t length);

struct AuditPartSuite {
  std::string id;
  std::uint64_t sequences = 0;
  std::uint64_t sequence_bits = 0;
  std::uint64_t trailing_bits = 0;
  std::uint64_t listed = 0;
  AuditCounts counts{};
  std::vector<AuditPartTest> tests{};
};

/// A piece of a file and its digest.
struct AuditRange {
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
  std::string sha256;
};

/// What whoever reads the whole file knows of it: its digest, and that of the range of every shard.
struct AuditWhole {
  std::string sha256;
  std::vector<std::string> ranges{};
};

/// Parts of one audit.
inline constexpr std::uint64_t most_shards = 10'000;

/// One of several parts of an audit, made on its own. All parts of one audit agree but for `index`, `range`, `whole`
/// and `suites`.
struct AuditPart {
  std::string version;  ///< of the program: another release may give other numbers
  std::string commit;
  std::uint64_t index = 1;  ///< 1 to `of`
  std::uint64_t of = 1;
  std::string file;
  std::uint64_t file_bytes = 0;
  std::uint64_t audited_bytes = 0;  ///< of all parts together
  std::string options{};            ///< that gave these numbers, as they were typed
  std::vector<std::string> suites_wanted{};
  std::string profile{};
  std::optional<std::uint64_t> sequence_bits{};
  AuditRange range{};
  std::optional<AuditWhole> whole{};  ///< of the first part alone
  std::vector<AuditPartSuite> suites{};
};

Json to_json(const AuditPart& part);

/// The inverse. Throws Error(malformed) naming the member that is missing, wrong or unknown.
AuditPart audit_part_from(ObjectReader reader);

}  // namespace lightseed
