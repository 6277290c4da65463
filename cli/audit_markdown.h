// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "evidence/audit_record.h"

namespace lightseed::cli {

/// Somebody else's text on one line, so that Markdown (CommonMark with tables) shows it as it is: printable(), and what
/// is markup or HTML is escaped.
std::string markdown_text(std::string_view text);

/// An audit as Markdown: the verdict and what it means first, then a table and the standard's own rule for each suite.
std::string audit_markdown(const AuditRecord& audit);

}  // namespace lightseed::cli
