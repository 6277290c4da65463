// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

// Compiled once, in json.cpp: every file that touches JSON would otherwise compile all of it again.
extern template class nlohmann::basic_json<nlohmann::ordered_map>;

namespace lightseed {

/// JSON whose members keep the order they were written in: certificates are read by people too.
using Json = nlohmann::ordered_json;

}  // namespace lightseed
