// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "evidence/audit_record.h"

namespace lightseed::cli {

/// What every form of the report (terminal, Markdown, HTML) says in the same words.

/// Passing tests is no proof, in two sentences.
inline constexpr std::string_view no_proof_of_entropy =
    "Passing tests proves no entropy: the output of any good cipher passes them all, whoever knows its key. What a "
    "source is worth is assessed on its raw samples: lightseed assess.";

/// Six decimals where they show something, else powers of ten.
std::string probability(double p);

/// What the verdict means, after "PASS: ".
std::string sentence_of(const AuditVerdict& verdict);

/// Title, profile, number and length of the sequences, and what was behind them.
std::string heading_of(const AuditSuite& suite);

/// Whose parameters they are, where they were not compared with the standard's own table; else empty.
std::string parameters_note(const AuditSuite& suite);

/// A test over all of its items, as a line of a table.
struct AuditTestLine {
  std::uint64_t all = 0;               ///< p-values, or blocks
  std::uint64_t failed = 0;            ///< p below 0.01, or blocks that fail
  double expected = 0;                 ///< blocks of a perfect source that fail
  std::optional<double> least{};       ///< the smallest p
  std::optional<double> uniformity{};  ///< the worst P_T
  std::optional<double> joint{};       ///< Holm's adjusted p, of tests that were judged
};
AuditTestLine line_of(const AuditRecord& audit, const AuditSuite& suite, const AuditTest& test);

/// The suite's tests give p-values; the suite's tests count blocks.
bool has_p_values(const AuditSuite& suite);
bool has_blocks(const AuditSuite& suite);
/// Neither, yet they were judged: of secret data one number a test is all there is.
bool has_outcomes_alone(const AuditRecord& audit, const AuditSuite& suite);

}  // namespace lightseed::cli
