// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "evidence/audit_part_record.h"
#include "evidence/audit_record.h"
#include "stats/audit/suite.h"

namespace lightseed::stats {

struct AuditOptions {
  std::vector<std::string> suites{};             ///< empty: all
  std::string profile{};                         ///< of the suite that has it
  std::optional<std::uint64_t> sequence_bits{};  ///< of suites whose sequences may be chosen
  unsigned threads = 0;                          ///< 0: one a core
  std::stop_token stop{};
};

/// One of `of` parts of a stream, numbered from 1.
struct Shard {
  std::uint64_t index = 1;
  std::uint64_t of = 1;
};

/// Of a stream.
struct ByteRange {
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
};

/// Several suites over one stream of bits of any length, in the memory of a few sequences: each suite collects the
/// stream into the pieces it wants, and whole pieces of all suites are looked at on all cores.
///
/// Constructor: Error(usage) for a suite, profile or sequence length that there is not. add(), finish():
/// Error(interrupted) when stopped.
class Audit {
 public:
  explicit Audit(AuditOptions options);
  ~Audit();
  Audit(const Audit&) = delete;
  Audit& operator=(const Audit&) = delete;

  /// The next bytes of the stream, each byte's most significant bit first.
  void add(std::span<const std::byte> bytes);

  /// What the suites found, and the verdict; the members that describe the input stay empty.
  AuditRecord finish();

  /// A shard of a stream of known length: each suite takes its share of its own whole pieces, the last shard what is
  /// behind them. range_of() is what its suites together look at; begin() first, then add() that range, then part().
  [[nodiscard]] ByteRange range_of(const Shard& shard, std::uint64_t stream_bytes) const;
  void begin(const Shard& shard, std::uint64_t stream_bytes);
  std::vector<AuditPartSuite> part();

  /// Instead of add(): the parts of all shards, in their order. finish() then says what one audit of the whole stream
  /// says. Throws Error(malformed) for parts of other suites.
  void append(const std::vector<AuditPartSuite>& parts, std::uint64_t bytes);

 private:
  struct Work {
    std::unique_ptr<SuiteRun> run;
    std::vector<std::byte> waiting{};
    std::uint64_t from = 0;  ///< of the stream: what this run looks at
    std::uint64_t until = UINT64_MAX;
  };
  AuditOptions options_;
  std::vector<Work> works_;
  std::uint64_t bytes_ = 0;     ///< of the stream, so far
  std::uint64_t position_ = 0;  ///< in the stream, of the next byte that comes
  bool has_end_ = true;         ///< the end of the stream is this audit's
  std::size_t unseen_ = 0;      ///< bytes since the last round

  [[nodiscard]] static ByteRange share_of(const SuiteRun& run, const Shard& shard, std::uint64_t stream_bytes);
  void look_at_whole_chunks();
  void close();
};

}  // namespace lightseed::stats
