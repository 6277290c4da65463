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

  /// What it all came to. `rest`: the bytes behind the last whole chunk.
  [[nodiscard]] virtual AuditSuite finish(std::span<const std::byte> rest) = 0;
};

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
};

/// Every suite, in the order of the report.
const std::vector<Suite>& suites();

/// Throws Error(usage) with the list.
const Suite& find_suite(std::string_view id);

}  // namespace lightseed::stats
