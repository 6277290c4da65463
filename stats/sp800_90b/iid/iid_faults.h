// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "evidence/iid_record.h"

namespace lightseed::sp800_90b {

/// Recomputes each test's p-value and verdict from its figures, and the track's from the tests' (section 5).
/// One sentence a fault.
std::vector<std::string> faults_of_iid(const IidRecord& iid, std::uint64_t samples);

}  // namespace lightseed::sp800_90b
