// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "provision/order.h"

namespace lightseed {

/// What was met while an order was read.
struct Met {
  Encoding encoding;
  std::span<const std::string> titles;  ///< lines before the header, as shown
  const Header* header;                 ///< null without
  std::span<const IssuerCount> issuers;
  std::uint64_t lines_with_blanks;
  std::uint64_t filled;       ///< ICCIDs written with filling F
  std::uint64_t empty_lines;  ///< at the end
};

/// A sentence for each thing that was left out, taken for something, or cannot be checked.
std::vector<std::string> notices_of(const Met& met);

/// `sims` ICCIDs end in zeros, but not so many that a spreadsheet must have written them.
std::string notice_of_zeros(std::uint64_t sims);

}  // namespace lightseed
