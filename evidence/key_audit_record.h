// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/json.h"
#include "evidence/audit_record.h"
#include "evidence/object_reader.h"

namespace lightseed {

/// What an issuing run says of the keys it made: BATCH.audit.json, for everybody to read. So it holds of each test its
/// outcome and not one number that was computed from a key; what is concluded from outcomes is computed again by
/// whoever reads it.

inline constexpr std::string_view key_audit_schema = "lightseed/key-audit/v1";

/// Stands in every record and in every certificate that names one.
inline constexpr std::string_view key_audit_rule =
    "Sanity, not proof: statistical tests of the keys as they were cut, before they were sealed. They can find what is "
    "broken and prove no entropy: the output of any good cipher passes them. Of each test the outcome is published and "
    "no number. A perfect source comes to retest in one batch of a thousand at most, and to fail in one of a million; "
    "keys that fail are burned and never certified.";

struct KeyAuditTest {
  std::string id;
  AuditOutcome outcome = AuditOutcome::not_run;
  std::optional<std::uint64_t> needed_bits{};  ///< of a test that was not run, and of no other
  bool operator==(const KeyAuditTest&) const = default;
};

struct KeyAuditSuite {
  std::string id;
  std::string profile{};
  std::uint64_t sequences = 0;      ///< or blocks
  std::uint64_t sequence_bits = 0;  ///< of each
  std::vector<KeyAuditTest> tests{};
  bool operator==(const KeyAuditSuite&) const = default;
};

struct KeyAuditRecord {
  std::string batch;             ///< whose keys
  std::uint64_t bits = 0;        ///< of all keys
  std::uint64_t first_bits = 0;  ///< of them, from the first on, that most suites looked at; some look at all
  std::vector<KeyAuditSuite> suites{};
};

/// What a record comes to; a certificate repeats it.
struct KeyAuditSummary {
  std::uint64_t bits = 0;
  std::uint64_t first_bits = 0;
  std::vector<std::string> suites{};
  std::uint64_t pass = 0, retest = 0, fail = 0, not_run = 0, not_applicable = 0;  ///< tests
  bool operator==(const KeyAuditSummary&) const = default;

  /// The worst outcome of a test that was judged; of none, why not.
  [[nodiscard]] AuditOutcome verdict() const noexcept;
  [[nodiscard]] std::uint64_t judged() const noexcept { return pass + retest + fail; }
};
KeyAuditSummary summary_of(const KeyAuditRecord& record);

/// For a person: "PASS (sanity, not proof): 54 of 54 tests pass, by 7 suites on 1200000 bits; 12 not run, …".
std::string words_for(const KeyAuditSummary& summary);

Json to_json(const KeyAuditRecord& record);
/// The inverse, verdict and rule included. Throws Error(malformed) naming the member that is missing, wrong or unknown.
KeyAuditRecord key_audit_record_from(ObjectReader reader);

/// Members bits, first_bits, suites, tests, verdict and rule.
Json to_json(const KeyAuditSummary& summary);
/// Takes them from an object that may have others. Throws Error(malformed).
KeyAuditSummary take_key_audit_summary(ObjectReader& reader);

}  // namespace lightseed
