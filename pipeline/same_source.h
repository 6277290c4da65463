// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "evidence/source_info.h"

namespace lightseed {

/// Why two sources are one and the same by what they say of themselves, in words; nothing when they are not: equal
/// canonical names, equal serial numbers of a kind of device, one USB device or port, one seed of a simulated model.
/// Two commands that print the same cannot be told apart.
std::optional<std::string> same_source(const SourceInfo& a, const SourceInfo& b);

/// The same for two sources that are open on this machine: also one file or device node under two names.
std::optional<std::string> same_opened_source(const SourceInfo& a, const SourceInfo& b);

}  // namespace lightseed
