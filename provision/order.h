// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace lightseed {

/// One SIM of an order.
struct OrderLine {
  std::string iccid;    ///< 19 or 20 digits, the last one the Luhn digit (ITU-T E.118)
  std::string imsi;     ///< 14 or 15 digits (ITU-T E.212)
  std::string msisdn;   ///< up to 15 digits, a '+' in front allowed; may be empty
  std::string profile;  ///< product profile, up to 64 of A-Z a-z 0-9 . _ -; may be empty
};

/// What a customer wants keys for.
struct Order {
  std::string id;      ///< names the order for ever: the ledger issues an id once
  std::string sha256;  ///< of the file's bytes, hexadecimal
  std::vector<OrderLine> lines;
};

/// Reads a CSV file with a header: columns iccid and imsi, and optionally msisdn and profile, in any order.
/// `id` empty: the file's name without its ending.
///
/// Throws Error(usage) that lists bad lines (the first 20 and how many there are) with their first fault, each as
/// FILE:LINE: REASON;
/// Error(io) when the file cannot be read.
Order read_order(const std::filesystem::path& path, std::string id = {});

/// The last digit is the Luhn digit of the others (ISO/IEC 7812-1). `digits` holds only digits.
bool luhn_is_valid(std::string_view digits) noexcept;

}  // namespace lightseed
