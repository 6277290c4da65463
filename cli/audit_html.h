// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "cli/report_script.h"
#include "cli/source_html.h"
#include "evidence/audit_record.h"

namespace lightseed::cli {

/// What the page says beside the record.
struct AuditPage {
  std::string options{};  ///< of the command, as they must be to get the same numbers: "--suite fips140-2"
  std::string machine{};  ///< "Linux x86_64"
  std::string made{};     ///< when, in UTC
  std::span<const std::byte> first_bytes{};   ///< to show as an image, or none
  const AuditedSource* source = nullptr;      ///< whose bits they are, if a source's
  std::string_view script = report_script();  ///< that draws the plots; empty: the page has none
};

/// An audit as one HTML page: verdict first, then for each suite a table, plots and every listed p-value. It holds all
/// it needs, the script that draws the plots too, and forbids itself to load anything and to run anything else. Light,
/// dark, on paper and for screen readers. The same record and page give the same bytes.
std::string audit_html(const AuditRecord& audit, const AuditPage& page);

}  // namespace lightseed::cli
