// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/key_audit_record.h"

namespace lightseed {

/// The file beside a certificate that holds the audit of the batch's keys.

/// "BATCH.audit.json"
std::string key_audit_name(std::string_view batch);

/// The largest that is written, with room for more suites, and so the largest that is read. Some 8,000 bytes are usual.
inline constexpr std::size_t largest_key_audit = std::size_t{64} << 10;

/// Reads the text of such a file from wherever it comes: bounded in length and depth, each member known, and the one
/// text that its record gives. Throws Error(verdict) that says what is wrong.
KeyAuditRecord read_key_audit(std::string_view text);

/// Where two records of the same keys differ, in words: "sp800-22 runs is pass, not retest".
std::optional<std::string> difference_of(const KeyAuditRecord& right, const KeyAuditRecord& given);

}  // namespace lightseed
