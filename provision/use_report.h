// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "provision/ledger/life.h"

namespace lightseed {

/// What the network says it used: a CSV table with the header "iccid,charge,first,last", a line a range of keys of one
/// block, counted from 0; both ends belong to it.
struct UseReport {
  std::string sha256;  ///< of the file, hexadecimal
  std::vector<UsedKeys> ranges;
};

/// A longer one is sent in parts.
inline constexpr std::size_t largest_use_report = std::size_t{256} << 20;

/// Throws Error(usage) that lists bad lines, the first 20, as FILE:LINE: REASON; Error(io).
UseReport read_use_report(const std::filesystem::path& path);

}  // namespace lightseed
