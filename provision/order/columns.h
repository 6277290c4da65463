// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provision/order/fault.h"

namespace lightseed {

/// What a column of an order is to us.
enum class ColumnMeaning {
  iccid,
  imsi,
  msisdn,
  profile,
  secret,   ///< keys and codes of the card (Ki, OPc, ADM, PIN …): not read, and better not there
  unused,   ///< known from vendors' files, of no use here
  unknown,  ///< not read
};

/// "iccid", …, "unknown".
std::string_view name_of(ColumnMeaning meaning) noexcept;

struct OrderColumn {
  std::string name;  ///< as it stands in the header, fit to be shown
  ColumnMeaning meaning;
};

/// What a name in a header means. Case, blanks and punctuation do not matter; names of vendors, of pySim and of
/// sysmocom, and Chinese ones are known (docs/orders.md).
ColumnMeaning meaning_of(std::string_view name);

/// The header of an order: what its columns are, and where the ones that are read stand.
struct Header {
  std::uint64_t line = 0;
  char separator = ',';
  std::vector<OrderColumn> columns;
  /// Place of iccid, imsi, msisdn, profile in a record.
  std::array<std::optional<std::size_t>, 4> places;

  [[nodiscard]] std::optional<std::size_t> place(ColumnMeaning meaning) const {
    return places[static_cast<std::size_t>(meaning)];
  }
};

/// Looks whether a line is a header: it is one when it names an ICCID or an IMSI column, with the separator among
/// comma, semicolon, tab and bar that makes most sense of it.
std::optional<Header> recognise_header(std::uint64_t number, std::string_view line);

/// What is wrong with a header: a column missing, twice, or perhaps misspelt. At most one.
std::optional<OrderFault> fault_of(const Header& header);

}  // namespace lightseed
