// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cli/command.h"
#include "provision/rehearsal.h"

namespace lightseed::cli {

/// `batch issue --dry-run`: looks at everything, prints what would be made. Throws as rehearse() does.
void show_issue_plan(const Context& context, const IssueRequest& request, const IssueServices& services);

}  // namespace lightseed::cli
