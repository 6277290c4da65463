// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace lightseed {

/// What a program or a person is known to do to long numbers, told from what is left in the field: a sentence that
/// follows "ICCID '…' ", with the way out; empty where nothing is known. `text` is no plain number.
std::string cause_of(std::string_view text);

/// The number has 18 or more characters and zeros alone after the fifteenth: spreadsheets keep fifteen digits of a
/// number (IEEE 754 binary64). True for one genuine number in thousands as well.
bool looks_rounded(std::string_view number) noexcept;

inline constexpr std::string_view rounding =
    "a spreadsheet keeps 15 digits of a number and writes zeros for the others, which are lost: take the numbers from "
    "their source again, with the column formatted as text";

}  // namespace lightseed
