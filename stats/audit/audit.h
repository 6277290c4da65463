// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

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

 private:
  struct Work {
    std::unique_ptr<SuiteRun> run;
    std::vector<std::byte> waiting{};
  };
  AuditOptions options_;
  std::vector<Work> works_;
  std::uint64_t bytes_ = 0;
  std::size_t unseen_ = 0;  ///< bytes since the last round

  void look_at_whole_chunks();
};

}  // namespace lightseed::stats
