// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/json.h"

namespace lightseed {

/// What an audit says of a test, a suite, or all of the data.
enum class AuditOutcome {
  pass,            ///< nothing that a perfect source would not show
  retest,          ///< too unlikely to ignore, too likely to reject: fresh data decide
  fail,            ///< a perfect source practically never looks like this
  not_run,         ///< too little data
  not_applicable,  ///< the test says nothing of such data
};
std::string_view name_of(AuditOutcome outcome) noexcept;  ///< "pass", "retest", "fail", "not-run", "not-applicable"
std::string capitals(AuditOutcome outcome);               ///< "PASS", "NOT RUN"

/// One statistic over all sequences: its p-values in numbers, from which everything that is concluded can be computed
/// again.
struct AuditItem {
  std::uint64_t sequences = 0;           ///< to which it applied
  std::uint64_t below = 0;               ///< with p < 0.01
  std::uint64_t above = 0;               ///< with p > 0.99
  std::array<std::uint64_t, 10> bins{};  ///< p in tenths (of GM/T 0005: Q)
  double least = 1;                      ///< the smallest p
  double greatest = 0;                   ///< the largest p
  std::optional<double> uniformity{};    ///< P_T of the bins, where the standard has enough sequences for it
  bool as_written = true;                ///< within the standard's own bounds
  double joint = 1;                      ///< probability that a perfect source looks this bad in this item
};

/// A test with fixed bounds on many blocks.
struct AuditBlocks {
  std::uint64_t blocks = 0;
  std::uint64_t failed = 0;
  double rate = 0;   ///< of good blocks that fail
  double joint = 1;  ///< as in AuditItem
};

struct AuditTest {
  std::string id;
  std::string clause;
  AuditOutcome outcome = AuditOutcome::pass;
  std::optional<std::uint64_t> needed_bits{};  ///< of a test that was not run
  std::vector<AuditItem> items{};
  std::optional<AuditBlocks> blocks{};
  std::vector<std::optional<double>> p{};  ///< every p-value, sequence by sequence; nothing: not applicable
  std::vector<std::optional<double>> q{};  ///< likewise GM/T 0005's Q
  std::vector<std::pair<std::string, double>> figures{};
};

/// Where a suite's parameters come from, of suites whose standard has a table of them.
struct AuditParameters {
  bool verified = false;  ///< compared with the standard's own table
  std::string origin;
};

struct AuditSuite {
  std::string id;
  std::string profile{};
  std::optional<AuditParameters> parameters{};
  std::uint64_t sequences = 0;
  std::uint64_t sequence_bits = 0;
  std::uint64_t trailing_bits = 0;               ///< behind the last whole sequence, looked at by no test of this suite
  std::uint64_t listed = 0;                      ///< sequences whose p-values are in the lists
  AuditOutcome as_written = AuditOutcome::pass;  ///< by the standard's own rule
  std::string rule{};                            ///< that rule and what it came to, a sentence
  std::vector<AuditTest> tests{};
};

/// One test in the joint verdict.
struct AuditGroup {
  std::string suite;
  std::string test;
  double p = 1;         ///< of the test's worst item, corrected for the number of its items
  double adjusted = 1;  ///< Holm's, over all tests
};

struct AuditVerdict {
  AuditOutcome outcome = AuditOutcome::pass;
  double retest_below = 1e-3;         ///< adjusted p from which on data must be judged again
  double fail_below = 1e-6;           ///< and from which on they are rejected
  double chance = 1;                  ///< at most so often would a perfect source look this bad
  std::vector<AuditGroup> groups{};   ///< the worst first
  std::optional<double> more_data{};  ///< times as much data would settle a retest, if what shows is real
};

/// What was audited, and what of it.
struct AuditSubject {
  std::string kind = "file";  ///< "file", "source" or "batch"
  std::string words = "bits as they lie in the file";
};

struct AuditRecord {
  std::string file;  ///< or the source's URI, or the batch's directory
  AuditSubject subject{};
  std::string form;         ///< "packed", "digits" or "bytes": how bits lie in the file
  std::string sha256;       ///< of what was read; empty where that is secret
  std::uint64_t bytes = 0;  ///< read
  bool whole = true;        ///< false: no more was read than was asked for
  std::uint64_t bits = 0;
  std::string ended{};  ///< why data ended before as many had come as were asked for
  std::vector<std::string> warnings{};
  std::vector<AuditSuite> suites{};
  AuditVerdict verdict{};
};

Json to_json(const AuditRecord& audit);

}  // namespace lightseed
