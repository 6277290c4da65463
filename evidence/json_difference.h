// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "core/json.h"

namespace lightseed {

/// The first place where `given` is not `wanted`, member for member and in the same order, as a sentence with the path
/// of the member: "predicate.limits[2]: it says …, not …". Numbers must be equal and of one kind: 3.0 is not 3. Nothing
/// when the two are the same.
std::optional<std::string> first_difference(const Json& wanted, const Json& given);

}  // namespace lightseed
