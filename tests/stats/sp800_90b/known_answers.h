// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/json.h"
#include "stats/sp800_90b/assessment.h"

namespace lightseed::sp800_90b {

/// tests/data/sp800_90b/NAME.json
Json load_json(const std::string& name);

/// tests/data/sp800_90b/NAME.bin as `count` symbols of `bits` bits each, one a byte.
std::vector<std::uint8_t> load_symbols(const std::string& name, unsigned bits, std::size_t count);

/// Checks every number of NIST's output ({"literal":{"Collision":{"v":…}}, "H_original":…}) against ours: integers
/// exactly, others to 1e-10.
void check_against_nist(const Assessment& ours, const Json& expected);

/// 1e-10 relative, NIST's own rule.
bool close_to(double ours, double expected);

/// A number, or one with more than 17 digits kept as text.
double number_of(const Json& value);

}  // namespace lightseed::sp800_90b
