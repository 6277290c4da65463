// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/console.h"
#include "evidence/audit_record.h"

namespace lightseed::cli {

/// An audit in words: a table and the standard's own rule for each suite, the joint verdict, and what it does not say.
void print_audit(std::ostream& out, const AuditRecord& audit);

}  // namespace lightseed::cli
