// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "evidence/audit_record.h"

namespace lightseed::cli {

/// One suite as a section of the page: the standard's own rule, the table of its tests, plots where they will be drawn,
/// every listed value.
std::string suite_html(const AuditRecord& audit, const AuditSuite& suite, bool drawn);

/// An outcome as a word with its colour.
std::string outcome_html(AuditOutcome outcome);

}  // namespace lightseed::cli
