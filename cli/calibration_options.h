// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "driver/source.h"

namespace lightseed::cli {

/// What every verb takes that puts a gate in front of a source: --calibration and --calibration-trust.
std::vector<Option> calibration_options();

/// --dark-check: what every verb takes that judges the samples it reads.
Option dark_check_option();

/// --binding: which figure of min-entropy counts.
Option binding_option();
/// The calibration's claim binds. Throws Error(usage) where there is none.
bool calibration_binds(const Context& context);

/// The source, by its calibration where one is given. Throws what opening it and CalibratedSource throw.
std::unique_ptr<Source> open_source(const Context& context, const std::string& uri);

}  // namespace lightseed::cli
