// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace lightseed::cli {

/// That a ledger was put back from a copy, and what that means for new orders; nothing in the first epoch.
std::string words_of_epoch(std::uint64_t epoch);

}  // namespace lightseed::cli
