// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "cli/command.h"

namespace lightseed::cli {

/// All pages are made from the table of verbs, at most 80 columns wide.

/// The list of verbs by group, and the exit codes.
std::string overview();

/// A verb's page.
std::string help_of(const Command& command);

/// The verbs that begin with `first`, as "batch": what `lightseed batch` shows.
std::string help_of_family(const std::string& first);

/// The reference of all verbs as docs/cli.md holds it.
std::string reference();

/// The table of verbs as JSON: `lightseed --help --json`.
Json table_of_verbs();

}  // namespace lightseed::cli
