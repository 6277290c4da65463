// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "cli/command.h"
#include "provision/rehearsal.h"

namespace lightseed::cli {

/// `batch issue --dry-run`: looks at everything, prints what would be made. Throws as rehearse() does.
void show_issue_plan(const Context& context, const IssueRequest& request, const IssueServices& services);

/// The same of an order that is cut into parts of `sims_a_part`: of the parts that are left.
void show_order_plan(const Context& context, const IssueRequest& request, std::uint64_t sims_a_part,
                     const IssueServices& services);

}  // namespace lightseed::cli
