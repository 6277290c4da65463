// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/audit_part_record.h"
#include "evidence/audit_record.h"

namespace lightseed::stats {

/// One suite at work on one stream of bits, packed into bytes, each byte's most significant bit first.
class SuiteRun {
 public:
  SuiteRun() = default;
  virtual ~SuiteRun() = default;
  SuiteRun(const SuiteRun&) = delete;
  SuiteRun& operator=(const SuiteRun&) = delete;

  /// The suite takes the stream in whole pieces of so many bytes.
  [[nodiscard]] virtual std::size_t chunk_bytes() const = 0;

  /// Looks at one or more whole chunks, in any thread. What it returns notes the outcome; it is called in the order of
  /// the stream, one at a time, so that a report does not depend on how many threads there were.
  [[nodiscard]] virtual std::function<void()> look(std::span<const std::byte> chunks) = 0;

  /// More chunks of the stream than these it does not take.
  [[nodiscard]] virtual std::uint64_t most_chunks() const { return UINT64_MAX; }

  /// Before anything is looked at: so many chunks of the stream are another run's.
  virtual void begin_at(std::uint64_t chunk) = 0;

  /// The end of the stream. `rest`: the bytes behind its last whole chunk. Not called where another run has the end.
  virtual void close(std::span<const std::byte> rest) = 0;

  /// What was counted, without conclusions. append() of one run after the other, in the order of the stream, makes of
  /// an empty run the one that saw the whole of it. Throws Error(malformed) for what is no part of this suite.
  [[nodiscard]] virtual AuditPartSuite part() const = 0;
  virtual void append(const AuditPartSuite& part) = 0;

  /// What it all came to; the run is over then.
  [[nodiscard]] virtual AuditSuite conclude() = 0;

  /// Of a run that saw all of the stream but `rest`.
  [[nodiscard]] AuditSuite finish(std::span<const std::byte> rest) {
    close(rest);
    return conclude();
  }
};

/// Throws Error(malformed) unless the part is of the suite `id` and has its tests.
void require_part_of(const std::string& id, const std::vector<AuditTest>& tests, const AuditPartSuite& part);

struct SuiteOptions {
  std::string profile{};                         ///< empty: the suite's first
  std::optional<std::uint64_t> sequence_bits{};  ///< a multiple of 8; nothing: the standard's
};

/// A suite of tests, as data. A new one is a folder of its own and one line in suites.cpp.
struct Suite {
  std::string_view id;
  std::string_view title;
  std::vector<std::string_view> profiles{};  ///< the first unless told
  bool has_sequences = false;                ///< the length of a sequence may be chosen
  std::unique_ptr<SuiteRun> (*begin)(const SuiteOptions& options) = nullptr;
  bool on_request = false;       ///< a plan that repeats tests of another suite: only by name
  std::uint64_t takes_bits = 0;  ///< of the stream, where it takes no more
};

/// Every suite, in the order of the report.
const std::vector<Suite>& suites();

/// Throws Error(usage) with the list.
const Suite& find_suite(std::string_view id);

}  // namespace lightseed::stats
