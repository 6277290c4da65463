// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace lightseed {

/// What the numbers of an issuer of SIM cards look like. Characters are counted without filling F.
struct Issuer {
  std::string_view prefix;  ///< what its ICCIDs begin with
  std::string_view name;
  std::size_t shortest, longest;
  bool check_digit;  ///< the last digit is the Luhn digit of the others
  bool letters;      ///< letters may stand after the prefix
};

/// The table, the longest prefixes first. The last row has the prefix of all, "89" (ITU-T E.118: telecommunications).
/// Sources: docs/orders.md.
std::span<const Issuer> issuers() noexcept;

/// The row whose prefix `iccid` begins with; null when it does not begin with 89.
const Issuer* issuer_of(std::string_view iccid) noexcept;

}  // namespace lightseed
