// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "evidence/audit_record.h"

namespace lightseed::cli {

/// What the page says beside the record.
struct AuditPage {
  std::string options{};  ///< of the command, as they must be to get the same numbers: "--suite fips140-2"
  std::string machine{};  ///< "Linux x86_64"
  std::string made{};     ///< when, in UTC
  std::span<const std::byte> first_bytes{};  ///< to show as an image, or none
};

/// An audit as one HTML page: verdict first, then for each suite a table, plots and every listed p-value. It holds all
/// it needs and no script, and forbids itself to load anything. Light, dark, on paper and for screen readers. The same
/// record and page give the same bytes.
std::string audit_html(const AuditRecord& audit, const AuditPage& page);

}  // namespace lightseed::cli
